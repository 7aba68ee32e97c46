/**
 * The anatomy that all figures share: title, controls, Run and Stop with the line of state, the live part, the verdict, what is folded below it, foot.
 * What is in the live part and what came out is the figure's own, `figures/NAME/view.js`. It renders the element's model, patch by patch, in one language.
 */
import { Beside } from "./beside.js";
import { addressOf, attributesOf, followLinks } from "./links.js";
import { Panel } from "./panel.js";
import { h, refill } from "../views/dom.js";
import { keepOwn } from "../views/keep.js";
import { makeMenu } from "../views/menu.js";
import { makeProgress } from "../views/progress.js";
import { style } from "../views/style.js";
import { copyButton } from "../views/take.js";
import { part } from "../part.js";
import { pause } from "../pause.js";
import { isFramed } from "../reach/isolation.js";
import { ownRoomFor } from "../reach/place.js";
import { watchSurroundings } from "../reach/surroundings.js";
import { adoptStyles } from "../sheets.js";
import { attributeOf, settingsOf } from "../settings.js";
import { tagOf } from "./recorded-tag.js";
import { sentenceOf, verdictOf } from "./sentence.js";
import { sayStanding } from "./standing.js";

/** @typedef {import("../model.js").Model} Model @typedef {import("../model.js").State} State */
/** @typedef {import("../settings.js").Config} Config */
/** @typedef {import("../engine/board.js").Live} Live */
/** @typedef {import("../text/words.js").Words} Words */
/**
 * @typedef {object} Actions  what a reader may want
 * @property {() => void} run
 * @property {() => void} stop
 * @property {(patch: Config) => void} configure
 * @property {(worker: number) => void} kill
 * @property {import("./manifest.js").Actions["step"]} step
 * @property {() => void} warm  a run is likely soon
 */
/** @typedef {{live: string, card: string, rust: string, figure: string, machines: string[]}} Links  `machines`: runs of other machines */
/** @typedef {import("./manifest.js").FigureModule} FigureModule @typedef {import("./manifest.js").Body} Body */
/** @typedef {import("../reach/isolation.js").Reach} Reach */
/** @typedef {{lang: string, dir: "ltr" | "rtl"}} Language  of the words, for who reads or speaks them */
/** @typedef {{threads: number, gib: number}} Room  how many threads fit into a machine with this much memory */

/** States in which nothing is wrong and nothing goes on. @type {State[]} */
const RESTING = ["loading", "ready", "done", "stopped"];

/**
 * @typedef {object} Options
 * @property {ShadowRoot} root
 * @property {Model} model
 * @property {AbortSignal} signal  ends the shell
 * @property {Words} words
 * @property {any} own  the figure's own words
 * @property {FigureModule | null} module  null where there is no such figure
 * @property {Language} language
 * @property {Room | null} room  null where settings are all that limits threads
 * @property {Links} links
 * @property {Actions} actions
 */

/** Puts a figure into a shadow root, and keeps it as the model says until the signal aborts. @param {Options} options */
export async function mountFigure(options) {
  const { root, model, signal } = options;
  // In steps, the first time: a slow phone needs as long for each as a reader may be kept waiting. Another language comes at once.
  const rest = root.querySelector("figure") ? async () => {} : pause;
  const adopt = () => adoptStyles(root, [style, css(), size(), options.module?.style ?? ""]);
  const { css, size, probe, look } = watchSurroundings(root.host, signal, adopt);
  adopt();
  await rest();
  const shell = new Shell(options, adopt);
  await rest();
  if (signal.aborted) return shell;
  shell.mount(probe);
  look();
  model.subscribe((patch) => shell.render(patch), signal);
  signal.addEventListener("abort", () => shell.destroy());
  return shell;
}

