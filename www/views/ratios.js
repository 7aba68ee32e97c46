/** Dots around "no difference": for each row this run and its noise, earlier runs, and somebody else's for comparison. */
import { box, diamond, dot, makeChart, rowChart, rule, sayRows, text } from "./chart.js";
import { linear } from "./scale.js";

/** @typedef {{name: string, value: number | null, noise: number | null, earlier: number[], other: number | null}} Row  ratios; `noise` is the half-width of what may be chance */
/** @typedef {{other: string, noise: string, here: string, format(ratio: number): string, tick(ratio: number, step: number): string}} RatioWords */

const NAMES = 44;
/** The axis shows at least this much on each side of 1, … */
const LEAST = 0.02;
/** … and beyond this a noise bar is cut, or it would flatten everything else. */
const MOST = 0.6;

/** @param {RatioWords} words */
export const makeRatios = (words) => makeChart("ratios", (/** @type {{title: string, rows: Row[]}} */ { title, rows }, width) => {
  const far = rows.flatMap((row) => [row.other ?? 1, row.value ?? 1, ...row.earlier].map((ratio) => Math.abs(ratio - 1) * 1.2).concat((row.noise ?? 0) * 1.05));
  const reach = Math.min(MOST, Math.max(LEAST, ...far));
  const x = linear([1 - reach, 1 + reach], [NAMES + 8, width - 12], true);
  /** Away from the middle line, but for marks so far out that their text would leave the chart. @param {number} ratio */
  const anchor = (ratio) => (Math.abs(ratio - 1) < 0.002 ? "middle" : ratio > 1 === Math.abs(ratio - 1) < reach / 2 ? "start" : "end");
  return rowChart({
    title, rows, top: 40, pitch: 64, x, ticks: width < 400 ? 3 : 5, format: words.tick, label: describe(title, rows, words),
    behind: (bottom) => [rows.some(({ noise }) => noise !== null) && text(0, 32, words.noise), rule(x(1), 40, bottom, "one")],
    draw({ name, value, noise, earlier, other }, top, i) {
      const y = top + 32;
      /** Of the first row the marks are named. @param {string} mark @param {number} ratio */
      const said = (mark, ratio) => (i === 0 ? `${mark} ${words.format(ratio)}` : words.format(ratio));
      return [
        text(0, y + 4, name, "name"),
        noise !== null && box(x(1 - noise), x(1 + noise), y - 8, 16, "noise", 2),
        ...earlier.map((ratio) => dot(x(ratio), y, 4, "earlier")),
        ...(other === null ? [] : [diamond(x(other), y, 7.2, "other"), text(x(other), y + 24, said(words.other, other), null, anchor(other))]),
        value !== null && dot(x(value), y, 5, "here"),
        value !== null && text(x(value), y - 14, said(words.here, value), "value", anchor(value)),
      ];
    },
  });
});

/** @param {string} title @param {Row[]} rows @param {RatioWords} words */
const describe = (title, rows, words) => sayRows(title, rows, ({ name, value, noise, earlier, other }) => [
  `${name}: ${words.here} ${value === null ? "–" : words.format(value)}`,
  noise !== null && `${words.noise}: ±${words.format(noise)}`,
  earlier.map(words.format).join(", "),
  other !== null && `${words.other} ${words.format(other)}`,
]);
