/**
 * Reads the status board and the event rings of a run straight from shared memory, as plain data for the figures.
 * Rust says where things lie (`layout()`); only the stop and signal words are written here.
 */
import { MasterView } from "./board-master.js";
import { RowsView, floatsIn } from "./board-rows.js";
import { epochMs } from "./clock.js";
import { RingReader, field, ticksIn } from "./trace.js";

/**
 * @typedef {object} Layout  where things lie, as Rust's `layout()` says
 * @property {number} tickNs
 * @property {Record<string, number>} header  byte address, and byte offsets from it
 * @property {Record<string, number>} slots
 * @property {{stateShift: number, stateBits: number, countShift: number, countBits: number, tickBits: number}} word
 * @property {import("./trace.js").EventLayout} event
 * @property {string[]} states
 * @property {MasterEvent[]} [masterEvents]  the kinds of event in a master's ring, by number
 * @property {import("./board-rows.js").RowLayout} rows
 */
/** @typedef {{name: string, line: string | null}} MasterEvent  `line`: what the post's program prints then, {n} standing for the event's value */
/** @typedef {{name: string, at: number[], state: number[]}} Lane  one worker's changes: when (ms since the phase began), and into which state */
/** @typedef {{lanes: Lane[], nowMs: number, endMs: number | null, dropped: number}} Phase  a part of a run, such as one of the post's four runs */
/**
 * @typedef {object} Live  what figures know of a run; updated in place
 * @property {number} workers
 * @property {number} phase  the present phase's index, -1 before the first
 * @property {Phase[]} phases
 * @property {Uint32Array} counts  increments a worker in this phase
 * @property {Uint8Array} states  each worker's present state, an index into `stateNames`
 * @property {number} total
 * @property {number} planned  increments planned in this phase, all workers together
 * @property {string[]} stateNames
 * @property {Master | null} master  null where no master keeps a ring of its own
 * @property {Record<string, import("./board-rows.js").ResultRow[]>} tables  results as they come, by the names that Rust gives their tables; a row is replaced, never mutated
 * @property {number} rowsVersion  counts the readings that brought something new
 */
/** @typedef {import("./board-master.js").Master} Master */

/** How long one call of `update` may read events before it leaves the rest to the next frame, in ms. */
const BUDGET_MS = 6;
/** How many events are read between two looks at the clock. */
const CHUNK = 512;

/** What is known of a run that has not begun. @param {number} workers @param {Layout} layout @returns {Live} */
export const liveOf = (workers, layout) => ({
  workers, phase: -1, phases: [], counts: new Uint32Array(workers), states: new Uint8Array(workers),
  total: 0, planned: 0, stateNames: layout.states, master: null, tables: {}, rowsVersion: 0,
});

/** How many events were written over before they could be read, and how many there were. @param {Live} live */
export function lossesOf({ phases }) {
  const lost = phases.reduce((sum, { dropped }) => sum + dropped, 0);
  const read = phases.reduce((sum, { lanes }) => sum + lanes.reduce((all, { at }) => all + at.length, 0), 0);
  return { lost, events: lost + read };
}

/** One run as seen from the page. */
export class BoardView {
  /** @param {SharedArrayBuffer} buffer @param {Layout} layout @param {number} workers */
  constructor(buffer, layout, workers) {
    this.words = new Uint32Array(buffer);
    /** The same: only signed words can be notified. */
    this.signals = new Int32Array(buffer);
    this.number = floatsIn(buffer);
    this.layout = layout;
    this.tickMs = layout.tickNs / 1e6;
    this.starting = layout.states.indexOf("starting");
    this.ended = new Set(["done", "stopped", "failed"].map((name) => layout.states.indexOf(name)));
    /** The last phase's serial; the first value is another run's. */
    this.serial = this.header("serial");
    /** The last part that was noticed before it was read, and when. */
    this.noticed = { serial: this.serial, atMs: 0 };
    this.gone = layout.states.indexOf("gone");
    this.waiting = layout.states.indexOf("waiting");
    /** A reader a ring, and the phase of its last event. The master's ring, if it has one, lies behind the workers'. */
    this.rings = [...Array(workers)].map(() => ({ reader: new RingReader(this.words, layout.event, this.tickMs), phase: -1 }));
    /** @type {MasterView | null} */
    this.master = null;
    this.ring = { address: 0, capacity: 0 };
    this.live = liveOf(workers, layout);
    this.rows = new RowsView(buffer, layout.rows);
    /** How often rows have changed; the first value is another run's. */
    this.rowChanges = this.header("rowsChanges");
  }

  /** How old a part is that has begun after another whose threads were read, and is not read yet itself, in ms; null if there is none. */
  unreadMs() {
    const serial = this.header("serial");
    const before = this.live.phases[this.live.phase];
    if (serial === this.serial || !before?.lanes.some(({ at }) => at.length)) return null;
    if (serial !== this.noticed.serial) this.noticed = { serial, atMs: performance.now() };
    // Its threads' clocks may be ahead of the page's.
    return Math.max(epochMs() - this.originMs(), performance.now() - this.noticed.atMs);
  }

