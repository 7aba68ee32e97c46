/** Every word that a person reads, in English. Strings, and functions from data to sentences; no DOM. */

const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
/** @param {number} digits */
const fixed = (digits) => new Intl.NumberFormat("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
const significant = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
/** A number and its unit stay on one line. @param {string} value @param {string} unit */
const unit = (value, unit) => `${value}\u00a0${unit}`;
/** A few nanoseconds, so finely that an interval's ends can be told apart. @param {number} ns */
const nanos = (ns) => unit(fixed(ns < 10 ? 2 : ns < 100 ? 1 : 0).format(ns), "ns");

/** A whole number. @param {number} value */
const count = (value) => number.format(value);
/** @param {number} value @param {string} one @param {string} [many] */
const some = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;
/** A time in the unit that suits it. @param {number} ms */
function time(ms) {
  const size = Math.abs(ms);
  if (size >= 1000) return unit(fixed(3).format(ms / 1000), "s");
  if (size >= 1) return unit(fixed(size >= 100 ? 0 : 1).format(ms), "ms");
  if (size >= 0.001) return unit(significant.format(ms * 1000), "µs");
  return size === 0 ? unit("0", "s") : unit(significant.format(ms * 1e6), "ns");
}
/** A time for which "about" is enough. @param {number} ms */
function about(ms) {
  if (ms < 1000) return unit(significant.format(Math.max(10, Math.round(ms / 10) * 10)), "ms");
  if (ms < 10000) return unit(fixed(1).format(ms / 1000), "s");
  if (ms < 120000) return unit(count(ms / 1000), "s");
  if (ms < 7200000) return unit(count(ms / 60000), "min");
  return unit(fixed(1).format(ms / 3600000), "h");
}
/** A place on a time axis, as finely as the axis' steps ask for. @param {number} ms @param {number} stepMs */
function tick(ms, stepMs) {
  if (ms === 0) return "0";
  const [one, name] = ms >= 1000 ? [1000, "s"] : ms >= 1 ? [1, "ms"] : [0.001, "µs"];
  return unit(fixed(Math.min(6, Math.max(0, Math.ceil(-Math.log10(stepMs / one) - 1e-9)))).format(ms / one), name);
}
/** @param {number} value  a ratio of 1 */
const percent = (value) => `${value > 0 ? "+" : value < 0 ? "−" : "±"}${fixed(Math.abs(value) < 0.1 ? 2 : Math.abs(value) < 1 ? 1 : 0).format(Math.abs(value) * 100)}%`;
/** A part of a whole. @param {number} value  from 0 to 1 */
const share = (value) => (value > 0 && value < 0.001 ? "less than 0.1%" : `${fixed(value > 0.995 || value < 0.1 ? 1 : 0).format(value * 100)}%`);
/** A ratio near 1. @param {number} value */
const ratio = (value) => fixed(3).format(value);
/** @param {string[]} items */
const list = (items) => new Intl.ListFormat("en").format(items);

/** @typedef {{what: string, why?: string, todo?: string}} Said */

/** Why a page can't share memory. @type {Record<string, [why: string, todo: string]>} */
const noSharing = {
  "file-protocol": ["It was opened as a file, and browsers give files no workers.", "Serve the folder: cargo xtask serve, or any web server."],
  "insecure-context": ["It came over plain HTTP, and browsers share memory on secure pages only.", "Open it over HTTPS, or on localhost."],
  "no-wasm": ["This browser has WebAssembly switched off.", "Switch it on, or use another browser."],
  "no-sab": ["The page is isolated, but this browser has no SharedArrayBuffer: it is switched off, or the browser is an old one.", "Use a current Chromium, Firefox or Safari."],
  "blocked-in-frame": ["It stands in a frame, and this browser shares memory in a frame only if the page around it is isolated as well.", "Open the figure in a tab of its own."],
  "not-isolated": ["The server did not send the headers that isolate a page (Cross-Origin-Opener-Policy and Cross-Origin-Embedder-Policy).", "If this is your page: docs/embedding.md has the headers. If not: open the live page."],
};

/** Why the program could not be loaded. @type {Record<string, (detail: any) => [why: string, todo: string]>} */
const noModule = {
  offline: () => ["The connection failed.", "Check that you are online, then press Run."],
  slow: () => ["It did not arrive in time.", "Check the connection, then press Run."],
  http: ({ status }) => [`The server answered with ${status}.`, status === 404 ? "The folder is not complete: copy all of dist/." : "Try again in a moment."],
  mime: ({ mime }) => [`The server sent something else${mime ? ` (as ${mime})` : ""}.`, "The host must serve .wasm files as they are, as application/wasm."],
  csp: () => ["The page's Content-Security-Policy forbids WebAssembly.", "Allow 'wasm-unsafe-eval' in script-src."],
  compile: ({ said }) => [`The browser refused it: ${said}.`, "Use a current Chromium, Firefox or Safari."],
};

/** What went wrong, why, and what to do, by code. @type {Record<string, (detail: any) => Said>} */
const errors = {
  "no-shared-memory": ({ reason }) => {
    const [why, todo] = noSharing[reason] ?? noSharing["not-isolated"];
    return { what: "This page can't share memory between threads here.", why, todo };
  },
  "wasm-load": (detail) => {
    const [why, todo] = (noModule[detail.reason] ?? noModule.compile)(detail);
    return { what: "The experiment's program could not be loaded.", why, todo };
  },
  "no-memory": ({ mib, threads }) => ({
    what: `The browser gave no memory for ${some(threads, "thread")}.`,
    why: `They need ${mib} MiB in one piece.`,
    todo: "Close other tabs, or take fewer threads.",
  }),
  "worker-start": ({ role, said }) => ({ what: `The ${role} worker did not start.`, why: `The browser says: ${said}.`, todo: "Check the connection, then press Run." }),
  "pool-timeout": ({ threads, seconds }) => ({
    what: `The threads did not start within ${count(seconds)} s.`,
    why: `${some(threads, "worker")} may be more than this browser allows, or the machine is very busy.`,
    todo: "Take fewer threads, or try again.",
  }),
  "worker-failed": ({ failures = [], stuck }) => ({
    what: failures.length > 1 ? `${some(failures.length, "worker")} failed in mid-run.` : "",
    why: failures.length
      ? failures.map((/** @type {any} */ one) => `${one.worker}${failures.length > 1 ? "" : " failed in mid-run"}: ${one.message}${one.where ? ` (${one.where})` : ""}.`).join(" ")
      : "A worker failed in mid-run.",
    todo: stuck?.length ? `${list(stuck)} did not stop and had to be ended. The next run starts with fresh threads.` : "The others were stopped. The next run starts with fresh threads.",
  }),
  "engine-lost": ({ said }) => ({ what: "The run broke off.", why: `${said}.`, todo: "Press Run to start with fresh threads." }),
  stuck: ({ seconds }) => ({ what: "The threads did not stop.", why: `They gave no answer within ${count(seconds)} s and were ended by force, so there is no report.`, todo: "Press Run to start with fresh threads." }),
  refused: ({ refused = [] }) => ({ what: "These settings can't be run.", why: refused.map((/** @type {any} */ one) => one.message).join(" ") }),
  cancelled: () => ({ what: "Stopped before it began." }),
};

/** What a worker does. @type {Record<string, string>} */
const stateNames = { idle: "not started", starting: "ready", waiting: "waiting for the lock", holding: "holding the lock", io: "IO wait", cpu: "CPU loop", done: "done", stopped: "stopped", failed: "failed" };

/** How the runs of the post are busy. */
const busyNames = { io: "IO", cpu: "CPU" };
/** What the runs of the post are called. @param {{busy: string, lock: boolean}} run */
const runName = ({ busy, lock }) => `${busyNames[busy === "io" ? "io" : "cpu"]}, ${lock ? "lock" : "no lock"}`;
const fourRuns = [{ busy: "io", lock: false }, { busy: "io", lock: true }, { busy: "cpu", lock: false }, { busy: "cpu", lock: true }].map(runName);

/** The results of the experiment "lock-cost", as sentences. */
const lockCost = {
  title: "Lock cost",
  question: "Twenty threads share a counter. What does its lock cost?",
  presets: {
    quick: "quick (3 s)",
    post: "the post’s own numbers (40 s of waiting)",
  },
  /** @param {number} ms @param {number} waitingMs  how much of it is waiting */
  estimate: (ms, waitingMs) => `four runs, about ${about(ms)}${ms > 10000 && waitingMs > ms / 20 ? `, ${about(waitingMs)} of it waiting` : ""}`,
  busy: busyNames,
  phases: fourRuns,
  /** @param {number} phase @param {number} of */
  nowRunning: (phase, of) => `Run ${phase + 1} of ${of}: ${fourRuns[phase]}.`,
  measuring: "Measuring the clock, and one lock that nobody else wants.",
  /** @param {number} done @param {number} planned */
  increments: (done, planned) => `${count(done)} of ${count(planned)} increments`,
  /** What one operation costs, and all of them. @param {any} price @param {number} operations @param {string} label */
  price: (price, operations, label) =>
    `One increment through ${label} takes ${nanos(price.nsPerOp)} here while no other thread wants it (95% interval ${nanos(price.lowNs)} to ${nanos(price.highNs)}). The ${some(operations, "increment")} of a run: ${time((price.nsPerOp * operations) / 1e6)} in all.`,
  /** @param {"io" | "cpu"} busy @param {any} verdict @param {number} wallMs @param {string} counter */
  difference: (busy, { differenceMs, noiseMs, shows, lockTimeMs }, wallMs, counter) => {
    const size = Math.abs(differenceMs);
    const what = counter === "none" ? "The second" : counter === "std-mutex" ? "With the lock, the" : "With the counter, the";
    const found = size === 0 ? `${what} ${busyNames[busy]} run took as long as ${counter === "none" ? "the first" : "without"}`
      : `${what} ${busyNames[busy]} run took ${time(size)} ${differenceMs > 0 ? "longer" : "less"} (of ${time(wallMs)})`;
    if (noiseMs === undefined) return `${found}; fewer than four increments a worker can’t tell how much of that is noise.`;
    if (!shows) return `${found}. Two equal runs may well lie ${time(noiseMs)} apart: this is noise, not a cost.`;
    const suspect = lockTimeMs !== undefined && lockTimeMs < size / 2 ? ` The lock’s own ${time(lockTimeMs)} can’t be the cause: something else was different.` : "";
    return `${found}, more than the ${time(noiseMs)} by which two equal runs may well differ.${suspect}`;
  },
  /** @param {number} lost @param {number} made @param {string} label */
  lost: (lost, made, label) => (lost > 0
    ? `The counter “${label}” lost ${some(lost, "update")} of ${count(made)}: each time two threads had read the same number, and both wrote the same next one.`
    : `The counter “${label}” lost nothing this time, which proves nothing: with so much to do between them, two increments seldom meet. Set IO wait and CPU loop to 0 and the increments to 1,000, and they will.`),
  /** @param {number} runs @param {number} io  runs in which the lock took longer @param {number} cpu */
  spread: (runs, io, cpu) => `${some(runs, "run")} so far with these settings, and every one a dot. The lock took longer in ${count(io)} of them while waiting, and in ${count(cpu)} while calculating.`,
  bars: {
    titles: ["This run: wall time", "The post’s, in CPython"],
    ideal: "ideal",
    format: time,
    tick,
  },
  ratios: {
    title: "With the lock ÷ without",
    other: "the post",
    here: "here",
    noise: "grey: where two equal runs may lie",
    format: ratio,
    /** @param {number} value @param {number} step */
    tick: (value, step) => fixed(step < 0.01 ? 3 : 2).format(value),
  },
  tableCaption: "The four runs, beside those of the post in CPython (20 threads × 20 increments, waits of 1 s, 1,000,000 multiplications)",
  columns: { run: "run", wall: "wall time", post: "the post", ideal: "ideal", over: "over ideal", value: "counter", wait: "lock wait, all workers" },
  workersCaption: "Each worker in each run",
  workerColumns: { worker: "worker", run: "run", increments: "increments", start: "start", end: "end", busy: "busy", wait: "lock wait" },
  none: "–",
  /** @param {string} outcome @param {number} ms */
  cutShort: (outcome, ms) => `${outcome === "failed" ? "failed" : "stopped"} after ${time(ms)}`,
  runName,
};

/** The article. Markup as in fill.js. */
const article = {
  title: "What does a lock really cost?",
  description: "Twenty threads, one counter, four wall times: a well-known experiment, alive in your browser on real threads, with honest statistics about what the lock cost.",
  heading: "What does a lock really cost?",
  lede: "About ten nanoseconds, when nobody else wants it: light gets three metres far in that time. A well-known program takes one 400 times in a run of twenty seconds, and then compares that run with one without. Whatever its table shows, it is not the lock. Run it here, on real threads, in this very page.",
  noscript: "The experiment runs in your browser and needs JavaScript. The text reads without it.",
  watch: {
    heading: "What to look for",
    lanes: "Every lane is a worker: a thread of its own, with its own stack, on whichever core the system gives it. In the first two runs the workers mostly *wait*, as a program waits for a disk or for somebody else’s server. All of them wait at the same time, so {threads=20|20 threads} take hardly longer than {threads=1|one}. In the last two they *calculate*, and there the number of cores decides: the lanes are longer because the workers take turns.",
    ticks: "The dark ticks are moments in which a worker holds the lock. They are drawn far wider than they lasted: at their true width you would not see one. When the run is over, zoom in on a tick (Ctrl and the wheel, two fingers, or the plus key) until the axis counts in microseconds.",
  },
  lock: {
    heading: "What a lock is",
    what: "Two threads that add one to the same number can read the same old value and both write the same new one. An addition is lost, and nobody notices. A *lock* (a mutex) makes sure that only one thread at a time is inside the *critical section*, the few lines that must not be interrupted. Whoever comes second waits.",
    free: "A modern lock that is free costs one atomic instruction to take and one to give back, without asking the operating system. That is what you measure with one thread at a time. Only when a second thread really comes while the first is inside does it get dear: the second one first spins a little, then goes to sleep and has to be woken, which takes microseconds, a thousand times as long.",
  },
  post: {
    heading: "What the post measured",
    program: "The program is from a kind of blog post that has been written many times: an `AtomicInteger` with a lock inside, twenty Python threads, each of which increments it twenty times. Between two increments a thread is busy, either with a wait of one second or with a loop of 1,000,000 multiplications. All four combinations are timed: waiting and calculating, without the lock and with it.",
    figures: "It printed 20.066 s and 20.056 s for the waiting threads, without and with the lock; 32.659 s and 30.786 s for the calculating ones. Set the figure to {threads=20&times=20&wait-ms=1000&loops=1000000|the post’s own numbers} to run the very same, in Rust instead of Python.",
    puzzle: "Look at these four numbers again. Both times the program was *quicker* with the lock than without. Nobody would conclude that locks make programs faster. So what is it that such a table shows?",
  },
  meaning: {
    heading: "What the result means",
    sum: "Four hundred increments at some ten nanoseconds each are four microseconds. The run takes twenty seconds. The lock’s share is one part in five million, and less than a single step of the clock that a browser is willing to show to a page. Even CPython’s lock, at about 600 ns, comes to a quarter of a millisecond.",
    noise: "What the table does show is how far two equal runs lie apart on that day on that machine: *noise*. The figure says how large it is, from the scatter inside the runs themselves. Press Run again a few times, and each run leaves its dot: sometimes the lock seems to cost something, sometimes it seems to pay. A difference smaller than the noise is not a small difference. It is none that this experiment can show.",
    where: "To learn what a lock costs, one must ask another way: time a hundred thousand operations at once, so that they are long against the clock’s step, and repeat that until the answer stands still. The figure does so before its four runs, and the first sentence below it is the answer for your machine.",
  },
  racy: {
    heading: "Losing count",
    how: "There is a counter in the list that forgets to lock. It reads, adds, and writes back, like an unprotected `value += 1`. With the post’s waits nothing happens: two threads meet so seldom that all 400 increments arrive. That is the dangerous thing about it. Such a program passes its tests.",
    see: "Take away the waits, {counter=racy&wait-ms=0&loops=0&times=1000|and let it race}: the counter comes out too low, as often as not by hundreds. Then put {counter=std-mutex&wait-ms=0&loops=0&times=1000|the lock back in its place}, and it is right every time, and hardly slower.",
  },
  threads: {
    heading: "Threads, in a page?",
    real: "The workers are real threads. The experiment is written in Rust and compiled to WebAssembly; each worker is a Web Worker of the browser that runs the same code over one shared memory. Its `std::sync::Mutex` is the one that a Rust program has on Linux or macOS as well: an atomic word, and a wait in the system when it is taken. The counters are what they seem to be.",
    page: "Nothing of this happens on the thread that draws the page. The workers write what they do into shared memory, two stores a change, and the page reads it there sixty times a second. No worker ever sends a message while it is timed.",
  },
  measuring: {
    heading: "How far to trust these numbers",
    clock: "Browsers make their clock coarse on purpose, to keep pages from spying on each other: 5 µs in Chromium, 20 µs in Firefox, on a page that is isolated as this one is. The step is measured before each run and stands under the figure.",
    proof: "Every run proves itself. The workers count their own increments, and if these and the counter’s final value do not add up, there is no time to be seen but a sentence about what is missing. Nothing is thrown away to make a number look better.",
    limits: "What remains is your machine: other tabs, other programs, the battery, the temperature. A run on a page that was hidden says so. The numbers in this text are from one small machine with two cores; the ones in the figure are yours, and where the two disagree, yours are right.",
  },
  foot: "Lock Lab is free software, MIT or Apache-2.0. Every figure links to the source of both its halves.",
};

/** Warnings about a run, by code. @type {Record<string, (warning: any) => string>} */
const warnings = {
  "tab-hidden": ({ ms }) => `The page was hidden for ${about(ms)} of this run. Browsers slow hidden pages down: don't trust these times.`,
  "machine-slept": ({ ms }) => `The machine seems to have slept for ${about(ms)} in mid-run: don't trust these times.`,
  "events-dropped": ({ count: lost }) => `${some(lost, "event")} of the timeline were overwritten before they could be drawn; the numbers are not affected.`,
};

const en = {
  name: "English",
  lang: "en",
  errors,
  warnings,
  time,
  about,
  count,
  percent,
  /** @param {{attribute: string, got: string, allowed: string}} wrong */
  wrongSetting: ({ attribute, got, allowed }) => `${attribute}="${got}" can't be used here. Allowed: ${allowed}.`,
  figure: {
    /** @param {number} index */
    number: (index) => `Figure ${index}`,
    run: "Run",
    again: "Run again",
    stop: "Stop",
    stopping: "Stopping",
    settings: "Settings",
    presets: "Presets:",
    loading: "Loading the experiment.",
    ready: "Ready.",
    /** @param {number} threads */
    startingThreads: (threads) => `Starting ${some(threads, "thread")}.`,
    waiting: "Waiting: another figure is running. One run at a time has the machine.",
    stoppingNow: "Stopping: every thread has been asked to.",
    stopped: "Stopped. What was measured stays.",
    done: "Done.",
    /** @param {number} ms */
    left: (ms) => `${about(ms)} left`,
    /** @param {number} tenth */
    tenth: (tenth) => `${tenth * 10}% done`,
    recorded: "Recorded run",
    /** @param {string} where */
    recordedIn: (where) => `from ${where}.`,
    runYourOwn: "Press Run to make your own.",
    /** Where a run was made. @param {any} env */
    where: (env) => [env.engine, env.cores && some(env.cores, "core")].filter(Boolean).join(", "),
    progress: "Progress of the run",
    post: "As the post’s program prints it",
    workers: "Every worker",
    report: "The whole report, as JSON",
    copy: "Copy",
    copied: "Copied",
    copyLink: "Share link",
    linkCopied: "Link copied",
    save: "Export JSON",
    sourceRust: "Source: experiment",
    sourceFigure: "figure",
    live: "Open the live page",
    /** @param {any} env */
    environment: (env) => [
      env.engine, some(env.cores ?? 0, "core"),
      env.clockStepMs === undefined ? null : `clock step ${time(env.clockStepMs)}`,
      env.isolated ? `isolated by ${String(env.isolatedBy).replaceAll("-", " ")}` : "not isolated",
      env.build,
    ].filter(Boolean).join(" · "),
    environmentUnknown: "Your browser’s clock and cores appear here with the first run.",
  },
  controls: {
    threads: { label: "Threads", say: (/** @type {number} */ n) => some(n, "thread") },
    times: { label: "Increments", say: (/** @type {number} */ n) => some(n, "increment") },
    waitMs: { label: "IO wait, ms", say: (/** @type {number} */ n) => some(n, "millisecond") },
    loops: { label: "CPU loop", say: (/** @type {number} */ n) => some(n, "multiplication"), note: (/** @type {number} */ n) => (n >= 10000 ? `${count(n)} times` : "") },
    counter: { label: "Counter" },
    /** @param {number} n */
    cores: (n) => some(n, "core"),
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
    hint: "Point at a lane to read a moment. Ctrl and wheel, or + and −, zoom.",
    hintTouch: "Tap a lane to read a moment. Two fingers zoom.",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    whole: "all",
    states: stateNames,
    ticks: "Ticks are wider than the time they took.",
    tick,
    table: {
      open: "This timeline as a table",
      /** @param {string} run */
      caption: (run) => `${run}: each worker’s time by what it did`,
      lane: "worker",
      moments: "changes",
      /** @param {string} state */
      longest: (state) => `longest ${state}`,
      states: stateNames,
      time,
      count,
    },
  },
  figures: { "lock-cost": lockCost },
  article,
};

export default en;
