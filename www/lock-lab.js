/**
 * `<lock-lab figure="…">`: the one door to the lab. The article and every embedding page come in by it.
 * This file is small and loads nothing else until the figure nears the viewport; what it promises is written in docs/embedding.md.
 */
import { canShare, isFramed } from "./reach/isolation.js";
import { attributeNames, attributeOf, readConfig } from "./settings.js";

/** @typedef {"loading" | "ready" | "running" | "done" | "stopped" | "failed" | "unsupported"} State */
/** @typedef {import("./settings.js").Config} Config */
/** @typedef {import("./settings.js").Wrong} Wrong */
/** @typedef {ReturnType<typeof readConfig>} Read */
/** @typedef {Pick<import("./host.js").Host, "run" | "stop" | "kill" | "recording" | "configure" | "recover" | "leave" | "start">} Host  what works behind the element: the figure, or a frame with it */
/** @typedef {import("./reach/limits.js").Limits} Limits */
/** @typedef {{code: string, message: string, detail?: Record<string, unknown>}} LabFailure */

/** How far from the viewport a figure is when its parts are fetched. */
const NEAR = "600px";

/** Where the lab lies. */
const folder = new URL("./", import.meta.url).href;

/**
 * Whether a figure must stand in a frame of its own, with the lab's own page in it: a page that is not isolated can do nothing about that, the lab's
 * may; and workers start from their own origin only. In a frame already, another one would not help.
 */
function needsFrame() {
  if (LockLab.atHome || isFramed() || folder.startsWith("file:") || !window.isSecureContext) return false;
  return new URL(folder).origin !== location.origin || (!window.crossOriginIsolated && !canShare());
}

/** What `run()` and `stop()` reject with. @param {LabFailure} failure */
const asError = (failure) => Object.assign(new Error(failure.message), { code: failure.code });

/** @param {Wrong[]} wrong @returns {LabFailure} */
function badConfig(wrong) {
  const message = wrong.map(({ attribute, got, allowed }) => `${attribute}="${got}" can't be used; allowed: ${allowed}`).join("; ");
  return { code: "bad-config", message, detail: { wrong } };
}

