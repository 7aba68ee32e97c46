/** What does one operation cost where nobody competes? A list of prices on a log axis, each with how sure it is, and what that means for the post's program. */
import { isExact, settingsOf } from "../../settings.js";
import { h, put, refill } from "../../views/dom.js";
import { makePrices } from "../../views/prices.js";
import { makeTable } from "../../views/table.js";

/** @typedef {import("../../shell/shell.js").Body} Body */
/** @typedef {import("../../lock-lab.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {import("../../views/prices.js").Row} Row */

/** Prices that others have measured, in ns; where, the words say. @type {[id: "cpython" | "dean" | "memory", ns: number][]} */
const ANCHORS = [["dean", 25], ["memory", 100], ["cpython", 622]];
/** The chart is not drawn anew more often than this while it changes, in ms. */
const PACE_MS = 120;

/** @type {import("../../shell/shell.js").FigureModule} */
export const figure = {
  name: "price-list",
  presets: [{ id: "short", config: { budgetMs: 2000 } }, { id: "usual", config: { budgetMs: 10000 } }, { id: "long", config: { budgetMs: 60000 } }],
  words: (words) => words.figures["price-list"],
  mount: (places, words, actions) => new PriceList(places, words, actions),
};

/** @implements {Body} */
class PriceList {
  /** @param {import("../../shell/shell.js").Places} places @param {Words} words @param {import("../../shell/shell.js").Actions} actions */
  constructor({ live, results }, words, actions) {
    this.words = words;
    this.own = words.figures["price-list"];
    this.results = results;
    /** What is in the chart, report's rows or a run's. @type {any[]} */
    this.prices = [];
    /** Their order, by counter; a run that goes on keeps it. @type {string[]} */
    this.order = [];
    /** @type {any} */
    this.report = null;
    /** @type {any} */
    this.other = null;
    /** @type {any[]} */
    this.elsewhere = [];
    this.pinned = "std-mutex";
    this.version = -1;
    this.drawnMs = 0;
    this.counters = settingsOf("price-list").find(({ name }) => name === "counter")?.choices?.filter((name) => name !== "none") ?? [];
    this.chart = makePrices(this.own.chart, (id) => actions.configure({ counter: id }));
    this.hint = h("p", { class: "under" });
    put(live, this.chart.element, this.hint);
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
    this.version = -1;
    this.prices = live.prices.filter(Boolean);
    this.draw();
  }

