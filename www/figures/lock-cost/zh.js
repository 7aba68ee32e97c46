/** The words of the figure about what a lock costs, in Chinese. */
import { about, count, fixed, nanos, ratio, some, spelt, tick, time } from "../../text/zh/units.js";

/** How the runs of the post are busy. */
const busyNames = { io: "IO", cpu: "CPU" };
/** What the runs of the post are called. @param {{busy: string, lock: boolean}} run */
const runName = ({ busy, lock }) => `${busyNames[busy === "io" ? "io" : "cpu"]}，${lock ? "加锁" : "不加锁"}`;
const fourRuns = [{ busy: "io", lock: false }, { busy: "io", lock: true }, { busy: "cpu", lock: false }, { busy: "cpu", lock: true }].map(runName);

/** @type {import("../../text/words.js").Translated<typeof import("./en.js").default>} */
const words = {
  title: "锁的代价",
  question: (/** @type {any} */ { threads }) => `${threads === 1 ? "一个线程独占一个计数器" : `${spelt(threads)}个线程共用一个计数器`}。它的锁要花多少代价？`,
  slices: { times: "跑两遍。锁真的花了什么代价吗？", lanes: "看着这些线程。它们在哪里等锁？", gil: "给它们装上 Python 的那把锁。谁在计算？", noise: "一遍一遍地跑：慢的是哪一边？", same: "拿 A 和 A 比。相差多少？" },
  presets: {
    quick: "快速（3 秒）",
    post: "原文（40 秒）",
  },
  controls: { gil: { label: "一次一个线程（GIL）", choices: { on: "是，如 CPython", off: "否" } } },
  estimate: (ms, waitingMs) => `四轮，约 ${about(ms)}${ms > 10000 && waitingMs > ms / 20 ? `，其中 ${about(waitingMs)} 在等待` : ""}`,
  busy: busyNames,
  phases: fourRuns,
  facts: fourRuns,
  nowRunning: (phase, of) => `第 ${phase + 1} 轮，共 ${of} 轮：${fourRuns[phase]}。`,
  measuring: "正在测量时钟，以及一把没有人来抢的锁。",
  measuringParallel: "正在测量时钟、一把没有人来抢的锁，以及没有 GIL 时的同一段计算。",
  increments: (done, planned) => `已递增 ${count(done)} / ${some(planned, "次")}`,
  answer: (price, operations, label, noiseMs) => {
    const lockMs = (price.nsPerOp * operations) / 1e6;
    return `一轮里的 ${some(operations, "次递增")}，${label} 总共用 ${time(lockMs)}${noiseMs === undefined ? "。" : lockMs < noiseMs ? `；两次相同的运行本来就可能相差 ${time(noiseMs)}。` : `，超过了两次相同运行可能相差的 ${time(noiseMs)}。`}`;
  },
  waiting: (waits, all) => `加锁的两轮里，所有线程的时间加起来是 ${all}，其中等锁用了 ${waits}。`,
  price: (price, operations, label) =>
    `在这台机器上，没有别的线程来抢的时候，经由“${label}”递增一次需要 ${nanos(price.nsPerOp)}（95% 置信区间 ${nanos(price.lowNs)} 到 ${nanos(price.highNs)}）。一轮里的 ${some(operations, "次递增")}，总共 ${time((price.nsPerOp * operations) / 1e6)}。`,
  difference: (busy, { differenceMs, noiseMs, shows, lockTimeMs }, wallMs, counter) => {
    const size = Math.abs(differenceMs);
    const what = counter === "none" ? "第二轮的" : counter === "std-mutex" ? "加锁的" : "带计数器的";
    const found = size === 0 ? `${what} ${busyNames[busy]} 运行和${counter === "none" ? "第一轮" : "不带的"}耗时相同`
      : `${what} ${busyNames[busy]} 运行${differenceMs > 0 ? "多" : "少"}用了 ${time(size)}（总共 ${time(wallMs)}）`;
    if (noiseMs === undefined) return `${found}；每个线程递增少于四次，看不出其中有多少是噪声。`;
    if (!shows) return `${found}。两次完全相同的运行本来就可能相差 ${time(noiseMs)}：这是噪声，不是代价。`;
    const suspect = lockTimeMs !== undefined && lockTimeMs < size / 2 ? `锁本身只用了 ${time(lockTimeMs)}，不会是它造成的：一定还有别的不同。` : "";
    return `${found}，超过了两次相同运行可能相差的 ${time(noiseMs)}。${suspect}`;
  },
  gil: ({ parallelMs, switches }, wallMs, postMs) =>
    `有 GIL（换手 ${some(switches, "次")}），CPU 运行用了 ${time(wallMs)}；没有它，${time(parallelMs)}。文章里的用了 ${time(postMs)}：CPython 里就有这把锁。`,
  lost: (lost, made, label) => (lost > 0
    ? `计数器“${label}”在 ${count(made)} 次更新里丢失了 ${count(lost)} 次：每一次都是两个线程读到同一个数，又写回了同一个下一个数。`
    : `计数器“${label}”这一次什么也没丢，但这不说明任何问题：两次递增之间要做的事太多，难得碰上一次。把 IO 等待和 CPU 循环设为 0，递增次数设为 1,000，它们就会碰上了。`),
  spread: (runs, io, cpu, counter) => `用这组设置已经运行了 ${some(runs, "次")}，每次一个点。等待时，${counter === "none" ? "第二轮" : "加锁"}较慢的有 ${count(io)} 次；计算时，有 ${count(cpu)} 次。`,
  bars: {
    titles: ["本次运行：总耗时", "文章里的（CPython）"],
    ideal: "理想",
    format: time,
    tick,
  },
  ratios: {
    title: (counter) => (counter === "none" ? "第二轮 ÷ 第一轮" : "加锁 ÷ 不加锁"),
    other: "文章",
    here: "本机",
    noise: "灰色：两次相同的运行可能落在的范围",
    format: ratio,
    tick: (value, step) => fixed(step < 0.01 ? 3 : 2).format(value),
  },
  tableCaption: "四轮运行，旁边是文章里用 CPython 测得的（20 个线程 × 20 次递增，等待 1 秒，乘法 1,000,000 次）。不加锁的两轮根本没有计数器。",
  columns: { run: "运行", wall: "总耗时", post: "文章", ideal: "理想", over: "超出理想", value: "计数器", wait: "等锁，全部线程" },
  workersCaption: "每一轮的每一个工作线程",
  workerColumns: { worker: "工作线程", run: "运行", increments: "递增次数", start: "开始", end: "结束", busy: "忙碌", wait: "等锁" },
  none: "–",
  cutShort: (outcome, ms) => `${time(ms)} 后${outcome === "failed" ? "失败" : "停止"}`,
  runName,
};

export default words;
