/* Boot: each behaviour is a module that is fetched only by pages with its hook, and again for parts that htmx brings. */

import { csrf, say, text } from "sala/dom";
import { startShell } from "sala/shell";
import { startAsking } from "sala/ask";
import { startOnce } from "sala/once";

const hooks = [
  ["[data-error-summary]", () => import("sala/errors")],
  ["[data-reveal]", () => import("sala/password")],
  ["[data-map]", () => import("sala/map")],
  ["[data-repeat]", () => import("sala/repeat")],
  ["[data-sortable]", () => import("sala/sortable")],
  ["[data-upload]", () => import("sala/upload")],
  ["[data-file]", () => import("sala/file")],
  ["[data-pick]", () => import("sala/pick")],
  ["[data-bulk]", () => import("sala/bulk")],
  ["[data-pulse]", () => import("sala/pulse")],
  ["[data-find]", () => import("sala/find")],
  ["[data-unsent]", () => import("sala/unsent")],
  ["[data-kept-at]", () => import("sala/kept")],
  ["[data-filters]", () => import("sala/filters")],
];

let starting = 1; // what has been asked for and does not live yet; the page itself is the first

/** One more lives. `data-alive` on <html> says that everything does: until then a press may find no script behind it. */
function live() {
  starting -= 1;
  document.documentElement.toggleAttribute("data-alive", starting === 0);
}

/** Give life to every hook inside `root`; each element once. */
export function boot(root) {
  for (const [selector, fetchModule] of hooks) {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      const mark = `on${selector.slice(6, -1).replace(/-(\w)/g, (_, letter) => letter.toUpperCase())}`;
      if (element.dataset[mark] || element.closest("template")) continue;
      element.dataset[mark] = "1";
      starting += 1;
      document.documentElement.removeAttribute("data-alive");
      fetchModule().then((module) => module.start(element)).catch((error) => console.error(selector, error)).finally(live);
    }
  }
}

startShell();
startAsking();
startOnce();
boot(document.documentElement);
live();

document.addEventListener("htmx:load", (event) => boot(event.detail.elt));
document.addEventListener("sala:boot", (event) => boot(event.target));
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = csrf(); });
document.addEventListener("htmx:responseError", (event) => {
  say(text(event.detail.xhr.status === 401 ? "session_over" : "error"), true);
});
document.addEventListener("htmx:sendError", () => say(text("error"), true));
