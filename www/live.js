/**
 * A figure in this page: its words, its shell, and the page's own threads as the source of its model. The element's second half, fetched when a figure
 * nears the viewport. All that it begins ends with the mounting's signal.
 */
import { build, cardUrl, machineUrls, pageUrl, sourceUrl } from "./engine/assets.js";
import { abortable } from "./engine/abortable.js";
import { engine } from "./engine/engine.js";
import { LabError } from "./engine/errors.js";
import { eachFrame } from "./engine/frames.js";
import { roomOf } from "./engine/memory.js";
import { loadModule, mayCompile } from "./engine/module.js";
import { fetchAt, onInterest } from "./engine/thrift.js";
import { viewFile } from "./files.js";
import { watchSpelling } from "./misspelt.js";
import { asError } from "./model.js";
import { environmentOf, languageTags } from "./reach/browser.js";
import { hasOneThread, probeReach } from "./reach/isolation.js";
import { isolate } from "./reach/isolate.js";
import { fetchRecorded } from "./recorded.js";
import { pack } from "./recording.js";
import { SCHEMA, attributeOf, canBeAlone, figureNames, isAlone, ownerIn, poolSize } from "./settings.js";
import { mountFigure } from "./shell/shell.js";
import { sentenceOf } from "./shell/sentence.js";
import { choose, named } from "./text/tags.js";
import { figureWordsFor, wordsFor } from "./text/words.js";

/** @typedef {import("./source.js").Mounting} Mounting */
/** @typedef {import("./source.js").Source} Source */
/** @typedef {import("./model.js").LabFailure} LabFailure @typedef {import("./model.js").Model} Model */
/** @typedef {import("./reach/isolation.js").Reach} Reach */
/** @typedef {import("./reach/limits.js").Limits} Limits */
/** @typedef {{isolated: boolean, isolatedBy: string, poolOwner: import("./engine/group.js").PoolOwner}} Way  by what means a figure runs */

/** @param {Mounting} mounting @returns {Promise<Source>} */
export async function open(mounting) {
  const figure = new LiveFigure(mounting);
  await figure.speak();
  if (!mounting.signal.aborted) figure.begin();
  return figure;
}

/** @implements {Source} */
class LiveFigure {
  #mounting;
  #model;
  /** The page tries to become isolated. @type {Promise<Reach> | undefined} */
  #isolating;
  #hasOneThread;
  /** What takes this figure's place. @type {Promise<Source> | null} */
  #frame = null;
  /** @type {import("./engine/run.js").Run | null} */
  #run = null;
  /** Its report. @type {Promise<any> | null} */
  #finished = null;
  /** Ends a run that waits until it is known where the page stands. */
  #waiting = new AbortController();
  /** Resolves when the figure is ready, or has said why not. @type {Promise<void>} */
  #started = Promise.resolve();
  /** What the figure shows until it is run. */
  #others = Promise.resolve();
  /** How long runs went on that no press began, since the last press, in ms. */
  #unaskedMs = 0;
  /** The language that is wanted, and the shell that speaks it. */
  #language = "";
  /** @type {any} */
  #words = null;
  /** The figure's own folder; null where there is no such figure. @type {import("./shell/manifest.js").FigureModule | null} */
  #module = null;
  /** @type {import("./shell/shell.js").Shell | null} */
  #shell = null;
  /** Ends with the shell. @type {AbortController | null} */
  #speaking = null;

  /** @param {Mounting} mounting */
  constructor(mounting) {
    this.#mounting = mounting;
    this.#model = mounting.model;
    const { folder, atHome, unframed } = mounting;
    engine.attend(mounting.signal);
    const reach = probeReach(folder);
    this.#hasOneThread = hasOneThread(folder);
    if (atHome) this.#isolating = isolate(folder);
    this.#set({ reach: reach.ok ? reach : atHome ? undefined : unframed ? { ok: false, reason: unframed } : reach });
  }

