/** Throughput, fairness and waits over threads as a chart, and who had the lock when. */
import { isExact } from "../../settings.js";
import { isNative } from "../../shape.js";
import { h, lazily, put, refill } from "../../views/dom.js";
import { makeHoldShare } from "../../views/hold-share.js";
import { makeLines } from "../../views/lines.js";
import { makeTable } from "../../views/table.js";
import { kindOf, makeOwnership } from "../../views/ownership.js";
import { beside, figure, pointOf, pointsTable, WINDOWS } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../shell/manifest.js").Body} Body */
/** @typedef {import("../../lock-lab.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {typeof import("./en.js").default} Own */
/** @typedef {import("../../views/lines.js").Line} Line */
/** @typedef {"throughput" | "expected" | "fairness" | "p50" | "p99" | "max"} Tab */

/** What each tab shows of a point. @type {Record<Tab, (point: any) => number | undefined>} */
const TABS = {
  throughput: (point) => point.opsPerSecond,
  expected: (point) => point.opsPerSecond,
  fairness: (point) => point.fairness,
  p50: (point) => point.waitNs?.p50,
  p99: (point) => point.waitNs?.p99,
  max: (point) => point.waitNs?.max,
};
const tabs = /** @type {Tab[]} */ (Object.keys(TABS));
/** The chart is not drawn anew more often than this while it changes, in ms. */
const PACE_MS = 150;
/** A point takes `times` the time asked for, plus `more` ms: for the estimate. */
const POINT = { times: 2.2, more: 60 };

/** @type {import("../../shell/manifest.js").FigureModule["mount"]} */
export const mount = (places, words, own, actions) => new Contention(places, words, own, actions);

/** Numbers of threads up to the last, as Rust goes through them. @param {number} last */
function stepsTo(last) {
  const steps = [];
  for (let step = 1; step < last; step *= 2) steps.push(step);
  return [...steps, last];
}

/** @implements {Body} */
class Contention {
  /** @param {import("../../shell/manifest.js").Places} places @param {Words} words @param {Own} own @param {import("../../shell/manifest.js").Actions} actions */
  constructor({ live, fields, show }, words, own, actions) {
    this.words = words;
    this.own = own;
    this.say = actions.tell;
    /** @type {any[]} */
    this.points = [];
    /** @type {any} */
    this.report = null;
    /** @type {any} */
    this.other = null;
    /** @type {Tab} */
    this.tab = "throughput";
    this.pinned = "std-mutex";
    this.steps = stepsTo(20);
    /** The number of threads that a reader chose, and the one that is being pointed at. */
    this.kept = NaN;
    this.hovered = NaN;
    this.version = -1;
    this.drawnMs = 0;
    this.inside = makeHoldShare(this.own.inside, (patch) => actions.configure(patch));
    this.buttons = tabs.map((tab) => h("button", { type: "button", "aria-pressed": String(tab === this.tab), "data-bold": this.own.tabs[tab], onClick: () => this.choose(tab) }, this.own.tabs[tab]));
    this.chart = makeLines(this.own.chart, { at: (threads, kept) => this.look(threads, kept), pin: (id) => actions.configure({ counter: id }) });
    this.hint = h("p", { class: "under" });
    const { turns } = this.own;
    this.turns = makeOwnership({ ...words.timeline, states: { ...words.timeline.states, starting: turns.outside } }, turns.title, show ? 44 : undefined);
    put(fields, this.inside.element);
    this.show = show;
    if (show === "turns") put(live, this.turns.element);
    else put(live, h("div", { class: "tabs", role: "group", "aria-label": this.own.choose }, this.buttons), this.chart.element, this.hint);
  }

  /** The timeline, where there is one to be taken home. */
  get timeline() {
    return this.turns.timeline;
  }

  /** @param {Config} config */
  configure(config) {
    this.config = config;
    this.inside.show(Number(config.holdNs), Number(config.pauseNs));
    this.pinned = String(config.counter);
    if (!this.points.length) this.steps = stepsTo(Number(config.threads));
    this.turns.reserve(Math.max(...this.steps));
    this.draw();
    this.showTurns();
    if (this.report) this.tell(this.report);
  }

  /** @param {Config} config */
  estimate({ threads, sampleMs }) {
    const steps = stepsTo(Number(threads)).length;
    return this.own.estimate(steps, steps * (Number(sampleMs) * POINT.times + POINT.more));
  }

  /** @param {Config} config @param {Live} live */
  begin(config, live) {
    this.running = config;
    this.report = null;
    this.version = -1;
    this.points = (live.tables.points ?? []).filter(Boolean);
    this.steps = stepsTo(Number(config.threads));
    this.turns.reserve(Math.max(...this.steps));
    this.draw();
    this.showTurns();
  }

  /** @param {Live} live @returns {import("../../shell/manifest.js").Now} */
  frame(live) {
    const now = performance.now();
    if (live.rowsVersion !== this.version && now - this.drawnMs > PACE_MS) {
      this.version = live.rowsVersion;
      this.drawnMs = now;
      this.points = (live.tables.points ?? []).filter(Boolean);
      this.draw();
    }
    const last = this.points.at(-1);
    const planned = Math.max(live.planned, 1);
    const { sampleMs } = this.running ?? { sampleMs: 60 };
    const done = this.points.length;
    const round = Math.max(live.phase, 0);
    const share = (round || done / planned) / WINDOWS;
    return {
      said: round ? this.own.round(round + 1, WINDOWS) : last ? this.own.measuring(this.words.counter(last.counter), last.threads) : this.own.starting,
      count: live.planned ? this.own.points(done, planned) : "",
      share,
      leftMs: live.planned ? (1 - share) * planned * (Number(sampleMs) * POINT.times + POINT.more) : null,
    };
  }

