/* Order by dragging, by buttons, and by keys: Space or Enter lifts and drops, arrows move, Esc puts back.
   <div data-sortable data-url="…" data-name="…"><ol data-sort-list>
     <li data-sort-item data-id="7" data-name="2569-0171"><button data-sort-grip>…[data-sort-n]…[data-sort-up][data-sort-down]</li></ol></div>
   data-url: the new order is posted as order=7&order=3…; without it the page's form carries hidden fields in their order.
   Event: sala:sorted {order, item}. */

import { config, csrf, loadScript, say, text } from "sala/dom";

export async function start(box) {
  const list = box.querySelector("[data-sort-list]");
  const items = () => [...list.children].filter((child) => child.matches("[data-sort-item]"));
  const place = (item) => ({ name: item.dataset.name ?? "", n: items().indexOf(item) + 1, total: items().length });
  let lifted = null;
  let before = [];

  const settle = () => items().forEach((item, index, all) => {
    item.querySelectorAll("[data-sort-n]").forEach((found) => { found.textContent = index + 1; });
    item.querySelectorAll("[data-sort-up]").forEach((found) => { found.disabled = index === 0; });
    item.querySelectorAll("[data-sort-down]").forEach((found) => { found.disabled = index === all.length - 1; });
  });

  const order = () => items().map((item) => item.dataset.id ?? "");

  const keep = async (item, former) => {
    settle();
    box.dispatchEvent(new CustomEvent("sala:sorted", { bubbles: true, detail: { order: order(), item } }));
    if (!box.dataset.url) return;
    const body = new URLSearchParams(order().map((id) => ["order", id]));
    if (box.dataset.version) body.append("version", box.dataset.version);
    try {
      const answer = await fetch(box.dataset.url, { method: "POST", body, headers: { "X-CSRFToken": csrf(), Accept: "application/json" }, credentials: "same-origin" });
      const said = await answer.json().catch(() => ({}));
      if (!answer.ok) throw new Error(said.error);
      if (said.version) box.dataset.version = said.version;
    } catch (error) {
      list.append(...former);
      settle();
      say(error.message || text("error"), true);
    }
  };

  const step = (item, by) => {
    const all = items();
    const other = all[all.indexOf(item) + by];
    if (!other) return false;
    if (by < 0) other.before(item); else other.after(item);
    settle();
    return true;
  };

  const grip = (item) => item.querySelector("[data-sort-grip]");

  const lift = (item) => {
    before = items();
    lifted = item;
    item.classList.add("is-lifted");
    grip(item).setAttribute("aria-pressed", "true");
    say(text("lifted", place(item)), true);
  };

  const drop = (item, back) => {
    item.classList.remove("is-lifted");
    grip(item).setAttribute("aria-pressed", "false");
    lifted = null;
    if (back) { list.append(...before); settle(); grip(item).focus(); say(text("put_back", place(item)), true); return; }
    say(text("dropped", place(item)), true);
    if (items().some((now, index) => now !== before[index])) keep(item, before);
  };

  list.addEventListener("keydown", (event) => {
    const item = event.target.closest("[data-sort-grip]")?.closest("[data-sort-item]");
    if (!item) return;
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      if (lifted) drop(lifted, false); else lift(item);
    } else if (lifted === item && ["ArrowUp", "ArrowDown"].includes(event.key)) {
      event.preventDefault();
      if (step(item, event.key === "ArrowUp" ? -1 : 1)) { grip(item).focus(); say(text("moved", place(item)), true); }
    } else if (lifted === item && event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      drop(item, true);
    }
  });
  list.addEventListener("focusout", (event) => {
    // Moving the row blurs its grip for an instant; only a real departure drops it.
    setTimeout(() => { if (lifted && lifted.contains(event.target) && !lifted.contains(document.activeElement)) drop(lifted, false); }, 0);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-sort-up], [data-sort-down]");
    const item = button?.closest("[data-sort-item]");
    if (!item) return;
    const former = items();
    const up = button.matches("[data-sort-up]");
    if (!step(item, up ? -1 : 1)) return;
    (button.disabled ? item.querySelector(up ? "[data-sort-down]" : "[data-sort-up]") : button).focus();
    say(text("moved", place(item)));
    keep(item, former);
  });

  settle();
  await loadScript(config.sortable);
  let former = [];
  window.Sortable.create(list, {
    handle: "[data-sort-grip]", draggable: "[data-sort-item]", animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
    onStart: () => { former = items(); },
    onEnd: (event) => { if (event.oldIndex !== event.newIndex) { say(text("dropped", place(event.item))); keep(event.item, former); } },
  });
}
