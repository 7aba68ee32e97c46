/**
 * One thread of the pool: takes the module and the memory from the worker that owns it, and then runs rayon's loop until it is terminated.
 * Replaces wasm-bindgen-rayon's own worker script, which warns on the console and does not let us choose the size of a thread's stack.
 */
import { assetUrl } from "./assets.js";
import { installCounters } from "./js-counters.js";

// Fetched at once, before the owner's message comes.
const glue = import(assetUrl("glue"));

self.addEventListener("message", async (event) => {
  if (event.data?.type !== "wasm_bindgen_worker_init") return;
  // The glue brings a listener of its own for this very message; one of us is enough.
  event.stopImmediatePropagation();
  const { module, memory, receiver } = event.data;
  try {
    const pkg = await glue;
    installCounters(memory);
    pkg.initSync({ module, memory, thread_stack_size: STACK_BYTES });
    postMessage({ type: "wasm_bindgen_worker_ready" });
    pkg.wbg_rayon_start_worker(receiver);
  } catch (error) {
    // Before the pool is complete, the owner fails; during a run, the panic is in shared memory already.
    postMessage({ type: "thread-died", said: String(error) });
    // Chromium now and then fails to end a dead worker together with its owner.
    self.close();
  }
});

/** A worker's loop is shallow; what it needs is room for one panic message. wasm-bindgen wants whole wasm pages. */
const STACK_BYTES = 2 * 65536;
