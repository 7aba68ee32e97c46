/** The words of the two figures about masters and workers, in English. */
import { count, list, share, some, time } from "./units.js";

export const worker = (/** @type {number} */ index) => `worker-${index}`;

/** What a master does, where its lane is read moment by moment. */
const told = {
  poll: (/** @type {number} */ n) => `polls: ${count(n)} done, not all`,
  "poll-all": (/** @type {number} */ n) => `polls: all ${count(n)} done`,
  exit: () => "ends itself",
  adopt: (/** @type {number} */ n) => `a new master takes over, epoch ${count(n)}`,
};

/** What both figures call a master's lane and its times. */
export const master = {
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
export const label = ({ run, lanes, endMs, states }) => [
  `${run}: ${some(lanes, "lane")}, the master’s first, then one a worker`,
  endMs === null ? "" : `, over ${time(endMs)}. All their time together: ${list(states.map(({ name, share: part }) => `${name} ${share(part)}`))}`,
  ". Arrow keys go from moment to moment, plus and minus zoom, 0 shows all.",
].join("");

const jobKinds = { io: "wait (IO)", cpu: "calculate (CPU)" };
/** As in the post, whose daemon threads wait for child processes. */
const owners = { page: "the page’s, like child processes", master: "the master’s, like daemon threads" };
export const onOff = { on: "yes", off: "no" };

/** Settings that both figures have. */
export const controls = {
  threads: { label: "Workers", say: (/** @type {number} */ n) => some(n, "worker") },
  job: { label: "A job is to", choices: jobKinds },
  waitMs: { label: "Job, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
  loops: { label: "Job, loop", say: (/** @type {number} */ n) => some(n, "multiplication"), note: (/** @type {number} */ n) => (n >= 10000 ? `${count(n)} times` : "") },
  pollMs: { label: "Interval, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
  owner: { label: "Workers are", choices: owners },
  timeoutMs: { label: "Silent too long, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
};

export const none = "–";

/** What two reports are compared by. */
export const facts = ["the last job done → master knows, median", "rounds", "first round"];
