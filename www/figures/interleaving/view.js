/** Two threads side by side, the number between them; a press is one step of one of them. Its main type is {@link Interleaving}. */
import { h, put, refill } from "../../views/dom.js";
import { makeTable } from "../../views/table.js";
import { makeStackedBar } from "../../views/stacked-bar.js";
import { MOST_ORDERS, figure, positionOf, startOf } from "./figure.js";
import { follow, isDone, isOver, nextOf, schedules, THREADS } from "./machine.js";
import { draw } from "./picture.js";

export { figure } from "./figure.js";
export { style } from "./style.js";

/** @typedef {import("../../shell/manifest.js").Body} Body */
/** @typedef {import("../../settings.js").Config} Config */
/** @typedef {import("../../engine/board.js").Live} Live */
/** @typedef {import("../../text/words.js").Words} Words */
/** @typedef {typeof import("./en.js").default} Own */
/** @typedef {import("./machine.js").Thread} Thread */
/** @typedef {import("./machine.js").Machine} Machine */
/** @typedef {import("./machine.js").Step} Step */
/** @typedef {{machines: Machine[], steps: Step[]}} Way  every machine, the first one included, and the steps between them */

/** More orders than that are not shown one by one. */
const TILES = 20;
/** The accesses of each line of the code. @type {Record<import("./machine.js").Protection, import("./machine.js").Op[][]>} */
const LINES = {
  racy: [["load"], ["store"]],
  atomic: [["add"]],
  futex: [["compare-exchange"], ["swap", "sleep"], ["load"], ["store"], ["unlock", "wake"]],
};
/** The accesses by the numbers that Rust gives them. @type {import("./machine.js").Op[]} */
const OPS = ["load", "store", "add", "compare-exchange", "swap", "sleep", "unlock", "wake"];
/** How long the slider rests before the threads follow it, in ms. */
const REST_MS = 150;

/** @type {import("../../shell/manifest.js").FigureModule["mount"]} */
export const mount = (places, words, own, actions) => new Interleaving(places, words, own, actions);

/** An order, and what it ends with. @param {string} order @param {number} value @param {number} expected */
const tileOf = (order, value, expected) => ({ text: `${order} ${value === expected ? "✓" : "✗"} ${value}`, lost: value !== expected });