  /** @param {string} name @returns {number} */
  header(name) {
    const { header } = this.layout;
    return Atomics.load(this.words, (header.address + header[name]) >> 2);
  }

  /**
   * The absolute time at which the present phase began, in ms.
   * Written before the serial is bumped, so that it is whole whenever a new serial has been seen.
   */
  originMs() {
    const { header } = this.layout;
    return this.number(header.address + header.originMs);
  }

  /** @param {number} worker @param {string} field @returns {number} index of the field in `words` */
  slot(worker, field) {
    const { slots } = this.layout;
    return (slots.address + worker * slots.stride + slots[field]) >> 2;
  }

  /** Withdraws a stop that came after its run's end. To be called while nothing runs. */
  clearStop() {
    const { header } = this.layout;
    Atomics.store(this.words, (header.address + header.stop) >> 2, 0);
  }

  /** Asks the run to stop: CPU loops see it at once; sleeping threads are woken by the owner worker. */
  requestStop() {
    const { header } = this.layout;
    Atomics.store(this.words, (header.address + header.stop) >> 2, 1);
  }

  /** Asks one worker to die at its next step; does nothing if there is no such worker. @param {number} worker */
  requestKill(worker) {
    if (this.#isWorker(worker)) Atomics.store(this.words, this.slot(worker, "signal"), 1);
  }

  /** Permits one more step of a worker that waits for permits at its signal word, and wakes it. @param {number} worker */
  permitStep(worker) {
    if (!this.#isWorker(worker)) return;
    const word = this.slot(worker, "signal");
    Atomics.add(this.signals, word, 1);
    Atomics.notify(this.signals, word, 1);
  }

  /** @param {number} worker */
  #isWorker(worker) {
    return Number.isInteger(worker) && worker >= 0 && worker < this.live.workers;
  }

  /**
   * Brings `live` up to date.
   * @param {boolean} [all]  read every event, however long that takes
   * @returns {boolean} whether all that was there has been read
   */
  update(all = false) {
    const { live } = this;
    this.readRows();
    const serial = this.header("serial");
    if (serial === this.serial && live.phase < 0) return true;
    if (serial !== this.serial) {
      this.readHeader();
      this.findMaster();
    }
    const current = live.phases[live.phase];
    if (current.endMs === null) current.nowMs = Math.max(0, epochMs() - (this.origin ?? 0));
    live.total = 0;
    for (let worker = 0; worker < live.workers; worker++) {
      const { state, count } = this.readSlot(worker);
      live.states[worker] = state;
      live.counts[worker] = count;
      live.total += count;
    }
    this.master?.readHeartbeats(current.nowMs, (index) => Atomics.load(this.words, this.slot(index, "beat")));
    const whole = this.drain(all ? Infinity : performance.now() + BUDGET_MS);
    // What has happened is past, whatever this page's clock says.
    current.nowMs = Math.max(current.nowMs, ...current.lanes.map(({ at }) => at.at(-1) ?? 0));
    if (whole) {
      this.markGone(current);
      this.endPhase(current);
    }
    return whole;
  }

  /** Reads what is said of the present phase. The next may begin meanwhile: then all of it is read again. */
  readHeader() {
    let phase;
    do {
      this.serial = this.header("serial");
      phase = this.header("phase");
      this.ring = { address: this.header("ringAddress"), capacity: this.header("ringCapacity") };
      this.live.planned = this.header("planned");
      this.origin = this.originMs();
    } while (this.header("serial") !== this.serial);
    this.openPhase(phase);
  }

  /**
   * Ends a phase once every worker has: until the next begins, threads may rehearse, and no time of that is this phase's.
   * With a master it lasts as long as that does. @param {Phase} phase
   */
  endPhase(phase) {
    if (this.master || phase.endMs !== null || !phase.lanes.every(({ state }) => this.ended.has(state.at(-1) ?? -1))) return;
    phase.endMs = phase.nowMs = Math.max(...phase.lanes.map(({ at }) => at.at(-1) ?? 0));
  }

  /** Results that have come since. */
  readRows() {
    const changes = this.header("rowsChanges");
    if (changes === this.rowChanges) return;
    this.rowChanges = changes;
    const place = { address: this.header("rowsAddress"), used: this.header("rowsUsed"), table: this.header("rowsTable") };
    if (this.rows.read(place, this.live.tables)) this.live.rowsVersion += 1;
  }

  /** Where the master keeps a ring of its own, it lies behind the workers'. */
  findMaster() {
    const { masterEvents, header, slots } = this.layout;
    if (this.master || !masterEvents || header.masterRing === undefined || !this.header("masterRing")) return;
    this.master = new MasterView(masterEvents, this.live.workers, slots.coordinator);
    this.live.master = this.master.data;
    this.rings.push({ reader: new RingReader(this.words, this.layout.event, this.tickMs), phase: -1 });
  }

  /** A dead worker writes no events: the failure detector writes its end into its slot. @param {Phase} phase */
  markGone(phase) {
    if (this.gone < 0) return;
    for (let worker = 0; worker < this.live.workers; worker++) {
      const lane = phase.lanes[worker];
      if (this.live.states[worker] !== this.gone || lane.state.at(-1) === this.gone) continue;
      lane.at.push(Math.max(this.slotMs(worker), lane.at.at(-1) ?? 0));
      lane.state.push(this.gone);
    }
  }

  /** When a slot was written last. Only for slots that are no longer written. @param {number} worker */
  slotMs(worker) {
    const low = this.slot(worker, "word");
    return ticksIn(Atomics.load(this.words, low + 1), Atomics.load(this.words, low), this.layout.word.tickBits) * this.tickMs;
  }

  /** What changes at least every few seconds of a run. */
  signs() {
    const beats = [...this.live.states.keys(), this.layout.slots.coordinator].map((slot) => Atomics.load(this.words, this.slot(slot, "beat")));
    return [this.header("serial"), this.header("rowsChanges"), ...beats].join();
  }

  /** How many heartbeats the master has sent. */
  masterBeats() {
    return Atomics.load(this.words, this.slot(this.layout.slots.coordinator, "beat"));
  }

  /**
   * When the master first wrote one of these events after some time, on the page's clock.
   * @param {string[]} names @param {number} afterMs  on the page's clock as well @returns {number | undefined}
   */
  firstMasterEvent(names, afterMs) {
    this.update(true);
    const zero = (this.origin ?? 0) - (epochMs() - performance.now());
    const at = this.master?.first(names, afterMs - zero);
    return at === undefined ? undefined : at + zero;
  }

  /** @param {number} index */
  openPhase(index) {
    const { live } = this;
    while (live.phases.length <= index) {
      const before = live.phases.at(-1);
      if (before && before.endMs === null) before.endMs = before.nowMs;
      const lanes = [...Array(live.workers)].map((_, i) => ({ name: `worker-${i}`, at: [], state: [] }));
      live.phases.push({ lanes, nowMs: 0, endMs: null, dropped: 0 });
    }
    live.phase = index;
  }

  /** One worker's state and count, which are in the upper half of its word. @param {number} worker */
  readSlot(worker) {
    const high = Atomics.load(this.words, this.slot(worker, "word") + 1);
    const { stateShift, stateBits, countShift, countBits } = this.layout.word;
    return { state: field(high, stateShift, stateBits), count: field(high, countShift, countBits) };
  }

  /** @param {number} deadline  performance.now() after which the rest is left for later @returns {boolean} whether all was read */
  drain(deadline) {
    const { address, capacity } = this.ring;
    if (!address) return true;
    let left = CHUNK;
    for (const [index, ring] of this.rings.entries()) {
      for (let event; (event = ring.reader.read(address + index * capacity * 8, capacity)); ) {
        if (event.lost) this.skip(ring, event.lost);
        if (index < this.live.workers) this.record(index, ring, event);
        else this.master?.note(event.kind, event.value, event.atMs);
        if (--left > 0) continue;
        if (performance.now() > deadline) return false;
        left = CHUNK;
      }
    }
    return true;
  }

  /** @param {{phase: number}} ring @param {number} events */
  skip(ring, events) {
    const phase = this.live.phases[Math.max(0, ring.phase)];
    if (phase) phase.dropped += events;
    // The start of a phase may be among the lost events: what follows belongs to the present phase.
    ring.phase = Math.max(ring.phase, this.live.phase);
  }

  /** @param {number} worker @param {{phase: number}} ring @param {import("./trace.js").Event} event */
  record(worker, ring, { kind: state, atMs }) {
    if (state === this.starting) {
      ring.phase += 1;
      // Its header may not have been read yet.
      if (ring.phase >= this.live.phases.length) this.openPhase(ring.phase);
    }
    const phase = this.live.phases[Math.max(0, ring.phase)];
    const lane = phase.lanes[worker];
    if (state === this.gone && lane.state.at(-1) === state) return;
    lane.at.push(atMs);
    lane.state.push(state);
    if (this.ended.has(state) && phase !== this.live.phases[this.live.phase]) phase.endMs = Math.max(phase.endMs ?? 0, atMs);
  }

  /** The run is over: reads the remaining events, in several frames if they are many, and ends each phase at its last event. */
  async close() {
    while (!this.update(false)) await new Promise((resolve) => setTimeout(resolve));
    for (const phase of this.live.phases) {
      const ends = phase.lanes.map((lane) => lane.at.at(-1) ?? 0);
      // A worker that waits to the very end has no event then: it waits as long as the master sends heartbeats.
      const waits = phase.lanes.some((lane) => lane.state.at(-1) === this.waiting);
      phase.endMs = phase.nowMs = Math.max(0, ...ends, this.master?.lastMs(waits) ?? 0);
    }
    return this.live;
  }
}
