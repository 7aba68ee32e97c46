/** Taking something home: to the clipboard, or as a file. */
import { h } from "./dom.js";

const SAID_MS = 2000;

/**
 * A button that copies text, and says that it did.
 * @param {string} label @param {string} copied @param {() => string} text
 */
export function copyButton(label, copied, text) {
  const button = h("button", { type: "button", onClick: copy }, label);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      // No permission, as in many frames: the way that was there before.
      const area = h("textarea", { readonly: true, "aria-hidden": "true", class: "unseen" });
      area.value = text();
      button.after(area);
      area.select();
      document.execCommand("copy");
      area.remove();
      button.focus();
    }
    button.textContent = copied;
    setTimeout(() => (button.textContent = label), SAID_MS);
  }
  return button;
}

/** @param {string} name @param {string | Blob} contents @param {string} type */
export function save(name, contents, type) {
  const url = URL.createObjectURL(new Blob([contents], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url));
}