  /** @param {Live} live @returns {import("../../shell/shell.js").Now} */
  frame(live) {
    const budgetMs = Number(this.running?.budgetMs ?? 1);
    const nowMs = live.phases[live.phase]?.nowMs ?? 0;
    const now = performance.now();
    if (live.rowsVersion !== this.version && now - this.drawnMs > PACE_MS) {
      this.version = live.rowsVersion;
      this.drawnMs = now;
      this.prices = live.prices.filter(Boolean);
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

  /** @param {any} report */
  finish(report) {
    this.report = report;
    this.prices = report.prices ?? [];
    this.order = [...this.prices].sort((a, b) => a.nsPerOp - b.nsPerOp).map(({ counter }) => counter);
    this.draw();
    this.tell(report);
  }

  /** @param {any | null} other */
  compare(other) {
    this.other = other;
    this.draw();
    if (this.report) this.tell(this.report);
  }

  /** @param {any[]} reports */
  natives(reports) {
    this.elsewhere = reports.filter(({ prices }) => Array.isArray(prices));
    this.draw();
    if (this.report) this.tell(this.report);
  }

  /** The chart: what is measured, in its order, and among it the marks of others. */
  draw() {
    const { own } = this;
    const known = new Map(this.prices.map((row) => [row.counter, row]));
    const others = this.other?.prices ?? [];
    const ids = [...new Set([...this.order, ...this.counters, ...known.keys(), ...others.map((/** @type {any} */ one) => one.counter)])];
    const rows = ids.map((id) => this.rowOf(id, known.get(id)));
    for (const [id, ns] of ANCHORS) {
      const anchor = { id, name: own.anchors[id].name, value: ns, range: null, js: false, anchor: true, ghosts: [{ value: ns, kind: /** @type {const} */ ("ghost") }], said: own.price(ns), ratio: this.multiple(ns) };
      // Among what is sorted it has its place; while nothing is, it stands at the end.
      const place = this.order.length ? rows.findIndex(({ value, anchor: mark }) => !mark && value !== null && value > ns) : -1;
      rows.splice(place < 0 ? rows.length : place, 0, anchor);
    }
    refill(this.hint, [own.hint, this.other && own.hintOther].filter(Boolean).join(" "));
    this.chart.show({ rows, pinned: this.pinned, places: rows.length });
  }

  /** @param {string} id @param {any} row  undefined where there is none yet @returns {Row} */
  rowOf(id, row) {
    const value = row?.nsPerOp ?? null;
    /** @type {Row["ghosts"]} */
    const ghosts = [];
    for (const { prices } of this.elsewhere) for (const one of prices) if (one.counter === id && one.nsPerOp > 0) ghosts.push({ value: one.nsPerOp, kind: "ghost" });
    for (const one of this.other?.prices ?? []) if (one.counter === id && one.nsPerOp > 0) ghosts.push({ value: one.nsPerOp, kind: "there" });
    return {
      id, name: this.words.counter(id), value, range: row ? [row.lowNs, row.highNs] : null, js: (row?.side ?? (id.startsWith("js-") ? "js" : "")) === "js", anchor: false, ghosts,
      said: value === null ? this.own.none : this.own.price(value), ratio: row ? this.beside(row) : "",
    };
  }

  /** A price as a multiple of the pinned one. @param {number} ns */
  multiple(ns) {
    const base = this.prices.find(({ counter }) => counter === this.pinned)?.nsPerOp;
    return base > 0 && ns > 0 ? this.own.ratio(ns / base) : "";
  }

  /** What Rust says of a row against the pinned one; each pair is in one of its two rows. @param {any} row */
  versus(row) {
    const found = row.versus?.find((/** @type {any} */ one) => one.counter === this.pinned);
    if (found) return found;
    const pinned = this.prices.find(({ counter }) => counter === this.pinned);
    const turned = pinned?.versus?.find((/** @type {any} */ one) => one.counter === row.counter);
    return turned && { ...turned, differenceNs: -turned.differenceNs, lowNs: -turned.highNs, highNs: -turned.lowNs };
  }

  /** How a row reads beside the pinned one: Rust says whether they differ, where it has compared these two. @param {any} row */
  beside(row) {
    if (row.counter === this.pinned) return this.own.pinned;
    const versus = this.versus(row);
    if (versus) return versus.shows ? this.multiple(row.nsPerOp) : this.own.same;
    const base = this.prices.find(({ counter }) => counter === this.pinned);
    return base && row.lowNs <= base.highNs && row.highNs >= base.lowNs ? this.own.overlap : this.multiple(row.nsPerOp);
  }

  /** What came out, in words and as a table. @param {any} report */
  tell(report) {
    const { own } = this;
    const prices = this.order.map((name) => report.prices.find((/** @type {any} */ row) => row.counter === name));
    refill(this.results,
      this.sentences(report, prices).map((text) => h("p", { class: "verdict" }, text)),
      prices.length > 0 && h("details", null, h("summary", null, own.tableOpen), this.table(prices)),
      prices.length > 0 && h("details", null, h("summary", null, own.howOpen), this.how(report, prices).map((text) => h("p", null, text))),
      h("details", null, h("summary", null, own.anchorsOpen), this.anchors()));
  }

  /** @param {any} report @param {any[]} prices @returns {string[]} */
  sentences({ config }, prices) {
    const { own, other } = this;
    const pinned = prices.find(({ counter }) => counter === this.pinned);
    if (!prices.length) return [own.nothing];
    if (!pinned) return [];
    const label = this.words.counter(this.pinned);
    const sentences = [own.answer(label, pinned.nsPerOp)];
    if (pinned.nsPerOp > 0) sentences.push(...this.spread(prices, pinned, label));
    const alike = prices.filter((row) => row.counter !== this.pinned && this.versus(row)?.shows === false).map((row) => this.words.counter(row.counter));
    if (alike.length) sentences.push(own.alike(label, alike));
    if (config.counter !== this.pinned && !prices.some((row) => this.versus(row))) sentences.push(own.repinned(label, this.words.counter(config.counter)));
    const there = other?.prices?.find((/** @type {any} */ row) => row.counter === this.pinned);
    if (there?.nsPerOp > 0 && pinned.nsPerOp > 0) sentences.push(own.other(this.words.figure.where(other.environment), label, there.nsPerOp / pinned.nsPerOp));
    return sentences;
  }

  /** How far the prices lie apart, as multiples of the pinned one: of all rows, and of those that tell another story by themselves. @param {any[]} prices  the cheapest first @param {any} pinned @param {string} label */
  spread(prices, pinned, label) {
    const said = (/** @type {any} */ row) => row && { label: this.words.counter(row.counter), factor: row.nsPerOp / pinned.nsPerOp };
    const told = prices.filter((row) => row.nsPerOp > 0);
    const sound = told.filter(({ counter }) => isExact(counter));
    if (sound.length < 4) return [];
    const dearest = sound[sound.length - 1];
    const compiled = dearest.side === "js" ? sound.filter(({ side }) => side !== "js").at(-1) : undefined;
    const cheaper = told[0] === sound[0] ? undefined : told[0];
    return [this.own.spread(said(sound[0]), said(dearest), said(compiled), said(cheaper), label)];
  }

  /** @param {any[]} prices */
  table(prices) {
    const { own, words, other } = this;
    const { columns } = own;
    const right = (/** @type {string} */ head) => ({ head, right: true });
    const there = (/** @type {string} */ counter) => other.prices?.find((/** @type {any} */ row) => row.counter === counter)?.nsPerOp;
    return makeTable(own.tableCaption,
      [{ head: columns.counter }, { head: columns.side }, right(columns.price), right(columns.low), right(columns.high), right(columns.ratio), right(columns.versus), right(columns.samples), right(columns.outliers), right(columns.lost), ...(other ? [right(words.figure.where(other.environment))] : [])],
      prices.map((row) => [
        this.words.counter(row.counter), own.sides[row.side] ?? row.side, own.price(row.nsPerOp), own.price(row.lowNs), own.price(row.highNs), this.multiple(row.nsPerOp) || own.none,
        this.versus(row) ? own.versus(this.versus(row)) : own.none, words.count(row.samples), row.outliers === undefined ? own.none : words.count(row.outliers), words.count(row.lost),
        ...(other ? [there(row.counter) === undefined ? own.none : own.price(there(row.counter))] : []),
      ]));
  }

  /** @param {any} report @param {any[]} prices */
  how({ loopNs, control }, prices) {
    const sum = (/** @type {string} */ key) => prices.reduce((all, row) => all + (row[key] ?? 0), 0);
    return this.own.how({ loopNs, control, samples: sum("samples"), outliers: sum("outliers"), unsettled: prices.filter(({ settled }) => settled === false).map(({ counter }) => this.words.counter(counter)) });
  }

  anchors() {
    const { own, words } = this;
    const natives = this.elsewhere.flatMap(({ prices, environment }) => prices.map((/** @type {any} */ row) => [this.words.counter(row.counter), own.price(row.nsPerOp), own.native(words.figure.where(environment))]));
    return makeTable(own.anchorsCaption, [{ head: own.anchorsColumns.what }, { head: own.anchorsColumns.price, right: true }, { head: own.anchorsColumns.source }],
      [...ANCHORS.map(([id, ns]) => [own.anchors[id].name, own.price(ns), own.anchors[id].source]), ...natives]);
  }

  destroy() {
    this.chart.destroy();
  }
}
