/** A list of prices on a log axis, each with how sure it is, beside the marks of others. */
import { settingsOf } from "../../settings.js";
import { isNative } from "../../shape.js";
import { h, put, refill } from "../../views/dom.js";
import { makePrices } from "../../views/prices.js";
import { makeTable } from "../../views/table.js";
import { beside, figure, multiple, sorted, versus } from "./figure.js";

export { figure } from "./figure.js";

/** @typedef {import("../../views/prices.js").Row} Row */

/** Prices that others have measured, in ns; where, the words say. @type {[id: "cpython" | "dean" | "memory", ns: number][]} */
const ANCHORS = [["dean", 25], ["memory", 100], ["cpython", 622]];
/** The counters that are shown where not all are. */
const USUAL = ["racy", "atomic", "js-atomics", "sharded", "std-mutex", "parking-lot", "futex", "spin", "ticket", "channel", "js-message"];
/** Those that a slice shows. */
const FIVE = ["atomic", "sharded", "std-mutex", "js-atomics", "channel"];
/** The chart is not drawn anew more often than this while it changes, in ms. */
const PACE_MS = 120;

/** @type {import("../../shell/manifest.js").Mount<typeof import("./en.js").default>} */
export const mount = ({ live: place, show }, words, own, actions) => {
  /** What is in the chart, report's rows or a run's. @type {any[]} */
  let prices = [];
  /** Their order, by counter; a run that goes on keeps it. @type {string[]} */
  let order = [];
  /** @type {any} */
  let report = null;
  /** @type {any} */
  let other = null;
  /** Rows of the recorded run that this page has no thread for. @type {any[]} */
  let lent = [];
  let pinned = "std-mutex";
  /** The run that goes on: what it may take, when it began, and what of it is drawn. */
  let running = { budgetMs: 1, begunMs: 0, version: -1, drawnMs: 0 };
  /** Whether every counter is shown. */
  let isWhole = false;
  const counters = settingsOf("price-list").find(({ name }) => name === "counter")?.choices?.filter((name) => name !== "none") ?? [];
  const usual = show ? FIVE : USUAL;
  const chart = makePrices(own.chart, (id) => actions.configure({ counter: id }));
  const hint = h("span", null);
  const all = h("button", { type: "button", "aria-pressed": "false", onClick: showAll }, own.every);
  put(place, chart.element, h("p", { class: "under" }, hint, " ", all));

  /** All counters, or no longer. */
  function showAll() {
    isWhole = !isWhole;
    all.setAttribute("aria-pressed", String(isWhole));
    draw();
  }

  /** The chart: what is measured, in its order, and among it the marks of others. */
  function draw() {
    const known = new Map(prices.map((row) => [row.counter, row]));
    const others = beside(prices, other);
    const ids = [...new Set([...order, ...counters, ...known.keys(), ...others.map(({ counter }) => counter)])];
    const rows = ids.filter((id) => isWhole || id === pinned || usual.includes(id)).map((id) => rowOf(id, known.get(id), others));
    for (const [id, ns] of ANCHORS) {
      const anchor = { id, name: own.anchors[id].name, value: ns, range: null, js: false, anchor: true, ghosts: [{ value: ns, kind: /** @type {const} */ ("ghost") }], said: own.price(ns), ratio: multiple(prices, pinned, ns, own) };
      // Among what is sorted it has its place; while nothing is, it stands at the end.
      const at = order.length ? rows.findIndex(({ value, anchor: mark }) => !mark && value !== null && value > ns) : -1;
      rows.splice(at < 0 ? rows.length : at, 0, anchor);
    }
    refill(hint, [own.hint, other && (isNative(other) ? own.hintMachine : own.hintOther), lent.length && own.hintLent].filter(Boolean).join(" "));
    chart.show({ rows, pinned, places: Math.max(rows.length, usual.length + ANCHORS.length) });
  }

  /** @param {string} id @param {any} row  undefined where there is none yet @param {any[]} others  prices to be compared with @returns {Row} */
  function rowOf(id, row, others) {
    const value = row?.nsPerOp ?? null;
    const elsewhere = lent.find(({ counter }) => counter === id);
    const there = others.filter((one) => one.counter === id && one.nsPerOp > 0);
    return {
      id, name: words.counter(id), value, range: row ? [row.lowNs, row.highNs] : null, js: (row?.side ?? (id.startsWith("js-") ? "js" : "")) === "js", anchor: false,
      ghosts: [...there, ...(elsewhere ? [elsewhere] : [])].map(({ nsPerOp }) => ({ value: nsPerOp, kind: "there" })),
      said: value !== null ? own.price(value) : elsewhere ? own.price(elsewhere.nsPerOp) : own.none, ratio: row ? ratioOf(row) : elsewhere ? own.lent : "",
    };
  }

  /** How a row reads beside the pinned one: Rust says whether they differ, where it has compared these two. @param {any} row */
  function ratioOf(row) {
    if (row.counter === pinned) return own.pinned;
    const ratio = multiple(prices, pinned, row.nsPerOp, own);
    const found = versus(prices, pinned, row);
    if (found) return found.shows ? ratio : own.same;
    const base = prices.find(({ counter }) => counter === pinned);
    return base && row.lowNs <= base.highNs && row.highNs >= base.lowNs ? own.overlap : ratio;
  }

  /** What came out, in words and as a table. */
  function tell() {
    if (!report) return;
    const context = { words, own, pinned, other };
    const found = (report.prices ?? []).length > 0;
    actions.tell(figure.sentences(report, context),
      found && h("details", null, h("summary", null, own.tableOpen), makeTable(figure.table(report, context))),
      found && h("details", null, h("summary", null, own.howOpen), how(report).map((text) => h("p", null, text))),
      h("details", null, h("summary", null, own.anchorsOpen), makeTable({
        caption: own.anchorsCaption,
        columns: [{ head: own.anchorsColumns.what }, { head: own.anchorsColumns.price, right: true }, { head: own.anchorsColumns.source }],
        rows: ANCHORS.map(([id, ns]) => [own.anchors[id].name, own.price(ns), own.anchors[id].source]),
      })));
  }

  /** @param {any} report @returns {string[]} */
  function how({ loopNs, control, warnings = [] }) {
    const known = warnings.filter((/** @type {any} */ one) => Object.hasOwn(own.warnings, one.code));
    return [...own.how({ loopNs, control }), ...known.map((/** @type {any} */ one) => own.warnings[one.code](one, (one.counters ?? []).map(words.counter)))];
  }

  /** Takes what the run's rows say now. @param {import("../../engine/board.js").Live} live */
  function take({ tables }) {
    prices = (tables.prices ?? []).filter(Boolean);
    draw();
  }

  return {
    configure({ counter }) {
      if (counter === pinned && prices.length) return;
      pinned = String(counter);
      draw();
      tell();
    },
    estimate: ({ budgetMs }) => own.estimate(Number(budgetMs)),
    begin({ budgetMs }, live) {
      running = { budgetMs: Number(budgetMs), begunMs: performance.now(), version: -1, drawnMs: 0 };
      take(live);
    },
    frame(live) {
      const now = performance.now();
      const { budgetMs, begunMs, version, drawnMs } = running;
      if (live.rowsVersion !== version && now - drawnMs > PACE_MS) {
        Object.assign(running, { version: live.rowsVersion, drawnMs: now });
        take(live);
      }
      const halves = prices.map(({ lowNs, highNs, nsPerOp }) => (nsPerOp > 0 ? (highNs - lowNs) / 2 / nsPerOp : 0));
      return {
        said: prices.length ? own.measuring(Math.max(0, ...halves)) : own.starting,
        count: own.rows(prices.length, Math.max(prices.length, counters.length)),
        share: (now - begunMs) / Math.max(budgetMs, now - begunMs + 1),
        leftMs: Math.max(0, budgetMs - (now - begunMs)),
      };
    },
    finish(finished, _, options) {
      report = finished;
      prices = report.prices ?? [];
      const alone = report.warnings?.some((/** @type {any} */ one) => one.code === "one-thread");
      lent = alone ? (options.lent?.prices ?? []).filter((/** @type {any} */ one) => !prices.some(({ counter }) => counter === one.counter)) : [];
      order = sorted(report).map(({ counter }) => counter);
      draw();
      tell();
    },
    compare(one) {
      other = one;
      draw();
      tell();
    },
    destroy: () => chart.destroy(),
  };
};
