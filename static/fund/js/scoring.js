/* The record form, and the preview of a version of it: points, total and band while ticking (the server computes them
   again), topics that fold, keys, and typing that is kept by itself. What a tick is worth stands in data-points of each
   topic; sentences in data-…-words of the form. */

import { icon, say } from "sala/dom";
import { keepTyping } from "sala/keep";
import { keysOn } from "sala/shell";

const form = document.querySelector("[data-sheet]");
const fill = (words, values) => words.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);

if (form) {
  const topics = all("[data-topic]", form);
  const bands = JSON.parse(form.dataset.bands);
  const passing = Number(form.dataset.passing);
  const words = form.dataset;

  const answerOf = (topic) => {
    const choice = one('input[type="radio"]:checked', topic)?.value ?? null;
    const ticks = all('input[type="checkbox"]:checked', topic).length;
    const worth = choice === "has" ? JSON.parse(topic.dataset.points)[ticks] : 0;
    return { choice, ticks: choice === "has" ? ticks : 0, points: choice ? worth : null };
  };

  const showTopic = (topic) => {
    const { choice, ticks, points } = answerOf(topic);
    one("[data-done]", topic).hidden = !choice;
    one("[data-undone]", topic).hidden = Boolean(choice);
    one("[data-points-now]", topic).textContent = points ?? "–";
    const dots = one("[data-dots]", topic);
    dots.replaceChildren(...[0, 1, 2, 3].map((n) => icon(n < ticks ? "circle-fill" : "circle")));
    dots.setAttribute("aria-label", fill(dots.dataset.words, { n: ticks }));
    for (const step of all("[data-least]", topic)) {
      const here = choice === "has" && Number(step.dataset.least) <= ticks && ticks <= Number(step.dataset.most);
      step.classList.toggle("is-on", here);
      if (here) step.setAttribute("aria-current", "true"); else step.removeAttribute("aria-current");
    }
    return points;
  };

  let announcing = 0;
  const showAll = (announce) => {
    const found = topics.map(showTopic);
    const total = found.reduce((sum, points) => sum + (points ?? 0), 0);
    const missing = topics.filter((_topic, n) => found[n] === null).map((topic) => topic.dataset.number);
    const [lowest, , band] = bands.find(([least]) => total >= least);
    const values = { total, band, n: passing - total, topics: missing.join(", ") };
    one("[data-total]").value = total;
    one("[data-total-copy]").textContent = total;
    all("[data-band]").forEach((place) => { place.textContent = band; });
    one("[data-answered]").textContent = fill(words.answeredWords, { n: topics.length - missing.length });
    one("[data-passes]").hidden = total < passing;
    one("[data-fails]").hidden = total >= passing;
    one("[data-short]").textContent = fill(words.shortWords, values);
    one("[data-scale-bar]").setAttribute("width", total * 5);
    one("[data-scale-mark]").setAttribute("transform", `translate(${total * 5} 0)`);
    all("[data-scale-word]").forEach((word) => word.classList.toggle("is-on", Number(word.dataset.scaleWord) === lowest));
    const send = one("[data-send]"); // A preview has none.
    if (send) {
      one("[data-why]").textContent = missing.length ? fill(words.missingWords, values) : "";
      // Where something is missing there is nothing to confirm: the server lists what it is.
      if (missing.length) delete send.dataset.confirm;
      else send.dataset.confirm = fill(total >= passing ? words.passWords : words.failWords, values);
    }
    if (!announce) return;
    clearTimeout(announcing);
    announcing = setTimeout(() => say(fill(words.totalWords, values)), 1200);
  };

  form.addEventListener("change", (event) => {
    const topic = event.target.closest("[data-topic]");
    if (!topic || event.target.matches("textarea")) return;
    if (event.target.type === "checkbox" && event.target.checked) one('input[value="has"]', topic).checked = true;
    if (event.target.value === "none" && event.target.type === "radio") {
      all('input[type="checkbox"]', topic).forEach((box) => { box.checked = false; });
    }
    showAll(true);
  });

  /* ---- folding ---- */

  const settle = (topic) => {
    topic.classList.toggle("is-open", topic.open);
    const use = one("summary > svg:last-child use", topic);
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, topic.open ? "#chevron-up" : "#chevron-down"));
  };
  const goTo = (from, target) => {
    if (!target) return;
    if (from && from !== target && answerOf(from).choice) from.open = false;
    target.open = true;
    one("summary", target).focus();
    target.scrollIntoView({ block: "nearest" });
  };
  topics.forEach((topic, n) => {
    topic.addEventListener("toggle", () => settle(topic));
    const next = one("[data-next-topic]", topic);
    if (n === topics.length - 1) return;
    next.hidden = false;
    next.addEventListener("click", () => goTo(topic, topics[n + 1]));
  });

  /* ---- keys: digits tick within the topic that has the focus, letters lead from topic to topic ---- */

  const firstMissing = () => topics.find((topic) => !answerOf(topic).choice);
  const deeds = {
    KeyN: (topic) => goTo(topic, topic ? topics[topics.indexOf(topic) + 1] : firstMissing() ?? topics[0]),
    KeyP: (topic) => goTo(topic, topics[topics.indexOf(topic) - 1]),
    KeyT: (topic) => goTo(topic, firstMissing()),
    KeyA: (topic) => { if (topic) { topic.open = true; one("textarea", topic).focus(); } },
  };
  const press = (topic, digit) => {
    topic.open = true;
    const control = digit === "0" ? one('input[value="none"]', topic) : all('input[type="checkbox"]', topic)[Number(digit) - 1];
    control.click();
    control.focus();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !keysOn() || one("dialog[open]")) return;
    const topic = event.target.closest?.("[data-topic]") ?? null;
    if (event.target.matches?.('textarea, select, input:not([type="radio"], [type="checkbox"])')) {
      if (event.key === "Escape" && topic) { event.preventDefault(); one("summary", topic).focus(); }
      return;
    }
    // By place on the keyboard: with the Thai layout on, the same keys give other letters.
    const digit = /^(?:Digit|Numpad)([0-4])$/.exec(event.code)?.[1];
    if (digit && topic) { event.preventDefault(); press(topic, digit); return; }
    if (!deeds[event.code] || (!topic && event.target.closest?.("a, button, summary"))) return;
    event.preventDefault();
    deeds[event.code](topic);
  });
  const unfold = one("[data-unfold]", form);
  unfold.hidden = false;
  unfold.addEventListener("click", () => {
    const opens = topics.some((topic) => !topic.open);
    topics.forEach((topic) => { topic.open = opens || !answerOf(topic).choice; });
    unfold.setAttribute("aria-label", opens ? unfold.dataset.wordsClose : unfold.dataset.wordsOpen);
  });

  /* ---- keeping what is typed ---- */

  const saved = one("[data-saved]");
  const tell = (sentence, isKept) => {
    saved.replaceChildren(icon(isKept ? "cloud-check-fill" : "cloud-slash"), document.createTextNode(` ${sentence}`));
  };
  const over = { 401: words.endedWords, 403: words.goneWords, 404: words.goneWords };

  if (words.keep) keepTyping(form, {
    url: words.keep,
    type: "application/x-www-form-urlencoded",
    read: () => new URLSearchParams(new FormData(form)).toString(),
    typed: () => saved.replaceChildren(), // what it said is no longer true
    told: (answer, said) => {
      if (answer?.ok) { tell(fill(words.keptWords, { time: said.at }), true); return; }
      tell(over[answer?.status] ?? words.unkeptWords, false);
      if (over[answer?.status]) say(over[answer.status], true);
    },
  });

  topics.forEach(settle);
  showAll(false);
}
