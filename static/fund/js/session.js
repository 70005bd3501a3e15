/* The agenda's order is saved after every move, with the version of the session that this page knows. When somebody else
   changed the session meanwhile, the order stays on the screen and its writer chooses whose stands. */

import { csrf, say } from "sala/dom";

const box = document.querySelector("[data-order]");

if (box) {
  const notice = document.querySelector("[data-order-stale]");
  const saved = document.querySelector("[data-saved]");
  const words = document.querySelector("[data-saved-text]");
  let order = [];
  let sending = Promise.resolve();

  const tell = (sentence, urgent = false) => {
    if (words) words.textContent = sentence;
    say(sentence, urgent);
  };

  const send = async () => {
    const body = new URLSearchParams(order.map((id) => ["order", id]));
    body.append("version", box.dataset.version);
    try {
      const answer = await fetch(box.dataset.order, {
        method: "POST", body, credentials: "same-origin",
        headers: { "X-CSRFToken": csrf(), "X-Requested-With": "fetch", Accept: "application/json" },
      });
      const said = await answer.json().catch(() => ({}));
      if (answer.ok) {
        box.dataset.version = said.version;
        notice.hidden = true;
        tell(box.dataset.savedWords);
      } else if (said.code === "stale") {
        box.dataset.version = said.version;
        notice.querySelector("[data-order-said]").textContent = said.error;
        notice.hidden = false;
        notice.querySelector("[data-order-mine]").focus();
      } else {
        tell(said.error || box.dataset.failedWords, true);
      }
    } catch {
      tell(box.dataset.failedWords, true);
    }
  };

  // One after the other: each answer brings the version that the next one needs.
  const queue = () => { sending = sending.then(send); };

  box.addEventListener("sala:sorted", (event) => { order = event.detail.order; queue(); });
  notice.querySelector("[data-order-mine]").addEventListener("click", () => { saved?.scrollIntoView({ block: "nearest" }); queue(); });
}
