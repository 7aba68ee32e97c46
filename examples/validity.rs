//! Do the figures' methods find a known cost, and no difference between a thing and itself? Some experiments of each kind on
//! this very machine, a line a check; no test, as a busy machine may answer anything. `cargo xtask bench validity` adds the
//! browser's half.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

use locklab::counter::{Counter, KINDS};
use locklab::experiments::contention::Contention;
use locklab::experiments::contention::report::PointRow;
use locklab::experiments::price_list::PriceList;
use locklab::measure::bootstrap::median;
use locklab::measure::clock;
use locklab::measure::rounds::{Rounds, Timed};
use locklab::{busy, experiments, native};
use serde_json::{Value, json};

/// Experiments of each kind, unless another number is given.
const EXPERIMENTS: u32 = 10;
/// Samples of each benchmark in an experiment.
const ROUNDS: usize = 60;
/// What is added to an operation, in nanoseconds.
const ADDED_NS: [u32; 3] = [1, 5, 50];
/// The counters that it is added to.
const COUNTERS: [&str; 2] = ["std-mutex", "atomic"];
/// How long contention takes with its defaults, as the page tells before it begins.
const SWEEP_S: f64 = 14.0;
/// A hold of a few multiplications, and how much more it may cost, in nanoseconds.
const SHORT_HOLD_NS: f64 = 5.0;
/// What is added to a critical section, in nanoseconds, and with how many threads. Both are longer than the mutex's waiters spin: a
/// wait of 5,000 ns ends while they do, in one of 10,000 they fall asleep, and with two threads a turn costs some 8,000 ns more then.
const HOLD_NS: f64 = 20_000.0;
const THREADS: [u32; 3] = [1, 2, 20];

fn main() {
    let often = std::env::args().nth(1).map_or(EXPERIMENTS, |given| {
        given.parse().unwrap_or_else(|_| {
            eprintln!("“{given}” is not a number of experiments; running {EXPERIMENTS}");
            EXPERIMENTS
        })
    });
    prices(often);
    contention(often);
    continuity(often);
    ranks(often);
    let beyond = |figure: &dyn Fn(), budget: f64| {
        let begin = Instant::now();
        figure();
        begin.elapsed().as_secs_f64() <= 1.2 * budget
    };
    let list = || {
        drop(experiments::run::<PriceList>(
            &native::harness(),
            &native::fields(&json!({ "budgetMs": 500 })),
        ))
    };
    report("price list ends within its budget and 20 %", 95, often, |_| Some(beyond(&list, 0.5)));
    let sweep = || drop(points(&json!({})));
    report("contention ends within its budget and 20 %", 95, often.div_ceil(8), |_| {
        Some(beyond(&sweep, SWEEP_S))
    });
}

/// Whether a check is among those that were asked for: a second argument leaves only those that have it in their names.
fn asked(what: &str) -> bool {
    std::env::args().nth(2).is_none_or(|only| what.contains(&only))
}

/// Counts the experiments that are right, of those that say anything. Printed as `cargo xtask bench validity` reads it.
fn report(what: &str, least: u32, often: u32, experiment: impl Fn(u64) -> Option<bool>) {
    if !asked(what) {
        return;
    }
    let said: Vec<_> = (0..often).filter_map(|seed| experiment(seed.into())).collect();
    let right = said.iter().filter(|right| **right).count();
    println!("{what}: {right} of {} (at least {least} %)", said.len());
}

fn prices(often: u32) {
    let step = clock::step();
    for name in COUNTERS {
        let Some(kind) = KINDS.iter().find(|kind| kind.name == name) else {
            continue;
        };
        let padded = |added| Padded::new(kind.make().0, added);
        for added in ADDED_NS {
            report(
                &format!("price list, {name}: {added} ns added, found within the interval"),
                93,
                often,
                |seed| {
                    let found = sampled([padded(0), padded(added)], step, seed)?;
                    Some((found.low..=found.high).contains(&found.known))
                },
            );
        }
        let what = format!("price list, {name} against itself, elsewhere in memory: no difference");
        report(&what, 95, often, |seed| {
            let found = sampled([padded(0), padded(0)], step, seed)?;
            Some((found.low..=found.high).contains(&0.0))
        });
    }
}

/// The points of the mutex, the last of them with the most threads.
fn points(config: &Value) -> Vec<PointRow> {
    let report = experiments::run::<Contention>(&native::harness(), &native::fields(config));
    report.ok().and_then(|report| report.body.points).unwrap_or_default()
}

