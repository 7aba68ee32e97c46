/**
 * The outer side of a frame: where a page can't run a figure itself, the element puts the lab's own page into a frame and behaves as if the figure
 * ran inline. A source of the model as live.js is; it talks to its own frame only.
 */
import { stateAfter } from "../model.js";
import { misspeltIn } from "../misspelt.js";
import { attributeNames, attributeOf } from "../settings.js";
import { adoptStyles } from "../sheets.js";
import { choose, languageIn } from "../text/tags.js";
import { wordsFor } from "../text/words.js";
import { languageTags } from "./browser.js";
import { readNews } from "./message.js";
import { MARGINS, heightOf } from "./place.js";
import { watchSurroundings } from "./surroundings.js";

/** @typedef {import("../source.js").Mounting} Mounting @typedef {import("../source.js").Source} Source */
/** @typedef {import("../model.js").State} State @typedef {import("../model.js").Model} Model */
/** @typedef {import("../settings.js").Config} Config */
/** @typedef {import("./message.js").Failure} Failure */
/** @typedef {{order: {type: "lab-run" | "lab-stop" | "lab-ready", id: number}, begun: boolean, resolve: (report: any) => void, reject: (error: Error) => void}} Request */

/** How long a frame that has loaded may keep silent, in ms; and one that has not. */
const SILENCE_MS = 4000;
const LOAD_MS = 15000;
/** The same of a frame that has loaded, where the page around it admits only frames that agree to be isolated. */
const REFUSED_MS = 1500;

/** What answers a request, by the message that it is: each is a method of every source. @type {{[type in Request["order"]["type"]]: "run" | "stop" | "ready"}} */
const ASKED = { "lab-run": "run", "lab-stop": "stop", "lab-ready": "ready" };

const style = `
:host { display: block }
:host([hidden]) { display: none }
:host(:fullscreen) { overflow: auto }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
iframe { display: block; width: 100%; border: 0; color-scheme: inherit; background: light-dark(#fbfaf7, #16171a) }
@media print { iframe { break-inside: avoid } }
`;

/** @param {Mounting} mounting @returns {Promise<Source>} */
export const open = async (mounting) => new Relay(mounting);

/** One figure in a frame of its own. @implements {Source} */
class Relay {
  #mounting;
  #model;
  #origin;
  #surroundings;
  #frame;
  /** The settings that the frame has, as far as is known here; null until it has said so. @type {Config | null} */
  #config = null;
  /** The number of the newest settings that it was sent. */
  #sent = 0;
  /** The page in the frame that has spoken last: another one does not hear what is sent to it. @type {string | undefined} */
  #page = undefined;
  /** The look that it was told last, as JSON. */
  #look = "";
  /** A report whose state is still on its way. @type {any} */
  #early = null;
  /** Requests without an answer so far, by their ids. @type {Map<number, Request>} */
  #requests = new Map();
  #lastId = 0;
  /** @type {Promise<any> | null} */
  #running = null;
  /** @type {number | undefined} */
  #silence = undefined;

