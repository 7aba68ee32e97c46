/**
 * A group: one shared memory of a fixed size, the owner worker, the coordinator worker, and a pool of threads nested under one of the two.
 * Made for one number of threads and one owner of the pool. Once its signal aborts, its workers are gone and whatever waited for them has rejected.
 */
import { trusted } from "../trust.js";
import { abortable } from "./abortable.js";
import { assetUrl } from "./assets.js";
import { blamesPolicy, directiveIn, violatedRule } from "../csp.js";
import { BoardView } from "./board.js";
import { clockShiftMs } from "./clock.js";
import { CopiedView } from "./copied-view.js";
import { LabError } from "./errors.js";
import { makeMemory } from "./memory.js";

/** @typedef {import("./board.js").Layout} Layout */
/** @typedef {"page" | "master" | "none"} PoolOwner  who owns the pool: the page (its owner worker), or the coordinator, as the master under study; there is none where memory can't be shared, and one worker is all */
/** @typedef {BoardView | CopiedView} View  what is seen of a run */
/**
 * @typedef {object} Answer  what Rust answers: one of the first three
 * @property {any} [report]
 * @property {any[]} [refused]  settings that can't be run
 * @property {number} [adoptAfterMs]  the master under study, and its worker with it, has ended during the run
 * @property {boolean} [unusable]  threads of the group are dead or stuck
 */

/** @typedef {"owner" | "coordinator" | "alone"} Role */

/** How long threads have to end by themselves, in ms: on a busy machine they are slow to hear of it. */
const QUIT_MS = 500;

/** How long a group may take until its threads run, in ms. A slow phone needs seconds for 128. @param {number} threads */
const startTimeoutMs = (threads) => 15000 + 150 * threads;

/** Workers with a shared memory of their own. */
export class Group {
  #closed = new AbortController();
  /** All that were started. Kept: a browser may collect a Worker that nobody references. @type {Worker[]} */
  #workers = [];

  /** @param {Promise<WebAssembly.Module>} module  may be on its way: the workers' scripts come meanwhile @param {number} threads @param {PoolOwner} poolOwner */
  constructor(module, threads, poolOwner) {
    this.module = module;
    this.threads = threads;
    this.poolOwner = poolOwner;
    /** Whether another run can have it. */
    this.reusable = true;
    this.clockShiftMs = clockShiftMs();
    const nested = poolOwner === "master" ? threads : 0;
    /** Null where it can't be shared: the one worker has its own. */
    this.memory = poolOwner === "none" ? null : makeMemory(threads);
    this.owner = this.memory ? this.#start("owner", threads - nested) : this.#start("alone", 0);
    this.coordinator = this.memory ? this.#start("coordinator", nested) : this.owner;
    /** Where things lie in the memory, once all threads run. @type {Promise<Layout>} */
    this.layout = this.#ready(this.owner, this.coordinator).then(([{ layout }]) => layout);
    this.layout.catch(() => {});
  }

  /** Aborts when the group is closed; its reason is why. */
  get signal() {
    return this.#closed.signal;
  }

  /** @param {Promise<WebAssembly.Module>} module @param {number} threads @param {PoolOwner} poolOwner */
  fits(module, threads, poolOwner) {
    // Threads that began before a sleep and after it tell different times.
    return this.reusable && Math.abs(clockShiftMs() - this.clockShiftMs) < 1000 && this.module === module && this.threads === threads && this.poolOwner === poolOwner;
  }

  /** What is seen of the next run. @param {Layout} layout @returns {View} */
  view(layout) {
    const { memory } = this;
    return memory ? new BoardView(/** @type {any} */ (memory.buffer), layout, this.threads) : new CopiedView(this.coordinator, layout, this.signal, () => this.close(new LabError("cancelled", { deaf: true })));
  }

  /** Sends the coordinator an order. @param {Record<string, unknown>} order @returns {Promise<Answer>} */
  async ask(order) {
    const answered = nextMessage(this.coordinator, "answer", this.signal);
    this.coordinator.postMessage(order);
    const { answer } = await answered;
    if (answer.unusable) this.reusable = false;
    return answer;
  }

