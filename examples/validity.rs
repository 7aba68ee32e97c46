//! Does the price list's method find a known cost, and no difference between a counter and itself? A hundred
//! experiments on this very machine; no test, as a busy machine may answer anything.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use locklab::counter::{Counter, KINDS};
use locklab::measure::bootstrap::median;
use locklab::measure::clock;
use locklab::measure::rounds::{Rounds, Timed};

/// Experiments, unless another number is given.
const EXPERIMENTS: u32 = 100;
/// Samples of each benchmark in an experiment.
const ROUNDS: usize = 60;
/// What is added to an operation, in nanoseconds.
const ADDED_NS: [u32; 3] = [1, 5, 50];
/// The counters that it is added to.
const COUNTERS: [&str; 2] = ["std-mutex", "atomic"];
/// In how many of a hundred experiments the answer must be right.
const ENOUGH: u32 = 90;

fn main() {
    let often = std::env::args().nth(1).map_or(EXPERIMENTS, |given| {
        given.parse().unwrap_or_else(|_| {
            eprintln!("“{given}” is not a number of experiments; running {EXPERIMENTS}");
            EXPERIMENTS
        })
    });
    let step = clock::step();
    println!("clock's step: {} ns", step.as_nanos());
    for name in COUNTERS {
        let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
            continue;
        };
        let make = || kind.make().0;
        for added in ADDED_NS {
            let held = count(often, |seed| {
                let found =
                    sampled([Padded::new(make(), 0), Padded::new(make(), added)], step, seed);
                found.is_some_and(|found| found.low <= found.known && found.known <= found.high)
            });
            report(&format!("{name}: {added} ns added, found within the interval"), held, often);
        }
        let same = count(often, |seed| {
            let found = sampled([Padded::new(make(), 0), Padded::new(make(), 0)], step, seed);
            found.is_some_and(|found| found.low <= 0.0 && found.high >= 0.0)
        });
        report(&format!("{name} against itself: no difference"), same, often);
    }
}

fn count(often: u32, experiment: impl Fn(u64) -> bool) -> u32 {
    (0..often).map(|seed| u32::from(experiment(seed.into()))).sum()
}

fn report(what: &str, times: u32, often: u32) {
    let verdict = if times * 100 >= ENOUGH * often { "" } else { "  TOO FEW" };
    println!("{what}: {times} of {often}{verdict}");
}

/// The interval of the difference, and what it really was.
struct Found {
    low: f64,
    high: f64,
    known: f64,
}

fn sampled([plain, dearer]: [Padded; 2], step: Duration, seed: u64) -> Option<Found> {
    let mut rounds =
        Rounds::new(vec![plain.timed(), dearer.timed()], step, seed).with_reading(clock::reading());
    rounds.warm_up(Duration::from_millis(300), &|| true);
    while rounds.len() < ROUNDS {
        if !rounds.round(&|| true) {
            return None;
        }
    }
    let found = rounds.difference(1, 0)?;
    Some(Found { low: found.low, high: found.high, known: dearer.added()? - plain.added()? })
}

/// A counter's increments, and after them a loop that lasts `added_ns` an increment by the clock. It ends with a
/// whole reading of the clock, so what it really lasted is noted. If nothing is added, the loop runs once: both
/// read the clock alike.
struct Padded {
    counter: Arc<dyn Counter>,
    added_ns: u32,
    /// Nanoseconds an increment that were added to each batch.
    lasted: Rc<RefCell<Vec<f64>>>,
}

impl Padded {
    fn new(counter: Arc<dyn Counter>, added_ns: u32) -> Padded {
        Padded { counter, added_ns, lasted: Rc::default() }
    }

    fn timed(&self) -> Timed<'static> {
        let (counter, lasted) = (Arc::clone(&self.counter), Rc::clone(&self.lasted));
        let added_ns = u64::from(self.added_ns);
        Box::new(move |operations| {
            let wanted = Duration::from_nanos(operations * added_ns);
            let start = Instant::now();
            counter.inc_many(operations);
            let begin = Instant::now();
            let mut now = Instant::now();
            while now - begin < wanted {
                now = Instant::now();
            }
            let added = (now - begin).as_secs_f64() * 1e9 / operations as f64;
            lasted.borrow_mut().push(added);
            Some(now - start)
        })
    }

    /// What was added to the batches that became samples: the last ones.
    fn added(&self) -> Option<f64> {
        let lasted = self.lasted.borrow();
        median(&mut lasted[lasted.len().checked_sub(ROUNDS)?..].to_vec())
    }
}
