//! What becomes of a lock's price as threads compete for it?
//!
//! Throughput, fairness and waits, counter by counter and thread by thread.

pub mod report;
mod trial;
mod worker;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::counter::{KINDS, Kind};
use crate::experiment::live::{LiveRow, LiveRows};
use crate::experiment::report::{Outcome, Report};
use crate::experiment::settings::{self, ConfigReader, OneOf, Range, Setting, THREADS};
use crate::experiment::{Experiment, RunOutcome};
use crate::measure::clock::{ms, step_ms};
use crate::measure::models::{amdahl, fairness, repairman};
use crate::measure::random::SplitMix;
use crate::measure::rounded;
use crate::runtime::live::Table;
use crate::runtime::{Harness, calibration};
use report::{Body, PointRow, Predicted, Unpredicted, WaitNs, text};
use trial::{End, PARTS, Pattern, Plan};

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
    domain: OneOf(&[
        ("common", Counters::Common),
        ("locks", Counters::Locks),
        ("all", Counters::All),
        ("one", Counters::One),
    ]),
    default: Counters::Common,
    unit: "",
    meaning: "Which counters are compared; the chosen one is always among them.",
};

const HOLD_NS: Setting<Range> = Setting {
    name: "holdNs",
    attribute: "hold-ns",
    domain: Range(0, 10_000_000),
    default: 0,
    unit: "ns",
    meaning: "How long a worker calculates inside the critical section, besides counting.",
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
    domain: OneOf(&[
        ("even", Pattern::Even),
        ("hog", Pattern::Hog),
        ("bursts", Pattern::Bursts),
    ]),
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

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome {
        sweep(harness, config, report);
        RunOutcome::Finished
    }
}

/// Counters that people choose between, and the one that loses count.
const COMMON: &[&str] = &[
    "std-mutex",
    "parking-lot",
    "spin",
    "ticket",
    "atomic",
    "sharded",
    "racy",
];

/// Counters that shut nobody out: no theory of locks speaks of them.
const LOCK_FREE: &[&str] = &["none", "racy", "atomic", "cas", "sharded", "js-atomics"];

impl Config {
    fn kinds(&self) -> Vec<&'static Kind> {
        let belongs = |kind: &&Kind| {
            kind.name == self.counter.name
                || match self.counters {
                    Counters::Common => COMMON.contains(&kind.name),
                    Counters::Locks => kind.shared && !LOCK_FREE.contains(&kind.name),
                    Counters::All => kind.shared,
                    Counters::One => false,
                }
        };
        let here = KINDS.iter().filter(|kind| kind.is_here());
        here.filter(belongs).collect()
    }

    fn trial(&self, kind: &'static Kind, threads: u32, multiplication_ns: f64) -> Plan {
        Plan {
            kind,
            threads,
            hold_ns: self.hold_ns,
            pause_ns: self.pause_ns,
            pattern: self.pattern,
            sample: self.sample,
            multiplication_ns,
            turns: kind.name == self.counter.name,
        }
    }
}

/// Numbers of threads: doubled again and again up to the last.
fn steps(last: u32) -> Vec<u32> {
    let mut steps: Vec<u32> = (0..8)
        .map(|power| 1 << power)
        .filter(|step| *step < last)
        .collect();
    steps.push(last);
    steps
}

fn sweep(harness: &Harness, config: &Config, report: &mut Report<Body>) {
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    harness.publish_rings(None);
    let kinds = config.kinds();
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
    let mut sweep = Sweep {
        harness,
        step,
        price_ns: harness.compute(|| prices(harness, &kinds, step)),
        points: Vec::new(),
        failures: Vec::new(),
    };
    'sweep: for threads in steps {
        let mut order = kinds.clone();
        random.shuffle(&mut order);
        for kind in order {
            // A lock that does not come to its end with some does not with more.
            if sweep.gave_up(kind.name) {
                continue;
            }
            if harness.is_stopping() {
                report.outcome = Outcome::Stopped;
                break 'sweep;
            }
            let number = sweep.points.len() as u32;
            let plan = config.trial(kind, threads, multiplication_ns);
            let end = trial::run(harness, plan, Some((number, planned)));
            if !end.stuck.is_empty() {
                report.stuck = Some(end.stuck);
                report.outcome = Outcome::Failed;
                break 'sweep;
            }
            if harness.is_stopping() {
                report.outcome = Outcome::Stopped;
                break 'sweep;
            }
            if !end.whole {
                // The runtime has noted who failed, and why.
                report.outcome = Outcome::Failed;
                break 'sweep;
            }
            let row = sweep.row(&plan, &end);
            live_rows.write(number as usize, &row);
            sweep.points.push(row);
        }
    }
    for failure in sweep.failures {
        report.fail(failure);
    }
    report.text = text(&sweep.points);
    report.body.points = Some(sweep.points);
}

/// What one increment of each costs where nobody competes: the shortest that a critical section can be.
fn prices(harness: &Harness, kinds: &[&'static Kind], step: Duration) -> Vec<(&'static str, f64)> {
    let price = |kind: &&'static Kind| {
        let ns = calibration::quick_price_ns(harness, kind, step)?;
        Some((kind.name, ns))
    };
    kinds.iter().filter_map(price).collect()
}

