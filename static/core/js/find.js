/* The search field of the top bar as a combobox: what is typed is asked for, arrows walk the options, Enter opens one or
   sends the form, Esc closes. What looks like a citizen ID is never asked for while typing. */

import { el, say, text } from "sala/dom";

const PAUSE = 250;
const LEAST = 2;

export function start(field) {
  const list = el("div", { id: "found", className: "s-found", role: "listbox", hidden: true, "aria-label": field.dataset.findLabel });
  field.after(list);
  for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list" })) field.setAttribute(name, value);
  let timer = 0;
  let asking = null;
  let shown = "";

  const options = () => [...list.querySelectorAll('[role="option"]')];
  const active = () => list.querySelector('[aria-selected="true"]');

  function choose(option) {
    active()?.setAttribute("aria-selected", "false");
    if (!option) { field.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    field.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function close() {
    clearTimeout(timer);
    asking?.abort();
    list.hidden = true;
    field.setAttribute("aria-expanded", "false");
    choose(null);
  }

  function open() {
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
  }

  async function ask(typed) {
    asking?.abort();
    asking = new AbortController();
    const address = new URL(field.dataset.find, location.href);
    address.searchParams.set("q", typed);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" }, credentials: "same-origin", signal: asking.signal });
      if (!answer.ok || answer.status === 204 || answer.redirected || field.value.trim() !== typed) return;
      list.innerHTML = await answer.text(); // our own template, escaped on the server; scripts in it would not run
      shown = typed;
      choose(null);
      if (document.activeElement !== field) return;
      open();
      const found = list.querySelectorAll('[role="group"] [role="option"]').length;
      say(found ? text("found", { n: found }) : text("no_results"));
    } catch { /* a newer question took its place, or the line is down: Enter still asks */ }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    const typed = field.value.trim();
    if (typed.length < LEAST || (typed.match(/\p{Nd}/gu) ?? []).length >= 13) { close(); list.innerHTML = ""; shown = ""; return; }
    timer = setTimeout(() => ask(typed), PAUSE);
  });

  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (list.hidden) return;
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const all = options();
      if (!all.length || shown !== field.value.trim()) return;
      event.preventDefault();
      if (list.hidden) open();
      const step = event.key === "ArrowDown" ? 1 : -1;
      const at = all.indexOf(active());
      choose(all[at < 0 ? (step > 0 ? 0 : all.length - 1) : (at + step + all.length) % all.length]);
    } else if (event.key === "Enter" && active() && !list.hidden) {
      event.preventDefault();
      location.href = active().href;
    }
  });

  field.addEventListener("focus", () => { if (options().length && shown === field.value.trim()) open(); });
  field.form.addEventListener("focusout", (event) => { if (!field.form.contains(event.relatedTarget)) close(); });
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus until the click
}
