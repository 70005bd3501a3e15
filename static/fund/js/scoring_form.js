/* The editor of the scoring form: all four ticks are worth the full points, and the full points add up while one types. */

import { say } from "sala/dom";

const form = document.querySelector("[data-version-form]");
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
const THAI_ZERO = "๐".charCodeAt(0);
const digits = (typed) => typed.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - THAI_ZERO)).trim();

if (form) {
  const fulls = [...form.querySelectorAll("[data-full]")];
  const sum = document.querySelector("[data-sum]");
  const note = document.querySelector("[data-sum-note]");
  const goal = Number(form.dataset.full);
  let announcing = 0;

  const show = (announce) => {
    let total = 0;
    for (const field of fulls) {
      const typed = digits(field.value);
      const points = /^\d{1,3}$/.test(typed) ? Number(typed) : null;
      total += points ?? 0;
      form.querySelector(`[data-full-copy="${field.dataset.full}"]`).textContent = points ?? "–";
    }
    const words = form.dataset;
    const off = goal - total;
    sum.textContent = fill(words.sumWords, { total, full: goal });
    note.textContent = off > 0 ? fill(words.shortWords, { n: off }) : off < 0 ? fill(words.overWords, { n: -off }) : words.rightWords;
    sum.closest(".v-sum").classList.toggle("is-wrong", off !== 0);
    if (!announce) return;
    clearTimeout(announcing);
    announcing = setTimeout(() => say(`${sum.textContent} ${note.textContent}`), 1200);
  };

  form.addEventListener("input", (event) => { if (event.target.matches("[data-full]")) show(true); });
  show(false);
}
