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
/** A point takes `times` the time asked for, plus `more` ms, plus `each` ms for each of its threads, which start and leave ten times (measured on two cores): for the estimate. */
const POINT = { times: 1.35, more: 90, each: 20 };

/** Numbers of threads up to the last, as Rust goes through them. @param {number} last */
function stepsTo(last) {
  const steps = [];
  for (let step = 1; step < last; step *= 2) steps.push(step);
  return [...steps, last];
}

/** @type {import("../../shell/manifest.js").Mount<typeof import("./en.js").default>} */
export const mount = ({ live: place, fields, show }, words, own, actions) => {
  /** @type {any[]} */
  let points = [];
  /** @type {any} */
  let report = null;
  /** @type {any} */
  let other = null;
  /** @type {Tab} */
  let tab = show === "law" ? "expected" : "throughput";
  let pinned = "std-mutex";
  let steps = stepsTo(20);
  /** The number of threads that a reader chose, and the one that is being pointed at. */
  let kept = NaN;
  let hovered = NaN;
  /** The run that goes on: how long its points take, and what of it is drawn. */
  let running = { sampleMs: 60, version: -1, drawnMs: 0 };
  const inside = makeHoldShare(own.inside, actions.configure);
  const buttons = tabs.map((one) => h("button", { type: "button", "aria-pressed": String(one === tab), "data-bold": own.tabs[one], onClick: () => choose(one) }, own.tabs[one]));
  const chart = makeLines(own.chart, { at: look, pin: (counter) => actions.configure({ counter }) });
  const hint = h("p", { class: "under" });
  const ownership = makeOwnership({ ...words.timeline, states: { ...words.timeline.states, starting: own.turns.outside } }, own.turns.title, show ? 44 : undefined);
  put(fields, inside.element);
  if (show === "turns") put(place, ownership.element);
  else put(place, h("div", { class: "tabs", role: "group", "aria-label": own.choose }, buttons), chart.element, hint);

  /** @param {Tab} chosen */
  function choose(chosen) {
    tab = chosen;
    buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(tabs[i] === tab)));
    draw();
  }

  /** A reader points at a number of threads, or chooses it. @param {number} threads @param {boolean} keeps */
  function look(threads, keeps) {
    hovered = threads;
    if (keeps) {
      kept = threads;
      showTurns();
      tell();
    }
    draw();
  }

  /** The number of threads that results and timeline are about. */
  const chosen = () => (steps.includes(kept) ? kept : steps[steps.length - 1]);

  /** The number of threads whose values are read. */
  const at = () => (steps.includes(hovered) ? hovered : Number.isNaN(hovered) ? chosen() : steps[steps.length - 1]);

  /** Everything that the points, their numbers of threads or the pinned counter decide. */
  function drawAll() {
    ownership.reserve(Math.max(...steps));
    draw();
    showTurns();
  }

  function draw() {
    const cores = (report ? report.environment.cores : navigator.hardwareConcurrency) ?? null;
    const others = beside(points, other, pinned).filter(({ threads }) => steps.includes(threads));
    const isRate = tab === "throughput" || tab === "expected";
    const mine = linesOf(points, "own");
    // What is expected is expected of one: the others would only hide it.
    const lines = tab === "expected" ? [...mine.filter(({ id }) => id === pinned), ...theory()] : [...mine, ...linesOf(others, "there")];
    refill(hint, [own.hint(at()), other && (isNative(other) ? own.hintMachine(words.counter(pinned)) : own.hintOther)].filter(Boolean).join(" "));
    chart.show({
      lines, pinned, xs: steps, at: at(), cores, log: tab !== "fairness", title: own.titles[tab],
      mark: isRate ? own.perSecond : tab === "fairness" ? own.fairness : own.waitMark,
      format: isRate ? own.perSecond : tab === "fairness" ? own.fairness : own.wait,
    });
  }

  /** A line a counter. @param {any[]} points @param {"own" | "there"} kind @returns {Line[]} */
  function linesOf(points, kind) {
    const value = TABS[tab];
    return [...new Set(points.map(({ counter }) => counter))].map((counter) => ({
      id: kind === "own" ? counter : `there-${counter}`, name: words.counter(counter), kind, loses: !isExact(counter),
      points: points.filter((one) => one.counter === counter).sort((a, b) => a.threads - b.threads)
        .map((one) => ({ x: one.threads, y: value(one) ?? null, quit: one.gaveUpAfterMs !== undefined, range: tab === "throughput" && one.lowOpsPerSecond && (one.windows || !report) ? [one.lowOpsPerSecond, one.highOpsPerSecond] : undefined })),
    }));
  }

  /** What theory expects of the pinned counter, from its one thread on. @returns {Line[]} */
  function theory() {
    const mine = points.filter(({ counter, predicted, threads }) => counter === pinned && (predicted || threads === 1)).sort((a, b) => a.threads - b.threads);
    if (!mine.some(({ predicted }) => predicted)) return [];
    /** @param {string} key */
    const expected = (key) => mine.map((one) => ({ x: one.threads, y: one.predicted?.[key] ?? one.opsPerSecond ?? null }));
    return [
      { id: "amdahl", name: own.models.amdahl, kind: "theory", loses: false, points: expected("amdahlOpsPerSecond") },
      { id: "queue", name: own.models.queue, kind: "theory queue", loses: false, points: expected("repairmanOpsPerSecond") },
    ];
  }

  /** Who had the lock when, with the pinned counter and the number of threads that is looked at. */
  function showTurns() {
    const said = own.turns;
    const label = words.counter(pinned);
    const threads = chosen();
    const turns = pointOf(points, pinned, threads)?.turns;
    if (!turns?.length) return ownership.show(null, threads, report ? said.missing(label, threads) : said.before);
    const { kind, turns: number, ms, worker, share, longestMs } = kindOf(turns, threads);
    const what = { alone: said.alone, hog: said.hog(`worker-${worker}`, share), fair: said.fair(number, ms), mixed: said.mixed(number, ms, longestMs) }[kind];
    ownership.show(turns, threads, `${said.heading(label, threads, ms)}${what}`);
  }

  /** What came out, in words and as tables. */
  function tell() {
    if (!report) return;
    const context = { words, own, pinned, chosen: chosen(), other };
    actions.tell(figure.sentences(report, context), !show && ownership.element,
      points.length > 0 && makeTable(figure.table(report, context)),
      points.length > 0 && h("details", { onToggle: lazily(() => [makeTable(pointsTable(own.allCaption, points, context))]) }, h("summary", null, own.allOpen)),
      ownership.timeline.table.element);
  }

  /** The points so far. @param {import("../../engine/board.js").Live} live */
  const pointsIn = ({ tables }) => (tables.points ?? []).filter(Boolean);

  return {
    timeline: ownership.timeline,
    configure({ counter, threads, holdNs, pauseNs }) {
      inside.show(Number(holdNs), Number(pauseNs));
      pinned = String(counter);
      if (!points.length) steps = stepsTo(Number(threads));
      drawAll();
      tell();
    },
    estimate({ threads, sampleMs }) {
      const points = stepsTo(Number(threads)).map((step) => Number(sampleMs) * POINT.times + POINT.more + step * POINT.each);
      return own.estimate(points.length, points.reduce((all, ms) => all + ms));
    },
    begin({ threads, sampleMs }, live) {
      running = { sampleMs: Number(sampleMs), version: -1, drawnMs: 0 };
      report = null;
      points = pointsIn(live);
      steps = stepsTo(Number(threads));
      drawAll();
    },
    frame(live) {
      const now = performance.now();
      if (live.rowsVersion !== running.version && now - running.drawnMs > PACE_MS) {
        Object.assign(running, { version: live.rowsVersion, drawnMs: now });
        points = pointsIn(live);
        draw();
      }
      const last = points.at(-1);
      const planned = Math.max(live.planned, 1);
      const round = Math.max(live.phase, 0);
      const share = (round || points.length / planned) / WINDOWS;
      return {
        said: round ? own.round(round + 1, WINDOWS) : last ? own.measuring(words.counter(last.counter), last.threads) : own.starting,
        count: live.planned ? own.points(points.length, planned) : "",
        share,
        leftMs: live.planned ? (1 - share) * planned * (running.sampleMs * POINT.times + POINT.more) : null,
      };
    },
    finish(finished) {
      report = finished;
      points = report.points ?? [];
      const measured = [...new Set(points.map(({ threads }) => threads))].sort((a, b) => a - b);
      steps = measured.length ? measured : stepsTo(Number(report.config.threads));
      drawAll();
      tell();
    },
    compare(one) {
      other = one;
      draw();
      tell();
    },
    histogram() {
      const encoded = pointOf(points, pinned, chosen())?.histogram;
      return encoded ? { encoded, counter: words.counter(pinned), threads: chosen() } : null;
    },
    destroy() {
      chart.destroy();
      ownership.destroy();
    },
  };
};
