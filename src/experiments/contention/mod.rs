//! What becomes of a lock's price as threads compete for it?
//!
//! Throughput, fairness and waits, counter by counter and thread by thread.

mod points;
pub mod report;
mod trial;
mod worker;
mod workload;

use std::sync::Arc;
use std::time::Duration;

use crate::counter::{KINDS, Kind};
use crate::experiment::live::{LiveRow, LiveRows};
use crate::experiment::report::{Outcome, Report, Warning};
use crate::experiment::settings::{self, ConfigReader, HOLD_NS, OneOf, Range, Setting, THREADS};
use crate::experiment::{Experiment, RunOutcome};
use crate::measure::clock::step_ms;
use crate::measure::random::SplitMix;
use crate::runtime::live::Table;
use crate::runtime::{Harness, calibration};
use points::{LOCK_FREE, Points};
use report::{Body, PointRow, text};
use workload::{Pattern, SAMPLES, TrialConfig};

/// The experiment.
#[derive(Debug)]
pub struct Contention;

/// What is swept, and what the workers do.
#[derive(Debug)]
pub struct Config {
    /// The most threads.
    threads: u32,
    counter: &'static Kind,
    counters: Counters,
    hold_ns: u32,
    pause_ns: u32,
    pattern: Pattern,
    sample: Duration,
}

/// Which counters are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counters {
    Common,
    Locks,
    All,
    /// The chosen one only.
    One,
}

const COUNTERS: Setting<OneOf<Counters>> = Setting {
    name: "counters",
    attribute: "counters",
    domain: OneOf(
        &["common", "locks", "all", "one"],
        &[Counters::Common, Counters::Locks, Counters::All, Counters::One],
    ),
    default: Counters::Common,
    unit: "",
    meaning: "Which counters are compared; the chosen one is always among them.",
};

const PAUSE_NS: Setting<Range> = Setting {
    name: "pauseNs",
    attribute: "pause-ns",
    domain: Range(0, 10_000_000),
    default: 0,
    unit: "ns",
    meaning: "How long a worker calculates between two critical sections.",
};

const PATTERN: Setting<OneOf<Pattern>> = Setting {
    name: "pattern",
    attribute: "pattern",
    domain: OneOf(&["even", "hog", "bursts"], &[Pattern::Even, Pattern::Hog, Pattern::Bursts]),
    default: Pattern::Even,
    unit: "",
    meaning: "Whether all workers do the same, one holds the lock ten times as long, or they come in bursts.",
};

const SAMPLE_MS: Setting<Range> = Setting {
    name: "sampleMs",
    attribute: "sample-ms",
    domain: Range(10, 5000),
    default: 60,
    unit: "ms",
    meaning: "How long the throughput of one counter with one number of threads is measured.",
};

impl Experiment for Contention {
    const NAME: &'static str = "contention";
    const QUESTION: &'static str = "What becomes of a lock's price as threads compete for it?";
    const EXTRA_THREADS: u32 = 1;
    const ALONE: bool = true;
    const LIVE: Option<fn() -> Table> = Some(PointRow::table);

    type Config = Config;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> Config {
        Config {
            threads: reader.get(&THREADS),
            counter: settings::counter(reader),
            counters: reader.get(&COUNTERS),
            hold_ns: reader.get(&HOLD_NS),
            pause_ns: reader.get(&PAUSE_NS),
            pattern: reader.get(&PATTERN),
            sample: Duration::from_millis(reader.get(&SAMPLE_MS).into()),
        }
    }

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome<Body> {
        sweep(harness, config, report);
        RunOutcome::Finished
    }
}

/// Counters that people choose between, and the one that loses count.
const COMMON: &[&str] =
    &["std-mutex", "parking-lot", "spin", "ticket", "atomic", "sharded", "racy"];