  /** Puts a fresh coordinator, on the same memory, into the place of one that has ended. @returns {Promise<unknown>} resolves when it takes orders */
  replaceCoordinator() {
    // The old one's stack stays allocated: a group that outlived many would run out of memory.
    this.reusable = false;
    this.coordinator = this.#start("coordinator", 0);
    return this.#ready(this.coordinator);
  }

  /**
   * Wakes every thread, so that it sees the stop word or a kill word. The page writes those words itself: a message that arrives after the
   * run's end must not stop the next one.
   */
  wake() {
    this.owner.postMessage({ type: "wake" });
  }

  /** Ends all workers of a group whose threads rest, without the two seconds that Chromium takes to end one that sleeps. */
  retire() {
    this.reusable = false;
    void this.layout.then(() => this.owner.postMessage({ type: "quit" }), () => {});
    setTimeout(() => this.close(), QUIT_MS);
  }

  /**
   * Ends all workers. Threads end with the worker that owns them: at once, but in Chromium, where a sleeping one takes up to two seconds.
   * @param {unknown} [reason]
   */
  close(reason = new LabError("cancelled")) {
    this.reusable = false;
    this.#closed.abort(reason);
    for (const worker of this.#workers.reverse()) worker.terminate();
    this.#workers = [];
  }

  /** @param {Role} role @param {number} threads  how many it owns */
  #start(role, threads) {
    try {
      const worker = makeWorker(role);
      this.#workers.push(worker);
      worker.addEventListener("error", async ({ message }) => {
        const directive = message ? undefined : await violatedRule(assetUrl(role));
        this.close(new LabError("worker-start", { role, directive, said: message || "its script could not be loaded" }));
      });
      worker.addEventListener("messageerror", () => this.close(new LabError("engine-lost", { unread: role })));
      worker.addEventListener("message", ({ data: { type, said, order } }) => {
        // WebKit lets a page compile what a policy forbids, and refuses it to the page's workers.
        if (type === "failed") this.close(blamesPolicy(said) ? new LabError("wasm-load", { reason: "csp", said }) : new LabError("worker-start", { role, said }));
        // The coordinator is blocked while it asks for something that can only be awaited.
        if (type === "to-owner") this.owner.postMessage(order);
        if (type === "crashed") this.close(new LabError("engine-lost", { said }));
      });
      worker.postMessage({ type: "make", threads });
      this.module.then((module) => this.signal.aborted || sendStart(worker, { module, memory: this.memory })).catch((error) => this.close(error));
      return worker;
    } catch (error) {
      this.close(error);
      throw error;
    }
  }

  /** Waits until these workers and their threads run. @param {Worker[]} workers */
  async #ready(...workers) {
    const ready = Promise.all(workers.map((worker) => nextMessage(worker, "ready", this.signal)));
    // The module has a limit of its own.
    await Promise.race([this.module, ready]);
    const seconds = startTimeoutMs(this.threads) / 1000;
    const timer = setTimeout(() => this.close(new LabError("pool-timeout", { threads: this.threads, seconds })), seconds * 1000);
    return ready.finally(() => clearTimeout(timer));
  }
}

/** @param {Role} role */
function makeWorker(role) {
  const url = assetUrl(role);
  try {
    return new Worker(trusted(url), { type: "module", name: `lock-lab ${role}` });
  } catch (error) {
    throw new LabError("worker-start", { role, directive: directiveIn(error, url), said: String(error) });
  }
}

/** @param {Worker} worker @param {object} parts */
function sendStart(worker, parts) {
  try {
    worker.postMessage({ type: "start", ...parts });
  } catch (error) {
    // Browsers make a shared memory on any page, but hand it over on isolated ones only.
    throw new LabError("no-shared-memory", { reason: "not-isolated", said: String(error) });
  }
}

/** The next message of a type. @param {Worker} worker @param {string} type @param {AbortSignal} signal @returns {Promise<any>} */
export function nextMessage(worker, type, signal) {
  const heard = new Promise((resolve) => {
    worker.addEventListener("message", function listen({ data }) {
      if (data.type !== type) return;
      worker.removeEventListener("message", listen);
      resolve(data);
    }, { signal });
  });
  return abortable(heard, signal);
}