  /** @param {any} report */
  finish(report) {
    this.report = report;
    this.points = report.points ?? [];
    const measured = [...new Set(this.points.map(({ threads }) => threads))].sort((a, b) => a - b);
    this.steps = measured.length ? measured : stepsTo(Number(report.config.threads));
    this.turns.reserve(Math.max(...this.steps));
    this.draw();
    this.showTurns();
    this.tell(report);
  }

  /** @param {any | null} other */
  compare(other) {
    this.other = other;
    this.draw();
    if (this.report) this.tell(this.report);
  }

  /** @param {Tab} tab */
  choose(tab) {
    this.tab = tab;
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(tabs[i] === tab)));
    this.draw();
  }

  /** A reader points at a number of threads, or chooses it. @param {number} threads @param {boolean} kept */
  look(threads, kept) {
    this.hovered = threads;
    if (kept) {
      this.kept = threads;
      this.showTurns();
      if (this.report) this.tell(this.report);
    }
    this.draw();
  }

  /** The number of threads whose values are read. */
  get at() {
    const wanted = Number.isNaN(this.hovered) ? this.kept : this.hovered;
    return this.steps.includes(wanted) ? wanted : this.steps[this.steps.length - 1];
  }

  /** The number of threads that results and timeline are about. */
  get chosen() {
    return this.steps.includes(this.kept) ? this.kept : this.steps[this.steps.length - 1];
  }

  draw() {
    const { own: said, tab } = this;
    const cores = this.report ? (this.report.environment.cores ?? null) : (navigator.hardwareConcurrency ?? null);
    const others = beside(this.points, this.other, this.pinned).filter(({ threads }) => this.steps.includes(threads));
    const isRate = tab === "throughput" || tab === "expected";
    const own = this.linesOf(this.points, "own");
    // What is expected is expected of one: the others would only hide it.
    const lines = tab === "expected" ? [...own.filter(({ id }) => id === this.pinned), ...this.theory()] : [...own, ...this.linesOf(others, "there")];
    refill(this.hint, [said.hint(this.at), this.other && (isNative(this.other) ? said.hintMachine(this.words.counter(this.pinned)) : said.hintOther)].filter(Boolean).join(" "));
    this.chart.show({
      lines, pinned: this.pinned, xs: this.steps, at: this.at, cores, log: tab !== "fairness", title: said.titles[tab],
      mark: isRate ? said.perSecond : tab === "fairness" ? said.fairness : said.waitMark,
      format: isRate ? said.perSecond : tab === "fairness" ? said.fairness : said.wait,
    });
  }

  /** A line a counter. @param {any[]} points @param {"own" | "there"} kind @returns {Line[]} */
  linesOf(points, kind) {
    const value = TABS[this.tab];
    return [...new Set(points.map(({ counter }) => counter))].map((counter) => ({
      id: kind === "own" ? counter : `there-${counter}`, name: this.words.counter(counter), kind, loses: !isExact(counter),
      points: points.filter((one) => one.counter === counter).sort((a, b) => a.threads - b.threads)
        .map((one) => ({ x: one.threads, y: value(one) ?? null, quit: one.gaveUpAfterMs !== undefined, range: this.tab === "throughput" && one.lowOpsPerSecond && (one.windows || !this.report) ? [one.lowOpsPerSecond, one.highOpsPerSecond] : undefined })),
    }));
  }

  /** What theory expects of the pinned counter, from its one thread on. @returns {Line[]} */
  theory() {
    const mine = this.points.filter(({ counter, predicted, threads }) => counter === this.pinned && (predicted || threads === 1)).sort((a, b) => a.threads - b.threads);
    if (!mine.some(({ predicted }) => predicted)) return [];
    /** @param {string} key */
    const points = (key) => mine.map((one) => ({ x: one.threads, y: one.predicted?.[key] ?? one.opsPerSecond ?? null }));
    return [
      { id: "amdahl", name: this.own.models.amdahl, kind: "theory", loses: false, points: points("amdahlOpsPerSecond") },
      { id: "queue", name: this.own.models.queue, kind: "theory queue", loses: false, points: points("repairmanOpsPerSecond") },
    ];
  }

  /** Who had the lock when, with the pinned counter and the number of threads that is looked at. */
  showTurns() {
    const { turns: said } = this.own;
    const label = this.words.counter(this.pinned);
    const turns = pointOf(this.points, this.pinned, this.chosen)?.turns;
    if (!turns?.length) return this.turns.show(null, this.chosen, this.report ? said.missing(label, this.chosen) : said.before);
    const { kind, turns: number, ms, worker, share, longestMs } = kindOf(turns, this.chosen);
    const what = { alone: said.alone, hog: said.hog(`worker-${worker}`, share), fair: said.fair(number, ms), mixed: said.mixed(number, ms, longestMs) }[kind];
    this.turns.show(turns, this.chosen, `${said.heading(label, this.chosen, ms)}${what}`);
  }

  /** The histogram of the waits that are looked at. */
  histogram() {
    const encoded = pointOf(this.points, this.pinned, this.chosen)?.histogram;
    return encoded ? { encoded, counter: this.words.counter(this.pinned), threads: this.chosen } : null;
  }

  /** @param {any} report */
  tell(report) {
    const { own, words, points, pinned, chosen, other } = this;
    const context = { words, own, pinned, chosen, other };
    this.say(figure.sentences(report, context), !this.show && this.turns.element,
      points.length > 0 && makeTable(figure.table(report, context)),
      points.length > 0 && h("details", { onToggle: lazily(() => [makeTable(pointsTable(own.allCaption, points, context))]) }, h("summary", null, own.allOpen)),
      this.timeline.table.element);
  }

  destroy() {
    this.chart.destroy();
    this.turns.destroy();
  }
}
