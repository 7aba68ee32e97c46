/**
 * The engine: one a page. Makes the threads that a run needs, lets one run at a time go, stops it, and gives back its report.
 * Knows threads and runs; which experiment it is, it only passes on.
 */
import { onBattery } from "./battery.js";
import { BoardView } from "./board.js";
import { LabError } from "./errors.js";
import { Group } from "./group.js";
import { roomOf } from "./memory.js";
import { loadModule } from "./module.js";
import { succession } from "./failover.js";
import { claimThreads, takeTurn } from "./run-lock.js";
import { watchPage } from "./interruptions.js";

/** @typedef {import("./board.js").Live} Live */
/** @typedef {import("./board.js").Layout} Layout */
/** @typedef {import("./group.js").OwnerName} OwnerName */
/**
 * @typedef {object} Request
 * @property {string} experiment
 * @property {Record<string, string | number>} config
 * @property {number} threads  how large the pool must be
 * @property {OwnerName} owner  whose it is
 * @property {object} environment  what the page knows of where it runs
 * @property {() => void} [waits]  a figure of another page has the machine
 * @property {(live: Live) => void} [begun]  the threads are there, and the run has been handed to the master
 */

/** How long a group stays without a run, in ms: threads and memory are the reader's, not ours. */
const IDLE_MS = 60000;
/** How often everyone is woken again until a stop is answered, in ms: a thread may have been between looking and falling asleep. */
const STOP_AGAIN_MS = 40;
/** How long a stop may go unanswered before the threads are ended by force, in ms. */
const STOP_LIMIT_MS = 6000;
/** How often the board is read when no frame is drawn (a hidden page), in ms. */
const UNSEEN_MS = 400;

/** One run, from the press of the button to its report. */
export class Run {
  /** @param {Request} request */
  constructor(request) {
    this.request = request;
    this.stopping = false;
    this.cancelled = false;
    /** When the threads were asked to stop, on the page's clock; 0 while they are not. */
    this.stoppedAt = 0;
    /** Resolves when the run is called off before its turn. @type {Promise<void>} */
    this.calledOff = new Promise((resolve) => {
      this.cancel = () => {
        this.cancelled = true;
        resolve();
      };
    });
    /** @type {BoardView | undefined} */
    this.view = undefined;
    /** @type {Group | undefined} */
    this.group = undefined;
    /** Rejects when a stop goes unanswered; resolves never. @type {Promise<never>} */
    this.unstoppable = new Promise((_, reject) => {
      this.giveUp = () => reject(new LabError("stuck", { seconds: STOP_LIMIT_MS / 1000 }));
    });
    this.unstoppable.catch(() => {});
    /** Resolves when a stop is asked for. @type {Promise<void>} */
    this.stopPressed = new Promise((resolve) => (this.noteStop = resolve));
    /** Resolves to the report. @type {Promise<any>} */
    this.finished = Promise.resolve(null);
  }

  /** Asks the run to stop. What is measured stays. */
  stop() {
    if (this.stopping) return;
    this.stopping = true;
    this.noteStop?.();
    this.pressStop();
  }

  pressStop() {
    if (!this.view || !this.group) return;
    this.stoppedAt = performance.now();
    this.view.requestStop();
    this.group.rouse();
    this.again = setInterval(() => this.group?.rouse(), STOP_AGAIN_MS);
    this.last = setTimeout(() => this.giveUp?.(), STOP_LIMIT_MS);
  }

  /** The page was frozen, its threads and its timers with it: a stop that was asked for before begins anew. */
  thaw() {
    if (!this.stoppedAt) return;
    this.settle();
    this.pressStop();
  }

  /** Ends one worker: how, the experiment decides. @param {number} worker */
  kill(worker) {
    this.view?.requestKill(worker);
    this.group?.rouse();
  }

  /** No more stopping: the master has answered, or is gone. */
  settle() {
    clearInterval(this.again);
    clearTimeout(this.last);
  }
}

/** The page's engine. */
export class Engine {
  constructor() {
    /** @type {{group: Group, layout: Promise<Layout>} | undefined} */
    this.held = undefined;
    /** The run that has the threads. @type {Run | undefined} */
    this.running = undefined;
    /** The run whose turn it is on this page, while one of another page goes on. @type {Run | undefined} */
    this.waiting = undefined;
    /** @type {Promise<unknown>} */
    this.tail = Promise.resolve();
    /** @type {(() => void) | undefined} */
    this.disown = undefined;
    /** @type {number | undefined} */
    this.idle = undefined;
    /** How many threads this machine has room for; null where that is as many as anybody may want. */
    this.room = roomOf();
  }

