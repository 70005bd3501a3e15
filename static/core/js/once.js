/* <form data-once>: sent once however often the button is pressed; the button shows that something is under way.
   <form data-once="file">: what comes is saved as a file and the page stays; it may be sent again in a while.
   <a data-makes>: a paper or file that takes a moment; the link shows it until the answer is there. */

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
  if (form.dataset.once === "file") setTimeout(() => free(form), SAVED);
}

const SAVED = 4000; // The browser tells no page that a file came.
const LONGEST = 30000; // Beyond it something went wrong that the browser tells itself.

function ready(link) {
  link.removeAttribute("aria-busy");
  delete link.dataset.made;
}

/** A link that makes something is followed once at a time; what is opened elsewhere is the browser's business. */
function onMake(event) {
  const link = event.target.closest?.("a[data-makes]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || link.target) return;
  if (link.dataset.made) { event.preventDefault(); return; }
  link.dataset.made = "1";
  link.setAttribute("aria-busy", "true");
  say(text("working"));
  setTimeout(() => ready(link), link.dataset.makes === "file" ? SAVED : LONGEST);
}

/** Start once per page. */
export function startOnce() {
  document.addEventListener("click", onMake);
  window.addEventListener("pageshow", () => document.querySelectorAll("a[data-made]").forEach(ready));
  document.addEventListener("submit", onSubmit);
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.detail.elt.closest?.("form[data-once]"); if (form) free(form); });
  // Back from the browser's memory: the form may be sent again.
  window.addEventListener("pageshow", (event) => { if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(free); });
}
