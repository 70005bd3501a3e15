/* All organizations on one map. Those that would touch stand together as one circle with their number: it is pressed to
   come nearer, or to read their names where coming nearer would not part them. Circles are buttons, for keys too. */

import { el, say, text } from "sala/dom";
import { makeMap } from "sala/map";

const NEAR = 56; // pixels within which organizations stand together
const NAMES = 30; // that one circle tells at most

const view = document.getElementById("organizations-map");
const words = view.dataset;
const map = await makeMap(view, view.dataset);
const L = window.L;
const answer = await fetch(words.points, { headers: { Accept: "application/json" }, credentials: "same-origin" });
const { points } = await answer.json();
const shown = L.layerGroup().addTo(map);

const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
const number = (count) => count.toLocaleString();

/** Groups of the points in sight, each within a square of NEAR pixels at this zoom. */
function groups() {
  const zoom = map.getZoom();
  const sight = map.getBounds().pad(0.1);
  const squares = new Map();
  for (const point of points) {
    if (!sight.contains([point.lat, point.long])) continue;
    const at = map.project([point.lat, point.long], zoom);
    const key = `${Math.floor(at.x / NEAR)}:${Math.floor(at.y / NEAR)}`;
    const square = squares.get(key);
    if (square) square.push(point); else squares.set(key, [point]);
  }
  return apart([...squares.values()], zoom);
}

const middle = (found) => [found.reduce((sum, point) => sum + point.lat, 0) / found.length, found.reduce((sum, point) => sum + point.long, 0) / found.length];

/** The same groups, those put together whose circles would lie on each other across the edge of a square. */
function apart(squares, zoom) {
  const kept = [];
  for (const found of squares.sort((one, other) => other.length - one.length)) {
    const at = map.project(middle(found), zoom);
    const near = kept.find((group) => at.distanceTo(group.at) < NEAR * 0.7);
    if (near) near.found.push(...found); else kept.push({ at, found });
  }
  return kept.map((group) => group.found);
}

function names(found) {
  const list = el("ul", { className: "s-map-names" }, ...found.slice(0, NAMES).map((point) => el("li", {}, el("a", { href: point.url }, point.name), point.note ? el("small", {}, point.note) : null)));
  return el("div", {}, list, found.length > NAMES ? el("p", {}, fill(words.moreText, { n: number(found.length - NAMES) })) : null);
}

function press(found, at) {
  const bounds = L.latLngBounds(found.map((point) => [point.lat, point.long]));
  const isOnePlace = bounds.getNorthEast().equals(bounds.getSouthWest());
  if (!isOnePlace && map.getZoom() < map.getMaxZoom()) {
    map.fitBounds(bounds, { padding: [40, 40], maxZoom: map.getZoom() + 4, animate: false });
    say(fill(words.nearerText, { n: number(found.length) }));
    view.focus({ preventScroll: true });
  } else {
    const popup = L.popup({ maxHeight: 260 }).setLatLng(at).setContent(names(found)).openOn(map);
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", text("close"));
  }
}

function draw() {
  shown.clearLayers();
  for (const found of groups()) {
    const at = middle(found);
    const size = found.length === 1 ? 24 : Math.min(32 + 8 * Math.log10(found.length), 64);
    const icon = L.divIcon({ className: found.length === 1 ? "s-map-dot" : "s-map-dot s-map-dot--many", iconSize: [size, size], html: found.length === 1 ? "" : el("span", {}, number(found.length)) });
    const marker = L.marker(at, { icon, keyboard: true, riseOnHover: true }).addTo(shown);
    const label = found.length === 1 ? found[0].name : fill(words.manyText, { n: number(found.length), name: found[0].note });
    marker.getElement().setAttribute("aria-label", label);
    marker.getElement().title = label;
    marker.on("click", () => press(found, at));
  }
}

// Leaflet takes the mouse to a circle; the keys of a button are ours.
view.addEventListener("keydown", (event) => {
  if (!["Enter", " "].includes(event.key) || !event.target.classList.contains("s-map-dot")) return;
  event.preventDefault();
  event.target.click();
});
if (points.length) map.fitBounds(points.map((point) => [point.lat, point.long]), { maxZoom: 9, padding: [24, 24], animate: false });
draw();
map.on("moveend", draw);
const sum = document.getElementById("map-sum");
sum.textContent = fill(sum.dataset.text, { n: number(points.length) });
