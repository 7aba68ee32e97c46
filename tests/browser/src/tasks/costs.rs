//! Measures what one lock costs and what competition makes of it, against the goals for the price list and contention: beside native code in
//! turns, so that one ratio is made of two runs of the same minute.

use std::collections::BTreeSet;

use serde_json::Value;

use super::bench::{add, goal};
use super::native;
use super::table::Row;
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{list, number, text};
use crate::suite::Case;

/// What is measured in a browser. `own-locks` is measured without one: see [`own_locks`].
pub const CASES: &[Case] = &[
    Case::new("costs-prices", prices).within(120),
    Case::new("costs-contention", contention).within(170),
    Case::new("costs-queues", queues).within(170),
    Case::new("costs-load", load).only(&[Engine::Chromium]).within(60),
];

/// By which name [`own_locks`] is asked for.
pub const OWN_LOCKS: &str = "costs-own-locks";

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
    let (mut mutex, mut atomic, mut futex) = (Vec::new(), Vec::new(), Vec::new());
    let (mut widest, mut first) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let native = native::report("price-list", r#"{"budgetMs":3000}"#)
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
        let rows = list(&report["prices"]).iter();
        let wasm = rows.filter(|row| row["side"] == "wasm");
        let most = wasm.max_by(|one, two| half(one).total_cmp(&half(two)));
        if let Some(row) = most {
            eprintln!("  widest: {} with {:.2} %", text(&row["counter"]), half(row));
            widest.push(half(row));
        }
    }
    let name = page.engine.name();
    add(Row::most(
        "std Mutex, 1 thread, wasm / native, in turns",
        name,
        "",
        goal(page, 1.2, 1.6),
        mutex,
    ));
    add(Row::most(
        "atomic add, 1 thread, wasm / native, in turns",
        name,
        "",
        goal(page, 1.2, 1.2),
        atomic,
    ));
    add(Row::most(
        "own futex / std Mutex, 1 thread, both in wasm",
        name,
        "",
        goal(page, 1.15, 1.15),
        futex,
    ));
    add(Row::most(
        "widest interval's half-width, wasm rows, 10 s",
        name,
        "%",
        (page.engine == Engine::Chromium).then_some(3.0),
        widest,
    ));
    add(Row::most("price list: until every row has an interval", name, "s", Some(3.0), first));
}

/// Throughput, shares and waits as threads compete, up to twenty of them.
fn contention(page: &Page) {
    page.open_figure(&format!("figure=contention&threads={MANY}&counters=all&sample-ms=100"));
    let call = page.begin(FIGURE, "run");
    let report = page.settled_within(std::time::Duration::from_secs(150), call);
    let report = report.report();
    let name = page.engine.name();
    // Not what the browser tells: WebKitGTK makes 4 of 2.
    let cores = std::thread::available_parallelism().map_or(2, usize::from) as u64;
    let point = |counter: &str, threads: u64| {
        let mut points = list(&report["points"]).iter();
        points.find(|point| point["counter"] == counter && point["threads"] == threads)
    };
    for threads in [cores, MANY] {
        for counter in list(&report["points"]).iter().filter(|point| point["threads"] == 1) {
            let counter = text(&counter["counter"]);
            let fair = point(counter, threads).and_then(|point| point["fairness"].as_f64());
            if QUEUED.contains(&counter) {
                continue;
            }
            fairness(page, counter, threads, fair.into_iter().collect());
        }
    }
    page.open_figure(&format!("figure=contention&counters=one&sample-ms=150&threads={cores}"));
    for counter in QUEUED {
        let fair = (0..TURNS).filter_map(|_| last(page, counter, "fairness"));
        fairness(page, counter, cores, fair.collect());
    }
    let gave_up = list(&report["points"]).iter().filter(|point| point["gaveUpAfterMs"].is_number());
    for point in gave_up {
        eprintln!("  gave up: {} with {} threads", text(&point["counter"]), point["threads"]);
    }
    add(Row::least(
        format!("best exact counter (sharded) / std Mutex, {MANY} threads"),
        name,
        "",
        Some(5.0),
        in_turns(page, MANY, ["sharded", "std-mutex"]),
    ));
    add(Row::most(
        format!("own futex / std Mutex, {cores} threads, time, in wasm"),
        name,
        "",
        goal(page, 1.15, 1.15),
        in_turns(page, cores, ["std-mutex", "futex"]),
    ));
    measured_apart(page);
    page.open_figure("figure=contention&threads=16&counters=one&sample-ms=40");
    let stops = page.stops_of_every_counter();
    let took: Vec<_> = list(&stops).iter().map(|stop| number(&stop["ms"])).collect();
    add(Row::most(
        "Stop in contention, the slowest counter of all",
        name,
        "ms",
        Some(250.0),
        took.into_iter().reduce(f64::max).into_iter().collect(),
    ));
}

