/**
 * What the page knows of the master under study, from its event ring and the heartbeats on the board: its events, the lines that the post's program
 * prints, and when heartbeats were seen. Plain data for the figures; reads no memory itself.
 */

/** @typedef {import("./board.js").MasterEvent} MasterEvent */
/** @typedef {{atMs: number, line: string}} Line */
/**
 * @typedef {object} Master
 * @property {string[]} eventNames
 * @property {number[]} at  when, in ms since the run began
 * @property {number[]} event  what: an index into `eventNames`
 * @property {number[]} value  the event's number, from 0 to 255
 * @property {Line[]} log  the post's lines, as they were printed
 * @property {number} logSkipped  lines left out of a very long log
 * @property {number} logHead  behind how many lines
 * @property {number[][]} beats  when heartbeats were seen, in ms since the run began: each worker's and, last, the master's
 */

/** How many lines a log keeps: half of them from its beginning, half from its end. */
const MAX_LINES = 20000;
const HEAD = MAX_LINES / 2;
/** How many lines are removed at once: one at a time would be slow. */
const BATCH = 1000;
/** How many heartbeats are kept of each thread. */
const MAX_BEATS = 4000;

export class MasterView {
  /** @param {MasterEvent[]} events  by number @param {number} workers @param {number} slot  the index of the master's own slot */
  constructor(events, workers, slot) {
    this.events = events;
    /** The slots whose heartbeats are read. */
    this.slots = [...Array(workers).keys(), slot];
    /** How many heartbeats each had sent when it was last read; -1 before that. */
    this.counts = this.slots.map(() => -1);
    /** @type {Master} */
    this.data = { eventNames: events.map(({ name }) => name), at: [], event: [], value: [], log: [], logSkipped: 0, logHead: HEAD, beats: this.slots.map(() => []) };
  }

  /** @param {number} event @param {number} value @param {number} atMs */
  note(event, value, atMs) {
    const { data } = this;
    data.at.push(atMs);
    data.event.push(event);
    data.value.push(value);
    const line = this.events[event]?.line;
    if (typeof line !== "string") return;
    data.log.push({ atMs, line: line.replace("{n}", String(value)) });
    if (data.log.length < MAX_LINES + BATCH) return;
    data.log.splice(HEAD, BATCH);
    data.logSkipped += BATCH;
  }

  /** Notes which threads have sent heartbeats since the last time. @param {number} nowMs @param {(slot: number) => number} count */
  readHeartbeats(nowMs, count) {
    this.slots.forEach((slot, i) => {
      const beats = count(slot);
      const seen = this.data.beats[i];
      if (beats !== this.counts[i] && this.counts[i] >= 0) seen.push(nowMs);
      this.counts[i] = beats;
      if (seen.length > MAX_BEATS) seen.splice(0, MAX_BEATS / 4);
    });
  }

  /** When one of these events first happened after some time. @param {string[]} names @param {number} afterMs @returns {number | undefined} */
  first(names, afterMs) {
    const { at, event, eventNames } = this.data;
    return at.find((ms, i) => ms >= afterMs && names.includes(eventNames[event[i]]));
  }

  /** When its last event happened. @param {boolean} [alive]  or its last beat was seen */
  lastMs(alive = false) {
    return Math.max(this.data.at.at(-1) ?? 0, (alive && this.data.beats.at(-1)?.at(-1)) || 0);
  }
}
