/**
 * The element's second half, fetched when a figure nears the viewport: brings together what a reader sees (the shell), what runs (the engine)
 * and what the element promises (state, report, error). Decides nothing about an experiment.
 */
import { build, cardUrl, nativeUrls, pageUrl, recordingUrl, sourceUrl } from "./engine/assets.js";
import { engine } from "./engine/engine.js";
import { LabError } from "./engine/errors.js";
import { viewFile } from "./files.js";
import { mountFigure } from "./shell/shell.js";
import { environmentOf, languageTags } from "./reach/browser.js";
import { probeReach } from "./reach/isolation.js";
import { isolate } from "./reach/isolate.js";
import { pack, unpack } from "./recording.js";
import { figureNames, ownerIn, poolSize } from "./settings.js";
import { choose, named } from "./text/tags.js";
import { figureWordsFor, wordsFor } from "./text/words.js";

/** @typedef {import("./lock-lab.js").State} State */
/** @typedef {import("./lock-lab.js").LabFailure} LabFailure */
/** @typedef {import("./lock-lab.js").Config} Config @typedef {import("./lock-lab.js").Read} Read */
/** @typedef {import("./reach/isolation.js").Reach} Reach */
/** @typedef {import("./reach/limits.js").Limits} Limits */
/**
 * @typedef {object} Hooks  what a host may do to its element
 * @property {(state: State) => void} become
 * @property {(failure: LabFailure) => void} fail
 * @property {() => void} forgive
 * @property {(report: any, state: State, failure?: LabFailure) => void} finish
 * @property {(patch: Config) => void} configure
 * @property {(reason: import("./reach/isolation.js").Reason) => Promise<import("./lock-lab.js").Host>} unframe  gives what takes the frame's place
 * @property {() => void} reframe  the page's policy forbids what a figure needs, and a frame has a policy of its own
 */
/**
 * @typedef {object} Options
 * @property {boolean} mayFrame  whether a frame has not been tried yet and could help
 * @property {string} folder  where the lab lies
 * @property {boolean} atHome  whether this page is the lab's own
 * @property {import("./reach/isolation.js").Reason | null} unframed  why it is not in a frame that it needs
 */

/** @param {HTMLElement} element @param {Read} read @param {Hooks} hooks @param {Options} options */
export async function openFigure(element, read, hooks, options) {
  const language = choose(...languageTags(element), ...navigator.languages);
  const [words, own, module] = await Promise.all([wordsFor(language), ownWords(read.figure, language), exists(read.figure) ? viewFile(read.figure) : null]);
  const host = new Host(element, read, hooks, language, words, own, module, options);
  await host.mount();
  return host;
}

/** @param {string} figure */
const exists = (figure) => figureNames.includes(figure);

/** A figure's own words; null where there is no such figure. @param {string} figure @param {string} language */
const ownWords = async (figure, language) => (exists(figure) ? figureWordsFor(figure, language) : null);

/** One figure at work. */
export class Host {
  /** @param {HTMLElement} element @param {Read} read @param {Hooks} hooks @param {string} language @param {any} words  that language's @param {any} own  the figure's words @param {import("./shell/manifest.js").FigureModule | null} module @param {Options} options */
  constructor(element, read, hooks, language, words, own, module, { folder, atHome, unframed, mayFrame }) {
    this.element = element;
    this.read = read;
    this.hooks = hooks;
    this.language = language;
    this.words = words;
    this.own = own;
    this.module = module;
    /** Where the page stands; undefined while it may still become isolated. @type {Reach | undefined} */
    this.reach = probeReach(folder);
    if (unframed && !this.reach.ok) this.reach = { ok: false, reason: unframed };
    this.mayFrame = mayFrame;
    if (atHome) this.isolating = isolate(folder);
    if (atHome && !this.reach.ok) this.reach = undefined;
    /** The state to be in while nothing runs. @type {State} */
    this.rest = "loading";
    /** @type {import("./engine/run.js").Run | null} */
    this.current = null;
    /** @type {Promise<any> | null} */
    this.promise = null;
    /** @type {any[]} reports of runs with one and the same config, oldest first */
    this.series = [];
    /** @type {any} */
    this.report = null;
    /** @type {import("./engine/engine.js").Live | null} */
    this.live = null;
    /** How long runs went on that no press began, since the last press, in ms. */
    this.unaskedMs = 0;
    /** Why nothing can be run, until a run is tried again. @type {LabFailure | undefined} */
    this.lasting = undefined;
    /** What the figure shows. @type {[state: State, detail: any]} */
    this.shown = ["loading", {}];
    /** What a run shows that goes on. @type {[config: Config, live: import("./engine/engine.js").Live] | null} */
    this.begun = null;
  }

