/* Tom Select over <select data-pick>: with data-url it asks `url?q=…` while typing. Answers: {"results": [{value, text, note,
   disabled}]} or FAB's [{id, text}]. Without data-url it searches the options that are there. */

import { config, loadScript, loadStyle, text } from "sala/dom";

const tidy = (found) => (Array.isArray(found) ? found : found.results ?? found.result ?? []).map((row) => ({
  value: String(row.value ?? row.id), text: row.text, note: row.note ?? "", disabled: row.disabled === true,
}));

export async function start(select) {
  await Promise.all([loadStyle(config.tomSelectCss), loadScript(config.tomSelect)]);
  const { url, placeholder } = select.dataset;
  const least = Number(select.dataset.least ?? 0);
  const describedBy = select.getAttribute("aria-describedby");
  const invalid = select.getAttribute("aria-invalid");
  const row = (data, escape) => `<div>${escape(data.text)}${data.note ? `<small>${escape(data.note)}</small>` : ""}</div>`;
  const line = (kind) => () => `<div class="s-ts-note">${text(kind, { n: least })}</div>`;

  const picker = new window.TomSelect(select, {
    plugins: select.multiple ? { remove_button: { title: text("remove"), label: "×" } } : { clear_button: { title: text("remove") } },
    placeholder: placeholder ?? "",
    hidePlaceholder: true,
    allowEmptyOption: false,
    maxOptions: 100,
    closeAfterSelect: !select.multiple,
    loadThrottle: 250,
    shouldLoad: url ? (typed) => typed.length >= least : undefined,
    load: url ? async (typed, done) => {
      try {
        const address = new URL(url, location.href);
        address.searchParams.set("q", typed);
        const answer = await fetch(address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
        if (!answer.ok) throw new Error(String(answer.status));
        picker.clearOptions((option) => picker.items.includes(option.value));
        done(tidy(await answer.json()));
      } catch { done(); }
    } : null,
    preload: url && least === 0 ? "focus" : false,
    // The server has searched already; what it found is shown in its order.
    ...(url ? { score: () => () => 1 } : {}),
    searchField: ["text"],
    render: {
      option: row,
      item: (data, escape) => `<div>${escape(data.text)}</div>`,
      no_results: line("no_results"),
      not_loading: url ? line("type_more") : null,
      loading: line("searching"),
    },
  });
  select.setAttribute("aria-hidden", "true"); // the label now names the field Tom Select made
  const input = picker.control_input;
  picker.wrapper.querySelector(".clear-button")?.setAttribute("aria-label", text("remove"));
  if (describedBy) input.setAttribute("aria-describedby", describedBy);
  if (invalid) input.setAttribute("aria-invalid", invalid);
  // A list that opens under the sticky bar or below the window comes into view.
  const show = () => requestAnimationFrame(() => { if (picker.isOpen) picker.dropdown.scrollIntoView({ block: "nearest" }); });
  picker.on("dropdown_open", show);
  picker.on("load", show);
  picker.on("change", () => select.dispatchEvent(new CustomEvent("sala:picked", { bubbles: true, detail: { value: picker.getValue() } })));
}
