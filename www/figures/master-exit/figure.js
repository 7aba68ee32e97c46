/** The master ends itself during the run: which workers survive, what becomes of the jobs, and who collects what they finished? */
import { jobRows, noticing, noticingFacts, printed, rounds } from "../../masters.js";
import { number, object, time } from "../../shape.js";

/** @typedef {import("../../settings.js").Config} Config */
/** @typedef {import("../../shell/manifest.js").Manifest} Manifest */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {{words: Words, own: typeof import("./en.js").default}} Context */

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

/** @type {Manifest} */
export const figure = {
  presets: [
    { id: "quick", config: { threads: 10, waitMs: 3000, pollMs: 100, dies: "master", owner: "page", adopt: "on" } },
    { id: "nested", config: { threads: 10, waitMs: 3000, pollMs: 100, dies: "master", owner: "master", adopt: "on" } },
    { id: "holder", config: { threads: 10, waitMs: 3000, dies: "holder", lock: "plain" } },
    { id: "post", config: { threads: 10, waitMs: 60000, pollMs: 1000, dies: "master", owner: "page", adopt: "off" } },
  ],
  main: ["dies", "threads", "owner", "lock"],
  matters: (setting, config) => MATTERS[setting]?.(config) ?? true,
  heights: [636, 812],
  slices: {
    death: { controls: ["owner", "threads"], heights: [432, 510], config: { adopt: "off" } },
    adoption: { controls: ["owner", "threads"], heights: [432, 510], say: found },
  },
  shape: object({}, { ...printed, rounds, noticing, master: object({}, { diedAtMs: time, adoptedAtMs: time, survivors: number(), finished: number(), lost: number() }) }),
  rows: jobRows,
  facts,
  sentences,
  table,
};

/** @param {any} report @returns {any[]} */
export const jobsOf = ({ rounds = [] }) => rounds.flatMap((/** @type {any} */ round) => round.workers);

/** @param {any} report @param {Words} words */
function facts(report, words) {
  const { survivors, adoptedAtMs, finished, lost } = report.master ?? {};
  const counted = (/** @type {number | undefined} */ value) => (typeof value === "number" ? words.count(value) : "");
  return [counted(survivors), typeof adoptedAtMs === "number" ? words.time(adoptedAtMs) : "", counted(finished), counted(lost), ...noticingFacts(report, words)];
}

/** What came out, made from the data. @param {any} report @param {Context} context @returns {string[]} */
function sentences(report, { own }) {
  const { master, holder, config, environment } = report;
  if (holder) return own.holder(holder);
  if (master?.diedAtMs === undefined) return [own.nobodyDied];
  const sentences = [own.outlived(master, config.threads, environment.engine), own.death(master)];
  const orphans = jobsOf(report).filter((job) => job.fate === "as-orphan").length;
  if (master.owner !== "master" || master.adoptedAtMs !== undefined) sentences.push(own.adoption(master, orphans));
  return sentences;
}

/** What a new master finds. @param {string[]} _ @param {any} report @param {Context} context */
function found(_, report, { own }) {
  const { master } = report;
  const ended = (/** @type {string} */ fate) => jobsOf(report).filter((job) => job.fate === fate).length;
  return master?.adoptedAtMs === undefined ? undefined : own.found(master, ended("as-orphan"), ended("under-new"));
}

/** Each job, and what became of it. @param {any} report @param {Context} context */
function table(report, { words: { time: said }, own }) {
  const { jobColumns: columns, fates, none } = own;
  const maybe = (/** @type {number | undefined} */ ms) => (ms === undefined ? none : said(ms));
  return {
    caption: own.jobsCaption,
    columns: [{ head: columns.job }, { head: columns.worker }, { head: columns.fate }, { head: columns.start, right: true }, { head: columns.end, right: true }],
    rows: jobsOf(report).map((job) => [job.name, job.worker ?? none, fates[job.fate ?? "open"] ?? none, maybe(job.startMs), maybe(job.endMs)]),
  };
}
