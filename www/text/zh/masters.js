/** The words of the two figures about masters and workers, in Chinese. A master is 主控线程 here: 主线程 is a page's own main thread. */
import { count, list, share, some, time } from "./units.js";


export const worker = (/** @type {number} */ index) => `worker-${index}`;

/** What a master does, where its lane is read moment by moment. */
const told = {
  poll: (/** @type {number} */ n) => `查看：${count(n)} 个已完成，还没做完`,
  "poll-all": (/** @type {number} */ n) => `查看：${count(n)} 个全部完成`,
  exit: () => "自行退出",
  adopt: (/** @type {number} */ n) => `新的主控线程接管，任期 ${count(n)}`,
};

/** What both figures call a master's lane and its times. */
export const master = {
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
export const label = ({ run, lanes, endMs, states }) => [
  `${run}：${some(lanes, "条泳道")}，第一条是主控线程，其余每条是一个工作线程`,
  endMs === null ? "" : `，历时 ${time(endMs)}。所有线程的时间合计：${list(states.map(({ name, share: part }) => `${name} ${share(part)}`))}`,
  "。方向键逐个移动到各个时刻，加号和减号缩放，0 显示全部。",
].join("");

const jobKinds = { io: "等待（IO）", cpu: "计算（CPU）" };
/** As in the post, whose daemon threads wait for child processes. */
const owners = { page: "页面，好比子进程", master: "主控线程，好比守护线程" };
export const onOff = { on: "是", off: "否" };

/** Settings that both figures have. */
export const controls = {
  threads: { label: "工作线程", say: (/** @type {number} */ n) => some(n, "个工作线程") },
  job: { label: "任务内容", choices: jobKinds },
  waitMs: { label: "任务，毫秒", say: (/** @type {number} */ n) => some(n, "毫秒") },
  loops: { label: "任务，循环", say: (/** @type {number} */ n) => some(n, "次乘法"), note: (/** @type {number} */ n) => (n >= 10000 ? `${count(n)} 次` : "") },
  pollMs: { label: "间隔，毫秒", say: (/** @type {number} */ n) => some(n, "毫秒") },
  owner: { label: "工作线程归谁", choices: owners },
  timeoutMs: { label: "沉默上限，毫秒", say: (/** @type {number} */ n) => some(n, "毫秒") },
};

export const none = "–";

/** What two reports are compared by. */
export const facts = ["最后一个任务完成 → 主控线程得知，中位数", "批数", "第一批"];
