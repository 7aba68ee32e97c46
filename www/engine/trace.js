/**
 * Reads an event ring from shared memory, as src/runtime/trace.rs does. An event's lap tells whether it is new (this lap), not yet written (the lap
 * before) or overwritten (a later lap): then the lost events are counted, and reading goes on behind them.
 */

/** @typedef {{lapShift: number, lapBits: number, valueShift: number, valueBits: number, kindShift: number, kindBits: number, tickBits: number}} EventLayout */
/** @typedef {{kind: number, value: number, atMs: number, lost: number}} Event  `lost`: how many events before it were overwritten */

/** The bytes of an event. */
const EVENT = 8;

/** A field in the upper half of a 64-bit word. @param {number} high @param {number} shift  in the whole word @param {number} bits */
export const field = (high, shift, bits) => (high >>> (shift - 32)) & (2 ** bits - 1);

/** The ticks in the lowest bits of a 64-bit word. @param {number} high @param {number} low @param {number} bits */
export const ticksIn = (high, low, bits) => field(high, 32, bits - 32) * 2 ** 32 + low;

export class RingReader {
  #index = 0;
  #lap = 1;

  /** @param {Uint32Array} words  all of the memory @param {EventLayout} layout @param {number} tickMs */
  constructor(words, layout, tickMs) {
    this.words = words;
    this.layout = layout;
    this.tickMs = tickMs;
  }

  /** The next event, if it has been written. @param {number} address  the ring's, in bytes @param {number} capacity  in events @returns {Event | null} */
  read(address, capacity) {
    const { words, layout, tickMs } = this;
    const at = (address + this.#index * EVENT) >> 2;
    let high;
    let low;
    // Two equal readings of the upper half, which changes with every lap, prove that the lower one belongs to it.
    do [high, low] = [Atomics.load(words, at + 1), Atomics.load(words, at)];
    while (Atomics.load(words, at + 1) !== high);
    const lap = field(high, layout.lapShift, layout.lapBits);
    const lastLap = 2 ** layout.lapBits - 1;
    const ahead = (lap - this.#lap) & lastLap;
    if (lap === 0 || ahead > lastLap / 2) return null;
    this.#lap = lap;
    this.#index += 1;
    if (this.#index === capacity) {
      this.#index = 0;
      this.#lap = (lap + 1) & lastLap || 1;
    }
    return {
      kind: field(high, layout.kindShift, layout.kindBits), value: field(high, layout.valueShift, layout.valueBits),
      atMs: ticksIn(high, low, layout.tickBits) * tickMs, lost: ahead * capacity,
    };
  }
}
