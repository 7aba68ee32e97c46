/** Every word of the figures that a person reads, in English; the article's are in en-article.js. Strings, and functions from data to sentences; no DOM. */
import { counters } from "./counters.js";
import { noSharing, reach } from "./reach.js";
import { part } from "../../part.js";
import { take } from "./take.js";
import { about, count, day, list, memory, nanos, percent, share, some, tick, time, times } from "./units.js";

/** @typedef {{what: string, why?: string, todo?: string}} Said */

/** What a page's Content-Security-Policy is against. @param {string} directive @returns {[why: string, todo: string]} */
const forbidden = (directive) => (directive === "trusted-types"
  ? ["This page enforces Trusted Types, and the lab’s policy is not on its list.", "If it is your page: add lock-lab to trusted-types in its Content-Security-Policy."]
  : ["This page’s Content-Security-Policy forbids it.", `If it is your page: allow the lab’s folder in ${directive}.`]);

/** Why the program could not be loaded. @type {Record<string, (detail: any) => [why: string, todo: string]>} */
const noModule = {
  offline: () => ["The connection failed.", "Check that you are online, then press Run."],
  forbidden: ({ directive }) => forbidden(directive),
  slow: () => ["It did not arrive in time.", "Check the connection, then press Run."],
  http: ({ status }) => [`The server answered with ${status}.`, status === 404 ? "The folder is not complete: copy all of dist/." : "Try again in a moment."],
  mime: ({ mime }) => [`The server sent something else${mime ? ` (as ${mime})` : ""}.`, "The host must serve .wasm files as they are, as application/wasm."],
  csp: () => ["The page's Content-Security-Policy forbids WebAssembly.", "Allow 'wasm-unsafe-eval' in script-src."],
  compile: ({ said }) => [`The browser refused it: ${said}.`, "Use a current Chromium, Firefox or Safari."],
};

/** What went wrong, why, and what to do, by code. @type {Record<string, (detail: any) => Said>} */
const errors = {
  "no-shared-memory": ({ reason, alone }) => {
    const [why, todo] = noSharing[reason] ?? noSharing["not-isolated"];
    const unshared = "Threads can't share memory on this page.";
    return alone ? { what: "With 1 thread it runs here.", why: `${unshared} ${why}`, todo } : { what: unshared, why, todo };
  },
  "wasm-load": (detail) => {
    const [why, todo] = (noModule[detail.reason] ?? noModule.compile)(detail);
    return { what: "The experiment's program could not be loaded.", why, todo };
  },
  "no-memory": ({ mib, threads, most, gib }) => most ? {
    what: `${some(threads, "thread")} are more than this device has memory for.`,
    why: `This browser reports ${memory(gib)} of memory, enough for ${count(most)}; with more, some devices end the page.`,
    todo: `Take ${some(most, "thread")} or fewer.`,
  } : {
    what: `The browser gave no memory for ${some(threads, "thread")}.`,
    why: `They need ${mib} MiB in one piece.`,
    todo: "Close other tabs, or take fewer threads.",
  },
  "worker-start": ({ role, said, directive }) => {
    const [why, todo] = directive ? forbidden(directive) : [`The browser says: ${said}.`, "Check the connection, then press Run."];
    return { what: `The ${role} worker did not start.`, why, todo };
  },
  "pool-timeout": ({ threads, seconds }) => ({
    what: `The threads did not start within ${count(seconds)} s.`,
    why: `${some(threads, "worker")} may be more than this browser allows, or the machine is very busy.`,
    todo: "Take fewer threads, or try again.",
  }),
  "worker-failed": ({ failures = [], stuck }) => ({
    what: failures.length > 1 ? `${some(failures.length, "worker")} failed during the run.` : "",
    why: failures.length
      ? failures.map((/** @type {any} */ one) => `${one.worker}${failures.length > 1 ? "" : " failed during the run"}: ${one.message}${one.where ? ` (${one.where})` : ""}.`).join(" ")
      : "A worker failed during the run.",
    todo: stuck?.length ? `${list(stuck)} did not stop and had to be ended. The next run starts with fresh threads.` : "The others were stopped. The next run starts with fresh threads.",
  }),
  "engine-lost": ({ said, silent, unread }) => ({ what: "The run broke off.", why: silent ? `Its workers gave no sign of life for ${count(silent)} s: the browser may have ended one.` : unread ? `A message of the ${unread} worker could not be read.` : `${said}.`, todo: "Press Run to start with fresh threads." }),
  "master-lives": ({ seconds }) => ({ what: "The master did not end.", why: `It said that it would, but its heartbeat was still there ${count(seconds)} s later. A second master beside it would be unsafe, so there is no report.`, todo: "Press Run to start with fresh threads." }),
  stuck: ({ seconds }) => ({ what: "The threads did not stop.", why: `They gave no answer within ${count(seconds)} s and were ended by force, so there is no report.`, todo: "Press Run to start with fresh threads." }),
  refused: ({ refused = [] }) => ({ what: "These settings can't be run.", why: refused.map((/** @type {any} */ one) => one.message).join(" ") }),
  "needs-press": ({ threads, most, minutes }) => ({
    what: "Press Run to start this.",
    why: threads
      ? `The page around this figure asked for ${some(threads, "thread")}, but without a press it may start at most ${count(most)}.`
      : `The page around this figure has already run it for ${some(minutes, "minute")} by itself, which is as long as it may.`,
    todo: "Press Run, and it runs with these settings.",
  }),
  "bad-report": ({ src, code, detail }) => ({ what: `The author’s report, ${src}, can’t be shown; this recorded run is ours.`, why: take.refusals[code](detail) }),
  cancelled: ({ gone, deaf }) => deaf ? {
    what: "Stopped, without a report.",
    why: "This page’s Content-Security-Policy forbids what would tell the thread to stop, so it was ended by force.",
    todo: "If it is your page: allow blob: in connect-src.",
  } : ({ what: gone ? "The figure’s frame was closed during the run." : "Stopped before it began." }),
};

