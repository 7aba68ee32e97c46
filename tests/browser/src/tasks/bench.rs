//! Measures what docs/figures.md promises, in real browsers: ratios within one run where that can be. Fails only where it can't measure.
//! A measurement is a case that puts rows into one table.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::{Value, json};

use super::figures::digits;
use super::{Order, costs, embeds, figures, masters, native, validity};
use crate::engine::{Engine, target};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_whole, number};
use crate::runner::Runner;
use crate::suite::Case;

/// What the cases have measured so far.
static ROWS: Mutex<Vec<Row>> = Mutex::new(Vec::new());

const TIMED: &[Engine] = &[Engine::Chromium, Engine::Firefox];

const CASES: &[Case] = &[
    Case::new("waits", waits).within(180),
    Case::new("calculations", calculations).within(240),
    Case::new("calculations-linear", linear).within(240),
    Case::new("start", start).within(180),
    Case::new("stop", stop).within(240),
    Case::new("main-thread", main_thread).only(TIMED).within(180),
    Case::new("soak", soak).only(TIMED).within(580),
    Case::new("post", post).within(120),
];

/// All that is measured in a browser.
const ALL: [&[Case]; 5] = [CASES, masters::CASES, costs::CASES, embeds::CASES, validity::CASES];

/// What is measured without one, by its name.
type Outside = (&'static str, fn() -> Result<(), String>);
const OUTSIDE: [Outside; 2] =
    [("costs-own-locks", costs::own_locks), ("validity-native", validity::natively)];

/// What the median of a row's values is to reach.
#[derive(Debug, Clone, Copy)]
pub enum Goal {
    /// At most this.
    Most(f64),
    /// At least this.
    Least(f64),
    /// Nothing is asked.
    Open,
}

/// One measured figure.
#[derive(Debug)]
struct Row {
    what: String,
    engine: &'static str,
    unit: &'static str,
    goal: Goal,
    /// In the order in which they were measured.
    values: Vec<f64>,
}

/// Puts a row into the table.
pub fn row(
    what: impl Into<String>,
    engine: &'static str,
    unit: &'static str,
    goal: Goal,
    values: impl IntoIterator<Item = f64>,
) {
    let values = values.into_iter().collect();
    let row = Row { what: what.into(), engine, unit, goal, values };
    ROWS.lock().unwrap_or_else(PoisonError::into_inner).push(row);
}

impl Page<'_> {
    /// Puts a row that was measured here into the table.
    pub fn row(
        &self,
        what: impl Into<String>,
        unit: &'static str,
        goal: Goal,
        values: impl IntoIterator<Item = f64>,
    ) {
        row(what, self.engine.name(), unit, goal, values);
    }

    /// At most as much as Chromium's or Firefox's goal; of WebKitGTK nothing is asked.
    pub fn most(&self, chromium: f64, firefox: f64) -> Goal {
        match self.engine {
            Engine::Chromium => Goal::Most(chromium),
            Engine::Firefox => Goal::Most(firefox),
            Engine::Webkit => Goal::Open,
        }
    }

    /// The last user timing of this name, in ms.
    #[track_caller]
    pub fn timing(&self, name: &str) -> f64 {
        let script = "return performance.getEntriesByName(arguments[0]).at(-1)?.duration ?? null";
        let found = self.js_with(script, vec![name.into()]);
        found.as_f64().unwrap_or_else(|| panic!("the page has no timing called {name}"))
    }
}

impl Row {
    fn median(&self) -> Option<f64> {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied()
    }

    fn is_met(&self) -> Option<bool> {
        let median = self.median()?;
        match self.goal {
            Goal::Most(goal) => Some(median <= goal),
            Goal::Least(goal) => Some(median >= goal),
            Goal::Open => None,
        }
    }

