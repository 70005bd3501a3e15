/* <form data-branches="{words}">: the tree of branches (templates/assessment/_tree.html). Finding while one types, totals,
   what is wrong shown at its row, last year's branches brought over, and keys: arrows from row to row, digits on a tick
   choose its branch, Space in a number ticks it, slash goes back to finding, Enter saves from any field (the browser's own).
   The server judges again by the same rules (models/assessment/counts.py); sentences come from the page. */

import { el, icon, say } from "sala/dom";
import { keysOn } from "sala/shell";

const LEAST = 1;
const MOST = 9999;
const PAUSE = 1200; // until a sum is said: nobody wants to hear every key

const fill = (words, values) => words.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
const all = (selector, root) => [...root.querySelectorAll(selector)];
const one = (selector, root) => root.querySelector(selector);
const grouped = (number) => number.toLocaleString("en-US");

/** As the server reads what is typed: full-width and Thai digits as 0-9, one space between words, small letters. */
const plain = (typed) => typed.normalize("NFKC").replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50)).toLowerCase().trim().replace(/\s+/g, " ");

/** What is wrong with a row, "" for nothing; an empty row says nothing. */
function faultOf(ticked, typed) {
  const text = plain(typed);
  const said = /^[0-9]{1,3}(,[0-9]{3})+$/.test(text) ? text.replaceAll(",", "") : text;
  if (!said) return ticked ? "no_number" : "";
  if (!/^[0-9]+$/.test(said)) return "not_whole";
  if (said.replace(/^0+/, "").length > String(MOST).length || Number(said) < LEAST || Number(said) > MOST) return "out_of_range";
  return ticked ? "" : "no_tick";
}

class Row {
  constructor(item) {
    this.item = item;
    this.tick = one('input[type="checkbox"]', item);
    this.number = one("input.num", item);
    this.find = plain(item.dataset.text);
    this.name = one("[data-name]", item);
    this.last = Number(item.dataset.last ?? 0);
    this.retired = item.dataset.retired ?? "";
  }

  get isRetired() { return "retired" in this.item.dataset; }
  get wrong() { return (this.tick.checked || this.number.value.trim()) && this.retired ? this.retired : faultOf(this.tick.checked, this.number.value); }
  get students() { return this.tick.checked && !this.wrong ? Number(plain(this.number.value).replaceAll(",", "")) : 0; }
  get isShown() { return !this.item.hidden && this.item.closest("details").open; }

  /** Show what is wrong, or that nothing is. */
  showFault(words) {
    const code = this.wrong;
    const id = `e-${this.item.dataset.branch}`;
    this.item.classList.toggle("is-bad", Boolean(code));
    this.number.classList.toggle("is-invalid", Boolean(code));
    document.getElementById(id)?.remove();
    if (!code) {
      this.number.removeAttribute("aria-invalid");
      this.number.removeAttribute("aria-describedby");
      return;
    }
    this.number.setAttribute("aria-invalid", "true");
    this.number.setAttribute("aria-describedby", id);
    const said = el("p", { id, className: "s-error" }, icon("exclamation-circle-fill"), el("span", {}, words[code]));
    if (code === "no_tick") said.append(el("button", { type: "button", className: "btn btn-sm s-ghost s-ghost--link", "data-choose": "" }, words.choose, el("span", { className: "visually-hidden" }, ` ${this.name.textContent}`)));
    this.item.append(said);
  }
}

/** Wrap every part of an element's text that was searched for into <mark>. */
function mark(element, parts) {
  const text = element.textContent;
  if (!parts.length) { if (element.firstElementChild) element.textContent = text; return; }
  const wanted = new RegExp(`(${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})`, "gi");
  element.replaceChildren(...text.split(wanted).map((piece, n) => (n % 2 ? el("mark", {}, piece) : piece)));
}

