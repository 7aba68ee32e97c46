/** The post's four runs, alive: timeline, bars, ratios, table. */
import { makeBars } from "../../views/bars.js";
import { h, lazily, put } from "../../views/dom.js";
import { makeRatios } from "../../views/ratios.js";
import { makeTable } from "../../views/table.js";
import { Timeline } from "../../views/timeline.js";
import { POST, figure, sum } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../shell/manifest.js").Body} Body */
/** @typedef {import("../../lock-lab.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {typeof import("./en.js").default} Own */

/** The run whose timeline says most to who has not seen one yet: waiting, with the lock. */
const RECORDED_PHASE = 1;
/** A multiplication in optimised code, in ns: for the estimate before anything has been measured here. */
const GUESS_NS = 1.4;
/** What measuring the clock and the prices before the runs takes, in ms. */
const BEFORE_MS = 350;

/** @type {import("../../shell/manifest.js").FigureModule["mount"]} */
export const mount = (places, words, own, actions) => new LockCost(places, words, own, actions);

/** How many threads calculate one after the other, on each core or under the GIL. @param {Config} config */
const inTurn = ({ threads, gil }) => Math.ceil(Number(threads) / (gil === "on" ? 1 : navigator.hardwareConcurrency || 2));

/** @implements {Body} */
class LockCost {
  /** @param {import("../../shell/manifest.js").Places} places @param {Words} words @param {Own} own @param {import("../../shell/manifest.js").Actions} actions */
  constructor({ live, show }, words, own, { tell }) {
    this.words = words;
    this.own = own;
    this.tell = tell;
    this.timeline = new Timeline(words.timeline, this.own.phases, { least: Number(figure.presets[0].config.threads) });
    this.stepMs = 0;
    this.bars = makeBars({ ...this.own.bars, format: (ms) => words.time(ms, this.stepMs) });
    /** The runs that are drawn as bars, and somebody else's report beside them. @type {any[] | undefined} */
    this.whole = undefined;
    /** @type {any} */
    this.other = null;
    this.ratios = makeRatios(this.own.ratios);
    /** Nanoseconds a multiplication took in the last run. */
    this.loopNs = GUESS_NS;
    this.show = show;
    put(live, show === "times" ? this.bars.element : show === "noise" ? this.ratios.element : this.timeline.element);
  }

  /** @param {Config} config */
  configure(config) {
    this.timeline.keep(Number(config.threads));
    if (!this.timeline.live) this.timeline.reserve(this.timeline.phases.length ? this.timeline.lanes : Number(config.threads));
  }

  /** How long each of the four runs will take, in ms. @param {Config} config */
  expect(config) {
    const io = Math.max(1, Number(config.times) * Number(config.waitMs));
    const cpu = this.expectCpu(config);
    return [io, io, cpu, cpu];
  }

  /** @param {Config} config */
  expectCpu(config) {
    return Math.max(1, (Number(config.times) * Number(config.loops) * inTurn(config) * this.loopNs) / 1e6);
  }

  /** What is measured before the runs. @param {Config} config */
  before(config) {
    return BEFORE_MS + (config.gil === "on" ? this.expectCpu({ ...config, gil: "off" }) : 0);
  }

  /** @param {Config} config */
  estimate(config) {
    return this.own.estimate(sum(this.expect(config)) + this.before(config), 2 * Number(config.times) * Number(config.waitMs));
  }

  /** @param {Config} config @param {Live} live */
  begin(config, live) {
    this.expected = this.expect(config);
    this.config = config;
    this.timeline.begin(live.phases, live.stateNames, live.workers, this.expected);
    this.outdate(true);
  }

  /** What was drawn of another run says nothing of this one: hidden until it is drawn anew. @param {boolean} is */
  outdate(is) {
    for (const { element } of [this.bars, this.ratios]) element.classList.toggle("outdated", is);
  }

  /** @param {Live} live */
  frame(live) {
    this.timeline.frame();
    const expected = this.expected ?? [1, 1, 1, 1];
    if (live.phase < 0) {
      const { config = {} } = this;
      return { said: config.gil === "on" ? this.own.measuringParallel : this.own.measuring, count: "", share: 0, leftMs: sum(expected) + this.before(config) };
    }
    const share = live.planned ? live.total / live.planned : 0;
    // What remains is judged by the phase itself once it is under way: a busy machine is slower than any estimate.
    const now = live.phases[live.phase].nowMs;
    const length = share > 0.1 ? Math.max(now / share, now) : Math.max(expected[live.phase], now);
    const slower = live.phase === 2 && share > 0.1 ? length : expected[3];
    const later = sum(expected.slice(live.phase + 1, 3)) + (live.phase < 3 ? slower : 0);
    const before = sum(expected.slice(0, live.phase));
    return {
      said: this.own.nowRunning(live.phase, expected.length),
      count: this.own.increments(live.total, live.planned),
      share: (before + Math.min(now, length)) / (before + length + later),
      leftMs: Math.max(0, length - now) + later,
    };
  }

