/** The words of the two figures about masters and workers, in English. */
import { about, count, list, setTime, share, some, tick, time } from "./en-units.js";

/** @param {number} index */
const worker = (index) => `worker-${index}`;

/** What a master does, where its lane is read moment by moment. */
const told = {
  /** @param {number} n */
  poll: (n) => `looks: ${count(n)} done, not all`,
  /** @param {number} n */
  "poll-all": (n) => `looks: all ${count(n)} done`,
  exit: () => "ends itself",
  /** @param {number} n */
  adopt: (n) => `a new master takes over, epoch ${count(n)}`,
};

/** What both figures call a master's lane and its times. */
const master = {
  name: "master",
  short: "M",
  round: (/** @type {number} */ round) => `round ${round}`,
  vacant: "no master",
  successor: (/** @type {number} */ epoch) => `new master, epoch ${epoch}`,
  observer: "counted up",
  /** @param {string} event @param {number} value @param {number} atMs */
  tell: (event, value, atMs) => (Object.hasOwn(told, event) ? `master: ${told[/** @type {keyof typeof told} */ (event)](value)}, at ${time(atMs)}` : null),
};

/** What a timeline with a master says to who can't see it. @param {{run: string, lanes: number, endMs: number | null, states: {name: string, share: number}[]}} about */
const label = ({ run, lanes, endMs, states }) => [
  `${run}: ${some(lanes, "lane")}, the master’s first, then one a worker`,
  endMs === null ? "" : `, over ${time(endMs)}. All their time together: ${list(states.map(({ name, share: part }) => `${name} ${share(part)}`))}`,
  ". Arrow keys go from moment to moment, plus and minus zoom, 0 shows all.",
].join("");

const ticks = "Ticks are wider than the time they took.";

const jobKinds = { io: "wait (IO)", cpu: "calculate (CPU)" };
const owners = { page: "the page", master: "the master" };
const onOff = { on: "yes", off: "no" };

