/* <form data-unsent="{…}">: what is typed into it outlives the session. Before it is sent, the page asks whether the same
   person is still signed in; if not, it says where to sign in, and nothing is lost. What the form held when it was left
   is kept in this browser, locked for its writer, and handed to the server when the form is opened again. */

import { say } from "sala/dom";
import { Vault } from "sala/vault";

const PAUSE = 300;
const LONGEST = 7 * 24 * 60 * 60 * 1000;
const NOT_TYPED = new Set(["csrf_token", "version"]);
const PART = "form";

export function start(form) {
  const data = JSON.parse(form.dataset.unsent);
  const vault = new Vault({ user: data.user, place: data.place, key: data.key });
  const banner = document.getElementById("session-ended");
  const version = () => form.elements.version?.value ?? "";
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name) && !data.secret.includes(name));
  const entry = (more = {}) => ({ version: version(), fields: fields(), at: Date.now(), ...more });
  const opened = JSON.stringify(fields());
  let isAsked = false;
  let asking = false;
  let timer = 0;

  const ended = (sentence) => {
    banner.querySelector("[data-ended-text]").textContent = sentence;
    banner.hidden = false;
    banner.scrollIntoView({ block: "center" });
    say(sentence, true);
  };

  /** True when the same person is signed in: the page then has the token of that session. Null without a line. */
  const isSame = async () => {
    const answer = await fetch(data.tokenUrl, { credentials: "same-origin", headers: { Accept: "application/json", "X-Requested-With": "fetch" } }).catch(() => null);
    if (answer?.status === 401) { ended(data.text.ended); return false; }
    if (!answer?.ok) return null;
    const { csrf: token, user } = await answer.json();
    if (user !== data.user) { ended(data.text.other_user); return false; }
    document.querySelector('meta[name="csrf-token"]').content = token;
    document.querySelectorAll('input[name="csrf_token"]').forEach((input) => { input.value = token; });
    banner.hidden = true;
    return true;
  };

  const keep = () => { clearTimeout(timer); return JSON.stringify(fields()) === opened && !data.typed ? vault.remove(PART) : vault.put(PART, entry()); };
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { clearTimeout(timer); timer = setTimeout(keep, PAUSE); });

  form.addEventListener("submit", async (event) => {
    if (isAsked) { isAsked = false; return; }
    event.preventDefault();
    if (asking) return;
    asking = true;
    clearTimeout(timer);
    await vault.put(PART, entry());
    const same = await isSame();
    asking = false;
    if (same === false) return;
    await vault.put(PART, entry({ sent: true }));
    isAsked = true;
    form.requestSubmit(event.submitter);
  });
  window.addEventListener("focus", () => { if (!banner.hidden) isSame(); });
  // Who cancels wants nothing back.
  document.querySelector(`.s-actions a[href="${data.back}"]`)?.addEventListener("click", () => vault.remove(PART));

  /* What was left here without being sent goes to the server, which shows it as it shows any kept typing. */
  (async () => {
    if (data.typed) return;
    const left = await vault.get(PART);
    if (!left) return;
    const isDone = left.sent && (data.isNew || left.version !== version());
    if (isDone || Date.now() - left.at > LONGEST || JSON.stringify(left.fields) === opened) { vault.remove(PART); return; }
    const body = JSON.stringify({ user: data.user, record: data.record, version: left.version, fields: left.fields });
    const token = document.querySelector('meta[name="csrf-token"]').content;
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token, "X-Requested-With": "fetch" };
    const answer = await fetch(data.keepUrl, { method: "POST", body, credentials: "same-origin", headers }).catch(() => null);
    if (answer?.ok) { vault.remove(PART); location.replace(data.keptUrl); }
  })();
}
