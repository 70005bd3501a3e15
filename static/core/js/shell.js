/* The frame: menus, the folding navigation, keys, theme, the bell, dismissing messages, small folds. */

import { csrf, el, focusable, memory } from "sala/dom";

const wide = matchMedia("(min-width: 68.75rem)");

function closeMenus(except = null) {
  for (const button of document.querySelectorAll('[data-menu][aria-expanded="true"]')) {
    if (button === except) continue;
    button.setAttribute("aria-expanded", "false");
    document.getElementById(button.dataset.menu).hidden = true;
  }
}

function toggleMenu(button) {
  const list = document.getElementById(button.dataset.menu);
  const opens = list.hidden;
  closeMenus(button);
  closeBell();
  list.hidden = !opens;
  button.setAttribute("aria-expanded", String(opens));
}

function arrowInMenu(event) {
  const list = event.target.closest(".s-menu-list");
  const button = event.target.closest("[data-menu]");
  if (button && event.key === "ArrowDown") {
    event.preventDefault();
    if (button.getAttribute("aria-expanded") !== "true") toggleMenu(button);
    focusable(document.getElementById(button.dataset.menu))?.focus();
    return;
  }
  if (!list || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
  const items = [...list.querySelectorAll("a[href], button")].filter((item) => item.offsetParent);
  const step = event.key === "ArrowDown" ? 1 : -1;
  event.preventDefault();
  items[(items.indexOf(event.target) + step + items.length) % items.length]?.focus();
}

/* ---- Navigation on narrow screens: a drawer that holds the focus; on wide ones it folds to its icons. ---- */

function drawer(open) {
  const button = document.querySelector("[data-fold-menu]");
  if (!button) return;
  document.body.classList.toggle("is-menu-open", open);
  button.setAttribute("aria-expanded", String(open));
  for (const part of document.querySelectorAll("main, .s-top > :not([data-fold-menu])")) part.inert = open;
  if (open) focusable(document.getElementById("side"))?.focus();
  else if (document.activeElement === document.body || document.getElementById("side")?.contains(document.activeElement)) button.focus();
}

function foldSide(small) {
  document.body.classList.toggle("is-side-small", small);
  document.querySelector("[data-fold-side]")?.setAttribute("aria-pressed", String(small));
  memory.set("side", small ? "small" : "");
}

/* ---- The bell: a panel fetched when asked for; without scripts its link opens the page. ---- */

function closeBell(giveBack = false) {
  const panel = document.getElementById("bell");
  if (!panel) return;
  panel.remove();
  const bell = document.querySelector("[data-bell]");
  bell?.setAttribute("aria-expanded", "false");
  if (giveBack) bell?.focus();
}

async function openBell(bell) {
  if (document.getElementById("bell")) return closeBell();
  closeMenus();
  const answer = await fetch(bell.dataset.bell, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) { location.href = bell.href; return undefined; }
  const panel = el("div", { id: "bell", className: "s-pop s-pop--bell", role: "dialog", "aria-labelledby": "bell-h", tabIndex: -1 });
  panel.innerHTML = await answer.text(); // our own template, escaped on the server; scripts in it would not run
  bell.closest("header").after(panel);
  bell.setAttribute("aria-expanded", "true");
  focusable(panel.querySelector("ul, form") ?? panel)?.focus();
  return undefined;
}

/* ---- Keys ---- */

function typing(target) {
  return target.closest?.('input, textarea, select, [contenteditable=""], [contenteditable="true"], .ts-control') !== null;
}

export function keysOn() { return memory.get("keys") !== "off"; }

function showKeys() {
  for (const hint of document.querySelectorAll("[data-keys-only]")) hint.hidden = !keysOn();
  const box = document.querySelector("[data-keys-switch]");
  if (box) box.checked = keysOn();
}

function onKey(event) {
  arrowInMenu(event);
  if (event.key === "Escape") {
    const open = document.querySelector('[data-menu][aria-expanded="true"]');
    if (open) { closeMenus(); open.focus(); }
    else if (document.getElementById("bell")) closeBell(true);
    else if (document.body.classList.contains("is-menu-open")) drawer(false);
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const form = event.target.closest?.("form[data-long]");
    if (form) { event.preventDefault(); form.requestSubmit([...form.elements].find((one) => one.matches("[data-save]"))); }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !keysOn() || typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    const field = document.querySelector("[data-search-key]") ?? document.querySelector('main input[type="search"]');
    if (field?.offsetParent) { event.preventDefault(); field.focus(); field.select(); }
  } else if (event.key === "?") {
    const list = document.getElementById("keys");
    if (list) { event.preventDefault(); list.showModal(); }
  }
}

/** Light, dark, or "" for what the device prefers; kept with the account. */
function theme(value, url) {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.bsTheme = value || (dark ? "dark" : "light");
  for (const button of document.querySelectorAll("button[data-theme]")) button.setAttribute("aria-pressed", String(button.dataset.theme === value));
  if (!url) return;
  const body = new URLSearchParams({ theme: value, next: location.pathname });
  fetch(url, { method: "POST", body, headers: { "X-CSRFToken": csrf() }, credentials: "same-origin", redirect: "manual" }).catch(() => {});
}

function onClick(event) {
  const on = (selector) => event.target.closest(selector);
  let found;
  if ((found = on("[data-menu]"))) return toggleMenu(found);
  if ((found = on("[data-bell]")) && !event.ctrlKey && !event.metaKey && found.dataset.bell) { event.preventDefault(); openBell(found); return undefined; }
  if (!on(".s-menu-list")) closeMenus();
  if (!on("#bell")) closeBell();
  if (on("[data-fold-menu]")) return drawer(!document.body.classList.contains("is-menu-open"));
  if (on("[data-close-menu]")) return drawer(false);
  if (on("[data-fold-side]")) return foldSide(!document.body.classList.contains("is-side-small"));
  if ((found = on("button[data-theme]"))) return theme(found.dataset.theme, found.closest("[data-theme-url]")?.dataset.themeUrl);
  if ((found = on("[data-dismiss]"))) {
    const next = found.closest(".s-notice").nextElementSibling;
    found.closest(".s-notice").remove();
    (next ? focusable(next) : document.getElementById("main"))?.focus();
    return undefined;
  }
  if ((found = on("[data-fold]"))) {
    const folded = document.getElementById(found.dataset.fold);
    const open = found.getAttribute("aria-expanded") !== "true";
    found.setAttribute("aria-expanded", String(open));
    folded.classList.toggle("is-shown", open);
    return undefined;
  }
  if ((found = on("[data-print]"))) window.print();
  return undefined;
}

/** Start once per page. */
export function startShell() {
  for (const bell of document.querySelectorAll("[data-bell]")) {
    if (bell.dataset.bell) { bell.setAttribute("aria-haspopup", "dialog"); bell.setAttribute("aria-expanded", "false"); }
  }
  document.addEventListener("click", onClick);
  document.addEventListener("keydown", onKey);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-keys-switch]")) { memory.set("keys", event.target.checked ? "on" : "off"); showKeys(); }
    if (event.target.matches("select[data-submit]")) event.target.form.requestSubmit();
  });
  document.addEventListener("focusout", (event) => {
    const list = event.target.closest?.(".s-menu-list");
    if (list && event.relatedTarget && !list.contains(event.relatedTarget) && !event.relatedTarget.matches("[data-menu]")) closeMenus();
  });
  // Turning the telephone closes an open drawer; where none is open nothing takes the focus.
  wide.addEventListener("change", () => { if (document.body.classList.contains("is-menu-open")) drawer(false); });
  if (memory.get("side") === "small" && wide.matches) foldSide(true);
  showKeys();
  for (const link of document.querySelectorAll("[data-back]")) link.addEventListener("click", (event) => { if (history.length > 1) { event.preventDefault(); history.back(); } });
  document.documentElement.dataset.js = "on";
}
