/** The words of the figure about a master that ends itself, in Chinese. */
import { controls, facts, label, master, none, worker } from "../../text/zh/masters.js";
import { about, count, some, spelt, time } from "../../text/zh/units.js";

const locks = { plain: "普通互斥锁", robust: "健壮锁" };

/** @type {import("../../text/words.js").Translated<typeof import("./en.js").default>} */
const words = {
  title: "主控线程死的那天",
  question: (/** @type {any} */ { dies, threads }) => (dies === "holder" ? "一个线程拿着锁死了。等锁的那些会怎样？" : `${spelt(threads)}个任务还在跑，主控线程死了。谁会活下去？做完的由谁来收？`),
  slices: { death: "主控线程自己退出了。谁还活着？", adoption: "来了新的主控线程。它会找到什么？" },
  presets: { quick: "快速（3 秒）", nested: "归主控线程", holder: "持锁者死", post: "原文（60 秒）" },
  controls: {
    ...controls,
    times: { label: "批数" },
    adopt: { label: "新的主控线程", choices: { on: "接管", off: "不会来" } },
    dies: { label: "谁死", choices: { master: "主控线程", holder: "持锁的线程" } },
    lock: { label: "锁的种类", choices: { plain: "普通互斥锁", robust: "健壮锁" } },
  },
  master: { ...master, round: () => "" },
  timeline: { label },
  estimate: (ms) => `约 ${about(ms)}`,
  beginning: "工作线程正在就位。",
  competing: "工作线程在争这把锁。",
  alive: (alive, of) => `${some(of, "个工作线程")}，活着 ${count(alive)} 个`,
  notable: (event, n) => ({
    start: "主控线程已经把任务派了出去。", exit: "主控线程自行退出，任务成了孤儿。", adopt: `新的主控线程已经接管，任期 ${n}。`,
    notary: "没有人接管。正在清点任务的下落。", dead: `${worker(n)} 死了。`, lost: `${worker(n)} 死了，它的任务丢了。`,
  })[event] ?? null,
  nobodyDied: "还没有人死，运行就结束了。",
  death: ({ diedAtMs, deathSeenMs, answered }) => [
    `运行到 ${time(diedAtMs)}，主控线程自行退出。`,
    deathSeenMs === undefined ? "" : `${time(deathSeenMs)} 之后页面确认了这一点：它的心跳停了，发给它的消息${answered ? "却仍然有回音" : "也没有回音"}。`,
  ].join(""),
  outlived: ({ owner, survivors, finished, lost }, threads, engine) => {
    const where = engine ? `在 ${engine} 里` : "在这里";
    const beating = survivors === undefined ? "" : survivors === threads ? `${count(threads)} 个心跳全都还在继续` : survivors === 0 ? "一个心跳也没有了" : `${count(threads)} 个心跳当中有 ${count(survivors)} 个还在继续`;
    if (owner !== "master") {
      const ended = finished === undefined ? "" : `主控线程死后又有 ${some(finished, "个任务")}做完`;
      return `${where}，${[beating, ended].filter(Boolean).join("，") || "工作线程都还活着"}：工作线程归页面所有。它们不归主控线程，好比文章里的子进程；在测试过的三个引擎里都是如此。`;
    }
    const ended = finished ? `其间还有 ${some(finished, "个任务")}做完：在这里，嵌套的线程要过一会儿才死。` : "";
    return `${where}，等死亡尘埃落定，${beating || "心跳都停了"}：工作线程跟着主控线程一起死了。它们嵌套在它之下，好比守护线程随解释器一起结束。${ended}${lost ? `有 ${some(lost, "个任务")}随着它们的主人一起丢失。` : ""}Firefox 和 WebKit 会立刻结束嵌套的线程，Chromium 大约晚两秒。`;
  },
  adoption: ({ diedAtMs, adoptedAtMs, firstPollMs, epoch, lost, finished }, orphans) => {
    if (adoptedAtMs === undefined) return `没有人接管。${orphans > 0 ? `孤儿们做出的 ${some(orphans, "个结果")}还躺在工作线程放下的地方，而“all thread done”再也不会有人打印。` : "“all thread done”再也不会有人打印。"}`;
    const looked = firstPollMs === undefined ? "" : `，再过 ${time(firstPollMs)} 第一次查看了工作线程`;
    const found = orphans > 0 ? `空缺期间有 ${some(orphans, "个任务")}做完，被认作已完成，没有丢。` : lost || !finished ? "" : "主控线程死时在跑的任务，全都还在跑。";
    return `主控线程死后 ${time(adoptedAtMs - diedAtMs)}，新的主控线程接管${looked}。它没有重启任何东西，只是接收了正在跑的，任期为 ${count(epoch ?? 2)}。${found}`;
  },
  found: ({ diedAtMs, adoptedAtMs, lost }, done, running) => {
    const jobs = [done && `${some(done, "个任务")}已经做完`, running && `${some(running, "个任务")}还在跑`].filter(Boolean).join("，");
    return `旧主控线程死后 ${time(adoptedAtMs - diedAtMs)}，新的来了${jobs && `：${jobs}`}${lost ? `；有 ${some(lost, "个任务")}随旧的一起丢了` : ""}。`;
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
    note: "文章的程序里两种都有：守护线程随解释器一起结束，它们等着的 sleep 子进程却接着跑。",
  },
  locks,
  holder: ({ lock, holder, diedAtMs, waiting, recoveredBy, recoveredAtMs, increments, finalValue, blockedMs }) => {
    if (diedAtMs === undefined) return [`${holder} 还没死，运行就被停下了。`];
    const died = `运行到 ${time(diedAtMs)}，${holder} 死了，手里还拿着锁。`;
    if (recoveredBy === undefined && lock === "robust") return [`${died}这把锁认得它的持有者，可是直到运行结束，也没有别的线程从死者手里接过它。`];
    if (recoveredBy === undefined) {
      return [
        `${died}${locks.plain}不知道持有者是谁。${waiting === undefined ? "其余的线程" : some(waiting, "个工作线程")}等着一个已经不在的线程，会一直等下去。`,
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
      ["死亡时刻", diedAtMs === undefined ? none : time(diedAtMs)],
      ...(waiting === undefined ? [] : [["当时在等锁的", some(waiting, "个工作线程")]]),
      ["由谁恢复", recoveredBy ?? (diedAtMs === undefined ? none : "没有人")],
      ...(recoveredAtMs === undefined ? [] : [["多久之后恢复", time(recoveredAtMs - diedAtMs)]]),
      ...(blockedMs === undefined || diedAtMs === undefined ? [] : [["停滞了", time(blockedMs)]]),
      ...(increments === undefined ? [] : [["递增次数", count(increments)]]),
      ...(finalValue === undefined ? [] : [["计数器", count(finalValue)]]),
    ],
  },
  everyJob: "每一个任务",
  jobsCaption: "每一个任务，以及它的下落",
  jobColumns: { job: "任务", worker: "工作线程", fate: "下落", start: "开始", end: "结束" },
  none,
  facts: ["主控线程死后还活着的工作线程", "新主控线程接管的时刻", "主控线程死后做完的任务", "丢失的任务", ...facts],
};

export default words;
