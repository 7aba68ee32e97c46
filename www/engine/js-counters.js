/**
 * The counters that JavaScript has of its own and a thread can wait in: `Atomics.add`, and the futex mutex of three states over `Atomics.wait` and
 * `Atomics.notify`. Rust calls them by this worker's global `lockLabCounters`; one loop here is what is timed. Knows no experiment.
 */

const FREE = 0;
const TAKEN = 1;
/** Taken, and somebody may be asleep. */
const WAITED_FOR = 2;

/**
 * Puts them where Rust finds them. A counter is two words at an address: its value, its lock.
 * @param {WebAssembly.Memory} memory  of fixed size, so that one view lasts
 */
export function installCounters(memory) {
  const words = new Int32Array(memory.buffer);

  /** @param {number} lock */
  const tryTake = (lock) => Atomics.compareExchange(words, lock, FREE, TAKEN) === FREE;

  /** The contended path. @param {number} lock */
  const waitFor = (lock) => {
    // Whoever comes this way takes it as waited for: it can't know whether others still sleep.
    while (Atomics.exchange(words, lock, WAITED_FOR) !== FREE) Atomics.wait(words, lock, WAITED_FOR);
  };

  /** @param {number} lock */
  const give = (lock) => {
    if (Atomics.exchange(words, lock, FREE) === WAITED_FOR) Atomics.notify(words, lock, 1);
  };

  Object.assign(globalThis, {
    lockLabCounters: {
      /** @param {number} address @param {number} times */
      atomicsAdd(address, times) {
        const value = address >> 2;
        for (let made = 0; made < times; made++) Atomics.add(words, value, 1);
      },
      /** @param {number} address @param {number} times */
      futexAdd(address, times) {
        const value = address >> 2;
        const lock = value + 1;
        for (let made = 0; made < times; made++) {
          if (!tryTake(lock)) waitFor(lock);
          words[value] += 1;
          give(lock);
        }
      },
      /** @param {number} address */
      futexTry: (address) => tryTake((address >> 2) + 1),
      /** @param {number} address */
      futexTake: (address) => waitFor((address >> 2) + 1),
      /** @param {number} address */
      futexGive: (address) => give((address >> 2) + 1),
      /**
       * Asks the owner, whose event loop is free, for operations that can only be awaited.
       * @param {string} kind @param {number} operations @param {number} address @param {number} serial
       */
      probe: (kind, operations, address, serial) => postMessage({ type: "to-owner", order: { type: "probe", kind, operations, address, serial } }),
    },
  });
}
