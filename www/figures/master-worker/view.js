/** Rounds of jobs on a timeline with the master's lane, the workers' switches, and how long the master went without knowing. */
import { KillButtons } from "../../views/kill-buttons.js";
import { h, lazily, put } from "../../views/dom.js";
import { MasterScene } from "../../views/master-scene.js";
import { makeStrip } from "../../views/strip.js";
import { makeTable } from "../../views/table.js";
import { figure } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../shell/manifest.js").Body} Body */
/** @typedef {import("../../lock-lab.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {typeof import("./en.js").default} Own */
/** @typedef {import("./figure.js").Way} Way */

/** @param {Config} config */
const legendOf = ({ job }) => [job === "cpu" ? "cpu" : "io", "poll", "beat", "gone"];
/** A multiplication in optimised code, in ns: for the estimate before anything has been measured here. */
const GUESS_NS = 1.4;
/** So many ways of noticing stand side by side; the oldest goes. */
const WAYS = 4;
/** So many dots a way are kept from earlier runs. */
const DOTS = 400;

/** @type {import("../../shell/manifest.js").FigureModule["mount"]} */
export const mount = (places, words, own, actions) => new MasterWorker(places, words, own, actions);

/** @implements {Body} */
class MasterWorker {
  /** @param {import("../../shell/manifest.js").Places} places @param {Words} words @param {Own} own @param {import("../../shell/manifest.js").Actions} actions */
  constructor({ live }, words, own, actions) {
    this.words = words;
    this.own = own;
    this.tell = actions.tell;
    this.crew = new KillButtons(this.own.crew, (worker) => actions.kill(worker));
    const sceneWords = { timeline: { ...words.timeline, ...this.own.timeline }, log: words.log, master: this.own.master };
    this.scene = new MasterScene(sceneWords, this.own.title, { least: Number(figure.presets[0].config.threads) + 1, tools: this.crew.element, removal: this.removal() });
    this.strip = makeStrip(this.own.strip);
    /** What each way of noticing has shown so far, the latest last. @type {Way[]} */
    this.ways = [];
    /** Whether they are from a run that somebody else made, elsewhere. */
    this.foreign = false;
    this.loopNs = GUESS_NS;
    this.notable = "";
    put(live, this.scene.element);
  }

  /** A lane that is removed is a worker killed. The first lane is the master's, and nothing happens to it. @returns {import("../../views/timeline.js").Removal} */
  removal() {
    const { warning, hint, hintTouch } = this.own.crew;
    return { allowed: (lane) => this.crew.canKill(lane - 1), remove: (lane) => this.crew.press(lane - 1), warning: (lane) => warning(lane - 1), hint, hintTouch };
  }

  /** @param {Config} config */
  configure(config) {
    this.scene.reserve(Number(config.threads));
    if (this.scene.live) return;
    this.crew.reserve(Number(config.threads));
  }

  /** How long a job takes, and from there to the end of its round, in ms. @param {Config} config */
  expect({ threads, job, waitMs, loops, notice, pollMs }) {
    const share = Math.ceil(Number(threads) / (navigator.hardwareConcurrency || 2));
    const jobMs = Math.max(1, job === "cpu" ? (Number(loops) * share * this.loopNs) / 1e6 : Number(waitMs));
    return { jobMs, roundMs: notice === "told" ? jobMs : Math.max(jobMs, Math.ceil((jobMs + 1) / Number(pollMs)) * Number(pollMs)) };
  }

  /** @param {Config} config */
  estimate(config) {
    return this.own.estimate(Number(config.times), Number(config.threads), this.expect(config).roundMs * Number(config.times));
  }

  /** @param {Config} config @param {Live} live */
  begin(config, live) {
    this.config = config;
    this.expected = this.expect(config);
    this.notable = "";
    this.scene.show(live, this.expected.roundMs * Number(config.times), legendOf(config));
    this.crew.reserve(live.workers);
    this.crew.begin(true);
  }

