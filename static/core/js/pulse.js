/* The numbers on the bell and in the menu, without reloading: once after the page, then each minute while somebody looks.
   The server does not count this as use, so an idle session still ends; then the asking ends too. */

import { el } from "sala/dom";

const EVERY = 60_000;

function show(link, count, spoken, isBell) {
  let mark = link.querySelector(".s-count");
  if (!count) { mark?.remove(); return; }
  if (!mark) { mark = el("span", { className: isBell ? "s-count s-count--new" : "s-count" }); link.append(mark); }
  if (isBell) { mark.setAttribute("aria-hidden", "true"); mark.textContent = count; return; }
  mark.replaceChildren(el("span", { "aria-hidden": "true" }, count), el("span", { className: "visually-hidden" }, spoken));
}

export function start(root) {
  const url = root.dataset.pulse;
  let timer = 0;
  let last = 0;

  async function ask() {
    clearTimeout(timer);
    if (document.hidden) return; // asked for when somebody looks again
    last = Date.now();
    try {
      const answer = await fetch(url, { headers: { Accept: "application/json", "X-Requested-With": "fetch" }, credentials: "same-origin" });
      if (answer.redirected || answer.status === 401 || answer.status === 403) return; // signed out: no more
      if (answer.ok) {
        const { unread, badges } = await answer.json();
        for (const bell of document.querySelectorAll("[data-bell]")) {
          bell.setAttribute("aria-label", unread.spoken);
          show(bell, unread.count, unread.spoken, true);
        }
        for (const link of document.querySelectorAll("[data-badge]")) {
          const found = badges[link.dataset.badge];
          show(link, found?.count, found?.spoken, false);
        }
      }
    } catch { /* the line is down: again in a minute */ }
    timer = setTimeout(ask, EVERY);
  }

  document.addEventListener("visibilitychange", () => { if (!document.hidden && Date.now() - last >= EVERY) ask(); });
  document.addEventListener("sala:pulse", ask);
  if (document.readyState === "complete") ask(); else window.addEventListener("load", ask, { once: true });
}
