/* Cells of a table that are typed into in place: <table data-cells data-url="…"> with [data-cell="column"] in rows that carry
   data-id, data-version and data-root. Saving posts id, column, its value and the version; rows of one root share the new one. */

import { csrf, el, say, text } from "sala/dom";

function close(cell, focused = true) {
  cell.querySelector(".c-cell-form")?.remove();
  cell.querySelectorAll(":scope > *").forEach((child) => { child.hidden = false; });
  if (focused) cell.querySelector("[data-cell-edit]").focus();
}

function open(table, cell) {
  if (cell.querySelector(".c-cell-form")) return;
  const { cell: column, raw, rows, label } = cell.dataset;
  const row = cell.closest("tr");
  const lines = Number(rows);
  const field = el(lines > 1 ? "textarea" : "input", { className: "form-control form-control-sm", value: raw, ...(lines > 1 ? { rows: lines } : {}) });
  field.setAttribute("aria-label", `${label}: ${row.querySelector(".s-name")?.textContent.trim() ?? ""}`);
  const trouble = el("p", { className: "s-error", hidden: true });
  trouble.setAttribute("role", "alert");
  const save = el("button", { type: "submit", className: "btn btn-primary btn-sm", textContent: table.dataset.save });
  const cancel = el("button", { type: "button", className: "btn s-ghost btn-sm", textContent: table.dataset.cancel });
  const form = el("form", { className: "c-cell-form" }, trouble, field, el("span", { className: "s-row s-row--tight" }, save, cancel));
  cell.querySelectorAll(":scope > *").forEach((child) => { child.hidden = true; });
  cell.append(form);
  field.focus();
  field.select();
  cancel.addEventListener("click", () => close(cell));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); close(cell); }
  });
  const tell = (words) => { trouble.textContent = words; trouble.hidden = false; field.setAttribute("aria-invalid", "true"); field.focus(); };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (save.getAttribute("aria-busy")) return;
    save.setAttribute("aria-busy", "true");
    const body = new URLSearchParams({ id: row.dataset.id, column, [column]: field.value, version: row.dataset.version });
    try {
      const answer = await fetch(table.dataset.url, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json" } });
      const said = await answer.json().catch(() => ({}));
      if (said.version) table.querySelectorAll(`tr[data-root="${CSS.escape(row.dataset.root)}"]`).forEach((one) => { one.dataset.version = said.version; });
      if (!answer.ok) { tell(said.error || text("error")); return; }
      cell.dataset.raw = said.value;
      cell.querySelector("[data-cell-text]").textContent = said.shown;
      close(cell);
      say(said.said);
    } catch { tell(text("error")); } finally { save.removeAttribute("aria-busy"); }
  });
}

document.querySelectorAll("table[data-cells]").forEach((table) => {
  table.addEventListener("click", (event) => {
    const link = event.target.closest("[data-cell-edit]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    open(table, link.closest("[data-cell]"));
  });
  table.dataset.ready = "1";
});