/// What a sweep has found so far.
struct Sweep<'a> {
    harness: &'a Harness,
    step: Duration,
    /// What one increment costs, by the counter's name.
    price_ns: Vec<(&'static str, f64)>,
    points: Vec<PointRow>,
    failures: Vec<String>,
}

impl Sweep<'_> {
    fn gave_up(&self, counter: &str) -> bool {
        let mut mine = self.points.iter().filter(|point| point.counter == counter);
        mine.any(|point| point.gave_up_after_ms.is_some())
    }

    /// A bout as the report has it. A counter that lost count though it never may has no numbers but a
    /// failure.
    fn row(&mut self, plan: &Plan, end: &End) -> PointRow {
        let Plan { kind, threads, .. } = *plan;
        let lost = end.value.map_or(0, |value| end.increments as i64 - value);
        let mut row = PointRow {
            counter: kind.name.to_owned(),
            side: self.harness.host().side().to_owned(),
            threads,
            hold_ns: plan.hold_ns,
            pause_ns: plan.pause_ns,
            lost,
            increments: end.increments,
            gave_up_after_ms: end.gave_up.map(|after| rounded(ms(after), 1)),
            ..PointRow::default()
        };
        if kind.exact && lost != 0 {
            self.failures.push(format!(
                "{threads} threads made {} increments, but the counter {} misses {lost}",
                end.increments, kind.name,
            ));
            return row;
        }
        let shares: Vec<u64> = end.made.iter().map(|made| made.iter().sum()).collect();
        let made: u64 = shares.iter().sum();
        let counted: Duration = end.parts.iter().sum();
        if row.gave_up_after_ms.is_none() && made == 0 {
            // It came to its end, but did nothing while it was watched.
            row.gave_up_after_ms = Some(rounded(ms(counted), 1));
        }
        if row.gave_up_after_ms.is_some() {
            return row;
        }
        let rate =
            |made: u64, long: Duration| rounded(made as f64 / long.as_secs_f64().max(1e-9), 1);
        let mut parts: Vec<f64> = (0..PARTS)
            .map(|part| {
                rate(
                    end.made.iter().map(|made| made[part]).sum(),
                    end.parts[part],
                )
            })
            .collect();
        parts.sort_unstable_by(f64::total_cmp);
        row.ops_per_second = Some(rate(made, counted));
        row.low_ops_per_second = parts.first().copied();
        row.high_ops_per_second = parts.last().copied();
        row.fairness = fairness(&shares).map(|fair| rounded(fair, 4));
        row.shares = Some(shares);
        row.wait_ns = end.waits.as_ref().map(|waits| self.waits(waits));
        row.histogram = end
            .waits
            .as_ref()
            .map(|waits| STANDARD.encode(waits.encoded()));
        match self.predict(plan) {
            Some(Ok(predicted)) => row.predicted = Some(predicted),
            Some(Err(why)) => row.unpredicted = Some(why),
            None => {}
        }
        row.turns = Some(end.turns.clone()).filter(|_| plan.turns);
        row
    }

    fn waits(&self, waits: &crate::measure::latency::Waits) -> WaitNs {
        // A step of the clock, less than seconds.
        let step = self.step.as_nanos() as u64;
        let at_least = |ns: u64| ns.max(step);
        WaitNs {
            p50: at_least(waits.quantile(0.5)),
            p90: at_least(waits.quantile(0.9)),
            p99: at_least(waits.quantile(0.99)),
            max: at_least(waits.longest()),
            count: waits.count(),
            step,
        }
    }

    /// What theory makes of the same counter's single thread; `None` where it has nothing to say.
    fn predict(&self, plan: &Plan) -> Option<Result<Predicted, Unpredicted>> {
        if plan.threads == 1 || plan.pattern != Pattern::Even || LOCK_FREE.contains(&plan.kind.name)
        {
            return None;
        }
        let mut mine = self
            .points
            .iter()
            .filter(|point| point.counter == plan.kind.name);
        let alone = mine.find(|point| point.threads == 1)?.ops_per_second?;
        let turn_ns = 1e9 / alone;
        // By what a turn is made of, not by what is left of the measured one: a thread that lost its
        // processor lost it in both parts of the turn.
        let mut prices = self.price_ns.iter();
        let price = prices.find(|(name, _)| *name == plan.kind.name)?.1;
        let inside_ns = f64::from(plan.hold_ns) + price;
        let share = inside_ns / (inside_ns + f64::from(plan.pause_ns));
        // One core would be a guess, and the prediction one too.
        let Some(cores) = self.harness.environment.cores else {
            return Some(Err(Unpredicted::CoresUnknown));
        };
        let cores = cores.clamp(1, plan.threads);
        Some(Ok(Predicted {
            amdahl_ops_per_second: rounded(alone * amdahl(share, cores), 1),
            repairman_ops_per_second: rounded(
                repairman(cores, turn_ns * (1.0 - share), turn_ns * share),
                1,
            ),
            serial_share: rounded(share, 4),
        }))
    }
}
