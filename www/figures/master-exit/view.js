/** A run whose master ends itself, on a timeline with its lane; what became of each job; and a lock whose holder dies. */
import { makeStackedBar } from "../../views/stacked-bar.js";
import { h, lazily, put } from "../../views/dom.js";
import { MasterScene } from "../../views/master-scene.js";
import { makeTable } from "../../views/table.js";
import { figure, jobsOf } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../shell/manifest.js").Body} Body */
/** @typedef {import("../../lock-lab.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {typeof import("./en.js").default} Own */

/** After a death the run goes on at least until it is clear who survived, in ms. */
const SETTLE_MS = 2500;
/** The lock's part is no longer than this, in ms. */
const HOLDER_MS = 3000;
/** A heart that was heard within this time, in ms, is alive as far as anybody can see. */
const ALIVE_MS = 300;
/** What may become of a job, in the order in which it happens, and how it is drawn. @type {[fate: string, role: string, lost: boolean][]} */
const FATES = [["under-old", "master", false], ["as-orphan", "io", false], ["under-new", "cpu", false], ["lost-with-worker", "failed", true], ["lost-with-owner", "failed", true]];

/** @type {import("../../shell/manifest.js").FigureModule["mount"]} */
export const mount = (places, words, own, actions) => new MasterExit(places, words, own, actions);

/** @param {Config} config */
const legendOf = ({ dies, job }) => (dies === "holder" ? ["waiting", "holding", "beat", "gone"] : [job === "cpu" ? "cpu" : "io", "poll", "exit", "beat", "gone"]);

/** @implements {Body} */
class MasterExit {
  /** @param {import("../../shell/manifest.js").Places} places @param {Words} words @param {Own} own @param {import("../../shell/manifest.js").Actions} actions */
  constructor({ live }, words, own, { tell }) {
    this.words = words;
    this.own = own;
    this.tell = tell;
    const sceneWords = { timeline: { ...words.timeline, ...this.own.timeline }, log: words.log, master: this.own.master };
    this.scene = new MasterScene(sceneWords, this.own.title, { least: Number(figure.presets[0].config.threads) + 1 });
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

  /** @param {Live} live @returns {import("../../shell/manifest.js").Now} */
  frame(live) {
    const { config } = this;
    if (!config) return { said: "", count: "", share: 0, leftMs: null };
    this.scene.frame((event, value) => this.hear(event, value));
    const expected = this.expectMs(config);
    const nowMs = live.phases[0]?.nowMs ?? 0;
    return {
      // No master says what goes on at a lock.
      said: config.dies === "holder" && live.phase >= 0 ? this.own.competing : this.said,
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
    } else if (recorded) this.scene.log.tell(report);
    const jobs = jobsOf(report);
    const fates = jobs.some((/** @type {any} */ job) => job.fate !== undefined);
    this.tell(figure.sentences(report, this),
      fates && this.bar.element,
      report.holder && this.lockTable(report.holder),
      report.master?.diedAtMs !== undefined && h("details", { onToggle: lazily(() => [this.engines()]) }, h("summary", null, this.own.engines.open)),
      jobs.length > 0 && h("details", { onToggle: lazily(() => [makeTable(figure.table(report, this))]) }, h("summary", null, this.own.everyJob)),
      this.scene.timeline.table.element);
    if (fates) this.bar.show(this.parts(jobs));
  }

  /** What became of the jobs, as parts of a whole. @param {any[]} jobs @returns {import("../../views/stacked-bar.js").Part[]} */
  parts(jobs) {
    const parts = FATES.map(([fate, role, lost]) => ({ name: this.own.fates[fate], role, lost, value: jobs.filter((job) => job.fate === fate).length }));
    const open = jobs.filter((job) => job.fate === undefined).length;
    const seldom = ["lost-with-worker", "lost-with-owner"].map((fate) => this.own.fates[fate]);
    return [...parts.filter(({ name, value }) => value || !seldom.includes(name)), ...(open ? [{ name: this.own.fates.open, role: "done", value: open }] : [])];
  }

  /** How the tested engines differ. */
  engines() {
    const { caption, columns, rows, note } = this.own.engines;
    return h("div", null, makeTable({ caption, columns: columns.map((/** @type {string} */ head) => ({ head })), rows }), h("p", { class: "soft" }, note));
  }

  /** @param {any} holder */
  lockTable(holder) {
    const { caption, what, rows } = this.own.lockTable;
    const columns = [{ head: what }, { head: this.own.locks[holder.lock === "robust" ? "robust" : "plain"], right: true }];
    return h("div", { class: "narrow" }, makeTable({ caption, columns, rows: rows(holder) }));
  }

  destroy() {
    this.scene.destroy();
    this.bar.destroy();
  }
}
