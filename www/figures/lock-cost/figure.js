/** What does it cost that threads share a counter through a lock? The post's four runs: their sentences and their table. */
import { isExact } from "../../settings.js";
import { boolean, choice, list, number, object, time } from "../../shape.js";

/** @typedef {import("../../shell/manifest.js").Manifest} Manifest */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {{words: Words, own: typeof import("./en.js").default, previous?: any[]}} Context  `previous`: reports of earlier runs with the same settings */

/**
 * What the post printed: CPython, 20 threads × 20 increments, waits of 1 s, 1,000,000 multiplications. Ideally the waits take 20 s; what the
 * loops would, on a machine that the post says nothing about, nobody knows.
 * @type {{ms: number, idealMs: number | null}[]}
 */
export const POST = [{ ms: 20066, idealMs: 20000 }, { ms: 20056, idealMs: 20000 }, { ms: 32659, idealMs: null }, { ms: 30786, idealMs: null }];

/** @type {Manifest} */
export const figure = {
  presets: [
    { id: "quick", config: { threads: 20, times: 20, waitMs: 50, loops: 1000000 } },
    { id: "post", config: { threads: 20, times: 20, waitMs: 1000, loops: 1000000 } },
  ],
  main: ["threads", "waitMs", "counter"],
  heights: [629, 830],
  slices: {
    times: { controls: ["threads", "waitMs"], heights: [401, 440], lanes: false },
    lanes: { controls: ["threads", "waitMs"], heights: [478, 554], say: waiting },
    noise: { controls: ["waitMs"], heights: [419, 500], lanes: false, say: side },
    same: { controls: ["waitMs"], heights: [419, 500], lanes: false, config: { counter: "none" }, say: side },
    gil: { controls: ["threads", "gil"], heights: [478, 554], config: { gil: "on" } },
  },
  shape: object({ runs: list(object({ busy: choice("io", "cpu"), lock: boolean }, { wallMs: time, idealMs: time, increments: number() }), 4) }, { gil: object({ parallelMs: time, switches: number() }) }),
  rows: ({ runs = [] }) => runs,
  facts: ({ runs = [], environment }, words) => [0, 1, 2, 3].map((i) => (typeof runs[i]?.wallMs === "number" ? words.time(runs[i].wallMs, environment.clockStepMs) : "")),
  sentences,
  table,
};

/** What came out, made from the data. @param {any} report @param {Context} context @returns {string[]} */
function sentences({ runs = [], prices, verdict, gil, config, outcome }, { words, own, previous = [] }) {
  // The first is the result: whoever asked for a GIL wants to know what it takes.
  const sentences = gil ? [own.gil(gil, runs[2].wallMs, POST[2].ms)] : [];
  const price = prices?.[0];
  const label = words.counter(config.counter);
  if (price && config.counter !== "none") sentences.push(own.answer(price, config.threads * config.times, label, verdict?.io?.noiseMs), own.price(price, config.threads * config.times, label));
  if (verdict?.io && runs[0]?.wallMs) sentences.push(own.difference("io", verdict.io, runs[0].wallMs, config.counter));
  if (verdict?.cpu && runs[2]?.wallMs) sentences.push(own.difference("cpu", verdict.cpu, runs[2].wallMs, config.counter));
  const counted = runs.filter((/** @type {any} */ run) => run.lock && run.lost !== undefined);
  if (!isExact(config.counter) && counted.length) {
    sentences.push(own.lost(sum(counted.map((/** @type {any} */ run) => run.lost)), sum(counted.map((/** @type {any} */ run) => run.increments)), label));
  }
  if (previous.length && outcome === "done") sentences.push(spread([...previous, { runs, config }], own));
  return sentences;
}

/** How often which side was the slower one. @param {any[]} reports  with the same settings @param {Context["own"]} own */
function spread(reports, own) {
  const [io, cpu] = [0, 2].map((first) => reports.filter(({ runs }) => runs[first + 1].wallMs > runs[first].wallMs).length);
  return own.spread(reports.length, io, cpu, reports[0].config.counter);
}

/** The same in one sentence, or by how much the only run differed. @param {string[]} all @param {any} report @param {import("../../shell/manifest.js").Context} context */
function side([first], { runs = [], verdict, config, outcome }, { own, series }) {
  if (series.length > 1 && outcome === "done") return spread(series, own);
  return verdict?.io && runs[0]?.wallMs ? own.difference("io", verdict.io, runs[0].wallMs, config.counter) : first;
}

/** How little of all that time was spent at the lock; nothing where a GIL has the word. @param {string[]} _ @param {any} report @param {Context} context */
function waiting(_, { runs = [], gil, config }, { words: { time: said }, own }) {
  const locked = runs.filter((/** @type {any} */ run) => run.lock && run.wallMs);
  const waits = locked.flatMap((/** @type {any} */ { workers }) => workers.map((/** @type {any} */ { lockWaitMs }) => lockWaitMs)).filter((/** @type {number | undefined} */ ms) => ms !== undefined);
  return gil || !waits.length ? undefined : own.waiting(said(sum(waits)), said(config.threads * sum(locked.map((/** @type {any} */ { wallMs }) => wallMs))));
}

/** @param {any} report @param {Context} context */
function table({ runs = [], environment }, { words: { time: said, count, percent }, own }) {
  const { columns, none } = own;
  const right = (/** @type {string} */ head) => ({ head, right: true });
  return {
    caption: own.tableCaption,
    columns: [{ head: columns.run }, right(columns.wall), right(columns.post), right(columns.ideal), right(columns.over), right(columns.value), right(columns.wait)],
    rows: runs.map((/** @type {any} */ run, /** @type {number} */ i) => [
      own.runName(run),
      run.wallMs === undefined ? none : run.outcome === "done" ? said(run.wallMs, environment.clockStepMs) : own.cutShort(run.outcome, run.wallMs),
      said(POST[i].ms),
      run.idealMs === undefined ? none : said(run.idealMs),
      run.wallMs === undefined || !run.idealMs ? none : percent(run.wallMs / run.idealMs - 1),
      typeof run.finalValue === "number" ? count(run.finalValue) : none,
      run.lock ? said(sum(run.workers.map((/** @type {any} */ worker) => worker.lockWaitMs ?? 0))) : none,
    ]),
  };
}

/** @param {number[]} numbers */
export function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}
