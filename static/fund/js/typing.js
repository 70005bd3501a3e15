/* Typing is kept by itself: in this browser at once, on the server two seconds after it stops. It never touches the
   saved draft and never moves the page. A lost connection is tried again; a lapsed session shows where to sign in. */

import { csrf, say } from "sala/dom";

const PAUSE = 2000;
const LOCAL_PAUSE = 300;
const RETRIES = [3000, 5000, 10000, 20000, 30000];
const NOT_TYPED = new Set(["csrf_token", "version", "base", "revision", "go"]);

export function startTyping(form, data, vault) {
  const shown = document.querySelector("[data-saved]");
  const words = document.querySelector("[data-saved-text]");
  const banner = document.getElementById("session-ended");
  const icon = shown?.querySelector("use");
  const base = () => Object.fromEntries(["version", "base", "revision"].map((name) => [name, form.elements[name].value]));
  const fields = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name) && !name.startsWith("pick-"));
  let known = JSON.stringify(fields()); // the server has this: saved, or kept
  let leaving = false;
  let failures = 0;
  let timer = 0;
  let localTimer = 0;
  let under = null;

  const tell = (sentence, kind = "") => {
    if (!shown || words.textContent === sentence) return;
    words.textContent = sentence;
    shown.classList.toggle("is-waiting", kind === "waiting");
    shown.classList.toggle("is-wrong", kind === "wrong");
    icon?.setAttribute("href", icon.getAttribute("href").replace(/#.*/, kind === "wrong" ? "#cloud-slash" : "#cloud-check-fill"));
  };
  const ended = (sentence) => {
    if (!banner.hidden) return;
    banner.querySelector("[data-ended-text]").textContent = sentence;
    banner.hidden = false;
    tell(data.text.ended_short, "wrong");
    say(sentence, true);
  };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  const entry = (typed) => ({ ...base(), fields: typed, at: new Date().toISOString() });

  const keepHere = () => { clearTimeout(localTimer); return vault.put(data.part, entry(fields())); };

  const post = (body, more = {}) => fetch(data.keepUrl, {
    method: "POST", credentials: "same-origin", body: JSON.stringify({ ...body, user: data.user }),
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf(), "X-Requested-With": "fetch" }, ...more,
  });

  /** A page that outlived its session gets the token of the new one; false while nobody, or somebody else, is signed in. */
  const freshToken = async () => {
    const answer = await fetch(data.tokenUrl, { credentials: "same-origin", headers: { Accept: "application/json", "X-Requested-With": "fetch" } });
    if (answer.status === 401) { ended(data.text.ended); return false; }
    if (!answer.ok) return false;
    const { csrf: token, user } = await answer.json();
    if (user !== data.user) { ended(data.text.other_user); return false; }
    document.querySelector('meta[name="csrf-token"]').content = token;
    document.querySelectorAll('input[name="csrf_token"]').forEach((input) => { input.value = token; });
    banner.hidden = true;
    return true;
  };

  async function send(isRetry = false) {
    clearTimeout(timer);
    const typed = fields();
    const state = JSON.stringify(typed);
    if (leaving || state === known) return;
    if (under) { later(PAUSE); return; }
    under = new AbortController();
    tell(data.text.saving, "waiting");
    let answer;
    try {
      answer = await post({ ...base(), fields: typed }, { signal: under.signal });
    } catch {
      under = null;
      if (leaving) return;
      await keepHere();
      tell(data.text.offline, "wrong");
      later(RETRIES[Math.min(failures++, RETRIES.length - 1)]);
      return;
    }
    under = null;
    const said = await answer.json().catch(() => ({}));
    if (answer.ok) {
      failures = 0;
      known = state;
      if (JSON.stringify(fields()) === state) { clearTimeout(localTimer); vault.remove(data.part); }
      banner.hidden = true;
      tell(said.text);
      return;
    }
    await keepHere();
    if (answer.status === 401) { ended(data.text.ended); return; }
    if (said.code === "other_user") { ended(data.text.other_user); return; }
    if (said.code === "csrf" && isRetry !== true && (await freshToken().catch(() => false))) { send(true); return; }
    if (banner.hidden) tell(data.text.failed, "wrong");
    if (answer.status >= 500) later(RETRIES[Math.min(failures++, RETRIES.length - 1)]);
  }

  const typed = () => {
    if (leaving) return;
    clearTimeout(localTimer);
    localTimer = setTimeout(keepHere, LOCAL_PAUSE);
    if (banner.hidden && !failures) tell(data.text.typed, "waiting");
    later(PAUSE);
  };
  for (const kind of ["input", "change", "sala:rows", "sala:uploaded"]) form.addEventListener(kind, typed);
  form.dataset.keeps = ""; // From here on nothing typed is lost.

  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    leaving = true;
    clearTimeout(timer);
    under?.abort();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
  window.addEventListener("online", () => { failures = 0; send(); });

  const goingAway = () => {
    const now = fields();
    if (leaving || JSON.stringify(now) === known || !banner.hidden) return;
    keepHere();
    post({ ...base(), fields: now }, { keepalive: true }).catch(() => {});
  };
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") { goingAway(); return; }
    // Back on this page, maybe from signing in elsewhere.
    freshToken().then((fresh) => { if (fresh) send(); }).catch(() => {});
  });
  window.addEventListener("focus", () => { if (!banner.hidden) freshToken().then((fresh) => { if (fresh) send(); }).catch(() => {}); });
  window.addEventListener("pagehide", goingAway);

  document.querySelector("[data-discard-typing]")?.addEventListener("submit", () => { leaving = true; vault.remove(data.part); });

  /* What this browser kept and the server has not got: handed over, then shown by the server like any kept typing. */
  (async () => {
    const left = await vault.get(data.part);
    if (!left) return;
    const keptAt = document.getElementById("kept-typing")?.dataset.kept;
    const isOld = Number(left.revision) !== data.revision || (keptAt && Date.parse(keptAt) > Date.parse(left.at));
    if (isOld || JSON.stringify(left.fields) === known) { vault.remove(data.part); return; }
    const answer = await post(left).catch(() => null);
    if (answer?.ok) { leaving = true; vault.remove(data.part); location.reload(); }
    else if (!answer) tell(data.text.offline, "wrong");
  })();
}
