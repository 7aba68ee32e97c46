/** The words of the price list, in Chinese. */
import { about, count, list, nanos, share, some, time, times } from "../../text/zh/units.js";

/** Prices may be far apart: a few nanoseconds with their digits, microseconds as such. @param {number} ns */
const price = (ns) => (Math.abs(ns) < 1000 ? nanos(ns) : time(ns / 1e6));

/** A difference, with a minus that is as wide as a plus. @param {number} ns */
const signed = (ns) => (ns < 0 ? "−" : "+") + price(Math.abs(ns));

/** @type {import("../../text/words.js").Translated<typeof import("./en.js").default>} */
const words = {
  title: "价目表",
  question: () => "没有人来抢的时候，一次操作要多少钱？",
  slices: { five: "没有别人来抢，递增一次要多少钱？" },
  presets: { short: "2 秒", usual: "10 秒", long: "60 秒：区间更窄" },
  controls: {
    budgetMs: { label: "时间，毫秒", say: (n) => some(n, "毫秒") },
    counter: { label: "比较的基准" },
  },
  estimate: (ms) => `每个计数器轮流上场，约 ${about(ms)}`,
  starting: "正在测量时钟，并等编译器安定下来。",
  measuring: (widest) => (widest > 0 ? `最宽的区间是 ±${share(widest)}。` : "正在轮流测量，次序随机。"),
  rows: (rows, of) => `已有 ${count(rows)} / ${count(of)} 个价钱`,
  price,
  ratio: (factor) => `${times(factor)} 倍`,
  same: "没有差异",
  overlap: "区间重叠",
  pinned: "基准",
  chart: {
    title: "一次操作的价钱",
    pick: "方向键选择计数器，回车把它设为基准：其余的随即换算成它的倍数。",
    tick: (ns) => time(ns / 1e6),
  },
  hint: "点一行，把它设为基准。● WebAssembly 里的 Rust，■ JavaScript，◇ 别处。",
  every: "全部计数器",
  hintOther: "○ 是旁边的那份报告。",
  hintMachine: "○ 是旁边的那台机器，按两边比较并交换的价钱相同换算。",
  hintLent: "标着“录制的”的几行需要第二个线程，这个页面没有：○ 是录制的运行里测得的。",
  lent: "录制的",
  anchors: {
    cpython: { name: "CPython 的锁", source: "方法里的 with lock: value += 1；CPython 3.11，与本项目其他数字同一台机器" },
    dean: { name: "互斥锁，2010 年", source: "加锁再解锁；Jeff Dean，“Building Software Systems at Google and Lessons Learned”，斯坦福，2010" },
    memory: { name: "访问一次内存", source: "主内存引用；出自同一次演讲" },
  },
  anchorsOpen: "用来对照的记号，以及它们的出处",
  anchorsCaption: "不是在这里测的",
  anchorsColumns: { what: "记号", price: "一次操作", source: "出处" },
  answer: (label, ns) => (ns > 0
    ? `没有别的线程来抢的时候，经由 ${label} 递增一次要 ${price(ns)}；在文章跑 20 秒的程序里是 ${price(ns)} × 400 = ${time((ns * 400) / 1e6)}。`
    : `经由 ${label} 递增一次的价钱，小到这次运行没法把它和空循环区分开。`),
  spread: (cheapest, costliest, compiled, cheaper, pinned) => [
    `以 ${pinned} 为基准，从 ${cheapest.label} 的 ${times(cheapest.factor)} 倍，到 ${costliest.label} 的 ${times(costliest.factor)} 倍：价钱取决于用什么办法把线程隔开，哪怕此刻根本没有谁需要隔开。`,
    compiled && `WebAssembly 里最贵的是 ${compiled.label}（${times(compiled.factor)} 倍）。`,
    cheaper && `还要便宜的是${cheaper.label}：${times(cheaper.factor)} 倍，可一有别的线程，它就会漏数。`,
  ].filter(Boolean).join(""),
  alike: (pinned, names) => `这次运行看不出 ${pinned} 与 ${list(names)} 有什么差异。`,
  repinned: (pinned, before) => `这次运行是拿每个计数器和 ${before} 比较的。改以 ${pinned} 为基准，倍数仍然正确，但两个区间重叠之处，只有再运行一次才能说它们是否不同。`,
  machine: (where, label, there, here) => `在 ${where} 上，${label} 的价钱是那里一次比较并交换的 ${times(there)} 倍；在这里是 ${times(here)} 倍。`,
  other: (where, label, factor) => `在 ${where} 上，${label} 的价钱是这里的 ${times(factor)} 倍。`,
  nothing: "没有得出价钱：运行太短，每个计数器都不到八个样本。",
  tableOpen: "以表格查看这张图",
  tableCaption: "没有人来抢的时候，一次操作的价钱",
  columns: { counter: "计数器", side: "代码", price: "一次操作", low: "下限", high: "上限", ratio: "倍数", versus: "差值", samples: "样本数", outliers: "离群值", lost: "丢失" },
  sides: { wasm: "WebAssembly（浏览器内）", js: "JavaScript（浏览器内）", native: "原生" },
  versus: ({ differenceNs, lowNs, highNs, shows }) => (shows ? `${signed(differenceNs)}（${signed(lowNs)} 到 ${signed(highNs)}）` : "看不出差异"),
  printed: "以文本行查看",
  howOpen: "这些是怎么测出来的",
  how: ({ loopNs, control }) => [
    "一个价钱是许多样本的中位数，每个样本是一批操作，时间远长于时钟的一格；旁边的线是自助法（bootstrap）区间，100 次运行里有 95 次包含真正的中位数。各个计数器轮流上场，次序随机，机器发热或者变慢的时候，对大家一视同仁。",
    "WebAssembly 的原子操作全都是顺序一致的：原生代码解锁只要一次普通写入，WebAssembly 却要一次完整的交换。2026 年 11 月 26 日，在两核 2.5 GHz 的 Xeon 上，Chromium 156 里一次递增的时间是同样代码原生运行（同几分钟内）的倍数：比较并交换 1.0，std Mutex 1.2，排号锁 1.7，原子加 1.7，自旋锁 1.9，不加锁 6.6。所以“不加锁”其实比这里看上去的便宜。",
    loopNs === undefined ? "" : `操作外面的循环本身要 ${nanos(loopNs)}，已经减去。`,
    control && !control.shows ? "空循环测了两遍，看不出与自己有任何差异，本该如此。" : "",
  ].filter(Boolean),
  warnings: {
    "control-differs": ({ differenceNs }) => `空循环测了两遍，似乎相差 ${price(differenceNs)}：二十次运行里会碰巧出现一次，否则就是有什么干扰了这次运行。`,
    outliers: ({ outliers, samples }) => `${count(samples)} 个样本里有 ${count(outliers)} 个远高于其余的：那时处理器在忙别的。它们照样计入，没有扔掉。`,
    "not-settled": (_, labels) => `对 ${list(labels)}，编译器可能还没有安定下来：请测得久一些。`,
  },
  none: "–",
};

export default words;
