/** A run whose master ends itself, on a timeline with its lane; what became of each job; and a lock whose holder dies. */
import { makeStackedBar } from "../../views/stacked-bar.js";
import { h, lazily, put } from "../../views/dom.js";
import { MasterScene } from "../../views/master-scene.js";
import { makeTable } from "../../views/table.js";
import { figure, jobsOf } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../settings.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */

/** After a death the run goes on at least until it is clear who survived, in ms. */
const SETTLE_MS = 2500;
/** The lock's part is no longer than this, in ms. */
const HOLDER_MS = 3000;
/** A heart that was heard within this time, in ms, is alive as far as anybody can see. */
const ALIVE_MS = 300;
/** What may become of a job, in the order in which it happens, and how it is drawn. @type {[fate: string, role: string, lost: boolean][]} */
const FATES = [["under-old", "master", false], ["as-orphan", "io", false], ["under-new", "cpu", false], ["lost-with-worker", "failed", true], ["lost-with-owner", "failed", true]];

/** @param {Config} config */
const legendOf = ({ dies, job }) => (dies === "holder" ? ["waiting", "holding", "beat", "gone"] : [job === "cpu" ? "cpu" : "io", "poll", "exit", "beat", "gone"]);

/** How long a run will take, in ms. @param {Config} config */
const expectMs = ({ dies, waitMs }) => (dies === "holder" ? Math.min(HOLDER_MS, Number(waitMs)) : Math.max(Number(waitMs), SETTLE_MS));

/** How many workers' hearts were heard of late. @param {number[][]} beats @param {number} nowMs */
const aliveIn = (beats, nowMs) => beats.slice(0, -1).filter((one) => (one.at(-1) ?? 0) > nowMs - ALIVE_MS).length;

/** @type {import("../../shell/manifest.js").Mount<typeof import("./en.js").default>} */
export const mount = ({ live: place }, words, own, { tell }) => {
  const scene = new MasterScene({ timeline: { ...words.timeline, ...own.timeline }, log: words.log, master: own.master }, own.title, { least: Number(figure.presets[0].config.threads) + 1 });
  const bar = makeStackedBar(own.accounts);
  /** The settings of the run that goes on. @type {Config} */
  let running = {};
  let said = "";
  put(place, scene.element);

  /** @param {Live} live @param {Config} config @param {number} ms  that it will take */
  function show(live, config, ms) {
    scene.print(config.dies !== "holder");
    scene.show(live, ms, legendOf(config));
  }

  /** @param {string} event @param {number} value */
  const hear = (event, value) => void (said = own.notable(event, value) ?? said);

  /** What became of the jobs, as parts of a whole. @param {any[]} jobs @returns {import("../../views/stacked-bar.js").Part[]} */
  function parts(jobs) {
    const parts = FATES.map(([fate, role, lost]) => ({ name: own.fates[fate], role, lost, value: jobs.filter((job) => job.fate === fate).length }));
    const open = jobs.filter((job) => job.fate === undefined).length;
    const seldom = ["lost-with-worker", "lost-with-owner"].map((fate) => own.fates[fate]);
    return [...parts.filter(({ name, value }) => value || !seldom.includes(name)), ...(open ? [{ name: own.fates.open, role: "done", value: open }] : [])];
  }

  /** How the tested engines differ. */
  function engines() {
    const { caption, columns, rows, note } = own.engines;
    return h("div", null, makeTable({ caption, columns: columns.map((head) => ({ head })), rows }), h("p", { class: "soft" }, note));
  }

  /** @param {any} holder */
  function lockTable(holder) {
    const { caption, what, rows } = own.lockTable;
    const columns = [{ head: what }, { head: own.locks[holder.lock === "robust" ? "robust" : "plain"], right: true }];
    return h("div", { class: "narrow" }, makeTable({ caption, columns, rows: rows(holder) }));
  }

  return {
    timeline: scene.timeline,
    configure({ threads, dies }) {
      scene.reserve(Number(threads));
      // A figure that shows a run already keeps what belongs to it.
      if (!scene.live) scene.print(dies !== "holder");
    },
    estimate: (config) => own.estimate(expectMs(config)),
    begin(config, live) {
      running = config;
      said = own.beginning;
      show(live, config, expectMs(config));
    },
    frame(live) {
      scene.frame(hear);
      const expected = expectMs(running);
      const nowMs = live.phases[0]?.nowMs ?? 0;
      return {
        // No master says what goes on at a lock.
        said: running.dies === "holder" && live.phase >= 0 ? own.competing : said,
        count: live.master ? own.alive(aliveIn(live.master.beats, nowMs), live.workers) : "",
        share: Math.min(0.99, nowMs / expected),
        leftMs: nowMs < expected ? expected - nowMs : null,
      };
    },
    finish(report, live, { recorded }) {
      if (live) {
        if (scene.live !== live) show(live, report.config, 0);
        scene.update(hear);
        scene.end(!recorded);
      } else if (recorded) scene.log.tell(report);
      const jobs = jobsOf(report);
      const context = { words, own };
      const fates = jobs.some((job) => job.fate !== undefined);
      tell(figure.sentences(report, context),
        fates && bar.element,
        report.holder && lockTable(report.holder),
        report.master?.diedAtMs !== undefined && h("details", { onToggle: lazily(() => [engines()]) }, h("summary", null, own.engines.open)),
        jobs.length > 0 && h("details", { onToggle: lazily(() => [makeTable(figure.table(report, context))]) }, h("summary", null, own.everyJob)),
        scene.timeline.table.element);
      if (fates) bar.show(parts(jobs));
    },
    destroy() {
      scene.destroy();
      bar.destroy();
    },
  };
};
