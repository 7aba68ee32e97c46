/**
 * Prices on a log axis: a row a thing with its interval, and ghost marks for what somebody else measured. A row can be pinned, by a click or
 * by keys; then the others read as multiples of it. As SVG; knows names and numbers only.
 */
import { scaleLog } from "d3-scale";
import { symbol, symbolDiamond } from "d3-shape";
import { axis, makeChart } from "./chart.js";
import { svg } from "./dom.js";

/**
 * @typedef {object} Row
 * @property {string} id
 * @property {string} name
 * @property {number | null} value  in ns
 * @property {[low: number, high: number] | null} range
 * @property {boolean} js  measured by JavaScript
 * @property {boolean} anchor  nobody measured it here: a mark to compare with, that can't be pinned
 * @property {{value: number, kind: "ghost" | "there"}[]} ghosts  the same elsewhere
 * @property {string} said  the value in words
 * @property {string} ratio  beside the pinned one, in words
 */
/** @typedef {{rows: Row[], pinned: string, places: number}} Prices  `places`: so many rows there will be at least */
/** @typedef {{title: string, axis: string, pick: string, tick(ns: number): string}} PriceWords */

const TOP = 8;
const BOTTOM = 44;
const PITCH = 26;
const NAMES = 156;
const VALUES = 76;
const RATIOS = 112;
/** Below this width a row takes two lines: what it says, and its marks. */
const NARROW = 560;
const TALL = 40;
/** The axis goes from here to there at least, in ns. */
const LEAST = 0.5;
const MOST = 1000;
const DIAMOND = symbol(symbolDiamond, 44)() ?? "";

/** @param {PriceWords} words @param {(id: string) => void} pin  somebody picked a row */
export function makePrices(words, pin) {
  /** @type {Prices} */
  let shown = { rows: [], pinned: "", places: 0 };
  let active = -1;
  const chart = makeChart("prices", (/** @type {Prices} */ data, width) => draw(data, width, words));
  const { element } = chart;
  for (const [name, value] of Object.entries({ tabindex: "0", role: "listbox", "aria-label": `${words.title}. ${words.pick}` })) element.setAttribute(name, value);
  const rows = () => /** @type {SVGElement[]} */ ([...element.querySelectorAll(".row")]);

  element.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest(".row") : null;
    if (row) pin(/** @type {SVGElement} */ (row).dataset.id ?? "");
  });
  element.addEventListener("keydown", (event) => {
    const all = rows();
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -all.length, End: all.length }[event.key];
    if (step !== undefined && all.length) go(Math.max(0, Math.min(all.length - 1, (active < 0 ? all.findIndex((row) => row.dataset.id === shown.pinned) : active) + step)));
    else if ((event.key === "Enter" || event.key === " ") && all[active]) pin(all[active].dataset.id ?? "");
    else return;
    event.preventDefault();
  });
  element.addEventListener("blur", () => go(-1));

  /** @param {number} index */
  function go(index) {
    active = index;
    rows().forEach((row, i) => row.classList.toggle("active", i === index));
    const id = rows()[index]?.id;
    if (id) element.setAttribute("aria-activedescendant", id);
    else element.removeAttribute("aria-activedescendant");
  }

  return {
    ...chart,
    /** @param {Prices} data */
    show(data) {
      shown = data;
      chart.show(data);
      if (active >= 0) go(active);
    },
  };
}

/** @param {Prices} data @param {number} width @param {PriceWords} words @returns {import("./chart.js").Drawing} */
function draw({ rows, pinned, places }, width, words) {
  const narrow = width < NARROW;
  const pitch = narrow ? TALL : PITCH;
  const left = narrow ? 2 : NAMES;
  const right = narrow ? width - 18 : width - VALUES - RATIOS;
  const values = rows.flatMap(({ value, range, ghosts }) => [value ?? 0, ...(range ?? []), ...ghosts.map((one) => one.value)]).filter((one) => one > 0);
  const x = scaleLog([Math.max(0.05, Math.min(LEAST, ...values)) * 0.9, Math.max(MOST, ...values) * 1.15], [left, right]).clamp(true);
  const bottom = TOP + Math.max(rows.length, places) * pitch;
  const base = rows.find(({ id }) => id === pinned)?.value;
  return {
    height: bottom + BOTTOM,
    label: words.title,
    role: "none",
    parts: [
      axis(x, bottom, { ticks: 6, values: decades(x.domain()), format: (ns) => words.tick(ns), grid: bottom - TOP }),
      svg("text", { x: left, y: bottom + 38, "aria-hidden": "true", class: "axis-name" }, words.axis),
      base !== undefined && base !== null && base > 0 && svg("line", { x1: x(base), x2: x(base), y1: TOP, y2: bottom, class: "pin" }),
      ...rows.map((row, i) => drawRow(row, TOP + i * pitch, { x, width, narrow, pitch, left, right }, row.id === pinned)),
    ],
  };
}

/** Powers of ten within. @param {number[]} domain */
function decades([low, high]) {
  const all = [];
  for (let power = Math.ceil(Math.log10(low)); 10 ** power <= high; power++) all.push(10 ** power);
  return all;
}

/**
 * @param {Row} row @param {number} y
 * @param {{x: import("d3-scale").ScaleLogarithmic<number, number>, width: number, narrow: boolean, pitch: number, left: number, right: number}} place
 * @param {boolean} pinned
 */
function drawRow(row, y, { x, width, narrow, pitch, left, right }, pinned) {
  const { id, name, value, range, js, anchor, ghosts, said, ratio } = row;
  const text = y + (narrow ? 16 : pitch / 2 + 5);
  const marks = y + (narrow ? 28 : pitch / 2);
  const at = narrow ? { value: width - RATIOS - 4, ratio: width - 2 } : { value: width - RATIOS, ratio: width };
  return svg("g", anchor ? { class: "anchor" } : { class: `row${js ? " js" : ""}${pinned ? " pinned" : ""}`, "data-id": id, id: `price-${id}`, role: "option", "aria-selected": String(pinned) },
    svg("rect", { x: 0, y: y + 1, width, height: pitch - 2, rx: 3, class: "back" }),
    narrow && svg("line", { x1: left, x2: right, y1: marks, y2: marks, class: "reach" }),
    svg("text", { x: narrow ? 2 : 0, y: text, class: "name" }, name),
    ...ghosts.map((ghost) => (ghost.kind === "ghost"
      ? svg("path", { d: DIAMOND, transform: `translate(${x(ghost.value)} ${marks})`, class: "ghost" })
      : svg("circle", { cx: x(ghost.value), cy: marks, r: 4, class: "there" }))),
    // The interval is never narrower than can be seen.
    range && value !== null && svg("line", { x1: Math.min(x(Math.max(range[0], 1e-3)), x(value) - 1), x2: Math.max(x(Math.max(range[1], 1e-3)), x(value) + 1), y1: marks, y2: marks, class: "whisker" }),
    value !== null && !anchor && (js
      ? svg("rect", { x: x(Math.max(value, 1e-3)) - 4, y: marks - 4, width: 8, height: 8, class: "median" })
      : svg("circle", { cx: x(Math.max(value, 1e-3)), cy: marks, r: 4.5, class: "median" })),
    // A row's name is what can be read in it; between its parts stands what a voice pauses at, which a picture does not show.
    ", ",
    svg("text", { x: at.value, y: text, "text-anchor": "end", class: anchor ? "value soft" : "value" }, said),
    ratio && ", ",
    svg("text", { x: at.ratio, y: text, "text-anchor": "end", class: "value soft" }, ratio));
}
