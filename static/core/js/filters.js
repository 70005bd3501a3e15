/* The search form of generated lists: conditions are added from a menu and taken away one by one. The page works without
   it for conditions that are there already. FAB names a condition _flt_<number of the operator>_<column>.
   <form data-filters> … <ul data-filter-list> … <template data-filter="column"> … <button data-filter-add="column"> */

import { focusable } from "sala/dom";

function rename(line) {
  const operator = line.querySelector("[data-operator]");
  const value = line.querySelector("[data-value] :is(input, select, textarea)");
  if (operator && value) value.name = `_flt_${operator.value}_${line.dataset.filterLine}`;
}

export function start(form) {
  const list = form.querySelector("[data-filter-list]");
  const settle = () => { form.querySelector("[data-filter-go]").hidden = !list.children.length && !form.dataset.had; };
  list.querySelectorAll("[data-filter-line]").forEach(rename);
  if (list.children.length) form.dataset.had = "1";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-filter-add]");
    if (!button || button.dataset.filterForm !== form.id) return;
    const template = form.querySelector(`template[data-filter="${CSS.escape(button.dataset.filterAdd)}"]`);
    const line = template.content.firstElementChild.cloneNode(true);
    // Two conditions on one column must not share an id.
    const value = line.querySelector("[data-value] :is(input, select, textarea)");
    if (value) value.id = `${value.id || "value"}-${list.children.length}`;
    list.append(line);
    rename(line);
    settle();
    line.dispatchEvent(new CustomEvent("sala:boot", { bubbles: true }));
    focusable(line.querySelector("[data-value]") ?? line)?.focus();
  });
  form.addEventListener("change", (event) => {
    const line = event.target.closest("[data-filter-line]");
    if (line && event.target.matches("[data-operator]")) rename(line);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-filter-remove]");
    if (!button) return;
    event.preventDefault();
    button.closest("[data-filter-line]").remove();
    form.requestSubmit(); // a removed filter is gone from the list at once
  });
  settle();
}
