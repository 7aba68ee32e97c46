//! Does the price list's method find what is there, and nothing where nothing is? On this very machine,
//! a hundred times: a cost that is known, and a counter against itself. Not the figures, and no test:
//! what a busy machine answers is no fault of the program.

use std::sync::Arc;
use std::time::{Duration, Instant};

use locklab::counter::{Counter, KINDS};
use locklab::measure::clock;
use locklab::measure::rounds::{Rounds, Timed};

/// Experiments, unless another number is given.
const OFTEN: u32 = 100;
/// Samples of each thing in an experiment.
const ROUNDS: usize = 60;
/// What is added to an operation, in nanoseconds.
const ADDED_NS: [u32; 3] = [1, 5, 50];
/// The counters that it is added to.
const COUNTERS: [&str; 2] = ["std-mutex", "atomic"];
/// Of a hundred experiments, in how many at the least the answer must be true.
const ENOUGH: u32 = 90;

fn main() {
    let often = std::env::args().nth(1).map_or(OFTEN, |given| {
        given.parse().unwrap_or_else(|_| {
            eprintln!("“{given}” is no number of experiments; {OFTEN} are made");
            OFTEN
        })
    });
    let step = clock::step();
    println!("clock's step: {} ns", step.as_nanos());
    for name in COUNTERS {
        let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
            continue;
        };
        let make = || kind.make();
        for added in ADDED_NS {
            let held = count(often, |seed| {
                let found = sampled([timed(make(), 0), timed(make(), added)], step, seed);
                let known = f64::from(added);
                found.is_some_and(|(low, high)| low <= known && known <= high)
            });
            say(
                &format!("{name}: {added} ns added, found within the interval"),
                held,
                often,
            );
        }
        let same = count(often, |seed| {
            let found = sampled([timed(make(), 0), timed(make(), 0)], step, seed);
            found.is_some_and(|(low, high)| low <= 0.0 && high >= 0.0)
        });
        say(
            &format!("{name} against itself: no difference"),
            same,
            often,
        );
    }
}

fn count(often: u32, experiment: impl Fn(u64) -> bool) -> u32 {
    (0..often)
        .map(|seed| u32::from(experiment(seed.into())))
        .sum()
}

fn say(what: &str, times: u32, often: u32) {
    let verdict = if times * 100 >= ENOUGH * often {
        ""
    } else {
        "  TOO FEW"
    };
    println!("{what}: {times} of {often}{verdict}");
}

/// The interval of the second thing's cost over the first's.
fn sampled(things: [Timed<'static>; 2], step: Duration, seed: u64) -> Option<(f64, f64)> {
    let mut rounds = Rounds::new(things.into(), step, seed);
    rounds.warm_up(Duration::from_millis(300), &|| true);
    while rounds.len() < ROUNDS {
        if !rounds.round(&|| true) {
            return None;
        }
    }
    let found = rounds.difference(1, 0)?;
    Some((found.low, found.high))
}

/// The counter's increments, and after them a loop that lasts as long by the clock as so many
/// nanoseconds an increment: that cost is known, for it is the clock's own.
fn timed(counter: Arc<dyn Counter>, added_ns: u32) -> Timed<'static> {
    Box::new(move |operations| {
        let start = Instant::now();
        counter.inc_many(operations);
        if added_ns > 0 {
            let added = Duration::from_nanos(operations * u64::from(added_ns));
            let begin = Instant::now();
            while begin.elapsed() < added {
                std::hint::spin_loop();
            }
        }
        Some(start.elapsed())
    })
}
