/**
 * The outer side of a frame: where a page can't run a figure itself, the element puts the lab's own page into a frame and behaves as if the figure
 * ran inline. Talks to its own frame only. Knows no threads; takes the place of host.js.
 */
import { attributeNames, attributeOf } from "../settings.js";
import { choose, languageIn } from "../text/tags.js";
import { wordsFor } from "../text/words.js";
import { readNews } from "./message.js";
import { heightOf } from "./place.js";

/** @typedef {import("../host.js").Hooks} Hooks */
/** @typedef {import("../lock-lab.js").Read} Read */
/** @typedef {import("../lock-lab.js").State} State */
/** @typedef {import("../lock-lab.js").LabFailure} LabFailure */
/** @typedef {import("../settings.js").Config} Config */
/** @typedef {{order: Record<string, unknown>, begun: boolean, resolve: (report: any) => void, reject: (error: Error) => void}} Asked */

/** How long a frame that has loaded may keep silent, in ms; and one that has not. */
const SILENCE_MS = 4000;
const LOAD_MS = 15000;

const style = `
:host { display: block; color-scheme: light dark }
:host([hidden]) { display: none }
:host([theme="light"]) { color-scheme: light }
:host([theme="dark"]) { color-scheme: dark }
iframe { display: block; width: 100%; border: 0; color-scheme: inherit; background: light-dark(#fbfaf7, #16171a) }
@media print { iframe { break-inside: avoid } }
`;

/**
 * @param {HTMLElement} element @param {Read} read @param {Hooks} hooks
 * @param {{folder: string}} options  where the lab lies
 */
export async function openFigure(element, read, hooks, { folder }) {
  return new Relay(element, read, hooks, folder);
}

/** One figure in a frame of its own. */
export class Relay {
  /** @param {HTMLElement} element @param {Read} read @param {Hooks} hooks @param {string} folder */
  constructor(element, read, hooks, folder) {
    this.element = element;
    this.read = read;
    this.hooks = hooks;
    this.folder = folder;
    this.origin = new URL(folder).origin;
    /** What the frame said of its settings last. @type {Config | null} */
    this.theirs = null;
    this.look = "";
    /** The state that it said last, and what is the matter with it for good. @type {State} */
    this.rest = "loading";
    /** @type {LabFailure | null} */
    this.lasting = null;
    /** A report whose state is still on its way. @type {any} */
    this.pending = null;
    this.report = null;
    /** Orders without an answer so far. @type {Map<number, Asked>} */
    this.asked = new Map();
    this.count = 0;
    /** @type {Promise<any> | null} */
    this.running = null;
    this.frame = this.makeFrame();
    this.hear = (/** @type {MessageEvent} */ event) => this.take(event);
    this.blocked = (/** @type {SecurityPolicyViolationEvent} */ event) => {
      if (/^(frame|child|default)-src/.test(event.effectiveDirective) && event.blockedURI.startsWith(this.origin)) this.refuse();
    };
    window.addEventListener("message", this.hear);
    document.addEventListener("securitypolicyviolation", this.blocked);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    const root = /** @type {ShadowRoot} */ (element.shadowRoot);
    root.adoptedStyleSheets = [sheet];
    this.listenFor(LOAD_MS);
    root.replaceChildren(this.frame);
  }

  makeFrame() {
    const frame = document.createElement("iframe");
    frame.title = `Lock Lab: ${this.read.figure}`;
    frame.allow = "cross-origin-isolated; clipboard-write";
    // Its height follows what is in it: a bar of its own could only flicker.
    frame.setAttribute("scrolling", "no");
    frame.style.height = `${heightOf(this.read.figure, this.element.clientWidth, this.dress().lang ?? navigator.language)}px`;
    frame.src = this.address();
    // A frame that is taken out of the page and put back loads again.
    frame.addEventListener("load", () => this.theirs ?? this.listenFor(SILENCE_MS));
    return frame;
  }

  /** The page for the frame: with what the author wrote, right or wrong, and with nothing else. */
  address() {
    const url = new URL("index.html", this.folder);
    for (const name of attributeNames) {
      const value = this.element.getAttribute(name);
      if (value !== null) url.searchParams.set(name, value);
    }
    url.searchParams.set("figure", this.read.figure);
    const { lang } = this.dress();
    if (lang) url.searchParams.set("lang", lang);
    return url.href;
  }

  /** What the figure wears inline: the author's attributes, and the language of the page around it. */
  dress() {
    const theme = this.element.getAttribute("theme");
    const around = this.element.closest("[lang]")?.getAttribute("lang");
    return { theme, lang: this.element.getAttribute("lang") ?? languageIn(around) ?? null };
  }