/** One figure in the page. */
export class Shell {
  /** @param {Options} options @param {() => void} adopt  takes the style of the document that the figure is in */
  constructor({ root, model, signal, words, own, module, language, room, links, actions }, adopt) {
    this.adopt = adopt;
    this.root = root;
    this.model = model;
    this.signal = signal;
    this.name = model.figure;
    this.words = words;
    this.own = own;
    this.module = module;
    this.manifest = module?.figure ?? null;
    this.language = language;
    this.links = links;
    this.actions = actions;
    /** Whether the dialog for sharing is on its way. */
    this.sharing = false;
    /** Whether somebody else's run is shown. */
    this.isRecorded = false;
    /** Whether the author has opened the details; who reads may close them. */
    this.unfolds = false;
    const { figure } = words;
    this.said = h("p", { class: "said", role: "status" });
    this.count = h("span", { class: "count" });
    this.spoken = h("p", { class: "unseen", role: "status" });
    this.progress = makeProgress(figure.progress, (tenth) => refill(this.spoken, figure.tenth(tenth)));
    this.button = h("button", { type: "button", class: "run", onClick: () => (model.running ? actions.stop() : actions.run()), onPointerenter: actions.warm, onFocus: actions.warm }, figure.run);
    this.tag = h("p", { class: "tag" });
    this.live = h("div", { class: "live" });
    this.verdict = h("p", { class: "verdict" });
    this.warnings = h("div", { class: "warnings" });
    this.results = h("div", { class: "inside results" });
    // Made once: what a reader has opened stays open from run to run.
    this.details = h("details", { hidden: true }, h("summary", null, figure.details), this.results);
    // A canvas in a closed fold hears of no theme.
    this.details.addEventListener("toggle", () => this.results.querySelectorAll(".stage").forEach((stage) => stage.dispatchEvent(new Event("transitionrun"))), true);
    this.printed = h("details", { hidden: true, class: "folded" }, h("summary", null, own?.printed ?? figure.post));
    this.data = h("details", { hidden: true, class: "folded" }, h("summary", null, figure.report));
    this.standing = h("details", { class: "standing", hidden: true });
    this.stray = h("p", { class: "warning", hidden: true });
    /** The part of the figure that is shown, where it is not the whole. */
    this.slice = this.manifest?.slices[model.view.show];
    this.heights = (this.slice ?? this.manifest)?.heights;
    this.panel = new Panel({ name: this.name, manifest: this.manifest, words, own, room, only: this.slice?.controls ?? null, configure: actions.configure });
    this.question = h("p", { class: "question" });
    this.whole = h("a", { target: "_blank", rel: "noopener" }, figure.whole);
    this.menu = makeMenu(words.take.open, () => this.takeHome(), words.take.unfetched);
    this.sorry = h("p", { class: "warning", role: "status" });
    this.beside = new Beside(this);
    this.frameElement = this.assemble();
    if (this.heights) this.frameElement.style.minHeight = ownRoomFor(this.heights);
  }

  /** The figure's own part, and all of it into the page, as the model is now. @param {HTMLElement} probe  of what is around the figure */
  mount(probe) {
    this.adopt();
    const { kill, configure, run, step } = this.actions;
    const tell = (/** @type {string[]} */ sentences, /** @type {import("../views/dom.js").Child[]} */ ...more) => this.tell(sentences, more);
    this.body = this.module?.mount({ live: this.live, fields: this.panel.extra, show: this.slice ? this.model.view.show : "" }, this.words, this.own, { kill, configure, run, step, tell });
    this.beside.listen(this.frameElement, this.signal);
    // On paper nothing is folded that has numbers.
    const folds = [this.panel.more, this.details];
    let before = [false, false];
    window.addEventListener("beforeprint", () => (before = folds.map((one) => one.open || ((one.open = true), false))), { signal: this.signal });
    window.addEventListener("afterprint", () => folds.forEach((one, i) => (one.open = before[i])), { signal: this.signal });
    keepOwn(this.root, this.signal);
    if (isFramed()) followLinks(this.frameElement, this.words, (said) => refill(this.sorry, said), this.signal);
    this.root.replaceChildren(probe, this.frameElement);
    for (const [name, value] of Object.entries(this.slice?.config ?? {})) if (!this.root.host.hasAttribute(attributeOf(name) ?? name)) configure({ [name]: value });
    this.render(this.model);
  }

