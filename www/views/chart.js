/** The frame that all SVG charts share: it fits their width, draws axis and marks, and moves a reader's place by keys. Knows no data. */
import { pause } from "../pause.js";
import { h, onResize, svg, widthOf } from "./dom.js";

/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {SVGElement | null | false} Mark */
/** @typedef {{height: number, label?: string, marks: Mark[]}} Drawing  `label`: the chart in words; none where its element or its marks speak for themselves */

/** Below this width a chart that takes the whole figure has a phone's layout. */
export const NARROW = 560;
/** The room of an axis' numbers, and where their base line is. */
export const AXIS = 26;
const LABEL = 18.23;
/** A text's box may be so much larger than what is seen of it: Firefox makes whole pixels of it, and adds one. */
const SLACK = 1.5;

/** How many letters of a name fit on a phone, Chinese ones counted twice. */
const LETTERS = 13;
const WIDE_LETTER = /[\u2e80-\uffef]/;

/** As much of a name as fits on a phone. @param {string} name */
export function shortened(name) {
  let room = LETTERS;
  const fits = [...name].findIndex((letter) => (room -= WIDE_LETTER.test(letter) ? 2 : 1) < 0);
  return fits < 0 ? name : `${[...name].slice(0, fits - 1).join("")}…`;
}

/**
 * A chart that is drawn anew for each width.
 * @template Data
 * @param {string} kind  its class
 * @param {(data: Data, width: number) => Drawing} draw
 * @param {Record<string, string>} [props]  of its element, where that takes keys
 */
export function makeChart(kind, draw, props) {
  const element = h("div", { class: `chart ${kind}`, ...props });
  /** @type {Data | undefined} */
  let data;
  let drawn = 0;
  const redraw = () => {
    const width = Math.round(widthOf(element));
    if (!width || data === undefined) return;
    drawn = width;
    const { height, label, marks } = draw(data, width);
    element.replaceChildren(svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: label ? "img" : "none", "aria-label": label }, marks));
    fit(element, width);
  };
  // The first time each chart has a task of its own: with all that comes with it, one task would keep a reader's press waiting.
  const soon = () => void pause().then(() => drawn || redraw());
  const destroy = onResize(element, () => (!drawn ? soon() : Math.round(widthOf(element)) !== drawn && redraw()));
  return {
    element,
    /** @param {Data} now */
    show(now) {
      data = now;
      if (drawn) redraw();
      else soon();
    },
    destroy,
  };
}

/**
 * Makes texts narrower that would stick out: SVG breaks no lines, and some language is always longer than the room that another one needs.
 * @param {HTMLElement} element @param {number} width
 */
function fit(element, width) {
  const { left, width: seen } = element.getBoundingClientRect();
  // What the page around makes of the chart's pixels.
  const scale = seen / width || 1;
  const slack = SLACK * Math.max(1, scale);
  // All is measured before anything is changed: one layout, not one a text.
  const long = [...element.querySelectorAll("text")].map((text) => ({ text, box: text.getBoundingClientRect() })).filter(({ box }) => box.width > 0 && (box.left < left - slack || box.right > left + seen + slack));
  for (const { text, box } of long) {
    const over = Math.max(0, left - box.left) + Math.max(0, box.right - left - seen);
    // A text in its middle loses as much on its other side.
    const most = box.width - over * (getComputedStyle(text).textAnchor === "middle" ? 2 : 1);
    if (most < box.width / 3) continue;
    text.setAttribute("textLength", String(Math.floor(most / scale)));
    text.setAttribute("lengthAdjust", "spacingAndGlyphs");
  }
}

/** @param {number} x @param {number} y  of its base line @param {string} said @param {string | null} [kind] @param {"start" | "middle" | "end"} [anchor] */
export const text = (x, y, said, kind, anchor) => svg("text", { x, y, class: kind, "text-anchor": anchor }, said);

/** @param {number} cx @param {number} cy @param {number} r @param {string} kind */
export const dot = (cx, cy, r, kind) => svg("circle", { cx, cy, r, class: kind });

/** @param {number} x @param {number} y @param {number} half  its height's @param {string} kind */
export const diamond = (x, y, half, kind) => svg("path", { d: `M${x} ${y - half}l${half * 0.577} ${half}l${half * -0.577} ${half}l${half * -0.577} ${-half}z`, class: kind });

/** From one place to another. @param {number} x @param {number} x2 @param {number} y @param {number} height @param {string} kind @param {number} [least]  that it is wide */
export const box = (x, x2, y, height, kind, least = 1) => svg("rect", { x, y, width: Math.max(least, x2 - x), height, class: kind });

/** A line upright. @param {number} x @param {number} y1 @param {number} y2 @param {string} kind */
export const rule = (x, y1, y2, kind) => svg("line", { x1: x, x2: x, y1, y2, class: kind });

/** A line across. @param {number} x1 @param {number} x2 @param {number} y @param {string} kind */
export const across = (x1, x2, y, kind) => svg("line", { x1, x2, y1: y, y2: y, class: kind });

/**
 * An axis below a chart.
 * @param {Scale} scale @param {number} y
 * @param {{count?: number, values?: number[], format: (value: number, step: number) => string, grid?: number}} options  `count`: about how many ticks, if `values` does not say which; `grid`: how far up their lines go
 */
export function axis(scale, y, { count = 0, values = scale.ticks(count), format, grid }) {
  const step = values[1] - values[0] || 1;
  const [from, to] = scale.range;
  // On whole pixels, where there are no finer ones.
  const shift = devicePixelRatio > 1 ? 0 : 0.5;
  return svg("g", { class: "axis", transform: `translate(${shift} ${y + shift})`, "aria-hidden": "true" },
    svg("path", { d: `M${from} 0H${to}`, fill: "none" }),
    values.map((value) => svg("g", { class: "tick", transform: `translate(${scale(value)} 0)` },
      grid !== undefined && rule(0, 0, -grid, "grid"), svg("line", { y2: 4 }), text(0, LABEL, format(value, step), null, "middle"))));
}

/**
 * A chart of rows above one axis, with a title.
 * @template Row
 * @param {{title: string, rows: Row[], top: number, pitch: number, x: Scale, ticks: number, format: (value: number, step: number) => string, label: string, behind?: (bottom: number) => Mark[], draw: (row: Row, top: number, i: number) => Mark[]}} about
 *   `pitch`: a row's height; `behind`: what lies below the rows' marks
 * @returns {Drawing}
 */
export function rowChart({ title, rows, top, pitch, x, ticks, format, label, behind, draw }) {
  const bottom = top + rows.length * pitch;
  return {
    height: bottom + AXIS, label,
    marks: [text(0, 14, title, "name"), axis(x, bottom, { count: ticks, format, grid: rows.length * pitch }), ...(behind?.(bottom) ?? []), ...rows.flatMap((row, i) => draw(row, top + i * pitch, i))],
  };
}

/** A chart of rows in words. @template Row @param {string} title @param {Row[]} rows @param {(row: Row) => (string | false)[]} say */
export const sayRows = (title, rows, say) => `${title}. ${rows.map((row) => say(row).filter(Boolean).join("; ")).join(". ")}`;

/**
 * Where a key leads in a list: by its step, or to one end; undefined for any other key. A key that leads somewhere does nothing else.
 * @param {KeyboardEvent} event @param {Record<string, number>} steps @param {number} at @param {number} length
 */
export function moved(event, steps, at, length) {
  const step = { ...steps, Home: -length, End: length }[event.key];
  if (step === undefined || !length) return undefined;
  event.preventDefault();
  return Math.max(0, Math.min(length - 1, at + step));
}
