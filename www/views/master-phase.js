/**
 * Makes one phase of a timeline from a run with a master: a lane for it above its workers', with each of its looks as a tick, signs of life on every
 * lane, and bands that say which round it is, or who is master. Knows plain data only, and takes what is new when asked to.
 */

/** @typedef {import("./timeline.js").Lane} Lane */
/** @typedef {import("./timeline.js").Phase} Phase */
/** @typedef {{eventNames: string[], at: number[], event: number[], value: number[], beats: number[][]}} Master */
/** @typedef {{phases: Phase[], stateNames: string[], master: Master | null}} Live */
/**
 * @typedef {object} MasterWords
 * @property {string} name
 * @property {string} short
 * @property {(round: number) => string} round  what a round's band is called; empty where rounds have none
 * @property {string} vacant  what the time without a master is called
 * @property {(epoch: number) => string} heir
 * @property {string} notary
 * @property {(event: string, value: number, atMs: number) => string | null} tell
 */

/** States that only a master has; a timeline shows them beside the workers'. */
const OWN = ["master", "poll", "poll-all", "exit", "vacant"];
/** Events that are ticks on the lane, and after which it goes on as it was. */
const TICKS = ["poll", "poll-all"];

/** One run's phase. */
export class MasterPhase {
  /** @param {Live} live @param {MasterWords} words */
  constructor(live, words) {
    this.live = live;
    this.words = words;
    this.stateNames = [...live.stateNames, ...OWN];
    /** Grows by one when the run begins: what a timeline shows. @type {Phase[]} */
    this.phases = [];
    /** Events taken so far. */
    this.taken = 0;
    this.round = 0;
    /** What has been heard of the current event, by its place in the lane: for who reads that moment. @type {Map<number, string>} */
    this.said = new Map();
  }

  /** @param {string} name */
  state(name) {
    return this.stateNames.indexOf(name);
  }

  /** Takes what has come since. */
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
      this.begin(this.words.heir(value), atMs);
    }
    if (event === "notary") this.begin(this.words.notary, atMs);
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
