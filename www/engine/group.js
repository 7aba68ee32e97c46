/**
 * A group: one shared memory of a fixed size, the owner worker with its pool of threads, and the master worker.
 * Made for one number of threads; for another number there is another group.
 */
import { assetUrl } from "./assets.js";
import { LabError } from "./errors.js";
import { isPolicy } from "./module.js";

/** @typedef {import("./board.js").Layout} Layout */

const PAGE = 65536;
const MIB = 1024 * 1024;

/** What the module itself, the owner's and the master's stacks and the heap need, whatever the number of threads. */
const BASE_BYTES = 12 * MIB;
/** What a thread needs: its stack (2 pages), its thread-locals, its events. */
const THREAD_BYTES = 4 * PAGE;

/** How long a group may take until its threads run, in ms. A slow phone needs seconds for 128. @param {number} threads */
const startLimitMs = (threads) => 15000 + 150 * threads;

/** Workers with a shared memory of their own. */
export class Group {
  /** @param {WebAssembly.Module} module @param {number} threads */
  constructor(module, threads) {
    this.threads = threads;
    /** Set once something in here died or got stuck: fit for nothing more. */
    this.spoiled = false;
    /** Rejects when a worker of this group breaks; resolves never. @type {Promise<never>} */
    this.broken = new Promise((_, reject) => {
      /** @param {LabError} error */
      this.break = (error) => {
        this.spoiled = true;
        reject(error);
      };
    });
    this.broken.catch(() => {});
    this.memory = makeMemory(threads);
    this.owner = this.hire("owner", { type: "start", module, memory: this.memory, threads });
    this.master = this.hire("master", { type: "start", module, memory: this.memory });
  }

  /**
   * Waits until the threads run.
   * @returns {Promise<Layout>}
   * @throws {LabError} `worker-start` or `pool-timeout`
   */
  async ready() {
    const late = deadline(startLimitMs(this.threads), new LabError("pool-timeout", { threads: this.threads, seconds: startLimitMs(this.threads) / 1000 }));
    try {
      const [owner] = await Promise.race([Promise.all([heard(this.owner, "ready"), heard(this.master, "ready")]), this.broken, late.promise]);
      return JSON.parse(owner.layout);
    } finally {
      late.clear();
    }
  }

  /**
   * Starts a worker and hands it its first message.
   * @param {"owner" | "master"} role
   * @param {Record<string, unknown>} order
   */
  hire(role, order) {
    const worker = new Worker(assetUrl(role), { type: "module", name: `lock-lab ${role}` });
    worker.addEventListener("error", (event) => this.break?.(new LabError("worker-start", { role, said: event.message || "its script could not be loaded" })));
    worker.addEventListener("message", ({ data }) => {
      // WebKit lets a page compile what a policy forbids, and refuses it to the page's workers.
      if (data.type === "failed") this.break?.(isPolicy(data.said) ? new LabError("wasm-load", { reason: "csp", said: data.said }) : new LabError("worker-start", { role, said: data.said }));
      if (data.type === "crashed") this.break?.(new LabError("engine-lost", { said: data.said }));
    });
    try {
      worker.postMessage(order);
    } catch (error) {
      // The browser makes a shared memory on any page, but hands it over on isolated ones only.
      worker.terminate();
      throw new LabError("no-shared-memory", { reason: "not-isolated", said: String(error) });
    }
    return worker;
  }

  /**
   * Lets the master run an experiment, whatever it is.
   * @param {string} experiment
   * @param {object} config
   * @param {object} environment
   * @returns {Promise<any>} what Rust's `run` answered
   */
  async run(experiment, config, environment) {
    const answer = heard(this.master, "result");
    this.master.postMessage({ type: "run", experiment, config, environment });
    const { result } = await Promise.race([answer, this.broken]);
    return JSON.parse(result);
  }

  /**
   * Wakes every thread, so that it sees the stop word or the kill word. Those words the page writes itself: a message that arrives
   * after the run's end must not stop the next one.
   */
  rouse() {
    this.owner.postMessage({ type: "wake" });
  }

  /** Lets the group go. Threads end with their owner: at once, but in Chromium, where a sleeping one takes up to two seconds. */
  dispose() {
    this.spoiled = true;
    this.master.terminate();
    this.owner.terminate();
  }
}

/** @param {number} threads */
function makeMemory(threads) {
  const pages = Math.ceil((BASE_BYTES + threads * THREAD_BYTES) / PAGE);
  try {
    // Full size from the start: Safari 26.2 breaks a shared memory that grows, phones refuse a large maximum.
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  } catch (error) {
    throw new LabError("no-memory", { mib: Math.round((pages * PAGE) / MIB), threads, said: String(error) });
  }
}

/** The next message of a kind. @param {Worker} worker @param {string} type @returns {Promise<any>} */
function heard(worker, type) {
  return new Promise((resolve) => {
    worker.addEventListener("message", function listen({ data }) {
      if (data.type !== type) return;
      worker.removeEventListener("message", listen);
      resolve(data);
    });
  });
}

/** A promise that rejects when the time is over. @param {number} ms @param {Error} error */
export function deadline(ms, error) {
  /** @type {number | undefined} */
  let timer;
  /** @type {Promise<never>} */
  const promise = new Promise((_, reject) => {
    timer = setTimeout(() => reject(error), ms);
  });
  return { promise, clear: () => clearTimeout(timer) };
}
