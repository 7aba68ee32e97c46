/** The words of the figure about contention, in Chinese. */
import { about, count, fixed, list, perSecond, setTime, share, some, spelt, time, times, unseen } from "../../text/zh/units.js";

const wait = (/** @type {number} */ ns) => time(ns / 1e6);

/** @param {{lowOpsPerSecond: number, highOpsPerSecond?: number}} point */
const interval = ({ lowOpsPerSecond: low, highOpsPerSecond: high }) => (high === undefined ? `至少 ${perSecond(low)}` : `${perSecond(low)} 到 ${perSecond(high)}`);

/** What theory expects, and what it is. @param {number} opsPerSecond @param {{amdahlOpsPerSecond: number, repairmanOpsPerSecond: number}} predicted @param {number} threads */
const expected = (opsPerSecond, { amdahlOpsPerSecond, repairmanOpsPerSecond }, threads) => `${some(threads, "个线程")}时，阿姆达尔定律预计 ${perSecond(amdahlOpsPerSecond)}，单窗口的排队模型预计 ${perSecond(repairmanOpsPerSecond)}；实测是 ${perSecond(opsPerSecond)}。`;

/** @type {import("../../text/words.js").Translated<typeof import("./en.js").default>} */
const words = {
  title: "争用",
  question: (/** @type {any} */ { threads }) => (threads === 1 ? "只有一个线程、没有人来抢的时候，锁能做多少？" : `多到${spelt(threads)}个线程来抢一把锁，锁会变成怎样？`),
  slices: { crowd: "多放些线程进来。哪把锁撑不住？", law: "锁外面也有活要干。线程多了，有用吗？", turns: "锁在谁手里，拿了多久？" },
  presets: { empty: "空的临界区", short: "短暂持有", long: "长时间持有", hog: "一个霸占者", bursts: "一阵一阵" },
  controls: {
    threads: { label: "线程最多", say: (n) => some(n, "个线程") },
    counter: { label: "细看" },
    counters: { label: "比较范围", choices: { common: "常用的", locks: "所有的锁", all: "所有计数器", one: "只有这一个" } },
    holdNs: { label: "持有，纳秒", say: (n) => some(n, "纳秒") },
    pauseNs: { label: "间歇，纳秒", say: (n) => some(n, "纳秒") },
    pattern: { label: "工作线程", choices: { even: "大家都一样", hog: "有一个霸占者", bursts: "一阵一阵地来" } },
    sampleMs: { label: "每点，毫秒", say: (n) => some(n, "毫秒") },
  },
  inside: {
    label: "花在锁内的时间",
    say: (part, ns) => `${wait(ns)} 的 ${share(part)}`,
    empty: "只有递增本身",
  },
  estimate: (points, ms) => `每个计数器：${some(points, "个点")}，${about(ms)}`,
  starting: "正在测量时钟，并单独测量每个计数器。",
  measuring: (label, threads) => `刚测完：${label}，${some(threads, "个线程")}。`,
  round: (round, of) => `第 ${count(round)} 轮，共 ${count(of)} 轮，次序重新随机。`,
  points: (done, planned) => `已测 ${count(done)} / ${some(planned, "个点")}`,
  choose: "图上显示什么",
  tabs: { throughput: "吞吐量", expected: "预期", fairness: "公平性", p50: "等待：半数", p99: "等待：百分之九十九", max: "最长等待" },
  titles: {
    throughput: "每秒递增次数，全部线程合计",
    expected: "每秒递增次数，和本该有的相比",
    fairness: "公平性（Jain 指数）：人人所得相同时为 1",
    p50: "一半的等锁时间短于此值",
    p99: "一百次等锁里有一次长于此值",
    max: "最长的一次等锁",
  },
  perSecond,
  wait,
  waitMark: (ns) => (ns < 1e6 ? wait(ns) : setTime(ns / 1e6)),
  fairness: (value) => fixed(2).format(value),
  chart: {
    label: "线程数",
    threads: "线程",
    cores: "核",
    gaveUp: "超时",
    none: "–",
    tick: count,
    reading: ({ title, threads, lines }) => `${title}。${some(threads, "个线程")}时：${lines.join("，")}。`,
  },
  hint: (threads) => `${some(threads, "个线程")}时的数值。指向别的线程数或用方向键；点一条线就细看它。`,
  hintOther: "没有名称的虚线是旁边的那份报告。",
  hintMachine: (label) => `虚线是旁边的那台机器，按 ${label} 单线程时两边速度相同换算；那里的等待不画。`,
  models: { amdahl: "阿姆达尔定律", queue: "排队模型" },
  turns: {
    title: "谁拿着锁",
    heading: (label, threads, ms) => `${label}，${some(threads, "个线程")}，连续 ${time(ms)}。`,
    missing: (label, threads) => (threads === 1 ? "，只有一个线程时不用问：没有别的线程会拿到它。" : `没有为 ${label} 记下这个线程数的情形。再次运行就能看到。`),
    before: "会为细看的计数器，在每个线程数上记下来。",
    outside: "在等，或者在忙别的",
    hog: (worker, part) => `霸占者：这段时间里有 ${share(part)} 是 ${worker} 拿着锁。`,
    alone: "整段时间都是一个线程拿着锁：先到者赢，别人谁也没能进来。",
    fair: (turns, ms) => `公平轮流：${time(ms)} 内 ${some(turns, "次")}，大家所用的时间差不多，一个接一个。每次交接都要付钱；下一个要是睡着了，就成了锁护送（lock convoy）。`,
    mixed: (turns, ms, longestMs) => `${time(ms)} 内 ${some(turns, "次")}，最长的一次 ${time(longestMs)}。`,
  },
  scaling: (label, alone, threads, together, factor) => {
    const said = !together.windows || Number.isNaN(factor) ? "" : factor === undefined ? "，没有哪个差异是所有时段都一致的" : factor > 1 ? `，是前者的 ${times(factor)} 倍` : `，只有前者的 ${times(factor)} 倍`;
    return `${label}：一个线程时 ${perSecond(alone)}，${some(threads, "个线程")}时 ${perSecond(together.opsPerSecond)}${together.windows ? `（${interval(together)}）` : ""}${said}。`;
  },
  bimodal: (label, threads, { slowOpsPerSecond, quickOpsPerSecond, slowWindows }, windows) => `${some(threads, "个线程")}时，${label} 有两种速度：${some(windows, "个时段")}里有 ${count(slowWindows)} 个是 ${perSecond(slowOpsPerSecond)}，其余是 ${perSecond(quickOpsPerSecond)}。单独一个数说不清它。`,
  alone: (label, opsPerSecond) => `${label}：一个线程时 ${perSecond(opsPerSecond)}。`,
  hogAlone: "只有一个线程时，那一个就是霸占者；线程多了，别的线程拿锁的时间要短些，所以这些速度不能直接相比。",
  quicker: (pinned, threads, quicker) => (quicker.length ? `${some(threads, "个线程")}时，什么也不丢的计数器当中，在每个时段都比 ${pinned} 快的是 ${list(quicker.map(({ label, factor }) => `${label}（${times(factor)} 倍）`))}。` : `${some(threads, "个线程")}时，什么也不丢的计数器当中，没有哪个在每个时段都比 ${pinned} 快。`),
  shares: (index, shares, few, label) => {
    const [least, most, none] = [Math.min(...shares), Math.max(...shares), shares.filter((turns) => turns === 0).length];
    const who = least > 0 ? `最走运的线程所得是最倒霉的 ${times(most / least)} 倍` : `有${some(none, "个线程")}一次也没轮到`;
    return `${some(shares.length, "个线程")}时，${label ?? "它"}的公平性是 ${fixed(2).format(index)}：${who}。${most < few ? `这段时间里，轮到最多的线程也只有 ${some(most, "次")}，多一次少一次影响很大：测得久一些，才能把运气和锁分开。` : ""}`;
  },
  waits: ({ p50, p99, max, step }) => `它的等待，${unseen(p99, step) ? `一百次里有九十九次不超过这个时钟的一格（${wait(step)}）` : `一半${unseen(p50, step) ? `不超过这个时钟的一格（${wait(step)}）` : `短于 ${wait(p50)}`}，一百次里有一次长于 ${wait(p99)}`}，最长的是 ${wait(max)}。`,
  expected,
  theory: ({ opsPerSecond, lowOpsPerSecond: low = opsPerSecond, highOpsPerSecond: high = opsPerSecond }, predicted, threads) => `每一轮有 ${share(predicted.serialShare)} 的时间在锁内。${expected(opsPerSecond, predicted, threads)}${high < predicted.amdahlOpsPerSecond ? "交接锁要花时间，线程也可能在等处理器，两个理论都不知道这些。" : low > predicted.repairmanOpsPerSecond ? "比两者预计的都快：刚放手又马上拿回锁的线程，一切都还在手边。" : "理论成立。"}`,
  warnings: {
    "timed-out": ({ afterMs, threads }, label, cores) => `${some(threads, "个线程")}时，${label} 在 ${about(afterMs)} 后超时：${cores !== undefined && threads > cores ? "线程比核多，这把锁就撑不住。" : "这么多线程，它没能走到头。"}`,
    "cores-unknown": () => "这个浏览器不肯说有多少个核，而阿姆达尔定律和排队模型的预计都取决于它：所以不画。",
  },
  lost: (label, lost, made, threads) => (lost > 0 ? `${some(threads, "个线程")}时，${label} 在 ${count(made)} 次递增里丢失了 ${count(lost)} 次，占 ${share(lost / made)}。再快也一文不值。` : `${label} 这一次什么也没丢，但这不说明任何问题。`),
  machine: (where, label, factor, threads) => `在 ${where} 上，${some(threads, "个线程")}时 ${label} 的速度是那里单线程的 ${times(factor)} 倍。`,
  other: (where, label, there, threads) => `在 ${where} 上：${some(threads, "个线程")}时，${label} 是 ${perSecond(there)}。`,
  nothing: "还没测出一个点，运行就被停止了。",
  tableCaption: (threads) => `${some(threads, "个线程")}时，每个计数器的表现`,
  columns: { counter: "计数器", threads: "线程", ops: "每秒递增次数", interval: "95% 区间", fairness: "公平性", p50: "半数等待短于", p99: "百分之九十九", max: "最长等待", lost: "丢失" },
  printed: "以文本行查看",
  allOpen: "以表格查看每一个点",
  allCaption: "每个计数器，每个线程数",
  interval,
  gaveUpCell: (ms) => `${about(ms)} 后超时`,
  none: "–",
};

export default words;
