/* Dialogs: open and close by buttons, hold the focus, give it back; and a question before what cannot be undone.
   <form data-confirm="Delete it?" data-confirm-ok="Delete" data-confirm-danger>; the same on a button or link. */

import { el, text } from "sala/dom";

const givers = new WeakMap();

/** Show a <dialog> modally; the focus goes back where it was when it closes. */
export function openDialog(dialog, from = document.activeElement) {
  if (dialog.open) return;
  givers.set(dialog, from);
  dialog.showModal();
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector("input:checked, .s-box-foot .btn"))?.focus();
}

function giveBack(dialog) {
  const from = givers.get(dialog);
  if (from?.isConnected) from.focus();
}

/** Ask; resolves true for yes. `given`: question, title, ok, danger. */
export function ask({ question, title, ok, danger }) {
  const from = document.activeElement;
  const yes = el("button", { type: "button", className: `btn ${danger ? "btn-danger" : "btn-primary"}` }, ok || text("ok"));
  const no = el("button", { type: "button", className: "btn btn-outline-secondary" }, text("cancel"));
  const dialog = el("dialog", { className: "s-box", role: "alertdialog", "aria-labelledby": "ask-h", "aria-describedby": "ask-t" },
    el("div", { className: "s-box-head" }, el("div", {}, el("h2", { id: "ask-h" }, title || text("confirm")))),
    el("div", { className: "s-box-body" }, el("p", { id: "ask-t" }, question)),
    el("div", { className: "s-box-foot" }, no, yes));
  document.body.append(dialog);
  return new Promise((resolve) => {
    let answer = false;
    yes.addEventListener("click", () => { answer = true; dialog.close(); });
    no.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (from?.isConnected) from.focus();
      resolve(answer);
    });
    dialog.showModal();
    no.focus(); // the harmless answer
  });
}

function given(element) {
  const { confirm, confirmTitle, confirmOk, confirmDanger } = element.dataset;
  return { question: confirm, title: confirmTitle, ok: confirmOk, danger: confirmDanger !== undefined };
}

async function onSubmit(event) {
  const form = event.target;
  const asker = event.submitter?.dataset.confirm ? event.submitter : form.dataset.confirm ? form : null;
  if (!asker || form.dataset.confirmed) { delete form.dataset.confirmed; return; }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!form.noValidate && !form.reportValidity()) return;
  const submitter = event.submitter;
  if (await ask(given(asker))) {
    form.dataset.confirmed = "1";
    form.requestSubmit(submitter?.form === form ? submitter : undefined);
  }
}

async function onClick(event) {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.open);
    if (dialog) { event.preventDefault(); openDialog(dialog, opener.closest(".s-menu-list") ? document.querySelector(`[data-menu="${opener.closest(".s-menu-list").id}"]`) : opener); }
    return;
  }
  const closer = event.target.closest("dialog [data-close]");
  if (closer) { closer.closest("dialog").close(); return; }
  if (event.target.matches?.("[data-conflict-all], [data-conflict-all] *")) {
    for (const radio of event.target.closest("dialog").querySelectorAll("[data-conflict-theirs]")) radio.checked = true;
    return;
  }
  const link = event.target.closest("a[data-confirm]");
  if (link) {
    event.preventDefault();
    if (await ask(given(link))) location.href = link.href;
  }
}

/** Start once per page. */
export function startAsking() {
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("click", onClick);
  document.addEventListener("close", (event) => { if (event.target.matches?.("dialog.s-box")) giveBack(event.target); }, true);
  document.addEventListener("htmx:confirm", async (event) => {
    const element = event.detail.elt;
    if (!element.dataset.confirm || element.tagName === "FORM") return;
    event.preventDefault();
    if (await ask(given(element))) event.detail.issueRequest(true);
  });
  const openNow = () => document.querySelectorAll("dialog[data-open-now]:not([open])").forEach((dialog) => { delete dialog.dataset.openNow; openDialog(dialog); });
  openNow();
  document.addEventListener("htmx:load", openNow);
}
