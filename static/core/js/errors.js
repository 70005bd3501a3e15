/* The error summary takes the focus on arrival; its links put the focus into the field, not merely near it. */

import { focusable } from "sala/dom";

export function start(summary) {
  summary.focus({ preventScroll: true });
  const { top, bottom } = summary.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight) summary.scrollIntoView({ block: "start" });
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) return;
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    const target = field.tomselect?.control_input ?? focusable(field);
    (field.closest(".s-field") ?? field).scrollIntoView({ block: "center" });
    target?.focus({ preventScroll: true });
  });
}
