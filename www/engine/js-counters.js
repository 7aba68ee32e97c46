/**
 * JavaScript's own counters that a thread can block on: `Atomics.add`, a `+= 1` that nothing protects, and the futex mutex of three states over `Atomics.wait` and
 * `Atomics.notify`. Rust calls them by this worker's global `lockLabCounters`; the loops here are what is timed.
 */

const FREE = 0;
const TAKEN = 1;
/** Taken, and a thread may be asleep. */
const CONTENDED = 2;

/**
 * Puts them where Rust finds them. A counter is two words at an address: its value and its lock.
 * @param {WebAssembly.Memory} memory  of fixed size, so that one view lasts
 */
export function installCounters(memory) {
  const words = new Int32Array(memory.buffer);

  /** @param {number} lock */
  const tryLock = (lock) => Atomics.compareExchange(words, lock, FREE, TAKEN) === FREE;

  /** The contended path. @param {number} lock */
  const lockContended = (lock) => {
    // Taken as contended: this thread can't know whether others still sleep.
    while (Atomics.exchange(words, lock, CONTENDED) !== FREE) Atomics.wait(words, lock, CONTENDED);
  };

  /** @param {number} lock */
  const unlock = (lock) => {
    if (Atomics.exchange(words, lock, FREE) === CONTENDED) Atomics.notify(words, lock, 1);
  };

  Object.assign(globalThis, {
    lockLabCounters: {
      /** @param {number} address @param {number} times */
      atomicsAdd(address, times) {
        const value = address >> 2;
        for (let made = 0; made < times; made++) Atomics.add(words, value, 1);
      },
      /** @param {number} address @param {number} times */
      plainAdd(address, times) {
        const value = address >> 2;
        for (let made = 0; made < times; made++) words[value] += 1;
      },
      /** @param {number} address @param {number} times */
      futexAdd(address, times) {
        const value = address >> 2;
        const lock = value + 1;
        for (let made = 0; made < times; made++) {
          if (!tryLock(lock)) lockContended(lock);
          words[value] += 1;
          unlock(lock);
        }
      },
      /** @param {number} address */
      futexTryLock: (address) => tryLock((address >> 2) + 1),
      /** @param {number} address */
      futexLockContended: (address) => lockContended((address >> 2) + 1),
      /** @param {number} address */
      futexUnlock: (address) => unlock((address >> 2) + 1),
      /** The CPU loop, in 32 bits: the code around it must have nothing that the compiler could leave out. @param {number} times */
      multiply(times) {
        let product = 3;
        for (let round = 0; round < times; round++) product = (Math.imul(product, product) + round) | 0;
        return product;
      },
      /**
       * Sends the owner, whose event loop is free, operations that can only be awaited.
       * @param {string} kind @param {number} operations @param {number} address @param {number} serial
       */
      probe: (kind, operations, address, serial) => postMessage({ type: "to-owner", order: { type: "probe", kind, operations, address, serial } }),
    },
  });
}
