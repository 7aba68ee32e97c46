/**
 * How a reader moves over a timeline: wheel, two fingers, a drag, keys and pointing become zoom, pan, step and point.
 *
 * A page must stay a page: without a modifier the wheel scrolls it, one finger scrolls it up and down, and nothing is taken that a browser needs.
 */

import { placeIn } from "./dom.js";

/**
 * @typedef {object} Moves  what may be asked for; places are in its own pixels from the element's left or top edge
 * @property {(by: number, x: number) => void} zoom  how many times finer, around a place
 * @property {(pixels: number) => void} pan  how far the picture moves to the right
 * @property {(lanes: number, events: number) => void} step
 * @property {(x: number, y: number, spoken: boolean) => void} point
 * @property {() => void} whole
 * @property {() => boolean} zoomed  whether there is anything to pan
 * @property {() => number} middle  where keys zoom
 * @property {(y: number, pressedY: number) => boolean} pick  something was clicked; false where that means no more than pointing at it
 * @property {() => void} leave  the pointer points at nothing any more
 * @property {(() => void) | undefined} remove
 */

/** What one press of a key zooms by, and one notch of a wheel about. */
export const ZOOM = 1.6;
/** A notch of most wheels is 100 pixels, a pinch on a touchpad sends many small ones. */
const NOTCH = 100;
/** A pointer that moved less than this, in pixels, was a click. */
const CLICK = 4;

/** @param {HTMLElement} element  without padding @param {Moves} moves */
export function listen(element, moves) {
  element.addEventListener("wheel", (event) => {
    if (event.ctrlKey || event.metaKey) moves.zoom(ZOOM ** Math.max(-2, Math.min(2, -event.deltaY / NOTCH * (event.deltaMode ? 33 : 1))), placeIn(element, event).x);
    else if (moves.zoomed() && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) moves.pan(-(event.deltaX || event.deltaY));
    else return;
    event.preventDefault();
  }, { passive: false });
  element.addEventListener("keydown", (event) => pressed(event, moves));
  listenToPointers(element, moves);
}

/** @param {KeyboardEvent} event @param {Moves} moves */
function pressed(event, moves) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  /** @type {Record<string, () => void>} */
  const keys = {
    "+": () => moves.zoom(ZOOM, moves.middle()),
    "=": () => moves.zoom(ZOOM, moves.middle()),
    "-": () => moves.zoom(1 / ZOOM, moves.middle()),
    0: moves.whole,
    Home: moves.whole,
    ArrowLeft: () => moves.step(0, -1),
    ArrowRight: () => moves.step(0, 1),
    ArrowUp: () => moves.step(-1, 0),
    ArrowDown: () => moves.step(1, 0),
    ...(moves.remove && { Delete: moves.remove, Backspace: moves.remove }),
  };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
}

/** @param {HTMLElement} element @param {Moves} moves */
function listenToPointers(element, moves) {
  /** Where each pressed pointer is, by its id. @type {Map<number, number>} */
  const down = new Map();
  let moved = 0;
  /** Where the press began that may become a click. @type {{x: number, y: number} | null} */
  let press = null;
  const fingers = () => {
    const [a, b] = [...down.values()];
    return { middle: (a + b) / 2, apart: Math.max(8, Math.abs(a - b)) };
  };
  element.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (down.size === 0) moved = 0;
    const place = placeIn(element, event);
    press = down.size === 0 ? place : null;
    down.set(event.pointerId, place.x);
  });
  element.addEventListener("pointermove", (event) => {
    const before = down.get(event.pointerId);
    const { x, y } = placeIn(element, event);
    if (before === undefined) {
      if (event.pointerType === "mouse") moves.point(x, y, false);
      return;
    }
    const two = down.size === 2 ? fingers() : null;
    moved += Math.abs(x - before);
    if (press && Math.hypot(x - press.x, y - press.y) >= CLICK) press = null;
    // Only a real drag takes the pointer: a tap must stay one, and what a browser took for scrolling ends in pointercancel.
    if (moved >= CLICK && !element.hasPointerCapture(event.pointerId)) element.setPointerCapture(event.pointerId);
    down.set(event.pointerId, x);
    if (two) moves.zoom(fingers().apart / two.apart, fingers().middle);
    else if (moves.zoomed()) moves.pan(x - before);
  });
  // A press that slips off before it has become a drag is let go elsewhere, and nobody tells.
  for (const end of ["pointerup", "pointercancel", "pointerleave"]) element.addEventListener(end, (event) => down.delete(/** @type {PointerEvent} */ (event).pointerId));
  // A page that is swiped must not go along with what is panned.
  for (const press of ["pointerdown", "mousedown", "touchstart"]) element.addEventListener(press, (event) => moves.zoomed() && event.stopPropagation(), { passive: true });
  element.addEventListener("pointerleave", () => moves.leave());
  element.addEventListener("click", (event) => {
    const { x, y } = placeIn(element, event);
    const picked = press !== null && moves.pick(y, press.y);
    press = null;
    if (!picked && moved < CLICK) moves.point(x, y, true);
  });
}
