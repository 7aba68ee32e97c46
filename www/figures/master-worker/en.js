/** The words of the figure about a master and its workers, in English. */
import { controls, facts, label, master, none, onOff, worker } from "../../text/en/masters.js";
import { about, count, list, setTime, share, some, Spelt, tick, time } from "../../text/en/units.js";

const tooMany = 3;

/** What became of one who died. @param {any} death @param {boolean} retry */
function death({ worker: who, job, silentMs, retriedBy }, retry) {
  const silent = silentMs === undefined ? "" : ` after ${time(silentMs)} without a heartbeat`;
  const fell = `${who} died${job ? ` in the middle of ${job}` : " without a job"}, and the master noticed${silent}.`;
  if (!job) return fell;
  if (retriedBy) return `${fell} ${retriedBy} got the job, and did it from the start.`;
  return retry ? `${fell} Nobody was left to do the job again.` : `${fell} The job is lost: its settings say not to try it again.`;
}

export default {
  title: "Master and workers",
  question: (/** @type {any} */ { threads }) => `${threads === 1 ? "One job: should the master ask whether it is" : `${Spelt(threads)} jobs: should the master ask whether they are`} done, or be told?`,
  slices: { polling: "The master asks again and again. How late does it know?", told: "Now the last worker wakes the master. How late is that?" },
  presets: { quick: "quick (1 s)", told: "the same, told", post: "the post’s (40 s)" },
  controls: {
    ...controls,
    times: { label: "Rounds", say: (/** @type {number} */ n) => some(n, "round") },
    notice: { label: "The master", choices: { poll: "asks", told: "is told" } },
    handles: { label: "Handles to workers", choices: { strong: "strong", weak: "weak" } },
    retry: { label: "Do lost jobs again", choices: onOff },
  },
  master,
  timeline: { label: (/** @type {Parameters<typeof label>[0]} */ about) => `${label(about)}${about.endMs === null ? " During a run, Delete kills the worker whose lane is read." : ""}` },
  /** @param {number} rounds @param {number} jobs @param {number} ms */
  estimate: (rounds, jobs, ms) => `${some(rounds, "round")} of ${some(jobs, "job")}, about ${about(ms)}`,
  beginning: "The workers are getting ready.",
  /** @param {number} round @param {number} of */
  round: (round, of) => `Round ${count(Math.min(round, of))} of ${count(of)}.`,
  /** @param {number} done @param {number} planned */
  jobs: (done, planned) => `${count(done)} of ${some(planned, "job")}`,
  /** A master's event that is worth a word. @param {string} event @param {number} n @returns {string | null} */
  notable: (event, n) => ({
    suspect: `${worker(n)} is silent.`, dead: `${worker(n)} is dead.`, requeue: `${worker(n)} is dead; another one gets its job.`, lost: `${worker(n)} is dead, and its job is lost.`,
  })[event] ?? null,
  crew: {
    heading: "Kill:",
    name: "Kill a worker",
    kill: (/** @type {number} */ index) => `Kill ${worker(index)}`,
    gone: (/** @type {number} */ index) => `${worker(index)}, killed`,
    warning: (/** @type {number} */ index) => `A click kills ${worker(index)}.`,
    hint: "Click a worker’s lane to kill the worker.",
    hintTouch: "Tap a worker’s lane to kill the worker.",
  },
  /** @param {"poll" | "told"} mode @param {number} pollMs */
  way: (mode, pollMs) => (mode === "told" ? "being told" : `asking every ${setTime(pollMs)}`),
  strip: { title: "Last job done → master knows: a dot a round", expected: "expected", mean: "mean", format: time, tick },
  /** @param {any} noticing @param {any} config */
  polled: ({ delaysMs, meanMs, expectedMs, polls, pollUs, cpuShare }, { pollMs, waitMs, job }) => {
    const worst = Math.max(...delaysMs);
    const found = `The master went on asking for ${delaysMs.length > 1 ? `${time(meanMs)} a round on average (${time(worst)} at worst)` : time(meanMs)} after the last job was done.`;
    const off = expectedMs ? meanMs / expectedMs : 1;
    const multiple = job === "io" && delaysMs.length > 2 && (off > 1.5 || off < 0.5) && waitMs % pollMs === 0;
    const expected = expectedMs === undefined ? ""
      : multiple ? ` Half of the interval, ${time(expectedMs)}, would be expected; but a job of ${time(waitMs)} is a whole number of intervals, so every round ends just ${off > 1 ? "after" : "before"} a poll.`
        : ` Half of the interval, ${time(expectedMs)}, is what one would expect.`;
    const cost = pollUs === undefined ? "" : ` It polled ${some(polls, "time")}, at ${time(pollUs / 1000)} a poll${cpuShare === undefined ? "" : `, and was awake for ${share(cpuShare)} of the run`}: the cost is knowing late, not asking.`;
    return found + expected + cost;
  },
  told: (/** @type {any} */ { delaysMs, p50Ms, polls, cpuShare }) => [
    `The last worker of each round woke the master, which knew ${time(p50Ms)} after the job’s end${delaysMs.length > 1 ? ` (the median; ${time(Math.max(...delaysMs))} at worst)` : ""}.`,
    polls === undefined ? "" : ` It polled ${some(polls, "time")} in all`,
    polls === undefined || cpuShare === undefined ? (polls === undefined ? "" : ".") : `, and was awake for ${share(cpuShare)} of the run.`,
  ].join(""),
  /** @param {{name: string, mean: number}} poll @param {{mean: number}} told */
  both: (poll, told) => (poll.mean > told.mean ? `So far, ${poll.name} cost ${time(poll.mean - told.mean)} a round more than being told.` : ""),
  /** @param {number} done @param {number} rounds @param {number} ms @param {number | null} idealMs @param {number | undefined} schedulingMs */
  whole: (done, rounds, ms, idealMs, schedulingMs) => [
    `${some(done, "job")} in ${some(rounds, "round")} took ${time(ms)}`,
    idealMs ? `; the jobs alone, all at once in each round, ${time(idealMs)}.` : ".",
    schedulingMs === undefined ? "" : ` It took ${time(schedulingMs)} to get the first round’s jobs going.`,
  ].join(""),
  /** @param {any[]} deaths @param {boolean} retry @returns {string[]} */
  deaths: (deaths, retry) => [
    ...deaths.slice(0, tooMany).map((one) => death(one, retry)),
    ...(deaths.length > tooMany ? [`${some(deaths.length - tooMany, "more worker")} died: ${list(deaths.slice(tooMany).map((one) => one.worker))}.`] : []),
  ],
  /** @param {number} late */
  late: (late) => `${some(late, "result")} came too late and ${late === 1 ? "was" : "were"} refused: the worker had only been slow, its job had been given to another, and a job has one result.`,
  /** @param {{gone: number, upgraded?: number}} weak */
  weak: ({ gone, upgraded = 0 }) => `Of ${some(gone + upgraded, "weak handle")} to finished jobs, ${count(gone)} no longer led anywhere. That is what the post’s comment met: the object is gone, and gone means done. But its result would be gone as well if nothing else owned it; here the job table does.`,
  tableCaption: "Each round, from its start",
  columns: { round: "round", done: "done", last: "last job done", knew: "known after", took: "took" },
  roundName: (/** @type {number} */ round) => `round ${round}`,
  everyRound: "Every round",
  everyJob: "Every job",
  jobsCaption: "Each job of each round",
  jobColumns: { job: "job", worker: "worker", outcome: "outcome", start: "start", end: "end", attempts: "attempts" },
  outcomes: /** @type {Record<string, string>} */ ({ done: "done", lost: "lost", stopped: "stopped" }),
  none,
  facts,
};
