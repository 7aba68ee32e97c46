/** The words of the figure about a master that ends itself, in English. */
import { controls, facts, label, master, none, worker } from "../../text/en/masters.js";
import { about, count, some, spelt, time } from "../../text/en/units.js";

const locks = { plain: "plain mutex", robust: "robust lock" };

export default {
  title: "The day the master dies",
  question: (/** @type {any} */ { dies, threads }) => (dies === "holder" ? "A thread dies while it holds the lock. What becomes of those that wait?" : `The master dies while ${threads === 1 ? "a job runs" : `${spelt(threads)} jobs run`}. Who lives on, and who collects?`),
  slices: { death: "The master ends itself. Who lives on?", adoption: "A new master comes. What does it find?" },
  presets: { quick: "quick (3 s)", nested: "the master’s workers", holder: "the lock’s holder dies", post: "the post’s (60 s)" },
  controls: {
    ...controls,
    times: { label: "Rounds" },
    adopt: { label: "A new master", choices: { on: "takes over", off: "never comes" } },
    dies: { label: "Who dies", choices: { master: "the master", holder: "the lock’s holder" } },
    lock: { label: "The lock is", choices: { plain: "a plain mutex", robust: "robust" } },
  },
  master: { ...master, round: () => "" },
  timeline: { label },
  estimate: (/** @type {number} */ ms) => `about ${about(ms)}`,
  beginning: "The workers are getting ready.",
  competing: "The workers compete for the lock.",
  /** @param {number} alive @param {number} of */
  alive: (alive, of) => `${count(alive)} of ${some(of, "worker")} alive`,
  /** @param {string} event @param {number} n @returns {string | null} */
  notable: (event, n) => ({
    start: "The master has handed out the jobs.", exit: "The master has ended itself. The jobs are orphans.", adopt: `A new master has taken over, under epoch ${n}.`,
    notary: "Nobody took over. What became of the jobs is being counted.", dead: `${worker(n)} is dead.`, lost: `${worker(n)} is dead, and its job is lost.`,
  })[event] ?? null,
  nobodyDied: "The run was over before the death.",
  death: (/** @type {any} */ { diedAtMs, deathSeenMs, answered }) => [
    `The master ended itself ${time(diedAtMs)} into the run.`,
    deathSeenMs === undefined ? "" : ` ${time(deathSeenMs)} later the page was sure: the master’s heartbeat had stopped, and a message to it got ${answered ? "an answer all the same" : "no answer"}.`,
  ].join(""),
  /** What this engine did. @param {any} master @param {number} threads @param {string} engine */
  outlived: ({ owner, survivors, finished, lost }, threads, engine) => {
    const where = engine ? `In ${engine}` : "Here";
    const beating = survivors === undefined ? "" : survivors === threads ? `all ${count(threads)} heartbeats went on` : survivors === 0 ? "no heartbeat is left" : `${count(survivors)} of ${count(threads)} heartbeats went on`;
    if (owner !== "master") {
      const after = finished === undefined ? "" : `${some(finished, "job")} finished after the death`;
      return `${where}, ${[beating, after].filter(Boolean).join(", and ") || "the workers live on"}: the workers belong to the page. They are like the post’s child processes, and all three tested engines do the same.`;
    }
    const ended = finished ? ` ${some(finished, "job")} still finished: nested workers take a moment to die here.` : "";
    return `${where}, ${beating || "the heartbeats stopped"} once the death has settled: the workers died with the master. They were nested under it, as daemon threads are with their interpreter.${ended}${lost ? ` ${some(lost, "job")} ${lost === 1 ? "is" : "are"} lost with ${lost === 1 ? "its" : "their"} owner.` : ""} Firefox and WebKit end nested workers at once, Chromium after about two seconds.`;
  },
  /** @param {any} master @param {number} orphans  jobs that ended while nobody was master */
  adoption: ({ diedAtMs, adoptedAtMs, firstPollMs, epoch, lost, finished }, orphans) => {
    if (adoptedAtMs === undefined) return `Nobody took over. ${orphans > 0 ? `${some(orphans, "result")} of orphans ${orphans === 1 ? "lies" : "lie"} where the workers put ${orphans === 1 ? "it" : "them"}, and nobody ever prints “all thread done”.` : "Nobody ever prints “all thread done”."}`;
    const looked = firstPollMs === undefined ? "" : ` and first polled its workers ${time(firstPollMs)} after that`;
    const found = orphans > 0 ? ` ${some(orphans, "job")} had ended while nobody was master, and ${orphans === 1 ? "was" : "were"} found done, not lost.` : lost || !finished ? "" : " Every job that ran at the death was still running.";
    return `A new master took over ${time(adoptedAtMs - diedAtMs)} after the death${looked}. It started nothing anew: it adopted what ran, under epoch ${count(epoch ?? 2)}.${found}`;
  },
  /** @param {any} master @param {number} done  jobs that ended while nobody was master @param {number} running  jobs that ended later */
  found: ({ diedAtMs, adoptedAtMs, lost }, done, running) => {
    const jobs = [done && `${some(done, "job")} done`, running && `${some(running, "job")} still running`].filter(Boolean).join(" and ");
    return `The new master came ${time(adoptedAtMs - diedAtMs)} after the death${jobs && ` and found ${jobs}`}${lost ? `; ${some(lost, "job")} ${lost === 1 ? "was" : "were"} lost with the old one` : ""}.`;
  },
  accounts: { title: "What became of every job", format: count },
  fates: /** @type {Record<string, string>} */ ({
    "under-old": "finished under the old master", "as-orphan": "finished as orphans", "under-new": "finished under the new master",
    "lost-with-worker": "lost with their worker", "lost-with-owner": "lost with their owner", open: "not finished when the run was stopped",
  }),
  engines: {
    open: "What the three tested engines do",
    caption: "When the master worker ends itself",
    columns: ["engine", "workers of the page", "workers of the master"],
    rows: [["Chromium 156", "go on", "die about 2 s later"], ["Firefox ESR 153", "go on", "die at once"], ["WebKitGTK 2.50", "go on", "die at once"]],
    note: "The post’s program has both: its daemon threads end with the interpreter, and the child processes that they waited for go on.",
  },
  locks,
  /** @param {any} holder @returns {string[]} */
  holder: ({ lock, holder, diedAtMs, waiting, recoveredBy, recoveredAtMs, increments, finalValue, blockedMs }) => {
    if (diedAtMs === undefined) return [`The run was stopped before ${holder} died.`];
    const died = `${holder} died ${time(diedAtMs)} into the run, while it held the lock.`;
    if (recoveredBy === undefined && lock === "robust") return [`${died} This lock knows its holder, but the run ended before another thread took it from the dead.`];
    if (recoveredBy === undefined) {
      return [
        `${died} A ${locks.plain} does not know who holds it. ${waiting === undefined ? "The others" : some(waiting, "worker")} waited for a dead thread, and would still be waiting.`,
        blockedMs === undefined ? "The only way out is to end them all." : `For ${time(blockedMs)} nothing moved. Then the page ended them all: there is no other way out.`,
      ];
    }
    const whole = increments === finalValue ? `The counter stands at ${count(finalValue)} after ${some(increments, "increment")}: nothing is missing.` : `The counter stands at ${count(finalValue)} after ${some(increments, "increment")}: they do not add up.`;
    return [`${died} This lock knows its holder. ${time(recoveredAtMs - diedAtMs)} later ${recoveredBy} took it from the dead thread, repaired what was left half done, and all went on.`, whole];
  },
  lockTable: {
    caption: "A worker dies in the critical section",
    what: "what",
    /** @param {any} holder @returns {(string | number)[][]} */
    rows: ({ holder, diedAtMs, waiting, recoveredBy, recoveredAtMs, blockedMs, increments, finalValue }) => [
      ["held by", holder],
      ["died at", diedAtMs === undefined ? none : time(diedAtMs)],
      ...(waiting === undefined ? [] : [["waiting for it then", some(waiting, "worker")]]),
      ["recovered by", recoveredBy ?? (diedAtMs === undefined ? none : "nobody")],
      ...(recoveredAtMs === undefined ? [] : [["recovered after", time(recoveredAtMs - diedAtMs)]]),
      ...(blockedMs === undefined || diedAtMs === undefined ? [] : [["nothing moved for", time(blockedMs)]]),
      ...(increments === undefined ? [] : [["increments made", count(increments)]]),
      ...(finalValue === undefined ? [] : [["counter", count(finalValue)]]),
    ],
  },
  everyJob: "Every job",
  jobsCaption: "Each job, and what became of it",
  jobColumns: { job: "job", worker: "worker", fate: "fate", start: "start", end: "end" },
  none,
  facts: ["workers still alive after the death", "a new master took over after", "jobs finished after the death", "jobs lost", ...facts],
};
