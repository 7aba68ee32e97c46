/**
 * One thread of the pool: takes the module and the memory from the worker that owns it, and then works in Rust until it is terminated. What calls
 * Rust lies in the same file, so that a thread needs no other; the owner and the coordinator import it from here.
 */
import * as pkg from "./glue.js";
import { installCounters } from "./js-counters.js";

export * from "./glue.js";

/** A worker's loop is shallow; what it needs is room for one panic message. wasm-bindgen wants whole wasm pages. */
const STACK_BYTES = 2 * 65536;

/** @param {MessageEvent} message */
function work({ data: { module, memory } }) {
  try {
    installCounters(memory);
    pkg.initSync({ module, memory, thread_stack_size: STACK_BYTES });
    postMessage({ type: "ready" });
    pkg.takeWork();
  } catch (error) {
    // Before the pool is complete, the owner fails; during a run, the panic is in shared memory already.
    postMessage({ type: "died", said: String(error) });
    // Chromium now and then fails to end a dead worker together with its owner.
    self.close();
  }
}

if (self.name.startsWith("lock-lab worker-")) {
  self.addEventListener("message", work);
  self.addEventListener("messageerror", () => postMessage({ type: "died", said: "a message could not be read" }));
}
