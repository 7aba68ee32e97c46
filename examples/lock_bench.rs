//! The locks in the shape of matklad's lock-bench, beside what the figure contention finds: a fixed count, one barrier, and totals that
//! must be right, without stages, board or histogram. A harness that changes what it measures shows here.
//!
//! `cargo run --release --example lock_bench [most threads] [operations a thread]`: nanoseconds an operation, medians of nine rounds, on a machine
//! that has nothing else to do.

use std::hint::black_box;
use std::process::ExitCode;
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use locklab::counter::{self, Kind};
use locklab::experiments::{self, contention::Contention};
use locklab::measure::bootstrap::median;
use locklab::native;
use serde_json::json;

/// What lock-bench compares as well.
const COUNTERS: [&str; 4] = ["std-mutex", "parking-lot", "spin", "atomic"];
const ROUNDS: usize = 9;

/// Nanoseconds an operation, of all threads together, from the barrier to the last one's end.
fn round(kind: &Kind, threads: u32, operations: u64) -> f64 {
    let (counter, _) = kind.make();
    let start = Barrier::new(threads as usize + 1);
    let begin = thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                start.wait();
                black_box(counter.inc_many(operations));
            });
        }
        // Before the barrier opens: behind it others may run first.
        let begin = Instant::now();
        start.wait();
        begin
    });
    let took = begin.elapsed();
    let made = u64::from(threads) * operations;
    assert_eq!(counter.missing(made), 0, "{} lost count", kind.name);
    took.as_secs_f64() * 1e9 / made as f64
}

/// The same by the figure: its point with neither hold nor pause.
fn by_the_figure(kind: &Kind, threads: u32) -> Option<f64> {
    let config =
        json!({ "counter": kind.name, "counters": "one", "threads": threads, "sampleMs": 300 });
    let report = experiments::run::<Contention>(&native::harness(), &native::fields(&config));
    let points = report.ok()?.body.points?;
    Some(1e9 / points.last()?.ops_per_second?)
}

fn main() -> ExitCode {
    let numbers: Option<Vec<u64>> =
        std::env::args().skip(1).map(|word| word.parse().ok()).collect();
    let numbers = numbers.as_deref();
    let (most, operations) = match numbers {
        Some([]) => (20, 100_000),
        Some([most @ 1..=128]) => (*most, 100_000),
        Some([most @ 1..=128, operations]) if *operations > 0 => (*most, *operations),
        _ => {
            eprintln!("usage: lock_bench [most threads, 1 to 128] [operations a thread]");
            return ExitCode::from(2);
        }
    };
    println!(
        "{:14}{:>8}{:>14}{:>12}{:>8}",
        "counter", "threads", "fixed count", "contention", "ratio"
    );
    for kind in COUNTERS.iter().filter_map(|name| counter::kind(name)) {
        for threads in [1, 2, most as u32] {
            let mut rounds: Vec<f64> =
                (0..ROUNDS).map(|_| round(kind, threads, operations)).collect();
            let Some(ns) = median(&mut rounds) else {
                continue;
            };
            let figure = by_the_figure(kind, threads);
            let figure = figure.map_or(("–".to_owned(), String::new()), |found| {
                (format!("{found:.1}"), format!("{:.2}", found / ns))
            });
            println!("{:14}{threads:>8}{ns:>14.1}{:>12}{:>8}", kind.name, figure.0, figure.1);
        }
    }
    ExitCode::SUCCESS
}
