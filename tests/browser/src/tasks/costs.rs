//! Measures what one lock costs and what competition makes of it, against the goals for the price list and contention: beside native code in
//! turns, so that one ratio is made of two runs of the same minute.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde_json::Value;

use super::bench::{Goal, row};
use super::native;
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{list, number, text};
use crate::suite::Case;

/// What is measured in a browser.
pub const CASES: &[Case] = &[
    Case::new("costs-prices", prices).within(120),
    Case::new("costs-contention", contention).within(170),
    Case::new("costs-queues", queues).within(170),
    Case::new("costs-load", load).only(&[Engine::Chromium]).within(60),
];

/// Turns of a browser's price list and the native one.
const TURNS: usize = 3;

/// Locks whose threads stand in a queue, so that each is to get the same.
const QUEUED: [&str; 2] = ["ticket", "mcs"];

/// Threads where there are to be many.
const MANY: u64 = 20;

/// The row of this counter among a price list's.
fn price_of<'a>(report: &'a Value, counter: &str) -> &'a Value {
    let mut rows = list(&report["prices"]).iter();
    rows.find(|row| row["counter"] == counter)
        .unwrap_or_else(|| panic!("{counter} has no price: {}", report["text"]))
}

/// Prices with nobody competing: against native ones, how sure they are in ten seconds, and how soon they are there.
fn prices(page: &Page) {
    page.open_figure("figure=price-list&budget-ms=10000");
    let (mut mutex, mut atomic, mut futex) = (vec![], vec![], vec![]);
    let (mut widest, mut first) = (vec![], vec![]);
    for _ in 0..TURNS {
        let native = native::report("price-list", &["--budget-ms", "3000"])
            .unwrap_or_else(|error| panic!("{error}"));
        let report = page.run();
        let price = |report: &Value, counter| number(&price_of(report, counter)["nsPerOp"]);
        let over = |counter| price(&report, counter) / price(&native, counter);
        mutex.push(over("std-mutex"));
        atomic.push(over("atomic"));
        futex.push(price(&report, "futex") / price(&report, "std-mutex"));
        first.push(number(&report["firstPassMs"]) / 1e3);
        let half = |row: &Value| {
            (number(&row["highNs"]) - number(&row["lowNs"])) / 2.0 / number(&row["nsPerOp"]) * 100.0
        };
        let wasm = list(&report["prices"]).iter().filter(|row| row["side"] == "wasm");
        if let Some(row) = wasm.max_by(|one, two| half(one).total_cmp(&half(two))) {
            eprintln!("  widest: {} with {:.2} %", text(&row["counter"]), half(row));
            widest.push(half(row));
        }
    }
    let in_turns = |what: &str| format!("{what}, 1 thread, wasm / native, in turns");
    page.row(in_turns("std Mutex"), "", page.most(1.2, 1.6), mutex);
    page.row(in_turns("atomic add"), "", page.most(1.2, 1.2), atomic);
    let what = "own futex / std Mutex, 1 thread, both in wasm";
    page.row(what, "", page.most(1.15, 1.15), futex);
    let sure = if page.engine == Engine::Chromium { Goal::Most(3.0) } else { Goal::Open };
    page.row("widest interval's half-width, wasm rows, 10 s", "%", sure, widest);
    page.row("price list: until every row has an interval", "s", Goal::Most(3.0), first);
}

/// Opens contention with one counter a run.
#[track_caller]
fn open(page: &Page, threads: u64, sample_ms: u64) {
    page.open_figure(&format!(
        "figure=contention&counters=one&sample-ms={sample_ms}&threads={threads}"
    ));
}

/// Throughput, shares and waits as threads compete, up to twenty of them.
fn contention(page: &Page) {
    page.open_figure(&format!("figure=contention&threads={MANY}&counters=all&sample-ms=100"));
    let call = page.begin(FIGURE, "run");
    let report = page.settled_within(Duration::from_secs(150), call).report();
    let points = list(&report["points"]);
    // Not what the browser tells: WebKitGTK makes 4 of 2.
    let cores = std::thread::available_parallelism().map_or(2, usize::from) as u64;
    for threads in [cores, MANY] {
        for point in points.iter().filter(|point| point["threads"] == threads) {
            let counter = text(&point["counter"]);
            if !QUEUED.contains(&counter) {
                fairness(page, counter, threads, point["fairness"].as_f64());
            }
        }
    }
    open(page, cores, 150);
    for counter in QUEUED {
        let fair = (0..TURNS).filter_map(|_| last(page, counter, "fairness"));
        fairness(page, counter, cores, fair);
    }
    for point in points.iter().filter(|point| point["gaveUpAfterMs"].is_number()) {
        eprintln!("  gave up: {} with {} threads", text(&point["counter"]), point["threads"]);
    }
    let what = format!("best exact counter (sharded) / std Mutex, {MANY} threads");
    page.row(what, "", Goal::Least(5.0), in_turns(page, MANY, ["sharded", "std-mutex"]));
    let what = format!("own futex / std Mutex, {cores} threads, time, in wasm");
    let ratios = in_turns(page, cores, ["std-mutex", "futex"]);
    page.row(what, "", page.most(1.15, 1.15), ratios);
    measured_apart(page);
    open(page, 16, 40);
    let stops = page.stops_of_every_counter();
    let slowest = list(&stops).iter().map(|stop| number(&stop["ms"])).reduce(f64::max);
    page.row("Stop in contention, the slowest counter of all", "ms", Goal::Most(250.0), slowest);
}

