/* Keeps what an officer types into the screening form, apart from what is saved; tried again while there is no line. */

import { csrf } from "sala/dom";

const PAUSE = 1500;
const form = document.querySelector("[data-screening]:not([data-screening-off])");
const shown = document.querySelector("[data-saved-text]");
let timer = 0;
let kept = form ? state() : "";

function state() {
  return JSON.stringify([...new FormData(form)].filter(([name]) => name !== "csrf_token" && name !== "version"));
}

async function keep() {
  const now = state();
  if (now === kept || form.dataset.sent) return;
  const body = JSON.stringify({ user: form.dataset.user, version: form.elements.version.value, fields: JSON.parse(now) });
  let answer;
  try {
    answer = await fetch(form.dataset.screening, {
      method: "POST", body, credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrf(), "X-Requested-With": "fetch" },
    });
  } catch {
    if (shown) shown.textContent = form.dataset.failed;
    later(PAUSE * 4);
    return;
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) kept = now;
  if (shown) shown.textContent = said.text ?? said.error ?? form.dataset.failed;
}

function later(pause = PAUSE) {
  clearTimeout(timer);
  timer = setTimeout(keep, pause);
}

if (form) {
  form.addEventListener("input", () => later());
  form.addEventListener("change", () => later());
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
}
