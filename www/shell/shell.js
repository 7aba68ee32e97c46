/**
 * The anatomy that all figures share: title, controls, Run and Stop with the line of state, the live part, results, foot. What is in the live
 * part and in the results is the figure's own, `figures/NAME/view.js`. Knows states and words, not threads and not experiments.
 */
import { Beside } from "./beside.js";
import { makeControl } from "../views/controls.js";
import { h, lazily, put, refill } from "../views/dom.js";
import { makeMenu } from "../views/menu.js";
import { makeProgress } from "../views/progress.js";
import { styleSheet } from "../views/style.js";
import { copyButton } from "../views/take.js";
import { pause } from "../pause.js";
import { figureNames, poolSize, settingsOf } from "../settings.js";
import { languageIn } from "../text/tags.js";
import { sayStanding } from "./standing.js";

/** @typedef {import("../lock-lab.js").State} State */
/** @typedef {import("../lock-lab.js").Config} Config */
/** @typedef {import("../engine/board.js").Live} Live */
/** @typedef {import("../text/words.js").Words} Words */
/**
 * @typedef {object} Handlers  what a reader may want
 * @property {() => void} run
 * @property {() => void} stop
 * @property {(patch: Config) => void} configure
 * @property {(worker: number) => void} kill
 * @property {() => void} warm  a run is likely soon
 */
/** @typedef {{live: string, card: string, rust: string, figure: string}} Links */
/** @typedef {import("./manifest.js").FigureModule} FigureModule */
/** @typedef {import("../reach/isolation.js").Reach} Reach */
/** @typedef {{lang: string, dir: "ltr" | "rtl"}} Language  of the words, for who reads or speaks them */
/** @typedef {{threads: number, gib: number}} Room  so many threads are enough for a machine with so much memory */

/** @param {string} name */
const numberOf = (name) => figureNames.indexOf(name) + 1;

/** So many controls stand side by side where there is room. */
const WIDEST = 6;

/** States in which nothing is wrong and nothing goes on. @type {State[]} */
const RESTING = ["loading", "ready", "done", "stopped"];

/**
 * Puts a figure into a shadow root.
 * @param {{root: ShadowRoot, name: string, words: Words, own: any, module: FigureModule | null, language: Language, room: Room | null, links: Links, handlers: Handlers}} options
 *   `own`: the figure's own words; `module`: null where there is no such figure; `room`: null where settings are all that limits threads
 */
export async function mountFigure({ root, name, words, own, module, language, room, links, handlers }) {
  // In steps, the first time: a slow phone needs as long for each as a reader may be kept waiting. Another language comes at once.
  const rest = root.adoptedStyleSheets.length ? async () => {} : pause;
  root.adoptedStyleSheets = [styleSheet()];
  await rest();
  const shell = new Shell(root, name, module, words, own, language, room, links, handlers);
  await rest();
  shell.mount(module);
  return shell;
}

/** One figure as it stands in the page. */
export class Shell {
  /**
   * @param {ShadowRoot} root @param {string} name @param {FigureModule | null} module  null where there is no such figure
   * @param {Words} words @param {any} own  the figure's @param {Language} language @param {Room | null} room @param {Links} links @param {Handlers} handlers
   */
  constructor(root, name, module, words, own, language, room, links, handlers) {
    this.root = root;
    this.name = name;
    this.words = words;
    this.language = language;
    this.links = links;
    this.handlers = handlers;
    /** @type {State} */
    this.state = "loading";
    this.refused = false;
    this.stopping = false;
    /** What was to be said instead of what a state says by itself. @type {string | undefined} */
    this.note = undefined;
    /** Where a recorded run comes from, while one is shown. @type {string | null} */
    this.recordedIn = null;
    /** @type {any} */
    this.report = null;
    /** @type {Config} */
    this.config = {};
    const { figure } = words;
    this.said = h("p", { class: "said", role: "status" });
    this.count = h("span", { class: "count" });
    this.spoken = h("p", { class: "unseen", role: "status" });
    this.progress = makeProgress(figure.progress, (tenth) => refill(this.spoken, figure.tenth(tenth)));
    this.button = h("button", { type: "button", class: "run", onClick: () => (this.state === "running" ? handlers.stop() : handlers.run()), onPointerenter: handlers.warm, onFocus: handlers.warm }, figure.run);
    this.tag = h("p", { class: "tag" });
    this.live = h("div", { class: "live" });
    this.results = h("div", { class: "results" });
    this.folded = h("div", { class: "folded" });
    this.environmentLine = h("span", null, figure.environmentUnknown);
    this.standing = h("details", { class: "standing", hidden: true });
    this.fields = h("fieldset", { "aria-label": figure.settings });
    this.extra = h("div", { class: "extra" });
    this.own = own;
    this.manifest = module?.figure ?? null;
    this.heights = this.manifest?.heights[languageIn(language.lang) ?? ""] ?? this.manifest?.heights.en;
    this.more = h("details", { class: "more" }, h("summary", null, figure.moreSettings));
    this.controls = this.makeControls(room);
    this.presets = this.makePresets();
    this.menu = makeMenu(words.take.open, () => this.takeHome());
    /** What is shown, somebody else's recorded run included. @type {any} */
    this.shown = null;
    this.beside = new Beside(this);
    this.frameElement = this.assemble();
  }

