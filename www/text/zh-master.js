/** The words of the two figures about masters and workers, in Chinese. A master is 主控线程 here: 主线程 is a page's own main thread. */
import { about, count, list, setTime, share, some, tick, time } from "./zh-units.js";

/** @typedef {import("./words.js").Words["figures"]} Figures */

/** @param {number} index */
const worker = (index) => `worker-${index}`;

/** What a master does, where its lane is read moment by moment. */
const told = {
  /** @param {number} n */
  poll: (n) => `查看：${count(n)} 个已完成，还没做完`,
  /** @param {number} n */
  "poll-all": (n) => `查看：${count(n)} 个全部完成`,
  exit: () => "自行退出",
  /** @param {number} n */
  adopt: (n) => `新的主控线程接管，任期 ${count(n)}`,
};

/** What both figures call a master's lane and its times. */
const master = {
  name: "主控",
  short: "主",
  round: (/** @type {number} */ round) => `第 ${round} 批`,
  vacant: "没有主控线程",
  successor: (/** @type {number} */ epoch) => `新主控线程，任期 ${epoch}`,
  observer: "清点",
  /** @param {string} event @param {number} value @param {number} atMs */
  tell: (event, value, atMs) => (Object.hasOwn(told, event) ? `主控线程：${told[/** @type {keyof typeof told} */ (event)](value)}，在 ${time(atMs)}` : null),
};

/** What a timeline with a master says to who can't see it. @param {{run: string, lanes: number, endMs: number | null, states: {name: string, share: number}[]}} about */
const label = ({ run, lanes, endMs, states }) => [
  `${run}：${some(lanes, "条泳道")}，第一条是主控线程，其余每条是一个工作线程`,
  endMs === null ? "" : `，历时 ${time(endMs)}。所有线程的时间合计：${list(states.map(({ name, share: part }) => `${name} ${share(part)}`))}`,
  "。方向键逐个移动到各个时刻，加号和减号缩放，0 显示全部。",
].join("");

const ticks = "短线画得比实际时长宽。";

const jobKinds = { io: "等待（IO）", cpu: "计算（CPU）" };
const owners = { page: "页面", master: "主控线程" };
const onOff = { on: "是", off: "否" };

/** Settings that both figures have. */
const controls = {
  threads: { label: "工作线程", say: (/** @type {number} */ n) => some(n, "个工作线程") },
  job: { label: "任务内容", choices: jobKinds },
  waitMs: { label: "任务，毫秒", say: (/** @type {number} */ n) => some(n, "毫秒") },
  loops: { label: "任务，循环", say: (/** @type {number} */ n) => some(n, "次乘法"), note: (/** @type {number} */ n) => (n >= 10000 ? `${count(n)} 次` : "") },
  pollMs: { label: "间隔，毫秒", say: (/** @type {number} */ n) => some(n, "毫秒") },
  owner: { label: "工作线程归谁", choices: owners },
  timeoutMs: { label: "沉默上限，毫秒", say: (/** @type {number} */ n) => some(n, "毫秒") },
};

const none = "–";
const tooMany = 3;

/** What became of one who died. @param {any} death @param {boolean} retry */
function death({ worker: who, job, silentMs, retriedBy }, retry) {
  const silent = silentMs === undefined ? "" : `在 ${time(silentMs)} 没有心跳之后`;
  const fell = `${who} ${job ? `在做 ${job} 的半路上` : "在没有任务的时候"}死了，主控线程${silent}发现了。`;
  if (!job) return fell;
  if (retriedBy) return `${fell}${retriedBy} 接过这个任务，从头做了一遍。`;
  return retry ? `${fell}已经没有别的线程能重做这个任务。` : `${fell}任务就此丢失：设定是不重做。`;
}