  /** @param {any} report @param {Live | null} live @param {{previous: any[], recorded: boolean}} options */
  finish(report, live, { previous, recorded }) {
    if (live) {
      if (this.timeline.phases !== live.phases) this.timeline.begin(live.phases, live.stateNames, live.workers, []);
      this.timeline.end(recorded ? RECORDED_PHASE : this.timeline.shown);
    }
    // Somebody else's machine says nothing about this one.
    if (!recorded) this.learn(report);
    const runs = report.runs ?? [];
    const whole = report.outcome === "done" && runs.length === POST.length;
    this.tell(figure.sentences(report, { words: this.words, own: this.own, previous }),
      runs.length > 0 && makeTable(figure.table(report, this)),
      whole && !this.show && h("div", { class: "charts" }, this.bars.element, this.ratios.element),
      runs.length > 0 && h("details", { onToggle: lazily(() => [this.workers(runs)]) }, h("summary", null, this.words.figure.workers)),
      this.timeline.table.element);
    if (!whole) return;
    this.whole = runs;
    this.stepMs = report.environment.clockStepMs ?? 0;
    this.showBars();
    this.ratios.show(this.ratiosOf(report, previous));
    this.outdate(false);
  }

  /** @param {any | null} other */
  compare(other) {
    this.other = other;
    if (this.whole) this.showBars();
  }

  showBars() {
    const titles = [...this.own.bars.titles, ...(this.other ? [this.words.figure.where(this.other.environment)] : [])];
    const shown = this.show ? 1 : titles.length;
    this.bars.show({ rows: this.barsOf(this.whole ?? []).map((row) => ({ ...row, cells: row.cells.slice(0, shown) })), titles: titles.slice(0, shown) });
  }

  /** The next estimate is made from what this machine did. @param {any} report */
  learn({ runs, config }) {
    const run = runs?.[2];
    if (!run?.wallMs || !config.loops) return;
    this.loopNs = Math.min(20, Math.max(0.2, (run.wallMs * 1e6) / (config.times * config.loops * inTurn(config))));
  }

  /** @param {any[]} runs */
  workers(runs) {
    const { workerColumns: columns, none } = this.own;
    const { time, count } = this.words;
    /** @param {number | undefined} ms */
    const maybe = (ms) => (ms === undefined ? none : time(ms));
    return makeTable({
      caption: this.own.workersCaption,
      columns: [{ head: columns.worker }, { head: columns.run }, { head: columns.increments, right: true }, { head: columns.start, right: true }, { head: columns.end, right: true }, { head: columns.busy, right: true }, { head: columns.wait, right: true }],
      rows: runs.flatMap((run) => run.workers.map((/** @type {any} */ worker) => [
        worker.name, this.own.runName(run), count(worker.increments), maybe(worker.startMs), maybe(worker.endMs), maybe(worker.busyMs), maybe(worker.lockWaitMs),
      ])),
    });
  }

  /** @param {any[]} runs @returns {import("../../views/bars.js").Row[]} */
  barsOf(runs) {
    return runs.map((run, i) => ({
      name: this.own.runName(run), role: run.busy, gap: i === 2,
      cells: [{ value: run.wallMs, ideal: run.idealMs ?? null }, { value: POST[i].ms, ideal: POST[i].idealMs }, ...(this.other ? [this.cellOf(this.other.runs[i])] : [])],
    }));
  }

  /** @param {any} run  somebody else's; it may not have come to that one */
  cellOf(run) {
    return { value: run?.wallMs ?? null, ideal: run?.idealMs ?? null };
  }

  /** Each kind of run, with the lock over without. @param {any} report @param {any[]} previous @returns {import("../../views/ratios.js").Row[]} */
  ratiosOf(report, previous) {
    return /** @type {const} */ ([["io", 0], ["cpu", 2]]).map(([busy, first]) => {
      // A run that took less than a step of the clock has no ratio to another.
      const ratios = [report, ...previous].map(({ runs }) => [runs[first + 1].wallMs, runs[first].wallMs]).map(([lock, without]) => (lock && without ? lock / without : null));
      const noise = report.verdict?.[busy]?.noiseMs;
      return {
        name: this.own.busy[busy], value: ratios[0], earlier: ratios.slice(1).filter((one) => one !== null), other: POST[first + 1].ms / POST[first].ms,
        noise: noise === undefined || ratios[0] === null ? null : noise / report.runs[first].wallMs,
      };
    });
  }

  destroy() {
    this.timeline.destroy();
    this.bars.destroy();
    this.ratios.destroy();
  }
}
