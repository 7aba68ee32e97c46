/**
 * Builds the pool of threads nested under whichever worker calls: the owner, or a master that owns its workers itself. A nested worker ends with the
 * one that made it. Keeps hold of each thread, and says when one can't start.
 */
import { trusted } from "../trust.js";
import { assetUrl } from "./assets.js";

/** Every thread's Worker object: Firefox may collect a Worker that nobody holds (bug 1702191). @type {Worker[]} */
const kept = [];

/**
 * What wasm-bindgen-rayon sees instead of `Worker` and `fetch` while it builds its pool. It fetches its own worker script once a thread, to start
 * each from a blob; we have a script of our own, so there is nothing to fetch: with 20 threads that saves a fifth of the start-up.
 * @param {(error: Error) => void} giveUp
 */
function standIn(giveUp) {
  const NativeWorker = self.Worker;
  const nativeFetch = self.fetch;
  self.fetch = async () => new Response();
  self.Worker = class extends NativeWorker {
    /** @param {string | URL} _asked @param {WorkerOptions} [_options] */
    constructor(_asked, _options) {
      super(trusted(assetUrl("pool")), { type: "module", name: `lock-lab worker-${kept.length}` });
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

/**
 * Resolves when all threads run; rejects when one can't start, which wasm-bindgen-rayon would wait for in vain.
 * @param {any} pkg  the glue, its module instantiated
 * @param {number} threads
 */
export async function buildPool(pkg, threads) {
  /** @type {(error: Error) => void} */
  let giveUp = () => {};
  /** @type {Promise<never>} */
  const broken = new Promise((_, reject) => {
    giveUp = reject;
  });
  // A thread that dies later, in mid-run, is the run's affair.
  broken.catch(() => {});
  const stepBack = standIn(giveUp);
  try {
    await Promise.race([pkg.initThreadPool(threads), broken]);
  } finally {
    stepBack();
  }
}
