/** The figures' words in Chinese (Simplified); the article's are in zh-article.js. A space stands between Chinese and Latin letters or digits. */
import { counters } from "./counters.js";
import { noSharing, reach } from "./reach.js";
import { part } from "../../part.js";
import { take } from "./take.js";
import { about, count, day, list, memory, nanos, percent, share, some, tick, time, times } from "./units.js";

/** @typedef {import("../words.js").Words} Words */
/** @typedef {import("../en/words.js").Said} Said */

/** Where a report is from; what ran without a browser names its processor. @param {string} name */
const engine = (name) => name.replace(/^native(?:, )?(?=(.?))/, (_, more) => (more ? "原生，" : "原生"));

/** What a page's Content-Security-Policy is against. @param {string} directive @returns {[why: string, todo: string]} */
const forbidden = (directive) => (directive === "trusted-types"
  ? ["这个页面强制使用 Trusted Types，而实验的策略不在它的名单上。", "如果这是你的页面：请在 Content-Security-Policy 的 trusted-types 里加上 lock-lab。"]
  : ["这个页面的 Content-Security-Policy 禁止了它。", `如果这是你的页面：请在 ${directive} 里允许实验的文件夹。`]);

/** Why the program could not be loaded. @type {Record<string, (detail: any) => [why: string, todo: string]>} */
const noModule = {
  offline: () => ["连接失败了。", "请检查网络，然后按“运行”。"],
  forbidden: ({ directive }) => forbidden(directive),
  slow: () => ["它没有及时传到。", "请检查网络，然后按“运行”。"],
  http: ({ status }) => [`服务器的回答是 ${status}。`, status === 404 ? "文件夹不完整：请把整个 dist/ 复制过去。" : "请稍后再试。"],
  mime: ({ mime }) => [`服务器发来的是别的东西${mime ? `（类型为 ${mime}）` : ""}。`, "服务器必须原样提供 .wasm 文件，类型为 application/wasm。"],
  csp: () => ["页面的 Content-Security-Policy 禁止 WebAssembly。", "请在 script-src 里允许 'wasm-unsafe-eval'。"],
  compile: ({ said }) => [`浏览器拒绝了它：${said}。`, "请使用新版的 Chromium、Firefox 或 Safari。"],
};

