/** What the counters are called, by what the report calls them. Rust's own labels, which a check holds these against. No DOM. */

/** @type {Record<string, string>} */
export const counters = {
  "std-mutex": "std Mutex",
  "std-rwlock": "std RwLock (write)",
  "parking-lot": "parking_lot Mutex",
  "parking-lot-fair": "parking_lot FairMutex",
  spin: "spin lock",
  ticket: "ticket lock",
  mcs: "MCS queue lock",
  futex: "futex mutex",
  robust: "robust mutex",
  atomic: "atomic add",
  cas: "compare-and-swap",
  sharded: "sharded counter",
  channel: "channel to an owner",
  "js-atomics": "Atomics.add (JS)",
  "js-plain": "plain add (JS)",
  "js-futex": "futex mutex (JS)",
  "js-locks": "navigator.locks",
  "js-message": "postMessage to an owner",
  racy: "racy (no lock)",
  none: "none (control)",
};
