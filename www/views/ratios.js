/** Dots around "no difference": for each row this run and its noise, earlier runs, and somebody else's for comparison. As SVG; knows ratios only. */
import { scaleLinear } from "d3-scale";
import { symbol, symbolDiamond } from "d3-shape";
import { axis, makeChart } from "./chart.js";
import { svg } from "./dom.js";

/** @typedef {{name: string, value: number | null, noise: number | null, earlier: number[], other: number}} Row  ratios; `noise` is the half-width of what may be chance */
/** @typedef {{title: string, other: string, noise: string, here: string, format(ratio: number): string, tick(ratio: number, step: number): string}} RatioWords */

const PITCH = 64;
const TOP = 40;
const BOTTOM = 26;
const NAMES = 44;
/** The axis shows at least this much on each side of 1, … */
const LEAST = 0.02;
/** … and beyond this a noise bar is cut, or it would flatten everything else. */
const MOST = 0.6;
const DIAMOND = symbol(symbolDiamond, 60)() ?? "";

/** @param {RatioWords} words */
export const makeRatios = (words) => makeChart("ratios", (/** @type {Row[]} */ rows, width) => draw(rows, width, words));

/** @param {Row[]} rows @param {number} width @param {RatioWords} words @returns {import("./chart.js").Drawing} */
function draw(rows, width, words) {
  const far = rows.flatMap((row) => [row.other, row.value ?? 1, ...row.earlier].map((ratio) => Math.abs(ratio - 1) * 1.2).concat((row.noise ?? 0) * 1.05));
  const reach = Math.min(MOST, Math.max(LEAST, ...far));
  const x = scaleLinear([1 - reach, 1 + reach], [NAMES + 8, width - 12]).clamp(true);
  const bottom = TOP + rows.length * PITCH;
  return {
    height: bottom + BOTTOM,
    label: describe(rows, words),
    parts: [
      svg("text", { x: 0, y: 14, class: "name" }, words.title),
      rows.some((row) => row.noise !== null) && svg("text", { x: 0, y: 32 }, words.noise),
      axis(x, bottom, { ticks: width < 400 ? 3 : 5, format: words.tick, grid: rows.length * PITCH }),
      svg("line", { x1: x(1), x2: x(1), y1: TOP, y2: bottom, class: "one" }),
      ...rows.flatMap((row, i) => drawRow(row, TOP + (i + 0.5) * PITCH, x, reach, words, i === 0)),
    ],
  };
}

/** @param {Row} row @param {number} y @param {(ratio: number) => number} x @param {number} reach  how far from 1 the axis goes @param {RatioWords} words @param {boolean} first  whether its marks are named */
function drawRow({ name, value, noise, earlier, other }, y, x, reach, words, first) {
  const left = noise === null ? 0 : x(1 - noise);
  return [
    svg("text", { x: 0, y: y + 4, class: "name" }, name),
    noise !== null && svg("rect", { x: left, y: y - 8, width: Math.max(2, x(1 + noise) - left), height: 16, class: "noise" }),
    ...earlier.map((ratio) => svg("circle", { cx: x(ratio), cy: y, r: 4, class: "earlier" })),
    svg("path", { d: DIAMOND, transform: `translate(${x(other)} ${y})`, class: "other" }),
    svg("text", { x: x(other), y: y + 24, "text-anchor": anchor(other, reach) }, first ? `${words.other} ${words.format(other)}` : words.format(other)),
    value !== null && svg("circle", { cx: x(value), cy: y, r: 5, class: "here" }),
    value !== null && svg("text", { x: x(value), y: y - 14, "text-anchor": anchor(value, reach), class: "value" }, first ? `${words.here} ${words.format(value)}` : words.format(value)),
  ];
}

/** Which way a label goes: away from the middle line, but for marks so far out that it would leave the chart. @param {number} ratio @param {number} reach */
function anchor(ratio, reach) {
  if (Math.abs(ratio - 1) < 0.002) return "middle";
  return ratio > 1 === Math.abs(ratio - 1) < reach / 2 ? "start" : "end";
}

/** The chart in words. @param {Row[]} rows @param {RatioWords} words */
function describe(rows, words) {
  return `${words.title}. ${rows.map(({ name, value, noise, earlier, other }) => [
    `${name}: ${words.here} ${value === null ? "–" : words.format(value)}`,
    noise === null ? "" : `${words.noise}: ±${words.format(noise)}`,
    earlier.length ? earlier.map(words.format).join(", ") : "",
    `${words.other} ${words.format(other)}`,
  ].filter(Boolean).join("; ")).join(". ")}`;
}
