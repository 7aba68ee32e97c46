/**
 * A group: one shared memory of a fixed size, the owner worker, the master worker, and a pool of threads that belongs to one of the two.
 * Made for one number of threads and one owner of theirs; for another there is another group.
 */
import { trusted } from "../trust.js";
import { assetUrl } from "./assets.js";
import { LabError } from "./errors.js";
import { makeMemory } from "./memory.js";
import { isPolicy } from "./module.js";
import { directiveAgainst } from "./csp.js";

/** @typedef {import("./board.js").Layout} Layout */
/** @typedef {"page" | "master"} OwnerName  who owns the pool: the page (by way of the owner worker), or the master, with whom it ends */
/**
 * @typedef {object} Answer  what Rust answers: one of the first three
 * @property {any} [report]
 * @property {any[]} [refused]  settings that can't be run
 * @property {{adoptAfterMs: number}} [exit]  the master has ended itself in mid-run
 * @property {boolean} [spent]  threads of the group are dead or stuck
 */
/** @typedef {{deathSeenMs: number, answered: boolean}} Seen  how long after its exit a master was sure to be dead, and whether it answered all the same */

/** How long a group may take until its threads run, in ms. A slow phone needs seconds for 128. @param {number} threads */
const startLimitMs = (threads) => 15000 + 150 * threads;

/** Workers with a shared memory of their own. */
export class Group {
  /** @param {WebAssembly.Module} module @param {number} threads @param {OwnerName} ownedBy */
  constructor(module, threads, ownedBy) {
    this.module = module;
    this.threads = threads;
    this.ownedBy = ownedBy;
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
    /** Masters that have ended themselves; kept, for a browser may collect a Worker that nobody holds. @type {Worker[]} */
    this.dead = [];
    const nested = ownedBy === "master" ? threads : 0;
    this.owner = this.hire("owner", threads - nested);
    this.master = this.hire("coordinator", nested);
    this.allReady = Promise.all([heard(this.owner, "ready"), heard(this.master, "ready")]);
  }

  /** Whether it can be had for this. @param {number} threads @param {OwnerName} ownedBy */
  fits(threads, ownedBy) {
    return this.threads === threads && this.ownedBy === ownedBy && !this.spoiled;
  }

  /**
   * Waits until the threads run.
   * @returns {Promise<Layout>}
   * @throws {LabError} `worker-start` or `pool-timeout`
   */
  async ready() {
    const [owner] = await this.inTime(this.allReady);
    return JSON.parse(owner.layout);
  }

  /** @template T @param {Promise<T>} promise @returns {Promise<T>} */
  async inTime(promise) {
    const seconds = startLimitMs(this.threads) / 1000;
    const late = deadline(seconds * 1000, new LabError("pool-timeout", { threads: this.threads, seconds }));
    try {
      return await Promise.race([promise, this.broken, late.promise]);
    } finally {
      late.clear();
    }
  }

  /**
   * Starts a worker and hands it its first message.
   * @param {"owner" | "coordinator"} role
   * @param {number} threads  how many it is to own
   */
  hire(role, threads) {
    const worker = start(role);
    worker.addEventListener("error", async ({ message }) => {
      const directive = message ? undefined : await directiveAgainst(assetUrl(role));
      this.break?.(new LabError("worker-start", { role, directive, said: message || "its script could not be loaded" }));
    });
    worker.addEventListener("message", ({ data }) => {
      // WebKit lets a page compile what a policy forbids, and refuses it to the page's workers.
      if (data.type === "failed") this.break?.(isPolicy(data.said) ? new LabError("wasm-load", { reason: "csp", said: data.said }) : new LabError("worker-start", { role, said: data.said }));
      // The master is blocked while it asks for something that can only be awaited.
      if (data.type === "to-owner") this.owner.postMessage(data.order);
      if (data.type === "crashed") this.break?.(new LabError("engine-lost", { said: data.said }));
    });
    try {
      worker.postMessage({ type: "start", module: this.module, memory: this.memory, threads });
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
   */
  run(experiment, config, environment) {
    return this.ask({ type: "run", experiment, config, environment });
  }

  /**
   * Puts another master into the place of one that has ended itself, on the same memory.
   * @returns {Promise<unknown>} resolves when it can be asked
   */
  succeed() {
    // The dead one's stack stays allocated for good: a group that outlived many masters would run out of memory.
    this.spoiled = true;
    this.dead.push(this.master);
    this.master = this.hire("coordinator", 0);
    const ready = this.inTime(heard(this.master, "ready"));
    // Who waits for something else first hears of a failure later.
    ready.catch(() => {});
    return ready;
  }

  /**
   * Lets the new master go on with the run that the old one left.
   * @param {string} experiment
   * @param {Seen} seen
   * @param {object} environment
   */
  resume(experiment, seen, environment) {
    return this.ask({ type: "resume", experiment, seen, environment });
  }

  /** @param {Record<string, unknown>} order @returns {Promise<Answer>} */
  async ask(order) {
    const answer = heard(this.master, "answer");
    this.master.postMessage(order);
    const { answer: said } = await Promise.race([answer, this.broken]);
    if (said.spent) this.spoiled = true;
    return said;
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
    for (const worker of [...this.dead, this.master, this.owner]) worker.terminate();
  }
}

/** @param {"owner" | "coordinator"} role */
function start(role) {
  const url = assetUrl(role);
  try {
    return new Worker(trusted(url), { type: "module", name: `lock-lab ${role}` });
  } catch (error) {
    throw new LabError("worker-start", { role, directive: directiveIn(error, url), said: String(error) });
  }
}

/** Which directive of the page's policy an error speaks of, if any. @param {unknown} error @param {string} url */
function directiveIn(error, url) {
  // The page enforces Trusted Types, and does not know the lab's policy.
  if (error instanceof TypeError) return "trusted-types";
  // Other browsers tell of it later; of our own origin there is nothing else to be insecure about.
  const isSecurity = error instanceof DOMException && error.name === "SecurityError";
  return isSecurity && new URL(url).origin === self.origin ? "worker-src" : undefined;
}

/** The next message of a kind. @param {Worker} worker @param {string} type @returns {Promise<any>} */
export function heard(worker, type) {
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
