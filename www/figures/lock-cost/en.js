/** The words of the figure about what a lock costs, in English. */
import { about, count, fixed, nanos, ratio, some, Spelt, tick, time } from "../../text/en/units.js";

/** How the runs of the post are busy. */
const busyNames = { io: "IO", cpu: "CPU" };
/** What the runs of the post are called. @param {{busy: string, lock: boolean}} run */
const runName = ({ busy, lock }) => `${busyNames[busy === "io" ? "io" : "cpu"]}, ${lock ? "lock" : "no lock"}`;
const fourRuns = [{ busy: "io", lock: false }, { busy: "io", lock: true }, { busy: "cpu", lock: false }, { busy: "cpu", lock: true }].map(runName);

export default {
  title: "Lock cost",
  question: (/** @type {any} */ { threads }) => `${threads === 1 ? "One thread has a counter to itself" : `${Spelt(threads)} threads share a counter`}. What does its lock cost?`,
  slices: { times: "Run it twice. Does the lock cost anything?", lanes: "Watch the twenty. Where do they wait for the lock?", gil: "Give them the lock that Python has. Who calculates?", noise: "Run it again and again: which side is slower?", same: "Run A against A. How far apart are they?" },
  presets: {
    quick: "quick (3 s)",
    post: "the post’s (40 s)",
  },
  controls: { gil: { label: "One at a time (GIL)", choices: { on: "yes, as CPython", off: "no" } } },
  /** @param {number} ms @param {number} waitingMs  how much of it is waiting */
  estimate: (ms, waitingMs) => `four runs, about ${about(ms)}${ms > 10000 && waitingMs > ms / 20 ? `, ${about(waitingMs)} of it waiting` : ""}`,
  busy: busyNames,
  phases: fourRuns,
  facts: fourRuns,
  /** @param {number} phase @param {number} of */
  nowRunning: (phase, of) => `Run ${phase + 1} of ${of}: ${fourRuns[phase]}.`,
  measuring: "Measuring the clock, and one lock that nobody else wants.",
  measuringParallel: "Measuring the clock, one lock that nobody else wants, and the calculation without a GIL.",
  /** @param {number} done @param {number} planned */
  increments: (done, planned) => `${count(done)} of ${count(planned)} increments`,
  /** What the run says: all of its locks, beside what chance does. @param {any} price @param {number} operations @param {string} label @param {number | undefined} noiseMs */
  answer: (price, operations, label, noiseMs) => {
    const lockMs = (price.nsPerOp * operations) / 1e6;
    return `Through ${label}, ${some(operations, "increment")} ${operations === 1 ? "takes" : "take"} ${time(lockMs)}${noiseMs === undefined ? "." : lockMs < noiseMs ? `; two equal runs may differ by ${time(noiseMs)}.` : `, more than the ${time(noiseMs)} by which two equal runs may differ.`}`;
  },
  /** How long all workers stood at the lock, of all their time. @param {string} waits @param {string} all */
  waiting: (waits, all) => `In the runs with the lock the workers spent ${all}, all together. Of that they waited ${waits} for the lock.`,
  /** What one operation costs, and all of them. @param {any} price @param {number} operations @param {string} label */
  price: (price, operations, label) =>
    `One increment through ${label} takes ${nanos(price.nsPerOp)} here while no other thread wants it (95% interval ${nanos(price.lowNs)} to ${nanos(price.highNs)}). The ${some(operations, "increment")} of a run: ${time((price.nsPerOp * operations) / 1e6)} in all.`,
  /** @param {"io" | "cpu"} busy @param {any} verdict @param {number} wallMs @param {string} counter */
  difference: (busy, { differenceMs, noiseMs, shows, lockTimeMs }, wallMs, counter) => {
    const size = Math.abs(differenceMs);
    const what = counter === "none" ? "The second" : counter === "std-mutex" ? "With the lock, the" : "With the counter, the";
    const found = size === 0 ? `${what} ${busyNames[busy]} run took as long as ${counter === "none" ? "the first" : "without"}`
      : `${what} ${busyNames[busy]} run took ${time(size)} ${differenceMs > 0 ? "longer" : "less"} (of ${time(wallMs)})`;
    if (noiseMs === undefined) return `${found}; fewer than four increments a worker can’t tell how much of that is noise.`;
    if (!shows) return `${found}. Two equal runs may well lie ${time(noiseMs)} apart: this is noise, not a cost.`;
    const suspect = lockTimeMs !== undefined && lockTimeMs < size / 2 ? ` The lock’s own ${time(lockTimeMs)} can’t be the cause: something else was different.` : "";
    return `${found}, more than the ${time(noiseMs)} by which two equal runs may well differ.${suspect}`;
  },
  /** What one big lock does to threads that calculate. @param {{parallelMs: number, switches: number}} gil @param {number} wallMs @param {number} postMs */
  gil: ({ parallelMs, switches }, wallMs, postMs) =>
    `Under the GIL, which changed hands ${some(switches, "time")}, the CPU run took ${time(wallMs)}; without it, ${time(parallelMs)}. The post’s took ${time(postMs)}, under CPython’s.`,
  /** @param {number} lost @param {number} made @param {string} label */
  lost: (lost, made, label) => (lost > 0
    ? `The counter “${label}” lost ${some(lost, "update")} of ${count(made)}: each time two threads had read the same number, and both wrote the same next one.`
    : `The counter “${label}” lost nothing this time, which proves nothing: with so much to do between them, two increments rarely meet. Set IO wait and CPU loop to 0 and the increments to 1,000, and they will.`),
  /** @param {number} runs @param {number} io  runs in which the lock took longer @param {number} cpu @param {string} counter */
  spread: (runs, io, cpu, counter) => `${some(runs, "run")} so far with these settings, and every one a dot. The ${counter === "none" ? "second run" : "run with the lock"} took longer in ${count(io)} of them while waiting, and in ${count(cpu)} while calculating.`,
  bars: {
    titles: ["This run: wall time", "The post’s, in CPython"],
    ideal: "ideal",
    format: time,
    tick,
  },
  ratios: {
    /** @param {string} counter @returns {string} */
    title: (counter) => (counter === "none" ? "Second run ÷ first" : "With the lock ÷ without"),
    other: "the post",
    here: "here",
    noise: "grey: where two equal runs may lie",
    format: ratio,
    /** @param {number} value @param {number} step */
    tick: (value, step) => fixed(step < 0.01 ? 3 : 2).format(value),
  },
  tableCaption: "The four runs, beside those of the post in CPython (20 threads × 20 increments, waits of 1 s, 1,000,000 multiplications). The runs without a lock have no counter at all.",
  columns: { run: "run", wall: "wall time", post: "the post", ideal: "ideal", over: "over ideal", value: "counter", wait: "lock wait, all workers" },
  workersCaption: "Each worker in each run",
  workerColumns: { worker: "worker", run: "run", increments: "increments", start: "start", end: "end", busy: "busy", wait: "lock wait" },
  none: "–",
  /** @param {string} outcome @param {number} ms */
  cutShort: (outcome, ms) => `${outcome === "failed" ? "failed" : "stopped"} after ${time(ms)}`,
  runName,
};
