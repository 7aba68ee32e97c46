/**
 * Lines over a number of threads, on a log axis: each named at its end, with its value where a reader points. One of them is pinned and stands
 * out; theory and somebody else's lines are dashed. As SVG; knows names and numbers only.
 */
import { scaleLinear, scaleLog } from "d3-scale";
import { line } from "d3-shape";
import { makeChart } from "./chart.js";
import { svg } from "./dom.js";

/** @typedef {{x: number, y: number | null, quit?: boolean}} Point  `quit`: there was no end of it */
/**
 * @typedef {object} Line
 * @property {string} id
 * @property {string} name
 * @property {Point[]} points  sorted by x
 * @property {"own" | "there" | "native" | "theory" | "theory queue"} kind
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
/** @typedef {{line: Line, y: number, from: [x: number, y: number], value: string}} Label */

const HEIGHT = 360;
const TOP = 26;
const BOTTOM = 46;
const LEFT = 64;
const NARROW = 560;
/** Room for names and values at the lines' ends. */
const ENDS = 244;
const ENDS_NARROW = 166;
const LEFT_NARROW = 50;
const PITCH = 17;
const PITCH_NARROW = 15;
/** So many letters of a name fit on a phone, Chinese ones counted twice. */
const LETTERS = 13;
const WIDE = /[\u2e80-\uffef]/;
/** Numbers on the axis nearer than this would touch. */
const ROOM = 20;
/** A click this near to a line is for it. */
const NEAR = 14;

