/** The master ends in mid-run: who lives on, what becomes of the jobs, and who collects what they finished? */
import { makeStackedBar } from "../../views/stacked-bar.js";
import { h, lazily, put, refill } from "../../views/dom.js";
import { MasterScene } from "../../views/master-scene.js";
import { makeTable } from "../../views/table.js";

/** @typedef {import("../../shell/shell.js").Body} Body */
/** @typedef {import("../../lock-lab.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */

/** After a death the run goes on at least until it is clear who survived, in ms. */
const SETTLE_MS = 2500;
/** The lock's part is no longer than this, in ms. */
const HOLDER_MS = 3000;
/** A heart that was heard within this time, in ms, is alive as far as anybody can see. */
const ALIVE_MS = 300;
/** What may become of a job, in the order in which it happens, and how it is drawn. @type {[fate: string, role: string, lost: boolean][]} */
const FATES = [["under-old", "master", false], ["as-orphan", "io", false], ["under-new", "cpu", false], ["lost-with-worker", "failed", true], ["lost-with-owner", "failed", true]];

/** Settings that mean something only beside others. @type {Record<string, (config: Config) => boolean>} */
const MATTERS = {
  times: () => false,
  job: ({ dies }) => dies !== "holder",
  loops: ({ job, dies }) => job === "cpu" && dies !== "holder",
  owner: ({ dies }) => dies !== "holder",
  adopt: ({ dies }) => dies !== "holder",
  pollMs: ({ dies }) => dies !== "holder",
  lock: ({ dies }) => dies === "holder",
};

/** @type {import("../../shell/shell.js").FigureModule} */
export const figure = {
  name: "master-exit",
  presets: [
    { id: "quick", config: { threads: 10, waitMs: 3000, dies: "master", owner: "page", adopt: "on" } },
    { id: "nested", config: { threads: 10, waitMs: 3000, dies: "master", owner: "master", adopt: "on" } },
    { id: "holder", config: { threads: 10, waitMs: 3000, dies: "holder", lock: "plain" } },
    { id: "post", config: { threads: 10, waitMs: 60000, dies: "master", owner: "page", adopt: "off" } },
  ],
  main: ["dies", "threads", "waitMs", "owner", "adopt", "lock"],
  matters: (setting, config) => MATTERS[setting]?.(config) ?? true,
  words: (words) => words.figures["master-exit"],
  mount: (places, words) => new MasterExit(places, words),
};

/** @param {Config} config */
const legendOf = ({ dies, job }) => (dies === "holder" ? ["waiting", "holding", "beat", "gone"] : [job === "cpu" ? "cpu" : "io", "poll", "exit", "beat", "gone"]);

/** @implements {Body} */
class MasterExit {
  /** @param {import("../../shell/shell.js").Places} places @param {Words} words */
  constructor({ live, results }, words) {
    this.words = words;
    this.own = words.figures["master-exit"];
    this.results = results;
    const sceneWords = { timeline: { ...words.timeline, ...this.own.timeline }, log: words.log, master: this.own.master };
    this.scene = new MasterScene(sceneWords, this.own.title, {});
    this.bar = makeStackedBar(this.own.accounts);
    this.said = "";
    put(live, this.scene.element);
  }

  /** @param {Config} config */
  configure(config) {
    this.scene.reserve(Number(config.threads));
    // A figure that shows a run already keeps what belongs to it.
    if (!this.scene.live) this.scene.print(config.dies !== "holder");
  }

  /** @param {Config} config */
  expectMs({ dies, waitMs }) {
    const job = Number(waitMs);
    return dies === "holder" ? Math.min(HOLDER_MS, job) : Math.max(job, SETTLE_MS);
  }

  /** @param {Config} config */
  estimate(config) {
    return this.own.estimate(this.expectMs(config));
  }

  /** @param {Config} config @param {Live} live */
  begin(config, live) {
    this.config = config;
    this.said = this.own.beginning;
    this.show(live, config, this.expectMs(config));
  }

  /** @param {Live} live @param {Config} config @param {number} expectMs */
  show(live, config, expectMs) {
    this.scene.print(config.dies !== "holder");
    this.scene.show(live, expectMs, legendOf(config));
  }

