/** The post's four runs, alive: timeline, bars, ratios, table. */
import { makeBars } from "../../views/bars.js";
import { h, lazily, put } from "../../views/dom.js";
import { makeRatios } from "../../views/ratios.js";
import { makeTable } from "../../views/table.js";
import { Timeline } from "../../views/timeline.js";
import { POST, figure, sum } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../settings.js").Config} Config */

/** A multiplication in optimised code, in ns: for the estimate before anything has been measured here. */
const GUESS_NS = 1.4;
/** What measuring the clock and the prices before the runs takes, in ms. */
const BEFORE_MS = 350;

/** How many threads calculate one after the other, on each core or under the GIL. @param {Config} config */
const inTurn = ({ threads, gil }) => Math.ceil(Number(threads) / (gil === "on" ? 1 : navigator.hardwareConcurrency || 2));

/** A bar's cell. @param {any} run  somebody else's may not have come to that one */
const cellOf = (run) => ({ value: run?.wallMs ?? null, ideal: run?.idealMs ?? null });

/** @type {import("../../shell/manifest.js").Mount<typeof import("./en.js").default>} */
export const mount = ({ live: place, show }, words, own, { tell }) => {
  const timeline = new Timeline(words.timeline, own.phases, { least: Number(figure.presets[0].config.threads) });
  const bars = makeBars({ ...own.bars, format: (ms) => words.time(ms, stepMs) });
  const ratios = makeRatios(own.ratios);
  let stepMs = 0;
  /** Nanoseconds a multiplication took in the last run. */
  let loopNs = GUESS_NS;
  /** The settings of the run that goes on, and how long each of its parts will take. @type {{config: Config, expected: number[]}} */
  let running = { config: {}, expected: [1, 1, 1, 1] };
  /** The runs that are drawn as bars, and somebody else's report beside them. @type {any[] | undefined} */
  let whole;
  /** @type {any} */
  let other = null;
  // The run whose timeline says most to who has not seen one yet: waiting, with the lock; under a GIL calculating.
  const recordedPhase = show === "gil" ? 3 : 1;
  put(place, show === "times" ? bars.element : ["noise", "same"].includes(show) ? ratios.element : timeline.element);

  /** @param {Config} config */
  const expectCpu = (config) => Math.max(1, (Number(config.times) * Number(config.loops) * inTurn(config) * loopNs) / 1e6);

  /** How long each of the four runs will take, in ms. @param {Config} config */
  function expect(config) {
    const io = Math.max(1, Number(config.times) * Number(config.waitMs));
    const cpu = expectCpu(config);
    return [io, io, cpu, cpu];
  }

  /** What is measured before the runs. @param {Config} config */
  const before = (config) => BEFORE_MS + (config.gil === "on" ? expectCpu({ ...config, gil: "off" }) : 0);

  /** What was drawn of another run says nothing of this one: hidden until it is drawn anew. @param {boolean} is */
  function outdate(is) {
    for (const { element } of [bars, ratios]) element.classList.toggle("outdated", is);
  }

  function showBars() {
    const titles = [...own.bars.titles, ...(other ? [words.figure.where(other.environment)] : [])];
    const shown = show ? 1 : titles.length;
    const rows = (whole ?? []).map((run, i) => ({
      name: own.runName(run), role: run.busy, gap: i === 2,
      cells: [cellOf(run), { value: POST[i].ms, ideal: POST[i].idealMs }, ...(other ? [cellOf(other.runs[i])] : [])].slice(0, shown),
    }));
    bars.show({ rows, titles: titles.slice(0, shown) });
  }

  /** The next estimate is made from what this machine did. @param {any} report */
  function learn({ runs, config }) {
    const run = runs?.[2];
    if (!run?.wallMs || !config.loops) return;
    loopNs = Math.min(20, Math.max(0.2, (run.wallMs * 1e6) / (config.times * config.loops * inTurn(config))));
  }

  /** @param {any[]} runs */
  function workers(runs) {
    const { workerColumns: columns, none } = own;
    const { time, count } = words;
    /** @param {number | undefined} ms */
    const maybe = (ms) => (ms === undefined ? none : time(ms));
    return makeTable({
      caption: own.workersCaption,
      columns: [{ head: columns.worker }, { head: columns.run }, { head: columns.increments, right: true }, { head: columns.start, right: true }, { head: columns.end, right: true }, { head: columns.busy, right: true }, { head: columns.wait, right: true }],
      rows: runs.flatMap((run) => run.workers.map((/** @type {any} */ worker) => [
        worker.name, own.runName(run), count(worker.increments), maybe(worker.startMs), maybe(worker.endMs), maybe(worker.busyMs), maybe(worker.lockWaitMs),
      ])),
    });
  }

  /** Each kind of run, with the lock over without; without any counter nothing of the post's compares. @param {any} report @param {any[]} previous @returns {import("../../views/ratios.js").Row[]} */
  const ratiosOf = (report, previous) => /** @type {const} */ ([["io", 0], ["cpu", 2]]).map(([busy, first]) => {
    // A run that took less than a step of the clock has no ratio to another.
    const found = [report, ...previous].map(({ runs }) => [runs[first + 1].wallMs, runs[first].wallMs]).map(([lock, without]) => (lock && without ? lock / without : null));
    const noise = report.verdict?.[busy]?.noiseMs;
    return {
      name: own.busy[busy], value: found[0], earlier: found.slice(1).filter((one) => one !== null), other: report.config.counter === "none" ? null : POST[first + 1].ms / POST[first].ms,
      noise: noise === undefined || found[0] === null ? null : noise / report.runs[first].wallMs,
    };
  });

  return {
    timeline,
    configure({ threads }) {
      timeline.keep(Number(threads));
      if (!timeline.live) timeline.reserve(timeline.phases.length ? timeline.lanes : Number(threads));
    },
    estimate: (config) => own.estimate(sum(expect(config)) + before(config), 2 * Number(config.times) * Number(config.waitMs)),
    begin(config, live) {
      running = { config, expected: expect(config) };
      timeline.begin(live.phases, live.stateNames, live.workers, running.expected);
      outdate(true);
    },
    frame(live) {
      timeline.frame();
      const { config, expected } = running;
      if (live.phase < 0) return { said: config.gil === "on" ? own.measuringParallel : own.measuring, count: "", share: 0, leftMs: sum(expected) + before(config) };
      const share = live.planned ? live.total / live.planned : 0;
      // What remains is judged by the phase itself once it is under way: a busy machine is slower than any estimate.
      const now = live.phases[live.phase].nowMs;
      const length = share > 0.1 ? Math.max(now / share, now) : Math.max(expected[live.phase], now);
      const slower = live.phase === 2 && share > 0.1 ? length : expected[3];
      const later = sum(expected.slice(live.phase + 1, 3)) + (live.phase < 3 ? slower : 0);
      const past = sum(expected.slice(0, live.phase));
      return {
        said: own.nowRunning(live.phase, expected.length),
        count: own.increments(live.total, live.planned),
        share: (past + Math.min(now, length)) / (past + length + later),
        leftMs: Math.max(0, length - now) + later,
      };
    },
    finish(report, live, { previous, recorded }) {
      if (live) {
        if (timeline.phases !== live.phases) timeline.begin(live.phases, live.stateNames, live.workers, []);
        timeline.end(recorded ? recordedPhase : timeline.shown);
      }
      // Somebody else's machine says nothing about this one.
      if (!recorded) learn(report);
      const runs = report.runs ?? [];
      const isWhole = report.outcome === "done" && runs.length === POST.length;
      tell(figure.sentences(report, { words, own, previous }),
        runs.length > 0 && makeTable(figure.table(report, { words, own })),
        isWhole && !show && h("div", { class: "charts" }, bars.element, ratios.element),
        runs.length > 0 && h("details", { onToggle: lazily(() => [workers(runs)]) }, h("summary", null, words.figure.workers)),
        timeline.table.element);
      if (!isWhole) return;
      whole = runs;
      stepMs = report.environment.clockStepMs ?? 0;
      showBars();
      ratios.show({ title: own.ratios.title(report.config.counter), rows: ratiosOf(report, previous) });
      outdate(false);
    },
    compare(one) {
      other = one;
      if (whole) showBars();
    },
    destroy() {
      timeline.destroy();
      bars.destroy();
      ratios.destroy();
    },
  };
};
