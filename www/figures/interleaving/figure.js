/** Two threads add one to the same number. What can come out? What one order of their steps does, what all orders do, and a race of the same threads. */
import { choice, list, number, object, signed, string } from "../../shape.js";
import { follow, isOver, schedules, start } from "./machine.js";

/** @typedef {import("../../shell/manifest.js").Manifest} Manifest */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {import("./machine.js").Protection} Protection */
/** @typedef {{words: Words, own: typeof import("./en.js").default}} Context */

const thread = choice("A", "B");
const ends = list(object({ value: number(), count: number() }), 16);

/** @type {Manifest} */
export const figure = {
  presets: [],
  recorded: { schedule: "ABAB" },
  main: ["counter", "times", "holdNs"],
  heights: [474, 556],
  slices: {
    step: { controls: ["counter"], heights: [390, 476] },
    race: { controls: ["counter"], heights: [331, 376], say: (sentences) => sentences.at(-1) },
  },
  shape: object({}, {
    schedule: string(64),
    steps: list(object({ thread, op: string(20), register: number(), shared: number() }, { lock: number(0, 2) }), 64),
    finalValue: number(), expectedValue: number(), lost: signed,
    schedules: object({ count: number(), losing: number(), byFinalValue: ends }, { ran: number() }),
    race: object({ rounds: number(), losing: number() }, { firstA: number(), firstB: number(), met: number(), slept: number(), lowLosing: number(), highLosing: number() }),
  }),
  rows: ({ steps, schedules }) => steps ?? schedules?.byFinalValue ?? [],
  facts: ({ schedules, race }, words) => [
    schedules ? `${words.count(schedules.losing)} / ${words.count(schedules.count)}` : "",
    race ? `${words.count(race.losing)} / ${words.count(race.rounds)}` : "",
  ],
  patch,
  wrong,
  withoutThreads,
  sentences,
  table,
};

/** The machine before its first step. @param {import("../../settings.js").Config} config */
export const startOf = ({ counter, times }) => start(/** @type {Protection} */ (counter), Number(times));

/** How many steps of the schedule are shown as done. @param {import("../../settings.js").Config} config */
export const positionOf = ({ schedule, at }) => Math.min(String(schedule).length, at === "all" ? Infinity : Number(at));

/** An order of other steps belongs to another program. @param {import("../../settings.js").Config} change @param {import("../../settings.js").Config} before */
function patch(change, before) {
  const other = ["counter", "times"].some((name) => change[name] !== undefined && change[name] !== before[name]);
  return other ? { schedule: "", at: "all", ...change } : change;
}

/** What only this figure can tell to be wrong: a step of a thread that can't step. @param {import("../../settings.js").Config} config */
function wrong(config) {
  const schedule = String(config.schedule ?? "");
  const place = follow(startOf(config), schedule).wrong;
  const problems = [];
  if (place >= 0) problems.push({ setting: "schedule", allowed: `A and B, each where that thread can step; ${schedule[place]} can't at step ${place + 1}` });
  else if (config.at !== "all" && Number(config.at) > schedule.length) problems.push({ setting: "at", allowed: `all, or 0–${schedule.length}` });
  return problems;
}

/** Orders are not listed one by one where there are more. */
export const MOST_ORDERS = 1000;

/** The same steps, taken by the machine alone. @param {import("../../settings.js").Config} config */
function withoutThreads(config) {
  const schedule = String(config.schedule);
  const expectedValue = 2 * Number(config.times);
  const { machines, steps } = follow(startOf(config), schedule);
  const end = machines[machines.length - 1];
  const orders = schedules(startOf(config), MOST_ORDERS);
  /** @type {Map<number, number>} */
  const ends = new Map();
  for (const order of orders ?? []) {
    const value = follow(startOf(config), order).machines.at(-1)?.number ?? 0;
    ends.set(value, (ends.get(value) ?? 0) + 1);
  }
  const byFinalValue = [...ends].sort(([a], [b]) => a - b).map(([value, count]) => ({ value, count }));
  return {
    ...(schedule && { schedule, steps: steps.map((step) => ({ ...step, op: step.op === "unlock" ? "swap" : step.op })), expectedValue }),
    ...(schedule && isOver(end) && { finalValue: end.number, lost: expectedValue - end.number }),
    ...(orders && { schedules: { count: orders.length, losing: orders.length - (ends.get(expectedValue) ?? 0), byFinalValue, ran: 0 } }),
  };
}

/** @param {any} report @param {Context} context @returns {string[]} */
function sentences({ steps, finalValue, lost, config, schedules, race }, { own }) {
  const said = [];
  if (steps?.length && finalValue !== undefined) said.push(lost > 0 ? own.wrong(finalValue, lost, config.times) : own.right(finalValue));
  if (schedules) said.push(own.orderSentence(schedules, config.counter, schedules.ran ?? schedules.count));
  if (race) said.push(own.raceSentence(race, schedules));
  return said;
}

/** The steps of the report's order, or where it has none what all orders end with. @param {any} report @param {Context} context */
function table({ steps, schedules }, { words: { count }, own }) {
  const { columns } = own;
  const right = (/** @type {string} */ head) => ({ head, right: true });
  if (!steps?.length) {
    return {
      caption: own.endsCaption,
      columns: [right(columns.value), right(columns.orders)],
      rows: (schedules?.byFinalValue ?? []).map((/** @type {any} */ end) => [count(end.value), count(end.count)]),
    };
  }
  const locks = steps.some((/** @type {any} */ step) => step.lock !== undefined);
  return {
    caption: own.tableCaption,
    columns: [{ head: columns.step }, { head: columns.thread }, { head: columns.op }, right(columns.register), right(columns.number), ...(locks ? [{ head: columns.lock }] : [])],
    rows: steps.map((/** @type {any} */ step, /** @type {number} */ i) => [
      count(i + 1), step.thread, own.ops[/** @type {import("./machine.js").Op} */ (step.op)] ?? step.op, count(step.register), count(step.shared),
      ...(locks ? [`${step.lock} (${own.lockStates[step.lock]})`] : []),
    ]),
  };
}