/// How many increments one counter gets through for one of the other's, with so many threads: short runs in turns.
fn in_turns(page: &Page, threads: u64, pair: [&str; 2]) -> Vec<f64> {
    page.open_figure(&format!("figure=contention&counters=one&sample-ms=150&threads={threads}"));
    (0..TURNS)
        .filter_map(|_| {
            let [one, two] = pair.map(|counter| last(page, counter, "opsPerSecond"));
            Some(one? / two?)
        })
        .collect()
}

/// What came of one counter with the most threads that the figure is set to; `None` where it gave up.
fn last(page: &Page, counter: &str, what: &str) -> Option<f64> {
    page.set(FIGURE, "counter", counter);
    let call = page.begin(FIGURE, "run");
    let report = page.settled_within(std::time::Duration::from_secs(80), call);
    list(&report.report()["points"]).last()?[what].as_f64()
}

/// Whether timing waits is paid for where increments are counted: it has a time of its own, so that a thread alone is to reach the rate
/// that its price promises. By the quickest fifth of the time: who has lost the processor to another program has not paid for waits.
fn measured_apart(page: &Page) {
    let over = (0..TURNS).filter_map(|_| {
        page.open_figure("figure=price-list&budget-ms=1000");
        let raw = number(&price_of(&page.run(), "std-mutex")["rawNs"]);
        page.open_figure("figure=contention&counters=one&sample-ms=150&threads=1");
        let rate = last(page, "std-mutex", "highOpsPerSecond")?;
        Some((1e9 / rate / raw - 1.0) * 100.0)
    });
    let over = over.collect();
    add(Row::most(
        "an increment counted in contention over its price",
        page.engine.name(),
        "%",
        Some(10.0),
        over,
    ));
}

/// The queues' fairness among many. In a row of twenty on few cores a thread has a few turns a second, and of two or three one more
/// would be unfair: so it takes longer.
fn queues(page: &Page) {
    page.open_figure(&format!("figure=contention&counters=one&sample-ms=4000&threads={MANY}"));
    for counter in QUEUED {
        let fair = last(page, counter, "fairness");
        fairness(page, counter, MANY, fair.into_iter().collect());
    }
}

/// Jain's index of one counter's threads. A lock that does not come to its end with so many has none, which its row says.
fn fairness(page: &Page, counter: &str, threads: u64, values: Vec<f64>) {
    let how = if values.is_empty() { ": gave up" } else { "" };
    add(Row::least(
        format!("fairness of {counter}, {threads} threads{how}"),
        page.engine.name(),
        "",
        (QUEUED.contains(&counter) && threads == MANY).then_some(0.99),
        values,
    ));
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
        let files = list(&names).iter().map(text);
        let files = files.filter_map(|name| name.strip_prefix(&base));
        files.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let post = fetched("lock-cost");
    let more = &fetched("price-list") | &fetched("contention");
    let only: Vec<_> = more.difference(&post).cloned().collect();
    let bytes = native::brotli(&only).unwrap_or_else(|error| panic!("{error}"));
    eprintln!("  {}", only.join(", "));
    add(Row::most(
        "price list and contention: fetched for them only",
        page.engine.name(),
        "KB",
        Some(25.0),
        vec![bytes / 1e3],
    ));
}

/// Our own locks over the crates for the same, natively: alone, and with as many threads as this asks the example for.
///
/// # Errors
/// A sentence, when the example can't be built, run or read.
pub fn own_locks() -> Result<(), String> {
    let mut found: Vec<(String, Vec<f64>, Vec<f64>)> = Vec::new();
    for _ in 0..TURNS {
        for (name, alone, two) in native::twins()? {
            match found.iter_mut().find(|(known, ..)| *known == name) {
                Some((_, alones, twos)) => {
                    alones.push(alone);
                    twos.push(two);
                }
                None => found.push((name, vec![alone], vec![two])),
            }
        }
    }
    for (name, alone, two) in found {
        for (how, values) in [("1 thread", alone), ("2 threads", two)] {
            add(Row::most(format!("own {name}, {how}"), "native", "", Some(1.15), values));
        }
    }
    Ok(())
}