/** @implements {Body} */
class Interleaving {
  /** @param {import("../../shell/manifest.js").Places} places @param {Words} words @param {Own} own @param {import("../../shell/manifest.js").Actions} actions */
  constructor({ live, show }, words, own, actions) {
    this.words = words;
    this.own = own;
    this.actions = actions;
    /** @type {Config} */
    this.config = {};
    /** Every machine on the way of the schedule, and the steps between. @type {ReturnType<typeof follow>} */
    this.path = { machines: [], steps: [], wrong: -1 };
    this.at = 0;
    /** Orders that were followed to their end: what each ends with. @type {Map<string, number>} */
    this.found = new Map();
    /** The program that `found` is of. */
    this.program = "";
    /** @type {string[] | null} */
    this.orders = null;
    /** What the reader bet. @type {number | null} */
    this.bet = null;
    /** The threads that are being stepped: what was permitted, and how much of it they have done. @type {{handle: import("../../shell/manifest.js").Stepping, permitted: Thread[], made: number} | null} */
    this.session = null;
    /** Whether no threads can be had. */
    this.threadless = false;
    /** Whether the reader has begun to step. */
    this.asked = false;
    /** Whether the threads did something else than the machine. */
    this.disagrees = false;
    /** The report that is shown. @type {any} */
    this.shown = null;
    /** How many orders there are, as the last run counted them. @type {number | null} */
    this.counted = null;
    this.spoken = h("p", { class: "unseen", "aria-live": "polite" });
    this.columns = Object.fromEntries(THREADS.map((thread) => [thread, { code: h("ol", { class: "code" }), register: h("span") }]));
    this.between = h("div", { class: "between" });
    this.buttons = Object.fromEntries(THREADS.map((thread) => [thread, h("button", { type: "button", onClick: () => this.press(thread) })]));
    this.slider = h("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": own.steps, onInput: () => this.go(Number(this.slider.value)) });
    this.position = h("span");
    this.sentence = h("p", { class: "verdict" });
    this.tiles = h("div", { class: "tiles" });
    this.betting = h("div", { class: "bet" });
    this.note = h("p", { class: "note" });
    // Hidden until it has settings that can be stepped.
    this.element = h("div", { class: "stepper", hidden: true, onKeydown: (/** @type {KeyboardEvent} */ event) => this.key(event) },
      h("div", { class: "threads choose" }, this.column("A"), this.between, this.column("B")),
      this.sentence,
      h("div", { class: "back" }, this.slider, this.position, this.tiles),
      this.betting, this.note, this.spoken);
    this.bar = makeStackedBar(own.race);
    this.races = show === "race";
    put(live, this.races ? this.bar.element : this.element);
  }

  /** @param {Thread} thread */
  column(thread) {
    return h("div", null, h("p", { class: "whose" }, h("b", null, this.own.thread(thread)), this.columns[thread].register), this.columns[thread].code, this.buttons[thread]);
  }

  /** @param {Config} config */
  configure(config) {
    this.config = config;
    const program = `${config.counter} ${config.times}`;
    if (program !== this.program) {
      this.program = program;
      // Its threads are of the program that was there before.
      this.session?.handle.close();
      this.session = null;
      this.found.clear();
      this.orders = schedules(startOf(config), MOST_ORDERS);
    }
    const before = this.path.machines.length ? this.path.steps.length : -1;
    this.path = follow(startOf(config), String(config.schedule));
    this.at = positionOf(config);
    const here = this.path.machines[this.path.machines.length - 1];
    if (isOver(here)) this.found.set(String(config.schedule), here.number);
    this.element.hidden = false;
    this.draw();
    if (before >= 0 && this.asked) this.bring();
  }

  /** Another step, or another future than the one that was there. @param {Thread} thread */
  press(thread) {
    if (nextOf(this.machine(), thread) === null) return;
    this.asked = true;
    const schedule = String(this.config.schedule).slice(0, this.at) + thread;
    this.actions.configure({ schedule, at: "all" });
    if (this.at > 0) refill(this.spoken, this.spokenOf(this.at));
  }

  /** What a step did, in words. @param {number} at  counted from 1 */
  spokenOf(at) {
    return this.own.spoken(this.path.steps[at - 1], this.path.machines[at - 1].lock === 0);
  }

  /** Shows the schedule up to there. @param {number} at */
  go(at) {
    const length = this.path.steps.length;
    const to = Math.min(length, Math.max(0, at));
    this.asked = true;
    this.actions.configure({ at: to === length ? "all" : to });
    refill(this.spoken, to > 0 ? this.spokenOf(to) : this.own.first);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const onSlider = event.composedPath()[0] === this.slider;
    if (key === "a" || key === "A") this.press("A");
    else if (key === "b" || key === "B") this.press("B");
    else if (key === "Backspace" || (!onSlider && key === "ArrowLeft")) this.go(this.at - 1);
    else if (!onSlider && key === "ArrowRight") this.go(this.at + 1);
    else if (!onSlider && key === "Home") this.go(0);
    else if (!onSlider && key === "End") this.go(Infinity);
    else return onSlider && /^(Arrow|Home|End|Page)/.test(key) && event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  }

  /** The machine as it is shown. @returns {Machine} */
  machine() {
    return this.path.machines[Math.min(this.at, this.path.machines.length - 1)];
  }

  /** The steps that are shown as done, and the machines on the way. @returns {Way} */
  way() {
    return { machines: this.path.machines.slice(0, this.at + 1), steps: this.path.steps.slice(0, this.at) };
  }

  /** Brings the real threads to where the figure is: on by permits where they are behind on the same way, else the same order again from the start. */
  bring() {
    clearTimeout(this.resting);
    const { session, at, path: { steps } } = this;
    const isBehind = session && session.permitted.length <= at && session.permitted.every((thread, i) => thread === steps[i].thread);
    if (isBehind) this.permit();
    else this.resting = setTimeout(() => this.restart(), session ? REST_MS : 0);
  }

  /** Real threads from the start, with the order up to here. */
  restart() {
    this.session?.handle.close();
    this.session = null;
    // At the start they would do nothing, and nobody would learn when they are ready for a permit.
    if (this.at === 0) return this.mark();
    const schedule = this.path.steps.slice(0, this.at).map(({ thread }) => thread);
    const handle = this.actions.step({ ...this.config, schedule: schedule.join(""), at: "all" }, (rows) => this.session === session && this.follow(rows.slice(1)), () => {
      if (this.session === session) this.session = null;
      this.mark();
    });
    this.threadless = handle === null;
    const session = handle && { handle, permitted: schedule, made: 0 };
    this.session = session;
    this.mark();
  }

  /** One step more of the real threads, once they have made all that were permitted. */
  permit() {
    const { session } = this;
    if (!session || session.made < session.permitted.length) return;
    const next = this.path.steps[session.permitted.length];
    if (!next || session.permitted.length >= this.at) return;
    session.permitted.push(next.thread);
    session.handle.permit(THREADS.indexOf(next.thread));
    this.mark();
  }

  /** What the real threads have done. @param {Record<string, number>[]} rows  a step each, in numbers */
  follow(rows) {
    const { session } = this;
    if (!session) return;
    const expected = follow(startOf(this.config), session.permitted.join("")).steps;
    this.disagrees = rows.some((row, i) => expected[i] && (OPS[row.op] !== expected[i].op || row.register !== expected[i].register || row.shared !== expected[i].shared));
    session.made = rows.length;
    this.permit();
    this.mark();
  }

  /** Says whether the threads are where the figure is. */
  mark() {
    const { own, session } = this;
    const waiting = session !== null && session.made < this.at;
    this.element.classList.toggle("pending", waiting);
    const said = this.disagrees ? own.disagree : this.threadless ? own.noThreads : this.asked && this.at < this.path.steps.length ? own.replayed : own.real;
    if (this.note.textContent !== said) this.note.textContent = said;
    this.note.classList.toggle("usual", said === own.real);
  }

  draw() {
    const { own } = this;
    const machine = this.machine();
    for (const thread of THREADS) this.drawThread(thread, machine);
    refill(this.between, this.middle(machine).map((text, i) => h(i === 1 ? "b" : "span", null, text)));
    const { length } = this.path.steps;
    this.slider.max = String(length);
    this.slider.value = String(this.at);
    this.slider.disabled = length === 0;
    this.slider.setAttribute("aria-valuetext", own.position(this.at, length));
    this.position.textContent = own.position(this.at, length);
    this.sentence.textContent = this.say(this.way());
    this.drawTiles();
    this.drawBet();
    this.mark();
  }

  /** @param {Thread} thread @param {Machine} machine */
  drawThread(thread, machine) {
    const { own } = this;
    const next = nextOf(machine, thread);
    const { code, register } = this.columnOf(thread, machine, this.way().steps);
    refill(this.columns[thread].code, code.map(({ text, kind }) => h("li", { class: kind || null, "data-mark": kind === "asleep" && kind, "aria-current": (kind === "next" || kind === "asleep") && "step" }, text)));
    this.columns[thread].register.textContent = register;
    const button = this.buttons[thread];
    button.textContent = next ? this.next(thread, machine) : machine.threads[thread].asleep ? own.asleep(thread) : own.finished(thread);
    button.setAttribute("aria-disabled", String(next === null));
  }

  /** A thread's lines, and what it has read. @param {Thread} thread @param {Machine} machine @param {Step[]} steps  that led there */
  columnOf(thread, machine, steps) {
    const { own } = this;
    const local = machine.threads[thread];
    const now = LINES[machine.protection].findIndex((ops) => ops.includes(local.next));
    const done = isDone(machine, thread);
    const code = own.code[machine.protection].map((text, i) => ({ text, kind: done || i < now ? "past" : i > now ? "" : local.asleep ? "asleep" : "next" }));
    const read = steps.some((step) => step.thread === thread && (step.op === "load" || step.op === "add"));
    return { name: own.thread(thread), code, register: `${own.register}: ${read ? this.words.count(local.register) : own.nothingRead}` };
  }

  /** What a thread that can step would do. @param {Thread} thread @param {Machine} machine */
  next(thread, { number, lock, threads }) {
    return this.own.next(thread, threads[thread].next, { number, lock, register: threads[thread].register });
  }

  /** What stands between the threads. @param {Machine} machine */
  middle({ protection, number, lock }) {
    const { own, words } = this;
    return [own.number, words.count(number), ...(protection === "futex" ? [`${own.lock}: ${lock}`, own.lockStates[lock]] : [])];
  }

  /** One sentence made from the state. @param {Way} way */
  say({ machines, steps }) {
    const { own } = this;
    const machine = machines[steps.length];
    const times = Number(this.config.times);
    if (isOver(machine)) {
      const lost = 2 * times - machine.number;
      return lost > 0 ? own.wrong(machine.number, lost, times) : own.right(machine.number);
    }
    if (steps.length === 0) return own.first;
    const storing = THREADS.filter((thread) => machine.threads[thread].next === "store" && !isDone(machine, thread));
    const asleep = THREADS.find((thread) => machine.threads[thread].asleep);
    if (asleep) return own.sleeping(asleep);
    if (storing.length === 2 && machine.threads.A.register === machine.threads.B.register) return own.bothRead(machine.threads.A.register);
    const stale = storing.find((thread) => machine.threads[thread].register !== machine.number);
    if (stale) return own.stale(stale, machine.threads[stale].register, machine.number);
    const inside = machine.lock !== 0 && THREADS.find((thread) => ["load", "store", "unlock"].includes(machine.threads[thread].next) && !isDone(machine, thread));
    if (inside) return own.inside(inside);
    return own.spoken(steps[steps.length - 1], machines[steps.length - 1].lock === 0);
  }

  drawTiles() {
    const { own, orders } = this;
    const expected = 2 * Number(this.config.times);
    const few = orders !== null && orders.length <= TILES;
    const shown = few ? orders.filter((order) => this.found.has(order)) : [...this.found.keys()].slice(-6);
    const tiles = shown.map((order) => {
      const value = this.found.get(order) ?? 0;
      const pressed = String(this.config.schedule) === order;
      const { text, lost } = tileOf(order, value, expected);
      return h("button", { type: "button", class: lost ? "tile lost" : "tile", "aria-pressed": pressed, "aria-label": own.tile(order, value, !lost), onClick: () => this.actions.configure({ schedule: order, at: "all" }) }, text);
    });
    refill(this.tiles, h("span", null, orders === null || !few ? own.foundTooMany(this.found.size, orders?.length ?? this.counted) : own.found(this.found.size, orders.length)), tiles,
      few && this.found.size < orders.length && h("button", { type: "button", onClick: () => this.showAll() }, own.showAll));
  }

  /** Every order at once: the run makes each on the real threads. */
  showAll() {
    for (const order of this.orders ?? []) {
      const { machines } = follow(startOf(this.config), order);
      this.found.set(order, machines[machines.length - 1].number);
    }
    this.drawTiles();
    this.actions.run();
  }

  /** Only where it has an answer that surprises: without a lock, three times each. */
  drawBet() {
    const { own, bet } = this;
    const asked = this.config.counter === "racy" && Number(this.config.times) === 3;
    this.betting.hidden = !asked;
    if (!asked) return;
    const least = () => (this.orders ?? []).find((order) => follow(startOf(this.config), order).machines.at(-1)?.number === 2) ?? "";
    refill(this.betting, bet === null
      ? [own.bet.question, ...[2, 3, 4, 5].map((value) => h("button", { type: "button", onClick: () => this.place(value) }, this.words.count(value)))]
      : [own.bet.answer(bet), h("button", { type: "button", title: own.bet.why, onClick: () => this.show(least()) }, own.bet.show)]);
  }

  /** Shows an order, ready to be stepped through from its start. @param {string} schedule */
  show(schedule) {
    this.asked = true;
    this.actions.configure({ schedule, at: 0 });
  }

  /** What the reader bets. @param {number} value */
  place(value) {
    this.bet = value;
    this.drawBet();
  }

  estimate() {
    return this.own.estimate(this.orders?.length ?? null);
  }

  begin() {
    this.session?.handle.close();
  }

  /** @param {Live} live @returns {import("../../shell/manifest.js").Now} */
  frame(live) {
    const { own } = this;
    const { ordersRun = 0, orders = 1, racesRun, races } = live.tables.interleaving?.[0] ?? {};
    if (races) return { said: own.racing, count: own.races(racesRun, races), share: 0.5 + racesRun / races / 2, leftMs: null };
    return { said: own.ordering, count: own.orders(ordersRun, orders), share: ordersRun / orders / 2, leftMs: null };
  }

  /** What is shown as a drawing; where nobody has stepped yet, the order of the run that is shown. @param {import("../../shell/manifest.js").Canvas} canvas */
  picture = (canvas) => {
    const { config } = this;
    const { machines, steps } = this.at > 0 ? this.way() : follow(startOf(config), this.shown?.config.counter === config.counter && this.shown?.config.times === config.times ? this.shown.schedule ?? "" : "");
    const machine = machines[steps.length];
    const orders = this.orders !== null && this.orders.length <= TILES ? this.orders : [];
    return draw(canvas, {
      columns: THREADS.map((thread) => this.columnOf(thread, machine, steps)),
      between: this.middle(machine),
      steps: steps.map(({ thread, shared }, i) => ({ thread, did: this.next(thread, machines[i]), number: this.words.count(shared) })),
      sentence: this.say({ machines, steps }),
      tiles: orders.map((order) => tileOf(order, follow(startOf(config), order).machines.at(-1)?.number ?? 0, 2 * Number(config.times))),
    });
  };

  /** @param {any} report */
  finish(report) {
    const { own, words } = this;
    this.shown = report;
    this.counted = report.schedules?.count ?? null;
    this.drawTiles();
    if (report.race) this.bar.show([{ name: own.race.lost, role: "failed", lost: true, value: report.race.losing }, { name: own.race.kept, role: "done", value: report.race.rounds - report.race.losing }]);
    this.actions.tell(figure.sentences({ ...report, steps: undefined }, { words, own }), makeTable(figure.table(report, { words, own })), h("ul", { class: "soft" }, own.caveats.map((text) => h("li", null, text))));
  }

  destroy() {
    clearTimeout(this.resting);
    this.session?.handle.close();
    this.bar.destroy();
  }
}
