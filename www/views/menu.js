/** A button that opens a small menu above what follows. What is in the menu is made when it opens, and may have to be fetched first. */
import { h, refill } from "./dom.js";

/**
 * @param {string} label
 * @param {() => Promise<(Node | null | false | undefined)[]>} fill  what is in it now
 * @param {string} failed  what is said where that can't be had; the next press tries again
 */
export function makeMenu(label, fill, failed) {
  const panel = h("div", { class: "panel", role: "group", "aria-label": label, hidden: true });
  const button = h("button", { type: "button", "aria-expanded": "false", disabled: true, onClick: () => (panel.hidden || lacks ? void open() : close()) }, label);
  const element = h("span", { class: "menu", onKeydown: escape, onFocusout: leave }, button, panel);

  let lacks = false;

  async function open() {
    if (button.hasAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    const items = await fill().catch(() => null);
    button.removeAttribute("aria-busy");
    lacks = items === null;
    refill(panel, items ?? h("p", { class: "warning", role: "alert" }, failed));
    panel.hidden = false;
    button.setAttribute("aria-expanded", "true");
    document.addEventListener("pointerdown", outside, true);
  }

  function close() {
    panel.hidden = true;
    button.setAttribute("aria-expanded", "false");
    document.removeEventListener("pointerdown", outside, true);
  }

  /** @param {KeyboardEvent} event */
  function escape(event) {
    if (event.key !== "Escape" || panel.hidden) return;
    event.preventDefault();
    close();
    button.focus();
  }

  /** @param {FocusEvent} event */
  function leave(event) {
    if (event.relatedTarget instanceof Node && !element.contains(event.relatedTarget)) close();
  }

  /** @param {Event} event */
  function outside(event) {
    if (!event.composedPath().includes(element)) close();
  }

  return { element, button, close };
}