/** @type {import("./words.js").Translated<Figures["master-worker"]>} */
export const masterWorker = {
  title: "主控线程与工作线程",
  question: "主控线程派出任务，想知道什么时候全部做完。该不停地问，还是等人来通知？",
  presets: { quick: "快速（1 秒）", told: "同样的，改用通知", post: "文章里的原始参数（40 秒）" },
  controls: {
    ...controls,
    times: { label: "批数", say: (/** @type {number} */ n) => some(n, "批") },
    notice: { label: "主控线程", choices: { poll: "轮询", told: "等通知" } },
    handles: { label: "线程句柄", choices: { strong: "强引用", weak: "弱引用" } },
    retry: { label: "重做丢失的任务", choices: onOff },
  },
  master: { ...master, vacant: "没有主控线程" },
  timeline: { label: (about) => `${label(about)}${about.endMs === null ? "运行期间，按 Delete 杀死正在读的那条泳道的工作线程。" : ""}`, ticks },
  estimate: (rounds, jobs, ms) => `${some(rounds, "批")}，每批 ${some(jobs, "个任务")}，约 ${about(ms)}`,
  beginning: "工作线程正在就位。",
  round: (round, of) => `第 ${count(Math.min(round, of))} 批，共 ${count(of)} 批。`,
  jobs: (done, planned) => `已完成 ${count(done)} / ${some(planned, "个任务")}`,
  notable: (event, n) => ({
    suspect: `${worker(n)} 没有动静。`, dead: `${worker(n)} 死了。`, requeue: `${worker(n)} 死了，它的任务交给别人。`, lost: `${worker(n)} 死了，它的任务丢了。`,
  })[event] ?? null,
  crew: {
    heading: "要杀死正在干活的线程，点它的泳道，或者按它的编号：",
    name: "杀死一个工作线程",
    kill: (index) => `杀死 ${worker(index)}`,
    gone: (index) => `${worker(index)}，已被杀死`,
    warning: (index) => `点一下就杀死 ${worker(index)}。`,
    hint: "点一条泳道，杀死那个工作线程。",
    hintTouch: "轻触一条泳道，杀死那个工作线程。",
  },
  way: (mode, pollMs) => (mode === "told" ? "等通知" : `每 ${setTime(pollMs)} 问一次`),
  strip: { title: "最后一个任务完成 → 主控线程得知：一批一个点", expected: "预期", mean: "平均", format: time, tick },
  polled: ({ delaysMs, meanMs, expectedMs, polls, pollUs, cpuShare }, { pollMs, waitMs, job }) => {
    const worst = Math.max(...delaysMs);
    const found = `最后一个任务已经完成，主控线程还${delaysMs.length > 1 ? `平均每批多问了 ${time(meanMs)}（最久 ${time(worst)}）` : `多问了 ${time(meanMs)}`}。`;
    const off = expectedMs ? meanMs / expectedMs : 1;
    const multiple = job === "io" && delaysMs.length > 2 && (off > 1.5 || off < 0.5) && waitMs % pollMs === 0;
    const expected = expectedMs === undefined ? ""
      : multiple ? `按理应当是半个间隔，即 ${time(expectedMs)}；但 ${time(waitMs)} 的任务正好是间隔的整数倍，所以每一批都恰好在一次查看${off > 1 ? "之后" : "之前"}做完。`
        : `按理应当是半个间隔，即 ${time(expectedMs)}。`;
    const cost = pollUs === undefined ? "" : `它一共看了 ${some(polls, "次")}，每次 ${time(pollUs / 1000)}${cpuShare === undefined ? "" : `，醒着的时间占整个运行的 ${share(cpuShare)}`}：轮询的代价是知道得晚，问这个动作本身几乎不花什么。`;
    return found + expected + cost;
  },
  told: ({ delaysMs, p50Ms, polls, cpuShare }) => [
    `每批最后一个完成的工作线程叫醒主控线程，任务完成后 ${time(p50Ms)} 它就知道了${delaysMs.length > 1 ? `（中位数；最久 ${time(Math.max(...delaysMs))}）` : ""}。`,
    polls === undefined ? "" : `它一共看了 ${some(polls, "次")}`,
    polls === undefined || cpuShare === undefined ? (polls === undefined ? "" : "。") : `，醒着的时间占整个运行的 ${share(cpuShare)}。`,
  ].join(""),
  both: (poll, told) => (poll.mean > told.mean ? `到目前为止，${poll.name}比等通知每批多花 ${time(poll.mean - told.mean)}。` : ""),
  whole: (done, rounds, ms, idealMs, schedulingMs) => [
    `${some(rounds, "批")}共 ${some(done, "个任务")}，用了 ${time(ms)}`,
    idealMs ? `；单算任务本身，每批同时进行，是 ${time(idealMs)}。` : "。",
    schedulingMs === undefined ? "" : `第一批任务全部开工，用了 ${time(schedulingMs)}。`,
  ].join(""),
  deaths: (deaths, retry) => [
    ...deaths.slice(0, tooMany).map((one) => death(one, retry)),
    ...(deaths.length > tooMany ? [`另外还死了 ${some(deaths.length - tooMany, "个工作线程")}：${list(deaths.slice(tooMany).map((one) => one.worker))}。`] : []),
  ],
  late: (late) => `有 ${some(late, "个结果")}来得太晚，被拒收：那个线程只是慢，任务已经交给了别人，而一个任务只有一个结果。`,
  weak: ({ gone, upgraded = 0 }) => `指向已完成任务的 ${some(gone + upgraded, "个弱句柄")}当中，有 ${count(gone)} 个已经指向空处。文章的注释碰上的就是这个：对象没了，没了就是做完了。可是它得出的结果也会跟着没了，要是没有别人拥有它的话；在这里，账本拥有它。`,
  tableCaption: "每一批，从它开始时算起",
  columns: { round: "批次", done: "完成", last: "最后一个任务完成", knew: "多久之后得知", took: "总耗时" },
  roundName: (round) => `第 ${round} 批`,
  everyRound: "每一批",
  everyJob: "每一个任务",
  jobsCaption: "每一批的每一个任务",
  jobColumns: { job: "任务", worker: "工作线程", outcome: "结局", start: "开始", end: "结束", attempts: "尝试次数" },
  outcomes: { done: "完成", lost: "丢失", stopped: "停止" },
  none,
};