  async mount() {
    await this.build();
    this.pageLanguage = new MutationObserver(() => void this.speak());
    this.pageLanguage.observe(document.documentElement, { attributeFilter: ["lang"] });
    void this.showRecorded();
  }

  /** Puts the figure into the element. */
  async build() {
    this.figure = await mountFigure({
      root: /** @type {ShadowRoot} */ (this.element.shadowRoot),
      name: this.read.figure,
      words: this.words, own: this.own, module: this.module,
      language: named(this.language), room: engine.room,
      links: { live: pageUrl, card: cardUrl(this.read.figure, this.language), rust: sourceUrl(`${this.read.figure.replaceAll("-", "_")}.rs`), figure: sourceUrl(`${this.read.figure}.js`) },
      handlers: {
        run: () => void this.run().catch(() => {}),
        stop: () => void this.stop().catch(() => {}),
        configure: (/** @type {Config} */ patch) => this.hooks.configure(patch),
        kill: (/** @type {number} */ worker) => this.kill(worker),
        warm: () => void this.warm(),
      },
    });
    void this.showNatives();
  }

  /** Says everything in the language that is wanted now. Nothing else changes: a run goes on, a report stays. */
  async speak() {
    const language = choose(...languageTags(this.element), ...navigator.languages);
    if (language === this.language) return;
    this.language = language;
    const [words, own] = await Promise.all([wordsFor(language), ownWords(this.read.figure, language)]);
    // Another one may have been asked for meanwhile.
    if (language !== this.language || this.gone) return;
    this.words = words;
    this.own = own;
    const other = this.figure?.beside.other;
    this.figure?.destroy();
    await this.build();
    if (other) this.figure?.beside.lay(other);
    const [state, detail] = this.shown;
    this.configure(this.read);
    if (this.report) {
      this.figure?.environment(this.report.environment);
      this.figure?.finish(this.report, this.live, this.series.filter((one) => one !== this.report));
    } else void this.showRecorded();
    if (this.lasting) this.lasting = this.retold(this.lasting);
    this.show(state, { ...detail, ...(detail.error && { error: this.retold(detail.error) }), ...(detail.note && { note: this.failureOf(new LabError("cancelled")).message }) });
    if (this.begun) this.figure?.begin(...this.begun);
  }

  /** The same failure in the language of now. @param {LabFailure} failure @returns {LabFailure} */
  retold(failure) {
    return Object.hasOwn(this.words.errors, failure.code) ? this.failureOf(new LabError(/** @type {any} */ (failure.code), /** @type {any} */ (failure.detail))) : failure;
  }

  /** @param {State} state @param {any} [detail] */
  show(state, detail = {}) {
    this.shown = [state, detail];
    this.figure?.show(state, detail);
  }

  /** What the same code does without a browser, for figures that show it. They can do without. */
  async showNatives() {
    if (!this.figure?.body?.natives) return;
    try {
      const reports = await Promise.all(nativeUrls().map(async (url) => (await fetch(url)).json()));
      this.figure?.natives(reports.flat());
    } catch {
      // The figure's own numbers are what matters.
    }
  }

