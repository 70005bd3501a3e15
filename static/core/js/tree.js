/* A tree that is changed in place: <div data-tree><ul><li data-node="…"><div class="t-row">…[data-tree-item]…</div><ul>…</ul></li>.
   One entry is in the order of Tab at a time, its buttons with it. Arrows walk, open and close; Home and End; a letter finds;
   F2 renames, Insert adds below, Alt and an arrow moves, Delete takes out. Each deed is a link or a button of the page: it is
   fetched, and the tree that comes back takes this one's place, with what was open still open. */

import { csrf, say, text } from "sala/dom";

const folded = new Map(); // node -> whether somebody closed it

const itemsOf = (box) => [...box.querySelectorAll("[data-tree-item]")];
const nodeOf = (item) => item.closest("[data-node]");
const isShown = (item) => !nodeOf(item).parentElement.closest("[data-closed]");
const itemOf = (node) => node?.querySelector(":scope > .t-row [data-tree-item]");
const rowOf = (item) => item.closest(".t-row");

function settle(box, item) {
  for (const one of itemsOf(box)) {
    const here = one === item;
    one.tabIndex = here ? 0 : -1;
    rowOf(one).querySelectorAll(".t-acts .btn").forEach((button) => { button.tabIndex = here ? 0 : -1; });
  }
}

function focus(box, item) {
  if (!item) return;
  settle(box, item);
  item.focus();
}

function fold(node, open) {
  const item = itemOf(node);
  if (!item?.hasAttribute("aria-expanded")) return;
  item.setAttribute("aria-expanded", String(open));
  node.toggleAttribute("data-closed", !open);
  folded.set(node.dataset.node, !open);
}

function begin(box, at = box.dataset.at) {
  for (const node of box.querySelectorAll("[data-node]")) {
    if (folded.has(node.dataset.node)) fold(node, !folded.get(node.dataset.node));
  }
  const wanted = box.querySelector(`[data-node="${CSS.escape(at ?? "")}"]`);
  for (let up = wanted?.parentElement.closest("[data-node]"); up; up = up.parentElement.closest("[data-node]")) fold(up, true);
  settle(box, itemOf(wanted) ?? itemsOf(box)[0]);
  return itemOf(wanted);
}

async function go(box, url, given = {}) {
  if (box.dataset.busy) return;
  box.dataset.busy = "1";
  try {
    const answer = await fetch(url, { credentials: "same-origin", ...given, headers: { "X-Requested-With": "fetch", Accept: "application/json", "X-CSRFToken": csrf() } });
    const type = answer.headers.get("Content-Type") ?? "";
    if (!type.startsWith("text/html")) throw new Error((await answer.json().catch(() => ({}))).error);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = page.querySelector("[data-tree]");
    if (!next) throw new Error();
    const adopted = document.adoptNode(next);
    box.replaceWith(adopted);
    const item = start(adopted);
    const field = adopted.querySelector("[data-tree-typing] :is(input:not([type=hidden]), textarea)");
    if (field) { field.focus(); field.select(); } else { focus(adopted, item); }
    if (adopted.dataset.say) say(adopted.dataset.say, true);
  } catch (error) {
    delete box.dataset.busy;
    say(error.message || text("error"), true);
    tell(box, error.message || text("error"));
  }
}

/** What went wrong without an answer stands above the tree; what is there and typed stays. */
function tell(box, words) {
  let line = box.querySelector(":scope > .t-trouble");
  if (!line) { line = document.createElement("p"); line.className = "s-error t-trouble"; box.prepend(line); }
  line.textContent = words;
}

function press(item, deed) {
  const found = rowOf(item).querySelector(`.t-acts :is([data-tree-do="${deed}"], [data-tree-open="${deed}"])`);
  found?.click();
  return Boolean(found);
}

function find(all, place, letter) {
  const starts = (one) => one.textContent.trim().replace(/^[\d.\s]+/, "").toLocaleLowerCase().startsWith(letter.toLocaleLowerCase());
  return [...all.slice(place + 1), ...all.slice(0, place)].find(starts);
}

function onKey(box, event) {
  if (event.target.closest("[data-tree-typing]")) {
    if (event.key === "Escape") { event.preventDefault(); event.stopPropagation(); box.querySelector("[data-tree-cancel]")?.click(); }
    return;
  }
  const item = event.target.closest(".t-row")?.querySelector("[data-tree-item]");
  if (!item || event.ctrlKey || event.metaKey) return;
  const all = itemsOf(box).filter(isShown);
  const place = all.indexOf(item);
  const opens = item.getAttribute("aria-expanded");
  const above = itemOf(nodeOf(item).parentElement.closest("[data-node]"));
  const keys = {
    ArrowDown: () => (event.altKey ? press(item, "down") : focus(box, all[place + 1])),
    ArrowUp: () => (event.altKey ? press(item, "up") : focus(box, all[place - 1])),
    ArrowRight: () => (opens === "false" ? fold(nodeOf(item), true) : opens && focus(box, all[place + 1])),
    ArrowLeft: () => (opens === "true" ? fold(nodeOf(item), false) : focus(box, above)),
    Home: () => focus(box, all[0]),
    End: () => focus(box, all.at(-1)),
    F2: () => press(item, "rename"),
    Insert: () => press(item, "add"),
    Delete: () => press(item, "remove"),
  };
  if (event.key in keys) {
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  } else if (event.target === item && event.key.length === 1 && event.key !== " " && !event.altKey) {
    const next = find(all, place, event.key);
    if (next) { event.preventDefault(); event.stopPropagation(); focus(box, next); }
  }
}

/** Start one tree; the entry that it goes on at. */
export function start(box) {
  const item = begin(box);
  box.addEventListener("keydown", (event) => onKey(box, event));
  box.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-tree-item]")) settle(box, event.target);
  });
  box.addEventListener("click", (event) => {
    const link = event.target.closest("[data-tree-open], [data-tree-cancel]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.button) { event.preventDefault(); go(box, link.href); return; }
    const found = event.target.closest("[data-tree-fold], button[data-tree-item]");
    if (found) {
      const node = nodeOf(found);
      fold(node, node.hasAttribute("data-closed"));
      focus(box, itemOf(node));
    }
  });
  box.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    event.preventDefault();
    const body = new URLSearchParams(new FormData(event.target));
    if (event.submitter?.name) body.set(event.submitter.name, event.submitter.value);
    go(box, event.target.action, { method: "POST", body });
  });
  box.dataset.ready = "1";
  return item;
}

document.querySelectorAll("[data-tree]").forEach((box) => {
  const item = start(box);
  const field = box.querySelector("[data-tree-typing] :is(input:not([type=hidden]), textarea)");
  if (field) field.focus(); else if (box.dataset.at) focus(box, item);
});
