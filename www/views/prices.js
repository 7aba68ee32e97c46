/**
 * Prices on a logarithmic axis: a row a thing with its interval, and ghost marks for what somebody else measured. A row can be pinned, by a click or
 * by keys; then the others read as multiples of it.
 */
import { across, axis, box, diamond, dot, makeChart, moved, NARROW, rule, text } from "./chart.js";
import { svg } from "./dom.js";
import { logarithmic } from "./scale.js";

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
/** @typedef {{rows: Row[], pinned: string, places: number}} Prices  `places`: how many rows there will be at least */
/** @typedef {{title: string, axis: string, pick: string, tick(ns: number): string}} PriceWords */

const TOP = 8;
const BOTTOM = 44;
const PITCH = 26;
/** On a phone a row takes two lines: what it says, and its marks. */
const TALL = 40;
const NAMES = 156;
const VALUES = 76;
const RATIOS = 112;
/** The axis goes from here to there at least, in ns. */
const LEAST = 0.5;
const MOST = 1000;

/** @param {PriceWords} words @param {(id: string) => void} pin  somebody picked a row */
export function makePrices(words, pin) {
  let pinned = "";
  let active = -1;
  const chart = makeChart("prices", (/** @type {Prices} */ data, width) => draw(data, width, words), { tabindex: "0", role: "listbox", "aria-label": `${words.title}. ${words.pick}` });
  const { element } = chart;
  const rows = () => /** @type {SVGElement[]} */ ([...element.querySelectorAll(".row")]);

  element.addEventListener("click", (event) => {
    const row = event.target instanceof Element ? event.target.closest(".row") : null;
    if (row) pin(/** @type {SVGElement} */ (row).dataset.id ?? "");
  });
  element.addEventListener("keydown", (event) => {
    const all = rows();
    const to = moved(event, { ArrowDown: 1, ArrowUp: -1 }, active < 0 ? all.findIndex((row) => row.dataset.id === pinned) : active, all.length);
    if (to !== undefined) return activate(to);
    if ((event.key !== "Enter" && event.key !== " ") || !all[active]) return;
    event.preventDefault();
    pin(all[active].dataset.id ?? "");
  });
  element.addEventListener("blur", () => activate(-1));

  /** @param {number} index */
  function activate(index) {
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
      pinned = data.pinned;
      chart.show(data);
      if (active >= 0) activate(active);
    },
  };
}

/** @param {Prices} data @param {number} width @param {PriceWords} words @returns {import("./chart.js").Drawing} */
function draw({ rows, pinned, places }, width, words) {
  const narrow = width < NARROW;
  const pitch = narrow ? TALL : PITCH;
  const left = narrow ? 2 : NAMES;
  const values = rows.flatMap(({ value, range, ghosts }) => [value ?? 0, ...(range ?? []), ...ghosts.map((one) => one.value)]).filter((one) => one > 0);
  const x = logarithmic([Math.max(0.05, Math.min(LEAST, ...values)) * 0.9, Math.max(MOST, ...values) * 1.15], [left, narrow ? width - 18 : width - VALUES - RATIOS], true);
  const bottom = TOP + Math.max(rows.length, places) * pitch;
  const base = rows.find(({ id }) => id === pinned)?.value ?? 0;
  return {
    height: bottom + BOTTOM,
    marks: [
      axis(x, bottom, { values: decades(x.domain), format: (ns) => words.tick(ns), grid: bottom - TOP }),
      svg("text", { x: left, y: bottom + 38, "aria-hidden": "true" }, words.axis),
      base > 0 && rule(x(base), TOP, bottom, "pin"),
      ...rows.map((row, i) => drawRow(row, TOP + i * pitch, { x, width, narrow, pitch }, row.id === pinned)),
    ],
  };
}

/** Powers of ten within. @param {number[]} domain */
function decades([low, high]) {
  const all = [];
  for (let power = Math.ceil(Math.log10(low)); 10 ** power <= high; power++) all.push(10 ** power);
  return all;
}

/** @param {Row} row @param {number} y @param {{x: import("./scale.js").Scale, width: number, narrow: boolean, pitch: number}} frame @param {boolean} pinned */
function drawRow({ id, name, value, range, js, anchor, ghosts, said, ratio }, y, { x, width, narrow, pitch }, pinned) {
  const line = y + (narrow ? 16 : pitch / 2 + 5);
  const middle = y + (narrow ? 28 : pitch / 2);
  const at = value === null ? 0 : x(Math.max(value, 1e-3));
  const soft = "value soft";
  return svg("g", anchor ? { class: "anchor" } : { class: `row${js ? " js" : ""}${pinned ? " pinned" : ""}`, "data-id": id, id: `price-${id}`, role: "option", "aria-selected": String(pinned) },
    svg("rect", { x: 0, y: y + 1, width, height: pitch - 2, rx: 3, class: "back" }),
    narrow && across(x.range[0], x.range[1], middle, "reach"),
    text(narrow ? 2 : 0, line, name, "name"),
    ghosts.map((ghost) => (ghost.kind === "ghost" ? diamond(x(ghost.value), middle, 6.2, "ghost") : dot(x(ghost.value), middle, 4, "there"))),
    // The interval is never narrower than can be seen.
    range && value !== null && across(Math.min(x(Math.max(range[0], 1e-3)), at - 1), Math.max(x(Math.max(range[1], 1e-3)), at + 1), middle, "whisker"),
    value !== null && !anchor && (js ? box(at - 4, at + 4, middle - 4, 8, "median") : dot(at, middle, 4.5, "median")),
    // A row's name is what can be read in it; between its parts stands what a voice pauses at, which a picture does not show.
    ", ", text(width - RATIOS - (narrow ? 4 : 0), line, said, anchor ? soft : "value", "end"),
    ratio && ", ", text(width - (narrow ? 2 : 0), line, ratio, soft, "end"));
}
