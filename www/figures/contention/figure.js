/** What becomes of a lock's price as threads compete for it? Throughput, fairness and waits over threads, who had the lock when, and what theory expects. */
import { isExact } from "../../settings.js";
import { h, lazily, put, refill } from "../../views/dom.js";
import { makeHoldShare } from "../../views/hold-share.js";
import { makeLines } from "../../views/lines.js";
import { makeTable } from "../../views/table.js";
import { kindOf, makeOwnership } from "../../views/ownership.js";

/** @typedef {import("../../shell/shell.js").Body} Body */
/** @typedef {import("../../lock-lab.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {import("../../views/lines.js").Line} Line */
/** Turns of the luckiest thread below which one more or less shows in a share. */
const FEW = 10;

/** @typedef {"throughput" | "fairness" | "p50" | "p99" | "max"} Tab */

/** What each tab shows of a point. @type {Record<Tab, (point: any) => number | undefined>} */
const TABS = {
  throughput: (point) => point.opsPerSecond,
  fairness: (point) => point.fairness,
  p50: (point) => point.waitNs?.p50,
  p99: (point) => point.waitNs?.p99,
  max: (point) => point.waitNs?.max,
};
const tabs = /** @type {Tab[]} */ (Object.keys(TABS));
/** The chart is not drawn anew more often than this while it changes, in ms. */
const PACE_MS = 150;
/** A point takes so many times what is asked for, and so much more, in ms: for the estimate. */
const POINT = { times: 2.2, more: 60 };
/** Settings that must be the same where somebody else's run is laid beneath without being asked for. */
const ALIKE = ["holdNs", "pauseNs", "pattern"];

/** @type {import("../../shell/shell.js").FigureModule} */
export const figure = {
  name: "contention",
  presets: [
    { id: "empty", config: { holdNs: 0, pauseNs: 0, pattern: "even" } },
    { id: "short", config: { holdNs: 500, pauseNs: 4500, pattern: "even" } },
    { id: "long", config: { holdNs: 50000, pauseNs: 50000, pattern: "even" } },
    { id: "hog", config: { holdNs: 1000, pauseNs: 1000, pattern: "hog" } },
    { id: "bursts", config: { holdNs: 500, pauseNs: 20000, pattern: "bursts" } },
  ],
  main: ["threads", "counter", "counters", "holdNs", "pauseNs", "pattern"],
  words: (words) => words.figures.contention,
  mount: (places, words, actions) => new Contention(places, words, actions),
};

/** Numbers of threads up to the last, as Rust goes through them. @param {number} last */
function stepsTo(last) {
  const steps = [];
  for (let step = 1; step < last; step *= 2) steps.push(step);
  return [...steps, last];
}

/** @implements {Body} */
class Contention {
  /** @param {import("../../shell/shell.js").Places} places @param {Words} words @param {import("../../shell/shell.js").Actions} actions */
  constructor({ live, results, fields }, words, actions) {
    this.words = words;
    this.own = words.figures.contention;
    this.results = results;
    /** @type {any[]} */
    this.points = [];
    /** @type {any} */
    this.report = null;
    /** @type {any} */
    this.other = null;
    /** The same code's runs without a browser. @type {any[]} */
    this.elsewhere = [];
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
    this.turns = makeOwnership({ ...words.timeline, states: { ...words.timeline.states, starting: turns.outside } }, turns.title);
    put(fields, this.inside.element);
    put(live, h("div", { class: "tabs", role: "group", "aria-label": this.own.choose }, this.buttons), this.chart.element, this.hint, this.turns.element);
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
    this.points = live.points.filter(Boolean);
    this.steps = stepsTo(Number(config.threads));
    this.turns.reserve(Math.max(...this.steps));
    this.draw();
    this.showTurns();
  }

