/* Pin picker: the pin and two fields follow each other. Without a tile server it draws the bundled province outlines. */

import { config, el, loadScript, loadStyle, say, text } from "sala/dom";

const MIDDLE = [13.2, 101.2];
const LAND = [[5.4, 97.2], [20.6, 105.8]];
const DIGITS = 6;

const figures = (typed) => typed.replace(/[๐-๙]/g, (digit) => String(digit.charCodeAt(0) - 0x0e50)).trim();

function read(lat, long) {
  const at = [Number(figures(lat.value)), Number(figures(long.value))];
  const right = figures(lat.value) !== "" && figures(long.value) !== "" && Math.abs(at[0]) <= 90 && Math.abs(at[1]) <= 180;
  return right ? at : null; // NaN fails the comparisons
}

/** A Leaflet map with its ground, ready for markers. `view`: the element; `data`: tiles, tilesBy. */
export async function makeMap(view, data = {}) {
  await Promise.all([loadStyle(config.leafletCss), loadScript(config.leaflet)]);
  const L = window.L;
  const map = L.map(view, { zoomControl: false, attributionControl: true, maxBoundsViscosity: 0.6, fadeAnimation: false, zoomSnap: 0.25 });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: text("zoom_in"), zoomOutTitle: text("zoom_out") }).addTo(map);
  if (data.tiles) {
    L.tileLayer(data.tiles, { maxZoom: 19, attribution: data.tilesBy ?? "" }).addTo(map);
  } else {
    const answer = await fetch(config.provinces);
    const land = L.geoJSON(await answer.json(), {
      interactive: true, bubblingMouseEvents: true,
      style: { className: "s-map-land", weight: 0.75, fillOpacity: 1 },
      attribution: text("map_source"),
      onEachFeature: (feature, layer) => layer.bindTooltip(config.lang === "th" ? feature.properties.th : feature.properties.name, { sticky: true }),
    });
    land.addTo(map);
    // Decoration: the outlines are no links and no images to be read one by one.
    land.eachLayer((layer) => { const path = layer.getElement(); path?.setAttribute("aria-hidden", "true"); path?.removeAttribute("tabindex"); path?.setAttribute("focusable", "false"); });
    map.setMaxZoom(14);
  }
  map.fitBounds(LAND);
  return map;
}

/** The pin's picture, from our own server. */
export function pinIcon() {
  return window.L.icon({ iconUrl: config.leafletImages, iconRetinaUrl: config.leafletImages2x, shadowUrl: config.leafletShadow, iconSize: [25, 41], iconAnchor: [12, 41], shadowSize: [41, 41] });
}

export async function start(box) {
  const lat = document.getElementById(box.dataset.lat);
  const long = document.getElementById(box.dataset.long);
  const view = box.querySelector("[data-map-view]");
  if (!lat || !long || !view) return;
  const map = await makeMap(view, box.dataset);
  const pin = window.L.marker(read(lat, long) ?? MIDDLE, { draggable: true, autoPan: true, keyboard: true, icon: pinIcon(), alt: text("pin"), title: text("pin"), opacity: read(lat, long) ? 1 : 0.6 });
  pin.addTo(map);

  const told = () => {
    const { lat: y, lng: x } = pin.getLatLng();
    say(text("here", { lat: y.toFixed(DIGITS), long: x.toFixed(DIGITS) }));
  };
  const write = () => {
    const { lat: y, lng: x } = pin.getLatLng().wrap();
    lat.value = y.toFixed(DIGITS);
    long.value = x.toFixed(DIGITS);
    pin.setOpacity(1);
    for (const field of [lat, long]) field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const place = (at, zoom) => { pin.setLatLng(at); map.setView(at, Math.max(map.getZoom(), zoom), { animate: false }); write(); told(); };

  pin.on("drag", write);
  pin.on("dragend", told);
  map.on("click", (event) => { pin.setLatLng(event.latlng); write(); told(); });
  for (const field of [lat, long]) {
    field.addEventListener("input", () => {
      const at = read(lat, long);
      if (at) { pin.setLatLng(at); pin.setOpacity(1); map.panTo(at, { animate: false }); }
    });
  }
  pin.getElement()?.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const size = event.shiftKey ? 20 : 4;
    const point = map.latLngToContainerPoint(pin.getLatLng()).add([step[0] * size, step[1] * size]);
    const { lat: y, lng: x } = map.containerPointToLatLng(point);
    const old = pin.getLatLng();
    pin.setLatLng(step[0] ? [old.lat, x] : [y, old.lng]); // one key changes one figure
    map.panInside(pin.getLatLng(), { padding: [30, 30], animate: false });
    write();
    clearTimeout(box.sayLater);
    box.sayLater = setTimeout(told, 700);
  });
  const here = box.querySelector("[data-map-here]");
  if (here && "geolocation" in navigator) {
    here.hidden = false;
    // Told to everybody's eyes too: the pin and the two fields go on without a position.
    const problem = el("p", { className: "s-hint s-map-problem", hidden: true }, text("no_position"));
    here.after(problem);
    here.addEventListener("click", () => {
      here.setAttribute("aria-busy", "true");
      problem.hidden = true;
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { here.removeAttribute("aria-busy"); place([coords.latitude, coords.longitude], 12); },
        () => { here.removeAttribute("aria-busy"); problem.hidden = false; say(text("no_position"), true); },
        { enableHighAccuracy: true, timeout: 10000 },
      );
    });
  }
  if (read(lat, long)) map.setView(read(lat, long), 9, { animate: false });
  // A map that was laid out while hidden (a closed fold, another tab) measures itself when it shows.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(view);
  box.dispatchEvent(new CustomEvent("sala:map", { bubbles: true, detail: { map, pin } }));
}
