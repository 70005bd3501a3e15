/* The proposal wizard: what its pages need beyond the shared modules. */

import { Vault } from "sala/vault";
import { startFiles } from "./files.js";
import { startSums } from "./sums.js";
import { startTyping } from "./typing.js";

const data = JSON.parse(document.getElementById("wizard-data").textContent);
const vault = new Vault({ user: data.user, place: data.proposal, key: data.key });
const form = document.getElementById("wizard");

// What was just saved needs no copy in this browser any more.
const [savedProposal, savedPart] = (data.justSaved ?? "").split("/");
if (Number(savedProposal) === data.proposal) vault.remove(savedPart);

/** Fields that are asked only after a certain answer. */
function startConditions() {
  for (const box of form.querySelectorAll("[data-shown-by]")) {
    const settle = () => {
      const chosen = form.querySelector(`[name="${box.dataset.shownBy}"]:checked`);
      box.hidden = chosen?.value !== box.dataset.shownIf;
    };
    form.addEventListener("change", settle);
    settle();
  }
}

/** Going back to editing keeps mine: what was picked of theirs in the dialog is let go. */
function startConflict() {
  const dialog = document.getElementById("conflict");
  dialog?.addEventListener("close", () => {
    for (const radio of dialog.querySelectorAll("[data-conflict-mine]")) radio.checked = true;
  });
}

if (form) {
  startConditions();
  startConflict();
  const steps = form.querySelector('[data-repeat="steps"]');
  if (steps) startSums(steps, data);
  if (form.querySelector("[data-upload]")) startFiles(form);
  startTyping(form, data, vault);
}
