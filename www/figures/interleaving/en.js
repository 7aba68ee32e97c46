/** The words of the figure in which the reader is the scheduler, in English. */
import { count, share, some } from "../../text/en/units.js";

/** @typedef {import("./machine.js").Thread} Thread */
/** @typedef {import("./machine.js").Step} Step */
/** @typedef {import("./machine.js").Op} Op */

const other = (/** @type {Thread} */ thread) => (thread === "A" ? "B" : "A");

export default {
  title: "Two threads, one number",
  question: () => "Two threads add one to the same number. What can come out?",
  slices: { step: "You are the scheduler. Make one addition vanish.", race: "Let them race, and count what is lost." },
  presets: {},
  controls: {
    counter: { label: "Protected by", choices: { racy: "nothing", futex: "a lock (futex mutex)", atomic: "one instruction" } },
    times: { label: "Additions each", say: (/** @type {number} */ n) => some(n, "addition") },
    holdNs: { label: "Work in between, ns", say: (/** @type {number} */ n) => some(n, "nanosecond") },
  },
  estimate: (/** @type {number | null} */ orders) => (orders === null ? "every possible step, then 100,000 races" : `${some(orders, "order")}, then 100,000 races`),
  ordering: "Running every order, step by step.",
  racing: "Now without gates: the two threads race.",
  /** @param {number} done @param {number} of */
  orders: (done, of) => `${count(done)} of ${some(of, "order")}`,
  /** @param {number} done @param {number} of */
  races: (done, of) => `${count(done)} of ${some(of, "race")}`,
  number: "the number",
  lock: "the lock",
  /** What the lock's word means. */
  lockStates: ["free", "taken", "waited for"],
  register: "has read",
  nothingRead: "–",
  thread: (/** @type {Thread} */ thread) => `Thread ${thread}`,
  /** The lines of the program; the view knows which accesses each makes. */
  code: {
    racy: ["r = number", "number = r + 1"],
    atomic: ["number += 1 (atomic)"],
    futex: ["take it if free", "or mark, sleep", "r = number", "number = r + 1", "unlock, wake"],
  },
  /** What a press will do. @param {Thread} thread @param {Op} op @param {{number: number, lock: number, register: number}} now */
  next: (thread, op, { number, lock, register }) => `${thread}: ${{
    load: `read ${count(number)}`,
    store: `write ${count(register + 1)}`,
    add: `add one, to ${count(number + 1)}`,
    "compare-exchange": lock === 0 ? "take the lock" : "find it taken",
    swap: lock === 0 ? "take the lock, marked" : "mark it waited for",
    sleep: lock === 2 ? "fall asleep" : "not sleep: it is free",
    unlock: "unlock",
    wake: `wake ${other(thread)}`,
  }[op]}`,
  /** Why a thread can't step. @param {Thread} thread */
  asleep: (thread) => `${thread} sleeps until ${other(thread)} wakes it`,
  finished: (/** @type {Thread} */ thread) => `${thread} is done`,
  /** A step that was made, spoken. @param {Step} step @param {boolean} free  whether the lock was free before it */
  spoken: ({ thread, op, register, shared, lock }, free) => `${thread} ${{
    load: `read ${count(register)}`,
    store: `wrote ${count(shared)}`,
    add: "added one",
    "compare-exchange": free ? "took the lock" : "found the lock taken",
    swap: lock === 0 ? "unlocked" : free ? "took the lock" : "marked the lock as waited for",
    sleep: "went to sleep",
    unlock: "unlocked",
    wake: `woke ${other(thread)}`,
  }[op]}. The number is ${count(shared)}.`,
  /** @param {number} at @param {number} of */
  position: (at, of) => `step ${count(at)} of ${count(of)}`,
  steps: "Steps so far; arrow keys go back and forth",
  first: "You are the scheduler: choose which thread takes each step.",
  bothRead: (/** @type {number} */ value) => `Both have read ${count(value)}. When both have written ${count(value + 1)}, one addition is gone.`,
  /** @param {Thread} thread @param {number} register @param {number} number */
  stale: (thread, register, number) => `${thread} has read ${count(register)}, but the number is ${count(number)} now. Its write will undo what ${other(thread)} did.`,
  sleeping: (/** @type {Thread} */ thread) => `${thread} is asleep: it takes no step and no processor time until ${other(thread)} wakes it.`,
  inside: (/** @type {Thread} */ thread) => `${thread} holds the lock. Until it unlocks, ${other(thread)} can only wait.`,
  right: (/** @type {number} */ value) => `The number is ${count(value)}: nothing is lost. Go back and try another order.`,
  /** @param {number} value @param {number} lost @param {number} times */
  wrong: (value, lost, times) => (times === 1 ? `Both had read 0, and both wrote 1. One addition is gone.` : `The number is ${count(value)} and should be ${count(2 * times)}: ${lost === 1 ? "one addition is" : `${count(lost)} additions are`} gone.`),
  /** @param {number} found @param {number} of */
  found: (found, of) => `${count(found)} of ${count(of)} found`,
  /** @param {number} found @param {number | null} of  null where nobody has counted them yet */
  foundTooMany: (found, of) => (of === null ? `${count(found)} found` : `${count(found)} of ${count(of)} found`),
  showAll: "show all",
  /** @param {string} schedule @param {number} value @param {boolean} right */
  tile: (schedule, value, right) => `${schedule}: ${count(value)}, ${right ? "nothing lost" : "an addition lost"}`,
  replayed: "Going back runs the same order again from the start, on the real threads.",
  real: "Real threads: each waits at a gate before every access.",
  noThreads: "No threads here, so the same steps run without them. Only the race is a recording.",
  disagree: "The threads did something that this figure did not expect. That is a bug: please report it.",
  bet: {
    question: "Each adds one three times. What is the least that can come out?",
    answer: (/** @type {number} */ bet) => `${bet === 2 ? "Right, it" : "It"} is 2, however many times each adds. Now try to get there.`,
    why: "One thread reads 0. The other adds until it has one addition left. The first writes 1; the other reads that 1 for its last addition. The first does all that it has left. Then the other writes 2.",
    show: "Show me",
  },
  /** What all orders come to. @param {{count: number, losing: number}} schedules @param {string} counter @param {number} ran  orders that were run on threads */
  orderSentence: ({ count: all, losing }, counter, ran) => {
    const tried = ran < all ? ` This run made ${count(ran)} of them, which together take every step from every state that can arise.` : "";
    if (losing > 0) return `${count(losing)} of ${some(all, "order")} lose an addition.${tried}`;
    return counter === "atomic"
      ? `${all === 2 ? "Both orders" : `All ${count(all)} orders`} are right: nothing fits into one instruction.`
      : `None of ${some(all, "order")} loses an addition, and none gets stuck.${tried}`;
  },
  /** What the race came to. @param {{rounds: number, losing: number, met?: number, slept?: number, lowLosing: number, highLosing: number}} race @param {{count: number, losing: number} | undefined} orders */
  raceSentence: ({ rounds, losing, met = 0, slept = 0, lowLosing, highLosing }, orders) => {
    if (losing > 0) {
      const unlike = orders && orders.losing > 0 ? " The orders are not equally likely, and that is why such a program passes its tests." : "";
      return `Let loose, ${count(losing)} of ${some(rounds, "race")} lost one (${share(losing / rounds)}; 95%: ${count(lowLosing)} to ${count(highLosing)}).${unlike}`;
    }
    if (orders && orders.losing > 0) return `Let loose, none of ${some(rounds, "race")} lost an addition (95%: at most ${count(highLosing)}). That proves nothing: orders that lose exist.`;
    return `Let loose, none of ${some(rounds, "race")} lost an addition. The threads met ${some(met, "time")}, and one slept ${some(slept, "time")}; while nobody waits, the lock makes no system call.`;
  },
  race: { title: "What the races came to", lost: "lost an addition", kept: "lost nothing", format: count },
  caveats: [
    "A barrier starts both threads of a race together, so they meet far more often than in a program that also does other work.",
    "What the two threads read tells which was first, so recording it disturbs nothing.",
    "On one core the threads take turns of milliseconds, and almost never meet inside an addition.",
  ],
  tableCaption: "The steps of this order",
  endsCaption: "What every order ends with",
  columns: { step: "step", thread: "thread", op: "access", register: "has read", number: "number", lock: "lock", value: "ends at", orders: "orders" },
  /** @type {Record<Op, string>} */
  ops: { load: "load", store: "store", add: "atomic add", "compare-exchange": "compare-exchange", swap: "swap", sleep: "sleep", unlock: "swap", wake: "wake" },
  facts: ["orders that lose", "races that lost"],
  none: "–",
};