/// How many increments one counter gets through for one of the other's, with so many threads: short runs in turns.
fn in_turns(page: &Page, threads: u64, pair: [&str; 2]) -> Vec<f64> {
    open(page, threads, 150);
    let ratio = |_| {
        let [one, two] = pair.map(|counter| last(page, counter, "opsPerSecond"));
        Some(one? / two?)
    };
    (0..TURNS).filter_map(ratio).collect()
}

/// What came of one counter with the most threads that the figure is set to; `None` where it gave up.
fn last(page: &Page, counter: &str, what: &str) -> Option<f64> {
    page.set(FIGURE, "counter", counter);
    let call = page.begin(FIGURE, "run");
    let report = page.settled_within(Duration::from_secs(80), call);
    list(&report.report()["points"]).last()?[what].as_f64()
}

/// Whether timing waits is paid for where increments are counted: it has a time of its own, so that a thread alone is to reach the rate
/// that its price promises. By the upper end of its interval: who has lost the processor to another program has not paid for waits.
fn measured_apart(page: &Page) {
    let over = (0..TURNS).filter_map(|_| {
        page.open_figure("figure=price-list&budget-ms=1000");
        let raw = number(&price_of(&page.run(), "std-mutex")["rawNs"]);
        open(page, 1, 150);
        let rate = last(page, "std-mutex", "highOpsPerSecond")?;
        Some((1e9 / rate / raw - 1.0) * 100.0)
    });
    page.row("an increment counted in contention over its price", "%", Goal::Most(10.0), over);
}

/// The queues' fairness among many. In a row of twenty on few cores a thread has a few turns a second, and of two or three one more
/// would be unfair: so it takes longer.
fn queues(page: &Page) {
    open(page, MANY, 4000);
    for counter in QUEUED {
        fairness(page, counter, MANY, last(page, counter, "fairness"));
    }
}

/// Jain's index of one counter's threads. A lock that does not come to its end with so many has none, which its row says.
fn fairness(page: &Page, counter: &str, threads: u64, values: impl IntoIterator<Item = f64>) {
    let values: Vec<_> = values.into_iter().collect();
    let how = if values.is_empty() { ": gave up" } else { "" };
    let asked = QUEUED.contains(&counter) && threads == MANY;
    let goal = if asked { Goal::Least(0.99) } else { Goal::Open };
    page.row(format!("fairness of {counter}, {threads} threads{how}"), "", goal, values);
}

/// What a page fetches for these two figures that it does not fetch for the post's own: their code, the chart library, recorded and native
/// runs. Not the wasm module, which holds all experiments and has a row of its own (`sizes`).
fn load(page: &Page) {
    let fetched = |figure: &str| {
        page.open_figure(&format!("figure={figure}"));
        // Recorded and native runs come after the figure is there.
        page.js("return new Promise((resolve) => setTimeout(resolve, 1000))");
        let names =
            page.js("return performance.getEntriesByType('resource').map(({ name }) => name)");
        let base = page.site.isolated.url("");
        let files = list(&names).iter().map(text).filter_map(|name| name.strip_prefix(&base));
        files.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let post = fetched("lock-cost");
    let more = &fetched("price-list") | &fetched("contention");
    let only: Vec<_> = more.difference(&post).cloned().collect();
    let bytes = native::brotli(&only).unwrap_or_else(|error| panic!("{error}"));
    eprintln!("  {}", only.join(", "));
    let what = "price list and contention: fetched for them only";
    page.row(what, "KB", Goal::Most(25.0), [bytes / 1e3]);
}

/// Our own locks over the crates for the same, natively: alone, and with as many threads as this asks the example for.
///
/// # Errors
/// A sentence, when the example can't be built, run or read.
pub fn own_locks() -> Result<(), String> {
    let mut found: BTreeMap<String, Vec<[f64; 2]>> = BTreeMap::new();
    for _ in 0..TURNS {
        for (name, alone, two) in native::twins()? {
            found.entry(name).or_default().push([alone, two]);
        }
    }
    for (name, values) in found {
        for (at, how) in ["1 thread", "2 threads"].into_iter().enumerate() {
            let values = values.iter().map(|pair| pair[at]);
            row(format!("own {name}, {how}"), "native", "", Goal::Most(1.15), values);
        }
    }
    Ok(())
}
