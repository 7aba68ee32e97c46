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
use crate::measure::rounded;
use crate::prose;
use crate::runtime::live::Table;
use crate::runtime::{Harness, calibration};
use points::{LOCK_FREE, Point, Points};
use report::{Body, PointRow, text};
use workload::{Pattern, TrialConfig};

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
    meaning: prose("Which counters are compared; the chosen one is always among them."),
};

const PAUSE_NS: Setting<Range> = Setting {
    name: "pauseNs",
    attribute: "pause-ns",
    domain: Range(0, 10_000_000),
    default: 0,
    unit: "ns",
    meaning: prose("How long a worker calculates between two critical sections."),
};

const PATTERN: Setting<OneOf<Pattern>> = Setting {
    name: "pattern",
    attribute: "pattern",
    domain: OneOf(&["even", "hog", "bursts"], &[Pattern::Even, Pattern::Hog, Pattern::Bursts]),
    default: Pattern::Even,
    unit: "",
    meaning: prose(
        "Whether all workers do the same, one holds the lock ten times as long, or they come in bursts.",
    ),
};

const SAMPLE_MS: Setting<Range> = Setting {
    name: "sampleMs",
    attribute: "sample-ms",
    domain: Range(10, 5000),
    default: 60,
    unit: "ms",
    meaning: prose(
        "How long the throughput of one counter with one number of threads is measured, all windows together.",
    ),
};

impl Experiment for Contention {
    const NAME: &'static str = "contention";
    const QUESTION: &'static str =
        prose("What becomes of a lock's price as threads compete for it?");
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

    /// Whether threads do anything but increment.
    fn calculates(&self) -> bool {
        self.hold_ns > 0 || self.pause_ns > 0 || self.pattern != Pattern::Even
    }

    fn trial(
        &self,
        kind: &'static Kind,
        threads: u32,
        multiplication_ns: f64,
        step: Duration,
    ) -> TrialConfig {
        let waits = (self.sample / 3).clamp(Duration::from_millis(10), Duration::from_millis(500));
        // A stage that is shorter than a step of the clock tells nothing, and would last as long as that.
        let tells = |stage: &Duration| *stage >= step;
        TrialConfig {
            kind,
            threads,
            hold_ns: self.hold_ns,
            pause_ns: self.pause_ns,
            pattern: self.pattern,
            window: window(self.sample, step),
            is_first: true,
            waits: Some(waits).filter(tells).unwrap_or_default(),
            multiplication_ns,
            ownership: kind.name == self.counter.name && tells(&trial::OWNERSHIP_WINDOW),
        }
    }
}

/// Windows in which a point is measured, one a round. Where one of two counters is quicker in each of ten, that is
/// chance once in 512; so for up to 25 counters that are compared with one, all comparisons together are wrong in
/// less than 5 % (a sign test, by Bonferroni's inequality).
const WINDOWS: u32 = 10;
/// Steps of the clock that a window lasts at least, if there is time.
const STEPS: u32 = 20;

/// How long a window is. On a coarse clock it is longer, and there are fewer.
fn window(sample: Duration, step: Duration) -> Duration {
    (sample / WINDOWS).max((step * STEPS).min(sample))
}

/// Numbers of threads: doubled again and again up to the last.
fn steps(last: u32) -> Vec<u32> {
    let mut steps: Vec<u32> = (0..8).map(|power| 1 << power).filter(|step| *step < last).collect();
    steps.push(last);
    steps
}