  /** @param {Live} live @returns {import("../../shell/manifest.js").Now} */
  frame(live) {
    const { config, expected } = this;
    const { phase } = this.scene;
    if (!config || !phase || !expected) return { said: "", count: "", share: 0, leftMs: null };
    this.scene.frame((event, value) => this.hear(event, value));
    const rounds = Number(config.times);
    const wholeMs = expected.roundMs * rounds;
    if (!live.master) return { said: this.own.beginning, count: "", share: 0, leftMs: wholeMs };
    const nowMs = live.phases[0].nowMs;
    // Once a round is over, the rest is judged by what has been.
    const over = Math.max(0, phase.round - 1);
    const begunMs = phase.bands?.at.at(-1) ?? 0;
    const roundMs = over > 0 ? begunMs / over : expected.roundMs;
    const leftMs = Math.max(0, begunMs + roundMs - nowMs) + roundMs * Math.max(0, rounds - phase.round);
    return {
      said: [this.own.round(Math.max(1, phase.round), rounds), this.notable].filter(Boolean).join(" "),
      count: this.own.jobs(live.total, live.planned),
      share: nowMs / Math.max(1, nowMs + leftMs),
      leftMs,
    };
  }

  /** What is worth a word in the line of state: who fell silent, and what became of it. @param {string} event @param {number} value */
  hear(event, value) {
    this.notable = this.own.notable(event, value) ?? this.notable;
    if (event === "dead" || event === "lost") this.crew.markDead(value);
  }

  /** @param {any} report @param {Live | null} live @param {{previous: any[], recorded: boolean}} options */
  finish(report, live, { recorded }) {
    if (live) {
      if (this.scene.live !== live) this.scene.show(live, 0, legendOf(report.config));
      this.crew.reserve(live.workers);
      this.scene.update((event, value) => this.hear(event, value));
      this.scene.end(!recorded);
      this.crew.end();
    } else if (recorded) this.scene.log.tell(report);
    if (!recorded) this.learn(report);
    // What was measured elsewhere does not stand among what is measured here.
    if (this.foreign) this.ways = [];
    this.foreign = recorded;
    this.remember(report);
    const rounds = report.rounds ?? [];
    this.tell(figure.sentences(report, this),
      this.ways.length > 0 && this.strip.element,
      rounds.length > 0 && this.table(report),
      rounds.length > 0 && h("details", { onToggle: lazily(() => [this.jobs(rounds)]) }, h("summary", null, this.own.everyJob)),
      this.scene.timeline.table.element);
    if (this.ways.length) this.strip.show(this.ways);
  }

  /** The next estimate is made from what this machine did. @param {any} report */
  learn({ config, rounds = [] }) {
    const first = rounds[0]?.workers?.find((/** @type {any} */ one) => one.outcome === "done");
    if (config.job !== "cpu" || !config.loops || !first) return;
    const share = Math.ceil(config.threads / (navigator.hardwareConcurrency || 2));
    this.loopNs = Math.min(20, Math.max(0.2, ((first.endMs - first.startMs) * 1e6) / (config.loops * share)));
  }

  /** Keeps how long the master went without knowing: for each way of noticing, this run's and those of earlier runs. @param {any} report */
  remember({ noticing, config }) {
    if (!noticing?.delaysMs?.length) return;
    const name = this.own.way(noticing.mode, config.pollMs);
    const before = this.ways.find((way) => way.name === name);
    for (const way of this.ways) {
      way.earlier = [...way.earlier, ...way.values].slice(-DOTS);
      way.values = [];
    }
    const values = noticing.delaysMs;
    const earlier = before?.earlier ?? [];
    const mean = sum([...values, ...earlier]) / (values.length + earlier.length);
    this.ways = [...this.ways.filter((way) => way !== before), { name, most: noticing.mode === "poll" ? config.pollMs : null, values, earlier, mean }].slice(-WAYS);
  }

  /** @param {any} report */
  table(report) {
    const table = () => makeTable(figure.table(report, this));
    return report.rounds.length <= 12 ? table() : h("details", { onToggle: lazily(() => [table()]) }, h("summary", null, this.own.everyRound));
  }

  /** @param {any[]} rounds */
  jobs(rounds) {
    const { jobColumns: columns, outcomes, none } = this.own;
    const { time, count } = this.words;
    return makeTable({
      caption: this.own.jobsCaption,
      columns: [{ head: columns.job }, { head: columns.worker }, { head: columns.outcome }, { head: columns.start, right: true }, { head: columns.end, right: true }, { head: columns.attempts, right: true }],
      rows: rounds.flatMap(({ workers }) => workers.map((/** @type {any} */ job) => [
        job.name, job.worker ?? none, outcomes[job.outcome] ?? job.outcome, job.startMs === undefined ? none : time(job.startMs), job.endMs === undefined ? none : time(job.endMs), count(job.attempts ?? 0),
      ])),
    });
  }

  destroy() {
    this.scene.destroy();
    this.strip.destroy();
  }
}

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}
