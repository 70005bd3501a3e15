/* The bar for ticked rows: shown when rows are ticked, says how many, unticks. The nearest form or section is its list. */

import { text } from "sala/dom";

export function start(bar) {
  const root = bar.closest("form, section, main");
  const ticks = () => [...root.querySelectorAll("[data-tick]:not(:disabled)")];
  const all = root.querySelector("[data-tick-all]");
  // In the bar, and in each dialog that asks before the deed is done.
  const counts = root.querySelectorAll("[data-bulk-count]");

  const settle = () => {
    const chosen = ticks().filter((tick) => tick.checked);
    bar.hidden = chosen.length === 0;
    for (const count of counts) count.textContent = text("selected", { n: chosen.length });
    for (const tick of ticks()) {
      const row = tick.closest("tr, li");
      if (row?.tagName === "TR") row.classList.toggle("is-chosen", tick.checked);
    }
    if (all) {
      all.checked = chosen.length > 0 && chosen.length === ticks().length;
      all.indeterminate = chosen.length > 0 && !all.checked;
    }
  };

  root.addEventListener("change", (event) => {
    if (event.target === all) for (const tick of ticks()) tick.checked = all.checked;
    if (event.target.matches("[data-tick], [data-tick-all]")) settle();
  });
  bar.addEventListener("click", (event) => {
    if (!event.target.closest("[data-bulk-clear]")) return;
    for (const tick of ticks()) tick.checked = false;
    settle();
    all?.focus();
  });
  // Ticked before this script came: the page is what the hand asked for.
  if (all?.checked) for (const tick of ticks()) tick.checked = true;
  settle();
}
