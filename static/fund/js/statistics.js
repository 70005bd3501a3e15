/* Charts of the statistics, drawn from the cells of the table under each, so that they know nothing that it does not
   say. The library is fetched when the first chart comes into view. A chart is for the eye: the table is for everybody. */

import { loadScript, say } from "sala/dom";

const page = document.getElementById("statistics");
const NARROW = 480; // pixels of a chart; labels stand less close
const BAR = 34; // pixels of a lying bar with its label
const MOST_BARS = 15; // longer tables are charted by their largest rows
const PICTURE = { width: 1200, ratio: 2, margin: 40, head: 96, foot: 48 };

const token = (name, root = document.documentElement) => getComputedStyle(root).getPropertyValue(name).trim();

/** The colours of a theme by its tokens; pictures are always on white. */
function paint(theme) {
  const probe = document.createElement("div");
  if (theme) probe.dataset.bsTheme = theme;
  document.body.append(probe);
  const found = {
    series: [1, 2, 3, 4, 5].map((n) => token(`--sala-chart-${n}`, probe)),
    grid: token("--sala-chart-grid", probe), text: token("--sala-text", probe), soft: token("--sala-text-soft", probe),
    surface: token("--sala-surface", probe), font: token("--sala-font") || "Sarabun, sans-serif",
  };
  probe.remove();
  return found;
}

/** What the table says: names of the rows with a figure, and of each charted column its name, figures and their texts. */
function readTable(figure) {
  const places = figure.dataset.series.split(",").map(Number);
  const says = (row) => places.some((place) => row.querySelectorAll("td")[place]?.dataset.v);
  const rows = [...figure.querySelectorAll("tbody tr")].filter((row) => row.querySelector("th") && says(row));
  const heads = [...figure.querySelectorAll("thead th")].slice(1);
  const series = places.map((place) => ({
    name: heads[place].textContent.trim().replace(/\s+/g, " "),
    cells: rows.map((row) => row.querySelectorAll("td")[place]),
  }));
  return {
    names: rows.map((row) => row.querySelector("th").textContent.trim()),
    series: series.map(({ name, cells }) => ({
      name,
      values: cells.map((cell) => (cell.dataset.v === "" ? null : Number(cell.dataset.v))),
      texts: cells.map((cell) => cell.textContent.trim()),
    })),
  };
}

function option(figure, width, colours, still) {
  const { names, series } = readTable(figure);
  const lies = figure.dataset.chart === "bars";
  const shown = names.slice(0, lies ? MOST_BARS : names.length);
  const text = { fontFamily: colours.font, fontSize: 14, color: colours.text };
  const category = {
    type: "category", data: shown, inverse: lies, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.grid } },
    axisLabel: { ...text, interval: lies ? 0 : "auto", width: lies ? Math.min(220, width * 0.44) : undefined, overflow: lies ? "break" : undefined, lineHeight: 18 },
  };
  const value = {
    type: "value", splitNumber: width < NARROW ? 3 : 5, axisLabel: { ...text, color: colours.soft, hideOverlap: true }, splitLine: { lineStyle: { color: colours.grid } },
  };
  return {
    animation: !still && !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 200,
    color: lies ? [colours.series[0]] : [colours.series[1], colours.series[0]],
    textStyle: text,
    // Patterns tell the columns apart without colour.
    aria: { enabled: true, label: { enabled: false }, decal: { show: series.length > 1 } },
    legend: { show: series.length > 1, left: 0, top: 0, textStyle: text, itemWidth: 18, itemHeight: 14, selectedMode: false },
    grid: { left: 4, right: lies ? 64 : 8, top: series.length > 1 ? 44 : 8, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    tooltip: { renderMode: "richText", trigger: "axis", axisPointer: { type: "shadow" }, confine: true, backgroundColor: colours.surface, borderColor: colours.grid, textStyle: text },
    [lies ? "yAxis" : "xAxis"]: category,
    [lies ? "xAxis" : "yAxis"]: { ...value, axisLabel: lies ? { show: false } : value.axisLabel, splitLine: lies ? { show: false } : value.splitLine },
    series: series.map((one) => ({
      type: "bar", name: one.name, data: one.values.slice(0, shown.length), barMaxWidth: lies ? 22 : 40, barMinHeight: 1,
      itemStyle: { borderRadius: 2 },
      label: { show: true, position: lies ? "right" : "top", ...text, fontSize: width < NARROW && !lies ? 12 : 14, formatter: ({ dataIndex }) => one.texts[dataIndex] },
      labelLayout: { hideOverlap: true },
    })),
  };
}

const height = (figure) => (figure.dataset.chart === "bars" ? Math.min(readTable(figure).names.length, MOST_BARS) * BAR + 24 : 320);

async function draw(figure) {
  const view = figure.querySelector("[data-chart-view]");
  await Promise.all([loadScript(page.dataset.library), document.fonts.load("14px Sarabun", "ก1")]);
  const chart = window.echarts.init(view, null, { renderer: "canvas" });
  const render = () => chart.setOption(option(figure, view.clientWidth, paint()), true);
  render();
  new ResizeObserver(() => { chart.resize({ animation: { duration: 0 } }); render(); }).observe(view);
  new MutationObserver(render).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
}

/** The chart on white with its title, years, source and date, as a picture to keep. */
async function savePicture(figure) {
  await Promise.all([loadScript(page.dataset.library), document.fonts.load("600 26px Sarabun", "ก1"), document.fonts.load("18px Sarabun", "ก1")]);
  const { width, ratio, margin, head, foot } = PICTURE;
  const colours = paint("light");
  const size = { width: width - 2 * margin, height: Math.max(height(figure), 360) };
  const holder = document.createElement("div");
  const chart = window.echarts.init(holder, null, { renderer: "canvas", devicePixelRatio: ratio, ...size });
  chart.setOption(option(figure, size.width, colours, true));
  const canvas = document.createElement("canvas");
  canvas.width = width * ratio;
  canvas.height = (size.height + head + foot) * ratio;
  const brush = canvas.getContext("2d");
  brush.scale(ratio, ratio);
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, width, canvas.height);
  const write = (words, y, font, colour) => { brush.font = font; brush.fillStyle = colour; brush.fillText(words, margin, y, width - 2 * margin); };
  const title = figure.querySelector("[data-chart-title]").firstChild ? figure.querySelector("caption").textContent.trim() : "";
  write(title, 46, `600 26px ${colours.font}`, colours.text);
  write(page.dataset.span, 76, `18px ${colours.font}`, colours.soft);
  brush.drawImage(chart.getRenderedCanvas({ pixelRatio: ratio, backgroundColor: "#fff" }), margin, head, size.width, size.height);
  write(page.dataset.source, head + size.height + 30, `16px ${colours.font}`, colours.soft);
  chart.dispose();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${figure.dataset.name}.png`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  say(page.dataset.saved);
}

const watcher = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    watcher.unobserve(target);
    draw(target.closest("[data-chart]")).catch((error) => console.error(error));
  }
}, { rootMargin: "200px" });

for (const figure of page.querySelectorAll("[data-chart]")) {
  const hasFigures = readTable(figure).series.some((one) => one.values.some((value) => value));
  if (!hasFigures) continue;
  const view = figure.querySelector("[data-chart-view]");
  view.hidden = false;
  view.style.height = `${height(figure)}px`;
  watcher.observe(view);
  const button = figure.querySelector("[data-chart-png]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.disabled = true;
    try { await savePicture(figure); } finally { button.disabled = false; button.focus(); }
  });
}
