/** What the two figures about masters share of their reports: rounds of jobs, and how long the master went without knowing. As `experiments/masters/` in Rust. */
import { choice, list, name, number, object, string, time } from "./shape.js";

const worker = object({ name }, { startMs: time, endMs: time, outcome: name });
export const rounds = list(object({ workers: list(worker, 1024) }, { startMs: time, endMs: time, lastDoneMs: time, knownMs: time }), 1000);
/** What the post's program prints. */
export const printed = { log: list(object({ atMs: number(-1e15), line: string(1000) }), 100_000), logSkipped: number() };
export const noticing = object({ mode: choice("poll", "told"), delaysMs: list(time, 1000) });

/** One row a job. @param {any} report @returns {any[]} */
export const jobRows = ({ rounds = [] }) => rounds.flatMap((/** @type {any} */ { workers }, /** @type {number} */ round) => workers.map((/** @type {any} */ job) => ({ round: round + 1, ...job })));

/** @param {any} report @param {import("./text/words.js").Words} words @returns {string[]} */
export function noticingFacts({ noticing, rounds }, words) {
  const delays = [...(noticing?.delaysMs ?? [])].sort((a, b) => a - b);
  const first = rounds?.[0]?.endMs - rounds?.[0]?.startMs;
  return [delays.length ? words.time(delays[Math.floor(delays.length / 2)]) : "", rounds ? words.count(rounds.length) : "", first ? words.time(first) : ""];
}
