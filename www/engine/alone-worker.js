/**
 * The only thread of a page that can't share memory: coordinator and worker in one, on a memory that it makes for itself. It blocks while Rust works,
 * and hears no message then; so now and then, when nothing is timed, it sends a copy of what a run shows and looks whether it is to stop.
 */
import { BoardView } from "./board.js";
import * as pkg from "./glue.js";
import { installCounters } from "./js-counters.js";
import { makeMemory } from "./memory.js";

/** The report is built here. wasm-bindgen wants whole wasm pages. */
const STACK_BYTES = 16 * 65536;

/** @type {WebAssembly.Memory} */
let memory;
/** @type {import("./board.js").Layout} */
let layout;

/** @type {Record<string, (data: any) => unknown>} */
const orders = {
  start({ module }) {
    try {
      memory = makeMemory(1);
      installCounters(memory);
      pkg.initSync({ module, memory, thread_stack_size: STACK_BYTES });
      layout = pkg.layout();
      postMessage({ type: "ready", layout });
    } catch (error) {
      postMessage({ type: "failed", said: String(error) });
    }
  },
  /** `goOn` is an address that holds as long as the run may go on. */
  async run({ experiment, config, environment, goOn }) {
    const view = new BoardView(/** @type {any} */ (memory.buffer), layout, 1);
    const show = () => postMessage({ type: "live", live: view.live });
    view.clearStop();
    // Where a policy lets nobody ask for such an address, a run goes on; who stops it has to know that, and ends this thread.
    const mayAsk = holds(URL.createObjectURL(new Blob()));
    if (!mayAsk) postMessage({ type: "deaf" });
    /** @type {any} */ (self).lockLabCounters.look = () => {
      view.update();
      show();
      if (mayAsk && !holds(goOn)) view.requestStop();
    };
    try {
      const answer = pkg.run(experiment, config, { ...environment, alone: true });
      await view.close();
      show();
      postMessage({ type: "answer", answer });
    } catch (error) {
      postMessage({ type: "crashed", said: String(error) });
    }
  },
};

/** @param {string} url */
function holds(url) {
  try {
    const request = new XMLHttpRequest();
    request.open("GET", url, false);
    request.send();
    return true;
  } catch {
    return false;
  }
}

self.addEventListener("message", ({ data }) => orders[data?.type]?.(data));
self.addEventListener("messageerror", () => postMessage({ type: "failed", said: "a message could not be read" }));
