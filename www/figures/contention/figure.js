/** What becomes of a lock's price as threads compete for it? Throughput, fairness and waits over threads, and what theory expects. */
import { isExact } from "../../settings.js";
import { isNative, list, name, number, object, signed, time } from "../../shape.js";

/** @typedef {import("../../shell/manifest.js").Manifest} Manifest */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {typeof import("./en.js").default} Own */
/**
 * @typedef {object} Context
 * @property {Words} words
 * @property {Own} own
 * @property {string} [pinned]  the counter that is looked at
 * @property {number} [chosen]  the number of threads that is looked at
 * @property {any} [other]  a report beside this one
 */

/** Windows in which Rust measures a point, one a round. */
export const WINDOWS = 10;
/** Turns of the luckiest thread below which one more or less shows in a share. */
const FEW = 10;

/** @type {Manifest} */
export const figure = {
  presets: [
    { id: "empty", config: { holdNs: 0, pauseNs: 0, pattern: "even" } },
    { id: "short", config: { holdNs: 500, pauseNs: 4500, pattern: "even" } },
    { id: "long", config: { holdNs: 50000, pauseNs: 50000, pattern: "even" } },
    { id: "hog", config: { holdNs: 1000, pauseNs: 1000, pattern: "hog" } },
    { id: "bursts", config: { holdNs: 500, pauseNs: 20000, pattern: "bursts" } },
  ],
  main: ["threads", "counter"],
  heights: [622, 824],
  slices: {
    crowd: { controls: ["threads", "counter"], heights: [445, 506] },
    law: { controls: ["threads", "counter"], heights: [445, 506], config: { holdNs: 500, pauseNs: 4500, counters: "one" }, say: law },
    turns: { controls: ["threads", "counter"], heights: [477, 549], say: luck },
  },
  shape: object({}, {
    points: list(object({ counter: name, threads: number(1, 1024) }, {
      opsPerSecond: number(), lowOpsPerSecond: number(), highOpsPerSecond: number(), windows: list(number(), 64), fairness: number(0, 1), waitNs: object({}, { p50: time, p99: time, max: time }), lost: signed, gaveUpAfterMs: time,
    }), 2048),
  }),
  rows: ({ points = [] }) => points,
  sentences,
  table: (report, { chosen = mostThreads(report), ...context }) => pointsTable(context.own.tableCaption(chosen), (report.points ?? []).filter((/** @type {any} */ { threads }) => threads === chosen), context),
};

/** The largest number of threads that a report has points of. @param {any} report @returns {number} */
const mostThreads = ({ points = [], config }) => (points.length ? Math.max(...points.map((/** @type {any} */ { threads }) => threads)) : config.threads);

/** @param {any[] | undefined} points @param {string} counter @param {number} threads */
export const pointOf = (points, counter, threads) => points?.find((one) => one.counter === counter && one.threads === threads);

/**
 * The points of a report beside this one, as they are drawn: native ones scaled as if the pinned counter made as much there with one thread as here, and
 * without their waits, as those of two processors are no comparison. Nothing of those until it is known here.
 * @param {any[]} points @param {any} other  a report, or null @param {string} pinned @returns {any[]}
 */
export function beside(points, other, pinned) {
  if (!other?.points || !isNative(other)) return other?.points ?? [];
  const factor = pointOf(points, pinned, 1)?.opsPerSecond / pointOf(other.points, pinned, 1)?.opsPerSecond;
  const scaled = (/** @type {number | undefined} */ rate) => rate && rate * factor;
  return factor > 0 ? other.points.map((/** @type {any} */ one) => ({ ...one, waitNs: undefined, opsPerSecond: scaled(one.opsPerSecond), lowOpsPerSecond: scaled(one.lowOpsPerSecond), highOpsPerSecond: scaled(one.highOpsPerSecond) })) : [];
}

/**
 * How many times as quick one point was as another: the median of their windows' ratios, round by round, if it was quicker in every
 * window, or slower in every one; else nothing, as in a second run it may be the other way round.
 * @param {any} one @param {any} another @returns {number | undefined}
 */
export function timesAsQuick({ windows: mine = [] }, { windows: theirs = [] }) {
  const ratios = mine.map((/** @type {number} */ rate, /** @type {number} */ i) => rate / theirs[i]).filter((/** @type {number} */ ratio) => ratio !== 1).sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
  const agree = ratios.length >= WINDOWS && (ratios[0] > 1 || ratios[ratios.length - 1] < 1);
  return agree ? (ratios[(ratios.length - 1) >> 1] + ratios[ratios.length >> 1]) / 2 : undefined;
}

