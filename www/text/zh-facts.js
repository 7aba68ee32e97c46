/** What two reports of one figure are compared by, in Chinese: a name, and a report's value in words, "" where it has none. Part of zh.js. */
import { count, time } from "./zh-units.js";

/** @typedef {[what: string, value: (report: any) => string][]} Facts */

/** @param {number | undefined} ms */
const maybe = (ms) => (typeof ms === "number" ? time(ms) : "");
/** @param {number | undefined} value */
const number = (value) => (typeof value === "number" ? count(value) : "");
/** @param {number[]} [values] */
const middle = (values = []) => (values.length ? time([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]) : "");

/** @type {Facts} */
const noticing = [
  ["最后一个任务完成 → 主控线程得知，中位数", (report) => middle(report.noticing?.delaysMs)],
  ["批数", (report) => number(report.rounds?.length)],
  ["第一批", (report) => maybe(report.rounds?.[0]?.endMs - report.rounds?.[0]?.startMs || undefined)],
];

/** By figure. @type {Record<string, Facts>} */
export const facts = {
  "lock-cost": ["IO，不加锁", "IO，加锁", "CPU，不加锁", "CPU，加锁"].map((name, i) => [name, (report) => maybe(report.runs?.[i]?.wallMs)]),
  "master-worker": noticing,
  "master-exit": [
    ["主控线程死后还活着的工作线程", (report) => number(report.master?.survivors)],
    ["新主控线程接管的时刻", (report) => maybe(report.master?.adoptedAtMs)],
    ["主控线程死后做完的任务", (report) => number(report.master?.finished)],
    ["丢失的任务", (report) => number(report.master?.lost)],
    ...noticing,
  ],
};
