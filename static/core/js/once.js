/* <form data-once>: sent once however often the button is pressed; the button shows that something is under way. */

import { say, text } from "sala/dom";

function free(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-busy="true"]')) {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}

function onSubmit(event) {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); event.stopImmediatePropagation(); return; }
  form.dataset.sent = "1";
  const button = event.submitter ?? form.querySelector('[type="submit"]');
  if (button) { button.setAttribute("aria-busy", "true"); button.setAttribute("aria-disabled", "true"); }
  say(text("working"));
}

/** Start once per page. */
export function startOnce() {
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.detail.elt.closest?.("form[data-once]"); if (form) free(form); });
  // Back from the browser's memory: the form may be sent again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(free); });
}
