/**
 * Who did what when: a lane a worker, drawn on a canvas while it happens, and afterwards to be zoomed and read moment by moment.
 */
import { linear } from "./scale.js";
import { pause } from "../pause.js";
import { Density } from "./density.js";
import { h, refill, widthOf } from "./dom.js";
import { makeLanesTable } from "./lanes-table.js";
import { ZOOM, listen } from "./gestures.js";
import { LEGEND, legendFor } from "./state-styles.js";
import { laneHeight, lastBefore, sharesOf } from "./lanes.js";
import { LanePainter } from "./lane-painter.js";

/**
 * @typedef {object} Lane
 * @property {string} name
 * @property {string} [short]  its name where there is little room
 * @property {number[]} at  when it entered a state, in ms
 * @property {number[]} state  which, as an index into the states' names
 * @property {number[]} [beats]  when it gave a sign of life
 * @property {(event: number) => string | null} [tell]  a moment in words; null where the common ones will do
 */
/** @typedef {{at: number[], names: string[]}} Bands  where parts of a phase begin, and what they are called */
/** @typedef {{lanes: Lane[], nowMs: number, endMs: number | null, bands?: Bands}} Phase */
/**
 * @typedef {object} Options
 * @property {string[]} [legend]  the states that the legend names
 * @property {boolean} [bands]  whether phases have bands
 * @property {(lane: number) => {name: string, short: string}} [nameOf]  what a lane is called before there is anything in it
 * @property {number} [least]  there is room for so many lanes, whoever's run is shown
 * @property {HTMLElement} [tools]  what belongs right below the lanes
 * @property {Removal} [removal]  what a reader can do to a lane while the run goes on
 */
/**
 * @typedef {object} Removal  a click on a lane, or Delete where it is read, and its worker is gone
 * @property {(lane: number) => boolean} allowed
 * @property {(lane: number) => void} remove
 * @property {(lane: number) => string} warning  what a click would do
 * @property {string} hint  that lanes can be clicked
 * @property {string} hintTouch  the same for fingers
 */
/**
 * @typedef {object} TimelineWords
 * @property {Record<string, string>} states
 * @property {string} ticks  that ticks are wider than the time they took
 * @property {string} hint  how to read and zoom
 * @property {string} hintTouch  the same for fingers
 * @property {string} choose  what the buttons of the phases are for
 * @property {string} zoomIn
 * @property {string} zoomOut
 * @property {string} whole
 * @property {string} kind  what a screen reader calls a timeline
 * @property {(about: {run: string, lanes: number, endMs: number | null, states: {name: string, share: number}[]}) => string} label
 * @property {(moment: {name: string, state: string, atMs: number, lengthMs: number}) => string} moment
 * @property {(ms: number, stepMs: number) => string} tick
 * @property {import("./lanes-table.js").LanesTableWords} table
 */

/** The height of the time axis, and of the bands' names. */
const AXIS = 22;
const HEAD = 18;
/** Where the names are, in CSS pixels, where there is room for them and where there is not. */
const GUTTER = 72;
const NARROW_GUTTER = 26;
const NARROW = 480;
/** By how much the view grows when the present comes to its edge. */
const GROW = 1.25;
const MARGIN = 1.006; // A little more than all, so that the end can be seen to be one.
/** Printers have at least so many points to a CSS pixel. */
const PRINTED = 3;
/** The closest zoom, in ms: a few of the ticks in which moments are noted. */
const CLOSEST_MS = 0.002;

/** A hint for the fingers or the mouse that this reader has. @param {{hint: string, hintTouch: string}} hints */
const forPointer = ({ hint, hintTouch }) => (matchMedia("(pointer: coarse)").matches ? hintTouch : hint);

