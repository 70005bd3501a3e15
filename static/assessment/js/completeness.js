/* The map of completeness, coloured from the rows of the table beneath, so that it knows nothing that they do not say.
   A province is pressed to open its page; the table's links do the same for the keyboard. */

import { config } from "sala/dom";
import { makeMap } from "sala/map";

const COMPLETE = 100;
const STEPS = [50, 80, COMPLETE]; // percent from which a province stands one level higher

const view = document.getElementById("completeness-map");
const rows = new Map([...document.querySelectorAll("#completeness-table tr[data-province]")].map((row) => [row.dataset.province, row]));

function level(row) {
  if (row.dataset.done === "0" && row.dataset.percent !== String(COMPLETE)) return 0;
  return 1 + STEPS.filter((step) => Number(row.dataset.percent) >= step).length;
}

const map = await makeMap(view);
map.scrollWheelZoom.disable(); // the page scrolls, the map does not catch it
map.eachLayer((layer) => {
  const row = layer.feature && rows.get(config.lang === "th" ? layer.feature.properties.th : layer.feature.properties.name);
  const path = row && layer.getElement();
  if (!path) return;
  path.classList.add(`as-level-${level(row)}`);
  layer.setTooltipContent(row.dataset.tip);
  layer.on("click", () => row.querySelector("a").click());
});
new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(view);
view.dataset.drawn = "";
