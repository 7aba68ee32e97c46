/** Dots on one axis around "no difference": for each row this run with its noise, earlier runs, and somebody else's for comparison. As SVG. */
import { scaleLinear } from "d3-scale";
import { h, refill, svg } from "./dom.js";

/** @typedef {{name: string, value: number | null, noise: number | null, earlier: number[], other: number}} Row  ratios; `noise` is the half-width of what may be chance */
/** @typedef {{title: string, axis: string, other: string, noise: string, format(ratio: number): string}} RatioWords */

const ROW = 44;
const TOP = 26;
const BOTTOM = 40;
/** The axis shows at least this much on each side of 1. */
const LEAST = 0.08;
/** Beyond this a noise bar is cut, or it would flatten everything else. */
const MOST = 0.6;

/** A chart that fits its width. @param {RatioWords} words */
export function makeRatios(words) {
  const element = h("div", { class: "ratios" });
  /** @type {Row[]} */
  let rows = [];
  const observer = new ResizeObserver(draw);
  observer.observe(element);

  function draw() {
    const width = Math.round(element.getBoundingClientRect().width);
    if (!width || !rows.length) return;
    const left = width < 480 ? 44 : 64;
    const reach = Math.min(MOST, Math.max(LEAST, ...rows.flatMap((row) => [row.other, row.value ?? 1, ...row.earlier].map((ratio) => Math.abs(ratio - 1) * 1.15)), ...rows.map((row) => Math.min(MOST, (row.noise ?? 0) * 1.1))));
    const x = scaleLinear([1 - reach, 1 + reach], [left + 8, width - 12]).clamp(true);
    const height = TOP + rows.length * ROW + BOTTOM;
    const bottom = height - BOTTOM;
    const ticks = x.ticks(width < 480 ? 3 : 6);
    refill(element, svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": describe(rows, words) },
      svg("text", { x: 0, y: 14, class: "name" }, words.title),
      ticks.map((tick) => [
        svg("line", { x1: x(tick), x2: x(tick), y1: TOP, y2: bottom, class: Math.abs(tick - 1) < 1e-9 ? "axis" : "grid" }),
        svg("text", { x: x(tick), y: bottom + 16, "text-anchor": "middle" }, words.format(tick)),
      ]).flat(),
      svg("text", { x: x(1), y: bottom + 33, "text-anchor": "middle" }, words.axis),
      rows.map((row, i) => drawRow(row, TOP + (i + 0.5) * ROW, x, words, i === 0)).flat()));
  }

  return {
    element,
    /** @param {Row[]} now */
    show(now) {
      rows = now;
      draw();
    },
    destroy: () => observer.disconnect(),
  };
}

/** @param {Row} row @param {number} y @param {(ratio: number) => number} x @param {RatioWords} words @param {boolean} named */
function drawRow(row, y, x, words, named) {
  const value = row.value;
  return [
    svg("text", { x: 0, y: y + 4, class: "name" }, row.name),
    value !== null && row.noise !== null && svg("rect", { x: x(1 - row.noise), y: y - 7, width: Math.max(1, x(1 + row.noise) - x(1 - row.noise)), height: 14, fill: "var(--c-hair)" }),
    named && value !== null && row.noise !== null && svg("text", { x: x(1 - row.noise) + 4, y: y + 20 }, words.noise),
    svg("path", { d: `M${x(row.other)} ${y - 7}l5 7l-5 7l-5 -7z`, fill: "none", stroke: "var(--c-soft)", "stroke-width": 1.5 }),
    named && svg("text", { x: x(row.other), y: y - 12, "text-anchor": "middle" }, words.other),
    row.earlier.map((ratio) => svg("circle", { cx: x(ratio), cy: y, r: 3.5, fill: "none", stroke: "var(--c-accent)", "stroke-width": 1.2 })),
    value !== null && svg("circle", { cx: x(value), cy: y, r: 5, fill: "var(--c-accent)" }),
  ].flat().filter((one) => one !== false);
}

/** The chart in words. @param {Row[]} rows @param {RatioWords} words */
function describe(rows, words) {
  return `${words.title}: ${rows.map((row) => `${row.name} ${row.value === null ? "–" : words.format(row.value)}, ${words.other} ${words.format(row.other)}`).join("; ")}`;
}