/** A timeline; one for all phases of a run, of which it shows one. */
export class Timeline {
  /** @param {TimelineWords} words @param {string[]} phaseNames @param {Options} [options] */
  constructor(words, phaseNames, { legend = LEGEND, bands = false, nameOf = (lane) => ({ name: `worker-${lane}`, short: String(lane) }), tools, removal, least = 0 } = {}) {
    this.words = words;
    this.named = legend;
    this.head = bands ? HEAD : 0;
    this.nameOfLane = nameOf;
    this.removal = removal;
    this.phaseNames = phaseNames;
    /** @type {string[]} */
    this.stateNames = [];
    /** @type {Phase[]} */
    this.phases = [];
    /** @type {number[]} */
    this.expectMs = [];
    this.shown = 0;
    this.live = false;
    /** Whether the shown phase changes with the run. */
    this.follows = true;
    this.lanes = 0;
    this.least = least;
    /** From when to when, in ms. */
    this.view = [0, 1];
    this.width = 0;
    this.gutter = GUTTER;
    this.leastDensity = 0;
    this.cursor = { lane: 0, event: -1 };
    this.scale = linear([0, 1], [0, 1]);
    this.canvas = h("canvas", { tabindex: "0", role: "application", "aria-roledescription": words.kind });
    this.now = h("div", { class: "now", hidden: true });
    this.mark = h("div", { class: "cursor", hidden: true });
    this.readout = h("span", null);
    this.warning = h("span", { class: "threat" });
    this.spoken = h("p", { class: "unseen", role: "status" });
    this.buttons = phaseNames.map((name, i) => h("button", { type: "button", "aria-pressed": "false", "data-bold": name, onClick: () => this.choose(i) }, name));
    this.zooms = h("div", { class: "zooms" },
      h("button", { type: "button", "aria-label": words.zoomOut, title: words.zoomOut, onClick: () => this.zoom(1 / ZOOM, this.middle()) }, "−"),
      h("button", { type: "button", "aria-label": words.zoomIn, title: words.zoomIn, onClick: () => this.zoom(ZOOM, this.middle()) }, "+"),
      h("button", { type: "button", onClick: () => this.showAll() }, words.whole));
    this.legend = h("ul", { class: "legend" });
    this.stage = h("div", { class: "stage" }, this.canvas, this.now, this.mark);
    this.table = makeLanesTable(words.table);
    this.element = h("div", { class: "timeline" },
      h("div", { class: "above" }, phaseNames.length > 1 && h("div", { class: "phases", role: "group", "aria-label": words.choose }, this.buttons), this.zooms),
      this.stage, this.legend, h("p", { class: "under" }, this.readout, " ", this.warning), this.spoken, tools);
    this.painter = new LanePainter(this.canvas);
    // The first time not in the frame that has all of a new figure to lay out.
    this.density = new Density(this.canvas, () => (this.width ? this.redraw() : void pause().then(() => this.redraw())));
    // The stage's colours have a transition of no length to speak of. Whatever changes the theme (the system, an attribute, a page's own
    // style) starts it, and so tells the canvas, which no style sheet reaches.
    this.stage.addEventListener("transitionrun", () => this.redraw());
    // Paper is white, whatever the screen was.
    this.print = (/** @type {Event} */ { type }) => {
      const printing = type === "beforeprint";
      this.painter.scheme = printing ? "light" : "";
      this.leastDensity = printing ? PRINTED : 0;
      this.redraw();
    };
    for (const type of ["beforeprint", "afterprint"]) window.addEventListener(type, this.print);
    listen(this.canvas, {
      zoom: (by, x) => this.zoom(by, x),
      pan: (pixels) => this.pan(pixels),
      step: (lanes, events) => this.step(lanes, events),
      point: (x, y, spoken) => this.point(x, y, spoken),
      pick: (y, pressedY) => this.laneAt(y) === this.laneAt(pressedY) && this.remove(this.laneAt(y)),
      leave: () => this.warn(null),
      whole: () => this.showAll(),
      zoomed: () => !this.live && this.view[1] - this.view[0] < this.wholeMs() * 0.999,
      middle: () => this.middle(),
      remove: removal && (() => void this.remove(this.cursor.lane)),
    });
    this.enable();
  }

