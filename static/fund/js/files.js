/* Part 4: what core's upload.js brings becomes a row of its list. */

const UNITS = ["Bytes", "kB", "MB", "GB"];

function size(bytes) {
  let value = Number(bytes);
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) { value /= 1000; unit += 1; }
  return `${unit ? value.toFixed(1) : value} ${UNITS[unit]}`;
}

export function startFiles(form) {
  form.addEventListener("sala:uploaded", (event) => {
    const { item, name, size: bytes } = event.detail;
    item.dataset.rowName = name;
    item.querySelector("[data-upload-size]").textContent = size(bytes);
    item.closest("[data-repeat]").dispatchEvent(new CustomEvent("sala:settle"));
  });
}