function start(form) {
  const words = JSON.parse(form.dataset.branches);
  const rows = all("[data-branch]", form).map((item) => new Row(item));
  const rowOf = new Map(rows.map((row) => [row.item, row]));
  const fields = all("[data-field]", form);
  const programmes = all("[data-programme]", form);
  const finder = one("[data-find-branch]", form);
  const only = one("[data-only]", form);
  const found = one("[data-branches-found]", form);
  const page = form.closest("main");
  const students = (number) => fill(number === 1 ? words.one : words.many, { n: grouped(number) });
  const at = (event) => rowOf.get(event.target.closest?.("[data-branch]"));

  /* ---- sums ---- */

  let announcing = 0;
  const rowsIn = (part) => all("[data-branch]", part).map((item) => rowOf.get(item));
  const sumOf = (several) => several.reduce((sum, row) => sum + row.students, 0);
  const put = (place, text) => { if (place && place.textContent !== text) place.textContent = text; };

  const showWrong = () => {
    const count = all(".is-bad", form).length;
    const place = one("[data-wrong]", page);
    if (!place) return count;
    place.hidden = !count;
    put(one("[data-wrong-text]", place), fill(words.wrong, { n: count }));
    return count;
  };
  const showSums = (announce = true) => {
    for (const row of rows) row.item.classList.toggle("is-on", row.tick.checked);
    for (const place of fields) put(one("[data-sum]", place), students(sumOf(rowsIn(place))));
    for (const place of programmes) {
      const own = rowsIn(place);
      put(one("[data-sum]", place), own.some((row) => row.tick.checked) ? students(sumOf(own)) : words.none);
    }
    const total = grouped(sumOf(rows));
    put(one("[data-total]", page), total);
    showFound();
    if (!announce) return;
    clearTimeout(announcing);
    announcing = setTimeout(() => say(fill(words.total, { n: total })), PAUSE);
  };

  /* ---- finding ---- */

  const wanted = () => plain(finder?.value ?? "").split(" ").filter(Boolean);
  function showFound() {
    const parts = wanted();
    const chosen = rows.filter((row) => row.tick.checked).length;
    const shown = rows.filter((row) => !row.item.hidden).length;
    const values = { n: parts.length ? shown : chosen, q: finder?.value.trim(), all: rows.length };
    put(found, fill(!parts.length ? words.chosen : shown ? words.found : words.nothing, values));
  }
  const folded = new Map(); // how the programme types stood before something was looked for
  const show = () => {
    const parts = wanted();
    const isNarrow = parts.length || only?.checked;
    for (const row of rows) {
      const isFound = parts.every((part) => row.find.includes(part));
      row.item.hidden = !isFound || Boolean(only?.checked && !row.tick.checked && !row.number.value.trim());
      mark(row.name, isFound ? parts : []);
    }
    for (const place of fields) {
      place.hidden = rowsIn(place).every((row) => row.item.hidden);
      mark(one("h3 [data-name]", place), parts);
    }
    for (const place of programmes) {
      if (isNarrow && !folded.has(place)) folded.set(place, place.open);
      place.hidden = all("[data-field]", place).every((one_) => one_.hidden);
      if (isNarrow) place.open = true;
      else if (folded.has(place)) { place.open = folded.get(place) || rowsIn(place).some((row) => row.tick.checked); folded.delete(place); }
    }
    showFound();
  };
  finder?.addEventListener("input", show);
  only?.addEventListener("change", show);
  if (only) one("[data-only-box]", form).hidden = false;

  /* ---- typing ---- */

  const typed = (event) => {
    const row = at(event);
    if (!row) return;
    if (row.item.classList.contains("is-bad")) { row.showFault(words); showWrong(); }
    showSums();
  };
  form.addEventListener("input", typed);
  form.addEventListener("change", typed);
  // What is wrong is said when the row is left, not while it is being typed.
  form.addEventListener("focusout", (event) => {
    const row = at(event);
    if (!row || row.item.contains(event.relatedTarget)) return;
    const was = row.item.classList.contains("is-bad");
    if (Boolean(row.wrong) === was) return;
    row.showFault(words);
    showWrong();
    if (row.wrong) say(`${row.name.textContent}: ${words[row.wrong]}`);
  });
  form.addEventListener("click", (event) => {
    const row = event.target.closest("[data-choose]") ? at(event) : null;
    if (!row) return;
    row.tick.checked = true;
    row.number.focus();
    row.tick.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* ---- keys ---- */

  const shownRows = () => rows.filter((row) => row.isShown);
  const step = (row, by, name) => {
    const several = shownRows();
    const next = row ? several[several.indexOf(row) + by] : several[0];
    if (next) { next[name].focus(); if (name === "number") next.number.select(); }
    else if (by < 0) finder?.focus();
  };
  const changed = (field, kind = "input") => field.dispatchEvent(new Event(kind, { bubbles: true }));
  const type = (row, digit, afresh) => {
    const { number } = row;
    if (afresh) number.value = digit;
    else number.setRangeText(digit, number.selectionStart, number.selectionEnd, "end");
    changed(number);
  };
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target === finder) {
      if (event.key === "ArrowDown") { event.preventDefault(); step(null, 0, "tick"); }
      return;
    }
    const row = at(event);
    if (!row || (event.target !== row.tick && event.target !== row.number)) return;
    const inNumber = event.target === row.number;
    // By place on the keyboard: with the Thai layout on, the same keys give other letters.
    const digit = event.shiftKey ? undefined : /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      step(row, event.key === "ArrowDown" ? 1 : -1, inNumber ? "number" : "tick");
    } else if ((event.code === "Slash" || event.code === "NumpadDivide") && keysOn() && finder) {
      event.preventDefault();
      event.stopPropagation();
      finder.focus();
      finder.select();
    } else if (inNumber && event.key === " ") {
      event.preventDefault();
      row.tick.checked = !row.tick.checked;
      changed(row.tick, "change");
    } else if (!inNumber && digit && keysOn() && !row.isRetired) {
      event.preventDefault();
      row.tick.checked = true;
      row.number.focus();
      type(row, digit, true);
    } else if (inNumber && digit && !/^[0-9]$/.test(event.key)) {
      event.preventDefault();
      type(row, digit, false);
    }
  });

  // From wherever one does not type, slash means finding a branch here, not finding in the whole office.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || !keysOn() || !finder) return;
    if (event.target.closest?.("input, textarea, select, dialog") || one("dialog[open]", document)) return;
    event.preventDefault();
    event.stopPropagation();
    finder.focus();
    finder.select();
  }, true);

  /* ---- last year ---- */

  const carry = one("[data-carry]", form);
  carry?.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const brought = rows.filter((row) => row.last && !row.isRetired && !row.tick.checked);
    for (const row of brought) row.tick.checked = true;
    if (finder) finder.value = "";
    if (only) only.checked = brought.length > 0;
    show();
    showSums(false);
    changed(form, "change");
    say(brought.length ? fill(words.brought, { n: brought.length }) : words.none_brought);
    (shownRows().find((row) => row.tick.checked && !row.number.value.trim()) ?? shownRows()[0])?.number.focus();
  });

  /* ---- saving ---- */

  // What the server would send back is shown at once; before whoever else listens, so that nothing goes out.
  form.addEventListener("submit", (event) => {
    const wrong = rows.filter((row) => { row.showFault(words); return row.wrong; });
    showWrong();
    if (!wrong.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const here = wrong.find((row) => row.item.contains(document.activeElement)) ?? wrong[0];
    if (here.item.hidden) {
      finder.value = "";
      if (only) only.checked = false;
      show();
    }
    here.item.closest("details").open = true;
    here.number.focus();
    say(`${fill(words.wrong, { n: wrong.length })}. ${here.name.textContent}: ${words[here.wrong]}`, true);
  }, true);

  // Who saved goes on where they were.
  const place = `sala.branches.${location.pathname}`;
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented && form.contains(document.activeElement)) sessionStorage.setItem(place, document.activeElement.id);
  });
  const back = sessionStorage.getItem(place);
  sessionStorage.removeItem(place);
  // What must be read first (an error, numbers of somebody else) keeps the page at its top.
  const isCalm = !one("dialog[open], [data-error-summary], #flashes .s-notice--fix, #flashes .s-notice--fail", document);
  const was = back && isCalm ? document.getElementById(back) : null;
  if (was && form.contains(was)) {
    const programme = was.closest("details");
    if (programme) programme.open = true;
    was.focus();
    if (was.matches("input.num")) was.select();
    say(all("#flashes p", document).map((told) => told.textContent).join(" "));
  }

  for (const row of rows) if (row.item.classList.contains("is-bad")) row.showFault(words);
  show();
  showSums(false);
  showWrong();
}

all("form[data-branches]", document).forEach(start);