/** Frameworks load a page's modules on their servers too, where there are no elements: the file must not fail there, and does nothing. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

export class LockLab extends Base {
  static observedAttributes = [...attributeNames, "autorun"];

  /** Whether this page is the lab's own: it then does what it can to be isolated. */
  static atHome = false;

  /** @type {State} */
  #state = "loading";
  /** @type {LabFailure | null} */
  #error = null;
  /** @type {any} */
  #report = null;
  /** @type {Promise<Host> | null} the figure's parts, once asked for */
  #parts = null;
  /** @type {Host | null} */
  #host = null;
  /** @type {IntersectionObserver | null} */
  #watch = null;
  /** What a run that begins by itself may take; the page sets it where it stands in a frame. @type {Limits | undefined} */
  limits = undefined;
  #checking = false;
  #ranByItself = false;
  /** Whether the page's own policy leaves nothing but a frame. */
  #reframed = false;
  /** Why a frame was of no use. @type {import("./reach/isolation.js").Reason | null} */
  #unframed = null;
  /** @type {Read} */
  #read = readConfig(() => null);
  /** What was told last, as JSON. */
  #told = "";

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: false });
  }

  /** The figure's state; each change is a `lab-state` event. @returns {State} */
  get state() {
    return this.#state;
  }

  /** The settings in force, by their camelCase names: the attributes' values and the defaults of the rest. @returns {Config} */
  get config() {
    this.#check();
    return { ...this.#read.config };
  }

  /** Sets attributes by their camelCase names; the rest stays. Names that no figure knows are ignored. @param {Config} patch */
  set config(patch) {
    for (const [name, value] of Object.entries(patch)) {
      const attribute = attributeOf(name);
      if (attribute) this.setAttribute(attribute, String(value));
    }
  }

  /** The last run's report, or null. */
  get report() {
    return this.#report;
  }

  /** What is wrong, or null. @returns {LabFailure | null} */
  get error() {
    this.#check();
    return this.#error;
  }

  /**
   * Runs the figure with its present settings; while it runs, the same promise again.
   * @returns {Promise<any>} the report, whose `outcome` is done, stopped or (when a worker failed) failed
   * @throws {Error} with a `code`: `bad-config`, `no-shared-memory`, `wasm-load`, `cancelled`, …
   */
  async run() {
    return this.#start();
  }

  /** The same for a run that nobody who reads it has asked for. @param {Limits} limits */
  async runWithin(limits) {
    return this.#start(limits);
  }

  /** @param {Limits} [limits] */
  async #start(limits) {
    this.#check();
    if (this.#error?.code === "bad-config") throw asError(this.#error);
    // At once where that is possible: a stop() right behind this call must find the run.
    if (this.#host) return this.#host.run(limits);
    const host = await this.#load();
    this.#check();
    if (this.#error?.code === "bad-config") throw asError(this.#error);
    return host.run(limits);
  }

  /**
   * Stops the run, if there is one.
   * @returns {Promise<any>} the partial report; without a run the last report, or null
   */
  async stop() {
    const host = this.#host ?? (await this.#parts?.catch(() => null));
    return host ? host.stop() : this.#report;
  }

  /** The last finished run as it can be kept in a file, timeline included (`recording.js`); null before the first. */
  get recording() {
    return this.#host?.recording() ?? null;
  }

  /** Fetches the figure's parts now, wherever it stands on the page. */
  prepare() {
    this.#load().catch(() => {});
  }

  /** Ends one worker of the run as a panic would, at its next step. @param {number} worker  its index, from 0 */
  kill(worker) {
    this.#host?.kill(worker);
  }

  connectedCallback() {
    this.#check();
    this.#watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.#load().catch(() => {});
      this.#ranByItself || this.#autorun();
    }, { rootMargin: NEAR });
    this.#watch.observe(this);
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
    // Moving an element takes it out and puts it back in one go; only one that stays away is stopped.
    queueMicrotask(() => this.isConnected || this.#host?.leave(false));
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || this.#checking) return;
    this.#checking = true;
    queueMicrotask(() => {
      this.#check();
      if (name === "autorun" && this.isConnected) this.#autorun();
    });
  }

  /** Reads the attributes and makes config, error and state follow them. */
  #check() {
    this.#checking = false;
    const figure = this.#read.figure;
    this.#read = readConfig((attribute) => this.getAttribute(attribute));
    const told = JSON.stringify(this.#read);
    if (told === this.#told) return;
    this.#told = told;
    if (figure !== this.#read.figure) this.#change();
    this.#host?.configure(this.#read);
    this.dispatchEvent(new CustomEvent("lab-config", { detail: this.#read.config, bubbles: true, composed: true }));
    if (this.#read.wrong.length) this.#fail(badConfig(this.#read.wrong));
    else if (this.#error?.code === "bad-config") this.#mend();
  }

  /** Another figure in the same element: the old parts go, the new ones are fetched when they are needed. */
  #change() {
    this.#host?.leave(true);
    this.#host = null;
    if (!this.#parts) return;
    this.#parts = null;
    this.#report = null;
    this.#become("loading");
    if (this.isConnected) this.#load().catch(() => {});
  }

  #mend() {
    this.#error = null;
    if (this.#host) this.#host.recover();
    else {
      this.#become("loading");
      if (this.isConnected) this.#load().catch(() => {});
    }
    this.#autorun();
  }

  /** @returns {Promise<Host>} */
  #load() {
    if (this.#parts) return this.#parts;
    const parts = this.#open().catch((error) => {
      if (parts === this.#parts) this.#parts = null;
      throw error;
    });
    this.#parts = parts;
    return parts;
  }

  async #open() {
    const figure = this.#read.figure;
    const mine = () => figure === this.#read.figure;
    /** @type {Host} */
    let host;
    try {
      const { openFigure } = await (!this.#unframed && (this.#reframed || needsFrame()) ? import("./reach/relay.js") : import("./host.js"));
      host = await openFigure(this, this.#read, {
        become: (state) => mine() && this.#become(state),
        fail: (failure) => mine() && this.#fail(failure),
        forgive: () => (this.#error = null),
        finish: (report, state, failure) => mine() && this.#finish(report, state, failure),
        configure: (patch) => (this.config = patch),
        unframe: (reason) => (mine() ? this.#again(() => (this.#unframed = reason)) : this.#load()),
        reframe: () => void (mine() && this.#again(() => (this.#reframed = true)).catch(() => {})),
      }, { folder, atHome: LockLab.atHome, unframed: this.#unframed, mayFrame: !LockLab.atHome && !this.#unframed && !this.#reframed && !isFramed() });
    } catch (error) {
      const failure = { code: "script-load", message: `A part of this figure could not be loaded (${error}). Check the connection, then reload the page.` };
      this.#fail(failure);
      // The shell that would say it, and its words, are what is missing.
      /** @type {ShadowRoot} */ (this.shadowRoot).textContent = failure.message;
      throw asError(failure);
    }
    if (!mine()) {
      host.leave(true);
      return this.#load();
    }
    this.#host = host;
    // The attributes may have changed while the parts were on their way.
    host.configure(this.#read);
    void host.start();
    return host;
  }

  /** The other way: in a frame, or without one. @param {() => void} choose @returns {Promise<Host>} */
  #again(choose) {
    choose();
    this.#host?.leave(true);
    this.#host = null;
    this.#parts = null;
    return this.#load();
  }

  /** Runs once by itself, when it can be seen. */
  #autorun() {
    if (!this.hasAttribute("autorun") || this.#ranByItself || this.#error) return;
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      if (this.#ranByItself || !this.hasAttribute("autorun") || this.#error) return;
      this.#ranByItself = true;
      this.#start(this.limits).catch(() => {});
    });
    seen.observe(this);
  }

  /** @param {State} state */
  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.setAttribute("data-state", state);
    this.dispatchEvent(new CustomEvent("lab-state", { detail: { state }, bubbles: true, composed: true }));
  }

  /** @param {LabFailure} failure */
  #fail(failure) {
    this.#error = failure;
    // A run that goes on is not ended by a wrong attribute for the next one.
    if (this.#state !== "running" || failure.code !== "bad-config") this.#become(failure.code === "no-shared-memory" ? "unsupported" : "failed");
    this.dispatchEvent(new CustomEvent("lab-error", { detail: failure, bubbles: true, composed: true }));
  }

  /** A run came to its end. Whoever hears of it finds state, report and error in agreement. @param {any} report @param {State} state @param {LabFailure} [failure] */
  #finish(report, state, failure) {
    this.#report = report;
    if (failure) this.#fail(failure);
    else this.#become(state);
    this.dispatchEvent(new CustomEvent("lab-report", { detail: report, bubbles: true, composed: true }));
  }
}

if (globalThis.customElements && !customElements.get("lock-lab")) customElements.define("lock-lab", LockLab);