  /** What is shown, somebody else's recorded run included. @returns {any} */
  get shown() {
    return this.model.report ?? this.model.recorded?.report ?? null;
  }

  /** Shows what a patch has changed. @param {Partial<Model>} patch */
  render(patch) {
    const { model } = this;
    if ("config" in patch) this.configure();
    if ("view" in patch && model.view.details !== this.unfolds) this.details.open = this.unfolds = model.view.details;
    if ("misspelt" in patch) {
      this.stray.textContent = model.misspelt.map(this.words.misspelt).join(" ");
      this.stray.hidden = model.misspelt.length === 0;
    }
    if ("reach" in patch && model.reach) this.stand(model.reach);
    // Of a run that broke off nothing stays: what was shown before it comes back.
    const brokeOff = "running" in patch && !model.running && this.drawn !== undefined && this.drawn !== model.live;
    if (("report" in patch || brokeOff) && model.report) this.finish();
    else if (("recorded" in patch || brokeOff) && model.recorded) this.showRecorded();
    if (brokeOff) this.drawn = undefined;
    if ("state" in patch || "running" in patch || "error" in patch) this.showState();
    if ("running" in patch && model.running?.live && model.running.live !== this.drawn) this.begin(model.running.config, model.running.live);
    if ("other" in patch && (model.other || this.beside.isOpen)) this.beside.lay();
  }

  /** All parts in their order. Of a figure that doesn't exist only what can say so. */
  assemble() {
    const { figure } = this.words;
    const sharing = h("button", { type: "button", onClick: () => void this.share() }, figure.share);
    if (!this.own) return h("figure", { class: "figure", ...this.language }, this.said);
    if (this.slice) {
      return h("figure", { class: "figure slice", ...this.language, "aria-label": this.heading() },
        h("p", { class: "instruction" }, this.own.slices[this.model.view.show]), this.stray,
        h("div", { class: "start" }, this.panel.element, this.button), h("div", { class: "state" }, this.said, this.count, this.tag, this.progress.element), this.spoken,
        this.live, this.beside.element, this.verdict, this.warnings, h("footer", null, this.standing, sharing, this.whole, this.sorry));
    }
    return h("figure", { class: "figure", ...this.language, "aria-label": this.heading() },
      // Alone on its page it is what the page is about.
      h("p", { class: "title", ...(this.root.host.hasAttribute("data-alone") && { role: "heading", "aria-level": 1 }) }, this.number && h("b", null, this.number), this.own.title),
      this.question,
      this.panel.element,
      this.stray,
      h("div", { class: "start" }, this.button, h("div", { class: "state" }, this.said, this.count, this.tag, this.progress.element)),
      this.spoken, this.live, this.beside.element, this.verdict, this.warnings,
      h("div", { class: "folds line" }, this.details, this.printed, this.data),
      h("footer", null, this.standing, h("span", { class: "links" },
        sharing, this.menu.element, h("a", { href: this.links.rust, target: "_blank", rel: "noopener" }, figure.sourceRust)),
      this.sorry));
  }

  /** The live page with what is shown here, but for what is to be otherwise. @param {import("./links.js").Look} [look] */
  address(look) {
    return addressOf(this.links.live, attributesOf(this.model, look));
  }

  /** What it is called among others: only an article has numbers. */
  get number() {
    const number = this.root.host.getAttribute("data-number");
    return number && this.words.figure.number(Number(number));
  }

  /** The figure's number and title, as on its first line. */
  heading() {
    return [this.number, this.own.title].filter(Boolean).join(": ");
  }

  /** What can be taken home now. */
  async takeHome() {
    const { itemsFor } = await part(() => import("./export/take-home.js"), import.meta.url);
    return itemsFor(this, (offered) => void this.beside.offer(offered));
  }

  /** How this figure is put into another page. */
  async share() {
    if (this.sharing) return;
    this.sharing = true;
    try {
      const { openShare } = await part(() => import("./share/share.js"), import.meta.url);
      this.sorry.textContent = "";
      await openShare(this);
    } catch {
      this.sorry.textContent = this.words.take.unfetched;
    }
    this.sharing = false;
  }

