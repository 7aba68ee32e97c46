//! What does it cost that threads share a counter through a lock?
//!
//! The post's own experiment: four runs, {IO, CPU} × {no lock, lock}, timed by the wall. What one lock
//! operation costs if many are timed at once is another experiment's question.

mod cores;
mod gil;
pub mod report;
mod run;
mod worker;
mod workload;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use crate::busy::Busy;
use crate::counter::{Kind, NONE};
use crate::experiment::report::{Outcome, PriceRow, RecordingCost, Report, Warning};
use crate::experiment::settings::{
    self, ConfigReader, LOOPS, ON_OFF, OneOf, Setting, THREADS, TIMES, WAIT_MS,
};
use crate::experiment::{Experiment, RunOutcome};
use crate::measure::clock::{ms, step_ms};
use crate::measure::compare::compare;
use crate::measure::rounded;
use crate::measure::rounds::{Rounds, STEPS_A_BATCH, Timed};
use crate::prose;
use crate::runtime::trace::Rings;
use crate::runtime::{Harness, calibration};
use report::{Body, BusyMode, Comparison, GilPart, RUNS, Run, Verdict};
use workload::{Rehearsal, Workload};

/// The experiment.
#[derive(Debug)]
pub struct LockCost;

/// What its runs are to be.
#[derive(Debug)]
pub struct Config {
    threads: u32,
    times: u32,
    wait_ms: u32,
    loops: u32,
    counter: &'static Kind,
    gil: bool,
}

const GIL: Setting<OneOf<bool>> = Setting {
    name: "gil",
    attribute: "gil",
    domain: ON_OFF,
    default: false,
    unit: "",
    meaning: prose(
        "Whether workers run one at a time, under one lock that is passed on every 5 ms, as CPython's do; one that sleeps lets others run.",
    ),
};

/// Of the runs in the post's order.
const FIRST_CPU_RUN: u32 = 2;
/// Increments of all workers together after which engines have compiled what an increment is made of: WebKit's last compiler takes what
/// was called 3,334 times (50,000 points, of which a call is worth 15: JavaScriptCore's `OptionsList.h`).
const WARM_UP_INCREMENTS: u32 = 10_000;
/// Multiplications between two of them.
const WARM_UP_LOOPS: u64 = 100;
/// How long they take at most: a lock may be a thousand times slower where all want it.
const WARM_UP: Duration = Duration::from_millis(60);
/// Multiplications between two increments of a rehearsal, at most: one or two milliseconds of them.
const REHEARSED_LOOPS: u64 = 1_000_000;
/// How long a rehearsal of calculating is at least. It takes at least six until they have settled.
const REHEARSAL: Duration = Duration::from_millis(10);
/// After how long no further one begins.
const SETTLING: Duration = Duration::from_millis(400);

impl Experiment for LockCost {
    const NAME: &'static str = "lock-cost";
    const QUESTION: &'static str =
        prose("What does it cost that threads share a counter through a lock?");

    const ALONE: bool = true;

