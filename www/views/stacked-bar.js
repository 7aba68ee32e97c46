/** One bar, divided: how many of a whole met which end, each part named below it with its number. */
import { box, makeChart, text } from "./chart.js";
import { svg } from "./dom.js";
import { linear } from "./scale.js";

/** @typedef {{name: string, role: string, value: number, lost?: boolean}} Part */
/** @typedef {{title: string, format(value: number): string}} StackedBarWords */

const TOP = 26;
const BAR = 26;
const LINE = 22;
const GAP = 2;
/** From one line of a pattern to the next. */
const PITCH = 9;

/** @param {StackedBarWords} words */
export const makeStackedBar = (words) => makeChart("stacked", (/** @type {Part[]} */ parts, width) => {
  const x = linear([0, parts.reduce((sum, { value }) => sum + value, 0) || 1], [0, width]);
  let from = 0;
  return {
    height: TOP + BAR + 10 + parts.length * LINE,
    label: `${words.title}: ${parts.map(({ name, value }) => `${name} ${words.format(value)}`).join(", ")}`,
    marks: [
      text(0, 14, words.title, "name"),
      ...parts.filter(({ value }) => value > 0).flatMap(({ role, value, lost }) => {
        const left = x(from);
        const right = Math.max(left + 1, x((from += value)) - GAP);
        // What is lost is told by more than its colour.
        return [box(left, right, TOP, BAR, `part-${role}`), lost === true && svg("path", { d: hatch(left, right), class: "strike" })];
      }),
      ...parts.flatMap(({ name, role, value }, i) => {
        const y = TOP + BAR + 10 + i * LINE;
        return [box(0, 12, y + 4, 12, `part-${role}`), text(20, y + 15, `${words.format(value)} ${name}`, value ? "name" : null)];
      }),
    ],
  };
});

/** Slanting lines over a part of the bar. @param {number} left @param {number} right */
function hatch(left, right) {
  let path = "";
  for (let x = left - BAR; x < right; x += PITCH) {
    const from = Math.max(x, left);
    const to = Math.min(x + BAR, right);
    path += `M${from} ${TOP + BAR - (from - x)}L${to} ${TOP + BAR - (to - x)}`;
  }
  return path;
}
