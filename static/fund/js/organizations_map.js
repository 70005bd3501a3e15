/* All organizations on one map: a dot each, drawn on a canvas so that thousands are quick; a press names it with a link. */

import { el } from "sala/dom";
import { makeMap } from "sala/map";

const view = document.getElementById("organizations-map");
const map = await makeMap(view, view.dataset);
const L = window.L;
const answer = await fetch(view.dataset.points, { headers: { Accept: "application/json" }, credentials: "same-origin" });
const { points } = await answer.json();
const style = getComputedStyle(document.documentElement);
const fill = style.getPropertyValue("--sala-primary").trim() || "#2b4a8b";
// A pane of their own: Leaflet would draw a canvas beneath the outlines of the provinces.
map.createPane("dots").style.zIndex = "450";
const ground = L.canvas({ padding: 0.3, pane: "dots" });
const bounds = [];

for (const point of points) {
  const at = [point.lat, point.long];
  bounds.push(at);
  const box = el("div", {}, el("b", {}, point.name), el("br"), point.note ? `${point.note} ` : "", el("a", { href: point.url }, view.dataset.openText));
  L.circleMarker(at, { renderer: ground, pane: "dots", radius: 6, weight: 1.5, color: "#fff", fillColor: fill, fillOpacity: 0.9 }).addTo(map).bindPopup(box);
}
if (bounds.length) map.fitBounds(bounds, { maxZoom: 9, padding: [24, 24] });
const sum = document.getElementById("map-sum");
sum.textContent = sum.dataset.text.replace("{n}", points.length.toLocaleString());
