/**
 * What counters cost that can only be awaited: `navigator.locks`, and a message to a worker that owns the number. Measured in the owner worker, as
 * the coordinator, which asks, is blocked. The result goes into shared memory.
 */
import { trusted } from "../trust.js";
import { assetUrl } from "./assets.js";

/** @typedef {{increment(): Promise<unknown>, value(): number}} Counter */

/** Words of the mailbox that Rust polls, by index (`ProbeMailbox` in src/web/javascript.rs). */
const WANTED = 0;
const DONE = 1;
const WORKED = 2;
/** Its 64-bit float, by index. */
const MS = 2;

/** How many operations there are between two checks for a stop: a check costs less than a hundredth of them. */
const CHECK_EVERY = 16;

/** Makers, by the counter's name; they return undefined where this browser lacks what they need. @type {Record<string, () => Counter | undefined>} */
const makers = {
  "js-locks": () => {
    const { locks } = navigator;
    if (!locks) return undefined;
    // A site's tabs share their locks.
    const name = `lock-lab ${Math.random()}`;
    let value = 0;
    const add = () => {
      value += 1;
    };
    return { increment: () => locks.request(name, add), value: () => value };
  },
  "js-message": () => {
    const worker = new Worker(trusted(assetUrl("counter")), { type: "module", name: "lock-lab counter" });
    let value = 0;
    let answered = () => {};
    let broken = () => {};
    worker.addEventListener("message", ({ data }) => {
      value = data;
      answered();
    });
    worker.addEventListener("error", () => broken());
    const increment = () =>
      new Promise((resolve, reject) => {
        answered = () => resolve(undefined);
        broken = () => reject(new Error("the counter's worker did not start"));
        worker.postMessage(1);
      });
    return { increment, value: () => value };
  },
};

/** Those made so far. @type {Map<string, Counter | undefined>} */
const counters = new Map();

/**
 * Does the operations, and writes into memory how long they took and whether all of them are counted; nothing once the probe is no longer wanted.
 * @param {WebAssembly.Memory} memory
 * @param {{kind: string, operations: number, address: number, serial: number}} order
 * @returns {Promise<boolean>} whether it was still wanted
 */
export async function probe(memory, { kind, operations, address, serial }) {
  const words = new Int32Array(memory.buffer, address, 4);
  const isWanted = () => Atomics.load(words, WANTED) === serial;
  let worked = false;
  let ms = 0;
  try {
    if (!counters.has(kind)) counters.set(kind, Object.hasOwn(makers, kind) ? makers[kind]() : undefined);
    const counter = counters.get(kind);
    if (counter) {
      const before = counter.value();
      const begin = performance.now();
      for (let made = 0; made < operations; made++) {
        if (made % CHECK_EVERY === 0 && !isWanted()) return false;
        await counter.increment();
      }
      ms = performance.now() - begin;
      worked = counter.value() - before === operations;
    }
  } catch {
    // The browser forbids it: as good as not having it.
    counters.set(kind, undefined);
  }
  if (!isWanted()) return false;
  new Float64Array(memory.buffer, address, MS + 1)[MS] = ms;
  Atomics.store(words, WORKED, worked ? 1 : 0);
  Atomics.store(words, DONE, serial);
  return true;
}
