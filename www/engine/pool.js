/**
 * Builds the pool of threads, nested under the worker that calls: the owner, or a coordinator whose master under study owns its workers. A nested
 * worker ends with the one that made it.
 */
import { trusted } from "../trust.js";
import { assetUrl } from "./assets.js";

/** Every thread's Worker object: Firefox may collect a Worker that nobody references (bug 1702191). @type {Worker[]} */
const threads = [];

/**
 * Replaces `Worker` and `fetch` while wasm-bindgen-rayon builds its pool. It would fetch its own worker script once a thread, to start each from a
 * blob; we have a script of our own, so there is nothing to fetch: with 20 threads that saves a fifth of the start-up.
 * @param {(error: Error) => void} fail @returns {() => void} puts them back
 */
function replaceWorker(fail) {
  const NativeWorker = self.Worker;
  const nativeFetch = self.fetch;
  self.fetch = async () => new Response();
  self.Worker = class extends NativeWorker {
    /** @param {string | URL} _asked @param {WorkerOptions} [_options] */
    constructor(_asked, _options) {
      super(trusted(assetUrl("pool")), { type: "module", name: `lock-lab worker-${threads.length}` });
      this.addEventListener("error", (event) => fail(new Error(event.message || "a thread's script could not be loaded")));
      this.addEventListener("message", ({ data }) => data?.type === "thread-died" && fail(new Error(data.said)));
      threads.push(this);
    }
  };
  return () => {
    self.Worker = NativeWorker;
    self.fetch = nativeFetch;
  };
}

/**
 * Resolves when all threads run; rejects when one can't start, which wasm-bindgen-rayon would wait for in vain.
 * @param {any} pkg  the glue, its module instantiated
 * @param {number} size
 */
export function buildPool(pkg, size) {
  // A thread that dies later, during a run, rejects a promise that has settled: that is the run's affair.
  return new Promise((resolve, reject) => {
    const restore = replaceWorker(reject);
    pkg.initThreadPool(size).finally(restore).then(resolve, reject);
  });
}
