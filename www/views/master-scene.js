/**
 * The live part of a figure with a master: the timeline of the master and its workers, and beside it the lines that the post's program prints.
 */
import { h } from "./dom.js";
import { Log } from "./log.js";
import { MasterPhase } from "./master-phase.js";
import { Timeline } from "./timeline.js";

/** @typedef {import("./master-phase.js").Master & {log: import("./log.js").Line[], logSkipped: number, logHead: number}} Master */
/** @typedef {{workers: number, phases: import("./timeline.js").Phase[], stateNames: string[], master: Master | null}} Live */
/** @typedef {{timeline: import("./timeline.js").TimelineWords, log: import("./log.js").LogWords, master: import("./master-phase.js").MasterWords}} SceneWords */

/** A timeline and a log, side by side where there is room. */
export class MasterScene {
  /** @param {SceneWords} words @param {string} title @param {import("./timeline.js").Options} options */
  constructor(words, title, options) {
    this.words = words;
    this.timeline = new Timeline(words.timeline, [title], { ...options, bands: true, nameOf: (lane) => (lane === 0 ? words.master : { name: `worker-${lane - 1}`, short: String(lane - 1) }) });
    this.log = new Log(words.log);
    /** @type {MasterPhase | null} */
    this.phase = null;
    /** @type {Live | null} */
    this.live = null;
    /** Events told so far. */
    this.told = 0;
    this.element = h("div", { class: "pair" }, this.timeline.element, this.log.element);
  }

  /** Whether a run goes on. */
  get running() {
    return this.timeline.live;
  }

  /** Keeps room before there is anything to show. @param {number} workers */
  reserve(workers) {
    this.timeline.keep(workers + 1);
    if (!this.phase) this.timeline.reserve(workers + 1);
  }

  /** Whether the post's program prints anything. @param {boolean} prints */
  print(prints) {
    this.element.classList.toggle("alone", !prints);
  }

  /** @param {Live} live @param {number} expectMs @param {string[]} legend */
  show(live, expectMs, legend) {
    this.live = live;
    this.told = 0;
    this.phase = new MasterPhase(live, this.words.master);
    this.timeline.named = legend;
    // The first lane is the master's.
    this.timeline.begin(this.phase.phases, this.phase.stateNames, live.workers + 1, [expectMs]);
    this.log.show(live.master?.log ?? [], live.master?.logSkipped ?? 0, live.master?.logHead ?? 0);
  }

  /** A frame of a run: updates both, and announces a printed line now and then. @param {(event: string, value: number) => void} hear */
  frame(hear) {
    this.update(hear);
    if (this.running) this.log.speak();
  }

  /** Updates both. @param {(event: string, value: number) => void} hear  called for each new event of the master's */
  update(hear) {
    const { phase, live } = this;
    if (!phase || !live) return;
    phase.update();
    this.timeline.frame();
    const { master } = live;
    if (!master) return;
    if (this.log.lines !== master.log) this.log.show(master.log, master.logSkipped, master.logHead);
    this.log.frame(master.logSkipped);
    for (; this.told < master.at.length; this.told++) hear(master.eventNames[master.event[this.told]], master.value[this.told]);
  }

  /** The run is over. @param {boolean} aloud  whether the last line is announced */
  end(aloud) {
    this.timeline.end();
    if (aloud) this.log.speak(true);
  }

  destroy() {
    this.timeline.destroy();
    this.log.destroy();
  }
}