/// Measures a window of every point, round after round. What was found before a stop or a failure stays.
///
/// The first round goes up in threads, and times waits as well: a lock that times out with some threads is not tried with
/// more. Later ones go through all points in random order, so that what disturbs the machine for a while disturbs all.
fn sweep(harness: &Harness, config: &Config, report: &mut Report<Body>) {
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    harness.publish_rings(Arc::default());
    let kinds = config.kinds(harness);
    let Some(multiplication_ns) = harness.compute(|| calibration::multiplication_ns(harness, step))
    else {
        report.outcome = Outcome::Stopped;
        return;
    };
    if calibration::is_slow_tier(harness, multiplication_ns, step) {
        report.warnings.push(Warning::SlowTier { loop_ns: rounded(multiplication_ns, 2) });
    }
    let seed = harness.seed();
    report.body.seed = Some(seed);
    let mut random = SplitMix::new(seed.into());
    let mut plan = Vec::new();
    for threads in steps(config.threads) {
        let mut order = kinds.clone();
        random.shuffle(&mut order);
        plan.extend(
            order.into_iter().map(|kind| config.trial(kind, threads, multiplication_ns, step)),
        );
    }
    // At most 32 counters times 8 numbers of threads.
    let planned = plan.len() as u32;
    let mut sweep = Sweep {
        live_rows: LiveRows::publish(harness, plan.len()),
        points: Points {
            harness,
            step,
            price_ns: harness.compute(|| prices(harness, &kinds, step)),
            found: Vec::new(),
        },
        planned,
    };
    let mut outcome = sweep.first_round(plan, report);
    for round in 1..config.sample.div_duration_f64(window(config.sample, step)) as u32 {
        if outcome.is_some() {
            break;
        }
        if config.calculates() {
            sweep.calibrate();
        }
        let mut order: Vec<_> = (0..sweep.points.found.len()).collect();
        random.shuffle(&mut order);
        outcome = order.into_iter().find_map(|place| sweep.window(place, round, report));
    }
    if let Some(outcome) = outcome {
        report.outcome = outcome;
    }
    let rows = sweep.points.rows();
    report.warnings.extend(doubts(&rows));
    report.text = text(&rows);
    report.body.points = Some(rows);
}

struct Sweep<'a> {
    points: Points<'a>,
    live_rows: LiveRows<PointRow>,
    planned: u32,
}

impl Sweep<'_> {
    /// The first window of each point; says what ended the run, if anything did.
    fn first_round(
        &mut self,
        plan: Vec<TrialConfig>,
        report: &mut Report<Body>,
    ) -> Option<Outcome> {
        for trial in plan {
            if self.points.timed_out(trial.kind.name) {
                continue;
            }
            let place = self.points.found.len();
            self.points.found.push(Point::new(trial));
            if let Some(outcome) = self.window(place, 0, report) {
                // Nothing is known of it.
                self.points.found.pop();
                return Some(outcome);
            }
        }
        None
    }

    /// Finds out anew how many multiplications a hold and a pause are: else all windows would have the one calibration's error, and
    /// no interval would show it.
    fn calibrate(&mut self) {
        let Points { harness, step, .. } = self.points;
        let found = harness.compute(|| calibration::multiplication_ns_again(harness, step));
        for point in &mut self.points.found {
            point.trial.multiplication_ns = found.unwrap_or(point.trial.multiplication_ns);
        }
    }

    /// One more window of a point; says what ended the run, if anything did.
    fn window(&mut self, place: usize, round: u32, report: &mut Report<Body>) -> Option<Outcome> {
        let Points { harness, .. } = self.points;
        let point = &mut self.points.found[place];
        if point.timed_out() {
            return None;
        }
        if harness.is_stopping() {
            return Some(Outcome::Stopped);
        }
        let result = trial::run(harness, point.trial, round, self.planned);
        if result.has_stuck {
            return Some(Outcome::Failed);
        }
        if harness.is_stopping() {
            return Some(Outcome::Stopped);
        }
        if !result.all_finished {
            // The runtime has noted who failed, and why.
            return Some(Outcome::Failed);
        }
        if let Some(violation) = point.add(result) {
            report.fail(violation);
        }
        self.live_rows.write(place, &self.points.row(&self.points.found[place]));
        None
    }
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

#[cfg(all(test, not(loom)))]
mod tests;
