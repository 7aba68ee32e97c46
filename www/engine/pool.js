/**
 * The pool of threads, nested under the worker that calls: the owner, or a coordinator whose master under study owns its workers. A nested worker
 * ends with the one that made it.
 */
import { trusted } from "../trust.js";
import { assetUrl } from "./assets.js";

/** Every thread's Worker object: Firefox may collect a Worker that nobody references (bug 1702191). @type {Worker[]} */
const threads = [];

/** @type {Promise<unknown>} */
let ready;

/** Makes the threads, whose scripts come while the module does. @param {number} size */
export function makePool(size) {
  const make = (/** @type {number} */ number) => new Promise((resolve, reject) => {
    const thread = new Worker(trusted(assetUrl("pool")), { type: "module", name: `lock-lab worker-${number}` });
    thread.addEventListener("error", ({ message }) => reject(new Error(message || "a thread's script could not be loaded")));
    thread.addEventListener("message", ({ data }) => (data.type === "ready" ? resolve(null) : reject(new Error(data.said))));
    threads.push(thread);
  });
  ready = Promise.all(Array.from({ length: size }, (_, number) => make(number)));
  // Said when the threads are to run.
  ready.catch(() => {});
}

/**
 * Resolves when all threads run; rejects when one can't start. A thread that dies later, during a run, changes nothing here: that is the run's affair.
 * @param {WebAssembly.Module} module @param {WebAssembly.Memory} memory
 */
export function startPool(module, memory) {
  for (const thread of threads) thread.postMessage({ module, memory });
  return ready;
}
