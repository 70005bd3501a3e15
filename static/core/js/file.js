/* A file that goes with its form. The browser's own control speaks the browser's language: its label is the button here,
   the name of what is chosen stands beside it, and a file may be dropped; the control keeps focus and keys. */

export function start(box) {
  const field = box.querySelector('input[type="file"]');
  const area = box.querySelector("[data-file-drop]");
  const said = box.querySelector("[data-file-said]");
  const nothing = said.textContent;
  const tell = () => { said.textContent = field.files[0]?.name.normalize("NFC") ?? nothing; };

  field.className = "visually-hidden";
  area.prepend(field);
  area.hidden = false;
  field.addEventListener("change", tell);
  area.addEventListener("dragover", (event) => { event.preventDefault(); area.classList.add("is-over"); });
  area.addEventListener("dragleave", () => area.classList.remove("is-over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    field.files = event.dataTransfer.files;
    tell();
  });
  tell();
}
