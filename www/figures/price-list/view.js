/** A list of prices on a log axis, each with how sure it is, beside the marks of others. */
import { settingsOf } from "../../settings.js";
import { isNative } from "../../shape.js";
import { h, put, refill } from "../../views/dom.js";
import { makePrices } from "../../views/prices.js";
import { makeTable } from "../../views/table.js";
import { beside, figure, multiple, sorted, versus } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../shell/manifest.js").Body} Body */
/** @typedef {import("../../lock-lab.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {typeof import("./en.js").default} Own */
/** @typedef {import("../../views/prices.js").Row} Row */

/** Prices that others have measured, in ns; where, the words say. @type {[id: "cpython" | "dean" | "memory", ns: number][]} */
const ANCHORS = [["dean", 25], ["memory", 100], ["cpython", 622]];
/** The counters that are shown where not all are. */
const USUAL = ["racy", "atomic", "js-atomics", "sharded", "std-mutex", "parking-lot", "futex", "spin", "ticket", "channel", "js-message"];
/** Those that a slice shows. */
const FIVE = ["atomic", "sharded", "std-mutex", "js-atomics", "channel"];
/** The chart is not drawn anew more often than this while it changes, in ms. */
const PACE_MS = 120;

/** @type {import("../../shell/manifest.js").FigureModule["mount"]} */
export const mount = (places, words, own, actions) => new PriceList(places, words, own, actions);

/** @implements {Body} */
class PriceList {
  /** @param {import("../../shell/manifest.js").Places} places @param {Words} words @param {Own} own @param {import("../../shell/manifest.js").Actions} actions */
  constructor({ live, show }, words, own, actions) {
    this.words = words;
    this.own = own;
    this.say = actions.tell;
    /** What is in the chart, report's rows or a run's. @type {any[]} */
    this.prices = [];
    /** Their order, by counter; a run that goes on keeps it. @type {string[]} */
    this.order = [];
    /** @type {any} */
    this.report = null;
    /** @type {any} */
    this.other = null;
    /** Rows of the recorded run that this page has no thread for. @type {any[]} */
    this.lent = [];
    this.pinned = "std-mutex";
    this.version = -1;
    this.drawnMs = 0;
    this.begunMs = 0;
    this.counters = settingsOf("price-list").find(({ name }) => name === "counter")?.choices?.filter((name) => name !== "none") ?? [];
    this.chart = makePrices(this.own.chart, (id) => actions.configure({ counter: id }));
    this.usual = show ? FIVE : USUAL;
    this.hint = h("span", null);
    /** Whether every counter is shown. */
    this.isWhole = false;
    this.all = h("button", { type: "button", "aria-pressed": "false", onClick: () => this.showAll() }, own.every);
    put(live, this.chart.element, h("p", { class: "under" }, this.hint, " ", this.all));
  }

  /** @param {Config} config */
  configure(config) {
    this.config = config;
    const pinned = String(config.counter);
    if (pinned === this.pinned && this.prices.length) return;
    this.pinned = pinned;
    this.draw();
    if (this.report) this.tell(this.report);
  }

  /** @param {Config} config */
  estimate({ budgetMs }) {
    return this.own.estimate(Number(budgetMs));
  }

  /** @param {Config} config @param {Live} live */
  begin(config, live) {
    this.running = config;
    this.begunMs = performance.now();
    this.version = -1;
    this.prices = (live.tables.prices ?? []).filter(Boolean);
    this.draw();
  }

  /** @param {Live} live @returns {import("../../shell/manifest.js").Now} */
  frame(live) {
    const budgetMs = Number(this.running?.budgetMs ?? 1);
    const now = performance.now();
    const nowMs = now - this.begunMs;
    if (live.rowsVersion !== this.version && now - this.drawnMs > PACE_MS) {
      this.version = live.rowsVersion;
      this.drawnMs = now;
      this.prices = (live.tables.prices ?? []).filter(Boolean);
      this.draw();
    }
    const halves = this.prices.map(({ lowNs, highNs, nsPerOp }) => (nsPerOp > 0 ? (highNs - lowNs) / 2 / nsPerOp : 0));
    return {
      said: this.prices.length ? this.own.measuring(Math.max(0, ...halves)) : this.own.starting,
      count: this.own.rows(this.prices.length, Math.max(this.prices.length, this.counters.length)),
      share: nowMs / Math.max(budgetMs, nowMs + 1),
      leftMs: Math.max(0, budgetMs - nowMs),
    };
  }

  /** @type {Body["finish"]} */
  finish(report, _, { lent }) {
    this.report = report;
    this.prices = report.prices ?? [];
    const alone = report.warnings?.some((/** @type {any} */ one) => one.code === "one-thread");
    this.lent = alone ? (lent?.prices ?? []).filter((/** @type {any} */ one) => !this.prices.some(({ counter }) => counter === one.counter)) : [];
    this.order = sorted(report).map(({ counter }) => counter);
    this.draw();
    this.tell(report);
  }

