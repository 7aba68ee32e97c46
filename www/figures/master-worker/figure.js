/** A master gives jobs to its workers: how does it learn that they are done, what does asking cost, and what if one of them dies? */
import { jobRows, noticing, noticingFacts, printed, rounds } from "../../masters.js";
import { object } from "../../shape.js";

/** @typedef {import("../../shell/manifest.js").Manifest} Manifest */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {{name: string, most: number | null, values: number[], earlier: number[], mean: number}} Way  one way of noticing, and all the delays that it has had so far */
/** @typedef {{words: Words, own: typeof import("./en.js").default, ways?: Way[]}} Context  `ways`: those of this run and of earlier ones */

/** Settings that mean something only beside others. @type {Record<string, (config: import("../../settings.js").Config) => boolean>} */
const MATTERS = {
  waitMs: ({ job }) => job !== "cpu",
  loops: ({ job }) => job === "cpu",
  pollMs: ({ notice }) => notice !== "told",
};

/** @type {Manifest} */
export const figure = {
  presets: [
    { id: "quick", config: { threads: 10, times: 3, job: "io", waitMs: 300, notice: "poll", pollMs: 100 } },
    { id: "told", config: { threads: 10, times: 3, job: "io", waitMs: 300, notice: "told" } },
    { id: "post", config: { threads: 10, times: 10, job: "io", waitMs: 3000, notice: "poll", pollMs: 1000 } },
  ],
  main: ["notice", "threads", "pollMs"],
  matters: (setting, config) => MATTERS[setting]?.(config) ?? true,
  heights: [638, 838],
  slices: {
    polling: { controls: ["threads", "pollMs"], heights: [420, 500] },
    told: { controls: ["threads"], heights: [420, 500], config: { notice: "told" } },
  },
  shape: object({}, { ...printed, rounds, noticing }),
  rows: jobRows,
  facts: noticingFacts,
  sentences,
  table,
};

/** What came out, made from the data. @param {any} report @param {Context} context @returns {string[]} */
function sentences({ noticing, config, rounds = [], jobs, deaths = [], weak, schedulingMs }, { own, ways = [] }) {
  const sentences = [];
  if (noticing?.delaysMs?.length) {
    sentences.push(noticing.mode === "told" ? own.told(noticing) : own.polled(noticing, config));
    const [poll, told] = ["poll", "told"].map((mode) => ways.findLast((way) => (way.most === null) === (mode === "told")));
    if (poll && told) sentences.push(own.both(poll, told));
  }
  const last = rounds.at(-1);
  if (last?.endMs !== undefined && jobs) sentences.push(own.whole(jobs.done, rounds.length, last.endMs, config.job === "io" ? rounds.length * config.waitMs : null, schedulingMs));
  sentences.push(...own.deaths(deaths, config.retry === "on"));
  if (jobs?.late) sentences.push(own.late(jobs.late));
  if (weak) sentences.push(own.weak(weak));
  return sentences;
}

/** @param {any} report @param {Context} context */
function table({ rounds = [] }, { words: { time, count }, own }) {
  const { columns, none } = own;
  const maybe = (/** @type {number | undefined} */ ms) => (ms === undefined ? none : time(ms));
  const right = (/** @type {string} */ head) => ({ head, right: true });
  return {
    caption: own.tableCaption,
    columns: [{ head: columns.round }, right(columns.done), right(columns.last), right(columns.knew), right(columns.took)],
    rows: rounds.map((/** @type {any} */ { startMs, endMs, lastDoneMs, knownMs, workers }, /** @type {number} */ i) => [
      own.roundName(i + 1), count(workers.filter((/** @type {any} */ one) => one.outcome === "done").length),
      maybe(lastDoneMs === undefined ? undefined : lastDoneMs - startMs), maybe(knownMs === undefined || lastDoneMs === undefined ? undefined : knownMs - lastDoneMs),
      maybe(endMs === undefined ? undefined : endMs - startMs),
    ]),
  };
}
