/** The words of the price list, in English. */
import { about, count, list, nanos, share, some, time, times } from "../../text/en/units.js";

/** Prices may be far apart: a few nanoseconds with their digits, microseconds as such. @param {number} ns */
const price = (ns) => (Math.abs(ns) < 1000 ? nanos(ns) : time(ns / 1e6));

/** A difference, with a minus that is as wide as a plus. @param {number} ns */
const signed = (ns) => (ns < 0 ? "−" : "+") + price(Math.abs(ns));

/** @typedef {{label: string, factor: number}} Priced  a counter, and its price as a multiple of the pinned one's */

export default {
  title: "Price list",
  question: () => "What does one operation cost where nobody competes?",
  slices: { five: "What does one increment cost, when nobody else wants it?" },
  presets: { short: "2 s", usual: "10 s", long: "60 s: narrow intervals" },
  controls: {
    budgetMs: { label: "Time, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
    counter: { label: "Compare with" },
  },
  estimate: (/** @type {number} */ ms) => `every counter in turn, about ${about(ms)}`,
  starting: "Measuring the clock, and waiting until the compiler has settled.",
  /** @param {number} widest  half of the widest interval over its price */
  measuring: (widest) => (widest > 0 ? `The widest interval is ± ${share(widest)}.` : "Measuring in turns, in a random order."),
  /** @param {number} rows @param {number} of */
  rows: (rows, of) => `${count(rows)} of ${count(of)} prices`,
  /** @param {number} ns */
  price,
  ratio: (/** @type {number} */ factor) => `${times(factor)} ×`,
  /** How a row that the run can't tell from the pinned one reads. */
  same: "no difference",
  overlap: "intervals overlap",
  pinned: "pinned",
  chart: {
    title: "What one operation costs",
    pick: "Arrow keys choose a counter, Enter pins it: the others then read as multiples of it.",
    tick: (/** @type {number} */ ns) => time(ns / 1e6),
  },
  hint: "Click a row to pin it. ● Rust in WebAssembly, ■ JavaScript, ◇ elsewhere.",
  every: "All counters",
  hintOther: "○ is the report beside it.",
  hintMachine: "○ is the machine beside it, scaled as if a compare-and-swap cost there what it costs here.",
  hintLent: "Rows marked “recorded” need a second thread, which this page doesn’t have: ○ is what the recorded run found.",
  lent: "recorded",
  /** The marks that nobody measured here. */
  anchors: {
    cpython: { name: "CPython’s lock", source: "with lock: value += 1, in a method; CPython 3.11, on the machine of this project’s other numbers" },
    dean: { name: "a mutex, 2010", source: "lock and unlock; Jeff Dean, “Building Software Systems at Google and Lessons Learned”, Stanford, 2010" },
    memory: { name: "a look into RAM", source: "main memory reference; the same talk" },
  },
  anchorsOpen: "The marks to compare with, and where they are from",
  anchorsCaption: "Not measured here",
  anchorsColumns: { what: "mark", price: "one operation", source: "source" },
  /** @param {string} label @param {number} ns */
  answer: (label, ns) => (ns > 0
    ? `An uncontended increment through ${label} costs ${price(ns)} here: in the post’s program ${price(ns)} × 400 = ${time((ns * 400) / 1e6)} of 20 s.`
    : `One increment through ${label} costs less than this run can tell from an empty loop.`),
  /**
   * @param {Priced} cheapest  that loses nothing @param {Priced} costliest
   * @param {Priced | undefined} compiled  the most expensive of WebAssembly's, where that of all is not @param {Priced | undefined} cheaper  what loses count, where it shows that it costs less than all
   * @param {string} pinned
   */
  spread: (cheapest, costliest, compiled, cheaper, pinned) => [
    `From ${cheapest.label} (${times(cheapest.factor)} × ${pinned}) to ${costliest.label} (${times(costliest.factor)} ×): the price depends on how threads are kept apart, even while there is nobody to keep apart.`,
    compiled && `In WebAssembly it ends at ${compiled.label} (${times(compiled.factor)} ×).`,
    cheaper && `Cheaper still, at ${times(cheaper.factor)} ×, is ${cheaper.label}: it loses updates as soon as a second thread joins in.`,
  ].filter(Boolean).join(" "),
  /** @param {string} pinned @param {string[]} names */
  alike: (pinned, names) => `This run can show no difference between ${pinned} and ${list(names)}.`,
  /** @param {string} pinned @param {string} before */
  repinned: (pinned, before) => `The run compared every counter with ${before}. Beside ${pinned}, the multiples are right, but where two intervals overlap only another run can say whether they differ.`,
  /** @param {string} where @param {string} label @param {number} factor  there over here */
  other: (where, label, factor) => (factor >= 1 ? `In ${where}, ${label} costs ${times(factor)} times as much as here.` : `In ${where}, ${label} costs ${times(factor)} of what it costs here.`),
  /** @param {string} where @param {string} label @param {number} there  in compare-and-swaps @param {number} here */
  machine: (where, label, there, here) => `In ${where}, ${label} costs ${times(there)} times what a compare-and-swap costs there; here it costs ${times(here)} times what one costs here.`,
  nothing: "No price came out: the run was too short for eight samples of every counter.",
  tableOpen: "This chart as a table",
  tableCaption: "What one operation costs where nobody competes",
  columns: { counter: "counter", side: "code", price: "one operation", low: "from", high: "to", ratio: "multiple", versus: "difference", samples: "samples", outliers: "outliers", lost: "lost" },
  /** @type {Record<string, string>} */
  sides: { wasm: "WebAssembly", js: "JavaScript", native: "native" },
  /** @param {{differenceNs: number, lowNs: number, highNs: number, shows: boolean}} versus */
  versus: ({ differenceNs, lowNs, highNs, shows }) => (shows ? `${signed(differenceNs)} (${signed(lowNs)} to ${signed(highNs)})` : "none that shows"),
  printed: "As lines of text",
  howOpen: "How this was measured",
  how: (/** @type {{loopNs?: number, control?: any}} */ { loopNs, control }) => [
    "A price is the median of many samples, each a batch of operations long against the clock’s step; its line is a bootstrap interval that holds the true median in 95 of 100 runs. The counters take turns, in a random order, so that a machine that warms up or slows down does so for all alike.",
    "WebAssembly’s atomics are all sequentially consistent: where native code unlocks with a plain store, WebAssembly needs a full exchange. In Chromium 156 on two cores of a Xeon at 2.5 GHz, on 26 November 2026, an increment took this many times as long as the same code run natively in the same minutes: compare-and-swap 1.0, std Mutex 1.2, ticket lock 1.7, atomic 1.7, spin lock 1.9, racy 6.6. So “no lock” is cheaper than it looks here.",
    loopNs === undefined ? "" : `The loop around an operation takes ${nanos(loopNs)} by itself; that has been subtracted.`,
    control && !control.shows ? "The empty loop, measured twice, differs from itself by nothing that this run can show, as it should be." : "",
  ].filter(Boolean),
  /** Reasons to doubt it, by the report's codes. @type {Record<string, (warning: any, labels: string[]) => string>} */
  warnings: {
    "control-differs": ({ differenceNs }) => `The empty loop, measured twice, seems to differ by ${price(differenceNs)}: by chance that happens once in twenty runs, else something disturbed this one.`,
    outliers: ({ outliers, samples }) => `${some(outliers, "sample")} of ${count(samples)} ${outliers === 1 ? "lies" : "lie"} far above the rest: something else had the processor. They are counted, and not dropped.`,
    "not-settled": (_, labels) => `The compiler may not have settled yet for ${list(labels)}: measure longer.`,
  },
  none: "–",
};
