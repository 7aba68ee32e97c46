/**
 * Bars in panels side by side, each panel with a scale of its own that begins at zero: for times of one shape and very different size.
 * A mark in a bar's row shows what it would ideally be. As SVG; knows names and numbers only.
 */
import { scaleLinear } from "d3-scale";
import { axis, makeChart } from "./chart.js";
import { svg } from "./dom.js";

/** @typedef {{value: number | null, ideal: number | null}} Cell */
/** @typedef {{name: string, role: string, gap?: boolean, cells: Cell[]}} Row  `role` is a colour's; `gap` sets it off from the row above */
/** @typedef {{rows: Row[], titles: string[]}} Bars  a title a panel, a cell a panel and row */
/** @typedef {{ideal: string, format(value: number): string, tick(value: number, step: number): string}} BarWords */

const PITCH = 24;
const BAR = 14;
const GAP = 10;
const TOP = 44;
const BOTTOM = 26;
const NAMES = 96;
/** Room behind a bar for its number. */
const BEHIND = 62;
const BETWEEN = 20;
/** From this width on the panels stand side by side. */
const WIDE = 500;

/** @param {BarWords} words */
export const makeBars = (words) => makeChart("bars", (/** @type {Bars} */ bars, width) => draw(bars, width, words));

/** @param {Bars} bars @param {number} width @param {BarWords} words @returns {import("./chart.js").Drawing} */
function draw({ rows, titles }, width, words) {
  const count = titles.length;
  const beside = width >= (WIDE * count) / 2;
  const tall = TOP + rows.length * PITCH + rows.filter((row) => row.gap).length * GAP + BOTTOM;
  const panel = beside ? (width - NAMES - BETWEEN * (count - 1)) / count : width - NAMES;
  const parts = titles.flatMap((title, i) => {
    const left = NAMES + (beside ? i * (panel + BETWEEN) : 0);
    const top = beside ? 0 : i * tall;
    return drawPanel(rows, i, { title, left, top, width: panel, names: i === 0 || !beside, tall }, words);
  });
  return { height: beside ? tall : tall * count, label: describe(rows, titles, words), parts };
}

/**
 * @param {Row[]} rows @param {number} which @param {{title: string, left: number, top: number, width: number, names: boolean, tall: number}} place
 * @param {BarWords} words
 */
function drawPanel(rows, which, { title, left, top, width, names, tall }, words) {
  const most = Math.max(...rows.map(({ cells }) => Math.max(cells[which].value ?? 0, cells[which].ideal ?? 0)));
  const x = scaleLinear([0, most || 1], [left, left + width - BEHIND]);
  let y = top + TOP;
  const named = rows.findIndex(({ cells }) => cells[which].ideal !== null);
  return [
    svg("text", { x: left, y: top + 14, class: "name" }, title),
    axis(x, top + tall - BOTTOM, { ticks: 3, format: words.tick }),
    ...rows.flatMap((row, i) => {
      if (row.gap) y += GAP;
      const middle = y + PITCH / 2;
      y += PITCH;
      const { value, ideal } = row.cells[which];
      return [
        names && svg("text", { x: left - NAMES, y: middle + 4, class: "name" }, row.name),
        value !== null && svg("rect", { x: left, y: middle - BAR / 2, width: Math.max(1, x(value) - left), height: BAR, class: `role-${row.role}` }),
        ideal !== null && svg("line", { x1: x(ideal), x2: x(ideal), y1: middle - BAR / 2 - 3, y2: middle + BAR / 2 + 3, class: "ideal" }),
        i === named && svg("text", { x: x(ideal ?? 0), y: middle - BAR / 2 - 7, "text-anchor": "middle" }, words.ideal),
        value !== null && svg("text", { x: Math.max(x(value), x(ideal ?? 0)) + 6, y: middle + 4, class: "value" }, words.format(value)),
      ];
    }),
  ];
}

/** The chart in words. @param {Row[]} rows @param {string[]} titles @param {BarWords} words */
function describe(rows, titles, words) {
  return titles.map((title, i) => `${title}: ${rows.map(({ name, cells }) => `${name} ${cells[i].value === null ? "–" : words.format(cells[i].value)}`).join(", ")}`).join(". ");
}
