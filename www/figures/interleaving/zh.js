/** The words of the figure in which the reader is the scheduler, in Chinese. */
import { count, share, some } from "../../text/zh/units.js";

/** @typedef {import("./machine.js").Thread} Thread */

const other = (/** @type {Thread} */ thread) => (thread === "A" ? "B" : "A");

/** @type {import("../../text/words.js").Translated<typeof import("./en.js").default>} */
const words = {
  title: "两个线程，一个数",
  question: () => "两个线程各给同一个数加一。会得到什么？",
  slices: { step: "你就是调度器。让一次加法消失。", race: "让它们赛跑，数一数丢了多少。" },
  presets: {},
  controls: {
    counter: { label: "用什么保护", choices: { racy: "不保护", futex: "一把锁（futex 互斥锁）", atomic: "一条指令" } },
    times: { label: "各加几次", say: (n) => some(n, "次") },
    holdNs: { label: "中间的工作，纳秒", say: (n) => some(n, "纳秒") },
  },
  estimate: (orders) => (orders === null ? "每一种可能的步骤，然后 100,000 次赛跑" : `${some(orders, "种次序")}，然后 100,000 次赛跑`),
  ordering: "正在一步一步地走完每一种次序。",
  racing: "现在没有闸门：两个线程在赛跑。",
  orders: (done, of) => `${count(done)} / ${some(of, "种次序")}`,
  races: (done, of) => `${count(done)} / ${some(of, "次赛跑")}`,
  number: "这个数",
  lock: "锁",
  lockStates: ["空闲", "被占", "被占，有人等"],
  register: "读到的是",
  nothingRead: "–",
  thread: (thread) => `线程 ${thread}`,
  /** The lines of the program; the view knows which accesses each makes. */
  code: {
    racy: ["r = 数", "数 = r + 1"],
    atomic: ["数 += 1（原子）"],
    futex: ["空闲就拿下", "否则标记、睡", "r = 数", "数 = r + 1", "解锁、叫醒"],
  },
  next: (thread, op, { number, lock, register }) => `${thread}：${{
    load: `读到 ${count(number)}`,
    store: `写入 ${count(register + 1)}`,
    add: `加一，成为 ${count(number + 1)}`,
    "compare-exchange": lock === 0 ? "拿下锁" : "发现锁被占",
    swap: lock === 0 ? "拿下锁，并标记" : "标记为有人等",
    sleep: lock === 2 ? "睡着" : "不用睡：锁空了",
    unlock: "解锁",
    wake: `叫醒 ${other(thread)}`,
  }[op]}`,
  asleep: (thread) => `${thread} 睡着，等 ${other(thread)} 叫醒`,
  finished: (thread) => `${thread} 做完了`,
  spoken: ({ thread, op, register, shared, lock }, free) => `${thread} ${{
    load: `读到 ${count(register)}`,
    store: `写入了 ${count(shared)}`,
    add: "加了一",
    "compare-exchange": free ? "拿下了锁" : "发现锁被占",
    swap: lock === 0 ? "解了锁" : free ? "拿下了锁" : "把锁标记为有人等",
    sleep: "去睡了",
    unlock: "解了锁",
    wake: `叫醒了 ${other(thread)}`,
  }[op]}。这个数是 ${count(shared)}。`,
  position: (at, of) => `第 ${count(at)} 步，共 ${count(of)} 步`,
  steps: "走过的步骤；方向键前后移动",
  first: "你来当调度器：每一步由哪个线程来走？",
  bothRead: (value) => `两个都读到了 ${count(value)}。等两个都写入 ${count(value + 1)}，就丢了一次加一。`,
  stale: (thread, register, number) => `${thread} 读到的是 ${count(register)}，可这个数现在已是 ${count(number)}。它一写，${other(thread)} 做的就白做了。`,
  sleeping: (thread) => `${thread} 睡着了：在 ${other(thread)} 叫醒它之前，它不走一步，也不占处理器。`,
  inside: (thread) => `${thread} 拿着锁。在它解锁之前，${other(thread)} 只能等。`,
  right: (value) => `这个数是 ${count(value)}：一次也没丢。退回去，换一种次序试试。`,
  wrong: (value, lost, times) => (times === 1 ? "两个都读到 0，两个都写入 1。丢了一次加一。" : `这个数是 ${count(value)}，本该是 ${count(2 * times)}：丢了 ${some(lost, "次加一")}。`),
  found: (found, of) => `找到 ${count(found)} / ${count(of)}`,
  foundTooMany: (found, of) => (of === null ? `找到 ${count(found)} 种` : `找到 ${count(found)} / ${count(of)}`),
  showAll: "全部显示",
  tile: (schedule, value, right) => `${schedule}：${count(value)}，${right ? "没有丢" : "丢了"}`,
  replayed: "后退就是在真的线程上把同样的次序从头再走一遍。",
  real: "真的线程：每次访问之前都停在闸门前。",
  noThreads: "这里没有线程可用，所以同样的步骤不用线程来走。只有赛跑是录下来的。",
  disagree: "线程做的和这幅图预料的不一样。这是网页的错：请报告。",
  bet: {
    question: "各加三次。最少能得到几？",
    answer: (bet) => `${bet === 2 ? "对：" : ""}是 2，不管各加几次。现在把它走出来。`,
    why: "一个线程读到 0；另一个把自己的加一做到只剩最后一次；前者写入 1；后者为最后一次读到这个 1；前者做完其余的；后者写入 2。",
    show: "演示给我看",
  },
  orderSentence: ({ count: all, losing }, counter, ran) => {
    const tried = ran < all ? `这次实际走了 ${some(ran, "种")}，可能出现的每一种情形里的每一步都走到了。` : "";
    if (losing > 0) return `${some(all, "种次序")}里有 ${some(losing, "种")}会丢。${tried}`;
    return counter === "atomic" ? `${count(all)} 种次序都对：一条指令中间插不进别的。` : `${some(all, "种次序")}里没有一种会丢，也没有一种会卡住。${tried}`;
  },
  raceSentence: ({ rounds, losing, met = 0, slept = 0, lowLosing, highLosing }, orders) => {
    if (losing > 0) {
      const unlike = orders && orders.losing > 0 ? "各种次序出现的机会并不相等，所以这样的程序能通过测试。" : "";
      return `放开来跑，${some(rounds, "次赛跑")}里有 ${some(losing, "次")}丢了（${share(losing / rounds)}；95%：${count(lowLosing)} 到 ${count(highLosing)}）。${unlike}`;
    }
    if (orders && orders.losing > 0) return `放开来跑，${some(rounds, "次赛跑")}里一次也没丢（95%：至多 ${count(highLosing)}）。这什么也证明不了：会丢的次序就在那里。`;
    return `放开来跑，${some(rounds, "次赛跑")}里一次也没丢。两个线程碰上 ${some(met, "次")}，睡了 ${some(slept, "次")}；没有人等，锁就不做系统调用。`;
  },
  race: { title: "赛跑的结果", lost: "丢了一次加法", kept: "什么也没丢", format: count },
  caveats: [
    "每一次赛跑都由屏障让两个线程同时起跑，所以它们碰上的机会比平常的程序多得多。",
    "谁先谁后，由两个线程读到的数来判断，所以记录不打扰任何事。",
    "只有一个核心时，两个线程每隔几毫秒才换一次，几乎不会在一次加一的中间碰上。",
  ],
  tableCaption: "这种次序的步骤",
  endsCaption: "各种次序的结果",
  columns: { step: "步", thread: "线程", op: "访问", register: "读到", number: "数", lock: "锁", value: "结果", orders: "次序数" },
  ops: { load: "读", store: "写", add: "原子加", "compare-exchange": "比较并交换", swap: "交换", sleep: "睡", unlock: "交换", wake: "叫醒" },
  facts: ["会丢的次序", "丢了的赛跑"],
  none: "–",
};
export default words;