  /** The figure's own part, and all of it into the page. @param {FigureModule | null} module */
  mount(module) {
    const { kill, configure } = this.handlers;
    this.body = module?.mount({ live: this.live, results: this.results, fields: this.extra }, this.words, this.own, { kill, configure });
    this.beside.listen(this.frameElement);
    this.root.replaceChildren(this.frameElement);
    this.show("loading");
  }

  /** All parts in their order. Of a figure that doesn't exist only what can say so. */
  assemble() {
    const { figure } = this.words;
    const state = h("div", { class: "state" }, this.said, this.count, this.progress.element);
    if (!this.own) return h("figure", { class: "figure", ...this.language }, state);
    const number = figure.number(numberOf(this.name));
    return h("figure", { class: "figure", ...this.language, "aria-label": `${number}: ${this.own.title}` },
      // Alone on its page it is what the page is about.
      h("p", { class: "title", ...(this.root.host.hasAttribute("data-alone") && { role: "heading", "aria-level": 1 }) }, h("b", null, number), " ", this.own.title),
      h("p", { class: "question" }, this.own.question),
      this.fields,
      h("div", { class: "presets" }, h("span", null, figure.presets), [...this.presets.values()]),
      h("div", { class: "start" }, this.button, state),
      this.spoken,
      this.tag,
      this.live,
      this.beside.element,
      this.results,
      this.folded,
      h("footer", null, this.environmentLine, this.standing, h("span", { class: "links" },
        h("button", { type: "button", onClick: () => void this.share() }, this.words.share.open),
        this.menu.element,
        h("a", { href: this.links.rust, target: "_blank", rel: "noopener" }, figure.sourceRust),
        h("a", { href: this.links.figure, target: "_blank", rel: "noopener" }, figure.sourceFigure))));
  }

  /** @param {Room | null} room */
  makeControls(room) {
    /** @type {Map<string, import("../views/controls.js").Control>} */
    const controls = new Map();
    for (const setting of settingsOf(this.name)) {
      // A text is the figure's own to show and to change.
      const { kind } = setting;
      if (kind === "text") continue;
      const said = this.own?.controls?.[setting.name] ?? /** @type {Record<string, any>} */ (this.words.controls)[setting.name] ?? { label: setting.name };
      const choice = (/** @type {string} */ name) => said.choices?.[name] ?? this.words.counter(name);
      const most = room && setting.name === "threads" ? { most: room.threads, why: this.words.controls.room(room) } : {};
      controls.set(setting.name, makeControl({ ...setting, ...most, kind }, { ...said, choice }, (value) => this.handlers.configure({ [setting.name]: value })));
    }
    const cores = navigator.hardwareConcurrency;
    if (cores) controls.get("threads")?.mark?.(cores, this.words.controls.cores(cores));
    /** @param {string[]} names */
    const grid = (names) => {
      const made = h("div", { class: "controls" }, names.map((name) => controls.get(name)?.element));
      made.style.setProperty("--columns", String(Math.min(names.length, WIDEST)));
      return made;
    };
    const inSight = this.manifest?.main ?? [...controls.keys()];
    const folded = [...controls.keys()].filter((name) => !inSight.includes(name));
    put(this.fields, grid(inSight), this.extra, folded.length > 0 && this.more);
    if (folded.length) put(this.more, grid(folded));
    return controls;
  }

