/**
 * The anatomy that all figures share: title, controls, Run and Stop, the live part, the line of state, results, foot. What is in the live part and
 * in the results is the figure's own, `figures/<name>.js`. Knows states and words, not threads and not experiments.
 */
import { makeControl } from "../views/controls.js";
import { h, put, refill } from "../views/dom.js";
import { makeProgress } from "../views/progress.js";
import { styleSheet } from "../views/style.js";
import { copyButton, download } from "../views/take.js";
import { counterLabel, settingsOf } from "../settings.js";

/** @typedef {import("../lock-lab.js").State} State */
/** @typedef {import("../lock-lab.js").Config} Config */
/** @typedef {import("../engine/board.js").Live} Live */
/** @typedef {import("../text/words.js").Words} Words */
/**
 * @typedef {object} Handlers  what a reader may want
 * @property {() => void} run
 * @property {() => void} stop
 * @property {(patch: Config) => void} configure
 * @property {() => void} warm  a run is likely soon
 */
/**
 * @typedef {object} Body  what a figure's own file mounts
 * @property {(config: Config) => void} configure
 * @property {(config: Config) => number} estimateMs
 * @property {(config: Config) => string} estimate
 * @property {(config: Config, live: Live) => void} begin
 * @property {(live: Live) => {said: string, count: string, share: number, leftMs: number | null}} frame
 * @property {(report: any, live: Live | null, previous: any[]) => void} finish
 * @property {() => void} destroy
 */
/** @typedef {{name: string, presets: {id: string, config: Config}[], words(words: Words): any, mount(places: {live: HTMLElement, results: HTMLElement}, words: Words): Body}} FigureModule */
/** @typedef {{live: string, rust: string, figure: string}} Links */

/** The figures that there are. @type {Record<string, () => Promise<{figure: FigureModule}>>} */
const modules = {
  "lock-cost": () => import("./lock-cost.js"),
};

/**
 * Puts a figure into a shadow root.
 * @param {{root: ShadowRoot, name: string, words: Words, links: Links, handlers: Handlers}} options
 */
export async function mountFigure({ root, name, words, links, handlers }) {
  root.adoptedStyleSheets = [styleSheet()];
  const load = modules[name];
  const { figure } = load ? await load() : { figure: null };
  return new Shell(root, name, figure, words, links, handlers);
}

/** One figure as it stands in the page. */
export class Shell {
  /**
   * @param {ShadowRoot} root @param {string} name @param {FigureModule | null} module  null where there is no such figure
   * @param {Words} words @param {Links} links @param {Handlers} handlers
   */
  constructor(root, name, module, words, links, handlers) {
    this.root = root;
    this.name = name;
    this.words = words;
    this.handlers = handlers;
    /** @type {State} */
    this.state = "loading";
    this.refused = false;
    /** @type {any} */
    this.report = null;
    /** @type {Config} */
    this.config = {};
    this.said = h("p", { class: "said" });
    this.count = h("span", { class: "count" });
    this.progress = makeProgress(words.figure.progress, (tenth) => this.announce(words.figure.tenth(tenth)));
    this.spoken = h("p", { class: "unseen", role: "status" });
    this.tag = h("p", { class: "tag" });
    this.live = h("div", { class: "live" });
    this.results = h("div", { class: "results" });
    this.folded = h("div", { class: "folded" });
    this.environmentLine = h("span", null, words.figure.environmentUnknown);
    this.button = h("button", { type: "button", class: "run", onClick: () => this.press(), onPointerenter: handlers.warm, onFocus: handlers.warm }, words.figure.run);
    this.estimate = h("span", null);
    this.fields = h("fieldset", { "aria-label": words.figure.settings, onPointerenter: handlers.warm });
    this.controls = this.makeControls();
    this.own = module ? module.words(words) : null;
    this.presets = module ? this.makePresets(module) : null;
    this.links = h("span", { class: "links" });
    this.fillLinks(links);
    this.liveLink = links.live;
    root.replaceChildren(
      h("div", { class: "figure" },
        module && h("div", null,
          h("p", { class: "title" }, h("b", null, words.figure.number(1)), " ", this.own.title),
          h("p", { class: "question" }, this.own.question)),
        module && h("div", { class: "above" }, h("div", null, this.fields, h("p", { class: "presets" }, this.presets, this.estimate)), this.button),
        h("div", { class: "state" }, this.said, this.count, this.progress.element),
        this.spoken,
        this.tag,
        this.live,
        this.results,
        this.folded,
        h("footer", null, this.environmentLine, this.links)),
    );
    this.body = module?.mount({ live: this.live, results: this.results }, words);
    this.show("loading");
  }

