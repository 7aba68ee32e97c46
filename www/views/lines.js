/**
 * Lines over a number of threads, on a logarithmic axis: some are named at their ends, with their values where a reader points. One of them is pinned
 * and stands out; theory and somebody else's lines are dashed. What lies decades below the rest leaves the axis at its lower edge.
 */
import { across, dot, makeChart, moved, NARROW, rule, shortened, text } from "./chart.js";
import { placeIn, svg } from "./dom.js";
import { linear, logarithmic } from "./scale.js";

/** @typedef {{x: number, y: number | null, quit?: boolean, range?: (number | undefined)[]}} Point  `quit`: it timed out; `range`: from where to where it may lie */
/**
 * @typedef {object} Line
 * @property {string} id
 * @property {string} name
 * @property {Point[]} points  sorted by x
 * @property {"own" | "there" | "theory" | "theory queue"} kind
 * @property {boolean} loses
 */
/**
 * @typedef {object} Lines
 * @property {Line[]} lines
 * @property {string} pinned
 * @property {number[]} xs  every number of threads there is or will be
 * @property {number} at  which of them is being read
 * @property {number | null} cores
 * @property {boolean} log  whether values go by powers of ten; else from 0 to 1
 * @property {string} title
 * @property {(value: number) => string} format
 * @property {(value: number) => string} mark  a round value, on the axis
 */
/** @typedef {{label: string, threads: string, cores: string, gaveUp: string, none: string, reading(about: {title: string, threads: number, lines: string[]}): string, tick(threads: number): string}} LinesWords */
/** @typedef {{at(threads: number, kept: boolean): void, pin(id: string): void}} LinesActions */
/** @typedef {ReturnType<typeof frameFor>} Frame */
/** @typedef {{line: Line, y: number, from: [x: number, y: number], value: string}} Label */

const HEIGHT = 220;
const TOP = 26;
const BOTTOM = 46;
/** Rooms at the left, at the lines' ends for names and values, and from one of those to the next. */
const WIDE = { left: 64, ends: 244, pitch: 17 };
const PHONE = { left: 50, ends: 166, pitch: 15 };
/** Numbers on the axis nearer than this would touch. */
const ROOM = 20;
/** So much room the axis' name takes below it, and so much that of the cores. */
const NAME = 58;
const CORES = 40;
/** So many lines are named. */
const NAMES = 6;
/** Values below this part of all, in their order, do not stretch the axis. */
const FEW = 0.15;
/** A click this near to a line is for it. */
const NEAR = 14;

/** @param {LinesWords} words @param {LinesActions} actions */
export function makeLines(words, actions) {
  /** @type {Lines | null} */
  let shown = null;
  /** @type {Frame | null} */
  let frame = null;
  const chart = makeChart("lines", (/** @type {Lines} */ data, width) => {
    frame = frameFor(data, width);
    return draw(data, frame, words);
  }, { tabindex: "0", role: "slider", "aria-label": words.label, "aria-orientation": "horizontal" });
  const { element } = chart;

  /** The number of threads that a pointer is nearest to; undefined beside the lines. @param {MouseEvent} event */
  function under(event) {
    if (!shown || !frame) return undefined;
    const { x, right } = frame;
    const at = placeIn(element, event).x;
    return at > right + 12 ? undefined : nearest(shown.xs, (threads) => Math.abs(x(threads) - at));
  }

  element.addEventListener("pointermove", (event) => {
    const threads = event.pointerType === "touch" ? undefined : under(event);
    if (threads !== undefined && threads !== shown?.at) actions.at(threads, false);
  });
  element.addEventListener("pointerleave", () => actions.at(NaN, false));
  element.addEventListener("click", (event) => {
    const named = event.target instanceof Element ? event.target.closest("[data-id]") : null;
    const threads = under(event);
    if (threads !== undefined) actions.at(threads, true);
    const id = named ? /** @type {SVGElement} */ (named).dataset.id : shown && frame && threads !== undefined && near(shown, frame, threads, placeIn(element, event).y);
    if (id) actions.pin(id);
  });
  element.addEventListener("keydown", (event) => {
    if (!shown) return;
    const to = moved(event, { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }, shown.xs.indexOf(shown.at), shown.xs.length);
    if (to !== undefined) actions.at(shown.xs[to], true);
  });

  return {
    ...chart,
    /** @param {Lines} data */
    show(data) {
      const { xs, at, title } = (shown = data);
      const said = words.reading({ title, threads: at, lines: byValue(data).map((one) => `${one.name} ${saidAt(one, data, words)}`) });
      for (const [name, value] of Object.entries({ min: xs[0] ?? 1, max: xs.at(-1) ?? 1, now: at, text: said })) element.setAttribute(`aria-value${name}`, String(value));
      chart.show(data);
    },
  };
}