  makePresets() {
    /** @type {Map<Config, HTMLButtonElement>} */
    const presets = new Map();
    for (const { id, config } of this.manifest?.presets ?? []) {
      const name = this.own.presets[id];
      presets.set(config, h("button", { type: "button", "aria-pressed": "false", "data-bold": name, onClick: () => this.handlers.configure(config) }, name));
    }
    return presets;
  }

  /** The live page with these settings. */
  address() {
    const url = new URL(this.links.live);
    url.searchParams.set("figure", this.name);
    // Who allows no scripts gets that part of the page which is the figure's recorded run.
    url.hash = `still-${this.name}`;
    for (const setting of settingsOf(this.name)) if (this.config[setting.name] !== undefined) url.searchParams.set(setting.attribute, String(this.config[setting.name]));
    return url.href;
  }

  /** The figure's number and title, as on its first line. */
  heading() {
    return `${this.words.figure.number(numberOf(this.name))}: ${this.own.title}`;
  }

  /** What can be taken home now. */
  async takeHome() {
    const { itemsFor } = await import("./export/take-home.js");
    return itemsFor(this, (text) => void this.beside.offer(text));
  }

  /** How this figure is put into another page. */
  async share() {
    const { openShare } = await import("./share/share.js");
    await openShare(this);
  }

  /** The settings in force. @param {Config} config  lacks what is wrong */
  configure(config) {
    this.config = config;
    for (const [name, control] of this.controls) if (config[name] !== undefined) control.show(config[name]);
    for (const [preset, button] of this.presets) button.setAttribute("aria-pressed", String(Object.entries(preset).every(([name, value]) => config[name] === value)));
    for (const [name, control] of this.controls) control.element.hidden = this.manifest?.matters?.(name, config) === false && config[name] !== undefined;
    this.whole = [...this.controls.keys()].every((name) => config[name] !== undefined);
    if (this.whole) this.body?.configure(config);
    this.rest();
  }

  /** What is wrong with which attribute; empty when nothing is. @param {{attribute: string, field: string, got: string, message: string}[]} wrong */
  refuse(wrong) {
    this.refused = wrong.length > 0;
    for (const [name, control] of this.controls) {
      const mine = wrong.find((one) => one.field === name);
      if (mine) control.show(mine.got);
      control.refuse(mine ? mine.message : null);
      if (mine && this.more.contains(control.element)) this.more.open = true;
    }
    if (this.refused && this.state !== "running") {
      this.say(wrong.map((one) => one.message).join(" "), "wrong");
      this.count.textContent = "";
    }
    this.rest();
    this.enable();
  }

  /** What the line of state says while nothing happens. */
  rest() {
    if (this.refused || !RESTING.includes(this.state)) return;
    const { figure } = this.words;
    this.say(this.note ?? { loading: figure.loading, ready: figure.ready, done: figure.done, stopped: figure.stopped }[/** @type {string} */ (this.state)] ?? "");
    this.count.textContent = (this.whole && this.body?.estimate(this.config)) || "";
  }

  /** @param {string} text @param {"" | "wrong"} [kind] @param {HTMLElement | null} [link] */
  say(text, kind = "", link = null) {
    if (this.said.textContent !== text || link) refill(this.said, text, link && " ", link);
    this.said.dataset.kind = kind;
  }

  /**
   * The figure's state, and what belongs to it.
   * @param {State} state
   * @param {{error?: {message: string}, waiting?: boolean, stopping?: boolean, note?: string, threads?: number}} [detail]
   */
  show(state, { error, waiting, stopping, note, threads } = {}) {
    const { figure } = this.words;
    this.state = state;
    this.note = note;
    this.stopping = state === "running" && stopping === true;
    if (state === "running") this.say(stopping ? figure.stoppingNow : waiting ? figure.waiting : figure.startingThreads(threads ?? poolSize(this.name, this.config)));
    else if (error) this.say(error.message, "wrong", state === "unsupported" ? h("a", { href: this.address(), target: "_blank", rel: "noopener" }, figure.live) : null);
    this.count.textContent = "";
    this.rest();
    if (state !== "running") this.progress.hide();
    else if (!stopping) this.progress.wait();
    const label = state !== "running" ? (this.report ? figure.again : figure.run) : stopping ? figure.stopping : figure.stop;
    if (this.button.textContent !== label) this.button.textContent = label;
    this.button.classList.toggle("stop", state === "running");
    this.frameElement.classList.toggle("running", state === "running");
    this.showTag();
    this.enable();
  }

