/**
 * The owner: builds the pool of threads, keeps hold of each, and wakes them when a run is to stop. It never blocks,
 * so that it always hears the page.
 */
import { assetUrl } from "./assets.js";

/** Every thread's Worker object: Firefox may collect a Worker that nobody holds (bug 1702191). @type {Worker[]} */
const kept = [];

const glue = import(assetUrl("glue"));

/** Resolves never; rejects when a thread can't start, which wasm-bindgen-rayon would wait for in vain. @type {(error: Error) => void} */
let giveUp;
/** @type {Promise<never>} */
const broken = new Promise((_, reject) => {
  giveUp = reject;
});
broken.catch(() => {});

/**
 * What wasm-bindgen-rayon sees instead of `Worker` and `fetch` while it builds its pool. It fetches its own worker script once a thread, to start
 * each from a blob; we have a script of our own, so there is nothing to fetch: with 20 threads that saves a fifth of the start-up.
 */
function standIn() {
  const NativeWorker = self.Worker;
  const nativeFetch = self.fetch;
  self.fetch = async () => new Response();
  self.Worker = class extends NativeWorker {
    /** @param {string | URL} _asked @param {WorkerOptions} [_options] */
    constructor(_asked, _options) {
      super(assetUrl("pool"), { type: "module", name: `lock-lab worker-${kept.length}` });
      this.addEventListener("error", (event) => giveUp(new Error(event.message || "a thread's script could not be loaded")));
      this.addEventListener("message", ({ data }) => data?.type === "thread-died" && giveUp(new Error(data.said)));
      kept.push(this);
    }
  };
  return () => {
    self.Worker = NativeWorker;
    self.fetch = nativeFetch;
  };
}

/** @type {any} */
let pkg;

/** @type {Record<string, (data: any) => unknown>} */
const orders = {
  async start({ module, memory, threads }) {
    const stepBack = standIn();
    try {
      pkg = await glue;
      pkg.initSync({ module, memory });
      const layout = pkg.layout();
      await Promise.race([pkg.initThreadPool(threads), broken]);
      postMessage({ type: "ready", layout });
    } catch (error) {
      postMessage({ type: "failed", said: String(error) });
    } finally {
      stepBack();
    }
  },
  wake: () => pkg?.wake(),
};

self.addEventListener("message", ({ data }) => orders[data?.type]?.(data));