/** @param {number[]} all @param {(one: number) => number} far */
const nearest = (all, far) => [...all].sort((a, b) => far(a) - far(b))[0];

/** @param {Line} one @param {number} threads */
const pointAt = ({ points }, threads) => points.find(({ x }) => x === threads);

/** The lines by what they are at the number of threads that is read, the highest first. @param {Lines} data */
const byValue = ({ lines, at }) => lines.filter((one) => one.points.length > 0).sort((a, b) => (pointAt(b, at)?.y ?? -1) - (pointAt(a, at)?.y ?? -1));

/** @param {Line} one @param {Lines} data @param {LinesWords} words */
function saidAt(one, { at, format }, words) {
  // What times out with some threads is not tried with more.
  if (one.points.some(({ x, quit }) => quit && x <= at)) return words.gaveUp;
  const value = pointAt(one, at)?.y ?? null;
  return value === null ? words.none : format(value);
}

/** The line nearest to a place, if it is near. @param {Lines} data @param {Frame} frame @param {number} threads @param {number} at */
function near({ lines }, { y }, threads, at) {
  const far = (/** @type {Line} */ one) => Math.abs(y(pointAt(one, threads)?.y ?? NaN) - at);
  return lines.filter((one) => one.kind === "own" && far(one) < NEAR).sort((a, b) => far(a) - far(b))[0]?.id;
}

/** @param {Lines} data @param {number} width */
function frameFor({ lines, xs, log }, width) {
  const narrow = width < NARROW;
  const { left, ends, pitch } = narrow ? PHONE : WIDE;
  const right = width - ends;
  const values = lines.flatMap(({ points }) => points.map(({ y }) => y ?? 0)).filter((one) => one > 0);
  values.sort((a, b) => a - b);
  const low = 10 ** Math.floor(Math.log10(values[Math.floor(values.length * FEW)] ?? 1e5));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values, low * 10)));
  const bottom = HEIGHT - BOTTOM;
  const [first = 1, last = 2] = [xs[0], xs.at(-1)];
  const x = logarithmic([first, Math.max(last, first * 2)], [left + 8, right]);
  const y = log ? logarithmic([low, high], [bottom, TOP], true) : linear([0, 1], [bottom, TOP]);
  const steps = log ? [...Array(Math.max(0, Math.round(Math.log10(high / low)) + 1) || 0)].map((_, i) => low * 10 ** i) : [0, 0.25, 0.5, 0.75, 1];
  return { x, y, left, right, bottom, width, narrow, pitch, steps, low: log ? low : 0 };
}

/** @param {Lines} data @param {Frame} frame @param {LinesWords} words @returns {import("./chart.js").Drawing} */
function draw(data, frame, words) {
  const { x, y, left, right, bottom, steps } = frame;
  const { lines, xs, at, cores, pinned, title, mark } = data;
  const [first = 1, last = 1] = [xs[0], xs.at(-1)];
  const knowsCores = cores !== null && cores >= first && cores <= last;
  // The axis is named at its free end: few threads bring the mark of the cores to the other.
  const late = knowsCores && x(cores) > right - NAME;
  const before = late ? x(cores) + CORES > right : x(cores ?? first) - left > CORES;
  const roomy = (/** @type {number} */ one, /** @type {number} */ two) => Math.abs(x(one) - x(two)) > ROOM;
  return {
    height: bottom + BOTTOM,
    marks: [
      text(0, 13, title, "name"),
      ...steps.flatMap((value) => [across(left, right, y(value), "leader"), text(left - 6, Math.min(y(value) + 4, bottom + 2), mark(value), null, "end")]),
      ...xs.filter((threads) => threads === at || threads === last || (roomy(threads, last) && roomy(threads, at))).map((threads) => text(x(threads), bottom + 18, words.tick(threads), threads === at ? "name" : null, "middle")),
      late ? text(left, bottom + 36, words.threads, null, "start") : text(right, bottom + 36, words.threads, null, "end"),
      knowsCores && rule(x(cores), TOP, bottom, "cores"),
      knowsCores && text(x(cores), bottom + 36, words.cores, null, before ? "end" : "start"),
      xs.includes(at) && rule(x(at), TOP, bottom, "at"),
      ...[...lines].sort((a, b) => rank(a, pinned) - rank(b, pinned)).map((one) => drawLine(one, frame, pinned)),
      ...labelsOf(data, frame, words).map((label) => drawLabel(label, frame, pinned)),
    ],
  };
}