  /** The settings in force, and what is wrong with which attribute. */
  configure() {
    const { config, wrong } = this.model;
    this.panel.show(config, wrong);
    this.whole.href = this.address({ show: "" });
    if (this.own && this.isWhole) this.question.textContent = this.own.question(config);
    if (this.isWhole) this.body?.configure(config);
    if (!this.model.running) this.showState();
  }

  /** Whether each setting has a value that can be run. */
  get isWhole() {
    return settingsOf(this.name).every(({ name }) => this.model.config[name] !== undefined);
  }

  /** @param {string} text @param {"" | "wrong"} [kind] @param {HTMLElement | null} [link] */
  say(text, kind = "", link = null) {
    if (this.said.textContent !== text || link) refill(this.said, text, link && " ", link);
    if (this.said.dataset.kind !== kind) this.said.dataset.kind = kind;
  }

  /** The figure's state, and what belongs to it. */
  showState() {
    const { state, running, error } = this.model;
    const { figure } = this.words;
    // While threads run, each frame says how far they are.
    if (!running?.live || running.stopping) {
      this.sayState();
      this.count.textContent = (RESTING.includes(state) && !this.model.wrong.length && this.isWhole && this.body?.estimate(this.model.config)) || "";
    }
    if (!running) this.progress.hide();
    else if (!running.live && !running.stopping) this.progress.wait();
    const label = !running ? (this.model.report ? figure.again : figure.run) : running.stopping ? figure.stopping : figure.stop;
    if (this.button.textContent !== label) this.button.textContent = label;
    this.button.classList.toggle("stop", running !== null);
    this.frameElement.classList.toggle("running", running !== null);
    this.showTag();
    const isOff = state === "unsupported";
    this.button.disabled = !running && (state === "loading" || isOff || this.model.wrong.length > 0);
    this.panel.element.toggleAttribute("disabled", running !== null || (isOff && !error?.detail?.alone));
  }

  /** The line of state. What is wrong with the recorded run stands with that run. */
  sayState() {
    const { state, running, wrong, error, note } = this.model;
    const { figure } = this.words;
    if (running) return this.say(running.stopping ? figure.stoppingNow : running.queued ? figure.waiting : !running.loaded ? figure.fetching : figure.startingThreads(running.threads));
    if (wrong.length) return this.say(wrong.map((one) => this.words.wrongSetting(one)).join(" "), "wrong");
    // A frame has room for what happened; why, and what to do, is in the foot.
    if (error && state === "unsupported") return this.say(isFramed() ? this.words.errors[error.code](error.detail).what : this.sentence(error), "wrong", h("a", { href: this.address(), target: "_blank", rel: "noopener" }, figure.live));
    if (error && error.code !== "bad-report") return this.say(this.sentence(error), "wrong");
    if (RESTING.includes(state)) this.say((note && this.sentence(note)) ?? { loading: figure.loading, ready: figure.ready, done: figure.done, stopped: figure.stopped }[/** @type {string} */ (state)] ?? "");
  }

  /** A failure in this shell's language. @param {import("../model.js").LabFailure} failure */
  sentence({ code, message, detail }) {
    return Object.hasOwn(this.words.errors, code) ? sentenceOf(this.words, code, detail) : message;
  }

  /** Where the page stands: by what means it shares memory, why, and what its author could do. @param {Reach} reach */
  stand(reach) {
    const { setup, by, why, advice } = sayStanding(reach, this.words);
    const { environment } = this.model.report ?? {};
    refill(this.standing, h("summary", null, environment ? this.words.figure.environment({ ...environment, build: null }) : by),
      h("p", null, this.words.reach.setup(setup), " ", why, " ", advice),
      h("p", null, environment && `${environment.build} · `, h("a", { href: this.links.figure, target: "_blank", rel: "noopener" }, this.words.figure.sourceFigure)));
    this.standing.hidden = false;
  }

  /** A run has its threads. @param {Config} config @param {Live} live */
  begin(config, live) {
    this.drawn = live;
    this.isRecorded = false;
    this.showTag();
    this.progress.begin();
    this.body?.begin(config, live);
  }