  /** @param {Live} live @returns {import("../../shell/shell.js").Now} */
  frame(live) {
    const now = performance.now();
    if (live.rowsVersion !== this.version && now - this.drawnMs > PACE_MS) {
      this.version = live.rowsVersion;
      this.drawnMs = now;
      this.points = live.points.filter(Boolean);
      this.draw();
    }
    const last = this.points.at(-1);
    const planned = Math.max(live.planned, 1);
    const { sampleMs } = this.running ?? { sampleMs: 60 };
    const done = this.points.length;
    return {
      said: last ? this.own.measuring(this.words.counter(last.counter), last.threads) : this.own.starting,
      count: live.planned ? this.own.points(done, planned) : "",
      share: done / planned,
      leftMs: live.planned ? Math.max(0, planned - done) * (Number(sampleMs) * POINT.times + POINT.more) : null,
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

  /** @param {any[]} reports */
  natives(reports) {
    this.elsewhere = reports.filter(({ points }) => Array.isArray(points));
    this.draw();
    if (this.report) this.tell(this.report);
  }

  /** The native runs that asked of every thread what is asked here: only they can be compared. */
  get alike() {
    const { config = this.config } = this.report ?? {};
    return this.elsewhere.filter((one) => config && ALIKE.every((name) => String(one.config[name]) === String(config[name])));
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

  /** @param {string} counter @param {number} threads @param {any[]} [points] */
  point(counter, threads, points = this.points) {
    return points.find((one) => one.counter === counter && one.threads === threads);
  }

  draw() {
    const { own, tab } = this;
    const cores = this.report ? (this.report.environment.cores ?? null) : (navigator.hardwareConcurrency ?? null);
    /** @param {any} report */
    const within = (report) => (report?.points ?? []).filter((/** @type {any} */ one) => this.steps.includes(one.threads));
    const lines = [...this.linesOf(this.points, "own"), ...this.ghosts(within), ...this.linesOf(within(this.other), "there"), ...(tab === "throughput" ? this.theory() : [])];
    refill(this.hint, [own.hint(this.at), this.other && own.hintOther].filter(Boolean).join(" "));
    this.chart.show({
      lines, pinned: this.pinned, xs: this.steps, at: this.at, cores, log: tab !== "fairness", title: own.titles[tab],
      mark: tab === "throughput" ? own.perSecond : tab === "fairness" ? own.fairness : own.waitMark,
      format: tab === "throughput" ? own.perSecond : tab === "fairness" ? own.fairness : own.wait,
    });
  }

  /** A line a counter. @param {any[]} points @param {"own" | "there" | "native"} kind @returns {Line[]} */
  linesOf(points, kind) {
    const value = TABS[this.tab];
    return [...new Set(points.map(({ counter }) => counter))].map((counter) => ({
      id: kind === "own" ? counter : `there-${counter}`, name: this.words.counter(counter), kind, loses: !isExact(counter),
      points: points.filter((one) => one.counter === counter).sort((a, b) => a.threads - b.threads)
        .map((one) => ({ x: one.threads, y: value(one) ?? null, quit: one.gaveUpAfterMs !== undefined })),
    }));
  }

  /** The pinned counter's native line: one, as all of them would hide what was measured here. @param {(report: any) => any[]} within @returns {Line[]} */
  ghosts(within) {
    return this.alike.flatMap((report, i) => this.linesOf(within(report).filter(({ counter }) => counter === this.pinned), "native")
      .map((line) => ({ ...line, id: `native-${i}`, name: this.own.native })));
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
    const turns = this.point(this.pinned, this.chosen)?.turns;
    if (!turns?.length) return this.turns.show(null, this.chosen, this.report ? said.missing(label) : said.before);
    const { kind, turns: number, ms, worker, share, longestMs } = kindOf(turns, this.chosen);
    const what = { alone: said.alone, hog: said.hog(`worker-${worker}`, share), fair: said.fair(number, ms), mixed: said.mixed(number, ms, longestMs) }[kind];
    this.turns.show(turns, this.chosen, `${said.heading(label, this.chosen, ms)}${what}`);
  }

  /** The histogram of the waits that are looked at. */
  histogram() {
    const encoded = this.point(this.pinned, this.chosen)?.histogram;
    return encoded ? { encoded, counter: this.words.counter(this.pinned), threads: this.chosen } : null;
  }

  /** @param {any} report */
  tell(report) {
    const { own, points } = this;
    refill(this.results,
      this.sentences(report).map((text) => h("p", { class: "verdict" }, text)),
      points.length > 0 && this.table(own.tableCaption(this.chosen), points.filter(({ threads }) => threads === this.chosen)),
      points.length > 0 && h("details", { onToggle: lazily(() => [this.table(own.allCaption, points)]) }, h("summary", null, own.allOpen)));
  }

  /** What came out, made from the data. @param {any} report @returns {string[]} */
  sentences(report) {
    const { own, points, chosen, words } = this;
    if (!points.length) return [own.nothing];
    const label = this.words.counter(this.pinned);
    const mine = this.point(this.pinned, chosen);
    const alone = this.point(this.pinned, 1);
    const sentences = [];
    if (mine?.opsPerSecond && alone?.opsPerSecond && chosen > 1) sentences.push(own.scaling(label, alone.opsPerSecond, chosen, mine.opsPerSecond), ...(report.config.pattern === "hog" ? [own.hogAlone] : []));
    const exact = points.filter((one) => one.threads === chosen && one.opsPerSecond && isExact(one.counter)).sort((a, b) => b.opsPerSecond - a.opsPerSecond);
    if (exact.length > 1 && mine?.opsPerSecond && exact[0] !== mine) sentences.push(own.best(this.words.counter(exact[0].counter), label, exact[0].opsPerSecond / mine.opsPerSecond, chosen));
    if (mine?.shares?.length > 1 && mine.fairness !== undefined) sentences.push(own.shares(mine.fairness, mine.shares, FEW));
    if (mine?.waitNs && chosen > 1) sentences.push(own.waits({ step: 0, ...mine.waitNs }));
    const { predicted } = mine ?? {};
    if (predicted && mine.opsPerSecond) sentences.push(own.theory(mine.opsPerSecond, predicted.amdahlOpsPerSecond, predicted.repairmanOpsPerSecond, predicted.serialShare, chosen));
    if (mine && Object.hasOwn(own.unpredicted, mine.unpredicted)) sentences.push(own.unpredicted[mine.unpredicted]);
    for (const one of points) if (one.gaveUpAfterMs !== undefined) sentences.push(own.gaveUp(words.counter(one.counter), one.gaveUpAfterMs, one.threads, report.environment.cores));
    for (const one of points) if (one.threads === chosen && !isExact(one.counter) && one.increments) sentences.push(own.lost(this.words.counter(one.counter), one.lost, one.increments, one.threads));
    for (const native of this.alike) {
      const one = this.point(this.pinned, chosen, native.points);
      if (one?.opsPerSecond) sentences.push(own.natively(words.figure.where(native.environment), label, one.opsPerSecond, chosen));
    }
    const there = this.other && this.point(this.pinned, chosen, this.other.points);
    if (there?.opsPerSecond) sentences.push(own.other(words.figure.where(this.other.environment), label, there.opsPerSecond, chosen));
    return report.points?.length ? sentences : [own.nothing];
  }

  /** @param {string} caption @param {any[]} points */
  table(caption, points) {
    const { own, words } = this;
    const others = [...this.alike, this.other].filter(Boolean);
    const { columns, none } = own;
    const right = (/** @type {string} */ head) => ({ head, right: true });
    const ops = (/** @type {number | undefined} */ value) => (value === undefined ? none : own.perSecond(value));
    const wait = (/** @type {number | undefined} */ value) => (value === undefined ? none : own.wait(value));
    const sorted = [...points].sort((a, b) => a.threads - b.threads || (b.opsPerSecond ?? -1) - (a.opsPerSecond ?? -1));
    return makeTable(caption,
      [{ head: columns.counter }, right(columns.threads), right(columns.ops), right(columns.fairness), right(columns.p50), right(columns.p99), right(columns.max), right(columns.lost), ...others.map(({ environment }) => right(words.figure.where(environment)))],
      sorted.map((one) => [
        this.words.counter(one.counter), words.count(one.threads), one.gaveUpAfterMs === undefined ? ops(one.opsPerSecond) : own.gaveUpCell(one.gaveUpAfterMs),
        one.fairness === undefined ? none : own.fairness(one.fairness), wait(one.waitNs?.p50), wait(one.waitNs?.p99), wait(one.waitNs?.max), words.count(one.lost ?? 0),
        ...others.map(({ points: there }) => ops(this.point(one.counter, one.threads, there)?.opsPerSecond)),
      ]));
  }

  destroy() {
    this.chart.destroy();
    this.turns.destroy();
  }
}