  /** @param {Mounting} mounting */
  constructor(mounting) {
    this.#mounting = mounting;
    this.#model = mounting.model;
    this.#origin = new URL(mounting.folder).origin;
    const { element, signal } = mounting;
    this.#surroundings = watchSurroundings(element, signal, () => this.#adopt(), () => this.#configure());
    // Of the page that the element is in, which need not be this script's.
    (element.ownerDocument.defaultView ?? window).addEventListener("message", (event) => this.#receive(event), { signal });
    document.addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
      if (!this.#config && /^(frame|child|default)-src/.test(effectiveDirective) && blockedURI.startsWith(this.#origin)) this.#giveUp();
    }, { signal });
    const root = /** @type {ShadowRoot} */ (element.shadowRoot);
    this.#adopt();
    this.#expectNews(LOAD_MS);
    root.replaceChildren(this.#surroundings.probe);
    this.#surroundings.look();
    this.#frame = this.#makeFrame();
    root.append(this.#frame);
    // Firefox tells nobody of a frame that it refuses; what it refuses as a frame here it refuses as this as well.
    if (window.crossOriginIsolated) fetch(this.#frame.src, { mode: "no-cors", credentials: "omit", signal }).catch(() => signal.aborted || this.#config || this.#expectNews(SILENCE_MS));
    this.#model.subscribe((patch) => "config" in patch && this.#configure(), signal);
    const pageLanguage = new MutationObserver(() => this.#configure());
    pageLanguage.observe(document.documentElement, { attributeFilter: ["lang"] });
    signal.addEventListener("abort", () => {
      clearTimeout(this.#silence);
      pageLanguage.disconnect();
      this.#frame.remove();
    });
  }

  #adopt() {
    adoptStyles(/** @type {ShadowRoot} */ (this.#mounting.element.shadowRoot), [style, this.#surroundings.css()]);
  }

  /** Tells the frame which settings have changed. */
  #configure() {
    const known = this.#config;
    if (!known) return;
    const look = this.#lookNow();
    const config = Object.fromEntries(Object.entries(written(this.#model)).filter(([name, value]) => String(known[name]) !== String(value)));
    if (Object.keys(config).length === 0 && JSON.stringify(look) === this.#look) return;
    this.#look = JSON.stringify(look);
    this.#config = { ...known, ...config };
    this.#send({ type: "lab-config", id: ++this.#sent, config, look });
  }

  /** Until the frame's state says so. */
  ready() {
    return this.#model.rest === "loading" ? this.#request("lab-ready") : Promise.resolve();
  }

  run() {
    if (this.#running) return this.#running;
    const running = this.#request("lab-run").finally(() => {
      if (this.#running === running) this.#running = null;
    });
    return (this.#running = running);
  }

  async stop() {
    if (this.#config) return this.#request("lab-stop");
    // A frame that has not spoken runs nothing yet, and what it was to run it is not told any more.
    await this.#cancel(() => true, {});
    return this.#model.report;
  }

  /** @param {number} worker */
  kill(worker) {
    this.#send({ type: "lab-kill", worker });
  }

  recording() {
    return null;
  }

  /** The element left the page, and the frame's page is gone with that. */
  async leave() {
    const cancelled = this.#cancel(() => true);
    clearTimeout(this.#silence);
    this.#forget();
    if (this.#model.running) this.#set({ running: null, state: "stopped" });
    await cancelled;
  }

  /** A patch of the model, unless another source has taken this one's place. @param {Partial<Model>} patch */
  #set(patch) {
    if (!this.#mounting.signal.aborted) this.#model.set(patch);
  }

  #makeFrame() {
    const { theme, lang } = this.#lookNow();
    const frame = document.createElement("iframe");
    frame.title = `Lock Lab: ${this.#model.figure}`;
    frame.allow = "cross-origin-isolated; clipboard-write";
    // Its height follows what is in it: a bar of its own could only flicker.
    frame.setAttribute("scrolling", "no");
    frame.style.height = `${heightOf(this.#model.figure, this.#model.view.show, this.#mounting.element.clientWidth - MARGINS)}px`;
    // The page for the frame: with what the author wrote, right or wrong, and with nothing else.
    const url = new URL("index.html", this.#mounting.folder);
    for (const name of attributeNames) {
      const value = this.#mounting.read(name);
      // The element itself says when to run.
      if (value !== null && (name !== "autorun" || this.#model.wrong.some(({ field }) => field === name))) url.searchParams.set(name, value);
    }
    for (const { attribute } of misspeltIn(this.#mounting.element)) url.searchParams.set(attribute, this.#mounting.element.getAttribute(attribute) ?? "");
    url.searchParams.set("figure", this.#model.figure);
    if (this.#model.src) url.searchParams.set("src", new URL(this.#model.src, document.baseURI).href);
    url.searchParams.set("theme", theme);
    if (lang) url.searchParams.set("lang", lang);
    frame.src = url.href;
    // A frame that is taken out of the page and put back loads again, and what it loads need not be the lab's page.
    frame.addEventListener("load", () => {
      // The lab's page answers, whatever it is told.
      this.#send({ type: "lab-config", config: {}, look: {}, page: undefined });
      // What stands there instead of a refused page has loaded, and says nothing.
      this.#expectNews(window.crossOriginIsolated ? REFUSED_MS : SILENCE_MS);
    });
    return frame;
  }

  /** Attributes that are no settings, as they hold where the element stands: a frame's page sees nothing of the page around it. */
  #lookNow() {
    const { element } = this.#mounting;
    return { theme: this.#surroundings.scheme(), lang: element.getAttribute("lang") ?? languageTags(element).find(languageIn) ?? null };
  }

  /** @param {number} ms */
  #expectNews(ms) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#giveUp(), ms);
  }

  /** The frame is silent or forbidden: what takes its place answers the requests. */
  #giveUp() {
    // Of a page that was there before, and is not any more, whoever asked learns that.
    this.#forget();
    // An isolated page admits a page that has not agreed to that, if it comes without the reader's cookies.
    if (window.crossOriginIsolated && "credentialless" in this.#frame && !this.#frame.credentialless) {
      this.#frame.credentialless = true;
      this.#frame.src = String(this.#frame.src);
      return this.#expectNews(LOAD_MS);
    }
    const requests = [...this.#requests.values()];
    this.#requests.clear();
    const next = this.#mounting.reopen({ reframed: false, unframed: window.crossOriginIsolated ? "frame-refused" : "frame-silent" });
    for (const { order, resolve, reject } of requests) next.then((source) => source[ASKED[order.type]]()).then(resolve, reject);
    next.catch(() => {});
  }

  /** @param {object} message */
  #send(message) {
    this.#frame.contentWindow?.postMessage({ page: this.#page, ...message }, this.#origin);
  }

  /** @param {Request["order"]["type"]} type @returns {Promise<any>} */
  #request(type) {
    const order = { type, id: ++this.#lastId };
    const promise = new Promise((resolve, reject) => this.#requests.set(order.id, { order, begun: false, resolve, reject }));
    // Until the frame has spoken it would not hear; it gets its orders when it has.
    if (this.#config) this.#send(order);
    return promise;
  }

  /** @param {MessageEvent} event */
  #receive({ source, origin, data }) {
    const news = source === this.#frame.contentWindow && origin === this.#origin ? readNews(data) : null;
    switch (news?.type) {
      case "lab-hello": return this.#forget(news.page);
      case "lab-height": return void (this.#frame.style.height = `${news.height}px`);
      case "lab-config": return this.#follow(news);
      case "lab-report": return void (this.#early = news.report);
      case "lab-error": return this.#fail(news.error);
      case "lab-state": return this.#become(news.state);
      case "lab-answer": return this.#answer(news);
    }
  }

  /** The frame's page is another one than before: it knows nothing of what the old one was told, nor of a run that that had. */
  #forget(page = /** @type {string | undefined} */ (undefined)) {
    this.#page = page;
    this.#config = null;
    this.#sent = 0;
    this.#look = "";
    this.#early = null;
    void this.#cancel(({ begun }) => begun);
  }

  /** The frame's settings: a reader has changed them, or it has just begun. @param {{id?: number, config: Config}} news */
  #follow({ id = this.#sent, config }) {
    const isNew = this.#config === null;
    clearTimeout(this.#silence);
    // It said so before it heard the newest ones, and tells its settings again when it has.
    if (id < this.#sent) return;
    this.#config = config;
    if (isNew) {
      this.#configure();
      // Not before: what was asked is to be done with these settings.
      for (const { order } of this.#requests.values()) this.#send(order);
      return;
    }
    const mine = written(this.#model);
    const patch = Object.entries(config).filter(([name, value]) => String(mine[name]) !== String(value));
    if (patch.length) this.#mounting.configure(Object.fromEntries(patch));
  }

  /** @param {State} state */
  #become(state) {
    const { config, wrong } = this.#model;
    for (const one of this.#requests.values()) {
      if (state === "running") one.begun = true;
      // Its answer comes in a moment; who hears of its end may want another one.
      else if (one.begun && one.order.type === "lab-run") this.#running = null;
      if (state !== "loading" && one.order.type === "lab-ready") this.#answer({ id: one.order.id });
    }
    // The element itself has said what is wrong with the attributes.
    if (wrong.length && state === "failed" && !this.#early) return;
    const report = state === "running" ? null : this.#early;
    if (report) this.#early = null;
    this.#set({
      state, rest: state, running: state === "running" ? { config, threads: 0, queued: false, loaded: true, stopping: false, live: null } : null,
      ...(report && { report }), ...(state === "running" && { error: null }), ...(state !== "failed" && state !== "unsupported" && { lasting: null }),
    });
  }

  /** @param {Failure | null} failure */
  #fail(failure) {
    if (!failure || failure.code === "bad-config") return;
    // The figure runs all the same.
    if (failure.code === "bad-report") return this.#set({ error: failure });
    const report = this.#early;
    this.#early = null;
    this.#running = null;
    const lasts = !report && (failure.code === "no-shared-memory" || failure.code === "wasm-load");
    this.#set({ error: failure, state: report ? "failed" : stateAfter(failure), running: null, ...(report && { report }), ...(lasts && { lasting: failure }) });
  }

  /** @param {{id: number, report?: any, error?: Failure}} answer */
  #answer({ id, report, error }) {
    const request = this.#requests.get(id);
    this.#requests.delete(id);
    if (error) request?.reject(Object.assign(new Error(error.message), { code: error.code }));
    else request?.resolve(report);
  }

  /** Rejects requests that nobody will answer. @param {(request: Request) => boolean} isLost @param {{gone?: boolean}} [why]  the words' detail */
  async #cancel(isLost, why = { gone: true }) {
    const lost = [...this.#requests.values()].filter(isLost);
    for (const { order } of lost) this.#requests.delete(order.id);
    if (!lost.length) return;
    const words = await wordsFor(choose(this.#lookNow().lang, ...navigator.languages));
    const { what } = words.errors.cancelled(why);
    for (const { reject } of lost) reject(Object.assign(new Error(what), { code: "cancelled" }));
  }
}

/** Settings as they are written: those in force, and of those that can't be taken what the author wrote. @param {Model} model @returns {Config} */
function written({ config, wrong }) {
  return { ...config, ...Object.fromEntries(wrong.filter(({ field }) => attributeOf(field)).map(({ field, got }) => [field, got])) };
}
