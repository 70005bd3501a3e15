/* <form data-kept-at="url">: keeps what is typed into a long form, apart from what is saved: as JSON {user, version,
   fields}. data-user is who types, data-failed what is said without a line; data-kept-off leaves it alone. */

import { keepTyping } from "sala/keep";

const NOT_TYPED = new Set(["csrf_token", "version"]);

export function start(form) {
  if ("keptOff" in form.dataset) return;
  const shown = document.querySelector("[data-saved-text]");
  keepTyping(form, {
    url: form.dataset.keptAt,
    type: "application/json",
    read() {
      const fields = [...new FormData(form)].filter(([name]) => !NOT_TYPED.has(name));
      return JSON.stringify({ user: form.dataset.user, version: form.elements.version.value, fields });
    },
    told: (_answer, said) => { if (shown) shown.textContent = said.text ?? said.error ?? form.dataset.failed; },
  });
}