  makeControls() {
    const grid = h("div", { class: "controls" });
    /** @type {Map<string, import("../views/controls.js").Control>} */
    const controls = new Map();
    for (const setting of settingsOf(this.name)) {
      const said = /** @type {Record<string, any>} */ (this.words.controls)[setting.name] ?? { label: setting.name };
      const control = makeControl({ ...setting }, { ...said, choice: counterLabel }, (value) => this.handlers.configure({ [setting.name]: value }));
      controls.set(setting.name, control);
      put(grid, control.element);
    }
    const cores = navigator.hardwareConcurrency;
    if (cores) controls.get("threads")?.mark?.(cores, this.words.controls.cores(cores));
    put(this.fields, grid);
    return controls;
  }

  /** @param {FigureModule} module */
  makePresets(module) {
    return [
      h("span", null, this.words.figure.presets),
      ...module.presets.map(({ id, config }) => h("button", { type: "button", onClick: () => this.handlers.configure(config) }, this.own.presets[id])),
    ];
  }

  /** @param {Links} links */
  fillLinks(links) {
    const { figure } = this.words;
    put(this.links,
      copyButton(figure.copyLink, figure.linkCopied, () => this.address()),
      h("button", { type: "button", disabled: true, class: "save", onClick: () => this.report && download(`lock-lab-${this.name}.json`, JSON.stringify(this.report, null, 2), "application/json") }, figure.save),
      h("a", { href: links.rust, target: "_blank", rel: "noopener" }, figure.sourceRust),
      h("a", { href: links.figure, target: "_blank", rel: "noopener" }, figure.sourceFigure));
  }

  /** The live page with these settings. */
  address() {
    const url = new URL(this.liveLink);
    url.searchParams.set("figure", this.name);
    for (const setting of settingsOf(this.name)) if (this.config[setting.name] !== undefined) url.searchParams.set(setting.attribute, String(this.config[setting.name]));
    return url.href;
  }

  press() {
    if (this.state === "running") this.handlers.stop();
    else this.handlers.run();
  }

  /** Says something to who can't see. @param {string} text */
  announce(text) {
    this.spoken.textContent = text;
  }

  /** The settings in force. @param {Config} config */
  configure(config) {
    this.config = config;
    for (const [name, control] of this.controls) control.show(config[name]);
    if (!this.body) return;
    this.body.configure(config);
    this.estimate.textContent = this.body.estimate(config);
  }

  /** What is wrong with which attribute; empty when nothing is. @param {{attribute: string, field: string, got: string, message: string}[]} wrong */
  refuse(wrong) {
    this.refused = wrong.length > 0;
    for (const [name, control] of this.controls) {
      const mine = wrong.find((one) => one.field === name);
      if (mine) control.show(mine.got);
      control.refuse(mine ? mine.message : null);
    }
    if (this.refused) this.say(wrong.map((one) => one.message).join(" "), "wrong");
    else if (this.state !== "running") this.say(this.resting());
    this.enable();
  }

  /** What the line of state says while nothing happens. */
  resting() {
    const { figure } = this.words;
    return this.state === "loading" ? figure.loading : this.state === "done" ? figure.done : this.state === "stopped" ? figure.stopped : "";
  }

