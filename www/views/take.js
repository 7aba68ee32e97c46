/** Taking something home: to the clipboard, or as a file. */
import { h } from "./dom.js";

const SAID_MS = 2000;

/** How long a browser may take to read a file that it was given to save, in ms. */
const SAVING_MS = 40000;

/**
 * A button that copies text, and says whether it did. What can't be copied stands beside it, marked, to be copied by hand.
 * @param {string} label @param {{copied: string, uncopied: string}} said @param {() => string} text
 */
export function copyButton(label, { copied, uncopied }, text) {
  const button = h("button", { type: "button", onClick: copy }, label);
  async function copy() {
    let done = true;
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      // No permission, as in many frames: the way that was there before.
      const area = h("textarea", { readonly: true, rows: 3, "aria-label": label });
      area.value = text();
      button.after(area);
      area.select();
      done = document.execCommand("copy");
      if (done) {
        area.remove();
        button.focus();
      } else area.addEventListener("blur", () => area.remove());
    }
    button.textContent = done ? copied : uncopied;
    setTimeout(() => (button.textContent = label), SAID_MS);
  }
  return button;
}

/** @param {string} name @param {string | Blob} contents @param {string} type */
export function save(name, contents, type) {
  const url = URL.createObjectURL(new Blob([contents], { type }));
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), SAVING_MS);
}
