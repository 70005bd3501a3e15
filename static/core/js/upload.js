/* One file at a time, at once: progress, the server's own words for what went wrong, ids in hidden fields.
   The server answers {"id", "name", "size", "url"} or, with a status of 400 or more, {"error"}.
   Events: sala:uploaded {id, name, item}, sala:upload-removed {id}. */

import { csrf, say, text } from "sala/dom";

function send(url, file, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch reports no progress of what it sends
    const body = new FormData();
    body.append("file", file, file.name.normalize("NFC"));
    request.open("POST", url);
    request.setRequestHeader("X-CSRFToken", csrf());
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) onProgress(Math.round((event.loaded / event.total) * 100)); });
    request.addEventListener("load", () => {
      if (request.status < 400 && request.response?.id) resolve(request.response);
      else reject(new Error(request.response?.error ?? ""));
    });
    request.addEventListener("error", () => reject(new Error("")));
    request.addEventListener("abort", () => reject(new Error("")));
    request.send(body);
  });
}

export function start(box) {
  const field = box.querySelector('input[type="file"]');
  const area = box.querySelector("[data-upload-drop]");
  const list = box.querySelector("[data-upload-list]");
  const bar = box.querySelector("[data-upload-progress]");
  const wrong = box.querySelector("[data-upload-error]");
  const line = box.querySelector("template[data-upload-line]");
  const { url, max, maxText, accept, removeUrl } = box.dataset;
  const many = box.dataset.many !== undefined;
  const types = (accept ?? "").toLowerCase().split(",").map((type) => type.trim()).filter(Boolean);
  let busy = Promise.resolve();

  const complain = (sentence) => {
    wrong.querySelector("span").textContent = sentence;
    wrong.hidden = !sentence;
    box.classList.toggle("s-field--error", Boolean(sentence));
    field.toggleAttribute("aria-invalid", Boolean(sentence));
    if (sentence) {
      wrong.id ||= `${field.id}-e`;
      field.setAttribute("aria-invalid", "true");
      field.setAttribute("aria-describedby", `${field.id}-h ${wrong.id}`);
    }
  };

  const show = (answer) => {
    const item = line.content.firstElementChild.cloneNode(true);
    item.querySelector("[data-upload-name]").textContent = answer.name;
    item.querySelector("[data-upload-size]").textContent = answer.size ?? "";
    const view = item.querySelector("[data-upload-view]");
    if (answer.url) view.href = answer.url; else view.remove();
    item.querySelectorAll(".visually-hidden").forEach((hidden) => { hidden.textContent = ` ${answer.name}`; });
    item.querySelector('input[type="hidden"]').value = answer.id;
    list.append(item);
    return item;
  };

  const take = async (file) => {
    complain("");
    if (max && file.size > Number(max)) { complain(text("too_large", { name: file.name, max: maxText })); return; }
    if (types.length && !types.some((type) => file.name.toLowerCase().endsWith(type))) { complain(text("wrong_type", { name: file.name, types: types.join(" ") })); return; }
    bar.hidden = false;
    bar.value = 0;
    field.disabled = true;
    let heard = 0;
    try {
      const answer = await send(url, file, (percent) => {
        bar.value = percent;
        if (percent >= heard + 25 && percent < 100) { heard = percent; say(text("uploading", { name: file.name, percent })); }
      });
      const item = show({ name: file.name, ...answer });
      if (!many) area.hidden = true;
      say(text("uploaded", { name: file.name }));
      (item.querySelector("[data-upload-view]") ?? item.querySelector("button")).focus();
      box.dispatchEvent(new CustomEvent("sala:uploaded", { bubbles: true, detail: { ...answer, item } }));
    } catch (error) {
      complain(error.message || text("upload_failed", { name: file.name }));
      field.disabled = false;
      field.focus();
    } finally {
      bar.hidden = true;
      field.disabled = false;
      field.value = "";
    }
  };

  const takeAll = (files) => { for (const file of many ? files : [...files].slice(0, 1)) busy = busy.then(() => take(file)); };

  field.addEventListener("change", () => takeAll([...field.files]));
  if (field.files.length) takeAll([...field.files]); // chosen before this script had come over a slow line
  for (const kind of ["dragenter", "dragover"]) area.addEventListener(kind, (event) => { event.preventDefault(); area.classList.add("is-over"); });
  for (const kind of ["dragleave", "drop"]) area.addEventListener(kind, () => area.classList.remove("is-over"));
  area.addEventListener("drop", (event) => { event.preventDefault(); takeAll([...event.dataTransfer.files]); });

  list.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-upload-remove]");
    if (!button) return;
    const item = button.closest("[data-upload-item]");
    const id = item.querySelector('input[type="hidden"]').value;
    const name = item.querySelector("[data-upload-name]").textContent;
    if (removeUrl) {
      const answer = await fetch(removeUrl, { method: "POST", body: new URLSearchParams({ id }), headers: { "X-CSRFToken": csrf(), Accept: "application/json" }, credentials: "same-origin" }).catch(() => null);
      if (!answer?.ok) { const said = await answer?.json().catch(() => null); complain(said?.error ?? text("error")); return; }
    }
    item.remove();
    area.hidden = false;
    say(text("removed", { name }));
    field.focus();
    box.dispatchEvent(new CustomEvent("sala:upload-removed", { bubbles: true, detail: { id } }));
  });
}
