/** What does it cost that threads share a counter through a lock? The post's four runs, alive: timeline, table, and what the difference is worth. */
import { counterLabel, isExact } from "../settings.js";
import { h, put, refill } from "../views/dom.js";
import { makeRatios } from "../views/ratios.js";
import { makeTable } from "../views/table.js";
import { Timeline } from "../views/timeline.js";
import { lazily } from "./shell.js";

/** @typedef {import("./shell.js").Body} Body */
/** @typedef {import("../lock-lab.js").Config} Config */
/** @typedef {import("../engine/board.js").Live} Live */
/** @typedef {import("../text/words.js").Words} Words */

/** What the post printed, in seconds: CPython, 20 threads × 20 increments, waits of 1 s, 1,000,000 multiplications. */
const POST = [20.066, 20.056, 32.659, 30.786];
/** A multiplication in optimised code, in ns: for the estimate before anything has been measured here. */
const GUESS_NS = 1.4;
/** What measuring the clock and the prices before the runs takes, in ms. */
const BEFORE_MS = 350;

/** @type {import("./shell.js").FigureModule} */
export const figure = {
  name: "lock-cost",
  presets: [
    { id: "quick", config: { threads: 20, times: 20, waitMs: 50, loops: 1000000 } },
    { id: "post", config: { threads: 20, times: 20, waitMs: 1000, loops: 1000000 } },
  ],
  words: (words) => words.figures["lock-cost"],
  mount: (places, words) => new LockCost(places, words),
};

/** @implements {Body} */
class LockCost {
  /** @param {{live: HTMLElement, results: HTMLElement}} places @param {Words} words */
  constructor({ live, results }, words) {
    this.words = words;
    this.own = words.figures["lock-cost"];
    this.results = results;
    this.timeline = new Timeline(words, this.own.phases);
    this.ratios = makeRatios({ title: this.own.ratioTitle, axis: this.own.ratioAxis, other: this.own.post, noise: this.own.noise, format: (ratio) => ratio.toFixed(ratio > 0.995 && ratio < 1.005 && ratio !== 1 ? 3 : 2) });
    /** Nanoseconds a multiplication took in the last run. */
    this.loopNs = GUESS_NS;
    put(live, this.timeline.element);
  }

  /** @param {Config} config */
  configure(config) {
    if (!this.timeline.live) this.timeline.reserve(this.timeline.phases.length ? this.timeline.lanes : Number(config.threads));
  }

  /** How long each of the four runs will take, in ms. @param {Config} config */
  expect({ threads, times, waitMs, loops }) {
    const io = Math.max(1, Number(times) * Number(waitMs));
    const share = Math.ceil(Number(threads) / (navigator.hardwareConcurrency || 2));
    const cpu = Math.max(1, (Number(times) * Number(loops) * share * this.loopNs) / 1e6);
    return [io, io, cpu, cpu];
  }

  /** @param {Config} config */
  estimateMs(config) {
    return this.expect(config).reduce((sum, ms) => sum + ms, BEFORE_MS);
  }

  /** @param {Config} config */
  estimate(config) {
    return this.own.estimate(this.estimateMs(config));
  }

  /** @param {Config} config @param {Live} live */
  begin(config, live) {
    this.expected = this.expect(config);
    this.timeline.begin(live.phases, live.stateNames, live.workers, this.expected);
    refill(this.results);
  }

  /** @param {Live} live */
  frame(live) {
    this.timeline.frame();
    const expected = this.expected ?? [1, 1, 1, 1];
    if (live.phase < 0) return { said: this.own.measuring, count: "", share: 0, leftMs: expected.reduce((sum, ms) => sum + ms, BEFORE_MS) };
    const share = live.planned ? live.total / live.planned : 0;
    // What remains is judged by the phase itself once it is under way: a busy machine is slower than any estimate.
    const now = live.phases[live.phase].nowMs;
    const length = share > 0.1 ? Math.max(now / share, now) : Math.max(expected[live.phase], now);
    const slower = live.phase === 2 && share > 0.1 ? length : expected[3];
    const later = expected.slice(live.phase + 1).map((ms, i) => (live.phase + 1 + i === 3 ? slower : ms)).reduce((sum, ms) => sum + ms, 0);
    const before = expected.slice(0, live.phase).reduce((sum, ms) => sum + ms, 0);
    return {
      said: this.own.nowRunning(live.phase, expected.length),
      count: this.own.increments(live.total, live.planned),
      share: (before + Math.min(now, length)) / (before + length + later),
      leftMs: Math.max(0, length - now) + later,
    };
  }