/** What went wrong, why, and what to do, by code. @type {Record<string, (detail: any) => Said>} */
const errors = {
  "no-shared-memory": ({ reason, alone }) => {
    const [why, todo] = noSharing[reason] ?? noSharing["not-isolated"];
    const unshared = "这个页面不能让线程共享内存。";
    return alone ? { what: "用 1 个线程，在这里能运行。", why: `${unshared}${why}`, todo } : { what: unshared, why, todo };
  },
  "wasm-load": (detail) => {
    const [why, todo] = (noModule[detail.reason] ?? noModule.compile)(detail);
    return { what: "实验的程序没能加载。", why, todo };
  },
  "no-memory": ({ mib, threads, most, gib }) => most ? {
    what: `${some(threads, "个线程")}超出了这台设备的内存。`,
    why: `浏览器说总共有 ${memory(gib)}，够 ${some(most, "个线程")}用；再多，有些设备会直接关掉页面。`,
    todo: `请取 ${some(most, "个线程")}或更少。`,
  } : {
    what: `浏览器拿不出 ${some(threads, "个线程")}所需的内存。`,
    why: `需要连续的 ${mib} MiB。`,
    todo: "请关闭别的标签页，或者减少线程。",
  },
  "worker-start": ({ role, said, directive }) => {
    const [why, todo] = directive ? forbidden(directive) : [`浏览器说：${said}。`, "请检查网络，然后按“运行”。"];
    return { what: `${role} Worker 没有启动。`, why, todo };
  },
  "pool-timeout": ({ threads, seconds }) => ({
    what: `线程没有在 ${count(seconds)} 秒内启动。`,
    why: `${some(threads, "个工作线程")}也许超过了这个浏览器允许的数目，或者机器太忙。`,
    todo: "请减少线程，或者再试一次。",
  }),
  "worker-failed": ({ failures = [], stuck }) => ({
    what: failures.length > 1 ? `有 ${some(failures.length, "个工作线程")}在运行途中失败。` : "",
    why: failures.length
      ? failures.map((/** @type {any} */ one) => `${one.worker}${failures.length > 1 ? "" : " 在运行途中失败"}：${one.message}${one.where ? `（${one.where}）` : ""}。`).join("")
      : "有一个工作线程在运行途中失败。",
    todo: stuck?.length ? `${list(stuck)} 停不下来，只好强行结束。下一次运行会用全新的线程。` : "其余线程已经停止。下一次运行会用全新的线程。",
  }),
  "engine-lost": ({ said, silent, unread }) => ({ what: "运行中断了。", why: silent ? `它的 Worker 有 ${count(silent)} 秒没有动静：浏览器可能关掉了其中一个。` : unread ? `${unread} Worker 发来的一条消息没能读出来。` : `${said}。`, todo: "请按“运行”，用全新的线程再来。" }),
  "master-lives": ({ seconds }) => ({ what: "主控线程没有结束。", why: `它说过要结束，可 ${count(seconds)} 秒之后心跳还在。旁边再放一个主控线程可能造成破坏，所以没有报告。`, todo: "请按“运行”，用全新的线程再来。" }),
  stuck: ({ seconds }) => ({ what: "线程没有停下来。", why: `它们在 ${count(seconds)} 秒内没有应答，被强行结束，所以没有报告。`, todo: "请按“运行”，用全新的线程再来。" }),
  refused: ({ refused = [] }) => ({ what: "这些设置不能运行。", why: refused.map((/** @type {any} */ one) => one.message).join("") }),
  "needs-press": ({ threads, most, minutes }) => ({
    what: "这次运行需要你亲手按“运行”。",
    why: threads
      ? `嵌入这张图的页面要求 ${some(threads, "个线程")}，而它自己最多只能启动 ${count(most)} 个。`
      : `嵌入这张图的页面已经让它自行运行了 ${some(minutes, "分钟")}，到此为止。`,
    todo: "按“运行”，就会照现在的设置运行。",
  }),
  "bad-report": ({ src, code, detail }) => ({ what: `作者的报告 ${src} 无法显示；这里是我们录制的运行。`, why: take.refusals?.[code]?.(detail) }),
  cancelled: ({ gone, deaf }) => deaf ? {
    what: "已停止，没有报告。",
    why: "这个页面的 Content-Security-Policy 禁止了用来叫线程停下的办法，只好把它强行结束。",
    todo: "如果这是你的页面：请在 connect-src 里允许 blob:。",
  } : ({ what: gone ? "运行途中，图所在的框架被关闭了。" : "还没开始就停止了。" }),
};

/** What a button says that copies a text. */
const copying = { copy: "复制", copied: take.copied, uncopied: take.uncopied };

/** What a worker does. @type {Record<string, string>} */
const stateNames = { idle: "未启动", starting: "就绪", waiting: "等锁", holding: "持有锁", io: "IO 等待", cpu: "CPU 循环", done: "完成", stopped: "停止", failed: "失败", gone: "死亡", master: "轮询中", poll: "查看", "poll-all": "看到全部完成", exit: "自行退出", vacant: "没有主控线程", beat: "心跳" };