  /** @param {string} text @param {"" | "wrong"} [kind] @param {HTMLElement | null} [link] */
  say(text, kind = "", link = null) {
    refill(this.said, text, link && " ", link);
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
    if (state === "running") this.say(stopping ? figure.stoppingNow : waiting ? figure.waiting : figure.startingThreads(threads ?? Number(this.config.threads)));
    else if (error) this.say(error.message, "wrong", state === "unsupported" ? h("a", { href: this.address(), target: "_blank", rel: "noopener" }, figure.live) : null);
    else if (!this.refused) this.say(note ?? this.resting());
    if (state !== "running") {
      this.progress.hide();
      this.count.textContent = "";
    } else if (!stopping) this.progress.wait();
    this.button.textContent = state === "running" ? (stopping ? figure.stopping : figure.stop) : this.report ? figure.again : figure.run;
    this.button.classList.toggle("stop", state === "running");
    if (state === "failed" || state === "unsupported" || state === "done" || state === "stopped") this.announce(this.said.textContent ?? "");
    this.enable();
  }

  enable() {
    this.button.disabled = this.state === "loading" || this.state === "unsupported" || (this.refused && this.state !== "running");
    this.fields.toggleAttribute("disabled", this.state === "running" || this.state === "unsupported");
    for (const button of this.presets ?? []) if (button instanceof HTMLButtonElement) button.disabled = this.state === "running" || this.state === "unsupported";
  }

  /** Where the last run ran. @param {any} environment */
  environment(environment) {
    this.environmentLine.textContent = this.words.figure.environment(environment);
  }

  /** A run has its threads. @param {Config} config @param {Live} live */
  begin(config, live) {
    this.root.firstElementChild?.classList.remove("recorded");
    this.tag.textContent = "";
    this.progress.begin();
    this.body?.begin(config, live);
  }

  /** Something may have changed. @param {Live} live */
  frame(live) {
    const now = this.body?.frame(live);
    if (!now || this.state !== "running" || this.button.textContent === this.words.figure.stopping) return;
    if (this.said.textContent !== now.said) this.say(now.said);
    const left = now.leftMs === null ? this.words.figure.unknownLeft : this.words.figure.left(now.leftMs);
    const count = `${now.count} · ${left}`;
    if (this.count.textContent !== count) this.count.textContent = count;
    this.progress.set(now.share);
  }

  /** A run is over. @param {any} report @param {Live | null} live @param {any[]} previous  reports of earlier runs with these settings */
  finish(report, live, previous) {
    this.report = report;
    this.showReport(report, live, previous);
    this.root.querySelector("button.save")?.removeAttribute("disabled");
  }

  /** A run that somebody else made, elsewhere. @param {any} report @param {Live} live */
  recorded(report, live) {
    if (this.report || this.state === "running") return;
    this.root.firstElementChild?.classList.add("recorded");
    this.tag.textContent = this.words.figure.recorded(report.environment.engine + ", " + this.words.controls.cores(report.environment.cores));
    this.showReport(report, live, []);
  }

  /** @param {any} report @param {Live | null} live @param {any[]} previous */
  showReport(report, live, previous) {
    const { figure } = this.words;
    this.body?.finish(report, live, previous);
    for (const warning of report.warnings ?? []) put(this.results, h("p", { class: "warning" }, this.words.warnings[warning.code]?.(warning) ?? warning.code));
    refill(this.folded,
      report.text && h("details", null, h("summary", null, figure.post), h("pre", null, report.text), copyButton(figure.copy, figure.copied, () => report.text)),
      h("details", { onToggle: lazily(() => [h("pre", null, JSON.stringify(report, null, 1)), copyButton(figure.copy, figure.copied, () => JSON.stringify(report, null, 2))]) }, h("summary", null, figure.report)));
  }

  destroy() {
    this.body?.destroy();
    this.root.replaceChildren();
  }
}

/** Makes what is folded away only when somebody opens it. @param {() => Node[]} make @returns {(event: Event) => void} */
export function lazily(make) {
  let made = false;
  return (event) => {
    const details = /** @type {HTMLDetailsElement} */ (event.currentTarget);
    if (!details.open || made) return;
    made = true;
    put(details, make());
  };
}