  /** Fetches and compiles what every run needs. */
  async load() {
    await loadModule();
  }

  /**
   * Gets threads ready before they are asked for. Harmless at any time; what goes wrong will be said by the run.
   * @param {number} threads
   * @param {OwnerName} owner
   */
  async warm(threads, owner) {
    if (this.running) return;
    const module = await loadModule().catch(() => undefined);
    if (!module || this.running) return;
    try {
      await this.hold(module, threads, owner).layout;
    } catch {
      this.release();
    }
    this.restAfter();
  }

  /**
   * A group of that many threads: the one there is, or a fresh one after letting the old one go.
   * @param {WebAssembly.Module} module
   * @param {number} threads
   * @param {OwnerName} owner
   */
  hold(module, threads, owner) {
    if (this.held?.group.fits(threads, owner)) return this.held;
    this.release();
    const group = new Group(module, threads, owner);
    const held = { group, layout: group.ready() };
    held.layout.catch(() => {});
    this.held = held;
    this.disown = claimThreads(() => this.lose(held));
    return held;
  }

  /** Another page has threads now: those that rest here go at once, those at work after their run. @param {{group: Group}} held */
  lose(held) {
    if (this.held !== held) return;
    if (this.running) held.group.spoiled = true;
    else this.release();
  }

  /** Lets the threads and their memory go. */
  release() {
    clearTimeout(this.idle);
    this.disown?.();
    this.disown = undefined;
    this.held?.group.dispose();
    this.held = undefined;
  }

  restAfter() {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.running ?? this.release(), IDLE_MS);
  }

  /**
   * Puts a run behind those that wait already.
   * @param {Request} request
   * @returns {Run} with `finished`, the promise of its report
   */
  run(request) {
    const run = new Run(request);
    const turn = this.tail;
    run.finished = turn.then(() => this.perform(run));
    this.tail = run.finished.catch(() => {});
    return run;
  }

  /** Whether a run would have to wait for another one. */
  get busy() {
    return this.running !== undefined || this.waiting !== undefined;
  }

  /** Somebody else has the machine. @param {Run} run */
  wait(run) {
    this.waiting = run;
    // It was to stop before it had begun.
    if (run.stopping) run.cancel?.();
    else run.request.waits?.();
  }

  /** @param {Run} run */
  async perform(run) {
    const giveBack = await takeTurn(() => this.wait(run), run.calledOff);
    this.waiting = undefined;
    if (run.cancelled) {
      giveBack();
      throw new LabError("cancelled");
    }
    this.running = run;
    clearTimeout(this.idle);
    const asked = performance.now();
    const page = watchPage();
    const unseen = setInterval(() => document.hidden && run.view?.update(), UNSEEN_MS);
    try {
      const { experiment, config, threads, owner, begun } = run.request;
      const held = this.hold(await loadModule(), threads, owner);
      run.group = held.group;
      const layout = await held.layout;
      // User timings: what `cargo xtask bench` reads, and anybody's profiler shows.
      performance.measure("lock-lab threads", { start: asked, detail: { threads } });
      run.view = new BoardView(/** @type {SharedArrayBuffer} */ (/** @type {unknown} */ (held.group.memory.buffer)), layout, threads);
      run.view.clearStop();
      const environment = { ...run.request.environment, onBattery: onBattery() };
      run.request.environment = environment;
      const answer = held.group.run(experiment, config, environment);
      begun?.(run.view.live);
      if (run.stopping) run.pressStop();
      const first = await Promise.race([answer, run.unstoppable]);
      const { report, refused } = first.exit ? await Promise.race([succession(run, first.exit), run.unstoppable]) : first;
      if (refused) throw new LabError("refused", { refused });
      run.settle();
      if (run.stoppedAt) performance.measure("lock-lab stop", { start: run.stoppedAt, detail: { threads } });
      await run.view.close();
      if (report.outcome === "failed") held.group.spoiled = true;
      const warnings = [...(report.warnings ?? []), ...page.warnings()];
      return warnings.length ? { ...report, warnings } : report;
    } catch (error) {
      this.release();
      throw error instanceof LabError ? error : new LabError("engine-lost", { said: String(error) });
    } finally {
      run.settle();
      clearInterval(unseen);
      page.leave();
      this.running = undefined;
      giveBack();
      if (this.held?.group.spoiled) this.release();
      this.restAfter();
    }
  }
}

/** The engine of this page: threads are a page's, not a figure's. */
export const engine = new Engine();