/** Warnings about a run, by code. @type {Record<string, (warning: any) => string>} */
const warnings = {
  "tab-hidden": ({ ms }) => `运行期间，页面有 ${about(ms)} 处在后台。浏览器会放慢后台页面：这些时间不要当真。`,
  "frame-unseen": ({ ms }) => `运行期间，这张图所在的框架有 ${about(ms)} 不在视野里。浏览器会放慢这样的框架：由页面自己计时的事（比如主控线程的死亡）可能来得偏晚。`,
  "events-overwritten": ({ lost, events }) => `${count(events)} 次变化里有 ${count(lost)} 次来得太快，没来得及读：时间线、它的表格和导出的数据里都没有它们。结果里的时间和次数不是由它们算出来的。`,
  starved: ({ counter, worker, waitMs }) => `${counters[counter] ?? counter} 有一次让 ${worker} 等了 ${about(waitMs)}。这不是故障：线程比核多时，等待的线程可能一再被别人抢先；而按顺序服务的锁，在排在最前的线程分不到核的时候，就停在那里。`,
  "coarse-clock": ({ stepMs }) => `这个浏览器的时钟每 ${time(stepMs)} 才走一格，防指纹追踪时就是这样。短于几格的事在这里量不出来：有些价格和理想值因此从缺，所有时间的误差都可能有一格。`,
  "on-battery": () => "运行时这台机器用的是电池。不少机器这时会让处理器慢下来：测得的时间可能比接上电源时长。",
  "one-thread": () => "这个页面没有隔离，只给这张图一个线程和一个走得粗的时钟。需要第二个线程的部分这里没有：在单独的标签页里打开，它最多能用 128 个线程，时钟也更细。",
  "clock-shifted": ({ ms }) => `这个页面的时钟和机器的时钟相差 ${about(ms)}：打开页面之后机器休眠过，或者时间被调过。一次运行之内的时间仍然正确；由页面自己计时的事（比如主控线程的死亡）只准到几毫秒，重新载入页面就好。`,
  "slow-tier": ({ loopNs }) => `CPU 循环里一次乘法用了 ${nanos(loopNs)}，是处理器所需时间的好几倍：浏览器没有优化这段代码，在调试器下、或启用了额外的安全设置时可能这样。这些时间不要和别的比较。`,
  "unlike-cores": ({ quick, slow, ratio }) => `这里的核并不一样：两次 CPU 运行里，${slow} 最快的一次循环都是 ${quick} 最快一次的 ${times(ratio)} 倍。可能有性能核与能效核之分，也可能有两个线程共用了一个核。理想值把所有核都当成一样的。`,
  "machine-slept": ({ ms }) => `运行途中，机器似乎休眠了 ${about(ms)}：这些时间不要当真。`,
  "time-limit": ({ ms }) => `这次运行是由嵌入这张图的页面发起的，这样的运行到 ${about(ms)} 就会停止。想运行得更久，请按“运行”。`,
};

