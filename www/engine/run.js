/**
 * A run: from the press of the button to its report. `stop()` asks its threads to stop and keeps what is measured; when its signal aborts, it ends
 * without a report. Either way `finished` settles.
 */
import { LabError } from "./errors.js";
import { failover } from "./failover.js";

/** @typedef {import("./board.js").Live} Live */
/** @typedef {import("./group.js").Answer} Answer */
/** @typedef {import("./group.js").Group} Group */
/**
 * @typedef {object} Request
 * @property {string} experiment
 * @property {Record<string, string | number>} config
 * @property {number} threads  how large the pool must be
 * @property {import("./group.js").PoolOwner} poolOwner
 * @property {object} environment  what the page knows of where it runs
 * @property {boolean} [yields]  whether it is stopped as soon as another run is wanted
 * @property {AbortSignal} [signal]  ends the run at once, by force where it must be
 * @property {() => void} [waits]  a figure of another page runs
 * @property {() => void} [loaded]  the module is there
 * @property {(live: Live) => void} [begun]  the threads are there, and the run has been handed to the coordinator
 */

/** Threads are woken again this often until a stop is answered, in ms: one may have been between looking and falling asleep. */
const WAKE_AGAIN_MS = 40;
/** How long a stop waits for the module, in ms. */
const MODULE_MS = 300;
/** How often it is looked whether anybody is alive, in ms; and after how many looks in vain nobody is. Time that a page slept is none. */
const LOOK_MS = 1000;
const LOOKS = 30;
/** How long a stop may go unanswered before the threads are ended by force, in ms. */
const STOP_TIMEOUT_MS = 6000;

export class Run {
  #cancelled = new AbortController();
  #stopAsked = new AbortController();
  /** When the threads were asked to stop, on the page's clock; 0 while they are not. */
  #stoppedAt = 0;
  /** @type {Group | undefined} */
  #group = undefined;
  /** @type {number | undefined} */
  #wakeAgain = undefined;
  /** @type {number | undefined} */
  #stopTimeout = undefined;

  /** @param {Request} request @param {boolean} queued */
  constructor(request, queued) {
    this.request = request;
    /** Whether another run must end before this one begins. */
    this.queued = queued;
    /** Whether it has the module. */
    this.loaded = false;
    this.signal = request.signal ? AbortSignal.any([request.signal, this.#cancelled.signal]) : this.#cancelled.signal;
    /** @type {import("./group.js").View | undefined} */
    this.view = undefined;
    /** Resolves to the report; rejects with a LabError. @type {Promise<any>} */
    this.finished = Promise.resolve(null);
  }

  get stopping() {
    return this.#stopAsked.signal.aborted;
  }

  /** Asks the run to stop. What is measured stays; a run that has not begun is cancelled. */
  stop() {
    if (this.stopping) return;
    this.#stopAsked.abort();
    if (this.queued) this.#cancelled.abort(new LabError("cancelled"));
    // With the module it has a report, if only one that says so; it is not waited for.
    else if (!this.loaded) this.#stopTimeout = setTimeout(() => this.#cancelled.abort(new LabError("cancelled")), MODULE_MS);
    else this.#requestStop();
  }

  /** The module is there. */
  load() {
    clearTimeout(this.#stopTimeout);
    this.loaded = true;
    this.request.loaded?.();
  }

  /** Ends one worker: how, the experiment decides. @param {number} worker */
  kill(worker) {
    this.view?.requestKill(worker);
    this.#group?.wake();
  }

  /** Permits one more step of a worker that waits for permits. @param {number} worker */
  permitStep(worker) {
    this.view?.permitStep(worker);
  }

  /** Another page's run must end first. */
  enqueue() {
    this.queued = true;
    // A stop may have been asked for before this was known.
    if (this.stopping) this.#cancelled.abort(new LabError("cancelled"));
    else this.request.waits?.();
  }

  /** The page was frozen, its threads and timers with it: the time that a stop may take begins anew. */
  thaw() {
    if (this.#stoppedAt) this.#requestStop();
  }

  /**
   * Runs on a group's threads.
   * @param {Group} group @param {import("./board.js").Layout} layout @param {object} environment
   * @returns {Promise<any>} the report
   */
  async perform(group, layout, environment) {
    const { experiment, config, threads, begun } = this.request;
    const ended = new AbortController();
    this.signal.addEventListener("abort", () => group.close(this.signal.reason), { signal: ended.signal });
    const view = group.view(layout);
    // A browser that is short of memory ends a worker without a word.
    let signs = "";
    let silent = 0;
    const watch = setInterval(() => {
      silent = signs === (signs = view.signs()) ? silent + 1 : 0;
      if (silent === LOOKS) group.close(new LabError("engine-lost", { silent: LOOKS }));
    }, LOOK_MS);
    this.#group = group;
    this.view = view;
    try {
      view.clearStop();
      const answered = group.ask({ type: "run", experiment, config, environment, ...("goOn" in view && { goOn: view.goOn }) });
      begun?.(view.live);
      if (this.stopping) this.#requestStop();
      const { adoptAfterMs, ...answer } = await answered;
      const { report, refused } = adoptAfterMs === undefined
        ? answer
        : await failover({ group, view: /** @type {import("./board.js").BoardView} */ (view), adoptAfterMs, stop: this.#stopAsked.signal }, (observation) => group.ask({ type: "resume", experiment, observation, environment }));
      if (refused) throw new LabError("refused", { refused });
      this.#endStop();
      // User timings: what `cargo xtask bench` reads, and any profiler shows.
      if (this.#stoppedAt) performance.measure("lock-lab stop", { start: this.#stoppedAt, detail: { threads } });
      await view.close();
      return report;
    } finally {
      clearInterval(watch);
      this.#endStop();
      ended.abort();
    }
  }

  #requestStop() {
    const group = this.#group;
    if (!this.view || !group) return;
    this.#endStop();
    this.#stoppedAt = performance.now();
    this.view.requestStop();
    group.wake();
    this.#wakeAgain = setInterval(() => group.wake(), WAKE_AGAIN_MS);
    this.#stopTimeout = setTimeout(() => group.close(new LabError("stuck", { seconds: STOP_TIMEOUT_MS / 1000 })), STOP_TIMEOUT_MS);
  }

  #endStop() {
    clearInterval(this.#wakeAgain);
    clearTimeout(this.#stopTimeout);
  }
}