/** Settings that both figures have. */
const controls = {
  threads: { label: "Workers", say: (/** @type {number} */ n) => some(n, "worker") },
  job: { label: "A job is to", choices: jobKinds },
  waitMs: { label: "Job, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
  loops: { label: "Job, loop", say: (/** @type {number} */ n) => some(n, "multiplication"), note: (/** @type {number} */ n) => (n >= 10000 ? `${count(n)} times` : "") },
  pollMs: { label: "Interval, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
  owner: { label: "Workers belong to", choices: owners },
  timeoutMs: { label: "Silent too long, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
};

const none = "–";
const tooMany = 3;

/** What became of one who died. @param {any} death @param {boolean} retry */
function death({ worker: who, job, silentMs, retriedBy }, retry) {
  const silent = silentMs === undefined ? "" : ` after ${time(silentMs)} without a heartbeat`;
  const fell = `${who} died${job ? ` in the middle of ${job}` : " without a job"}, and the master noticed${silent}.`;
  if (!job) return fell;
  if (retriedBy) return `${fell} ${retriedBy} got the job, and did it from the start.`;
  return retry ? `${fell} Nobody was left to do the job again.` : `${fell} The job is lost: nobody was to try it again.`;
}

/** Results of the experiment "master-worker", as sentences. */
export const masterWorker = {
  title: "Master and workers",
  question: "A master hands out jobs and wants to know when all are done. Should it ask, or be told?",
  presets: { quick: "quick (1 s)", told: "the same, told", post: "the post’s own numbers (40 s)" },
  controls: {
    ...controls,
    times: { label: "Rounds", say: (/** @type {number} */ n) => some(n, "round") },
    notice: { label: "The master", choices: { poll: "asks", told: "is told" } },
    handles: { label: "Handles to workers", choices: { strong: "strong", weak: "weak" } },
    retry: { label: "Do lost jobs again", choices: onOff },
  },
  master: { ...master, vacant: "no master" },
  timeline: { label: (/** @type {Parameters<typeof label>[0]} */ about) => `${label(about)}${about.endMs === null ? " During a run, Delete kills the worker whose lane is read." : ""}`, ticks },
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
    heading: "To kill a worker in mid-job, click its lane, or press its number:",
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
      : multiple ? ` Half of the interval, ${time(expectedMs)}, would be expected; but a job of ${time(waitMs)} is a whole number of intervals, so every round ends just ${off > 1 ? "after" : "before"} a look.`
        : ` Half of the interval, ${time(expectedMs)}, is what one would expect.`;
    const cost = pollUs === undefined ? "" : ` It looked ${some(polls, "time")}, at ${time(pollUs / 1000)} a look${cpuShare === undefined ? "" : `, and was awake for ${share(cpuShare)} of the run`}: asking costs time to know, hardly any to ask.`;
    return found + expected + cost;
  },
  /** @param {any} noticing */
  told: ({ delaysMs, p50Ms, polls, cpuShare }) => [
    `The last worker of each round woke the master, which knew ${time(p50Ms)} after the job’s end${delaysMs.length > 1 ? ` (the median; ${time(Math.max(...delaysMs))} at worst)` : ""}.`,
    polls === undefined ? "" : ` It looked ${some(polls, "time")} in all`,
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
  weak: ({ gone, upgraded = 0 }) => `Of ${some(gone + upgraded, "weak handle")} to finished jobs, ${count(gone)} no longer led anywhere. That is what the post’s comment met: the object is gone, and gone means done. But what it found out would be gone as well, if somebody else did not own it; here the ledger does.`,
  tableCaption: "Each round, from its start",
  columns: { round: "round", done: "done", last: "last job done", knew: "known after", took: "took" },
  roundName: (/** @type {number} */ round) => `round ${round}`,
  everyRound: "Every round",
  everyJob: "Every job",
  jobsCaption: "Each job of each round",
  jobColumns: { job: "job", worker: "worker", outcome: "outcome", start: "start", end: "end", attempts: "attempts" },
  outcomes: /** @type {Record<string, string>} */ ({ done: "done", lost: "lost", stopped: "stopped" }),
  none,
};

const locks = { plain: "plain mutex", robust: "robust lock" };

/** Results of the experiment "master-exit", as sentences. */
export const masterExit = {
  title: "The day the master dies",
  question: "The master ends itself while its jobs run. Who lives on, and who collects what they finish?",
  presets: { quick: "quick (3 s)", nested: "the workers are the master’s", holder: "the lock’s holder dies", post: "the post’s own numbers (60 s)" },
  controls: {
    ...controls,
    times: { label: "Rounds" },
    adopt: { label: "A new master", choices: { on: "takes over", off: "never comes" } },
    dies: { label: "Who dies", choices: { master: "the master", holder: "the lock’s holder" } },
    lock: { label: "The lock is", choices: { plain: "a plain mutex", robust: "robust" } },
  },
  master: { ...master, round: () => "" },
  timeline: { label, ticks },
  /** @param {number} ms */
  estimate: (ms) => `about ${about(ms)}`,
  beginning: "The workers are getting ready.",
  /** @param {number} alive @param {number} of */
  alive: (alive, of) => `${count(alive)} of ${some(of, "worker")} alive`,
  /** @param {string} event @param {number} n @returns {string | null} */
  notable: (event, n) => ({
    start: "The master has handed out the jobs.", exit: "The master has ended itself. The jobs are orphans.", adopt: `A new master has taken over. Its epoch is ${n}: no command of the old one counts any more.`,
    notary: "Nobody took over. What became of the jobs is being counted.", dead: `${worker(n)} is dead.`, lost: `${worker(n)} is dead, and its job is lost.`,
  })[event] ?? null,
  nobodyDied: "The run was over before anybody died.",
  /** @param {any} master */
  death: ({ diedAtMs, deathSeenMs, answered }) => [
    `The master ended itself ${time(diedAtMs)} into the run.`,
    deathSeenMs === undefined ? "" : ` ${time(deathSeenMs)} later the page was sure: its heart stood still, and a message to it got ${answered ? "an answer all the same" : "no answer"}.`,
  ].join(""),
  /** What this engine did. @param {any} master @param {number} threads @param {string} engine */
  outlived: ({ owner, survivors, finished, lost }, threads, engine) => {
    const where = engine ? `In ${engine}` : "Here";
    const hearts = survivors === undefined ? "" : survivors === threads ? `all ${count(threads)} hearts went on beating` : survivors === 0 ? "no heart beats any more" : `${count(survivors)} of ${count(threads)} hearts went on beating`;
    if (owner !== "master") {
      return `The workers belong to the page, not to the master.${hearts ? ` ${where}, ${hearts}` : ""}${finished === undefined ? "" : `${hearts ? ", and" : ""} ${some(finished, "job")} came to ${finished === 1 ? "its" : "their"} end after the death`}. So it is in all three engines that were tested.`;
    }
    const ended = finished ? ` ${some(finished, "job")} still came to ${finished === 1 ? "its" : "their"} end: nested workers take a moment to die here.` : "";
    return `The workers were nested under the master and died with it. ${where}, ${hearts || "their hearts stopped"} once the death has settled.${ended}${lost ? ` ${some(lost, "job")} ${lost === 1 ? "is" : "are"} lost with ${lost === 1 ? "its" : "their"} owner.` : ""} Firefox and WebKit end nested workers at once, Chromium after about two seconds.`;
  },
  /** @param {any} master @param {number} orphans  jobs that ended while nobody was master */
  adoption: ({ diedAtMs, adoptedAtMs, firstPollMs, epoch, lost }, orphans) => {
    if (adoptedAtMs === undefined) return `Nobody took over. ${orphans > 0 ? `${some(orphans, "result")} of orphans ${orphans === 1 ? "lies" : "lie"} where the workers put ${orphans === 1 ? "it" : "them"}, and nobody ever prints “all thread done”.` : "Nobody ever prints “all thread done”."}`;
    const looked = firstPollMs === undefined ? "" : ` and first looked at its workers ${time(firstPollMs)} after that`;
    const found = orphans > 0 ? ` ${some(orphans, "job")} had ended while nobody was master, and ${orphans === 1 ? "was" : "were"} found done, not lost.` : lost ? "" : " Every job that ran at the death was still running.";
    return `A new master took over ${time(adoptedAtMs - diedAtMs)} after the death${looked}. It started nothing anew: it adopted what ran, under epoch ${count(epoch ?? 2)}.${found}`;
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
    note: "An operating system makes the same difference between a process of its own and a thread of the dying one.",
  },
  locks,
  /** @param {any} holder @returns {string[]} */
  holder: ({ lock, holder, diedAtMs, waiting, recoveredBy, recoveredAtMs, increments, finalValue, blockedMs }) => {
    const died = `${holder} died ${time(diedAtMs)} into the run, with the lock in its hand.`;
    if (recoveredBy === undefined) {
      return [
        `${died} A ${locks[lock === "robust" ? "robust" : "plain"]} does not know who holds it. ${waiting === undefined ? "The others" : some(waiting, "worker")} waited for a thread that was no more, and would be waiting still.`,
        blockedMs === undefined ? "The only way out is to end them all." : `For ${time(blockedMs)} nothing moved. Then the page ended them all: there is no other way out.`,
      ];
    }
    const whole = increments === finalValue ? `The counter stands at ${count(finalValue)} after ${some(increments, "increment")}: nothing is missing.` : `The counter stands at ${count(finalValue)} after ${some(increments, "increment")}: they do not add up.`;
    return [`${died} This lock knows its holder. ${time(recoveredAtMs - diedAtMs)} later ${recoveredBy} took it from the dead, set right what it had left half done, and all went on.`, whole];
  },
  lockTable: {
    caption: "A worker dies in the critical section",
    what: "what",
    /** @param {any} holder @returns {(string | number)[][]} */
    rows: ({ holder, diedAtMs, waiting, recoveredBy, recoveredAtMs, blockedMs, increments, finalValue }) => [
      ["held by", holder],
      ["died at", time(diedAtMs)],
      ...(waiting === undefined ? [] : [["waiting for it then", some(waiting, "worker")]]),
      ["recovered by", recoveredBy ?? "nobody"],
      ...(recoveredAtMs === undefined ? [] : [["recovered after", time(recoveredAtMs - diedAtMs)]]),
      ...(blockedMs === undefined ? [] : [["nothing moved for", time(blockedMs)]]),
      ...(increments === undefined ? [] : [["increments made", count(increments)]]),
      ...(finalValue === undefined ? [] : [["counter", count(finalValue)]]),
    ],
  },
  everyJob: "Every job",
  jobsCaption: "Each job, and what became of it",
  jobColumns: { job: "job", worker: "worker", fate: "fate", start: "start", end: "end" },
  none,
};