    /// As a program reads it.
    fn json(&self) -> Value {
        let (goal, at_least) = match self.goal {
            Goal::Most(goal) => (Some(goal), false),
            Goal::Least(goal) => (Some(goal), true),
            Goal::Open => (None, false),
        };
        json!({
            "what": self.what, "engine": self.engine, "unit": self.unit, "values": self.values,
            "median": self.median(), "goal": goal, "atLeast": at_least, "met": self.is_met(),
        })
    }

    /// As a person reads it.
    fn print(&self) {
        let unit = self.unit;
        let median =
            self.median().map_or("–".to_owned(), |one| format!("{} {unit}", digits(one)));
        let sorted = |pick: fn(f64, f64) -> f64| self.values.iter().copied().reduce(pick);
        let spread = match (sorted(f64::min), sorted(f64::max), self.values.len()) {
            (Some(low), Some(high), 2..) => {
                format!("{} ({}–{})", self.values.len(), digits(low), digits(high))
            }
            _ => String::new(),
        };
        let goal = match self.goal {
            Goal::Most(goal) => format!("≤ {} {unit}", digits(goal)),
            Goal::Least(goal) => format!("≥ {} {unit}", digits(goal)),
            Goal::Open => String::new(),
        };
        let met = self.is_met().map_or("", |met| if met { "yes" } else { "NO" });
        println!(
            "{:<52} {:<9} {median:>12} {spread:>24}  {goal:<14} {met}",
            self.what, self.engine
        );
    }
}

/// Measures what is ordered, prints the table and writes target/bench.json.
///
/// # Errors
/// A sentence about what could not be measured, or that nothing has such a name.
pub fn bench(runner: &mut Runner, order: &Order<'_>) -> Result<(), String> {
    validity::FULL.store(order.full, Ordering::Relaxed);
    let before = native::load();
    let mut failed = Vec::new();
    // Whether figures say what is so takes long, and has a table of its own.
    let asked = |name: &str| {
        name.contains(order.what) && (!order.what.is_empty() || !name.starts_with("validity"))
    };
    for &engine in order.engines {
        let cases = ALL.into_iter().flatten().filter(|case| asked(case.name));
        for &case in cases.filter(|case| case.engines.contains(&engine)) {
            eprintln!("▸ {} in {}", case.name, engine.name());
            if let Err(error) = runner.run(engine, case) {
                eprintln!("  could not be measured: {error}");
                failed.push(format!("{} in {}", case.name, engine.name()));
            }
        }
    }
    for (name, measure) in OUTSIDE.into_iter().filter(|(name, _)| asked(name)) {
        eprintln!("▸ {name}");
        // What was measured before it has its table all the same.
        if let Err(error) = measure() {
            eprintln!("  could not be measured: {error}");
            failed.push(name.to_owned());
        }
    }
    let rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    if rows.is_empty() && failed.is_empty() {
        let names = ALL.into_iter().flatten().map(|case| case.name);
        let names: Vec<_> = names.chain(OUTSIDE.map(|(name, _)| name)).collect();
        let what = order.what;
        return Err(format!(
            "nothing that is measured has \"{what}\" in its name: {}",
            names.join(", ")
        ));
    }
    println!(
        "\n{:<52} {:<9} {:>12} {:>24}  {:<14} reached",
        "what", "where", "median", "of", "goal"
    );
    rows.iter().for_each(Row::print);
    let path = target().join("bench.json");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = before.zip(native::load()).map_or(String::new(), |(before, after)| {
        format!("; busy threads in the minute before {before}, at the end {after}")
    });
    println!("{cores} cores{load}");
    let rows: Vec<_> = rows.iter().map(Row::json).collect();
    let text = format!("{:#}\n", json!({ "cores": cores, "rows": rows }));
    std::fs::write(&path, text)
        .map_err(|error| format!("{} could not be written: {error}", path.display()))?;
    eprintln!("\nEvery value is in {}.", path.display());
    if failed.is_empty() {
        let is_whole = order.what.is_empty() && order.engines.len() == Engine::ALL.len();
        if is_whole { figures::write(&rows, cores, &load) } else { Ok(()) }
    } else {
        Err(format!("could not be measured: {}", failed.join(", ")))
    }
}

