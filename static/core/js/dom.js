/* What every module shares: the page's sentences and addresses, announcing, posting, loading vendored scripts. */

const source = document.getElementById("sala-config");
export const config = source ? JSON.parse(source.textContent) : { text: {} };

/** A sentence of the page's language, its {holes} filled. */
export function text(key, values = {}) {
  return (config.text[key] ?? key).replace(/\{(\w+)\}/g, (hole, name) => values[name] ?? hole);
}

/** Say something to screen readers: politely, or at once. Repeating the same sentence is heard again. */
export function say(sentence, now = false) {
  const region = document.getElementById(now ? "say-now" : "say");
  if (!region) return;
  region.textContent = "";
  setTimeout(() => { region.textContent = sentence; }, 50);
}

export function csrf() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** An element with properties, attributes and children; strings become text, never HTML. */
export function el(tag, given = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (name in made) made[name] = value;
    else made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** One icon of the sprite, silent. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", `bi bi-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${config.icons}#${name}`);
  svg.append(use);
  return svg;
}

const loading = new Map();

/** Load a vendored script once. */
export function loadScript(url) {
  if (!loading.has(url)) {
    loading.set(url, new Promise((resolve, reject) => {
      const script = el("script", { src: url, async: true });
      script.addEventListener("load", () => resolve());
      script.addEventListener("error", () => { loading.delete(url); reject(new Error(url)); });
      document.head.append(script);
    }));
  }
  return loading.get(url);
}

/** Load a vendored style sheet once, before Sala's own so that ours win. */
export function loadStyle(url) {
  if (!loading.has(url)) {
    loading.set(url, new Promise((resolve) => {
      const sheet = el("link", { rel: "stylesheet", href: url });
      sheet.addEventListener("load", () => resolve());
      sheet.addEventListener("error", () => resolve());
      const first = document.querySelector('link[rel="stylesheet"]');
      if (first) first.after(sheet); else document.head.append(sheet);
    }));
  }
  return loading.get(url);
}

/** The first thing inside `element` that takes the focus, itself included. */
export function focusable(element) {
  const wanted = 'a[href], button:not([disabled]), input:not([type="hidden"]):not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex]';
  return element.matches(wanted) ? element : element.querySelector(wanted);
}

/** A number beside the browser's memory; a browser without storage forgets, and that is all. */
export const memory = {
  get(key) { try { return localStorage.getItem(`sala.${key}`); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(`sala.${key}`, value); } catch { /* private window */ } },
};
