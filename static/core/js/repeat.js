/* Repeating rows. Names, ids and what points at them read prefix-N-field; the rows are renumbered after every change, so the
   server sees 0, 1, 2 … in the order on the screen. Nested lists work: inner templates count for themselves.

   <div data-repeat="steps" data-most="50" data-least="1">
     <ul data-rows><li data-row>…[data-row-up][data-row-down][data-row-remove]</li></ul>
     <template data-row-template><li data-row>… name="steps-__n__-name" …</li></template>
     <button type="button" data-row-add>…</button>
   </div>
   Events on the container: sala:rows {kind: add|remove|undo|move, row}; it hears sala:settle after rows came some other way. */

import { el, focusable, say, text } from "sala/dom";

const POINTERS = ["id", "name", "for", "aria-describedby", "aria-labelledby", "aria-controls", "data-lat", "data-long", "data-repeat", "data-reveal", "data-name", "data-menu", "list", "href"];

function renumber(root, prefix, number) {
  const find = new RegExp(`(^|[ #])${prefix.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}-(\\d+|__n__)(?=-|$| )`, "g");
  const visit = (node) => {
    for (const name of POINTERS) {
      const value = node.getAttribute?.(name);
      if (value) {
        const next = value.replace(find, `$1${prefix}-${number}`);
        if (next !== value) node.setAttribute(name, next);
      }
    }
    if (node.tagName === "TEMPLATE") [...node.content.querySelectorAll("*")].forEach(visit);
  };
  [root, ...root.querySelectorAll("*")].forEach(visit);
}

export function start(box) {
  const prefix = () => box.dataset.repeat;
  const list = box.querySelector("[data-rows]");
  const template = [...box.querySelectorAll("template[data-row-template]")].find((found) => found.closest("[data-repeat]") === box);
  const adder = [...box.querySelectorAll("[data-row-add]")].find((found) => found.closest("[data-repeat]") === box);
  const most = Number(box.dataset.most || Infinity);
  const least = Number(box.dataset.least || 0);
  const rows = () => [...list.children].filter((child) => child.matches("[data-row]"));
  const mine = (row, selector) => [...row.querySelectorAll(selector)].filter((found) => found.closest("[data-row]") === row);
  const number = (row) => rows().indexOf(row) + 1;
  const tell = (kind, row) => box.dispatchEvent(new CustomEvent("sala:rows", { bubbles: true, detail: { kind, row } }));

  const settle = () => {
    const all = rows();
    all.forEach((row, index) => {
      renumber(row, prefix(), index);
      mine(row, "[data-row-n]").forEach((found) => { found.textContent = index + 1; });
      mine(row, "[data-row-up]").forEach((found) => { found.disabled = index === 0; });
      mine(row, "[data-row-down]").forEach((found) => { found.disabled = index === all.length - 1; });
      const name = row.dataset.rowName ? `${row.dataset.rowName} ` : "";
      mine(row, "[data-row-up], [data-row-down], [data-row-remove]").forEach((found) => {
        found.dataset.says ??= found.getAttribute("aria-label") ?? found.textContent.trim();
        if (found.hasAttribute("aria-label")) found.setAttribute("aria-label", `${found.dataset.says} ${name}${index + 1}`);
      });
    });
    if (adder) adder.setAttribute("aria-disabled", String(all.length >= most));
  };

  const add = () => {
    if (rows().length >= most) { say(text("row_limit", { n: most }), true); return; }
    const row = template.content.firstElementChild.cloneNode(true);
    list.append(row);
    settle();
    row.dispatchEvent(new CustomEvent("sala:boot", { bubbles: true }));
    focusable(row.querySelector(".s-rows-body") ?? row)?.focus();
    say(text("row_added", { n: number(row) }));
    tell("add", row);
  };

  const remove = (row) => {
    if (rows().length <= least) { say(text("row_least", { n: least }), true); return; }
    const at = number(row);
    const after = row.nextElementSibling;
    const undo = el("button", { type: "button", className: "btn btn-outline-secondary btn-sm" }, text("undo"));
    const note = el(row.tagName === "TR" ? "tr" : "li", { className: row.tagName === "TR" ? "" : "s-undo" });
    if (row.tagName === "TR") {
      const cell = el("td", { colSpan: row.children.length });
      cell.append(el("div", { className: "s-undo" }, text("row_removed", { n: at }), undo));
      note.append(cell);
    } else note.append(text("row_removed", { n: at }), undo);
    list.querySelectorAll(":scope > [data-undo]").forEach((old) => old.remove());
    note.dataset.undo = "";
    row.replaceWith(note);
    settle();
    undo.focus();
    say(text("row_removed", { n: at }));
    tell("remove", row);
    undo.addEventListener("click", () => {
      if (note.isConnected) note.replaceWith(row);
      else if (after?.isConnected) after.before(row);
      else list.append(row);
      settle();
      focusable(row)?.focus();
      say(text("row_back", { n: number(row) }));
      tell("undo", row);
    });
    note.addEventListener("focusout", (event) => {
      if (!note.contains(event.relatedTarget) && event.relatedTarget) setTimeout(() => note.isConnected && !note.contains(document.activeElement) && note.remove(), 8000);
    });
  };

  const move = (row, step, button) => {
    const all = rows();
    const other = all[all.indexOf(row) + step];
    if (!other) return;
    if (step < 0) other.before(row); else other.after(row);
    settle();
    // The pressed button may have become useless at the end of the list: its twin takes the focus.
    const twin = mine(row, step < 0 ? "[data-row-down]" : "[data-row-up]")[0];
    (button && !button.disabled ? button : twin)?.focus();
    say(text("moved", { name: row.dataset.rowName ?? "", n: number(row), total: all.length }).replace(/^: /, ""));
    tell("move", row);
  };

  box.addEventListener("click", (event) => {
    const on = (selector) => { const found = event.target.closest(selector); return found?.closest("[data-repeat]") === box ? found : null; };
    let button;
    if ((button = on("[data-row-add]"))) add();
    else if ((button = on("[data-row-remove]"))) remove(button.closest("[data-row]"));
    else if ((button = on("[data-row-up]"))) move(button.closest("[data-row]"), -1, button);
    else if ((button = on("[data-row-down]"))) move(button.closest("[data-row]"), 1, button);
  });
  box.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-row]");
    if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key) || row?.closest("[data-repeat]") !== box) return;
    event.preventDefault();
    const held = document.activeElement;
    move(row, event.key === "ArrowUp" ? -1 : 1);
    held.focus();
  });
  box.addEventListener("sala:settle", settle);
  settle();
}