  /** Until its reader has run something, a figure shows what somebody else has run. It can do without. */
  async showRecorded() {
    const url = recordingUrl(this.read.figure);
    if (!url) return;
    try {
      const { report, live } = unpack(await (await fetch(url)).json());
      if (!this.report && !this.current) this.figure?.recorded(report, live);
    } catch {
      // Nothing that a reader would miss: the figure works all the same.
    }
  }

  /** The last run as it can be kept. */
  recording() {
    return this.report && this.live ? pack(this.report, this.live) : null;
  }

  /** From "loading" to "ready", or to a sentence about why not. What is wrong with the attributes goes before that: it is said first. */
  async start() {
    const reach = await this.stand();
    if (!reach.ok) return this.fall("unsupported", new LabError("no-shared-memory", { reason: reach.reason }));
    try {
      await engine.load();
      if (this.rest === "loading") this.rest = "ready";
      if (!this.current && !this.read.wrong.length) this.become("ready");
    } catch (error) {
      // The page's policy forbids it; the lab's own page in a frame has a policy of its own.
      if (this.mayFrame && error instanceof LabError && /^(csp|forbidden)$/.test(String(error.detail.reason))) this.hooks.reframe();
      else this.fall("failed", error);
    }
  }

  /** Where the page stands once it has tried to become isolated. @returns {Promise<Reach>} */
  async stand() {
    this.reach ??= await /** @type {Promise<Reach>} */ (this.isolating);
    this.figure?.stand(this.reach);
    return this.reach;
  }

  /** Nothing can be run, for a reason that lasts. @param {State} rest @param {unknown} error */
  fall(rest, error) {
    this.rest = rest;
    this.lasting = this.failureOf(error);
    if (!this.current && !this.read.wrong.length) this.tell(this.lasting);
  }

  /** @param {State} state @param {object} [detail] */
  become(state, detail = {}) {
    this.hooks.become(state);
    this.show(state, detail);
  }

  /** An error as a person reads it. @param {unknown} error @returns {LabFailure} */
  failureOf(error) {
    const { code, detail } = error instanceof LabError ? error : new LabError("engine-lost", { said: String(error) });
    const said = this.words.errors[code](detail);
    return { code, message: [said.what, said.why, said.todo].filter(Boolean).join(" "), detail };
  }

  /** @param {unknown} error */
  fail(error) {
    this.tell(this.failureOf(error));
  }

  /** @param {LabFailure} failure */
  tell(failure) {
    this.hooks.fail(failure);
    this.show(failure.code === "no-shared-memory" ? "unsupported" : "failed", { error: failure });
  }

  /** The attributes changed. @param {Read} read */
  configure(read) {
    if (JSON.stringify(read.config) !== JSON.stringify(this.read.config)) this.series = [];
    this.read = read;
    this.figure?.configure(read.config);
    this.figure?.refuse(read.wrong.map((one) => ({ ...one, message: this.words.wrongSetting(one) })));
    void this.speak();
  }

  /** Nothing is wrong any more with the attributes: back to where the figure was. */
  recover() {
    if (this.lasting) this.tell(this.lasting);
    else this.become(this.rest);
  }

  /** Threads are wanted soon. */
  async warm() {
    if (!this.reach?.ok || this.current || this.read.wrong.length || this.rest === "loading") return;
    await engine.warm(poolSize(this.read.figure, this.read.config), ownerIn(this.read.config));
  }

  /** @param {Limits} [limits]  where no press of the reader began it @returns {Promise<any>} */
  run(limits) {
    if (this.promise) return this.promise;
    if (!this.reach) return this.stand().then(() => this.run(limits));
    if (!this.reach.ok) return Promise.reject(asError(this.failureOf(new LabError("no-shared-memory", { reason: this.reach.reason }))));
    const promise = this.within(limits, this.reach).finally(() => {
      this.promise = null;
      this.current = null;
      this.begun = null;
    });
    this.promise = promise;
    return promise;
  }