/** What a button says that copies a text. */
const copying = { copy: "Copy", copied: take.copied, uncopied: take.uncopied };

/** What a worker does. @type {Record<string, string>} */
const stateNames = { idle: "not started", starting: "ready", waiting: "waiting for the lock", holding: "holding the lock", io: "IO wait", cpu: "CPU loop", done: "done", stopped: "stopped", failed: "failed", gone: "dead", master: "polling", poll: "polls", "poll-all": "sees all done", exit: "ends itself", vacant: "no master", beat: "heartbeat" };

/** Warnings about a run, by code. @type {Record<string, (warning: any) => string>} */
const warnings = {
  "tab-hidden": ({ ms }) => `The page was hidden for ${about(ms)} of this run. Browsers slow hidden pages down: don't trust these times.`,
  "frame-unseen": ({ ms }) => `The figure's frame was out of sight for ${about(ms)} of this run. Browsers slow such frames down: what the page itself times, such as a master's death, may come late.`,
  "events-overwritten": ({ lost, events }) => `${count(lost)} of ${count(events)} changes came too fast to be read: the timeline, its table and its export leave them out. The times and counts in the results are not made from them.`,
  starved: ({ counter, worker, waitMs }) => `${counters[counter] ?? counter} let ${worker} wait for ${about(waitMs)} once. Nothing failed: with more threads than cores, others may overtake a waiting thread again and again, and a lock that serves in order stands still while the next in line has no core.`,
  "coarse-clock": ({ stepMs }) => `This browser’s clock moves in steps of ${time(stepMs)}, perhaps as a guard against fingerprinting. What takes less than a few steps can’t be timed here: some prices and ideals are left out, and no time is more exact than a step.`,
  "on-battery": () => "This machine ran on its battery. Many slow their processors down then: times may be longer than on mains power.",
  "one-thread": () => "This page lends the figure one thread and a coarse clock, because it is not isolated. What needs a second thread is missing here: in a tab of its own the figure runs with up to 128 of them, and with a finer clock.",
  "clock-shifted": ({ ms }) => `This page’s clock is ${about(ms)} from the machine’s: the machine slept since the page was opened, or its time was set. Times within a run are right all the same. What the page itself times, such as a master’s death, is right to a few milliseconds; a reload mends it.`,
  "slow-tier": ({ loopNs }) => `One multiplication of the CPU loop took ${nanos(loopNs)}, several times what the processor needs: this browser ran the code without optimising it, as one may under a debugger or with a setting for extra safety. Don’t compare these times with others.`,
  "unlike-cores": ({ quick, slow, ratio }) => `Cores are not alike here: the best loop of ${slow} took ${times(ratio)} times as long as the best of ${quick}, in both CPU runs. There may be performance and efficiency cores, or two workers shared one. The ideal assumes that all cores are equal.`,
  "machine-slept": ({ ms }) => `The machine seems to have slept for ${about(ms)} during the run: don't trust these times.`,
  "time-limit": ({ ms }) => `The page around this figure began this run, and such a run is stopped after ${about(ms)}. Press Run for one that may take longer.`,
};

