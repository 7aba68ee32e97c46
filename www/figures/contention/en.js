/** The words of the figure about contention, in English. */
import { about, count, fixed, list, perSecond, setTime, share, some, spelt, time, times, unseen } from "../../text/en/units.js";

const wait = (/** @type {number} */ ns) => time(ns / 1e6);

/** @param {{lowOpsPerSecond: number, highOpsPerSecond?: number}} point */
const interval = ({ lowOpsPerSecond: low, highOpsPerSecond: high }) => (high === undefined ? `${perSecond(low)} or more` : `${perSecond(low)} to ${perSecond(high)}`);

/** What theory expects, and what it is. @param {number} opsPerSecond @param {{amdahlOpsPerSecond: number, repairmanOpsPerSecond: number}} predicted @param {number} threads */
const expected = (opsPerSecond, { amdahlOpsPerSecond, repairmanOpsPerSecond }, threads) => `With ${some(threads, "thread")} Amdahl’s law expects ${perSecond(amdahlOpsPerSecond)}, a queue at one counter ${perSecond(repairmanOpsPerSecond)}; it is ${perSecond(opsPerSecond)}.`;

export default {
  title: "Contention",
  question: (/** @type {any} */ { threads }) => (threads === 1 ? "What does a lock do with one thread, before anybody competes for it?" : `What becomes of a lock as up to ${spelt(threads)} threads compete for it?`),
  slices: { crowd: "Let more threads in. Which lock gives way?", law: "Work outside the lock as well. Do more threads help?", turns: "Who has the lock, and for how long?" },
  presets: { empty: "no work inside", short: "short hold", long: "long hold", hog: "one hog", bursts: "bursts" },
  controls: {
    threads: { label: "Up to threads", say: (/** @type {number} */ n) => some(n, "thread") },
    counter: { label: "Look at" },
    counters: { label: "Compared", choices: { common: "the usual ones", locks: "all locks", all: "all counters", one: "this one only" } },
    holdNs: { label: "Hold, ns", say: (/** @type {number} */ n) => some(n, "nanosecond") },
    pauseNs: { label: "Pause, ns", say: (/** @type {number} */ n) => some(n, "nanosecond") },
    pattern: { label: "Workers", choices: { even: "all do the same", hog: "one is a hog", bursts: "they come in bursts" } },
    sampleMs: { label: "Each point, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
  },
  inside: {
    label: "Time inside the lock",
    /** @param {number} part @param {number} ns  inside and between together */
    say: (part, ns) => `${share(part)} of ${wait(ns)}`,
    empty: "only the increment",
  },
  /** @param {number} points @param {number} ms */
  estimate: (points, ms) => `${some(points, "point")}, ${about(ms)} a counter`,
  starting: "Measuring the clock, and each counter alone.",
  /** @param {string} label @param {number} threads */
  measuring: (label, threads) => `Last measured: ${label} with ${some(threads, "thread")}.`,
  /** @param {number} round @param {number} of */
  round: (round, of) => `Round ${count(round)} of ${count(of)}, in a new random order.`,
  /** @param {number} done @param {number} planned */
  points: (done, planned) => `${count(done)} of ${count(planned)} points`,
  choose: "What the chart shows",
  /** The chart's tabs, and what each shows. */
  tabs: { throughput: "Throughput", expected: "Expected", fairness: "Fairness", p50: "Wait: half", p99: "Wait: 99 of 100", max: "Longest wait" },
  titles: {
    throughput: "Increments a second, all threads together",
    expected: "Increments a second, beside what theory expects",
    fairness: "Fairness (Jain’s index): 1 where all threads got the same",
    p50: "Half of all waits for the lock were shorter than this",
    p99: "One wait of a hundred was longer than this",
    max: "The longest wait for the lock",
  },
  perSecond,
  wait,
  /** @param {number} ns  a power of ten */
  waitMark: (ns) => (ns < 1e6 ? wait(ns) : setTime(ns / 1e6)),
  fairness: (/** @type {number} */ value) => fixed(2).format(value),
  chart: {
    label: "Number of threads",
    threads: "threads",
    cores: "cores",
    gaveUp: "timed out",
    none: "–",
    tick: count,
    reading: (/** @type {{title: string, threads: number, lines: string[]}} */ { title, threads, lines }) => `${title}. With ${some(threads, "thread")}: ${lines.join(", ")}.`,
  },
  hint: (/** @type {number} */ threads) => `Values for ${some(threads, "thread")}. Point at others, or use the arrow keys; click a line to look at it.`,
  hintOther: "Dashed lines without a name are the report beside it.",
  /** @param {string} label */
  hintMachine: (label) => `Dashed lines are the machine beside it, scaled as if ${label} with one thread made as much there as here; its waits are not drawn.`,
  models: { amdahl: "Amdahl’s law", queue: "queue model" },
  turns: {
    title: "Who had the lock",
    /** @param {string} label @param {number} threads @param {number} ms */
    heading: (label, threads, ms) => `${label}, ${some(threads, "thread")}, ${time(ms)} on end. `,
    /** @param {string} label @param {number} threads */
    missing: (label, threads) => (threads === 1 ? "is no question with one thread: nobody else could have it." : `was not recorded for ${label} with this number of threads. Run again to see it.`),
    before: "is recorded for the selected counter, at every number of threads.",
    outside: "waiting, or busy elsewhere",
    /** @param {string} worker @param {number} part */
    hog: (worker, part) => `A hog: ${worker} had the lock for ${share(part)} of this window.`,
    alone: "One worker had the lock for all of this window, and nobody else got in.",
    /** @param {number} turns @param {number} ms */
    fair: (turns, ms) => `Fair turns: ${some(turns, "turn")} in ${time(ms)}, everyone about as long, one after the other. Each hand-over costs time; if the next thread sleeps, that is a lock convoy.`,
    /** @param {number} turns @param {number} ms @param {number} longestMs */
    mixed: (turns, ms, longestMs) => `${some(turns, "turn")} in ${time(ms)}, the longest ${time(longestMs)}.`,
  },
  /** @param {string} label @param {number} alone @param {number} threads @param {any} together  a point @param {number | undefined} factor  where all windows agree on it */
  scaling: (label, alone, threads, together, factor) => {
    const said = !together.windows || Number.isNaN(factor) ? "" : factor === undefined ? ", no difference that all windows agree on" : factor > 1 ? `, ${times(factor)} times as much` : `, ${times(1 / factor)} times less`;
    return `${label}: ${perSecond(alone)} with one thread, ${perSecond(together.opsPerSecond)}${together.windows ? ` (${interval(together)})` : ""} with ${count(threads)}${said}.`;
  },
  /** @param {string} label @param {number} threads @param {{slowOpsPerSecond: number, quickOpsPerSecond: number, slowWindows: number}} speeds @param {number} windows */
  bimodal: (label, threads, { slowOpsPerSecond, quickOpsPerSecond, slowWindows }, windows) => `${label} has two speeds with ${some(threads, "thread")}: ${perSecond(slowOpsPerSecond)} in ${count(slowWindows)} of ${some(windows, "window")}, ${perSecond(quickOpsPerSecond)} in the others. No single number describes it.`,
  /** @param {string} label @param {number} opsPerSecond */
  alone: (label, opsPerSecond) => `${label}: ${perSecond(opsPerSecond)} with one thread.`,
  hogAlone: "The single-thread run was the hog itself; the other threads hold the lock for less time, so these rates aren’t comparable.",
  /** @param {string} pinned @param {number} threads @param {{label: string, factor: number}[]} quicker  than the pinned one in every window, the quickest first */
  quicker: (pinned, threads, quicker) => (quicker.length ? `With ${some(threads, "thread")}, of the counters that lose nothing, ${list(quicker.map(({ label, factor }) => `${label} (${times(factor)} times)`))} ${quicker.length === 1 ? "was" : "were"} quicker than ${pinned} in every window.` : `With ${some(threads, "thread")}, no counter that loses nothing was quicker than ${pinned} in every window.`),
  /** @param {number} index @param {number[]} shares  each thread's turns @param {number} few  turns of the luckiest that are too few to tell by @param {string} [label]  whose, where that isn't clear */
  shares: (index, shares, few, label) => {
    const [least, most, none] = [Math.min(...shares), Math.max(...shares), shares.filter((turns) => turns === 0).length];
    const who = least > 0 ? `the luckiest thread got ${times(most / least)} times what the unluckiest got` : `${none === 1 ? "one thread" : some(none, "thread")} got nothing at all`;
    return `With ${some(shares.length, "thread")} ${label ? `the fairness of ${label}` : "its fairness"} is ${fixed(2).format(index)}: ${who}.${most < few ? ` No thread had more than ${some(most, "turn")} in that time, so one more or less weighs much: a longer measurement tells luck from the lock.` : ""}`;
  },
  /** @param {{p50: number, p99: number, max: number, step: number}} waits */
  waits: ({ p50, p99, max, step }) => `${unseen(p99, step) ? `All but one in a hundred of its waits took no more than one step of this clock (${wait(step)})` : `Half of its waits took ${unseen(p50, step) ? `no more than one step of this clock (${wait(step)})` : `less than ${wait(p50)}`}, one in a hundred took longer than ${wait(p99)}`}, and the longest took ${wait(max)}.`,
  expected,
  /** @param {any} measured  a point @param {any} predicted @param {number} threads */
  theory: ({ opsPerSecond, lowOpsPerSecond: low = opsPerSecond, highOpsPerSecond: high = opsPerSecond }, predicted, threads) => `A turn is inside the lock for ${share(predicted.serialShare)} of its time. ${expected(opsPerSecond, predicted, threads)} ${high < predicted.amdahlOpsPerSecond ? "Neither knows what it costs to hand a lock over, nor that a thread may wait for a processor." : low > predicted.repairmanOpsPerSecond ? "It is quicker than either expects: a thread that takes the lock again at once has everything in its cache." : "The theory holds."}`,
  /** Reasons to doubt it, by the report's codes. @type {Record<string, (warning: any, label: string, cores?: number) => string>} */
  warnings: {
    "timed-out": ({ afterMs, threads }, label, cores) => `${label} timed out after ${about(afterMs)} with ${some(threads, "thread")}: ${cores !== undefined && threads > cores ? "this lock does not survive more threads than cores." : "with so many it did not finish."}`,
    "cores-unknown": () => "This browser doesn’t say how many cores there are. Amdahl’s law and the queue model depend on that, so they are left out.",
  },
  /** @param {string} label @param {number} lost @param {number} made @param {number} threads */
  lost: (label, lost, made, threads) => (lost > 0 ? `${label} lost ${count(lost)} of ${count(made)} increments with ${some(threads, "thread")}, ${share(lost / made)} of them. Its speed is worth nothing.` : `${label} lost nothing this time, which proves nothing.`),
  /** @param {string} where @param {string} label @param {number} there @param {number} threads */
  other: (where, label, there, threads) => `In ${where}: ${label} made ${perSecond(there)} with ${some(threads, "thread")}.`,
  /** @param {string} where @param {string} label @param {number} factor  of what one thread makes @param {number} threads */
  machine: (where, label, factor, threads) => `In ${where}, ${label} makes with ${some(threads, "thread")} ${times(factor)} times what it makes there with one.`,
  nothing: "No point was measured before the run was stopped.",
  tableCaption: (/** @type {number} */ threads) => `What each counter did with ${some(threads, "thread")}`,
  columns: { counter: "counter", threads: "threads", ops: "increments a second", interval: "95 % interval", fairness: "fairness", p50: "half waited under", p99: "99 of 100", max: "longest wait", lost: "lost" },
  printed: "As lines of text",
  allOpen: "Every point, as a table",
  allCaption: "Every counter with every number of threads",
  interval,
  gaveUpCell: (/** @type {number} */ ms) => `timed out after ${about(ms)}`,
  none: "–",
};