/** What lies above what: the pinned line on top. @param {Line} one @param {string} pinned */
const rank = ({ id, kind }, pinned) => (kind === "own" ? (id === pinned ? 3 : 0) : kind === "there" ? 1 : 2);

/** @param {Line} one @param {string} pinned */
const classOf = ({ id, kind, loses }, pinned) => [kind !== "own" && kind, kind === "own" && id === pinned && "pinned", loses && "loses"].filter(Boolean).join(" ") || null;

/** @param {Line} one @param {Frame} frame @param {string} pinned */
function drawLine(one, { x, y, bottom, low }, pinned) {
  const { points, kind, id } = one;
  let d = "";
  let pen = "";
  for (const { x: threads, y: value } of points) {
    // A piece of one point only is no more than its cap.
    if (value !== null && value > 0) d += `${pen || "M"}${x(threads)} ${y(value)}${pen ? "" : "h0"}`;
    pen = value !== null && value > 0 ? "L" : "";
  }
  return svg("g", { class: classOf(one, pinned) },
    svg("title", null, one.name),
    svg("path", { d, class: "line" }),
    kind === "own" && points.map(({ x: threads, range: [low = 0, high = 0] = [] }) => low > 0 && high > 0 && rule(x(threads), y(high), y(low), "whisker")),
    points.map(({ x: threads, y: value, quit }) => (quit
      ? svg("path", { d: `M${x(threads) - 5} ${bottom - 13}l10 10m0 -10l-10 10`, class: "quit" })
      : value !== null && value > 0 && value < low ? svg("path", { d: `M${x(threads) - 4} ${bottom + 2}h8l-4 6z`, class: "dot" })
        : value !== null && value > 0 && kind === "own" && dot(x(threads), y(value), id === pinned ? 4 : 3, "dot"))));
}

/** Those of the lines that are named: the pinned one, what it is compared with, and those that lie farthest from all that are. @param {Label[]} all @param {string} pinned */
function choice(all, pinned) {
  const isMeant = (/** @type {Label} */ { line: { id, kind } }) => id === pinned || kind !== "own";
  const [named, rest] = [all.filter(isMeant), all.filter((one) => !isMeant(one))];
  const far = (/** @type {Label} */ one) => Math.min(...named.map(({ y }) => Math.abs(y - one.y)));
  while (rest.length && named.length < NAMES) named.push(...rest.splice(rest.indexOf(rest.reduce((best, one) => (far(one) > far(best) ? one : best))), 1));
  return named;
}

/** Where each line's name stands: at its end, but never on another's. @param {Lines} data @param {Frame} frame @param {LinesWords} words @returns {Label[]} */
function labelsOf(data, { x, y, bottom, pitch }, words) {
  const labels = choice(data.lines.filter(({ kind, points }) => kind !== "there" && points.length > 0).map((one) => {
    const last = one.points[one.points.length - 1];
    const end = last.y !== null && last.y > 0 && !last.quit ? y(last.y) : bottom - 8;
    return { line: one, from: /** @type {[number, number]} */ ([x(last.x), end]), y: end, value: saidAt(one, data, words) };
  }), data.pinned).sort((a, b) => a.y - b.y || a.line.id.localeCompare(b.line.id));
  // Down until nothing overlaps, and up again from the lower edge.
  labels.forEach((label, i) => (label.y = Math.max(label.y, i ? labels[i - 1].y + pitch : TOP)));
  for (let i = labels.length - 1; i >= 0; i--) labels[i].y = Math.min(labels[i].y, i === labels.length - 1 ? bottom : labels[i + 1].y - pitch);
  return labels;
}

/** @param {Label} label @param {Frame} frame @param {string} pinned */
function drawLabel({ line: one, y, from, value }, { right, width, narrow }, pinned) {
  const start = right + (narrow ? 10 : 22);
  return svg("g", { class: ["reading", classOf(one, pinned)].filter(Boolean).join(" "), "data-id": one.kind === "own" ? one.id : null },
    svg("path", { d: `M${from[0] + 5} ${from[1]}L${right + 2} ${from[1]}L${start - 3} ${y}`, class: "leader" }),
    text(start, y + 4, narrow ? shortened(one.name) : one.name, "name"),
    text(width, y + 4, value, "value soft", "end"));
}
