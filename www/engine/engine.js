/**
 * The engine: one a page. Keeps the group of threads that runs need, lets one run at a time go, and gives threads and memory back when they rest.
 */
import { abortable } from "./abortable.js";
import { onBattery } from "./battery.js";
import { lossesOf } from "./board.js";
import { LabError } from "./errors.js";
import { Group } from "./group.js";
import { observeInterruptions } from "./interruptions.js";
import { loadModule } from "./module.js";
import { acquireRunLock, claimThreads } from "./run-lock.js";
import { Run } from "./run.js";

/** @typedef {import("./board.js").Live} Live */
/** @typedef {import("./group.js").PoolOwner} PoolOwner */

/** How long a group stays without a run, in ms: threads and memory are the reader's, not ours. */
const IDLE_MS = 60000;
/** How often the board is read where no frame is drawn (a hidden page, a frame that is scrolled away), in ms. */
const UNSEEN_UPDATE_MS = 400;

export class Engine {
  /** @type {Group | undefined} */
  #group = undefined;
  /** The run that has the threads. @type {Run | undefined} */
  #running = undefined;
  /** Those that have not ended, the running one first. @type {Set<Run>} */
  #runs = new Set();
  /** Resolves when all of them have. @type {Promise<unknown>} */
  #tail = Promise.resolve();
  /** @type {number | undefined} */
  #idle = undefined;
  /** Figures that stand on the page. */
  #figures = 0;
  /** Aborts when they are gone. */
  #gone = new AbortController();
  /** Whether the page has been left, and may be kept for the way back. */
  #left = false;

  /** A figure is on the page until the signal aborts. When the last one has gone, so have threads and listeners. @param {AbortSignal} signal */
  attend(signal) {
    if (signal.aborted) return;
    if (this.#figures++ === 0) this.#listen();
    signal.addEventListener("abort", () => {
      if (--this.#figures) return;
      // With a word for a reason: an error would hold on to who called, and that is a figure.
      this.#gone.abort("gone");
      this.#rest();
    });
  }

  /** A page that is kept for the way back must not keep threads, nor the claim on them. */
  #listen() {
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    window.addEventListener("pagehide", () => {
      this.#left = true;
      for (const run of this.#runs) run.stop();
      this.#rest();
    }, { signal });
    window.addEventListener("pageshow", ({ persisted }) => {
      this.#left = false;
      if (persisted && this.#running) this.#running.thaw();
    }, { signal });
  }

  /** Gets threads ready before they are asked for. Harmless at any time; the run will say what goes wrong. @param {string} experiment @param {number} threads @param {PoolOwner} poolOwner */
  async warm(experiment, threads, poolOwner) {
    if (this.#running) return;
    try {
      await this.#hold(experiment, threads, poolOwner).layout;
    } catch {
      // The run will say it.
    }
    this.#rest();
  }

  /** Queues a run behind those that have not ended. @param {import("./run.js").Request} request */
  run(request) {
    for (const other of this.#runs) if (other.request.yields) other.stop();
    const run = new Run(request, this.#runs.size > 0);
    const before = this.#tail;
    this.#runs.add(run);
    run.finished = abortable(before, run.signal).then(() => this.#perform(run)).catch((error) => {
      throw error instanceof LabError ? error : run.signal.aborted ? new LabError("cancelled") : new LabError("engine-lost", { said: String(error) });
    }).finally(() => this.#runs.delete(run));
    this.#tail = before.then(() => run.finished).catch(() => {});
    return run;
  }

  /** @param {Run} run @returns {Promise<any>} the report */
  async #perform(run) {
    const { experiment, threads, poolOwner } = run.request;
    const ended = new AbortController();
    const unlock = await acquireRunLock(run.signal, () => run.enqueue());
    run.queued = false;
    this.#running = run;
    clearTimeout(this.#idle);
    const start = performance.now();
    const warnings = observeInterruptions(ended.signal);
    // Where frames are drawn this finds nothing new.
    const unseen = setInterval(() => run.view?.update(), UNSEEN_UPDATE_MS);
    try {
      const group = this.#hold(experiment, threads, poolOwner);
      await abortable(group.module, run.signal);
      run.load();
      const layout = await abortable(group.layout, run.signal);
      performance.measure("lock-lab threads", { start, detail: { threads } });
      const report = await run.perform(group, layout, { ...run.request.environment, onBattery: onBattery() });
      if (report.outcome === "failed") group.reusable = false;
      const losses = run.view && lossesOf(run.view.live);
      const all = [...(report.warnings ?? []), ...warnings(), ...(losses?.lost ? [{ code: "events-overwritten", ...losses }] : [])];
      return all.length ? { ...report, warnings: all } : report;
    } catch (error) {
      this.#release();
      throw error;
    } finally {
      clearInterval(unseen);
      ended.abort();
      this.#running = undefined;
      unlock();
      this.#rest();
    }
  }

  /** A group of that many threads: the one there is, or a fresh one in its place. @param {string} experiment @param {number} threads @param {PoolOwner} poolOwner */
  #hold(experiment, threads, poolOwner) {
    const module = loadModule(experiment);
    if (this.#group?.fits(module, threads, poolOwner)) return this.#group;
    this.#release();
    const group = new Group(module, threads, poolOwner);
    this.#group = group;
    void claimThreads(group.signal, () => {
      // Another page has threads now: those at work here go after their run, those at rest at once.
      if (this.#running) group.reusable = false;
      else group.close();
    });
    return group;
  }

  #release() {
    clearTimeout(this.#idle);
    this.#group?.close();
    this.#group = undefined;
  }

  /** What becomes of threads that nobody runs on: they are let go after a while, and at once where they are of no more use. */
  #rest() {
    clearTimeout(this.#idle);
    if (this.#running) return;
    if (this.#group?.reusable === false || this.#left) this.#release();
    else if (!this.#figures) {
      this.#group?.retire();
      this.#group = undefined;
    }
    else this.#idle = setTimeout(() => this.#running ?? this.#release(), IDLE_MS);
  }
}

/** The engine of this page: threads belong to a page, not to a figure. */
export const engine = new Engine();
