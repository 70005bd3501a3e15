/* Typing that could not be sent yet, kept in this browser for the one person it belongs to.
   It is locked with AES-GCM by a key that only a page given to that person carries; on a page without WebCrypto (plain
   http) it lies open, and so only in sessionStorage, which ends with the tab. */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const toText = (bytes) => btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(""));
const toBytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export class Vault {
  constructor({ user, place, key }) {
    this.name = (part) => `sala.typing.${user}.${place}.${part}`;
    this.locked = Boolean(globalThis.crypto?.subtle);
    this.turn = new Map();
    this.key = this.locked ? crypto.subtle.importKey("raw", toBytes(key), "AES-GCM", false, ["encrypt", "decrypt"]) : null;
  }

  get store() { return this.locked ? localStorage : sessionStorage; }

  /** Put `value` in place of what is kept for the part; false where the browser keeps nothing. */
  async put(part, value) {
    const turn = (this.turn.get(part) ?? 0) + 1;
    this.turn.set(part, turn);
    try {
      let text = JSON.stringify(value);
      if (this.locked) {
        const iv = crypto.getRandomValues(new Uint8Array(12));
        const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await this.key, encoder.encode(text));
        text = `${toText(iv)}.${toText(data)}`;
      }
      // Something newer was put, or all was removed, while this was being locked.
      if (this.turn.get(part) !== turn) return true;
      this.store.setItem(this.name(part), text);
      return true;
    } catch { return false; }
  }

  /** What is kept for the part, or null. What this person's key does not open is not theirs, and goes. */
  async get(part) {
    try {
      const text = this.store.getItem(this.name(part));
      if (!text) return null;
      if (!this.locked) return JSON.parse(text);
      const [iv, data] = text.split(".").map(toBytes);
      return JSON.parse(decoder.decode(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await this.key, data)));
    } catch { this.remove(part); return null; }
  }

  remove(part) {
    this.turn.set(part, (this.turn.get(part) ?? 0) + 1);
    try { this.store.removeItem(this.name(part)); } catch { /* nothing is kept here */ }
  }
}
