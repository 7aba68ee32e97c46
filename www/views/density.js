/** How many device pixels a canvas has to a CSS pixel: the page may be zoomed, scaled, or go to another screen. */
import { onResize } from "./dom.js";

/** By what part whole device pixels may differ from the screen's ratio. */
const ROUNDED = 0.05;
/** How often the screen's ratio is looked at. */
const RATIO_MS = 500;

export class Density {
  /** What the canvas' box had last, across and down. */
  #exact = [0, 0];
  #canvas;
  #unwatch;

  /** @param {HTMLCanvasElement} canvas @param {() => void} changed  its size or its pixels have */
  constructor(canvas, changed) {
    this.#canvas = canvas;
    // Events of it are not to be relied on: Chromium sends none where tools set the ratio back to 1.
    let ratio = devicePixelRatio;
    const timer = setInterval(() => ratio !== (ratio = devicePixelRatio) && changed(), RATIO_MS);
    const sized = (/** @type {ResizeObserverEntry} */ { contentBoxSize: [box], devicePixelContentBoxSize: [device] = [box] }) => {
      this.#exact = [device.inlineSize / box.inlineSize, device.blockSize / box.blockSize];
      changed();
    };
    let unobserve;
    try {
      unobserve = onResize(canvas, sized, { box: "device-pixel-content-box" });
    } catch {
      // WebKit tells of no device pixels.
      unobserve = onResize(canvas, sized);
    }
    this.#unwatch = () => {
      clearInterval(timer);
      unobserve();
    };
  }

  /** Across and down; a box has whole device pixels, so that this is near to the screen's ratio only. @param {number} least */
  atLeast(least) {
    const ratio = devicePixelRatio * (/** @type {{currentCSSZoom?: number}} */ (this.#canvas).currentCSSZoom ?? 1);
    return this.#exact.map((one) => Math.max(least, Math.abs(one / ratio - 1) < ROUNDED ? one : ratio));
  }

  destroy() {
    this.#unwatch();
  }
}
