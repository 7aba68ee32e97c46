/**
 * `<lock-lab figure="…">`: the one door to the lab. The article and every embedding page come in by it.
 * This file is small and loads nothing else until the figure nears the viewport; what it promises is written in docs/api.md.
 */
import { Model, asError } from "./model.js";
import { part } from "./part.js";
import { MARGINS, keepRoom } from "./reach/place.js";
import { canShare, isFramed } from "./reach/isolation.js";
import { whyUnloaded } from "./reach/unloaded.js";
import { attributeNames, attributeOf, isOn, readConfig, shown } from "./settings.js";

/** @typedef {import("./model.js").State} State @typedef {import("./model.js").LabFailure} LabFailure */
/** @typedef {import("./settings.js").Config} Config @typedef {import("./settings.js").Wrong} Wrong */
/** @typedef {import("./reach/limits.js").Limits} Limits */
/** @typedef {import("./source.js").Source} Source @typedef {import("./source.js").Mounting} Mounting */
/** @typedef {import("./reach/isolation.js").Reason} Reason */

/** How far from the viewport a figure is when its parts are fetched. */
const NEAR = "600px";

/** Where the lab lies. */
const folder = new URL("./", import.meta.url).href;

/** How long a figure's parts may take, in ms: browsers themselves may wait for ever. */
const LOAD_MS = 30000;

/**
 * Whether a figure must stand in a frame of its own, with the lab's own page in it: a page that is not isolated can do nothing about that, the lab's
 * may; and workers start from their own origin only. In a frame already, another one would not help.
 */
function needsFrame() {
  if (LockLab.atHome || isFramed() || folder.startsWith("file:") || !window.isSecureContext) return false;
  return new URL(folder).origin !== self.origin || (!window.crossOriginIsolated && !canShare());
}

/** @param {Wrong[]} wrong @returns {LabFailure} */
function badConfig(wrong) {
  const message = wrong.map(({ attribute, got, allowed }) => `${attribute}="${got}" can't be used; allowed: ${allowed}`).join("; ");
  return { code: "bad-config", message, detail: { wrong } };
}

/** @returns {Wrong[]} */
const nothing = () => [];

