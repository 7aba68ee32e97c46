/** The master: runs one experiment after the other, in Rust, and blocks while it does. It hears nothing then; stopping it is the owner's work. */
import { assetUrl } from "./assets.js";

const glue = import(assetUrl("glue"));

/** The master builds the report, which goes deeper than a worker's loop does. wasm-bindgen wants whole wasm pages. */
const STACK_BYTES = 16 * 65536;

/** @type {any} */
let pkg;

/** @type {Record<string, (data: any) => unknown>} */
const orders = {
  async start({ module, memory }) {
    try {
      pkg = await glue;
      pkg.initSync({ module, memory, thread_stack_size: STACK_BYTES });
      postMessage({ type: "ready" });
    } catch (error) {
      postMessage({ type: "failed", said: String(error) });
    }
  },
  run({ experiment, config, environment }) {
    try {
      postMessage({ type: "result", result: pkg.run(experiment, JSON.stringify(config), JSON.stringify(environment)) });
    } catch (error) {
      postMessage({ type: "crashed", said: String(error) });
    }
  },
};

self.addEventListener("message", ({ data }) => orders[data?.type]?.(data));
