/**
 * The coordinator: runs experiments in Rust, one after the other, and blocks while it does. It hears nothing then: the owner worker wakes it for a
 * stop. Where the master under study is to die, this worker really ends, and a fresh one goes on with the run on the same memory.
 */
import { assetUrl } from "./assets.js";
import { installCounters } from "./js-counters.js";
import { makePool, startPool } from "./pool.js";

const glue = import(assetUrl("pool"));

/** The report is built here, deeper in the stack than a worker's loop goes. wasm-bindgen wants whole wasm pages. */
const STACK_BYTES = 16 * 65536;

/** @type {any} */
let pkg;

/** Lets Rust work, and posts its answer. @param {() => any} work */
function perform(work) {
  try {
    const answer = work();
    postMessage({ type: "answer", answer });
    // Threads that it owns end with it.
    if ("adoptAfterMs" in answer) self.close();
  } catch (error) {
    postMessage({ type: "crashed", said: String(error) });
  }
}

/** @type {Record<string, (data: any) => unknown>} */
const orders = {
  /** `threads` is more than 0 where the master under study owns the pool. */
  make: ({ threads }) => makePool(threads),
  async start({ module, memory }) {
    try {
      pkg = await glue;
      installCounters(memory);
      pkg.initSync({ module, memory, thread_stack_size: STACK_BYTES });
      await startPool(module, memory);
      postMessage({ type: "ready" });
    } catch (error) {
      postMessage({ type: "failed", said: String(error) });
    }
  },
  run: ({ experiment, config, environment }) => perform(() => pkg.run(experiment, config, environment)),
  resume: ({ experiment, observation, environment }) => perform(() => pkg.resume(experiment, observation, environment)),
  /** A dead worker does not answer. */
  ping: () => postMessage({ type: "pong" }),
};

self.addEventListener("message", ({ data }) => orders[data?.type]?.(data));
self.addEventListener("messageerror", () => postMessage({ type: "failed", said: "a message could not be read" }));