  /** Keeps room for this many lanes, so that nothing moves when a run begins. @param {number} lanes */
  keep(lanes) {
    this.stage.style.minHeight = `${this.head + Math.max(...[lanes, this.least].map((count) => count * laneHeight(count))) + AXIS}px`;
  }

  /** Draws this many lanes from now on. @param {number} lanes */
  reserve(lanes) {
    if (lanes === this.lanes) return;
    this.lanes = lanes;
    this.canvas.style.height = `${this.head + lanes * laneHeight(lanes) + AXIS}px`;
    // What has no width yet is drawn once it has: to ask for it now would lay out all of a figure that has only just been made.
    if (this.width) this.redraw();
  }

  /**
   * Shows a run from its beginning.
   * @param {Phase[]} phases  may grow @param {string[]} stateNames @param {number} lanes @param {number[]} expectMs  how long each phase will take; nothing where the run is over, which `end` will draw
   */
  begin(phases, stateNames, lanes, expectMs) {
    Object.assign(this, { phases, stateNames, expectMs, follows: true, live: true });
    this.painter.reset();
    refill(this.legend, legendFor(this.named.filter((name) => name === "beat" || stateNames.includes(name)), this.words.states));
    this.readout.textContent = this.removal ? forPointer(this.removal) : this.words.ticks;
    this.reserve(lanes);
    if (expectMs.length) this.choosePhase(0);
  }

  /** The run is over: the whole of the shown phase. @param {number} [shown]  which phase to show from now on */
  end(shown = this.shown) {
    this.live = false;
    this.now.hidden = true;
    this.warn(null);
    this.choosePhase(Math.min(shown, Math.max(0, this.phases.length - 1)));
    this.readout.textContent = this.phases.length ? `${this.words.ticks} ${forPointer(this.words)}` : "";
  }

  /** Draws what is new. */
  frame() {
    if (this.follows && this.phases.length - 1 > this.shown) this.choosePhase(this.phases.length - 1);
    const phase = this.phases[this.shown];
    if (!phase || !this.live) return;
    if (phase.nowMs > this.view[1]) this.setView(0, phase.nowMs * GROW);
    else this.painter.drawNew(phase, phase.endMs ?? phase.nowMs);
    const x = this.scale(phase.nowMs);
    this.now.toggleAttribute("hidden", phase.endMs !== null || x > this.width);
    this.now.style.transform = `translateX(${x}px)`;
  }

  /** A reader picks a phase. @param {number} index */
  choose(index) {
    this.follows = this.live && index === this.phases.length - 1;
    this.choosePhase(index);
  }

