/**
 * Reads an event ring from shared memory: `Reader` of src/runtime/trace.rs, step by step. An event's lap tells whether it is new (its own lap), not yet
 * written (the lap before) or written over (any other): then what is gone is counted, and reading goes on at the oldest that is there.
 */

/** @typedef {{lapShift: number, lapBits: number, valueShift: number, valueBits: number, kindShift: number, kindBits: number, tickBits: number}} EventLayout */
/** @typedef {{kind: number, value: number, atMs: number, lost: number}} Event  `lost`: how many events right before it were overwritten */

/** The bytes of an event. */
const EVENT = 8;

/** A field in the upper half of a 64-bit word. @param {number} high @param {number} shift  in the whole word @param {number} bits */
export const field = (high, shift, bits) => (high >>> (shift - 32)) & (2 ** bits - 1);

/** The ticks in the lowest bits of a 64-bit word. @param {number} high @param {number} low @param {number} bits */
export const ticksIn = (high, low, bits) => field(high, 32, bits - 32) * 2 ** 32 + low;

export class RingReader {
  /** Events before the next one, lost ones included. */
  #position = 0;
  /** Those lost since the last one that was read. */
  #lost = 0;

  /** @param {Uint32Array} words  all of the memory @param {EventLayout} layout @param {number} tickMs */
  constructor(words, layout, tickMs) {
    this.words = words;
    this.layout = layout;
    this.tickMs = tickMs;
    /** Laps count 1, 2, … up to this, then 1 again; 0 is a place never written. */
    this.laps = 2 ** layout.lapBits - 1;
  }

  /** The next event, if it has been written. @param {number} address  the ring's, in bytes @param {number} capacity  in events @returns {Event | null} */
  read(address, capacity) {
    const { words, layout, tickMs, laps } = this;
    for (;;) {
      const at = (address + (this.#position % capacity) * EVENT) >> 2;
      let high;
      let low;
      // Two equal readings of the upper half, which changes with every lap, prove that the lower one belongs to it.
      do [high, low] = [Atomics.load(words, at + 1), Atomics.load(words, at)];
      while (Atomics.load(words, at + 1) !== high);
      const lap = field(high, layout.lapShift, layout.lapBits);
      const own = (Math.floor(this.#position / capacity) % laps) + 1;
      if (lap === own) {
        const lost = this.#lost;
        this.#lost = 0;
        this.#position += 1;
        return {
          kind: field(high, layout.kindShift, layout.kindBits), value: field(high, layout.valueShift, layout.valueBits),
          atMs: ticksIn(high, low, layout.tickBits) * tickMs, lost,
        };
      }
      const ahead = lap === 0 ? laps - 1 : (lap + laps - own) % laps;
      if (ahead === laps - 1) return null;
      // The writer is `ahead` laps further at this very place: all that it wrote up to one lap before this place is gone.
      const gone = (ahead - 1) * capacity + 1;
      this.#lost += gone;
      this.#position += gone;
    }
  }
}