  /** @param {any} report @param {Live | null} live @param {any[]} previous */
  finish(report, live, previous) {
    if (live) {
      if (this.timeline.phases !== live.phases) this.timeline.begin(live.phases, live.stateNames, live.workers, []);
      this.timeline.end();
    }
    this.learn(report);
    const runs = report.runs ?? [];
    refill(this.results,
      this.sentences(report).map((text) => h("p", { class: "verdict" }, text)),
      runs.length > 0 && this.table(runs),
      runs.length === 4 && report.outcome === "done" && this.ratios.element,
      previous.length > 0 && h("p", { class: "tag" }, this.own.spread(previous.length + 1)),
      runs.length > 0 && h("details", { onToggle: lazily(() => [this.workers(runs)]) }, h("summary", null, this.words.figure.workers)));
    if (report.outcome === "done") this.ratios.show(this.rows(report, previous));
  }

  /** The next estimate is made from what this machine did. @param {any} report */
  learn({ runs, config }) {
    const run = runs?.[2];
    if (!run?.wallMs || !config.loops) return;
    const share = Math.ceil(config.threads / (navigator.hardwareConcurrency || 2));
    this.loopNs = Math.min(20, Math.max(0.2, (run.wallMs * 1e6) / (config.times * config.loops * share)));
  }

  /** What came out, made from the data. @param {any} report @returns {string[]} */
  sentences({ runs = [], prices, verdict, config }) {
    const sentences = [];
    const price = prices?.[0];
    if (price && config.counter !== "none") sentences.push(this.own.price(price, config.threads * config.times, counterLabel(price.counter)));
    if (verdict?.io && runs[0]?.wallMs) sentences.push(this.own.difference("io", verdict.io, runs[0].wallMs));
    if (verdict?.cpu && runs[2]?.wallMs) sentences.push(this.own.difference("cpu", verdict.cpu, runs[2].wallMs));
    const counted = runs.filter((/** @type {any} */ run) => run.lock && run.lost !== undefined);
    if (!isExact(config.counter) && counted.length) {
      const lost = counted.reduce((/** @type {number} */ sum, /** @type {any} */ run) => sum + run.lost, 0);
      sentences.push(this.own.lost(lost, counted.reduce((/** @type {number} */ sum, /** @type {any} */ run) => sum + run.increments, 0)));
    }
    return sentences;
  }

  /** @param {any[]} runs */
  table(runs) {
    const { columns, none } = this.own;
    const { time, count, percent } = this.words;
    return makeTable(this.own.tableCaption,
      [{ head: columns.run }, { head: columns.wall, right: true }, { head: columns.ideal, right: true }, { head: columns.over, right: true }, { head: columns.wait, right: true }, { head: columns.value, right: true }, { head: columns.post, right: true }],
      runs.map((run, i) => [
        this.own.runName(run),
        run.wallMs === undefined ? none : time(run.wallMs),
        run.idealMs === undefined ? none : time(run.idealMs),
        run.wallMs === undefined || !run.idealMs ? none : percent(run.wallMs / run.idealMs - 1),
        run.lock ? time(run.workers.reduce((/** @type {number} */ sum, /** @type {any} */ worker) => sum + (worker.lockWaitMs ?? 0), 0)) : none,
        run.finalValue === null ? none : count(run.finalValue),
        time(POST[i] * 1000),
      ]));
  }

  /** @param {any[]} runs */
  workers(runs) {
    const { workerColumns: columns, none } = this.own;
    const { time, count } = this.words;
    /** @param {number | undefined} ms */
    const maybe = (ms) => (ms === undefined ? none : time(ms));
    return makeTable(this.own.workersCaption,
      [{ head: columns.worker }, { head: columns.run }, { head: columns.increments, right: true }, { head: columns.start, right: true }, { head: columns.end, right: true }, { head: columns.busy, right: true }, { head: columns.wait, right: true }],
      runs.flatMap((run) => run.workers.map((/** @type {any} */ worker) => [
        worker.name, this.own.runName(run), count(worker.increments), maybe(worker.startMs), maybe(worker.endMs), maybe(worker.busyMs), maybe(worker.lockWaitMs),
      ])));
  }

  /** Each kind of run, with the lock over without. @param {any} report @param {any[]} previous @returns {import("../views/ratios.js").Row[]} */
  rows(report, previous) {
    return [["IO", 0, "io"], ["CPU", 2, "cpu"]].map(([name, first, key]) => {
      const at = Number(first);
      /** @param {any} one */
      const ratio = (one) => one.runs[at + 1].wallMs / one.runs[at].wallMs;
      const noise = report.verdict?.[key]?.noiseMs;
      return {
        name: String(name), value: ratio(report), earlier: previous.map(ratio), other: POST[at + 1] / POST[at],
        noise: noise === undefined ? null : noise / report.runs[at].wallMs,
      };
    });
  }

  destroy() {
    this.timeline.destroy();
    this.ratios.destroy();
  }
}
