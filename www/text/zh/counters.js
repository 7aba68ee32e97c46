/** What the counters are called in Chinese; names of programs stay. No DOM. */

/** @type {Record<string, string>} */
export const counters = {
  "std-mutex": "std 互斥锁（Mutex）",
  "std-rwlock": "std 读写锁（RwLock，写）",
  "parking-lot": "parking_lot 互斥锁",
  "parking-lot-fair": "parking_lot 公平互斥锁",
  spin: "自旋锁",
  ticket: "排号锁（ticket）",
  mcs: "MCS 队列锁",
  futex: "futex 互斥锁",
  robust: "健壮互斥锁（robust）",
  atomic: "原子加法",
  cas: "比较并交换（CAS）",
  sharded: "分片计数器",
  channel: "发给所有者的通道",
  "js-atomics": "Atomics.add（JS）",
  "js-plain": "普通加法（JS）",
  "js-futex": "futex 互斥锁（JS）",
  "js-locks": "浏览器的 navigator.locks",
  "js-message": "发给所有者的 postMessage",
  racy: "无锁（有竞争）",
  none: "不计数（对照）",
};
