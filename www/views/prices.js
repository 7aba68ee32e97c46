/**
 * Prices on a logarithmic axis: a row a thing with its interval, and ghost marks for what somebody else measured. A row can be pinned, by a click or
 * by keys; then the others read as multiples of it.
 */
import { AXIS, across, axis, box, diamond, dot, makeChart, moved, NARROW, rule, shortened, text } from "./chart.js";
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
/** @typedef {{title: string, pick: string, tick(ns: number): string}} PriceWords */

const TOP = 8;
const BOTTOM = AXIS;
const PITCH = 17;
/** Left of the marks, and right of them for values and for multiples; a phone has no room for the last. */
const WIDE = { names: 156, values: 76, ratios: 112 };
const PHONE = { names: 112, values: 62, ratios: 0 };
/** The axis goes from here, or from what is less, to there, in ns: what lies beyond leaves it at its edge. */
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
      element.style.minHeight = `${TOP + data.places * PITCH + BOTTOM}px`;
      chart.show(data);
      if (active >= 0) activate(active);
    },
  };
}

/** @param {Prices} data @param {number} width @param {PriceWords} words @returns {import("./chart.js").Drawing} */
function draw({ rows, pinned, places }, width, words) {
  const narrow = width < NARROW;
  const { names: left, values: room, ratios } = narrow ? PHONE : WIDE;
  const values = rows.flatMap(({ value, range, ghosts }) => [value ?? 0, ...(range ?? []), ...ghosts.map((one) => one.value)]).filter((one) => one > 0);
  const x = logarithmic([Math.max(0.05, Math.min(LEAST, ...values)) * 0.9, MOST * 1.15], [left, width - room - ratios - 6], true);
  const bottom = TOP + Math.max(rows.length, places) * PITCH;
  const base = rows.find(({ id }) => id === pinned)?.value ?? 0;
  return {
    height: bottom + BOTTOM,
    marks: [
      axis(x, bottom, { values: decades(x.domain), format: (ns) => words.tick(ns), grid: bottom - TOP }),
      base > 0 && rule(x(base), TOP, bottom, "pin"),
      ...rows.map((row, i) => drawRow(row, TOP + i * PITCH, { x, width, ratios }, row.id === pinned)),
    ],
  };
}

/** Powers of ten within. @param {number[]} domain */
function decades([low, high]) {
  const all = [];
  for (let power = Math.ceil(Math.log10(low)); 10 ** power <= high; power++) all.push(10 ** power);
  return all;
}

/** @param {Row} row @param {number} y @param {{x: import("./scale.js").Scale, width: number, ratios: number}} frame @param {boolean} pinned */
function drawRow({ id, name, value, range, js, anchor, ghosts, said, ratio }, y, { x, width, ratios }, pinned) {
  const line = y + PITCH / 2 + 4.5;
  const middle = y + PITCH / 2;
  const at = value === null ? 0 : x(Math.max(value, 1e-3));
  const soft = "value soft";
  return svg("g", anchor ? { class: "anchor" } : { class: `row${js ? " js" : ""}${pinned ? " pinned" : ""}`, "data-id": id, id: `price-${id}`, role: "option", "aria-selected": String(pinned) },
    svg("rect", { x: 0, y, width, height: PITCH, rx: 3, class: "back" }),
    text(0, line, ratios ? name : shortened(name), "name"),
    ghosts.filter((ghost) => ghost.value < x.domain[1]).map((ghost) => (ghost.kind === "ghost" ? diamond(x(ghost.value), middle, 6.2, "ghost") : dot(x(ghost.value), middle, 4, "there"))),
    // The interval is never narrower than can be seen.
    range && value !== null && across(Math.min(x(Math.max(range[0], 1e-3)), at - 1), Math.max(x(Math.max(range[1], 1e-3)), at + 1), middle, "whisker"),
    value !== null && !anchor && (value > x.domain[1] ? svg("path", { d: `M${at - 6} ${middle - 5}l7 5l-7 5z`, class: "median" }) : js ? box(at - 4, at + 4, middle - 4, 8, "median") : dot(at, middle, 4.5, "median")),
    // A row's name is what can be read in it; between its parts stands what a voice pauses at, which a picture does not show.
    ", ", text(width - ratios, line, said, anchor ? soft : "value", "end"),
    ratio && ratios > 0 && [", ", text(width, line, ratio, soft, "end")]);
}
