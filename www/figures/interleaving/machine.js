/**
 * Two threads that each add one to the same number, as steps: what each can do next, and what a step does. The same machine as Rust's
 * (`src/experiments/interleaving/machine.rs`), which the suite holds it against; here it says what the buttons will do, and steps where no
 * threads can be had. A machine is never changed: a step gives the next one.
 */

/** @typedef {"A" | "B"} Thread */
/** @typedef {"load" | "store" | "add" | "compare-exchange" | "swap" | "sleep" | "unlock" | "wake"} Op  one shared access */
/** @typedef {"racy" | "atomic" | "futex"} Protection */
/** @typedef {{next: Op, register: number, left: number, asleep: boolean}} Local  a thread's own part; `left` counts the present increment */
/** @typedef {{protection: Protection, threads: Record<Thread, Local>, number: number, lock: number}} Machine  `lock`: 0 free, 1 taken, 2 taken and waited for */
/** @typedef {{thread: Thread, op: Op, register: number, shared: number, lock?: number}} Step  what a step did: register, number and lock as they are after it */

/** @type {Thread[]} */
export const THREADS = ["A", "B"];

/** The first access of an increment. @type {Record<Protection, Op>} */
const FIRST = { racy: "load", atomic: "add", futex: "compare-exchange" };

/** Both threads before their first step. @param {Protection} protection @param {number} times @returns {Machine} */
export function start(protection, times) {
  const thread = { next: FIRST[protection], register: 0, left: times, asleep: false };
  return { protection, threads: { A: thread, B: { ...thread } }, number: 0, lock: 0 };
}

/** What a thread will do next; null where it is done or asleep. @param {Machine} machine @param {Thread} thread */
export function nextOf({ threads }, thread) {
  const { left, asleep, next } = threads[thread];
  return left > 0 && !asleep ? next : null;
}

/** @param {Machine} machine @param {Thread} thread */
export const isDone = ({ threads }, thread) => threads[thread].left === 0;

/** Whether both threads have done all. @param {Machine} machine */
export const isOver = (machine) => THREADS.every((thread) => isDone(machine, thread));

/** The machine after a step of `thread`, and what that did; null where it can't step. @param {Machine} before @param {Thread} thread @returns {{machine: Machine, step: Step} | null} */
export function step(before, thread) {
  const op = nextOf(before, thread);
  if (op === null) return null;
  const { protection } = before;
  const local = { ...before.threads[thread] };
  const other = { ...before.threads[thread === "A" ? "B" : "A"] };
  let { number, lock } = before;
  let finished = op === "add" || op === "wake" || (op === "store" && protection === "racy");
  switch (op) {
    case "load":
      local.register = number;
      local.next = "store";
      break;
    case "store":
      number = local.register + 1;
      local.next = "unlock";
      break;
    case "add":
      local.register = number++;
      break;
    case "compare-exchange":
      local.next = lock === 0 ? "load" : "swap";
      if (lock === 0) lock = 1;
      break;
    case "swap":
      local.next = lock === 0 ? "load" : "sleep";
      lock = 2;
      break;
    case "sleep":
      local.asleep = lock === 2;
      local.next = "swap";
      break;
    case "unlock":
      finished = lock !== 2;
      local.next = "wake";
      lock = 0;
      break;
    case "wake":
      other.asleep = false;
  }
  if (finished) {
    local.left--;
    local.next = FIRST[protection];
  }
  const threads = /** @type {Record<Thread, Local>} */ (thread === "A" ? { A: local, B: other } : { A: other, B: local });
  return {
    machine: { protection, threads, number, lock },
    step: { thread, op, register: local.register, shared: number, ...(protection === "futex" && { lock }) },
  };
}

/**
 * Where a schedule leads: every machine on the way, the first one included, and the steps between them.
 * @param {Machine} from @param {string} schedule  letters A and B
 * @returns {{machines: Machine[], steps: Step[], wrong: number}} `wrong`: the place of the first letter whose thread can't step; -1 where there is none
 */
export function follow(from, schedule) {
  const machines = [from];
  const steps = [];
  for (const [at, letter] of [...schedule].entries()) {
    const taken = letter === "A" || letter === "B" ? step(machines[at], letter) : null;
    if (!taken) return { machines, steps, wrong: at };
    machines.push(taken.machine);
    steps.push(taken.step);
  }
  return { machines, steps, wrong: -1 };
}

/** Every order from here to the end, A before B; null where there are more than `most`. @param {Machine} from @param {number} most @returns {string[] | null} */
export function schedules(from, most) {
  /** @type {string[]} */
  const all = [];
  /** @type {[Machine, string][]} */
  const open = [[from, ""]];
  for (let now = open.pop(); now; now = open.pop()) {
    const [machine, path] = now;
    if (all.length > most) return null;
    if (isOver(machine)) all.push(path);
    for (const thread of [...THREADS].reverse()) {
      const taken = step(machine, thread);
      if (taken) open.push([taken.machine, path + thread]);
    }
  }
  return all.length > most ? null : all;
}
