/**
 * Who did what when: a lane a worker, drawn on a canvas while it happens, and afterwards to be zoomed and read moment by moment.
 * Knows lanes and states, not experiments and not threads.
 */
import { scaleLinear } from "d3-scale";
import { h, refill } from "./dom.js";
import { Paint, legendFor } from "./paint.js";

/** @typedef {{name: string, at: number[], state: number[]}} Lane */
/** @typedef {{lanes: Lane[], nowMs: number, endMs: number | null}} Phase */
/** @typedef {import("../text/words.js").Words} Words */

const AXIS = 20;
/** Where the names are, in CSS pixels, where there is room for them. */
const GUTTER = 76;
const NARROW = 480;
/** When the present comes to the edge, the view grows by this. */
const GROW = 1.25;
const ZOOM = 1.6;
/** The closest zoom, in ms: finer than any browser's clock step it makes no sense. */
const CLOSEST_MS = 0.002;

/** How high a lane is. @param {number} lanes */
export const laneHeight = (lanes) => (lanes <= 24 ? 14 : lanes <= 48 ? 9 : lanes <= 80 ? 6 : 4);

/** A timeline; one for all phases of a run, of which it shows one. */
export class Timeline {
  /** @param {Words} words @param {string[]} phaseNames */
  constructor(words, phaseNames) {
    this.words = words;
    this.phaseNames = phaseNames;
    /** @type {string[]} */
    this.stateNames = [];
    /** @type {Phase[]} */
    this.phases = [];
    this.shown = 0;
    /** Whether the shown phase changes with the run. */
    this.follows = true;
    this.lanes = 0;
    this.view = [0, 1];
    this.cursor = { lane: 0, event: -1 };
    this.canvas = h("canvas", { tabindex: "0", role: "img" });
    this.now = h("div", { class: "now", hidden: true });
    this.mark = h("div", { class: "cursor", hidden: true });
    this.readout = h("p", { class: "readout", "aria-live": "polite" });
    this.buttons = phaseNames.map((name, i) => h("button", { type: "button", "aria-pressed": "false", onClick: () => this.choose(i) }, name));
    this.legend = h("ul", { class: "legend" });
    this.stage = h("div", { class: "stage" }, this.canvas, this.now, this.mark);
    this.element = h("div", { class: "timeline" }, h("div", { class: "phases" }, this.buttons), this.stage, this.readout, this.legend);
    this.paint = new Paint(this.canvas);
    this.scale = scaleLinear();
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.stage);
    this.listen();
  }

  /** Makes room for so many lanes, so that nothing moves when a run begins. @param {number} lanes */
  reserve(lanes) {
    this.lanes = lanes;
    const height = lanes * laneHeight(lanes) + AXIS;
    this.canvas.style.height = `${height}px`;
    this.resize();
  }

  /**
   * Shows a run from its beginning.
   * @param {Phase[]} phases  may grow @param {string[]} stateNames @param {number} lanes @param {number[]} expectMs  how long each phase will take
   */
  begin(phases, stateNames, lanes, expectMs) {
    Object.assign(this, { phases, stateNames, expectMs, shown: 0, follows: true });
    this.paint.forget();
    this.live = true;
    refill(this.legend, legendFor(stateNames, this.words.timeline.states, this.words.timeline.ticks));
    this.readout.textContent = "";
    this.reserve(lanes);
    this.choosePhase(0);
  }

  /** The run is over: the whole of the shown phase. */
  end() {
    this.live = false;
    this.now.hidden = true;
    this.choosePhase(Math.min(this.shown, Math.max(0, this.phases.length - 1)));
    this.readout.textContent = this.words.timeline.hint;
  }

  /** Draws what is new. */
  frame() {
    if (this.follows && this.phases.length - 1 > this.shown) this.choosePhase(this.phases.length - 1);
    const phase = this.phases[this.shown];
    if (!phase || !this.live) return;
    if (phase.nowMs > this.view[1] && this.view[0] === 0) this.look(0, phase.nowMs * GROW);
    else this.paint.more(phase, this.scale, phase.endMs ?? phase.nowMs, this.ended());
    const x = this.scale(phase.nowMs);
    this.now.hidden = phase.endMs !== null || x > this.width;
    this.now.style.transform = `translateX(${x}px)`;
  }

  /** The states in which a worker does nothing more, as numbers. */
  ended() {
    return this.paint.quiet;
  }

  /** A reader picks a phase. @param {number} index */
  choose(index) {
    this.follows = this.live === true && index === this.phases.length - 1;
    this.choosePhase(index);
  }

  /** @param {number} index */
  choosePhase(index) {
    this.shown = index;
    this.cursor = { lane: 0, event: -1 };
    this.mark.hidden = true;
    this.buttons.forEach((button, i) => {
      button.setAttribute("aria-pressed", String(i === index));
      button.disabled = i >= Math.max(1, this.phases.length);
    });
    this.canvas.setAttribute("aria-label", this.words.timeline.label(this.phaseNames[index] ?? "", this.lanes));
    this.all();
  }

  /** All of the phase. */
  all() {
    const phase = this.phases[this.shown];
    const expected = this.expectMs?.[this.shown] ?? 1;
    const end = phase?.endMs ?? Math.max(expected * 1.03, (phase?.nowMs ?? 0) * 1.03);
    this.look(0, Math.max(end * (phase?.endMs ? 1.005 : 1), CLOSEST_MS));
  }

  /** Shows from one time to another. @param {number} from @param {number} to */
  look(from, to) {
    this.view = [Math.max(0, from), to];
    this.redraw();
  }

  resize() {
    this.redraw();
  }

  redraw() {
    const box = this.stage.getBoundingClientRect();
    this.width = box.width;
    if (!box.width || !this.lanes) return;
    this.gutter = box.width < NARROW ? 28 : GUTTER;
    this.scale = scaleLinear([this.view[0], this.view[1]], [this.gutter, box.width]);
    const phase = this.phases[this.shown];
    this.paint.all({
      width: box.width, gutter: this.gutter, axis: AXIS, lanes: this.lanes, laneHeight: laneHeight(this.lanes),
      stateNames: this.stateNames, phase, scale: this.scale, untilMs: phase ? (phase.endMs ?? phase.nowMs) : 0, short: box.width < NARROW,
      tick: (ms) => this.words.time(ms),
    });
    this.placeMark();
  }

  listen() {
    const { canvas } = this;
    canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && !event.buttons && this.point(event));
    canvas.addEventListener("click", (event) => this.point(event));
    canvas.addEventListener("wheel", (event) => {
      // Without a modifier the wheel belongs to the page.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      this.zoom(event.deltaY < 0 ? ZOOM : 1 / ZOOM, event.offsetX);
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.key(event));
    this.pinch();
  }

  /** Two fingers zoom; one scrolls the page, as everywhere. */
  pinch() {
    /** @type {Map<number, number>} */
    const fingers = new Map();
    const spread = () => {
      const [a, b] = [...fingers.values()];
      return { middle: (a + b) / 2, apart: Math.max(8, Math.abs(a - b)) };
    };
    this.canvas.addEventListener("pointerdown", (event) => event.pointerType === "touch" && fingers.set(event.pointerId, event.offsetX));
    this.canvas.addEventListener("pointermove", (event) => {
      if (!fingers.has(event.pointerId)) return;
      const before = fingers.size === 2 ? spread() : null;
      fingers.set(event.pointerId, event.offsetX);
      if (before) this.zoom(spread().apart / before.apart, spread().middle);
    });
    for (const end of ["pointerup", "pointercancel", "pointerleave"]) this.canvas.addEventListener(end, (event) => fingers.delete(/** @type {PointerEvent} */ (event).pointerId));
  }

  /** Makes the view so many times finer around a place. @param {number} by @param {number} x */
  zoom(by, x) {
    if (this.live) return;
    const at = this.scale.invert(Math.max(this.gutter ?? 0, x));
    const whole = (this.phases[this.shown]?.endMs ?? 1) * 1.005;
    const length = Math.min(whole, Math.max(CLOSEST_MS, (this.view[1] - this.view[0]) / by));
    const share = (at - this.view[0]) / (this.view[1] - this.view[0]);
    const from = Math.min(Math.max(0, at - share * length), whole - length);
    this.look(from, from + length);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const x = this.cursor.event >= 0 ? this.scale(this.phases[this.shown]?.lanes[this.cursor.lane]?.at[this.cursor.event] ?? 0) : ((this.gutter ?? 0) + (this.width ?? 0)) / 2;
    /** @type {Record<string, () => void>} */
    const keys = {
      "+": () => this.zoom(ZOOM, x), "=": () => this.zoom(ZOOM, x), "-": () => this.zoom(1 / ZOOM, x),
      0: () => this.all(), Home: () => this.all(),
      ArrowLeft: () => this.step(0, -1), ArrowRight: () => this.step(0, 1), ArrowUp: () => this.step(-1, 0), ArrowDown: () => this.step(1, 0),
    };
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  /** Goes to another lane or to another moment of it. @param {number} lanes @param {number} events */
  step(lanes, events) {
    const phase = this.phases[this.shown];
    if (!phase) return;
    const lane = Math.min(phase.lanes.length - 1, Math.max(0, this.cursor.lane + lanes));
    const at = phase.lanes[lane].at;
    const from = lanes ? phase.lanes[this.cursor.lane].at[Math.max(0, this.cursor.event)] : null;
    const event = from === null ? this.cursor.event + events : at.findLastIndex((ms) => ms <= from);
    this.read(lane, Math.min(at.length - 1, Math.max(0, event)));
  }

  /** Reads the moment under a pointer. @param {{offsetX: number, offsetY: number}} place */
  point({ offsetX, offsetY }) {
    const phase = this.phases[this.shown];
    const lane = Math.floor(offsetY / laneHeight(this.lanes));
    if (!phase?.lanes[lane] || offsetX < (this.gutter ?? 0)) return;
    const ms = this.scale.invert(offsetX);
    this.read(lane, phase.lanes[lane].at.findLastIndex((at) => at <= ms));
  }

  /** @param {number} laneIndex @param {number} event */
  read(laneIndex, event) {
    const phase = this.phases[this.shown];
    const lane = phase?.lanes[laneIndex];
    if (!lane || event < 0 || lane.at[event] === undefined) return;
    this.cursor = { lane: laneIndex, event };
    const atMs = lane.at[event];
    const end = lane.at[event + 1] ?? phase.endMs ?? phase.nowMs;
    const name = this.stateNames[lane.state[event]];
    const state = /** @type {Record<string, string>} */ (this.words.timeline.states)[name] ?? name;
    this.readout.textContent = this.words.timeline.moment({ name: lane.name, state, atMs, lengthMs: Math.max(0, end - atMs) });
    if (atMs < this.view[0] || atMs > this.view[1]) {
      const length = this.view[1] - this.view[0];
      this.look(Math.max(0, atMs - length / 2), Math.max(0, atMs - length / 2) + length);
    }
    this.placeMark();
  }

  placeMark() {
    const lane = this.phases[this.shown]?.lanes[this.cursor.lane];
    const at = lane?.at[this.cursor.event];
    this.mark.hidden = at === undefined || at < this.view[0] || at > this.view[1];
    if (at !== undefined) this.mark.style.transform = `translateX(${this.scale(at)}px)`;
  }

  destroy() {
    this.observer.disconnect();
  }
}