/** Frameworks load a page's modules on their servers too, where there are no elements: the file must not fail there, and does nothing. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

export class LockLab extends Base {
  static observedAttributes = attributeNames;
  static figures = shown;

  /** Whether this page is the lab's own: it then does what it can to be isolated. */
  static atHome = false;

  #model = new Model();
  /** The state that was told last. @type {State} */
  #told = "loading";
  /** What the reader has set, by attribute. The attributes themselves are the author's, whose framework may put them back at any time. @type {Map<string, string>} */
  #chosen = new Map();
  /** Whether attributes have changed since they were read. */
  #changed = true;
  /** Whether they will be read in a moment. */
  #queued = false;
  /** Ends with the figure's parts. */
  #mounting = new AbortController();
  /** The figure's parts, once asked for. @type {Promise<Source> | null} */
  #parts = null;
  /** @type {Source | null} */
  #source = null;
  /** What only the figure can tell to be wrong. @type {(config: Config) => Wrong[]} */
  #check = nothing;
  /** Whether they were asked for since the element came into the page. */
  #asked = false;
  /** @type {IntersectionObserver | null} */
  #watch = null;
  /** Waits until a run that begins by itself can be seen. @type {IntersectionObserver | null} */
  #seen = null;
  /** What a run that begins by itself may take; the page sets it if it is in a frame, perhaps before this script has come. */
  limits = /** @type {Limits | undefined} */ (Reflect.get(this, "limits"));
  /** Calls of `run()` that have not settled. */
  #calls = 0;
  #ranByItself = false;
  /** Whether the page's own policy leaves nothing but a frame, and why a frame was of no use. @type {{reframed: boolean, unframed: Reason | null}} */
  #way = { reframed: false, unframed: null };

  constructor() {
    super();
    this.attachShadow({ mode: "open", delegatesFocus: false });
    this.#model.subscribe((patch) => this.#announce(patch));
    // What was set before this script came, as frameworks do, would hide what the class makes of it.
    for (const [name, { set }] of Object.entries(Object.getOwnPropertyDescriptors(LockLab.prototype))) {
      if (!Object.hasOwn(this, name)) continue;
      const value = Reflect.get(this, name);
      if (Reflect.deleteProperty(this, name)) set?.call(this, value);
    }
  }

  /** The figure's state; each change is a `lab-state` event. @returns {State} */
  get state() {
    return this.#model.state;
  }

  /** The settings in force, by their camelCase names: the attributes' values and the defaults of the rest. @returns {Config} */
  get config() {
    this.#read();
    return { ...this.#model.config };
  }

  /** Sets attributes by their camelCase names, or takes them away; the rest stays. Names that no figure knows are ignored. @param {{[name: string]: string | number | null | undefined}} patch */
  set config(patch) {
    for (const [name, value] of Object.entries(patch ?? {})) {
      const attribute = attributeOf(name);
      if (attribute) value === null || value === undefined ? this.removeAttribute(attribute) : this.setAttribute(attribute, String(value));
    }
  }

  /** The last run's report, or null. */
  get report() {
    return this.#model.report;
  }

  /** What is wrong, or null. @returns {LabFailure | null} */
  get error() {
    this.#read();
    return this.#model.error;
  }

  /**
   * Runs the figure with its present settings; while it runs, the same promise again.
   * @returns {Promise<any>} the report, whose `outcome` is done, stopped or (when a worker failed) failed
   * @throws {Error} with a `code`: `bad-config`, `no-shared-memory`, `wasm-load`, `cancelled`, …
   */
  run() {
    return this.#with((source) => source.run());
  }

  /** The same for a run that nobody who reads it has asked for. @param {Limits} [limits] */
  runWithin(limits) {
    return this.#with((source) => source.run(limits));
  }

  /**
   * Fulfilled when `run()` can be called, or the state is `unsupported`; fetches the figure's parts for that, wherever it stands on the page.
   * @returns {Promise<void>}
   * @throws {Error} as `run()` does
   */
  get ready() {
    return this.#with(async (source) => {
      // Another figure may have been asked for meanwhile.
      await source.ready().catch((error) => this.#source === source && Promise.reject(error));
      if (this.#model.rest === "loading") await this.ready;
      this.#refuse();
      if (this.#model.lasting && this.state === "failed") throw asError(this.#model.lasting);
    });
  }

  /** What needs the figure's parts; they stay until it is done. @template T @param {(source: Source) => Promise<T>} use @returns {Promise<T>} */
  async #with(use) {
    this.#refuse();
    this.#calls++;
    try {
      // At once where that is possible: a stop() right behind this call must find the run.
      const source = this.#source ?? (await this.#load());
      this.#refuse();
      return await use(source);
    } finally {
      // It may never have been in a page.
      --this.#calls || void this.#part();
    }
  }

  /** @throws {Error} where an attribute can't be taken */
  #refuse() {
    if (this.error?.code === "bad-config") throw asError(this.error);
  }

  /** Stops the run, if there is one. @returns {Promise<any>} the partial report; without a run the last report, or null */
  async stop() {
    const source = this.#source ?? (await this.#parts?.catch(() => null));
    return source ? source.stop() : this.report;
  }

  /** The last finished run as it can be kept in a file, timeline included (`recording.js`); null before the first. */
  get recording() {
    return this.#source?.recording() ?? null;
  }

  /** Fetches the figure's parts now, wherever it stands on the page. */
  prepare() {
    this.#load().then(() => void (this.#calls || this.#part()), () => {});
  }

  /** Ends one worker of the run as a panic would, at its next step. @param {number} worker  its index, from 0 */
  kill(worker) {
    this.#source?.kill(worker);
  }

  connectedCallback() {
    this.#read();
    keepRoom(this, this.#model.figure, this.#model.view.show, folder, needsFrame() ? MARGINS : 0);
    this.#watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.prepare();
      this.#autorun();
    }, { rootMargin: NEAR });
    this.#watch.observe(this);
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
    this.#seen?.disconnect();
    // Moving an element takes it out and puts it back in one go; only one that stays away is let go.
    queueMicrotask(() => void this.#part());
  }

  /** Lets all go that would keep an element which is not in a page any more. What its run has measured stays. */
  async #part() {
    if (this.isConnected) return;
    const source = this.#source ?? (await this.#parts?.catch(() => null));
    if (!this.isConnected) await source?.leave();
    if (this.isConnected || this.#calls) return;
    this.#dismiss();
    this.#asked = false;
  }

  /** Style sheets, and a frame's page, belong to the document that made them. */
  adoptedCallback() {
    if (this.#source?.adopted) this.#source.adopted();
    else if (this.#parts) this.#remount();
  }

  /** @param {string} name */
  attributeChangedCallback(name) {
    // Whoever writes an attribute means it, even one that says the same as before.
    this.#chosen.delete(name);
    this.#changed = true;
    // All that changes in one go is read once.
    if (this.#queued) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.#read();
      if (this.isConnected) this.#autorun();
    });
  }

  /** @param {string} name @returns {string | null} */
  #attribute(name) {
    return this.#chosen.get(name) ?? this.getAttribute(name);
  }

  /** Reads the attributes, if they have changed, and makes config, error and state follow them. */
  #read() {
    if (!this.#changed) return;
    this.#changed = false;
    const model = this.#model;
    const { figure, config, language, src, view, wrong } = readConfig((attribute) => this.#attribute(attribute));
    const isOther = figure !== model.figure || src !== model.src || view.show !== model.view.show;
    if (!isOther && !wrong.length) wrong.push(...this.#check(config));
    for (const { field } of wrong) delete config[field];
    const isSame = (/** @type {object} */ a, /** @type {object} */ b) => JSON.stringify(a) === JSON.stringify(b);
    const sameConfig = isSame(config, model.config);
    if (!isOther && sameConfig && isSame([language, view, wrong], [model.language, model.view, model.wrong])) return;
    if (isOther) this.#change();
    model.set({ figure, config, language, src, view, wrong, ...(!sameConfig && { series: [] }) });
    // A run that goes on is not ended by a wrong attribute for the next one.
    if (wrong.length) model.set({ error: badConfig(wrong), ...(!model.running && { state: "failed" }) });
    else if (model.error?.code === "bad-config") this.#mend();
  }

  /** Another figure, or another recorded run, in the same element: nothing of the old one stays, the new one's parts are fetched if the old one's were. */
  #change() {
    const { running, report, live, recorded, other, rest, lasting, note, error, series, state } = new Model();
    this.#remount();
    this.#model.set({ running, report, live, recorded, other, rest, lasting, note, error, series, state });
  }

  /** Lets the figure's parts go, and fetches them again where they were asked for. */
  #remount() {
    this.#dismiss();
    if (this.#asked) queueMicrotask(() => this.isConnected && this.prepare());
  }

  #mend() {
    this.#model.recover();
    if (!this.#source && this.isConnected) this.prepare();
    this.#autorun();
  }

  /** Lets the figure's parts go. */
  #dismiss() {
    this.#source?.leave();
    this.#mounting.abort();
    this.#mounting = new AbortController();
    this.#source = null;
    this.#parts = null;
    this.#check = nothing;
  }

  /** @returns {Promise<Source>} */
  #load() {
    this.#asked = true;
    return (this.#parts ??= this.#open(this.#mounting.signal));
  }

  /** @param {AbortSignal} signal */
  async #open(signal) {
    const { reframed, unframed } = this.#way;
    /** @type {Mounting} */
    const mounting = {
      element: this, model: this.#model, signal, folder, atHome: LockLab.atHome, unframed, mayFrame: !LockLab.atHome && !unframed && !reframed && !isFramed(),
      read: (name) => this.#attribute(name),
      configure: (patch) => {
        for (const [name, value] of Object.entries(patch)) this.#chosen.set(attributeOf(name) ?? name, String(value));
        this.#changed = true;
        this.#read();
      },
      check: (check) => {
        this.#check = check;
        this.#changed = true;
        this.#read();
      },
      reopen: (way) => {
        if (signal.aborted) return this.#load();
        this.#way = way;
        this.#dismiss();
        return this.#load();
      },
    };
    /** @type {number | undefined} */
    let timer;
    try {
      const load = !unframed && (reframed || needsFrame()) ? () => import("./reach/relay.js") : () => import("./live.js");
      // What nobody asks for any more would stand where its successor may stand already.
      const parts = part(load, import.meta.url).then(({ open }) => (signal.aborted ? null : open(mounting)));
      const late = new Promise((_, reject) => (timer = setTimeout(reject, LOAD_MS, `${LOAD_MS / 1000} s`)));
      const source = await Promise.race([parts, /** @type {Promise<never>} */ (late)]);
      // Another figure may have been asked for while the parts were on their way.
      if (signal.aborted || !source) return this.#load();
      return (this.#source = source);
    } catch (error) {
      const why = await whyUnloaded(this, folder, error);
      if (signal.aborted) return this.#load();
      throw asError(this.#lose(why));
    } finally {
      clearTimeout(timer);
    }
  }

  /** The figure's parts don't come, and the shell that would say so, and its words, are among them. @param {{message: string, again: string}} why */
  #lose({ message, again }) {
    const lasting = { code: "script-load", message };
    this.#dismiss();
    this.#model.set({ lasting });
    this.#model.fail(lasting);
    const made = (/** @type {string} */ tag, /** @type {object} */ properties) => Object.assign(document.createElement(tag), properties);
    /** @type {ShadowRoot} */ (this.shadowRoot).replaceChildren(made("p", { textContent: message }), made("button", { textContent: again, onclick: () => this.prepare() }));
    return lasting;
  }

  /** Runs once by itself, when it can be seen. */
  #autorun() {
    this.#seen?.disconnect();
    const wanted = () => isOn(this.getAttribute("autorun")) && !this.#ranByItself && !this.#model.error;
    if (!wanted()) return;
    this.#seen = new IntersectionObserver((entries, seen) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      if (!wanted()) return;
      this.#ranByItself = true;
      this.runWithin(this.limits).catch(() => {});
    });
    this.#seen.observe(this);
  }

  /** Tells the page around of a change. When an event fires, state, report and error already agree. @param {Partial<Model>} patch */
  #announce(patch) {
    const { config, state, error, report } = this.#model;
    const tell = (/** @type {string} */ type, /** @type {unknown} */ detail) => this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
    if (patch.config) tell("lab-config", config);
    if (patch.state && state !== this.#told) {
      this.#told = state;
      tell("lab-state", { state });
    }
    if (patch.error) tell("lab-error", error);
    if (patch.report) tell("lab-report", report);
  }
}

if (globalThis.customElements && !customElements.get("lock-lab")) customElements.define("lock-lab", LockLab);
