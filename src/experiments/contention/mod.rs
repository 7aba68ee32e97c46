//! What becomes of a lock's price as threads compete for it? Throughput, fairness and waits, counter by
//! counter and thread by thread. Not here: what one thread alone pays (`price_list`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write as _;
use std::time::Duration;

mod trial;
mod worker;

use crate::counter::{KINDS, Kind};
use crate::experiment::report::{Outcome, PointRow, Predicted, Report, Unpredicted, WaitNs};
use crate::experiment::settings::{Settings, Use};
use crate::experiment::tables::LiveRows;
use crate::experiment::{Ending, Experiment, master_failure};
use crate::measure::clock::{ms, step_ms};
use crate::measure::models::{amdahl, fairness, repairman};
use crate::measure::random::SplitMix;
use crate::measure::rounded;
use crate::runtime::{Harness, calibration};
use trial::{End, PARTS, Pattern, Plan};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "contention",
    question: "What becomes of a lock's price as threads compete for it?",
    settings: &[
        Use::of("threads"),
        Use::of("counter"),
        Use::of("counters"),
        Use::of("holdNs"),
        Use::of("pauseNs"),
        Use::of("pattern"),
        Use::of("sampleMs"),
    ],
    spare: 1,
    run,
    resume: None,
};

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

fn chosen(settings: &Settings) -> Vec<&'static Kind> {
    let pinned = settings.choice("counter");
    let set = settings.choice("counters");
    let belongs = |kind: &&Kind| {
        kind.name == pinned
            || match set {
                "common" => COMMON.contains(&kind.name),
                "locks" => kind.shared && !LOCK_FREE.contains(&kind.name),
                "all" => kind.shared,
                _ => false,
            }
    };
    KINDS
        .iter()
        .filter(|kind| kind.is_here() && belongs(kind))
        .collect()
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

fn run(harness: &Harness, settings: &Settings, report: &mut Report) -> Ending {
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    harness.publish_rings(None);
    let kinds = chosen(settings);
    let steps = steps(settings.integer("threads"));
    let pinned = settings.choice("counter");
    let Some(multiplication_ns) = harness.compute(|| calibration::multiplication_ns(harness, step))
    else {
        report.outcome = Outcome::Stopped;
        return Ending::Over;
    };
    let plan = |kind: &'static Kind, threads| Plan {
        kind,
        threads,
        hold_ns: settings.integer("holdNs"),
        pause_ns: settings.integer("pauseNs"),
        pattern: match settings.choice("pattern") {
            "hog" => Pattern::Hog,
            "bursts" => Pattern::Bursts,
            _ => Pattern::Even,
        },
        sample: Duration::from_millis(settings.integer("sampleMs").into()),
        multiplication_ns,
        turns: kind.name == pinned,
    };
    // At most 32 counters times 8 numbers of threads.
    let planned = (kinds.len() * steps.len()) as u32;
    let live_rows = LiveRows::begin::<PointRow>(harness, planned as usize);
    let seed = crate::experiments::price_list::seed(harness);
    report.seed = Some(seed);
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
            let plan = plan(kind, threads);
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
            live_rows.publish(number as usize, &row);
            sweep.points.push(row);
        }
    }
    if !sweep.failures.is_empty() {
        report.failures = Some(sweep.failures);
    }
    report.text = text(&sweep.points);
    report.points = Some(sweep.points);
    Ending::Over
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
    failures: Vec<crate::runtime::Failure>,
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
            self.failures.push(master_failure(format!(
                "{threads} threads made {} increments, but the counter {} misses {lost}",
                end.increments, kind.name,
            )));
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

/// A line a point, in the order in which they were measured.
fn text(points: &[PointRow]) -> String {
    let mut text = String::new();
    for point in points {
        if !text.is_empty() {
            text.push('\n');
        }
        let PointRow {
            counter, threads, ..
        } = point;
        // Writing to a string can't fail.
        let _ = match (point.ops_per_second, point.gave_up_after_ms) {
            (Some(rate), _) => write!(
                text,
                "{counter}, threads {threads}: {} increments/s",
                rate.round() as u64
            ),
            (None, Some(after)) => write!(
                text,
                "{counter}, threads {threads}: gave up after {} ms",
                after.round() as u64
            ),
            (None, None) => write!(text, "{counter}, threads {threads}: wrong"),
        };
    }
    text
}
