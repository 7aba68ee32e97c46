/**
 * Every single value as a dot on a line, a row for each way of measuring: a distribution that hides nothing. A row may have a range in which its values
 * are expected, and the middle of that.
 */
import { box, dot, makeChart, rowChart, rule, sayRows, text } from "./chart.js";
import { linear } from "./scale.js";
import { svg } from "./dom.js";

/** @typedef {{name: string, values: number[], earlier: number[], most: number | null, mean: number}} Row  `values` are this run's; `most`: expected between 0 and this */
/** @typedef {{title: string, expected: string, mean: string, format(value: number): string, tick(value: number, step: number): string}} StripWords */

const DOT = 3.5;
/** How many dots fit above each other before they overlap. */
const PILE = 6;

/** @param {StripWords} words */
export const makeStrip = (words) => makeChart("strip", (/** @type {Row[]} */ rows, width) => {
  const most = Math.max(1e-3, ...rows.flatMap(({ values, earlier, most: expected }) => [...values, ...earlier, expected ?? 0]));
  const x = linear([0, most * 1.02], [DOT + 1, width - DOT - 12]);
  return rowChart({
    title: words.title, rows, top: 30, pitch: 74, x, ticks: width < 400 ? 3 : 6, format: words.tick, label: describe(rows, words),
    draw({ name, values, earlier, most: expected, mean }, top) {
      const base = top + 64;
      return [
        text(0, top + 16, name, "name"),
        expected !== null && box(x(0), x(expected), base - 34, 38, "noise", 2),
        expected !== null && rule(x(expected / 2), base - 34, base + 4, "half"),
        ...pile(earlier, x).map(([at, up]) => dot(at, base - up, DOT, "earlier")),
        ...pile(values, x).map(([at, up]) => dot(at, base - up, DOT, "here")),
        svg("path", { d: `M${x(mean)} ${base + 5}l4 6h-8z`, class: "mean" }),
        text(width, top + 16, `${words.mean} ${words.format(mean)}`, "value", "end"),
      ];
    },
  });
});

/** Places for dots such that near ones lie above each other. @param {number[]} values @param {(value: number) => number} x @returns {[number, number][]} */
function pile(values, x) {
  let last = -Infinity;
  let height = 0;
  return [...values].sort((a, b) => a - b).map((value) => {
    const at = x(value);
    height = at - last < 2 * DOT ? height + 1 : 0;
    if (height === 0) last = at;
    return [at, (height % PILE) * DOT * 1.6];
  });
}

/** @param {Row[]} rows @param {StripWords} words */
const describe = (rows, words) => sayRows(words.title, rows, ({ name, values, earlier, most, mean }) => [
  `${name}: ${words.mean} ${words.format(mean)}`, values.map(words.format).join(", "), earlier.map(words.format).join(", "),
  most !== null && `${words.expected} ${words.format(most / 2)}`,
]);