/** @param {LinesWords} words @param {LinesActions} actions */
export function makeLines(words, actions) {
  /** @type {Lines | null} */
  let shown = null;
  /** @type {ReturnType<typeof scalesFor> | null} */
  let scales = null;
  const chart = makeChart("lines", (/** @type {Lines} */ data, width) => {
    scales = scalesFor(data, width);
    return draw(data, scales, words);
  });
  const { element } = chart;
  for (const [name, value] of Object.entries({ tabindex: "0", role: "slider", "aria-label": words.label, "aria-orientation": "horizontal" })) element.setAttribute(name, value);

  /** The number of threads that a pointer is nearest to; undefined beside the lines. @param {MouseEvent} event */
  function under(event) {
    if (!shown || !scales) return undefined;
    const x = event.clientX - element.getBoundingClientRect().left;
    if (x > scales.right + 12) return undefined;
    return nearest(shown.xs, (threads) => Math.abs((scales?.x(threads) ?? 0) - x));
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
    const id = named ? /** @type {SVGElement} */ (named).dataset.id : shown && scales && threads !== undefined ? close(shown, scales, threads, event.clientY - element.getBoundingClientRect().top) : undefined;
    if (id) actions.pin(id);
  });
  element.addEventListener("keydown", (event) => {
    if (!shown) return;
    const { xs, at } = shown;
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, Home: -xs.length, End: xs.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    actions.at(xs[Math.max(0, Math.min(xs.length - 1, xs.indexOf(at) + step))], true);
  });

  return {
    ...chart,
    /** @param {Lines} data */
    show(data) {
      shown = data;
      element.setAttribute("aria-valuemin", String(data.xs[0] ?? 1));
      element.setAttribute("aria-valuemax", String(data.xs.at(-1) ?? 1));
      element.setAttribute("aria-valuenow", String(data.at));
      element.setAttribute("aria-valuetext", words.reading({ title: data.title, threads: data.at, lines: byValue(data).map((one) => `${one.name} ${saidAt(one, data, words)}`) }));
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
  const point = pointAt(one, at);
  // What does not come to its end with some threads is not tried with more.
  if (one.points.some(({ x, quit }) => quit && x <= at)) return words.gaveUp;
  return point?.y === undefined || point.y === null ? words.none : format(point.y);
}

/** The line nearest to a place, if it is near. @param {Lines} data @param {ReturnType<typeof scalesFor>} scales @param {number} threads @param {number} y */
function close({ lines }, scales, threads, y) {
  const all = lines.filter(({ kind }) => kind === "own").map((one) => ({ id: one.id, far: Math.abs(scales.y(pointAt(one, threads)?.y ?? NaN) - y) })).filter(({ far }) => far < NEAR);
  return all.sort((a, b) => a.far - b.far)[0]?.id;
}

/** @param {Lines} data @param {number} width */
function scalesFor({ lines, xs, log }, width) {
  const narrow = width < NARROW;
  const right = width - (narrow ? ENDS_NARROW : ENDS);
  const left = narrow ? LEFT_NARROW : LEFT;
  const values = lines.flatMap(({ points }) => points.map(({ y }) => y ?? 0)).filter((one) => one > 0);
  const low = 10 ** Math.floor(Math.log10(Math.min(...values, log && !values.length ? 1e5 : Infinity)));
  const high = 10 ** Math.ceil(Math.log10(Math.max(...values, low * 10)));
  const labels = lines.filter(({ points }) => points.length > 0).length;
  const bottom = Math.max(HEIGHT - BOTTOM, TOP + labels * (narrow ? PITCH_NARROW : PITCH));
  const x = scaleLog([xs[0] ?? 1, Math.max(xs.at(-1) ?? 2, (xs[0] ?? 1) * 2)], [left + 8, right]).base(2);
  const y = log ? scaleLog([low, high], [bottom, TOP]) : scaleLinear([0, 1], [bottom, TOP]);
  return { x, y, left, right, bottom, width, narrow, low, high };
}

/** @param {Lines} data @param {ReturnType<typeof scalesFor>} scales @param {LinesWords} words @returns {import("./chart.js").Drawing} */
function draw(data, scales, words) {
  const { x, y, left, right, bottom, narrow } = scales;
  const { lines, xs, at, cores, pinned } = data;
  const drawn = line(/** @type {(point: Point) => number} */ (({ x: threads }) => x(threads)), ({ y: value }) => y(value ?? 1)).defined(({ y: value }) => value !== null && value > 0);
  const sorted = [...lines].sort((a, b) => rank(a, pinned) - rank(b, pinned));
  // The axis is named at its free end: few threads bring the mark of the cores to the other.
  const late = cores !== null && x(cores) > (left + right) / 2;
  return {
    height: bottom + BOTTOM,
    label: data.title,
    role: "none",
    parts: [
      svg("text", { x: 0, y: 13, class: "name" }, data.title),
      ...rules(data, scales),
      ...xs.filter((threads, i) => threads === at || i === xs.length - 1 || (roomy(x(threads), x(xs[xs.length - 1])) && roomy(x(threads), x(at)))).map((threads) => svg("text", { x: x(threads), y: bottom + 18, "text-anchor": "middle", class: threads === at ? "name" : "" }, words.tick(threads))),
      late ? svg("text", { x: left, y: bottom + 36, "text-anchor": "start" }, words.threads) : svg("text", { x: right, y: bottom + 36, "text-anchor": "end" }, words.threads),
      cores !== null && cores >= (xs[0] ?? 1) && cores <= (xs.at(-1) ?? 1) && svg("line", { x1: x(cores), x2: x(cores), y1: TOP, y2: bottom, class: "cores" }),
      cores !== null && cores >= (xs[0] ?? 1) && cores <= (xs.at(-1) ?? 1) && svg("text", { x: Math.max(left, x(cores)), y: bottom + 36, "text-anchor": late ? "end" : "start" }, words.cores),
      xs.includes(at) && svg("line", { x1: x(at), x2: x(at), y1: TOP, y2: bottom, class: "at" }),
      ...sorted.map((one) => svg("g", { class: classOf(one, pinned) },
        svg("path", { d: drawn(one.points) ?? "", class: "line" }),
        one.points.map((point) => (point.quit
          ? svg("path", { d: cross(x(point.x), bottom - 8), class: "quit" })
          : point.y !== null && point.y > 0 && one.kind === "own" && svg("circle", { cx: x(point.x), cy: y(point.y), r: one.id === pinned ? 4 : 3, class: "dot" }))))),
      ...labelsOf(data, scales, words).map((label) => drawLabel(label, scales, pinned, narrow)),
    ],
  };
}

/** Whether two numbers on the axis do not touch. @param {number} one @param {number} two */
const roomy = (one, two) => Math.abs(one - two) > ROOM;

/** What lies above what: the pinned line on top. @param {Line} one @param {string} pinned */
const rank = ({ id, kind }, pinned) => (kind === "own" ? (id === pinned ? 3 : 0) : kind === "there" || kind === "native" ? 1 : 2);

/** @param {Line} one @param {string} pinned */
const classOf = ({ id, kind, loses }, pinned) => [kind === "own" ? "" : kind, kind === "own" && id === pinned ? "pinned" : "", loses ? "loses" : ""].filter(Boolean).join(" ") || null;

/** @param {number} x @param {number} y */
const cross = (x, y) => `M${x - 5} ${y - 5}L${x + 5} ${y + 5}M${x + 5} ${y - 5}L${x - 5} ${y + 5}`;

/** Lines across with their values at the left. @param {Lines} data @param {ReturnType<typeof scalesFor>} scales */
function rules({ log, mark }, { y, low, high, left, right, bottom }) {
  const ticks = log ? Array.from({ length: Math.round(Math.log10(high / low)) + 1 }, (_, i) => low * 10 ** i) : [0, 0.25, 0.5, 0.75, 1];
  return ticks.flatMap((value) => [
    svg("line", { x1: left, x2: right, y1: y(value), y2: y(value), class: "leader" }),
    svg("text", { x: left - 6, y: Math.min(y(value) + 4, bottom + 2), "text-anchor": "end" }, mark(value)),
  ]);
}

/** Where each line's name stands: at its end, but never on another's. @param {Lines} data @param {ReturnType<typeof scalesFor>} scales @param {LinesWords} words @returns {Label[]} */
function labelsOf(data, { x, y, bottom, narrow }, words) {
  const pitch = narrow ? PITCH_NARROW : PITCH;
  const labels = data.lines.filter(({ kind, points }) => kind !== "there" && points.length > 0).map((one) => {
    const last = one.points.at(-1) ?? { x: 1, y: null, quit: true };
    const at = /** @type {[number, number]} */ ([x(last.x), last.y !== null && last.y > 0 && !last.quit ? y(last.y) : bottom - 8]);
    return { line: one, from: at, y: at[1], value: saidAt(one, data, words) };
  }).sort((a, b) => a.y - b.y || a.line.id.localeCompare(b.line.id));
  // Down until nothing overlaps, and up again from the lower edge.
  labels.forEach((label, i) => (label.y = Math.max(label.y, i ? labels[i - 1].y + pitch : TOP)));
  for (let i = labels.length - 1; i >= 0; i--) labels[i].y = Math.min(labels[i].y, i === labels.length - 1 ? bottom : labels[i + 1].y - pitch);
  return labels;
}

/** As much of a name as fits on a phone. @param {string} name */
function shortened(name) {
  let room = LETTERS;
  const fits = [...name].findIndex((letter) => (room -= WIDE.test(letter) ? 2 : 1) < 0);
  return fits < 0 ? name : `${[...name].slice(0, fits - 1).join("")}…`;
}

/** @param {Label} label @param {ReturnType<typeof scalesFor>} scales @param {string} pinned @param {boolean} narrow */
function drawLabel({ line: one, y, from, value }, { right, width }, pinned, narrow) {
  const start = right + (narrow ? 10 : 22);
  const name = narrow ? shortened(one.name) : one.name;
  return svg("g", { class: ["reading", classOf(one, pinned)].filter(Boolean).join(" "), "data-id": one.kind === "own" ? one.id : null },
    svg("path", { d: `M${from[0] + 5} ${from[1]}L${right + 2} ${from[1]}L${start - 3} ${y}`, class: "leader" }),
    svg("text", { x: start, y: y + 4, class: "name", ...(narrow && { "font-size": 12 }) }, name),
    svg("text", { x: width, y: y + 4, "text-anchor": "end", class: "value soft", ...(narrow && { "font-size": 12 }) }, value));
}
