/**
 * One thread of the pool: takes the module and the memory from the owner, and then belongs to rayon for good.
 * It stands in for wasm-bindgen-rayon's own worker script, which passes its parameters in a way that warns on the console
 * and leaves no say in the size of a thread's stack.
 */
import { assetUrl } from "./assets.js";
import { installCounters } from "./js-counters.js";

// Asked for at once, while the owner is still on its way to us.
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
    // Before the pool stands, the owner gives up; in mid-run, the panic has been noted in shared memory already.
    postMessage({ type: "thread-died", said: String(error) });
    // It is of no more use. Left to its owner to end, it would be forgotten by Chromium now and then, and its owner with it.
    self.close();
  }
});

/** A worker's loop is shallow; what it needs is room for one panic message. wasm-bindgen wants whole wasm pages. */
const STACK_BYTES = 2 * 65536;