/** @type {import("../words.js").Translated<Words>} */
const zh = {
  errors,
  warnings,
  time,
  about,
  counters,
  counter: (/** @type {string} */ name) => counters[name] ?? name,
  count,
  percent,
  wrongSetting: ({ attribute, got, allowed }) => `${attribute}="${got}" 在这里不能用。允许的是：${allowed}。`,
  misspelt: (/** @type {{attribute: string, meant: string}} */ { attribute, meant }) => `这张图没有“${attribute}”这个属性，写了不起作用。是不是想写“${meant}”？`,
  figure: {
    number: (index) => `图 ${index}`,
    share: "分享与嵌入",
    run: "运行",
    again: "再次运行",
    stop: "停止",
    stopping: "正在停止",
    settings: "设置",
    presets: "预设：",
    moreSettings: "更多设置",
    loading: "正在加载实验。",
    ready: "就绪。",
    fetching: "正在取要运行的程序。",
    startingThreads: (threads) => `正在启动 ${some(threads, "个线程")}。`,
    waiting: "等待中：另一张图正在运行。一次只运行一张图。",
    stoppingNow: "正在停止：已经通知了每一个线程。",
    stopped: "已停止。测到的都留着。",
    done: "完成。",
    left: (ms) => `还剩 ${about(ms)}`,
    tenth: (tenth) => `已完成 ${share(tenth / 10)}`,
    day: (iso) => (iso ? day(iso) : ""),
    recorded: "录制的运行",
    recordedOtherwise: "录制的那次用的是另一种设置。请自己运行一次。",
    recordedIn: (where) => `来自 ${where}。`,
    recordedBy: (where, when) => `由本页作者提供，来自 ${where}${when && `，于 ${when} 生成`}。`,
    runYourOwn: "按“运行”，跑一次你自己的。",
    where: (env) => [engine(env.engine), env.cores && some(env.cores, "核")].filter(Boolean).join("，"),
    progress: "运行进度",
    details: "详细",
    whole: "打开完整的实验",
    post: "文章里会这样打印",
    workers: "每一个工作线程",
    report: "数据",
    ...copying,
    sourceRust: "源代码",
    sourceFigure: "这张图的源代码",
    live: "打开在线页面",
    environment: (env) => [
      engine(env.engine), env.cores && some(env.cores, "核"),
      env.clockStepMs === undefined ? null : `时钟一格 ${time(env.clockStepMs)}`,
      env.isolated ? `已隔离（${{ headers: "由响应头", "service-worker": "由 Service Worker", "document-isolation-policy": "由自己的策略", browser: "由浏览器" }[String(env.isolatedBy)] ?? env.isolatedBy}）` : "未隔离",
      env.onBattery ? "用电池" : null,
      env.build,
    ].filter(Boolean).join(" · "),
  },
  controls: {
    threads: { label: "线程", say: (n) => some(n, "个线程") },
    times: { label: "递增次数", say: (n) => some(n, "次") },
    waitMs: { label: "IO 等待，毫秒", say: (n) => some(n, "毫秒") },
    loops: { label: "CPU 循环", say: (n) => some(n, "次乘法"), note: (n) => (n >= 10000 ? `${count(n)} 次` : "") },
    counter: { label: "计数器" },
    cores: (n) => some(n, "核"),
    room: ({ threads, gib }) => `这里最多 ${count(threads)} 个：浏览器说内存有 ${memory(gib)}。`,
  },
  timeline: {
    kind: "时间线",
    choose: "显示哪一轮",
    label: ({ run, lanes, endMs, states }) => [
      `${run}：${some(lanes, "条泳道")}，每条是一个工作线程`,
      endMs === null ? "" : `，历时 ${time(endMs)}。所有线程的时间合计：${list(states.map(({ name, share: part }) => `${name} ${share(part)}`))}`,
      "。方向键逐个移动到各个时刻，加号和减号缩放，0 显示全部。",
    ].join(""),
    moment: ({ name, state, atMs, lengthMs }) => `${name}：${state}，从 ${time(atMs)} 起，持续 ${time(lengthMs)}`,
    hint: "指向一条泳道，读出那一刻。Ctrl 加滚轮，或者 + 和 −，可以缩放。",
    hintTouch: "轻触一条泳道，读出那一刻。双指缩放。",
    zoomIn: "放大",
    zoomOut: "缩小",
    whole: "全部",
    states: stateNames,
    ticks: "短线画得比实际时长宽。",
    tick,
    table: {
      open: "以表格查看这条时间线",
      caption: (run) => `${run}：每个工作线程的时间，按所做的事`,
      lane: "工作线程",
      moments: "变化次数",
      longest: (state) => `最长的${state}`,
      states: stateNames,
      time,
      count,
    },
  },
  log: {
    name: "程序打印的内容",
    empty: "还没有打印任何内容。",
    ...copying,
    skipped: (skipped) => `…… 略去 ${some(skipped, "行")} ……`,
    lines: (lines) => some(lines, "行"),
    latest: (line) => `打印了：${line}`,
    at: (ms) => `在 ${time(ms)}`,
  },
  reach,
  share: () => part(() => import("./share.js"), import.meta.url).then((words) => words.share),
  take,
};

export default zh;
