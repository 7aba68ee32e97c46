/**
 * One phase of a timeline, from a run with a master: its lane above its workers', with each of its polls as a tick, heartbeats on every lane, and bands
 * that name the round, or the master in charge.
 */

/** @typedef {import("./timeline.js").Lane} Lane */
/** @typedef {import("./timeline.js").Phase} Phase */
/** @typedef {{eventNames: string[], at: number[], event: number[], value: number[], beats: number[][]}} Master */
/** @typedef {{phases: Phase[], stateNames: string[], master: Master | null}} Live */
/**
 * @typedef {object} MasterWords
 * @property {string} name
 * @property {string} short
 * @property {(round: number) => string} round  a round's band; empty for none
 * @property {string} vacant  the time without a master
 * @property {(epoch: number) => string} successor
 * @property {string} observer
 * @property {(event: string, value: number, atMs: number) => string | null} tell
 */

/** The states that only a master has. */
const OWN = ["master", "poll", "poll-all", "exit", "vacant"];
/** Events that are ticks on the lane. */
const TICKS = ["poll", "poll-all"];

export class MasterPhase {
  /** @param {Live} live @param {MasterWords} words */
  constructor(live, words) {
    this.live = live;
    this.words = words;
    this.stateNames = [...live.stateNames, ...OWN];
    /** Empty until the run begins. @type {Phase[]} */
    this.phases = [];
    /** Events taken so far. */
    this.taken = 0;
    this.round = 0;
    /** What a moment of the lane says, by its index there. @type {Map<number, string>} */
    this.said = new Map();
  }

  /** @param {string} name */
  state(name) {
    return this.stateNames.indexOf(name);
  }

  /** Takes what is new. */
  update() {
    const source = this.live.phases[0];
    const { master } = this.live;
    if (!source || !master) return;
    if (this.phases.length === 0) this.open(source, master);
    for (; this.taken < master.at.length; this.taken++) this.take(master.eventNames[master.event[this.taken]], master.value[this.taken], master.at[this.taken]);
  }

  /** @param {Phase} source @param {Master} master */
  open(source, master) {
    /** @type {Lane} */
    this.lane = { name: this.words.name, short: this.words.short, at: [0], state: [this.state("master")], beats: master.beats.at(-1), tell: (event) => this.said.get(event) ?? null };
    this.bands = { at: /** @type {number[]} */ ([]), names: /** @type {string[]} */ ([]) };
    source.lanes.forEach((lane, i) => (lane.beats = master.beats[i]));
    this.phases.push({
      lanes: [this.lane, ...source.lanes], bands: this.bands,
      get nowMs() {
        return source.nowMs;
      },
      get endMs() {
        return source.endMs;
      },
    });
  }

  /** @param {string} event @param {number} value @param {number} atMs */
  take(event, value, atMs) {
    const said = this.words.tell(event, value, atMs);
    if (TICKS.includes(event)) {
      this.enter(event, atMs, said);
      this.enter("master", atMs, null);
    }
    if (event === "start") this.begin(this.words.round(++this.round), atMs);
    if (event === "exit") {
      this.enter("exit", atMs, said);
      this.enter("vacant", atMs, null);
      this.begin(this.words.vacant, atMs);
    }
    if (event === "adopt") {
      this.enter("master", atMs, said);
      this.begin(this.words.successor(value), atMs);
    }
    if (event === "notary") this.begin(this.words.observer, atMs);
  }

  /** @param {string} state @param {number} atMs @param {string | null} said */
  enter(state, atMs, said) {
    const { lane } = this;
    if (!lane) return;
    if (said) this.said.set(lane.at.length, said);
    lane.at.push(atMs);
    lane.state.push(this.state(state));
  }

  /** @param {string} name  empty for no band @param {number} atMs */
  begin(name, atMs) {
    if (!name) return;
    this.bands?.at.push(atMs);
    this.bands?.names.push(name);
  }
}