  /** @param {number} index */
  choosePhase(index) {
    this.shown = index;
    this.cursor = { lane: 0, event: -1 };
    this.now.hidden = true;
    this.buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(i === index && this.phases.length > 0)));
    this.enable();
    this.showAll();
    const phase = this.phases[index];
    const whole = phase && !this.live ? phase : null;
    const run = this.phaseNames[index] ?? "";
    this.table.show(whole && { run, phase: whole, stateNames: this.stateNames });
    this.canvas.setAttribute("aria-label", this.words.label({ run, lanes: this.lanes, endMs: whole?.endMs ?? null, states: whole ? this.shares(whole) : [] }));
  }

  enable() {
    this.buttons.forEach((button, i) => (button.disabled = i >= this.phases.length));
    const zooms = !this.live && this.phases.length > 0;
    for (const button of this.zooms.querySelectorAll("button")) button.disabled = !zooms;
    // Two fingers zoom the page wherever they do not zoom the lanes.
    this.canvas.style.touchAction = zooms ? "pan-y" : "pan-y pinch-zoom";
  }

  /** How all lanes' time is divided among the states, the largest first. @param {Phase} phase */
  shares({ lanes, endMs }) {
    return sharesOf(lanes, endMs ?? 0).map(([state, share]) => ({ name: this.nameOf(state), share }));
  }

  /** @param {number} state */
  nameOf(state) {
    const name = this.stateNames[state];
    return this.words.states[name] ?? name;
  }

  /** As long as the picture of the shown phase is at least. */
  wholeMs() {
    const phase = this.phases[this.shown];
    if (phase && phase.endMs !== null) return Math.max(phase.endMs * MARGIN, CLOSEST_MS);
    return Math.max(this.expectMs[this.shown] ?? 1, phase?.nowMs ?? 0, CLOSEST_MS) * 1.03;
  }

  /** All of the phase. */
  showAll() {
    this.setView(0, this.wholeMs());
  }

  /** Shows from one time to another. @param {number} from @param {number} to */
  setView(from, to) {
    this.view = [from, to];
    this.redraw();
  }

  redraw() {
    this.width = widthOf(this.stage);
    if (!this.width || !this.lanes) return;
    this.gutter = this.width < NARROW ? NARROW_GUTTER : GUTTER;
    this.scale = linear(this.view, [this.gutter, this.width]);
    this.painter.drawAll(this.picture(), this.density.atLeast(this.leastDensity));
    this.placeMark();
  }

  /** What is to be painted. @returns {import("./lane-painter.js").Picture} */
  picture() {
    const phase = this.phases[this.shown];
    return {
      width: this.width, gutter: this.gutter, head: this.head, axis: AXIS, lanes: this.lanes, laneHeight: laneHeight(this.lanes), stateNames: this.stateNames, phase,
      scale: this.scale, untilMs: phase ? (phase.endMs ?? phase.nowMs) : 0, short: this.gutter === NARROW_GUTTER, nameOf: this.nameOfLane, tick: this.words.tick,
    };
  }

  /** The same on a canvas of its own, with `ratio` of its pixels to a CSS pixel; another timeline's canvas as it is. @param {HTMLCanvasElement} canvas @param {number} ratio */
  finer(canvas, ratio) {
    if (canvas !== this.canvas) return canvas;
    const own = h("canvas", { hidden: true });
    this.stage.append(own);
    new LanePainter(own).drawAll(this.picture(), [ratio, ratio]);
    own.remove();
    return own;
  }

  /** Where keys and buttons zoom: at the moment that is being read, else in the middle. */
  middle() {
    const at = this.phases[this.shown]?.lanes[this.cursor.lane]?.at[this.cursor.event];
    return at === undefined ? (this.gutter + this.width) / 2 : this.scale(at);
  }

  /** Makes the view finer, or coarser, around a place. @param {number} by @param {number} x */
  zoom(by, x) {
    if (this.live || !this.phases.length) return;
    const whole = this.wholeMs();
    const at = this.scale.invert(Math.max(this.gutter, Math.min(this.width, x)));
    const length = Math.min(whole, Math.max(CLOSEST_MS, (this.view[1] - this.view[0]) / by));
    const share = (at - this.view[0]) / (this.view[1] - this.view[0]);
    this.setViewWithin(at - share * length, length);
  }

  /** @param {number} pixels */
  pan(pixels) {
    const length = this.view[1] - this.view[0];
    this.setViewWithin(this.view[0] - (pixels / (this.width - this.gutter)) * length, length);
  }

  /** Shows that much from there, but nothing outside of the phase. @param {number} from @param {number} length */
  setViewWithin(from, length) {
    const start = Math.max(0, Math.min(from, this.wholeMs() - length));
    this.setView(start, start + length);
  }

  /** Goes to another lane or to another moment of it. @param {number} lanes @param {number} events */
  step(lanes, events) {
    const phase = this.phases[this.shown];
    const from = phase?.lanes[this.cursor.lane]?.at[Math.max(0, this.cursor.event)];
    if (!phase || from === undefined) return;
    const lane = Math.min(phase.lanes.length - 1, Math.max(0, this.cursor.lane + lanes));
    const { at } = phase.lanes[lane];
    const event = lanes ? lastBefore(at, from) : this.cursor.event + events;
    this.read(lane, Math.min(at.length - 1, Math.max(0, event)), true);
  }

  /** The lane at a place; there need not be one. @param {number} y */
  laneAt(y) {
    return Math.floor((y - this.head) / laneHeight(this.lanes));
  }

  /** Removes a lane's worker, if that may be now. @param {number} lane */
  remove(lane) {
    if (!this.removable(lane)) return false;
    this.removal?.remove(lane);
    this.warn(null);
    return true;
  }

  /** @param {number} lane */
  removable(lane) {
    return this.live && lane >= 0 && lane < this.lanes && this.removal?.allowed(lane) === true;
  }

  /** Says and shows whom a click would remove. @param {number | null} lane */
  warn(lane) {
    const deadly = lane !== null && this.removable(lane);
    this.stage.classList.toggle("deadly", deadly);
    const said = (deadly && this.removal?.warning(lane)) || "";
    if (this.warning.textContent !== said) this.warning.textContent = said;
  }

  /** Reads the moment under a pointer. @param {number} x @param {number} y @param {boolean} spoken */
  point(x, y, spoken) {
    const lane = this.laneAt(y);
    if (!spoken) this.warn(lane);
    const { at } = this.phases[this.shown]?.lanes[lane] ?? { at: [] };
    if (at.length && x >= this.gutter) this.read(lane, lastBefore(at, this.scale.invert(x)), spoken);
  }

  /** @param {number} laneIndex @param {number} event @param {boolean} spoken  whether it is announced too */
  read(laneIndex, event, spoken) {
    const phase = this.phases[this.shown];
    const lane = phase?.lanes[laneIndex];
    const atMs = lane?.at[event];
    if (!phase || !lane || atMs === undefined) return;
    this.cursor = { lane: laneIndex, event };
    this.stage.dataset.mark = this.stateNames[lane.state[event]];
    const said = lane.tell?.(event) ?? this.words.moment({ name: lane.name, state: this.nameOf(lane.state[event]), atMs, lengthMs: this.endOf(phase, lane, event) - atMs });
    if (this.readout.textContent !== said) this.readout.textContent = said;
    if (spoken) this.spoken.textContent = said;
    // Only keys lead out of the picture; what a pointer is on can be seen.
    if (spoken && !this.live && (atMs < this.view[0] || atMs > this.view[1])) {
      const length = this.view[1] - this.view[0];
      this.setViewWithin(atMs - length / 2, length);
    } else this.placeMark();
  }

  /** @param {Phase} phase @param {Lane} lane @param {number} event */
  endOf(phase, lane, event) {
    return Math.max(lane.at[event], lane.at[event + 1] ?? phase.endMs ?? phase.nowMs);
  }

  /** Frames the moment that is being read. */
  placeMark() {
    const phase = this.phases[this.shown];
    const lane = phase?.lanes[this.cursor.lane];
    const at = lane?.at[this.cursor.event];
    const end = phase && lane && at !== undefined ? this.endOf(phase, lane, this.cursor.event) : 0;
    this.mark.hidden = at === undefined || end < this.view[0] || at > this.view[1];
    if (this.mark.hidden || at === undefined) return;
    const left = Math.max(this.gutter, this.scale(at));
    const height = laneHeight(this.lanes);
    const width = Math.max(3, Math.min(this.width, this.scale(end)) - left);
    Object.assign(this.mark.style, { transform: `translate(${left}px, ${this.head + this.cursor.lane * height}px)`, width: `${width}px`, height: `${height}px` });
  }

  destroy() {
    for (const type of ["beforeprint", "afterprint"]) window.removeEventListener(type, this.print);
    this.density.destroy();
  }
}