const locks = { plain: "普通互斥锁", robust: "健壮锁" };

/** @type {import("./words.js").Translated<Figures["master-exit"]>} */
export const masterExit = {
  title: "主控线程死的那天",
  question: "任务还在跑，主控线程自己退出了。谁会活下去？做完的东西由谁来收？",
  presets: { quick: "快速（3 秒）", nested: "工作线程归主控线程", holder: "持锁的线程死了", post: "文章里的原始参数（60 秒）" },
  controls: {
    ...controls,
    times: { label: "批数" },
    adopt: { label: "新的主控线程", choices: { on: "接管", off: "不会来" } },
    dies: { label: "谁死", choices: { master: "主控线程", holder: "持锁的线程" } },
    lock: { label: "锁的种类", choices: { plain: "普通互斥锁", robust: "健壮锁" } },
  },
  master: { ...master, round: () => "" },
  timeline: { label, ticks },
  estimate: (ms) => `约 ${about(ms)}`,
  beginning: "工作线程正在就位。",
  alive: (alive, of) => `${some(of, "个工作线程")}，活着 ${count(alive)} 个`,
  notable: (event, n) => ({
    start: "主控线程已经把任务派了出去。", exit: "主控线程自行退出，任务成了孤儿。", adopt: `新的主控线程已经接管，任期 ${n}：旧主控线程的命令从此作废。`,
    notary: "没有人接管。正在清点任务的下落。", dead: `${worker(n)} 死了。`, lost: `${worker(n)} 死了，它的任务丢了。`,
  })[event] ?? null,
  nobodyDied: "还没有人死，运行就结束了。",
  death: ({ diedAtMs, deathSeenMs, answered }) => [
    `运行到 ${time(diedAtMs)}，主控线程自行退出。`,
    deathSeenMs === undefined ? "" : `${time(deathSeenMs)} 之后页面确认了这一点：它的心跳停了，发给它的消息${answered ? "却仍然有回音" : "也没有回音"}。`,
  ].join(""),
  outlived: ({ owner, survivors, finished, lost }, threads, engine) => {
    const where = engine ? `在 ${engine} 里` : "在这里";
    const hearts = survivors === undefined ? "" : survivors === threads ? `${count(threads)} 个心跳全都还在继续` : survivors === 0 ? "一个心跳也没有了" : `${count(threads)} 个心跳当中有 ${count(survivors)} 个还在继续`;
    if (owner !== "master") {
      const ended = finished === undefined ? "" : `，主控线程死后又有 ${some(finished, "个任务")}做完`;
      return `工作线程归页面所有，不归主控线程。${hearts ? `${where}，${hearts}${ended}。` : ended ? `${ended.slice(1)}。` : ""}在测试过的三个引擎里都是如此。`;
    }
    const ended = finished ? `其间还有 ${some(finished, "个任务")}做完：在这里，嵌套的线程要过一会儿才死。` : "";
    return `工作线程嵌套在主控线程之下，跟着它一起死了。${where}，等死亡尘埃落定，${hearts || "它们的心跳都停了"}。${ended}${lost ? `有 ${some(lost, "个任务")}随着它们的主人一起丢失。` : ""}Firefox 和 WebKit 会立刻结束嵌套的线程，Chromium 大约晚两秒。`;
  },
  adoption: ({ diedAtMs, adoptedAtMs, firstPollMs, epoch, lost }, orphans) => {
    if (adoptedAtMs === undefined) return `没有人接管。${orphans > 0 ? `孤儿们做出的 ${some(orphans, "个结果")}还躺在工作线程放下的地方，而“all thread done”再也不会有人打印。` : "“all thread done”再也不会有人打印。"}`;
    const looked = firstPollMs === undefined ? "" : `，再过 ${time(firstPollMs)} 第一次查看了工作线程`;
    const found = orphans > 0 ? `空缺期间有 ${some(orphans, "个任务")}做完，被认作已完成，没有丢。` : lost ? "" : "主控线程死时在跑的任务，全都还在跑。";
    return `主控线程死后 ${time(adoptedAtMs - diedAtMs)}，新的主控线程接管${looked}。它没有重启任何东西，只是接收了正在跑的，任期为 ${count(epoch ?? 2)}。${found}`;
  },
  accounts: { title: "每个任务的下落", format: count },
  fates: {
    "under-old": "在旧主控线程手下完成", "as-orphan": "作为孤儿完成", "under-new": "在新主控线程手下完成",
    "lost-with-worker": "随工作线程丢失", "lost-with-owner": "随主人丢失", open: "停止时还没做完",
  },
  engines: {
    open: "测试过的三个引擎各是怎样的",
    caption: "主控 Worker 结束的时候",
    columns: ["引擎", "归页面的工作线程", "归主控线程的工作线程"],
    rows: [["Chromium 156", "继续", "约 2 秒后死亡"], ["Firefox ESR 153", "继续", "立刻死亡"], ["WebKitGTK 2.50", "继续", "立刻死亡"]],
    note: "操作系统里也有同样的区别：一个独立的进程，和垂死进程里的一个线程。",
  },
  locks,
  holder: ({ lock, holder, diedAtMs, waiting, recoveredBy, recoveredAtMs, increments, finalValue, blockedMs }) => {
    const died = `运行到 ${time(diedAtMs)}，${holder} 死了，手里还拿着锁。`;
    if (recoveredBy === undefined) {
      return [
        `${died}${locks[lock === "robust" ? "robust" : "plain"]}不知道持有者是谁。${waiting === undefined ? "其余的线程" : some(waiting, "个工作线程")}等着一个已经不在的线程，会一直等下去。`,
        blockedMs === undefined ? "唯一的出路，是把它们全部结束。" : `整整 ${time(blockedMs)} 什么也没有动。然后页面把它们全部结束：没有别的出路。`,
      ];
    }
    const whole = increments === finalValue ? `递增了 ${some(increments, "次")}之后，计数器是 ${count(finalValue)}：一次也没少。` : `递增了 ${some(increments, "次")}之后，计数器是 ${count(finalValue)}：对不上。`;
    return [`${died}这把锁认得它的持有者。${time(recoveredAtMs - diedAtMs)} 之后，${recoveredBy} 从死者手里接过锁，把做到一半的事情收拾好，大家继续。`, whole];
  },
  lockTable: {
    caption: "一个工作线程死在临界区里",
    what: "项目",
    rows: ({ holder, diedAtMs, waiting, recoveredBy, recoveredAtMs, blockedMs, increments, finalValue }) => [
      ["持有者", holder],
      ["死亡时刻", time(diedAtMs)],
      ...(waiting === undefined ? [] : [["当时在等锁的", some(waiting, "个工作线程")]]),
      ["由谁恢复", recoveredBy ?? "没有人"],
      ...(recoveredAtMs === undefined ? [] : [["多久之后恢复", time(recoveredAtMs - diedAtMs)]]),
      ...(blockedMs === undefined ? [] : [["停滞了", time(blockedMs)]]),
      ...(increments === undefined ? [] : [["递增次数", count(increments)]]),
      ...(finalValue === undefined ? [] : [["计数器", count(finalValue)]]),
    ],
  },
  everyJob: "每一个任务",
  jobsCaption: "每一个任务，以及它的下落",
  jobColumns: { job: "任务", worker: "工作线程", fate: "下落", start: "开始", end: "结束" },
  none,
};
