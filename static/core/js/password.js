/* Show and hide a password: <button data-reveal="id of the field">. */

import { text } from "sala/dom";

export function start(button) {
  const field = document.getElementById(button.dataset.reveal);
  if (!field) return;
  const word = button.querySelector("span");
  button.hidden = false;
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    word.textContent = text(shown ? "hide" : "show");
    const use = button.querySelector("use");
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, shown ? "#eye-slash" : "#eye"));
  };
  button.addEventListener("click", () => { show(field.type === "password"); field.focus(); });
  field.form?.addEventListener("submit", () => show(false)); // or the browser would remember it as plain text
}
