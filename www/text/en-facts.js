/** What two reports of one figure are compared by, in English: a name, and a report's value in words, "" where it has none. Part of en.js. */
import { count, time } from "./en-units.js";

/** @typedef {[what: string, value: (report: any) => string][]} Facts */

/** @param {number | undefined} ms */
const maybe = (ms) => (typeof ms === "number" ? time(ms) : "");
/** @param {number | undefined} value */
const number = (value) => (typeof value === "number" ? count(value) : "");
/** @param {number[]} [values] */
const middle = (values = []) => (values.length ? time([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]) : "");

/** @type {Facts} */
const noticing = [
  ["the last job done → master knows, median", (report) => middle(report.noticing?.delaysMs)],
  ["rounds", (report) => number(report.rounds?.length)],
  ["first round", (report) => maybe(report.rounds?.[0]?.endMs - report.rounds?.[0]?.startMs || undefined)],
];

/** By figure. @type {Record<string, Facts>} */
export const facts = {
  "lock-cost": ["IO, no lock", "IO, lock", "CPU, no lock", "CPU, lock"].map((name, i) => [name, (report) => maybe(report.runs?.[i]?.wallMs)]),
  "master-worker": noticing,
  "master-exit": [
    ["workers still alive after the death", (report) => number(report.master?.survivors)],
    ["a new master took over after", (report) => maybe(report.master?.adoptedAtMs)],
    ["jobs finished after the death", (report) => number(report.master?.finished)],
    ["jobs lost", (report) => number(report.master?.lost)],
    ...noticing,
  ],
};