    type Config = Config;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> Config {
        Config {
            threads: reader.get(&THREADS),
            times: reader.get(&TIMES),
            wait_ms: reader.get(&WAIT_MS),
            loops: reader.get(&LOOPS),
            counter: settings::counter(reader),
            gil: reader.get(&GIL),
        }
    }

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome<Body> {
        let mut is_first = false;
        let prices = harness.keep(config.counter.name, || {
            is_first = true;
            Prices::measure(harness, config)
        });
        let step = prices.step;
        report.environment.clock_step_ms = Some(step_ms(step));
        let workloads = RUNS.map(|run| config.workload(run));
        harness.publish_rings(Arc::default());
        // Engines compile on the way: after two waits each, WebKitGTK's first run took up to half as long again.
        let waits = if is_first { 20 } else { 2 };
        let deadline = Instant::now() + SETTLING;
        let waits = Rehearsal { times: waits, loops: 0, deadline };
        rehearse(harness, &workloads[..2], &waits);
        // The third run as it would be without a GIL.
        let parallel = config.gil.then(|| Workload { gil: false, ..workloads[2] });
        let parallel = parallel.and_then(|parallel| {
            settle(harness, &[parallel], is_first);
            parallel.run(harness, None, &parallel.rings()).run
        });
        let events = workloads.iter().map(Workload::events).sum();
        let rings = Arc::new(Rings::new(config.threads as usize, events));
        harness.publish_rings(Arc::clone(&rings));
        let (mut segments, mut bests) = (Vec::new(), Vec::new());
        let mut rehearsals = Vec::new();
        for (phase, (run, workload)) in (0..).zip(RUNS.into_iter().zip(&workloads)) {
            if phase == FIRST_CPU_RUN {
                (rehearsals, ..) = settle(harness, &workloads[2..], is_first);
            }
            if harness.is_stopping() {
                report.outcome = Outcome::Stopped;
                break;
            }
            harness.print(&report::announcement(run));
            let result = workload.run(harness, Some(phase), &rings);
            if let Some((worker, wait)) = result.starved {
                report.warnings.push(Warning::Starved {
                    counter: workload.kind.name.to_owned(),
                    worker,
                    wait_ms: rounded(ms(wait), 1),
                });
            }
            let Some(mut run) = result.run else {
                report.outcome = Outcome::Stopped;
                break;
            };
            report.outcome = run.outcome;
            if run.outcome == Outcome::Done {
                run.ideal_ms = config.ideal_ms(run.busy, harness.environment.cores, prices.loop_ns);
            }
            if let Some(line) = report::line(&run) {
                harness.print(&format!("{line}\n"));
            }
            if let (2, Some(parallel), Some(switches)) = (phase, &parallel, result.switches) {
                let parallel_ms = parallel.wall_ms.filter(|_| run.outcome == Outcome::Done);
                report.body.gil = parallel_ms.map(|parallel_ms| GilPart { parallel_ms, switches });
            }
            report.body.runs.push(run);
            segments.push(result.segments);
            bests.push(result.bests);
            if let Some(violation) = result.violation {
                report.fail(violation);
            }
            if report.outcome != Outcome::Done {
                break;
            }
        }
        let Report { common, body } = report;
        let runs = &body.runs;
        if let Some(result) = report::result(runs) {
            harness.print(&result);
        }
        common.text = report::text(runs);
        let price_ns = prices.counter.as_ref().map(|price| price.ns_per_op);
        body.verdict = verdict(runs, &segments, &rehearsals, step, price_ns);
        common.warnings.extend(doubts(body.verdict.as_ref()));
        let cpu_runs = bests.get(2..4).filter(|_| !config.gil && common.outcome == Outcome::Done);
        let unlike = |bests| cores::unlike(bests, config.times, common.environment.cores, step);
        common.warnings.extend(cpu_runs.and_then(unlike));
        common.warnings.extend(prices.slow_tier);
        common.recording = Some(RecordingCost::of(&rings, prices.event_ns));
        body.prices = prices.counter.map(|price| vec![price]);
        RunOutcome::Finished
    }
}

impl Config {
    fn workload(&self, (busy, lock): (BusyMode, bool)) -> Workload {
        Workload {
            threads: self.threads,
            times: self.times,
            busy: match busy {
                BusyMode::Io => Busy::Io(Duration::from_millis(self.wait_ms.into())),
                BusyMode::Cpu => Busy::Cpu(self.loops.into()),
            },
            kind: if lock { self.counter } else { &NONE },
            lock,
            gil: self.gil,
            deadline: None,
        }
    }

    fn ideal_ms(&self, busy: BusyMode, cores: Option<u32>, loop_ns: Option<f64>) -> Option<f64> {
        match busy {
            BusyMode::Io => Some(f64::from(self.times) * f64::from(self.wait_ms)),
            BusyMode::Cpu => {
                let loops = f64::from(self.threads) * f64::from(self.times) * f64::from(self.loops);
                let cores = if self.gil { 1 } else { cores?.clamp(1, self.threads) };
                let shared = loops / f64::from(cores);
                Some(rounded(shared * loop_ns? / 1e6, 4))
            }
        }
    }
}

/// Runs a short version of both runs of a pair, without a lock and with it, and says how many milliseconds each took; `None` if a
/// stop or the deadline came in between.
fn rehearse(harness: &Harness, pair: &[Workload], rehearsal: &Rehearsal) -> Option<Vec<f64>> {
    let runs = pair.iter().map(|workload| {
        let short = workload.rehearsal(rehearsal);
        let run = short.run(harness, None, &short.rings()).run?;
        run.wall_ms.filter(|_| run.outcome == Outcome::Done)
    });
    runs.collect()
}

/// So many increments that engines compile what lies between two of them before anything is timed, and not while it is: they count
/// calls, by all threads together. With twenty threads WebKitGTK came to it in the first CPU run, which took 4 % longer for it.
fn warm_up(threads: u32) -> Rehearsal {
    Rehearsal {
        times: WARM_UP_INCREMENTS.div_ceil(threads),
        loops: WARM_UP_LOOPS,
        deadline: Instant::now() + WARM_UP,
    }
}

