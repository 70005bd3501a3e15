/* Merging two organizations: whoever chooses the other record to stay means its values too. Values that were chosen by
   hand stay as they are, and a part that the record leaves empty is still filled from the other one. */

const form = document.querySelector("[data-merge]");

if (form) {
  const byHand = new Set();
  const groups = new Set([...form.querySelectorAll('input[name^="take_"]')].map((radio) => radio.name));
  const radio = (name, value) => form.querySelector(`input[name="${CSS.escape(name)}"][value="${CSS.escape(value)}"]`);

  // Back from the preview: what differs from the record that stays, though that one has something there, was chosen.
  const kept = form.querySelector('input[name="keep"]:checked')?.value;
  for (const group of groups) {
    const own = kept && radio(group, kept);
    if (own && !own.checked && !("empty" in own.dataset)) byHand.add(group);
  }

  form.addEventListener("change", (event) => {
    const { name, value } = event.target;
    if (groups.has(name)) byHand.add(name);
    if (name !== "keep") return;
    for (const group of groups) {
      const own = radio(group, value);
      if (own && !radio(group, "both")?.checked && !byHand.has(group) && !("empty" in own.dataset)) own.checked = true;
    }
  });
}