const en = {
  errors,
  warnings,
  time,
  about,
  counters,
  counter: (/** @type {string} */ name) => counters[name] ?? name,
  count,
  percent,
  wrongSetting: (/** @type {{attribute: string, got: string, allowed: string}} */ { attribute, got, allowed }) => `${attribute}="${got}" can't be used here. Allowed: ${allowed}.`,
  /** @param {{attribute: string, meant: string}} misspelt */
  misspelt: ({ attribute, meant }) => `“${attribute}” is no attribute of this figure and changes nothing. Did you mean “${meant}”?`,
  figure: {
    number: (/** @type {number} */ index) => `Figure ${index}`,
    share: "Share, embed",
    run: "Run",
    again: "Run again",
    stop: "Stop",
    stopping: "Stopping",
    settings: "Settings",
    presets: "Presets",
    moreSettings: "More settings",
    loading: "Loading the experiment.",
    ready: "Ready.",
    fetching: "Fetching the program that runs.",
    startingThreads: (/** @type {number} */ threads) => `Starting ${some(threads, "thread")}.`,
    waiting: "Waiting for another figure to finish. Only one runs at a time.",
    stoppingNow: "Stopping: every thread has been asked to.",
    stopped: "Stopped. What was measured stays.",
    done: "Done.",
    left: (/** @type {number} */ ms) => `${about(ms)} left`,
    tenth: (/** @type {number} */ tenth) => `${tenth * 10}% done`,
    recorded: "Recorded run",
    recordedOtherwise: "The recorded run was made with another setting. Yours will tell.",
    recordedIn: (/** @type {string} */ where) => `from ${where}.`,
    /** What a page's author shows. @param {string} where @param {string} when */
    recordedBy: (where, when) => `by this page’s author, from ${where}${when && `, made on ${when}`}.`,
    runYourOwn: "Press Run to make your own.",
    /** Where a run was made. @param {any} env */
    where: (env) => [env.engine, env.cores && some(env.cores, "core")].filter(Boolean).join(", "),
    progress: "Progress of the run",
    details: "Details",
    whole: "open the whole lab",
    post: "As the post prints it",
    workers: "Every worker",
    report: "Data",
    ...copying,
    /** @param {string} [iso]  when, as reports have it */
    day: (iso) => (iso ? day(iso) : ""),
    sourceRust: "Source",
    sourceFigure: "The figure’s source",
    live: "Open the live page",
    environment: (/** @type {any} */ env) => [
      env.engine, env.cores && some(env.cores, "core"),
      env.clockStepMs === undefined ? null : `clock step ${time(env.clockStepMs)}`,
      env.isolated ? `isolated by ${String(env.isolatedBy).replaceAll("-", " ")}` : "not isolated",
      env.onBattery ? "on battery" : null,
      env.build,
    ].filter(Boolean).join(" · "),
  },
  reach,
  controls: {
    threads: { label: "Threads", say: (/** @type {number} */ n) => some(n, "thread") },
    times: { label: "Increments", say: (/** @type {number} */ n) => some(n, "increment") },
    waitMs: { label: "IO wait, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
    loops: { label: "CPU loop", say: (/** @type {number} */ n) => some(n, "multiplication"), note: (/** @type {number} */ n) => (n >= 10000 ? `${count(n)} times` : "") },
    counter: { label: "Counter" },
    cores: (/** @type {number} */ n) => some(n, "core"),
    room: (/** @type {{threads: number, gib: number}} */ { threads, gib }) => `At most ${count(threads)} here: this browser reports ${memory(gib)} of memory.`,
  },
  timeline: {
    kind: "timeline",
    choose: "Which run to show",
    /** @param {{run: string, lanes: number, endMs: number | null, states: {name: string, share: number}[]}} about */
    label: ({ run, lanes, endMs, states }) => [
      `${run}: ${some(lanes, "lane")}, one a worker`,
      endMs === null ? "" : `, over ${time(endMs)}. All workers’ time together: ${list(states.map(({ name, share: part }) => `${name} ${share(part)}`))}`,
      ". Arrow keys go from moment to moment, plus and minus zoom, 0 shows all.",
    ].join(""),
    /** @param {{name: string, state: string, atMs: number, lengthMs: number}} moment */
    moment: ({ name, state, atMs, lengthMs }) => `${name}: ${state}, from ${time(atMs)}, for ${time(lengthMs)}`,
    hint: "Point at a lane to read a moment; Ctrl and wheel zoom.",
    hintTouch: "Tap a lane to read a moment. Two fingers zoom.",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    whole: "all",
    states: stateNames,
    ticks: "Ticks are wider than the time they took.",
    tick,
    table: {
      open: "This timeline as a table",
      caption: (/** @type {string} */ run) => `${run}: each worker’s time by what it did`,
      lane: "worker",
      moments: "changes",
      longest: (/** @type {string} */ state) => `longest ${state}`,
      states: stateNames,
      time,
      count,
    },
  },
  log: {
    name: "What the program prints",
    empty: "Nothing printed yet.",
    ...copying,
    skipped: (/** @type {number} */ skipped) => `… ${some(skipped, "line")} left out …`,
    lines: (/** @type {number} */ lines) => some(lines, "line"),
    latest: (/** @type {string} */ line) => `Printed: ${line}`,
    at: (/** @type {number} */ ms) => `at ${time(ms)}`,
  },
  /** Those of a dialog, which are fetched when it is opened. */
  share: () => part(() => import("./share.js"), import.meta.url).then((words) => words.share),
  take,
};

export default en;