/// Calculates on all workers until the time that it takes has settled, as prices are warmed up: else the first of two equal
/// runs is the longer one. Engines compile twice, and processors that have waited for a while are slow at first;
/// so it comes right before the runs that calculate, and after a [`warm_up`] where they are the first. Returns the milliseconds of both
/// runs, of the rehearsals that were as long as the last one; how many there were of any length; and whether they settled it.
fn settle(harness: &Harness, pair: &[Workload], is_first: bool) -> (Vec<[f64; 2]>, u32, bool) {
    if is_first {
        rehearse(harness, pair, &warm_up(pair[0].threads));
    }
    // A lock may be a thousand times slower from one rehearsal to the next: a fair one that spins, with more threads than cores.
    let deadline = Instant::now() + SETTLING;
    let walls = RefCell::new(Vec::new());
    let timed: Timed<'_> = Box::new(|times| {
        let times = u32::try_from(times).ok()?;
        let both = rehearse(harness, pair, &Rehearsal { times, loops: REHEARSED_LOOPS, deadline })?;
        let all = both.iter().sum::<f64>();
        walls.borrow_mut().push((times, both));
        Some(Duration::from_secs_f64(all / 1e3))
    });
    let mut rehearsals = Rounds::new(vec![timed], REHEARSAL / STEPS_A_BATCH, 0);
    rehearsals.warm_up(SETTLING, &|| !harness.is_stopping());
    let (count, settled) = rehearsals.warm_up_stats(0);
    drop(rehearsals);
    let walls = walls.into_inner();
    let last = walls.last().map(|(times, _)| *times);
    let as_long = walls.into_iter().filter(|(times, _)| Some(*times) == last);
    (as_long.filter_map(|(_, both)| both.try_into().ok()).collect(), count, settled)
}

/// What is measured before the runs, or was before earlier ones; `None` if a stop came in between.
#[derive(Clone)]
struct Prices {
    step: Duration,
    counter: Option<PriceRow>,
    loop_ns: Option<f64>,
    event_ns: Option<f64>,
    slow_tier: Option<Warning>,
}

impl Prices {
    fn measure(harness: &Harness, config: &Config) -> Prices {
        let step = harness.clock_step();
        harness.compute(|| {
            let counter = calibration::counter_price(harness, config.counter, step);
            let loop_ns = calibration::multiplication_ns(harness, step);
            let slow = loop_ns.filter(|ns| calibration::is_slow_tier(harness, *ns, step));
            Prices {
                step,
                counter: counter.map(|(price, lost)| PriceRow {
                    ns_per_op: rounded(price.ns.median, 3),
                    low_ns: rounded(price.ns.low, 3),
                    high_ns: rounded(price.ns.high, 3),
                    samples: price.samples as u32,
                    operations: price.operations,
                    lost,
                    measured_at: Some(harness.host().iso_now()),
                    ..PriceRow::of(config.counter, harness)
                }),
                loop_ns,
                event_ns: calibration::event_ns(harness, step),
                slow_tier: slow.map(|ns| Warning::SlowTier { loop_ns: rounded(ns, 2) }),
            }
        })
    }
}

/// What the verdict can't tell.
fn doubts(verdict: Option<&Verdict>) -> Vec<Warning> {
    let pairs = verdict.map(|verdict| [("io", &verdict.io), ("cpu", &verdict.cpu)]);
    let pairs = pairs.into_iter().flatten();
    pairs
        .filter(|(_, pair)| pair.as_ref().is_some_and(|pair| pair.noise_ms.is_none()))
        .map(|(busy, _)| Warning::TooShort { busy })
        .collect()
}

/// Compares each pair of finished runs.
fn verdict(
    runs: &[Run],
    segments: &[Vec<f64>],
    rehearsals: &[[f64; 2]],
    step: Duration,
    price_ns: Option<f64>,
) -> Option<Verdict> {
    let compare = |first: usize, rehearsals: &[[f64; 2]]| {
        let locked = runs.get(first + 1)?;
        if locked.outcome != Outcome::Done {
            return None;
        }
        let difference_ms = rounded(locked.wall_ms? - runs[first].wall_ms?, 4);
        let judged =
            compare(difference_ms, &segments[first], &segments[first + 1], rehearsals, step);
        Some(Comparison {
            difference_ms,
            noise_ms: judged.noise_ms.map(|noise| rounded(noise, 4)),
            shows: judged.shows,
            lock_operations: locked.increments,
            lock_time_ms: price_ns.map(|ns| rounded(ns * locked.increments as f64 / 1e6, 6)),
        })
    };
    let verdict = Verdict { io: compare(0, &[]), cpu: compare(2, rehearsals) };
    verdict.io.is_some().then_some(verdict)
}

#[cfg(all(test, not(loom)))]
mod tests;
