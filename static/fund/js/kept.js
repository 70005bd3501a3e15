/* Keeps what is typed into a long form, apart from what is saved: as JSON {user, version, fields}. */

import { keepTyping } from "sala/keep";

const form = document.querySelector("[data-kept-at]:not([data-kept-off])");
const shown = document.querySelector("[data-saved-text]");
const NOT_TYPED = new Set(["csrf_token", "version"]);

function read() {
  const fields = [...new FormData(form)].filter(([name]) => !NOT_TYPED.has(name));
  return JSON.stringify({ user: form.dataset.user, version: form.elements.version.value, fields });
}

if (form) {
  keepTyping(form, {
    url: form.dataset.keptAt,
    type: "application/json",
    read,
    told: (_answer, said) => { if (shown) shown.textContent = said.text ?? said.error ?? form.dataset.failed; },
  });
}