/// How many times as quick one point was as another, if all windows agree, as the page's sentences have it.
fn quicker(one: &PointRow, other: &PointRow) -> Option<bool> {
    let pairs = one.windows.iter().flatten().zip(other.windows.iter().flatten());
    let quicker: Vec<_> = pairs.map(|(one, other)| one > other).collect();
    let all = quicker.iter().all(|is| *is);
    (quicker.len() >= 10 && (all || quicker.iter().all(|is| !is))).then_some(all)
}

fn contention(often: u32) {
    for threads in THREADS {
        let held = |hold: f64| {
            points(&json!({ "threads": threads, "counters": "one", "holdNs": hold })).pop()
        };
        // Nanoseconds a turn: from and to.
        let turn = |point: PointRow| {
            Some((1e9 / point.high_ops_per_second?, 1e9 / point.low_ops_per_second?))
        };
        report(
            &format!("contention, {threads} threads: a longer hold found within the interval"),
            90,
            often,
            |_| {
                let (short, long) = (turn(held(HOLD_NS)?)?, turn(held(2.0 * HOLD_NS)?)?);
                let known = HOLD_NS * interrupted()?;
                Some((long.0 - short.1..=long.1 - short.0).contains(&known))
            },
        );
        report(
            &format!("contention, {threads} threads: a point against itself, not ranked"),
            95,
            often,
            |_| Some(quicker(&held(0.0)?, &held(0.0)?).is_none()),
        );
    }
}

/// How many times as long as its price a loop takes in the long run. The price is a median of short batches, which leaves out what
/// interrupts the machine; throughput has it, and so has what is known of a hold.
fn interrupted() -> Option<f64> {
    const BATCH: u64 = 20_000;
    let mut batches = Vec::new();
    let begin = Instant::now();
    while begin.elapsed() < Duration::from_millis(500) {
        let start = Instant::now();
        busy::compute(BATCH);
        batches.push(start.elapsed().as_secs_f64());
    }
    let mean = begin.elapsed().as_secs_f64() / batches.len() as f64;
    Some(mean / median(&mut batches)?)
}

fn continuity(often: u32) {
    let what = format!(
        "contention, 1 thread: {SHORT_HOLD_NS} ns of hold cost no more than twice that, of any lock"
    );
    if !asked(&what) {
        return;
    }
    let (continuous, locks) = (0..often.div_ceil(4)).fold((0, 0), |(continuous, locks), _| {
        let quickest = |hold: f64| {
            let mut found = points(&json!({ "threads": 1, "counters": "locks", "holdNs": hold }));
            // A run measures them in an order of its own.
            found.sort_by(|one, other| one.counter.cmp(&other.counter));
            let ns =
                |point: PointRow| 1e9 / point.windows.into_iter().flatten().fold(0.0, f64::max);
            found.into_iter().map(ns).collect::<Vec<_>>()
        };
        let (bare, held) = (quickest(0.0), quickest(SHORT_HOLD_NS));
        let pairs = bare.iter().zip(&held);
        let are = pairs.filter(|(bare, held)| **held - **bare <= 2.0 * SHORT_HOLD_NS).count();
        (continuous + are, locks + bare.len())
    });
    println!("{what}: {continuous} of {locks} (at least 95 %)");
}

fn ranks(often: u32) {
    let what = "contention, ranks of locks that hold in a second run";
    if !asked(what) {
        return;
    }
    let (stated, held) = (0..often.div_ceil(4)).fold((0, 0), |(stated, held), _| {
        let config = json!({ "threads": 2, "counters": "locks" });
        let [first, second] = [points(&config), points(&config)];
        let find = |run: &[PointRow], name: &str| {
            run.iter().find(|point| point.threads == 2 && point.counter == name).cloned()
        };
        let again = |point: &PointRow| {
            let said = quicker(point, &find(&first, "std-mutex")?)?;
            let (one, other) = (find(&second, &point.counter)?, find(&second, "std-mutex")?);
            Some(said == (one.ops_per_second? > other.ops_per_second?))
        };
        let all: Vec<bool> =
            first.iter().filter(|point| point.threads == 2).filter_map(again).collect();
        (stated + all.len(), held + all.iter().filter(|holds| **holds).count())
    });
    println!("{what}: {held} of {stated} (at least 95 %)");
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
