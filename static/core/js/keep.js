/* Typing that is kept by itself, apart from saving: sent a moment after it stops, and tried again while there is no line.
   For forms with data-once: what is sent by its button needs no keeping. */

import { csrf, say } from "sala/dom";

const PAUSE = 1500;
const LONGEST = 120000;
const MOST_GOING = 60000; // what browsers still send of a page that goes away

/** Say who else works on the same form: `sentence` in the page's place for it, which is hidden without one. */
function showOthers(sentence = "") {
  const place = document.querySelector("[data-others]");
  const words = place?.querySelector("[data-others-text]");
  if (!words || words.textContent === sentence) return;
  words.textContent = sentence;
  place.hidden = !sentence;
  if (sentence) say(sentence);
}

/** Keep what is typed into `form`. `read` gives the body to send to `url`, `type` says what it is; `typed` is told of
    every key, `told` how each sending went: the answer, or null without a line, and what the answer said. */
export function keepTyping(form, { url, type, read, told, typed = () => {} }) {
  let kept = read();
  let failures = 0;
  let timer = 0;

  const later = (pause = PAUSE) => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
  };

  async function send(isGoing = false) {
    clearTimeout(timer);
    const body = read();
    if (body === kept || form.dataset.sent) return;
    const headers = { "Content-Type": type, Accept: "application/json", "X-CSRFToken": csrf(), "X-Requested-With": "fetch" };
    const keepalive = isGoing && body.length < MOST_GOING;
    const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", keepalive, headers }).catch(() => null);
    const said = (await answer?.json().catch(() => null)) ?? {};
    if (answer?.ok) {
      kept = body;
      failures = 0;
      showOthers(said.others);
    } else if (!answer || answer.status >= 500 || answer.status === 429) {
      failures += 1;
      later(Math.min(PAUSE * 2 ** failures, LONGEST));
    }
    told(answer, said);
  }

  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { typed(); later(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") send(true); });
}
