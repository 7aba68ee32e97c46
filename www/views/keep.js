/**
 * Keeps from the page the events that a figure itself uses. They leave the shadow tree as the element's own: the page can't tell a field from a figure, and
 * would turn its pages by the arrows that move a slider, or run a command by a digit. What the figure doesn't use goes on to the page.
 */

const FIELD = "input:not([type=range], [type=file]), textarea";
const SCROLLED = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "PageUp", "PageDown", "Home", "End"];
/** Keys on which a focused part acts by itself. @type {[part: string, keys: string[]][]} */
const NATIVE = [
  ["input[type=range]", SCROLLED],
  ["select", [...SCROLLED, "Enter", " "]],
  ["button, summary, input[type=file]", ["Enter", " "]],
  ["a", ["Enter"]],
  [FIELD, [...SCROLLED, "Enter", "Backspace", "Delete", "Insert", "Undo", "Redo", "Cut", "Copy", "Paste"]],
];
/** What Ctrl or Command does in a field. */
const EDITING = ["a", "c", "v", "x", "y", "z", "Backspace", "Delete", "Insert", ...SCROLLED];

/** Whether a key means something where it was pressed. @param {KeyboardEvent} event */
function uses(event) {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  if (event.defaultPrevented || event.isComposing) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest("dialog")) return !ctrlKey && !metaKey && !altKey;
  const writes = key.length === 1 && (target.matches(FIELD) || target.matches("select"));
  if (event.getModifierState("AltGraph")) return writes;
  if (ctrlKey || metaKey || altKey) return target.matches(FIELD) && EDITING.includes(key.length === 1 ? key.toLowerCase() : key);
  return writes || NATIVE.some(([part, keys]) => target.matches(part) && keys.includes(key)) || (scrolls(target) && [...SCROLLED, " "].includes(key));
}

/** Whether a part is one that keys scroll. @param {Element} part */
const scrolls = (part) => part.matches(".log, pre[tabindex], .wide[tabindex]") && (part.scrollHeight > part.clientHeight || part.scrollWidth > part.clientWidth);

/** @param {ShadowRoot} root @param {AbortSignal} signal */
export function keepOwn(root, signal) {
  /** Keys that are down and are the figure's: the page hears nothing more of them either. @type {Set<string>} */
  const down = new Set();
  /** @param {string[]} types @param {(event: any) => boolean} isOwn */
  const keep = (types, isOwn) => types.forEach((type) => root.addEventListener(type, (event) => isOwn(event) && event.stopPropagation(), { signal, passive: true }));
  keep(["keydown"], (/** @type {KeyboardEvent} */ event) => {
    const mine = uses(event);
    if (mine) down.add(event.code);
    else down.delete(event.code);
    return mine;
  });
  keep(["keypress"], ({ code }) => down.has(code));
  keep(["keyup"], ({ code }) => down.delete(code));
  keep(["cut", "copy", "paste"], ({ target }) => target.matches(FIELD));
  keep(["wheel", "dragover", "drop"], ({ defaultPrevented }) => defaultPrevented);
  // A page that is swiped, or drags what is in it, would go along with the slider.
  keep(["pointerdown", "mousedown", "touchstart"], ({ target }) => target.matches("input[type=range]"));
}