  /** @param {number} ms */
  listenFor(ms) {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.refuse(), ms);
  }

  /** The frame is there and says nothing, or is not let in. */
  refuse() {
    if (this.theirs) return;
    // Who waits for the frame's answer gets that of what comes in its place.
    const asked = [...this.asked.values()];
    this.asked.clear();
    const next = this.hooks.unframe("frame-silent");
    for (const { order, resolve, reject } of asked) next.then((host) => (order.type === "lab-run" ? host.run() : host.stop())).then(resolve, reject);
    next.catch(() => {});
  }

  /** @param {object} message */
  send(message) {
    this.frame.contentWindow?.postMessage(message, this.origin);
  }

  /** @param {MessageEvent} event */
  take({ source, origin, data }) {
    const news = source === this.frame.contentWindow && origin === this.origin ? readNews(data) : null;
    if (news?.type === "lab-hello") this.begin();
    if (news?.type === "lab-height") this.frame.style.height = `${news.height}px`;
    if (news?.type === "lab-config") this.follow(news.config);
    if (news?.type === "lab-report") this.pending = this.report = news.report;
    if (news?.type === "lab-error" && news.error) this.fail(news.error);
    if (news?.type === "lab-state") this.become(news.state);
    if (news?.type === "lab-answer") this.answer(news);
  }

  /** What its settings are now: a reader has changed them, or it has just begun. @param {Config} config */
  follow(config) {
    const isNew = this.theirs === null;
    clearTimeout(this.silence);
    this.theirs = config;
    if (isNew) {
      this.configure(this.read);
      // Not before: what was asked is to be done with these settings.
      for (const { order } of this.asked.values()) this.send(order);
      return;
    }
    const mine = written(this.read);
    const patch = Object.entries(config).filter(([name, value]) => String(mine[name]) !== String(value));
    if (patch.length) this.hooks.configure(Object.fromEntries(patch));
  }

  /** @param {State} state */
  become(state) {
    if (state === "running") for (const one of this.asked.values()) one.begun = true;
    // What is wrong with the attributes the element has said itself.
    if (this.read.wrong.length && state === "failed" && !this.pending) return;
    this.rest = state;
    if (state !== "failed" && state !== "unsupported") this.lasting = null;
    if (state === "running") this.hooks.forgive();
    if (this.pending && state !== "running") {
      this.hooks.finish(this.pending, state);
      this.pending = null;
    } else this.hooks.become(state);
  }

  /** The frame's page has just been loaded, or loaded again: nothing that it was told is known there, nor is a run that it had. */
  begin() {
    this.theirs = null;
    this.look = "";
    this.pending = null;
    void this.callOff((one) => one.begun);
  }

  /** What was asked of a page that is gone gets no answer any more. @param {(one: Asked) => boolean} lost */
  async callOff(lost) {
    const gone = [...this.asked].filter(([_, one]) => lost(one));
    for (const [id] of gone) this.asked.delete(id);
    if (!gone.length) return;
    const words = await wordsFor(choose(this.dress().lang, ...navigator.languages));
    const { what } = words.errors.cancelled({ gone: true });
    for (const [_, { reject }] of gone) reject(Object.assign(new Error(what), { code: "cancelled" }));
  }

  /** @param {LabFailure} failure */
  fail(failure) {
    if (failure.code === "bad-config") return;
    const report = this.pending;
    this.pending = null;
    if (report) this.hooks.finish(report, "failed", failure);
    else {
      if (failure.code === "no-shared-memory" || failure.code === "wasm-load") this.lasting = failure;
      this.hooks.fail(failure);
    }
  }

  /** @param {{id: number, report?: any, error?: {code: string, message: string}}} said */
  answer({ id, report, error }) {
    const asked = this.asked.get(id);
    this.asked.delete(id);
    if (error) asked?.reject(Object.assign(new Error(error.message), { code: error.code }));
    else asked?.resolve(report);
  }

  /** @param {"lab-run" | "lab-stop"} type @returns {Promise<any>} */
  ask(type) {
    const id = ++this.count;
    const order = { type, id };
    const promise = new Promise((resolve, reject) => this.asked.set(id, { order, begun: false, resolve, reject }));
    // Before it has said a word, it would not hear; it is told again when it begins.
    if (this.theirs) this.send(order);
    return promise;
  }

  // What host.js has as well.

  /** Nothing to do: the frame is on its way. */
  async start() {}

  /** The attributes changed. @param {Read} read */
  configure(read) {
    this.read = read;
    if (!this.theirs) return;
    const now = written(read);
    const look = this.dress();
    const config = Object.fromEntries(Object.entries(now).filter(([name, value]) => String(this.theirs?.[name]) !== String(value)));
    const worn = JSON.stringify(look);
    if (Object.keys(config).length === 0 && worn === this.look) return;
    this.look = worn;
    this.theirs = { ...this.theirs, ...config };
    this.send({ type: "lab-config", config, look });
  }

  recover() {
    if (this.lasting) this.hooks.fail(this.lasting);
    else this.hooks.become(this.rest);
  }

  run() {
    this.running ??= this.ask("lab-run").finally(() => (this.running = null));
    return this.running;
  }

  async stop() {
    return this.theirs ? this.ask("lab-stop") : this.report;
  }

  /** @param {number} worker */
  kill(worker) {
    this.send({ type: "lab-kill", worker });
  }

  recording() {
    return null;
  }

  /** The element left the page, and the frame's page is gone with that. @param {boolean} forGood */
  leave(forGood) {
    void this.callOff(() => true);
    clearTimeout(this.silence);
    this.theirs = null;
    this.look = "";
    if (this.rest === "running") this.hooks.become("stopped");
    if (!forGood) return;
    window.removeEventListener("message", this.hear);
    document.removeEventListener("securitypolicyviolation", this.blocked);
    this.frame.remove();
  }
}

/** Settings as they are written: those in force, and of those that can't be taken what the author wrote. @param {Read} read @returns {Config} */
function written({ config, wrong }) {
  return { ...config, ...Object.fromEntries(wrong.filter(({ field }) => attributeOf(field)).map(({ field, got }) => [field, got])) };
}