  enable() {
    this.button.disabled = this.state === "loading" || this.state === "unsupported" || (this.refused && this.state !== "running");
    const busy = this.state === "running" || this.state === "unsupported";
    this.fields.toggleAttribute("disabled", busy);
    for (const button of this.presets.values()) button.disabled = busy;
  }

  /** Where the last run ran. @param {any} environment */
  environment(environment) {
    this.environmentLine.textContent = this.words.figure.environment(environment);
  }

  /** Where the page stands: by what means it shares memory, why, and what its author could do. @param {Reach} reach */
  stand(reach) {
    const { setup, by, why, advice } = sayStanding(reach, this.words);
    refill(this.standing, h("summary", null, by), h("p", null, this.words.reach.setup(setup), " ", why, " ", advice));
    this.standing.hidden = false;
  }

  /** A run has its threads. @param {Config} config @param {Live} live */
  begin(config, live) {
    this.recordedIn = null;
    this.showTag();
    this.progress.begin();
    this.body?.begin(config, live);
  }

  /** Something may have changed. @param {Live} live */
  frame(live) {
    const now = this.body?.frame(live);
    if (!now || this.state !== "running" || this.stopping) return;
    this.say(now.said);
    const left = now.leftMs === null ? "" : this.words.figure.left(now.leftMs);
    const count = [now.count, left].filter(Boolean).join(" · ");
    if (this.count.textContent !== count) this.count.textContent = count;
    this.progress.set(now.share);
  }

  /** A run is over. @param {any} report @param {Live | null} live @param {any[]} previous  reports of earlier runs with these settings */
  finish(report, live, previous) {
    this.report = report;
    this.recordedIn = null;
    this.showReport(report, live, { previous, recorded: false });
  }

  /** Runs of the same code outside of any browser. @param {any[]} reports */
  natives(reports) {
    this.body?.natives?.(reports);
  }

  /** A run that somebody else made, elsewhere. @param {any} report @param {Live} live */
  recorded(report, live) {
    if (this.report || this.state === "running") return;
    this.recordedIn = this.words.figure.where(report.environment);
    this.showReport(report, live, { previous: [], recorded: true });
    this.showTag();
    performance.mark("lock-lab picture");
  }

  showTag() {
    const { figure } = this.words;
    this.frameElement.classList.toggle("recorded", this.recordedIn !== null);
    refill(this.tag, this.recordedIn !== null && [h("b", null, figure.recorded), " ", figure.recordedIn(this.recordedIn), this.state !== "unsupported" && ` ${figure.runYourOwn}`]);
  }

  /** @param {any} report @param {Live | null} live @param {{previous: any[], recorded: boolean}} options */
  showReport(report, live, options) {
    const { figure } = this.words;
    this.shown = report;
    this.menu.button.disabled = false;
    this.body?.finish(report, live, options);
    if (this.beside.other) this.beside.lay(this.beside.other);
    for (const warning of report.warnings ?? []) {
      // What has no words here the figure says itself, beside its numbers.
      const words = this.words.warnings[warning.code]?.(warning);
      if (words) put(this.results, h("p", { class: "warning" }, words));
    }
    const json = () => JSON.stringify(report, null, 2);
    refill(this.folded,
      report.text && h("details", null, h("summary", null, this.own.printed ?? figure.post), h("pre", null, report.text), copyButton(figure.copy, figure.copied, () => report.text)),
      h("details", { onToggle: lazily(() => [copyButton(figure.copy, figure.copied, json), h("pre", null, json())]) }, h("summary", null, figure.report)));
  }

  destroy() {
    this.menu.close();
    this.body?.destroy();
    this.root.replaceChildren();
  }
}
