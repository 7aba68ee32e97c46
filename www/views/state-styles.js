/** How a worker's states look, wherever they are drawn: by colour, by height and by pattern, so that none is told by its colour alone. */
import { h, svg } from "./dom.js";

/**
 * @typedef {object} StateStyle
 * @property {string} role  its colour's
 * @property {number} height  how much of its lane it fills
 * @property {boolean} [tick]  it may be too short to be seen at its true width
 * @property {boolean} [hatched]
 * @property {boolean} [cross]
 * @property {boolean} [final]  nothing follows it
 */

/** @type {Record<string, StateStyle>} */
export const STYLES = {
  starting: { role: "hair", height: 0.2 },
  io: { role: "io", height: 0.5 },
  cpu: { role: "cpu", height: 0.72 },
  waiting: { role: "waiting", height: 0.86, tick: true, hatched: true },
  holding: { role: "holding", height: 1, tick: true },
  done: { role: "done", height: 0.12, final: true },
  stopped: { role: "done", height: 0.12, final: true },
  failed: { role: "failed", height: 0.3, cross: true, final: true },
  gone: { role: "failed", height: 0.3, cross: true, final: true },
  // A master's: it is there, and now and then it does something that takes no time to speak of.
  master: { role: "master", height: 0.2 },
  poll: { role: "master", height: 0.6, tick: true },
  "poll-all": { role: "master", height: 1, tick: true },
  exit: { role: "failed", height: 0.3, cross: true },
};
/** What is no state but is drawn below one: a sign of life. @type {StateStyle} */
export const BEAT = { role: "rule", height: 0.26, tick: true };

/** What a timeline's legend names where nobody says otherwise. */
export const LEGEND = ["io", "cpu", "waiting", "holding", "done", "failed"];

/** A legend of what a reader may see. @param {string[]} names @param {Record<string, string>} words */
export const legendFor = (names, words) => names.map((name) => h("li", { "data-mark": name }, swatch(name === "beat" ? BEAT : STYLES[name]), words[name]));

/** @param {StateStyle} style */
function swatch({ role, height, tick, hatched, cross }) {
  const stroke = `var(--c-${role})`;
  const tall = 14 * height;
  const top = (14 - tall) / 2;
  const marks = cross ? [svg("path", { d: "M6 2l10 10M16 2L6 12", stroke, "stroke-width": 2 })]
    : hatched ? [svg("path", { d: `M7 ${top + 6}l6 -6M7 ${top + tall}l8 -8M9 ${top + tall}l6 -6`, stroke, "stroke-width": 1.6 })]
      : [svg("rect", { x: tick ? 9.5 : 0, y: top, width: tick ? 3 : 22, height: tall, fill: stroke })];
  return svg("svg", { viewBox: "0 0 22 14", "aria-hidden": "true" }, marks);
}
