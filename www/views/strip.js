/**
 * Every single value as a dot on a line, a row for each way of measuring: a distribution that hides nothing. A row may have a range in which its values
 * are expected, and the middle of that. As SVG; knows names and numbers only.
 */
import { scaleLinear } from "d3-scale";
import { axis, makeChart } from "./chart.js";
import { svg } from "./dom.js";

/** @typedef {{name: string, values: number[], earlier: number[], most: number | null, mean: number}} Row  `values` are this run's; `most`: expected between 0 and this */
/** @typedef {{title: string, expected: string, mean: string, format(value: number): string, tick(value: number, step: number): string}} StripWords */

const NAMES = 20;
const ROW = 74;
const TOP = 30;
const BOTTOM = 26;
const DOT = 3.5;
/** Dots nearer than this lie one above the other. */
const NEAR = 2 * DOT;
/** So many dots fit above each other before they overlap. */
const PILE = 6;

/** @param {StripWords} words */
export const makeStrip = (words) => makeChart("strip", (/** @type {Row[]} */ rows, width) => draw(rows, width, words));

/** @param {Row[]} rows @param {number} width @param {StripWords} words @returns {import("./chart.js").Drawing} */
function draw(rows, width, words) {
  const most = Math.max(1e-3, ...rows.flatMap(({ values, earlier, most: expected }) => [...values, ...earlier, expected ?? 0]));
  const x = scaleLinear([0, most * 1.02], [DOT + 1, width - DOT - 12]);
  const bottom = TOP + rows.length * ROW;
  return {
    height: bottom + BOTTOM,
    label: describe(rows, words),
    parts: [
      svg("text", { x: 0, y: 14, class: "name" }, words.title),
      axis(x, bottom, { ticks: width < 400 ? 3 : 6, format: words.tick, grid: rows.length * ROW }),
      ...rows.flatMap((row, i) => drawRow(row, TOP + i * ROW, x, words, width)),
    ],
  };
}

/** @param {Row} row @param {number} top @param {(value: number) => number} x @param {StripWords} words @param {number} width */
function drawRow({ name, values, earlier, most, mean }, top, x, words, width) {
  const base = top + ROW - 10;
  return [
    svg("text", { x: 0, y: top + NAMES - 4, class: "name" }, name),
    most !== null && svg("rect", { x: x(0), y: base - 34, width: Math.max(2, x(most) - x(0)), height: 38, class: "noise" }),
    most !== null && svg("line", { x1: x(most / 2), x2: x(most / 2), y1: base - 34, y2: base + 4, class: "half" }),
    ...pile(earlier, x).map(([cx, up]) => svg("circle", { cx, cy: base - up, r: DOT, class: "earlier" })),
    ...pile(values, x).map(([cx, up]) => svg("circle", { cx, cy: base - up, r: DOT, class: "here" })),
    svg("path", { d: `M${x(mean)} ${base + 5}l4 6h-8z`, class: "mean" }),
    svg("text", { x: width, y: top + NAMES - 4, "text-anchor": "end", class: "value" }, `${words.mean} ${words.format(mean)}`),
  ];
}

/** Places for dots such that near ones lie above each other. @param {number[]} values @param {(value: number) => number} x @returns {[number, number][]} */
function pile(values, x) {
  let last = -Infinity;
  let height = 0;
  return [...values].sort((a, b) => a - b).map((value) => {
    const at = x(value);
    height = at - last < NEAR ? height + 1 : 0;
    if (height === 0) last = at;
    return [at, (height % PILE) * DOT * 1.6];
  });
}

/** The chart in words. @param {Row[]} rows @param {StripWords} words */
function describe(rows, words) {
  return `${words.title}. ${rows.map(({ name, values, earlier, most, mean }) => [
    `${name}: ${words.mean} ${words.format(mean)}`, values.length ? values.map(words.format).join(", ") : "", earlier.length ? earlier.map(words.format).join(", ") : "",
    most === null ? "" : `${words.expected} ${words.format(most / 2)}`,
  ].filter(Boolean).join("; ")).join(". ")}`;
}