/** What came out, made from the data. @param {any} report @param {Context} context @returns {string[]} */
function sentences(report, { words, own, pinned = report.config.counter, chosen = mostThreads(report), other = null }) {
  const { points = [] } = report;
  if (!points.length) return [own.nothing];
  const label = words.counter(pinned);
  const mine = pointOf(points, pinned, chosen);
  const alone = pointOf(points, pinned, 1);
  const sentences = [];
  if (mine?.opsPerSecond && alone?.opsPerSecond && chosen > 1) sentences.push(own.scaling(label, alone.opsPerSecond, chosen, mine, mine.bimodal || alone.bimodal ? NaN : timesAsQuick(mine, alone)), ...(report.config.pattern === "hog" ? [own.hogAlone] : []));
  const here = points.filter((/** @type {any} */ one) => one.threads === chosen && one.opsPerSecond);
  for (const { counter, bimodal, windows } of here) if (bimodal) sentences.push(own.bimodal(words.counter(counter), chosen, bimodal, windows.length));
  // What has two speeds is so many times as quick as nothing.
  const others = here.filter((/** @type {any} */ one) => one !== mine && !one.bimodal && isExact(one.counter));
  if (mine?.windows?.length >= WINDOWS && !mine.bimodal && others.length) {
    /** @type {{label: string, factor: number}[]} */
    const ranked = others.map((/** @type {any} */ one) => ({ label: words.counter(one.counter), factor: timesAsQuick(one, mine) ?? 0 }));
    const quicker = ranked.filter(({ factor }) => factor > 1).sort((a, b) => b.factor - a.factor);
    sentences.push(own.quicker(label, chosen, quicker));
  }
  if (mine?.shares?.length > 1 && mine.fairness !== undefined) sentences.push(own.shares(mine.fairness, mine.shares, FEW));
  if (mine?.waitNs && chosen > 1) sentences.push(own.waits({ step: 0, ...mine.waitNs }));
  const { predicted } = mine ?? {};
  if (predicted && mine.opsPerSecond) sentences.push(own.theory(mine, predicted, chosen));
  for (const warning of report.warnings ?? []) if (Object.hasOwn(own.warnings, warning.code)) sentences.push(own.warnings[warning.code](warning, words.counter(warning.counter), report.environment.cores));
  for (const one of points) if (one.threads === chosen && !isExact(one.counter) && one.increments) sentences.push(own.lost(words.counter(one.counter), one.lost, one.increments, one.threads));
  const there = pointOf(other?.points, pinned, chosen);
  if (there?.opsPerSecond) {
    const where = words.figure.where(other.environment);
    const thereAlone = pointOf(other.points, pinned, 1)?.opsPerSecond;
    if (!isNative(other)) sentences.push(own.other(where, label, there.opsPerSecond, chosen));
    else if (thereAlone && chosen > 1) sentences.push(own.machine(where, label, there.opsPerSecond / thereAlone, chosen));
  }
  // One lock with one thread: there is nothing to compare.
  if (!sentences.length && mine?.opsPerSecond) sentences.push(own.alone(label, mine.opsPerSecond));
  return sentences;
}

/** How evenly the threads had the lock. @param {string[]} _ @param {any} report @param {import("../../shell/manifest.js").Context} context  `config`: with the counter that is looked at */
function luck(_, report, { words, own, config }) {
  const { fairness, shares } = pointOf(report.points, config.counter, mostThreads(report)) ?? {};
  return fairness !== undefined && shares?.length > 1 ? own.shares(fairness, shares, FEW, words.counter(config.counter)) : undefined;
}

/** What theory expects with the most threads, in one sentence. @param {string[]} _ @param {any} report @param {import("../../shell/manifest.js").Context} context */
function law(_, report, { own, config }) {
  const threads = mostThreads(report);
  const { predicted, opsPerSecond } = pointOf(report.points, config.counter, threads) ?? {};
  return predicted && opsPerSecond ? own.expected(opsPerSecond, predicted, threads) : undefined;
}

/** @param {string} caption @param {any[]} points @param {import("../../shell/manifest.js").Context} context */
export function pointsTable(caption, points, { words, own, other = null }) {
  const { columns, none } = own;
  const right = (/** @type {string} */ head) => ({ head, right: true });
  const ops = (/** @type {number | undefined} */ value) => (value === undefined ? none : own.perSecond(value));
  const wait = (/** @type {number | undefined} */ value) => (value === undefined ? none : own.wait(value));
  const sorted = [...points].sort((a, b) => a.threads - b.threads || (b.opsPerSecond ?? -1) - (a.opsPerSecond ?? -1));
  return {
    caption,
    columns: [{ head: columns.counter }, right(columns.threads), right(columns.ops), right(columns.interval), right(columns.fairness), right(columns.p50), right(columns.p99), right(columns.max), right(columns.lost), ...(other ? [right(words.figure.where(other.environment))] : [])],
    rows: sorted.map((one) => [
      words.counter(one.counter), words.count(one.threads), one.gaveUpAfterMs === undefined ? ops(one.opsPerSecond) : own.gaveUpCell(one.gaveUpAfterMs), one.windows ? own.interval(one) : none,
      one.fairness === undefined ? none : own.fairness(one.fairness), wait(one.waitNs?.p50), wait(one.waitNs?.p99), wait(one.waitNs?.max), words.count(one.lost ?? 0),
      ...(other ? [ops(pointOf(other.points, one.counter, one.threads)?.opsPerSecond)] : []),
    ]),
  };
}