impl Config {
    fn kinds(&self, harness: &Harness) -> Vec<&'static Kind> {
        let belongs = |kind: &&Kind| {
            kind.name == self.counter.name
                || match self.counters {
                    Counters::Common => COMMON.contains(&kind.name),
                    Counters::Locks => kind.shared && !LOCK_FREE.contains(&kind.name),
                    Counters::All => kind.shared,
                    Counters::One => false,
                }
        };
        let here = KINDS.iter().filter(|kind| harness.offers(kind));
        here.filter(belongs).collect()
    }

    /// `step` is the clock's: one is at most 2 % of a sample.
    fn trial(
        &self,
        kind: &'static Kind,
        threads: u32,
        multiplication_ns: f64,
        step: Duration,
    ) -> TrialConfig {
        TrialConfig {
            kind,
            threads,
            hold_ns: self.hold_ns,
            pause_ns: self.pause_ns,
            pattern: self.pattern,
            sample: self.sample.max(step * 50 * SAMPLES as u32),
            multiplication_ns,
            ownership: kind.name == self.counter.name,
        }
    }
}

/// Numbers of threads: doubled again and again up to the last.
fn steps(last: u32) -> Vec<u32> {
    let mut steps: Vec<u32> = (0..8).map(|power| 1 << power).filter(|step| *step < last).collect();
    steps.push(last);
    steps
}

/// Measures one point after the other. What was found before a stop or a failure stays.
fn sweep(harness: &Harness, config: &Config, report: &mut Report<Body>) {
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    harness.publish_rings(Arc::default());
    let kinds = config.kinds(harness);
    let steps = steps(config.threads);
    let Some(multiplication_ns) = harness.compute(|| calibration::multiplication_ns(harness, step))
    else {
        report.outcome = Outcome::Stopped;
        return;
    };
    // At most 32 counters times 8 numbers of threads.
    let planned = (kinds.len() * steps.len()) as u32;
    let live_rows = LiveRows::publish(harness, planned as usize);
    let seed = harness.seed();
    report.body.seed = Some(seed);
    let mut random = SplitMix::new(seed.into());
    let mut points = Points {
        harness,
        step,
        price_ns: harness.compute(|| prices(harness, &kinds, step)),
        rows: Vec::new(),
    };
    'sweep: for threads in steps {
        let mut order = kinds.clone();
        random.shuffle(&mut order);
        for kind in order {
            // A lock that times out with some threads does so with more.
            if points.timed_out(kind.name) {
                continue;
            }
            if harness.is_stopping() {
                report.outcome = Outcome::Stopped;
                break 'sweep;
            }
            let number = points.rows.len() as u32;
            let trial = config.trial(kind, threads, multiplication_ns, step);
            let result = trial::run(harness, trial, number, planned);
            if !result.stuck.is_empty() {
                report.stuck = Some(result.stuck);
                report.outcome = Outcome::Failed;
                break 'sweep;
            }
            if harness.is_stopping() {
                report.outcome = Outcome::Stopped;
                break 'sweep;
            }
            if !result.all_finished {
                // The runtime has noted who failed, and why.
                report.outcome = Outcome::Failed;
                break 'sweep;
            }
            let violation = points.add(&trial, &result);
            live_rows.write(number as usize, &points.rows[number as usize]);
            if let Some(violation) = violation {
                report.fail(violation);
            }
        }
    }
    report.warnings.extend(doubts(&points.rows));
    report.text = text(&points.rows);
    report.body.points = Some(points.rows);
}

/// Points that can't be trusted, or say less than they might.
fn doubts(rows: &[PointRow]) -> Vec<Warning> {
    let timed_out = rows.iter().filter_map(|row| {
        Some(Warning::TimedOut {
            counter: row.counter.clone(),
            threads: row.threads,
            after_ms: row.gave_up_after_ms?,
        })
    });
    let mut doubts: Vec<_> = timed_out.collect();
    if rows.iter().any(|row| row.unpredicted.is_some()) {
        doubts.push(Warning::CoresUnknown);
    }
    doubts
}

/// What one increment of each costs where nobody competes: the shortest that a critical section can be.
fn prices(harness: &Harness, kinds: &[&'static Kind], step: Duration) -> Vec<(&'static str, f64)> {
    let price = |kind: &&'static Kind| {
        let ns = calibration::quick_price_ns(harness, kind, step)?;
        Some((kind.name, ns))
    };
    kinds.iter().filter_map(price).collect()
}
