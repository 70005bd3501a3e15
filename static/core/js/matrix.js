/* The matrix: one stop for Tab, arrows inside; what differs from what holds is outlined and listed beside. The page works
   without it: then every box is a stop of its own, and the list beside is drawn by the server. */

const form = document.querySelector("form[data-matrix]");
const list = form.querySelector("[data-diff]");
const count = form.querySelector("[data-diff-count]");
const none = form.querySelector("[data-diff-none]");
const line = form.querySelector("template[data-diff-line]");
const grid = [...form.querySelectorAll("tr:has(input[name=cell])")].map((row) => [...row.querySelectorAll("input[name=cell]")]);
const boxes = grid.flat();
let leaving = false;

const changeOf = (box) => (box.checked === (box.dataset.was === "1") ? "" : box.checked ? "add" : "cut");

function draw(box) {
  const change = changeOf(box);
  const cell = box.closest("td");
  cell.classList.toggle("is-add", change === "add");
  cell.classList.toggle("is-cut", change === "cut");
  cell.querySelector("[data-said]").textContent = change ? ` ${change === "add" ? list.dataset.newly : list.dataset.cut}` : "";
}

function drawList() {
  const changed = boxes.filter(changeOf);
  for (const change of ["add", "cut"]) {
    const part = list.querySelector(`[data-diff-part="${change}"]`);
    const lines = changed.filter((box) => changeOf(box) === change).map((box) => {
      const item = line.content.firstElementChild.cloneNode(true);
      item.dataset.diffOf = box.value;
      item.querySelector("b").textContent = box.dataset.kind;
      item.querySelector("span").textContent = box.dataset.row;
      const undo = item.querySelector("[data-undo]");
      undo.setAttribute("aria-label", `${undo.getAttribute("aria-label")}: ${box.dataset.row}, ${box.dataset.kind}`);
      return item;
    });
    part.querySelector("ul").replaceChildren(...lines);
    part.hidden = lines.length === 0;
  }
  count.textContent = String(changed.length);
  none.hidden = changed.length > 0;
}

function stopAt(box) {
  for (const other of boxes) other.tabIndex = other === box ? 0 : -1;
}

function go(row, column) {
  const box = grid[Math.max(0, Math.min(grid.length - 1, row))]?.[Math.max(0, Math.min(grid[0].length - 1, column))];
  if (!box) return;
  stopAt(box);
  box.focus();
}

form.addEventListener("keydown", (event) => {
  if (!event.target.matches("input[name=cell]") || event.altKey || event.metaKey) return;
  const row = grid.findIndex((cells) => cells.includes(event.target));
  const column = grid[row].indexOf(event.target);
  const last = grid[row].length - 1;
  const moves = {
    ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column],
    Home: [event.ctrlKey ? 0 : row, 0], End: [event.ctrlKey ? grid.length - 1 : row, last],
    PageUp: [row - 10, column], PageDown: [row + 10, column],
  };
  // Enter in a box would send the form by accident.
  if (event.key === "Enter") { event.preventDefault(); return; }
  if (!moves[event.key]) return;
  event.preventDefault();
  go(...moves[event.key]);
});
form.addEventListener("focusin", (event) => { if (event.target.matches("input[name=cell]")) stopAt(event.target); });
form.addEventListener("click", (event) => {
  if (event.target.matches('input[name=cell][aria-disabled="true"]')) { event.preventDefault(); return; }
  const undo = event.target.closest("[data-undo]");
  if (!undo) return;
  const box = boxes.find((one) => one.value === undo.closest("li").dataset.diffOf);
  box.checked = box.dataset.was === "1";
  draw(box);
  drawList();
  stopAt(box);
  box.focus();
});
form.addEventListener("change", (event) => {
  if (!event.target.matches("input[name=cell]")) return;
  draw(event.target);
  drawList();
});
form.addEventListener("submit", () => { leaving = true; });
form.querySelector("[data-matrix-leave]").addEventListener("click", () => { leaving = true; });
window.addEventListener("pageshow", () => { leaving = false; boxes.forEach(draw); drawList(); });
window.addEventListener("beforeunload", (event) => { if (!leaving && boxes.some(changeOf)) event.preventDefault(); });

boxes.forEach(draw);
drawList();
if (boxes.length) stopAt(boxes[0]);