#[track_caller]
fn wall(report: &Value, run: usize) -> f64 {
    number(&report["runs"][run]["wallMs"])
}

/// IO runs over their ideal, beside CPython's in the same minute; and what recording cost them.
fn waits(page: &Page) {
    page.open_figure("figure=lock-cost&loops=1000");
    let (mut over, mut python, mut event, mut share) = (vec![], vec![], vec![], vec![]);
    for _ in 0..3 {
        let report = page.run();
        over.extend([wall(&report, 0), wall(&report, 1)].map(|ms| (ms / 1000.0 - 1.0) * 100.0));
        python.extend(native::cpython(20, 20, 0.05).map(|ratio| (ratio - 1.0) * 100.0));
        let recording = &report["recording"];
        if let (Some(ns), Some(events)) =
            (recording["nsPerEvent"].as_f64(), recording["events"].as_f64())
        {
            event.push(ns);
            let all: f64 = (0..4).map(|run| wall(&report, run)).sum();
            share.push(ns * events / 1e6 / all * 100.0);
        }
    }
    page.row("IO runs over the ideal, 20 × 20 × 50 ms", "%", page.most(1.0, 1.0), over);
    if !python.is_empty() {
        page.row("the same in CPython, between these runs", "%", Goal::Open, python);
    }
    page.row("recording, per event", "ns", Goal::Most(10.0), event);
    page.row("recording, share of a quick run", "%", Goal::Most(1.0), share);
}

/// Native time over wasm time, of the CPU loop on one thread and of the runs that are made of it: same threads, in turns.
fn calculations(page: &Page) {
    page.open_figure("figure=lock-cost&threads=20&times=5&wait-ms=0&loops=3000000");
    let arguments = ["--threads", "20", "--times", "5", "--wait-ms", "0", "--loops", "3000000"];
    let turns = [(); 5].map(|()| {
        let native = native::report("lock-cost", &arguments);
        [native.unwrap_or_else(|error| panic!("{error}")), page.run()]
    });
    let ratios =
        |time: fn(&Value) -> f64| turns.each_ref().map(|[native, wasm]| time(native) / time(wasm));
    // The ideal is the loop's price, shared by the cores that the browser tells of.
    let one = |report: &Value| {
        let cores = number(&report["environment"]["cores"]).min(20.0);
        number(&report["runs"][2]["idealMs"]) * cores
    };
    page.row("CPU loop, native time over wasm time", "", Goal::Least(0.97), ratios(one));
    let runs = |report: &Value| wall(report, 2) + wall(report, 3);
    page.row("CPU runs, 20 threads, the same", "", Goal::Least(0.93), ratios(runs));
}

/// Twice the multiplications by one thread, in turns with the single number: no compiler took any of them out.
fn linear(page: &Page) {
    let ratios = (0..5).map(|_| {
        let [once, twice] = [20_000_000, 40_000_000].map(|loops| {
            page.open_figure(&format!("figure=lock-cost&threads=1&wait-ms=0&loops={loops}"));
            let report = page.run();
            wall(&report, 2) + wall(&report, 3)
        });
        twice / once
    });
    let what = "CPU run of twice the multiplications, over the single number";
    page.row(what, "", Goal::Least(1.9), ratios);
}

/// From the press to threads that run, on a page that has the module but no thread; and another number of them.
fn start(page: &Page) {
    let measure = |_| {
        page.open_figure("figure=lock-cost&times=1&wait-ms=1&loops=1000");
        page.run();
        let twenty = page.timing("lock-lab threads");
        page.set(FIGURE, "threads", "64");
        page.run();
        (twenty, page.timing("lock-lab threads"))
    };
    let (twenty, resized): (Vec<_>, Vec<_>) = (0..5).map(measure).unzip();
    let goal = page.most(400.0, 300.0);
    page.row("20 workers ready, cold page, module loaded", "ms", goal, twenty);
    page.row("resize to 64", "ms", page.most(1200.0, 1200.0), resized);
}

