/**
 * The owner: builds the pool of threads where the page owns it, and wakes threads for a stop. It never blocks, so it always hears the page, and it
 * lives as long as its group.
 */
import { assetUrl } from "./assets.js";
import { probe } from "./js-probes.js";
import { makePool, startPool } from "./pool.js";

const glue = import(assetUrl("pool"));

/** @type {any} */
let pkg;
/** @type {WebAssembly.Memory} */
let shared;

/** @type {Record<string, (data: any) => unknown>} */
const orders = {
  /** `threads` is 0 where another worker owns the pool. */
  make: ({ threads }) => makePool(threads),
  async start({ module, memory }) {
    try {
      shared = memory;
      pkg = await glue;
      pkg.initSync({ module, memory });
      const layout = pkg.layout();
      await startPool(module, memory);
      postMessage({ type: "ready", layout });
    } catch (error) {
      postMessage({ type: "failed", said: String(error) });
    }
  },
  wake: () => pkg?.wake(),
  quit: () => pkg?.quit(),
  /** The coordinator is parked until it is done, and woken with all others. */
  probe: async (order) => (await probe(shared, order)) && pkg?.wake(),
};

self.addEventListener("message", ({ data }) => orders[data?.type]?.(data));
self.addEventListener("messageerror", () => postMessage({ type: "failed", said: "a message could not be read" }));
