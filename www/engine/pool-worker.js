/** One thread of the pool: takes the module and the memory from the worker that owns it, and then works in Rust until it is terminated. */
import { assetUrl } from "./assets.js";
import { installCounters } from "./js-counters.js";

// Fetched at once, before the owner's message comes.
const glue = import(assetUrl("glue"));

self.addEventListener("message", async ({ data: { module, memory } }) => {
  try {
    const pkg = await glue;
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
});

self.addEventListener("messageerror", () => postMessage({ type: "died", said: "a message could not be read" }));

/** A worker's loop is shallow; what it needs is room for one panic message. wasm-bindgen wants whole wasm pages. */
const STACK_BYTES = 2 * 65536;
