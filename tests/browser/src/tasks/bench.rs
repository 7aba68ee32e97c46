//! Measures what the README promises, in real browsers: ratios within one run where that can be. Fails only where it can't measure.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde_json::json;

use super::table::{self, Row};
use super::{Order, costs, embeds, load, masters, native, post};
use crate::engine::{Engine, target};
use crate::lab::FIGURE;
use crate::page::Page;
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
];

/// All that is measured in a browser.
const ALL: [&[Case]; 6] =
    [CASES, &[post::CASE], masters::CASES, costs::CASES, embeds::CASES, &[load::CASE]];

/// Measures what is ordered, prints the table and writes target/bench.json.
///
/// # Errors
/// A sentence about what could not be measured, or that nothing has such a name.
pub fn bench(runner: &mut Runner, order: &Order<'_>) -> Result<(), String> {
    let mut failed = Vec::new();
    for &engine in order.engines {
        let cases = ALL
            .into_iter()
            .flatten()
            .filter(|case| case.engines.contains(&engine) && case.name.contains(order.what));
        for &case in cases {
            eprintln!("▸ {} in {}", case.name, engine.name());
            if let Err(error) = runner.run(engine, case) {
                eprintln!("  could not be measured: {error}");
                failed.push(format!("{} in {}", case.name, engine.name()));
            }
        }
    }
    if costs::OWN_LOCKS.contains(order.what) {
        eprintln!("▸ {} natively", costs::OWN_LOCKS);
        costs::own_locks()?;
    }
    if "sizes".contains(order.what) {
        load::sizes()?;
    }
    let rows = ROWS.lock().unwrap_or_else(PoisonError::into_inner);
    if rows.is_empty() && failed.is_empty() {
        let names: Vec<_> = ALL.into_iter().flatten().map(|case| case.name).collect();
        return Err(format!(
            "nothing that is measured has \"{}\" in its name: {}, {}, sizes",
            order.what,
            names.join(", "),
            costs::OWN_LOCKS
        ));
    }
    table::print(&rows);
    let path = target().join("bench.json");
    let text = format!(
        "{:#}\n",
        json!({ "cores": std::thread::available_parallelism().map_or(0, usize::from), "rows": table::json(&rows) })
    );
    std::fs::write(&path, text)
        .map_err(|error| format!("{} could not be written: {error}", path.display()))?;
    eprintln!("\nEvery value is in {}.", path.display());
    if failed.is_empty() {
        Ok(())
    } else {
        Err(format!("could not be measured: {}", failed.join(", ")))
    }
}

/// Puts a row into the table.
pub fn add(row: Row) {
    ROWS.lock().unwrap_or_else(PoisonError::into_inner).push(row);
}

/// Only Chromium's and Firefox's goals are given.
pub fn goal(page: &Page, chromium: f64, firefox: f64) -> Option<f64> {
    match page.engine {
        Engine::Chromium => Some(chromium),
        Engine::Firefox => Some(firefox),
        Engine::Webkit => None,
    }
}

#[track_caller]
fn wall(report: &serde_json::Value, run: usize) -> f64 {
    report["runs"][run]["wallMs"]
        .as_f64()
        .unwrap_or_else(|| panic!("run {run} has no time: {report}"))
}

/// IO runs over their ideal, beside CPython's in the same minute; and what recording cost them.
fn waits(page: &Page) {
    page.open_figure("figure=lock-cost&loops=1000");
    let (mut over, mut python, mut event, mut share) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..3 {
        let report = page.run();
        over.extend([wall(&report, 0), wall(&report, 1)].map(|ms| (ms / 1000.0 - 1.0) * 100.0));
        python.extend(native::cpython(20, 20, 0.05).map(|ratio| (ratio - 1.0) * 100.0));
        if let (Some(ns), Some(events)) =
            (report["recording"]["nsPerEvent"].as_f64(), report["recording"]["events"].as_f64())
        {
            event.push(ns);
            share.push(
                ns * events / 1e6 / (0..4).map(|run| wall(&report, run)).sum::<f64>() * 100.0,
            );
        }
    }
    let name = page.engine.name();
    add(Row::most(
        "IO runs over the ideal, 20 × 20 × 50 ms",
        name,
        "%",
        goal(page, 1.0, 1.0),
        over,
    ));
    if !python.is_empty() {
        add(Row::most("the same in CPython, between these runs", name, "%", None, python));
    }
    add(Row::most("recording, per event", name, "ns", Some(10.0), event));
    add(Row::most("recording, share of a quick run", name, "%", Some(1.0), share));
}

