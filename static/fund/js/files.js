/* Part 4: what core's upload.js brings becomes a row of its list. */

export function startFiles(form) {
  form.addEventListener("sala:uploaded", (event) => {
    const { item, name } = event.detail;
    item.dataset.rowName = name;
    item.closest("[data-repeat]").dispatchEvent(new CustomEvent("sala:settle"));
  });
}