  /** @param {Live} live @returns {import("../../shell/shell.js").Now} */
  frame(live) {
    const { config } = this;
    if (!config) return { said: "", count: "", share: 0, leftMs: null };
    this.scene.frame((event, value) => this.hear(event, value));
    const expected = this.expectMs(config);
    const nowMs = live.phases[0]?.nowMs ?? 0;
    return {
      said: this.said,
      count: live.master ? this.own.alive(this.aliveIn(live.master.beats, nowMs), live.workers) : "",
      share: Math.min(0.99, nowMs / expected),
      leftMs: nowMs < expected ? expected - nowMs : null,
    };
  }

  /** How many workers' hearts were heard of late. @param {number[][]} beats @param {number} nowMs */
  aliveIn(beats, nowMs) {
    return beats.slice(0, -1).filter((one) => (one.at(-1) ?? 0) > nowMs - ALIVE_MS).length;
  }

  /** @param {string} event @param {number} value */
  hear(event, value) {
    this.said = this.own.notable(event, value) ?? this.said;
  }

  /** @param {any} report @param {Live | null} live @param {{previous: any[], recorded: boolean}} options */
  finish(report, live, { recorded }) {
    if (live) {
      if (this.scene.live !== live) this.show(live, report.config, 0);
      this.scene.update((event, value) => this.hear(event, value));
      this.scene.end(!recorded);
    }
    const jobs = (report.rounds ?? []).flatMap((/** @type {any} */ round) => round.workers);
    const fates = jobs.some((/** @type {any} */ job) => job.fate !== undefined);
    refill(this.results,
      this.sentences(report, jobs).map((text) => h("p", { class: "verdict" }, text)),
      fates && this.bar.element,
      report.holder && this.lockTable(report.holder),
      report.master?.diedAtMs !== undefined && h("details", { onToggle: lazily(() => [this.engines()]) }, h("summary", null, this.own.engines.open)),
      jobs.length > 0 && h("details", { onToggle: lazily(() => [this.jobTable(jobs)]) }, h("summary", null, this.own.everyJob)));
    if (fates) this.bar.show(this.parts(jobs));
  }

  /** What became of the jobs, as parts of a whole. @param {any[]} jobs @returns {import("../../views/stacked-bar.js").Part[]} */
  parts(jobs) {
    const parts = FATES.map(([fate, role, lost]) => ({ name: this.own.fates[fate], role, lost, value: jobs.filter((job) => job.fate === fate).length }));
    const open = jobs.filter((job) => job.fate === undefined).length;
    const seldom = ["lost-with-worker", "lost-with-owner"].map((fate) => this.own.fates[fate]);
    return [...parts.filter(({ name, value }) => value || !seldom.includes(name)), ...(open ? [{ name: this.own.fates.open, role: "done", value: open }] : [])];
  }

  /** What came out, made from the data. @param {any} report @param {any[]} jobs @returns {string[]} */
  sentences({ master, holder, config, environment }, jobs) {
    const { own } = this;
    if (holder) return own.holder(holder);
    if (master?.diedAtMs === undefined) return [own.nobodyDied];
    const sentences = [own.death(master), own.outlived(master, config.threads, environment.engine)];
    const orphans = jobs.filter((job) => job.fate === "as-orphan").length;
    if (master.owner !== "master" || master.adoptedAtMs !== undefined) sentences.push(own.adoption(master, orphans));
    return sentences;
  }

  /** How the tested engines differ. */
  engines() {
    const { caption, columns, rows, note } = this.own.engines;
    return h("div", null, makeTable(caption, columns.map((head) => ({ head })), rows), h("p", { class: "soft" }, note));
  }

  /** @param {any} holder */
  lockTable(holder) {
    const { caption, what, rows } = this.own.lockTable;
    const columns = [{ head: what }, { head: this.own.locks[holder.lock === "robust" ? "robust" : "plain"], right: true }];
    return h("div", { class: "narrow" }, makeTable(caption, columns, rows(holder)));
  }

  /** @param {any[]} jobs */
  jobTable(jobs) {
    const { jobColumns: columns, fates, none } = this.own;
    const { time } = this.words;
    return makeTable(this.own.jobsCaption, [{ head: columns.job }, { head: columns.worker }, { head: columns.fate }, { head: columns.start, right: true }, { head: columns.end, right: true }],
      jobs.map((job) => [job.name, job.worker ?? none, fates[job.fate ?? "open"] ?? none, job.startMs === undefined ? none : time(job.startMs), job.endMs === undefined ? none : time(job.endMs)]));
  }

  destroy() {
    this.scene.destroy();
    this.bar.destroy();
  }
}
