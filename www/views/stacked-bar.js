/** One bar, divided: how many of a whole met which end, each part named below it with its number. As SVG; knows names and numbers only. */
import { scaleLinear } from "d3-scale";
import { makeChart } from "./chart.js";
import { svg } from "./dom.js";

/** @typedef {{name: string, role: string, value: number, lost?: boolean}} Part */
/** @typedef {{title: string, format(value: number): string}} AccountWords */

const TOP = 26;
const BAR = 26;
const LINE = 22;
const GAP = 2;
/** From one line of a pattern to the next. */
const PITCH = 9;

/** @param {AccountWords} words */
export const makeAccounts = (words) => makeChart("accounts", (/** @type {Part[]} */ parts, width) => draw(parts, width, words));

/** @param {Part[]} all @param {number} width @param {AccountWords} words @returns {import("./chart.js").Drawing} */
function draw(all, width, words) {
  const sum = all.reduce((total, { value }) => total + value, 0);
  const x = scaleLinear([0, sum || 1], [0, width]);
  let from = 0;
  const shown = all.filter(({ value }) => value > 0);
  const bars = shown.flatMap(({ role, value, lost }) => {
    const left = x(from);
    from += value;
    const wide = Math.max(1, x(from) - left - GAP);
    return [
      svg("rect", { x: left, y: TOP, width: wide, height: BAR, class: `part-${role}` }),
      // What is lost is told by more than its colour.
      lost === true && svg("path", { d: hatch(left, left + wide), class: "strike" }),
    ];
  });
  return {
    height: TOP + BAR + 10 + all.length * LINE,
    label: `${words.title}: ${all.map(({ name, value }) => `${name} ${words.format(value)}`).join(", ")}`,
    parts: [
      svg("text", { x: 0, y: 14, class: "name" }, words.title),
      ...bars,
      ...all.flatMap(({ name, role, value }, i) => {
        const y = TOP + BAR + 10 + i * LINE;
        return [
          svg("rect", { x: 0, y: y + 4, width: 12, height: 12, class: `part-${role}` }),
          svg("text", { x: 20, y: y + 15, class: value ? "name" : "" }, `${words.format(value)} ${name}`),
        ];
      }),
    ],
  };
}

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