  /** What can be done once the figure stands: to hear of the page's language, to show what others have run, to get ready. */
  begin() {
    const { element, signal, check } = this.#mounting;
    check((config) => (this.#module?.figure.wrong?.(config) ?? []).map(({ setting, allowed }) => ({ attribute: attributeOf(setting) ?? setting, field: setting, got: String(config[setting]), allowed })));
    const again = () => void this.speak().catch(() => this.#shell && (this.#shell.sorry.textContent = this.#words.take.unfetched));
    const pageLanguage = new MutationObserver(again);
    pageLanguage.observe(document.documentElement, { attributeFilter: ["lang"] });
    signal.addEventListener("abort", () => pageLanguage.disconnect());
    this.#model.subscribe((patch) => {
      if (!("config" in patch)) return;
      again();
      // One thread may be had where several can't.
      if (this.#model.reach?.ok === false) void this.#start();
    }, signal);
    watchSpelling(element, signal, (misspelt) => this.#set({ misspelt }), (one) => this.#words.misspelt(one));
    this.#others = this.#showOthers();
    this.#others.catch(() => {});
    this.#started = this.#start();
  }

  /** A patch of the model, unless another figure has taken this one's place. @param {Partial<Model>} patch */
  #set(patch) {
    if (!this.#mounting.signal.aborted) this.#model.set(patch);
  }

  /** Says everything in the language that is wanted now. Nothing else changes: a run goes on, a report stays. */
  async speak() {
    const { element, signal, configure } = this.#mounting;
    const { figure: name } = this.#model;
    const language = choose(...languageTags(element), ...navigator.languages);
    if (language === this.#language) return;
    const before = this.#language;
    this.#language = language;
    const exists = figureNames.includes(name);
    const [words, own, module] = await Promise.all([wordsFor(language), exists ? figureWordsFor(name, language) : null, exists ? viewFile(name) : null]).catch((error) => {
      // The next change of language tries again.
      if (language === this.#language) this.#language = before;
      throw error;
    });
    // Another one may have been asked for meanwhile.
    if (language !== this.#language || signal.aborted) return;
    this.#speaking?.abort();
    const speaking = new AbortController();
    this.#speaking = speaking;
    this.#words = words;
    this.#module = module;
    const shell = await mountFigure({
      root: /** @type {ShadowRoot} */ (element.shadowRoot), model: this.#model, signal: AbortSignal.any([signal, speaking.signal]),
      words, own, module, language: named(language), room: roomOf(),
      links: { live: pageUrl, card: cardUrl(name, language), rust: sourceUrl(`${name.replaceAll("-", "_")}.rs`), figure: sourceUrl(`${name}.js`), machines: machineUrls(name) },
      actions: {
        run: () => void this.run().catch(() => {}),
        stop: () => void this.stop().catch(() => {}),
        configure: (patch) => configure(module?.figure.patch?.(patch, this.#model.config) ?? patch),
        step: (...request) => this.#step(...request),
        kill: (worker) => this.kill(worker),
        warm: () => void this.#warm(),
      },
    });
    if (!speaking.signal.aborted) this.#shell = shell;
  }

  adopted() {
    this.#shell?.adopt();
  }

  /**
   * Until its reader has run something, a figure shows what somebody else has run. It can do without; what is wrong with an author's report is said.
   * @throws {LabError} where the page's policy forbids to fetch anything of ours
   */
  async #showOthers() {
    const { figure, recorded, src, view } = this.#model;
    if (recorded) return;
    const { run, wrong } = await fetchRecorded(figure, view.show, src, this.#module?.figure.shape, this.#mounting.signal);
    const refused = wrong && this.#failureOf(new LabError("bad-report", { src, ...wrong }));
    if (run) this.#set({ recorded: { ...run, refused } });
    if (!refused) return;
    console.warn(`<lock-lab>: ${refused.message}`);
    void this.#started.then(() => this.#model.error || this.#model.running || this.#set({ error: refused }));
  }

  recording() {
    const { report, live } = this.#model;
    return report && live ? pack(report, live) : null;
  }

  /** From "loading" to "ready", or to a sentence about why not. What is wrong with the attributes goes before that: it is said first. */
  async #start() {
    const { element, mayFrame, signal } = this.#mounting;
    const reach = await this.#stand();
    if (!reach.ok && this.#module?.figure.withoutThreads) return this.#getReady();
    if (!this.#way(reach)) return this.#fall("unsupported", this.#unshared(reach));
    try {
      mayCompile();
      // Where the page's policy forbids to fetch, the recorded run hasn't come either.
      if (mayFrame) await this.#others;
      if (!this.#way(reach)) return;
      this.#getReady();
      // Before a run is asked for, which will say what goes wrong.
      onInterest(element, signal, () => void loadModule(this.#model.figure).catch(() => {}));
    } catch (error) {
      if (!this.#reframe(error)) this.#fall("failed", error);
    }
  }

  /** Where a policy forbids what a figure needs, the lab's own page in a frame takes its place: it has a policy of its own. @param {unknown} error */
  #reframe(error) {
    const { mayFrame, reopen, signal } = this.#mounting;
    if (mayFrame && !signal.aborted && error instanceof LabError && /^(csp|forbidden)$/.test(String(error.detail.reason))) this.#frame = reopen({ reframed: true, unframed: null });
    this.#frame?.catch(() => {});
    return this.#frame;
  }

  #getReady() {
    const { rest: before, running, wrong, state, lasting } = this.#model;
    const rest = before === "loading" || before === "unsupported" ? "ready" : before;
    // Of a figure that was here before, what came of its last run stays.
    this.#set({ rest, ...(!running && !wrong.length && (state === "loading" || lasting) && { state: rest, error: null, lasting: null }) });
  }

  /** Where the page stands once it has tried to become isolated. @returns {Promise<Reach>} */
  async #stand() {
    const reach = this.#model.reach ?? (await /** @type {Promise<Reach>} */ (this.#isolating));
    this.#set({ reach });
    return reach;
  }

  /** By what means the figure runs with its present settings; null where it can't. @param {Reach} reach @returns {Way | null} */
  #way(reach) {
    const { figure, config } = this.#model;
    if (reach.ok) return { ...reach, poolOwner: ownerIn(config) };
    return this.#hasOneThread && isAlone(figure, config) ? { isolated: false, isolatedBy: "none", poolOwner: "none" } : null;
  }

  /** @param {Reach} reach */
  #unshared(reach) {
    return new LabError("no-shared-memory", { ...(!reach.ok && { reason: reach.reason }), alone: this.#hasOneThread && canBeAlone(this.#model.figure) });
  }

  /** Nothing can be run, for a reason that lasts. @param {import("./model.js").State} rest @param {unknown} error */
  #fall(rest, error) {
    const { running, wrong } = this.#model;
    const lasting = this.#failureOf(error);
    this.#set({ rest, lasting, ...(!running && !wrong.length && { error: lasting, state: rest }) });
  }

  /** An error as a person reads it. @param {unknown} error @returns {LabFailure} */
  #failureOf(error) {
    const { code, detail } = error instanceof LabError ? error : new LabError("engine-lost", { said: String(error) });
    return { code, message: sentenceOf(this.#words, code, detail), detail };
  }

  /** Threads are wanted soon. */
  async #warm() {
    const { reach, running, wrong, rest, figure, config } = this.#model;
    const way = reach && this.#way(reach);
    if (way && !running && !wrong.length && rest !== "loading" && fetchAt() !== "press") await engine.warm(figure, poolSize(figure, config), way.poolOwner);
  }

  ready() {
    return this.#started;
  }

  /** @param {Limits} [limits]  where no press of the reader began it @returns {Promise<any>} */
  run(limits) {
    if (this.#finished) return this.#finished;
    const finished = this.#begin(limits).finally(() => {
      // Who hears of the end may have begun another one.
      if (this.#finished === finished) this.#finished = null;
    });
    return (this.#finished = finished);
  }

  /** @param {Limits | undefined} limits */
  async #begin(limits) {
    const { signal } = (this.#waiting = new AbortController());
    const stands = () => abortable(this.#stand(), signal).catch(() => Promise.reject(asError(this.#failureOf(new LabError("cancelled")))));
    const reach = this.#model.reach ?? (await stands());
    const without = this.#module?.figure.withoutThreads;
    if (!reach.ok && without) return this.#withoutThreads(without);
    const way = this.#way(reach);
    if (!way) throw asError(this.#failureOf(this.#unshared(reach)));
    return this.#runWithin(limits, way);
  }

  /** A run as long as it may be. @param {Limits | undefined} limits @param {Way} way */
  async #runWithin(limits, way) {
    if (!limits) {
      this.#unaskedMs = 0;
      return this.#perform(way);
    }
    const threads = Number(this.#model.config.threads ?? 1);
    const leftMs = Math.min(limits.runMs, limits.allMs - this.#unaskedMs);
    if (threads > limits.threads || leftMs <= 0) {
      // What a run may not is said of a figure that could.
      await this.#started;
      const error = this.#failureOf(new LabError("needs-press", threads > limits.threads ? { threads, most: limits.threads } : { minutes: limits.allMs / 60000 }));
      this.#set({ error, state: "failed" });
      throw asError(error);
    }
    const begun = performance.now();
    /** @type {object[]} */
    const warnings = [];
    const timer = setTimeout(() => {
      warnings.push({ code: "time-limit", ms: leftMs });
      this.stop().catch(() => {});
    }, leftMs);
    try {
      return await this.#perform(way, warnings);
    } finally {
      clearTimeout(timer);
      this.#unaskedMs += performance.now() - begun;
    }
  }

  /** @param {Way} way @param {object[]} [warnings]  what is to be said with the report, besides what it says itself */
  async #perform(way, warnings = []) {
    const { figure: experiment, config } = this.#model;
    const threads = poolSize(experiment, config);
    /** @type {import("./model.js").Running} */
    let running = { config, threads, queued: false, loaded: false, stopping: false, live: null };
    const show = (/** @type {Partial<import("./model.js").Running>} */ patch, /** @type {Partial<Model>} */ more = {}) => this.#set({ ...more, running: (running = { ...running, ...patch }), state: "running" });
    const run = engine.run({
      experiment, config, threads, poolOwner: way.poolOwner, environment: environmentOf(way, build),
      waits: () => show({ queued: true }),
      loaded: () => run.signal.aborted || show({ queued: false, loaded: true, stopping: run.stopping }),
      begun: (live) => show({ live, queued: false, stopping: run.stopping }),
    });
    this.#run = run;
    if (way.poolOwner === "none") warnings.push({ code: "one-thread" });
    show({ queued: run.queued }, { error: null, lasting: null, note: null });
    const ended = new AbortController();
    eachFrame(run, ended.signal, (live) => this.#shell?.frame(live));
    try {
      const own = await run.finished.finally(() => (this.#run = this.#finished = null));
      const report = warnings.length ? { ...own, warnings: [...(own.warnings ?? []), ...warnings] } : own;
      const { outcome, failures, stuck } = report;
      const failed = outcome === "failed" ? this.#failureOf(new LabError("worker-failed", { failures, stuck })) : null;
      const series = outcome === "done" ? { series: [...this.#model.series, report] } : {};
      this.#set({ running: null, report, live: running.live, state: outcome, rest: failed ? "ready" : outcome, ...(failed && { error: failed }), ...series });
      return report;
    } catch (error) {
      const frame = await this.#reframe(error);
      if (frame) return frame.run();
      const failure = this.#failureOf(error);
      if (failure.code === "cancelled") this.#set({ running: null, note: failure, state: "stopped" });
      else this.#set({ running: null, rest: "ready", error: failure, state: "failed" });
      throw asError(failure);
    } finally {
      ended.abort();
    }
  }

  /** A report of what needs no threads. @param {(config: import("./settings.js").Config) => object} make */
  #withoutThreads(make) {
    const { figure, config, series } = this.#model;
    const report = {
      schema: SCHEMA, figure, outcome: "done", startedAt: new Date().toISOString(), config, environment: environmentOf({ isolated: false, isolatedBy: "none" }, build), ...make(config), text: "",
    };
    this.#set({ report, live: null, state: "done", rest: "done", error: null, lasting: null, note: null, series: [...series, report] });
    return report;
  }

  /** Threads that the reader steps; they go as soon as another run is wanted. @type {import("./shell/manifest.js").Actions["step"]} */
  #step(config, changed, closed) {
    const { figure: experiment, reach } = this.#model;
    if (!reach?.ok) return null;
    const run = engine.run({
      experiment, config, threads: poolSize(experiment, config), poolOwner: ownerIn(config), environment: { ...environmentOf(reach, build), stepped: true },
      yields: true, signal: this.#mounting.signal,
    });
    const ended = new AbortController();
    let seen = 0;
    eachFrame(run, ended.signal, ({ rowsVersion, tables }) => {
      if (rowsVersion === seen) return;
      seen = rowsVersion;
      changed(tables[experiment] ?? []);
    });
    run.finished.catch(() => {}).finally(() => {
      ended.abort();
      closed();
    });
    return { permit: (worker) => run.permitStep(worker), close: () => run.stop() };
  }

  /** @returns {Promise<any>} */
  async stop() {
    const [run, finished] = [this.#run, this.#finished];
    if (!finished) return this.#model.report;
    this.#waiting.abort();
    run?.stop();
    const { running } = this.#model;
    if (run && !run.signal.aborted && running) this.#set({ running: { ...running, stopping: true } });
    // A run that another one kept waiting has nothing to report.
    return finished.catch((error) => (error.code === "cancelled" ? null : Promise.reject(error)));
  }

  /** @param {number} worker */
  kill(worker) {
    this.#run?.kill(worker);
  }

  /** The element left the page. */
  leave() {
    return this.stop().catch(() => {});
  }
}