  /** @param {any | null} other */
  compare(other) {
    this.other = other;
    this.draw();
    if (this.report) this.tell(this.report);
  }

  /** All counters, or no longer. */
  showAll() {
    this.isWhole = !this.isWhole;
    this.all.setAttribute("aria-pressed", String(this.isWhole));
    this.draw();
  }

  /** The chart: what is measured, in its order, and among it the marks of others. */
  draw() {
    const { own } = this;
    const known = new Map(this.prices.map((row) => [row.counter, row]));
    const others = beside(this.prices, this.other);
    const ids = [...new Set([...this.order, ...this.counters, ...known.keys(), ...others.map(({ counter }) => counter)])];
    const rows = ids.filter((id) => this.isWhole || id === this.pinned || this.usual.includes(id)).map((id) => this.rowOf(id, known.get(id), others));
    for (const [id, ns] of ANCHORS) {
      const anchor = { id, name: own.anchors[id].name, value: ns, range: null, js: false, anchor: true, ghosts: [{ value: ns, kind: /** @type {const} */ ("ghost") }], said: own.price(ns), ratio: this.multiple(ns) };
      // Among what is sorted it has its place; while nothing is, it stands at the end.
      const place = this.order.length ? rows.findIndex(({ value, anchor: mark }) => !mark && value !== null && value > ns) : -1;
      rows.splice(place < 0 ? rows.length : place, 0, anchor);
    }
    refill(this.hint, [own.hint, this.other && (isNative(this.other) ? own.hintMachine : own.hintOther), this.lent.length && own.hintLent].filter(Boolean).join(" "));
    this.chart.show({ rows, pinned: this.pinned, places: Math.max(rows.length, this.usual.length + ANCHORS.length) });
  }

  /** @param {string} id @param {any} row  undefined where there is none yet @param {any[]} others  prices to be compared with @returns {Row} */
  rowOf(id, row, others) {
    const value = row?.nsPerOp ?? null;
    /** @type {Row["ghosts"]} */
    const ghosts = [];
    for (const one of others) if (one.counter === id && one.nsPerOp > 0) ghosts.push({ value: one.nsPerOp, kind: "there" });
    const lent = this.lent.find(({ counter }) => counter === id);
    if (lent) ghosts.push({ value: lent.nsPerOp, kind: "there" });
    return {
      id, name: this.words.counter(id), value, range: row ? [row.lowNs, row.highNs] : null, js: (row?.side ?? (id.startsWith("js-") ? "js" : "")) === "js", anchor: false, ghosts,
      said: value === null ? (lent ? this.own.price(lent.nsPerOp) : this.own.none) : this.own.price(value), ratio: row ? this.beside(row) : lent ? this.own.lent : "",
    };
  }

  /** @param {number} ns */
  multiple(ns) {
    return multiple(this.prices, this.pinned, ns, this.own);
  }

  /** How a row reads beside the pinned one: Rust says whether they differ, where it has compared these two. @param {any} row */
  beside(row) {
    if (row.counter === this.pinned) return this.own.pinned;
    const found = versus(this.prices, this.pinned, row);
    if (found) return found.shows ? this.multiple(row.nsPerOp) : this.own.same;
    const base = this.prices.find(({ counter }) => counter === this.pinned);
    return base && row.lowNs <= base.highNs && row.highNs >= base.lowNs ? this.own.overlap : this.multiple(row.nsPerOp);
  }

  /** What came out, in words and as a table. @param {any} report */
  tell(report) {
    const { own } = this;
    const prices = sorted(report);
    this.say(figure.sentences(report, this),
      prices.length > 0 && h("details", null, h("summary", null, own.tableOpen), makeTable(figure.table(report, this))),
      prices.length > 0 && h("details", null, h("summary", null, own.howOpen), this.how(report).map((text) => h("p", null, text))),
      h("details", null, h("summary", null, own.anchorsOpen), this.anchors()));
  }

  /** @param {any} report @returns {string[]} */
  how({ loopNs, control, warnings = [] }) {
    const { own, words } = this;
    const known = warnings.filter((/** @type {any} */ one) => Object.hasOwn(own.warnings, one.code));
    return [...own.how({ loopNs, control }), ...known.map((/** @type {any} */ one) => own.warnings[one.code](one, (one.counters ?? []).map(words.counter)))];
  }

  anchors() {
    const { own } = this;
    return makeTable({
      caption: own.anchorsCaption,
      columns: [{ head: own.anchorsColumns.what }, { head: own.anchorsColumns.price, right: true }, { head: own.anchorsColumns.source }],
      rows: ANCHORS.map(([id, ns]) => [own.anchors[id].name, own.price(ns), own.anchors[id].source]),
    });
  }

  destroy() {
    this.chart.destroy();
  }
}
