/**
 * What a lock costs that can only be awaited: `navigator.locks`, and a message to a worker that owns the number. Done here, in the owner, as the
 * one who asks is blocked. The answer goes into shared memory. Knows no experiment.
 */
import { trusted } from "../trust.js";
import { assetUrl } from "./assets.js";

/** @typedef {{once(): Promise<unknown>, count(): number}} Kind  one increment, and how many there were */

/** The words of the desk that Rust waits at, by their place. */
const WANTED = 0;
const DONE = 1;
const WORKED = 2;
/** In fractions of 64 bits. */
const MS = 2;

/** How often the desk is looked at for a stop: looking costs less than a hundredth of what is timed. */
const LOOK_EVERY = 16;

/** Makers, by name; undefined where this browser lacks what they need. @type {Record<string, () => Kind | undefined>} */
const makers = {
  "js-locks": () => {
    const { locks } = navigator;
    if (!locks) return undefined;
    // A site's tabs share their locks: this name is ours alone.
    const name = `lock-lab ${Math.random()}`;
    let value = 0;
    const add = () => {
      value += 1;
    };
    return { once: () => locks.request(name, add), count: () => value };
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
    const once = () =>
      new Promise((resolve, reject) => {
        answered = () => resolve(undefined);
        broken = () => reject(new Error("the counter's worker did not start"));
        worker.postMessage(1);
      });
    return { once, count: () => value };
  },
};

/** Those that have been asked for. @type {Map<string, Kind | undefined>} */
const kinds = new Map();

/**
 * Does the operations, and writes into memory how long they took and whether they are all counted; nothing where the probe is no longer wanted.
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
    if (!kinds.has(kind)) kinds.set(kind, Object.hasOwn(makers, kind) ? makers[kind]() : undefined);
    const counter = kinds.get(kind);
    if (counter) {
      const before = counter.count();
      const begin = performance.now();
      for (let made = 0; made < operations; made++) {
        if (made % LOOK_EVERY === 0 && !isWanted()) return false;
        await counter.once();
      }
      ms = performance.now() - begin;
      worked = counter.count() - before === operations;
    }
  } catch {
    // A browser that has it and forbids it: as good as not having it.
    kinds.set(kind, undefined);
  }
  if (!isWanted()) return false;
  new Float64Array(memory.buffer, address, MS + 1)[MS] = ms;
  Atomics.store(words, WORKED, worked ? 1 : 0);
  Atomics.store(words, DONE, serial);
  return true;
}