  /** Something may have changed. @param {Live} live */
  frame(live) {
    const now = this.body?.frame(live);
    if (!now || !this.model.running || this.model.running.stopping) return;
    this.say(now.said);
    const left = now.leftMs === null ? "" : this.words.figure.left(now.leftMs);
    const count = [now.count, left].filter(Boolean).join(" · ");
    if (this.count.textContent !== count) this.count.textContent = count;
    this.progress.set(now.share);
  }

  /** The last run's report is there. */
  finish() {
    const { report, live, series, running, recorded } = this.model;
    this.isRecorded = false;
    if (this.model.reach) this.stand(this.model.reach);
    // While another run goes on its threads are drawn, not what this one has left.
    this.showReport(report, running ? null : live, { previous: series.filter((one) => one !== report), recorded: false, lent: recorded?.report });
  }

  /** A run that somebody else made, elsewhere. */
  showRecorded() {
    const { report, running, recorded } = this.model;
    if (report || running || !recorded) return;
    this.isRecorded = true;
    this.showReport(recorded.report, recorded.live, { previous: [], recorded: true });
    this.showTag();
    performance.mark("lock-lab picture");
  }

  showTag() {
    this.frameElement.classList.toggle("recorded", this.isRecorded);
    refill(this.tag, this.isRecorded && tagOf(this.model, this.words, (failure) => this.sentence(failure)));
  }

  /** @param {any} report @param {Live | null} live @param {Parameters<Body["finish"]>[2]} options */
  showReport(report, live, options) {
    const { figure } = this.words;
    this.menu.button.disabled = false;
    this.body?.finish(report, live, options);
    if (this.model.other) this.beside.lay();
    const json = () => JSON.stringify(report, null, 2);
    // Short, and there at once: a search of the page finds it.
    this.printed.hidden = !report.text;
    refill(this.printed, this.printed.firstElementChild, h("div", { class: "inside" }, h("pre", null, report.text), copyButton(figure.copy, figure, () => report.text)));
    this.fold(this.data, () => [copyButton(figure.copy, figure, json), h("pre", null, json())]);
    // What has no words here the figure says itself, beside its numbers.
    refill(this.warnings, (report.warnings ?? []).map((/** @type {any} */ one) => this.words.warnings[one.code]?.(one)).map((/** @type {string | undefined} */ text) => text && h("p", { class: "warning" }, text)));
  }

  /** A fold whose inside is made while it is open. @param {HTMLDetailsElement} fold @param {() => Node[]} make */
  fold(fold, make) {
    const summary = /** @type {HTMLElement} */ (fold.firstElementChild);
    const fill = () => refill(fold, summary, fold.open && h("div", { class: "inside" }, make()));
    fold.ontoggle = fill;
    fold.hidden = false;
    fill();
  }

  /** What came out: the verdict in one sentence, what else there is to say, and what shows it. @param {string[]} sentences @param {import("../views/dom.js").Child[]} more */
  tell(sentences, more) {
    const verdict = verdictOf(this, sentences, this.shown, this.model.config);
    if (this.slice) {
      // A recorded run that was made with another setting answers another question.
      const { config } = this.model.recorded?.report ?? {};
      const isOther = this.isRecorded && Object.entries(this.slice.config ?? {}).some(([name, value]) => config[name] !== value);
      this.verdict.textContent = isOther ? this.words.figure.recordedOtherwise : verdict;
      return;
    }
    const open = new Set([...this.results.querySelectorAll("details[open] > summary")].map(({ textContent }) => textContent));
    this.verdict.textContent = verdict;
    refill(this.results, sentences.map((text, i) => (i ? text : text.slice(verdict.length))).map((text) => text && h("p", null, text)), more);
    for (const summary of this.results.querySelectorAll("summary")) if (open.has(summary.textContent)) /** @type {HTMLDetailsElement} */ (summary.parentElement).open = true;
    this.details.hidden = false;
  }

  destroy() {
    this.menu.close();
    this.body?.destroy();
    this.root.replaceChildren();
  }
}
