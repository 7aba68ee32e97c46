/** The words of the figure about a master and its workers, in Chinese. */
import { controls, facts, label, master, none, onOff, worker } from "../../text/zh/masters.js";
import { about, count, list, setTime, share, some, spelt, tick, time } from "../../text/zh/units.js";

const tooMany = 3;

/** What became of one who died. @param {any} death @param {boolean} retry */
function death({ worker: who, job, silentMs, retriedBy }, retry) {
  const silent = silentMs === undefined ? "" : `在 ${time(silentMs)} 没有心跳之后`;
  const fell = `${who} ${job ? `在做 ${job} 的半路上` : "在没有任务的时候"}死了，主控线程${silent}发现了。`;
  if (!job) return fell;
  if (retriedBy) return `${fell}${retriedBy} 接过这个任务，从头做了一遍。`;
  return retry ? `${fell}已经没有别的线程能重做这个任务。` : `${fell}任务就此丢失：设定是不重做。`;
}

/** @type {import("../../text/words.js").Translated<typeof import("./en.js").default>} */
const words = {
  title: "主控线程与工作线程",
  question: (/** @type {any} */ { threads }) => `主控线程派出${spelt(threads)}个任务。做完没有，该不停地问，还是等人来通知？`,
  slices: { polling: "主控线程一遍遍地问。它晚多久才知道？", told: "现在由最后做完的去叫醒主控线程。这要晚多久？" },
  presets: { quick: "快速（1 秒）", told: "同样的，改用通知", post: "原文（40 秒）" },
  controls: {
    ...controls,
    times: { label: "批数", say: (/** @type {number} */ n) => some(n, "批") },
    notice: { label: "主控线程", choices: { poll: "轮询", told: "等通知" } },
    handles: { label: "线程句柄", choices: { strong: "强引用", weak: "弱引用" } },
    retry: { label: "重做丢失的任务", choices: onOff },
  },
  master,
  timeline: { label: (about) => `${label(about)}${about.endMs === null ? "运行期间，按 Delete 杀死正在读的那条泳道的工作线程。" : ""}` },
  estimate: (rounds, jobs, ms) => `${some(rounds, "批")}，每批 ${some(jobs, "个任务")}，约 ${about(ms)}`,
  beginning: "工作线程正在就位。",
  round: (round, of) => `第 ${count(Math.min(round, of))} 批，共 ${count(of)} 批。`,
  jobs: (done, planned) => `已完成 ${count(done)} / ${some(planned, "个任务")}`,
  notable: (event, n) => ({
    suspect: `${worker(n)} 没有动静。`, dead: `${worker(n)} 死了。`, requeue: `${worker(n)} 死了，它的任务交给别人。`, lost: `${worker(n)} 死了，它的任务丢了。`,
  })[event] ?? null,
  crew: {
    heading: "杀死：",
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
  weak: ({ gone, upgraded = 0 }) => `指向已完成任务的 ${some(gone + upgraded, "个弱句柄")}当中，有 ${count(gone)} 个已经指向空处。文章的注释碰上的就是这个：对象没了，没了就是做完了。可是它得出的结果也会跟着没了，要是没有别人拥有它的话；在这里，任务表拥有它。`,
  tableCaption: "每一批，从它开始时算起",
  columns: { round: "批次", done: "完成", last: "最后一个任务完成", knew: "多久之后得知", took: "总耗时" },
  roundName: (round) => `第 ${round} 批`,
  everyRound: "每一批",
  everyJob: "每一个任务",
  jobsCaption: "每一批的每一个任务",
  jobColumns: { job: "任务", worker: "工作线程", outcome: "结局", start: "开始", end: "结束", attempts: "尝试次数" },
  outcomes: { done: "完成", lost: "丢失", stopped: "停止" },
  none,
  facts,
};

export default words;