/// The CPU runs' speed as a share of the native one: same loop, same threads, in turns.
fn calculations(page: &Page) {
    page.open_figure("figure=lock-cost&threads=20&times=5&wait-ms=0&loops=3000000");
    let arguments = ["--threads", "20", "--times", "5", "--wait-ms", "0", "--loops", "3000000"];
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let report = page.run();
        let native = native::post(&arguments).unwrap_or_else(|error| panic!("{error}"));
        ratios.push((native[2] + native[3]) * 1e3 / (wall(&report, 2) + wall(&report, 3)));
    }
    add(Row::least(
        "CPU run, native time over wasm time",
        page.engine.name(),
        "",
        Some(0.9),
        ratios,
    ));
}

/// Twice the multiplications by one thread, in turns with the single number: no compiler took any of them out.
fn linear(page: &Page) {
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let [once, twice] = [20_000_000, 40_000_000].map(|loops| {
            page.open_figure(&format!(
                "figure=lock-cost&threads=1&times=20&wait-ms=0&loops={loops}"
            ));
            let report = page.run();
            wall(&report, 2) + wall(&report, 3)
        });
        ratios.push(twice / once);
    }
    add(Row::least(
        "CPU run of twice the multiplications, over the single number",
        page.engine.name(),
        "",
        Some(1.9),
        ratios,
    ));
}

/// The last user timing of this name, in ms.
#[track_caller]
pub fn timing(page: &Page, name: &str) -> f64 {
    let found = page.js_with(
        "return performance.getEntriesByName(arguments[0]).at(-1)?.duration ?? null",
        vec![name.into()],
    );
    found.as_f64().unwrap_or_else(|| panic!("the page has no timing called {name}"))
}

/// From the press to threads that run, on a page that has the module but no thread; and another number of them.
fn start(page: &Page) {
    let (mut twenty, mut resized) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        page.open_figure("figure=lock-cost&times=1&wait-ms=1&loops=1000");
        page.run();
        twenty.push(timing(page, "lock-lab threads"));
        page.set(FIGURE, "threads", "64");
        page.run();
        resized.push(timing(page, "lock-lab threads"));
    }
    let name = page.engine.name();
    add(Row::most(
        "20 workers ready, cold page, module loaded",
        name,
        "ms",
        goal(page, 400.0, 300.0),
        twenty,
    ));
    add(Row::most("resize to 64", name, "ms", goal(page, 1200.0, 1200.0), resized));
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
                let call = page.begin(FIGURE, "run");
                page.wait_phase(FIGURE, phase);
                let stopping = page.begin(FIGURE, "stop");
                page.settled(stopping).report();
                page.settled(call).report();
                took.push(timing(page, "lock-lab stop"));
            }
        }
        add(Row::most(what, page.engine.name(), "ms", Some(most), took));
    }
}

/// How the page's own thread fares while 64 workers calculate.
fn main_thread(page: &Page) {
    page.open_figure("figure=lock-cost&threads=64&times=20&wait-ms=0&loops=1000000000");
    let call = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 2);
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
    let stopping = page.begin(FIGURE, "stop");
    page.settled(stopping).report();
    page.settled(call).report();
    let name = page.engine.name();
    add(Row::least(
        "frames a second while 64 workers calculate",
        name,
        "/s",
        Some(30.0),
        seen["fps"].as_f64().into_iter().collect(),
    ));
    add(Row::most(
        "longest task of the page meanwhile",
        name,
        "ms",
        Some(50.0),
        seen["longest"].as_f64().into_iter().collect(),
    ));
}

/// 100 resizes and 200 runs: what is left of them.
fn soak(page: &Page) {
    page.open_figure("figure=lock-cost&threads=4&times=2&wait-ms=1&loops=1000");
    let settle = |page: &Page, threads: usize| {
        page.until_some(Duration::from_secs(20), "old threads are gone", || {
            let now = page.worker_threads();
            if now <= threads { Ok(()) } else { Err(format!("{now} worker threads")) }
        });
    };
    page.run();
    let workers = page.worker_threads();
    settle(page, workers);
    let before = page.resident_mb();
    for round in 0..100 {
        // 20, 3, 20, 3, … and back to 4.
        let threads = if round == 99 {
            "4"
        } else if round % 2 == 0 {
            "20"
        } else {
            "3"
        };
        page.set(FIGURE, "threads", threads);
        page.run();
        page.run();
    }
    settle(page, workers);
    let name = page.engine.name();
    add(Row::most(
        "100 resizes, 200 runs: workers more than before",
        name,
        "",
        Some(0.0),
        vec![page.worker_threads() as f64 - workers as f64],
    ));
    add(Row::most(
        "the same: memory of all processes, over before",
        name,
        "MB",
        None,
        vec![page.resident_mb() - before],
    ));
    let complaints = page.console().iter().filter(|line| line.is_complaint).count();
    add(Row::most(
        "the same: errors and warnings in the console",
        name,
        "",
        Some(0.0),
        vec![complaints as f64],
    ));
}
