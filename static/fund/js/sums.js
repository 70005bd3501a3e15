/* Part 2.4: days and baht added up while typing, shown in <output>, spoken when the typing pauses. The server adds up again. */

import { say } from "sala/dom";

const DAY = 86400000;
const ascii = (text) => text.normalize("NFKC").replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0xe50)).trim();

/** Baht in satang, or null for what is no amount. */
export function satang(text) {
  const plain = ascii(text).replace(/^฿|บาท$/g, "").replace(/[, ]/g, "");
  return /^\d+(\.\d{0,2})?$|^\.\d{1,2}$/.test(plain) ? Math.round(Number(plain) * 100) : null;
}

/** A day as days since 1970, or null; years are of the Buddhist era but in ISO dates. */
export function dayOf(text, months) {
  const plain = ascii(text);
  let found = plain.match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/);
  let year; let month; let date;
  if (found) [year, month, date] = found.slice(1).map(Number);
  else if ((found = plain.match(/^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4})$/))) [date, month, year] = [Number(found[1]), Number(found[2]), Number(found[3]) - 543];
  else if ((found = plain.match(/^(\d{1,2})\s*([^\d\s]+?)\s*(?:พ\.?\s?ศ\.?)?\s*(\d{4})$/))) [date, month, year] = [Number(found[1]), months[found[2].replace(/\./g, "").toLowerCase()], Number(found[3]) - 543];
  else return null;
  const made = new Date(Date.UTC(year, month - 1, date));
  return year > 1850 && year < 2160 && made.getUTCMonth() === month - 1 && made.getUTCDate() === date ? made.getTime() / DAY : null;
}

export function startSums(box, data) {
  const money = (value) => (value / 100).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const said = (day) => { const d = new Date(day * DAY); return `${d.getUTCDate()} ${data.monthsShort[d.getUTCMonth()]} ${d.getUTCFullYear() + data.era}`; };
  const span = (from, to) => (from === null ? "" : `${said(from)} – ${said(to)}`);
  const put = (root, selector, text) => root.querySelectorAll(selector).forEach((output) => { if (output.textContent !== String(text)) output.textContent = text; });
  const none = () => ({ budget: 0, days: 0, from: null, to: null });
  const add = (sum, one) => {
    sum.budget += one.budget;
    sum.days += one.days;
    if (one.from !== null) { sum.from = sum.from === null ? one.from : Math.min(sum.from, one.from); sum.to = sum.to === null ? one.to : Math.max(sum.to, one.to); }
  };
  let spoken = 0;

  const count = () => {
    const all = none();
    const steps = [];
    for (const [index, step] of [...box.querySelectorAll("[data-step]")].entries()) {
      const sum = none();
      for (const row of step.querySelectorAll("[data-activity]")) {
        const value = (name) => row.querySelector(`[name$="-${name}"]`)?.value ?? "";
        const [from, to] = [dayOf(value("starts_on"), data.months), dayOf(value("ends_on"), data.months)];
        const whole = from !== null && to !== null && to >= from;
        const one = { budget: satang(value("budget")) ?? 0, days: whole ? to - from + 1 : 0, from: whole ? from : null, to: whole ? to : null };
        put(row, "[data-days]", one.days || "–");
        put(row, "[data-step-n]", index + 1);
        add(sum, one);
      }
      put(step, "[data-step-days]", sum.days);
      put(step, "[data-step-budget]", money(sum.budget));
      put(step, "[data-step-span]", span(sum.from, sum.to));
      add(all, sum);
      steps.push(sum);
    }
    put(document, "[data-sum-budget]", money(all.budget));
    put(document, "[data-sum-days]", all.days);
    put(document, "[data-sum-span]", span(all.from, all.to));
    put(document, "[data-sum-span-days]", all.from === null ? 0 : all.to - all.from + 1);
    const differs = all.budget - data.asked;
    const note = document.querySelector("[data-budget-note]");
    put(document, "[data-difference]", money(Math.abs(differs)));
    document.querySelector("[data-when-different]").hidden = !differs;
    document.querySelector("[data-budget-difference]").hidden = !differs;
    note.hidden = !differs && !note.querySelector("textarea").value.trim();
    return { all, steps };
  };

  const speak = (target) => {
    const { all, steps } = count();
    const step = target?.closest?.("[data-step]");
    const index = step ? [...box.querySelectorAll("[data-step]")].indexOf(step) : -1;
    if (index < 0) return;
    const holes = { step: index + 1, step_budget: money(steps[index].budget), budget: money(all.budget), days: all.days };
    say(data.text.sums.replace(/\{(\w+)\}/g, (hole, name) => holes[name] ?? hole));
  };

  box.addEventListener("input", (event) => {
    count();
    if (!/-(starts_on|ends_on|budget)$/.test(event.target.name ?? "")) return;
    clearTimeout(spoken);
    spoken = setTimeout(() => speak(event.target), 1500);
  });
  box.addEventListener("sala:rows", count);
  count();
}