/// From Stop to the last worker's rest, in the middle of waits and of loops.
fn stop(page: &Page) {
    for (threads, most, what) in [
        ("20", 100.0, "Stop to the last worker quiet, 20 workers"),
        ("128", 250.0, "the same, 128 workers"),
    ] {
        let mut took = Vec::new();
        for (query, phase) in [("wait-ms=60000&loops=1000", 0), ("wait-ms=0&loops=1000000000", 2)] {
            page.open_figure(&format!("figure=lock-cost&times=5&threads={threads}&{query}"));
            for _ in 0..3 {
                let call = page.begin_phase(FIGURE, phase);
                page.stop(FIGURE);
                page.settled(call).report();
                took.push(page.timing("lock-lab stop"));
            }
        }
        page.row(what, "ms", Goal::Most(most), took);
    }
}

/// How the page's own thread fares while 64 workers calculate.
fn main_thread(page: &Page) {
    page.open_figure("figure=lock-cost&threads=64&times=20&wait-ms=0&loops=1000000000");
    let call = page.begin_phase(FIGURE, 2);
    let seen = page.js(
        "const tasks = []; const frames = [];
         const observer = typeof PerformanceObserver === 'function' && PerformanceObserver.supportedEntryTypes.includes('longtask')
             ? new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration))) : null;
         observer?.observe({ type: 'longtask' });
         return new Promise((resolve) => {
             const begun = performance.now();
             const count = (now) => {
                 frames.push(now);
                 if (performance.now() - begun < 5000) requestAnimationFrame(count);
                 else resolve({ fps: (frames.length - 1) / (frames.at(-1) - frames[0]) * 1000, longest: observer ? Math.max(0, ...tasks) : null });
             };
             requestAnimationFrame(count);
         })",
    );
    page.stop(FIGURE);
    page.settled(call).report();
    let what = "frames a second while 64 workers calculate";
    page.row(what, "/s", Goal::Least(30.0), seen["fps"].as_f64());
    let what = "longest task of the page meanwhile";
    page.row(what, "ms", Goal::Most(50.0), seen["longest"].as_f64());
}

/// 100 resizes and 200 runs: what is left of them.
fn soak(page: &Page) {
    page.open_figure("figure=lock-cost&threads=4&times=2&wait-ms=1&loops=1000");
    page.run();
    let workers = page.worker_threads();
    page.wait_threads(workers);
    let before = page.resident_mb();
    for threads in ["20", "3"].iter().cycle().take(99).chain(&["4"]) {
        page.set(FIGURE, "threads", threads);
        page.run();
        page.run();
    }
    page.wait_threads(workers);
    let more = page.worker_threads() as f64 - workers as f64;
    page.row("100 resizes, 200 runs: workers more than before", "", Goal::Most(0.0), [more]);
    let more = page.resident_mb() - before;
    page.row("the same: memory of all processes, over before", "MB", Goal::Open, [more]);
    let complaints = page.console().iter().filter(|line| line.is_complaint).count() as f64;
    page.row("the same: errors and warnings in the console", "", Goal::Most(0.0), [complaints]);
}

/// The post's own numbers, whole: 20 threads, 20 times, waits of a second, 1,000,000 multiplications. Takes three quarters of a minute.
fn post(page: &Page) {
    page.open_figure("figure=lock-cost&threads=20&times=20&wait-ms=1000&loops=1000000");
    let call = page.begin(FIGURE, "run");
    let report = page.settled_within(Duration::from_secs(110), call).report();
    is_whole(&report);
    for (run, what) in [
        "the post's numbers: IO, no lock (CPython: 20.066 s)",
        "IO, lock (CPython: 20.056 s)",
        "CPU, no lock (CPython: 32.659 s)",
        "CPU, lock (CPython: 30.786 s)",
    ]
    .into_iter()
    .enumerate()
    {
        page.row(what, "s", Goal::Open, [wall(&report, run) / 1e3]);
    }
}
