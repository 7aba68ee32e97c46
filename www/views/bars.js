/**
 * Bars in panels side by side, each panel with a scale of its own that begins at zero: for times of one shape and very different size.
 * A mark in a bar's row shows what it would ideally be.
 */
import { AXIS, axis, box, makeChart, rule, text } from "./chart.js";
import { svg } from "./dom.js";
import { linear } from "./scale.js";

/** @typedef {{value: number | null, ideal: number | null}} Cell */
/** @typedef {{name: string, role: string, gap?: boolean, cells: Cell[]}} Row  `role` is a colour's; `gap` sets it off from the row above */
/** @typedef {{rows: Row[], titles: string[]}} Bars  a title a panel, a cell a panel and row */
/** @typedef {{ideal: string, format(value: number): string, tick(value: number, step: number): string}} BarWords */

const PITCH = 24;
const BAR = 14;
const GAP = 10;
const TOP = 44;
const NAMES = 96;
/** Room behind a bar for its number. */
const BEHIND = 62;
const BETWEEN = 20;
/** From this width on two panels stand side by side. */
const WIDE = 500;

/** @param {BarWords} words */
export const makeBars = (words) => makeChart("bars", (/** @type {Bars} */ { rows, titles }, width) => {
  const count = titles.length;
  const beside = width >= (WIDE * count) / 2;
  const height = TOP + rows.length * PITCH + rows.filter(({ gap }) => gap).length * GAP + AXIS;
  const panel = beside ? (width - NAMES - BETWEEN * (count - 1)) / count : width - NAMES;
  return {
    height: beside ? height : height * count,
    label: titles.map((title, i) => `${title}: ${rows.map(({ name, cells: { [i]: { value } } }) => `${name} ${value === null ? "–" : words.format(value)}`).join(", ")}`).join(". "),
    marks: titles.flatMap((title, i) => {
      const left = NAMES + (beside ? i * (panel + BETWEEN) : 0);
      const top = beside ? 0 : i * height;
      const cells = rows.map((row) => ({ ...row, ...row.cells[i] }));
      const most = Math.max(...cells.flatMap(({ value, ideal }) => [value ?? 0, ideal ?? 0]));
      const x = linear([0, most || 1], [left, left + panel - BEHIND]);
      return [text(left, top + 14, title, "name"), axis(x, top + height - AXIS, { count: 3, format: words.tick }), ...drawRows(cells, x, top + TOP, i === 0 || !beside, words)];
    }),
  };
});

/** One panel's rows. @param {(Row & Cell)[]} rows @param {import("./scale.js").Scale} x @param {number} top @param {boolean} named @param {BarWords} words */
function drawRows(rows, x, top, named, words) {
  const [left] = x.range;
  const first = rows.findIndex(({ ideal }) => ideal !== null);
  let middle = top - PITCH / 2;
  return rows.map(({ name, role, gap, value, ideal }, i) => {
    middle += PITCH + (gap ? GAP : 0);
    return svg("g", { "data-mark": role },
      named && text(left - NAMES, middle + 4, name, "name"),
      value !== null && box(left, x(value), middle - BAR / 2, BAR, `role-${role}`),
      ideal !== null && rule(x(ideal), middle - BAR / 2 - 3, middle + BAR / 2 + 3, "ideal"),
      i === first && text(x(ideal ?? 0), middle - BAR / 2 - 7, words.ideal, null, "middle"),
      value !== null && text(Math.max(x(value), x(ideal ?? 0)) + 6, middle + 4, words.format(value), "value"));
  });
}