  /**
   * A run as long as it may be.
   * @param {Limits | undefined} limits @param {{isolated: boolean, isolatedBy: string}} reach
   */
  async within(limits, reach) {
    if (!limits) {
      this.unaskedMs = 0;
      return this.perform(reach);
    }
    const threads = Number(this.read.config.threads ?? 1);
    const leftMs = Math.min(limits.runMs, limits.allMs - this.unaskedMs);
    if (threads > limits.threads || leftMs <= 0) {
      const error = new LabError("needs-press", threads > limits.threads ? { threads, most: limits.threads } : { minutes: limits.allMs / 60000 });
      this.fail(error);
      throw asError(this.failureOf(error));
    }
    const begun = performance.now();
    /** @type {object[]} */
    const warnings = [];
    const timer = setTimeout(() => {
      warnings.push({ code: "time-limit", ms: leftMs });
      this.stop().catch(() => {});
    }, leftMs);
    try {
      return await this.perform(reach, warnings);
    } finally {
      clearTimeout(timer);
      this.unaskedMs += performance.now() - begun;
    }
  }

  /** @param {{isolated: boolean, isolatedBy: string}} reach @param {object[]} [warnings]  what is to be said with the report, besides what it says itself */
  async perform(reach, warnings = []) {
    const { figure: experiment, config } = this.read;
    this.hooks.forgive();
    this.lasting = undefined;
    /** @type {import("./engine/engine.js").Live | null} */
    let live = null;
    const run = engine.run({
      experiment, config, threads: poolSize(experiment, config), poolOwner: ownerIn(config), environment: environmentOf(reach, build),
      waits: () => this.show("running", { waiting: true }),
      begun: (now) => {
        live = now;
        this.begun = [config, now];
        this.show("running", { stopping: run.stopping, threads: poolSize(experiment, config) });
        this.figure?.begin(config, now);
      },
    });
    this.current = run;
    this.become("running", { waiting: run.queued });
    let frame = 0;
    const draw = () => {
      frame = requestAnimationFrame(draw);
      if (!live || !run.view) return;
      run.view.update();
      this.figure?.frame(live);
    };
    draw();
    try {
      const own = await run.finished;
      const report = warnings.length ? { ...own, warnings: [...(own.warnings ?? []), ...warnings] } : own;
      cancelAnimationFrame(frame);
      this.finish(report, live);
      return report;
    } catch (error) {
      cancelAnimationFrame(frame);
      const failure = this.failureOf(error);
      if (failure.code === "cancelled") this.become("stopped", { note: failure.message });
      else {
        this.rest = "ready";
        this.fail(error);
      }
      throw asError(failure);
    }
  }

  /** @param {any} report @param {any} live */
  finish(report, live) {
    this.report = report;
    this.live = live;
    this.begun = null;
    this.rest = report.outcome === "failed" ? "ready" : report.outcome;
    const failure = report.outcome === "failed" ? this.failureOf(new LabError("worker-failed", { failures: report.failures, stuck: report.stuck })) : undefined;
    this.hooks.finish(report, report.outcome, failure);
    this.figure?.environment(report.environment);
    this.figure?.finish(report, live, this.series);
    this.show(report.outcome, failure ? { error: failure } : {});
    if (report.outcome === "done") this.series = [...this.series, report];
  }

  /** @returns {Promise<any>} */
  async stop() {
    const run = this.current;
    if (!run || !this.promise) return this.report;
    const promise = this.promise;
    run.stop();
    if (!run.signal.aborted) this.show("running", { stopping: true });
    // A run that another one kept waiting has nothing to report.
    return promise.catch((error) => (error.code === "cancelled" ? null : Promise.reject(error)));
  }

  /** @param {number} worker */
  kill(worker) {
    this.current?.kill(worker);
  }

  /** The element left the page. @param {boolean} forGood  whether these parts will not be shown again */
  leave(forGood) {
    this.stop().catch(() => {});
    if (!forGood) return;
    this.pageLanguage?.disconnect();
    this.gone = true;
    this.figure?.destroy();
  }
}

/** @param {LabFailure} failure */
const asError = (failure) => Object.assign(new Error(failure.message), { code: failure.code });
