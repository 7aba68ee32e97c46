/** Rounds of jobs on a timeline with the master's lane, the workers' switches, and how long the master went without knowing. */
import { KillButtons } from "../../views/kill-buttons.js";
import { h, lazily, put } from "../../views/dom.js";
import { MasterScene } from "../../views/master-scene.js";
import { makeStrip } from "../../views/strip.js";
import { makeTable } from "../../views/table.js";
import { figure } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../settings.js").Config} Config */
/** @typedef {import("./figure.js").Way} Way */

/** @param {Config} config */
const legendOf = ({ job }) => [job === "cpu" ? "cpu" : "io", "poll", "beat", "gone"];
/** A multiplication in optimised code, in ns: for the estimate before anything has been measured here. */
const GUESS_NS = 1.4;
/** So many ways of noticing stand side by side; the oldest goes. */
const WAYS = 4;
/** So many dots a way are kept from earlier runs. */
const DOTS = 400;

/** How many jobs a core calculates, one after the other. @param {Config} config */
const inTurn = ({ threads }) => Math.ceil(Number(threads) / (navigator.hardwareConcurrency || 2));

/** @type {import("../../shell/manifest.js").Mount<typeof import("./en.js").default>} */
export const mount = ({ live: place }, words, own, { kill, tell }) => {
  const crew = new KillButtons(own.crew, kill);
  const { warning, hint, hintTouch } = own.crew;
  const scene = new MasterScene({ timeline: { ...words.timeline, ...own.timeline }, log: words.log, master: own.master }, own.title, {
    least: Number(figure.presets[0].config.threads) + 1, tools: crew.element,
    // A lane that is removed is a worker killed. The first lane is the master's, and nothing happens to it.
    removal: { allowed: (lane) => crew.canKill(lane - 1), remove: (lane) => crew.press(lane - 1), warning: (lane) => warning(lane - 1), hint, hintTouch },
  });
  const strip = makeStrip(own.strip);
  /** What each way of noticing has shown so far, the latest last. @type {Way[]} */
  let ways = [];
  /** Whether they are from a run that somebody else made, elsewhere. */
  let foreign = false;
  /** The report that they had last: one may be shown again. @type {any} */
  let remembered = null;
  let loopNs = GUESS_NS;
  /** The rounds of the run that goes on, and how long one will take; none before the first. @type {{rounds: number, roundMs: number} | null} */
  let running = null;
  let notable = "";
  put(place, scene.element);

  /** How long a round takes, to the poll that finds it done, in ms. @param {Config} config */
  function expectMs(config) {
    const { job, waitMs, loops, notice, pollMs } = config;
    const jobMs = Math.max(1, job === "cpu" ? (Number(loops) * inTurn(config) * loopNs) / 1e6 : Number(waitMs));
    return notice === "told" ? jobMs : Math.max(jobMs, Math.ceil((jobMs + 1) / Number(pollMs)) * Number(pollMs));
  }

  /** What is worth a word in the line of state: who fell silent, and what became of it. @param {string} event @param {number} value */
  function hear(event, value) {
    notable = own.notable(event, value) ?? notable;
    if (event === "dead" || event === "lost") crew.markDead(value);
  }

  /** The next estimate is made from what this machine did. @param {any} report */
  function learn({ config, rounds = [] }) {
    const first = rounds[0]?.workers?.find((/** @type {any} */ one) => one.outcome === "done");
    if (config.job !== "cpu" || !config.loops || !first) return;
    loopNs = Math.min(20, Math.max(0.2, ((first.endMs - first.startMs) * 1e6) / (config.loops * inTurn(config))));
  }

  /** Keeps how long the master went without knowing: for each way of noticing, this run's and those of earlier runs. @param {any} report */
  function remember(report) {
    const { noticing, config } = report;
    if (!noticing?.delaysMs?.length || report === remembered) return;
    remembered = report;
    const name = own.way(noticing.mode, config.pollMs);
    const before = ways.find((way) => way.name === name);
    for (const way of ways) {
      way.earlier = [...way.earlier, ...way.values].slice(-DOTS);
      way.values = [];
    }
    const values = noticing.delaysMs;
    const earlier = before?.earlier ?? [];
    const mean = sum([...values, ...earlier]) / (values.length + earlier.length);
    ways = [...ways.filter((way) => way !== before), { name, most: noticing.mode === "poll" ? config.pollMs : null, values, earlier, mean }].slice(-WAYS);
  }

  /** @param {any} report */
  function roundsOf(report) {
    const table = () => makeTable(figure.table(report, { words, own }));
    return report.rounds.length <= 12 ? table() : h("details", { onToggle: lazily(() => [table()]) }, h("summary", null, own.everyRound));
  }

  /** @param {any[]} rounds */
  function jobsOf(rounds) {
    const { jobColumns: columns, outcomes, none } = own;
    const { time, count } = words;
    return makeTable({
      caption: own.jobsCaption,
      columns: [{ head: columns.job }, { head: columns.worker }, { head: columns.outcome }, { head: columns.start, right: true }, { head: columns.end, right: true }, { head: columns.attempts, right: true }],
      rows: rounds.flatMap(({ workers }) => workers.map((/** @type {any} */ job) => [
        job.name, job.worker ?? none, outcomes[job.outcome] ?? job.outcome, job.startMs === undefined ? none : time(job.startMs), job.endMs === undefined ? none : time(job.endMs), count(job.attempts ?? 0),
      ])),
    });
  }

  return {
    timeline: scene.timeline,
    configure({ threads }) {
      scene.reserve(Number(threads));
      if (!scene.live) crew.reserve(Number(threads));
    },
    estimate: (config) => own.estimate(Number(config.times), Number(config.threads), expectMs(config) * Number(config.times)),
    begin(config, live) {
      running = { rounds: Number(config.times), roundMs: expectMs(config) };
      notable = "";
      scene.show(live, running.roundMs * running.rounds, legendOf(config));
      crew.reserve(live.workers);
      crew.begin(true);
    },
    frame(live) {
      const { phase } = scene;
      if (!running || !phase) return { said: "", count: "", share: 0, leftMs: null };
      scene.frame(hear);
      const { rounds } = running;
      if (!live.master) return { said: own.beginning, count: "", share: 0, leftMs: running.roundMs * rounds };
      const nowMs = live.phases[0].nowMs;
      // Once a round is over, the rest is judged by what has been.
      const over = Math.max(0, phase.round - 1);
      const begunMs = phase.bands?.at.at(-1) ?? 0;
      const roundMs = over > 0 ? begunMs / over : running.roundMs;
      const leftMs = Math.max(0, begunMs + roundMs - nowMs) + roundMs * Math.max(0, rounds - phase.round);
      return {
        said: [own.round(Math.max(1, phase.round), rounds), notable].filter(Boolean).join(" "),
        count: own.jobs(live.total, live.planned),
        share: nowMs / Math.max(1, nowMs + leftMs),
        leftMs,
      };
    },
    finish(report, live, { recorded }) {
      if (live) {
        if (scene.live !== live) scene.show(live, 0, legendOf(report.config));
        crew.reserve(live.workers);
        scene.update(hear);
        scene.end(!recorded);
        crew.end();
      } else if (recorded) scene.log.tell(report);
      if (!recorded) learn(report);
      // What was measured elsewhere does not stand among what is measured here.
      if (foreign) [ways, remembered] = [[], null];
      foreign = recorded;
      remember(report);
      const rounds = report.rounds ?? [];
      tell(figure.sentences(report, { words, own, ways }),
        ways.length > 0 && strip.element,
        rounds.length > 0 && roundsOf(report),
        rounds.length > 0 && h("details", { onToggle: lazily(() => [jobsOf(rounds)]) }, h("summary", null, own.everyJob)),
        scene.timeline.table.element);
      if (ways.length) strip.show(ways);
    },
    destroy() {
      scene.destroy();
      strip.destroy();
    },
  };
};

/** @param {number[]} numbers */
function sum(numbers) {
  return numbers.reduce((all, one) => all + one, 0);
}
