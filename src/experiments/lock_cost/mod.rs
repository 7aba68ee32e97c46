//! What does it cost that threads share a counter through a lock? The post's own experiment: four
//! runs, {IO, CPU} × {no lock, lock}, timed by the wall. Not here: what one lock operation costs
//! where many are timed at once, which this can't tell.

use std::fmt::Write as _;
use std::time::Duration;

mod workload;

use workload::Crowd;

use crate::busy::Busy;
use crate::counter::{self, Kind, NONE};
use crate::experiment::report::{
    BusyMode, Comparison, Outcome, PriceRow, RecordingCost, Report, Run, Verdict,
};
use crate::experiment::settings::{Settings, Use};
use crate::experiment::{Ending, Experiment, master_failure};
use crate::measure::clock::step_ms;
use crate::measure::compare::judge;
use crate::measure::rounded;
use crate::runtime::{Harness, calibration};

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "lock-cost",
    question: "What does it cost that threads share a counter through a lock?",
    settings: &[
        Use::of("threads"),
        Use::of("times"),
        Use::of("waitMs"),
        Use::of("loops"),
        Use::of("counter"),
    ],
    spare: 0,
    run,
    resume: None,
};

/// The post's order.
const RUNS: [(BusyMode, bool); 4] = [
    (BusyMode::Io, false),
    (BusyMode::Io, true),
    (BusyMode::Cpu, false),
    (BusyMode::Cpu, true),
];

#[derive(Debug)]
struct Config {
    threads: u32,
    times: u32,
    wait_ms: u32,
    loops: u32,
    counter: &'static Kind,
}

impl Config {
    fn new(settings: &Settings) -> Config {
        Config {
            threads: settings.integer("threads"),
            times: settings.integer("times"),
            wait_ms: settings.integer("waitMs"),
            loops: settings.integer("loops"),
            // The name has been checked against the very list that is searched here.
            counter: counter::kind(settings.choice("counter")).expect("a kind of counter"),
        }
    }

    fn crowd(&self, (busy, lock): (BusyMode, bool)) -> Crowd<'_> {
        Crowd {
            threads: self.threads,
            times: self.times,
            busy: match busy {
                BusyMode::Io => Busy::Io(Duration::from_millis(self.wait_ms.into())),
                BusyMode::Cpu => Busy::Cpu(self.loops.into()),
            },
            kind: if lock { self.counter } else { &NONE },
            lock,
        }
    }

    fn ideal_ms(&self, busy: BusyMode, cores: Option<u32>, loop_ns: Option<f64>) -> Option<f64> {
        match busy {
            BusyMode::Io => Some(f64::from(self.times) * f64::from(self.wait_ms)),
            BusyMode::Cpu => {
                let loops = f64::from(self.threads) * f64::from(self.times) * f64::from(self.loops);
                let shared = loops / f64::from(cores?.clamp(1, self.threads));
                Some(rounded(shared * loop_ns? / 1e6, 4))
            }
        }
    }
}

fn run(harness: &Harness, settings: &Settings, report: &mut Report) -> Ending {
    let config = Config::new(settings);
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    let prices = harness.compute(|| Prices::measure(harness, &config, step));
    let crowds = RUNS.map(|run| config.crowd(run));
    rehearse(harness, &crowds);
    let rings = harness.rings(config.threads, crowds.iter().map(Crowd::events).sum());
    harness.publish_rings(rings.as_ref());
    let mut runs = Vec::new();
    let mut parts = Vec::new();
    for (phase, crowd) in (0..).zip(&crowds) {
        if harness.is_stopping() {
            report.outcome = Outcome::Stopped;
            break;
        }
        let end = crowd.run(harness, Some(phase), rings.as_ref());
        report.stuck = Some(end.stuck).filter(|stuck| !stuck.is_empty());
        report.failures = end.disproof.map(|message| vec![master_failure(message)]);
        let Some(mut run) = end.run else {
            report.outcome = Outcome::Stopped;
            break;
        };
        report.outcome = run.outcome;
        if run.outcome == Outcome::Done {
            run.ideal_ms = config.ideal_ms(run.busy, harness.environment.cores, prices.loop_ns);
        }
        if let Some(line) = line(&run) {
            harness.print(&line);
        }
        runs.push(run);
        parts.push(end.parts);
        if report.outcome != Outcome::Done {
            break;
        }
    }
    let price_ns = prices.counter.as_ref().map(|price| price.ns_per_op);
    report.verdict = verdict(&runs, &parts, step, price_ns);
    report.text = text(&runs);
    report.recording = rings.map(|rings| RecordingCost::of(&rings, prices.event_ns));
    report.prices = prices.counter.map(|price| vec![price]);
    report.runs = Some(runs);
    Ending::Over
}

/// Two short runs, one a way of being busy, so that the first run of the four is not the one in which
/// everything happens for the first time.
fn rehearse(harness: &Harness, crowds: &[Crowd]) {
    harness.publish_rings(None);
    for crowd in crowds
        .iter()
        .filter(|crowd| crowd.lock)
        .map(|crowd| crowd.rehearsal())
    {
        let rings = harness.rings(crowd.threads, crowd.events());
        crowd.run(harness, None, rings.as_ref());
    }
}

/// What is measured before the runs; `None` where a stop came in between.
struct Prices {
    counter: Option<PriceRow>,
    loop_ns: Option<f64>,
    event_ns: Option<f64>,
}

impl Prices {
    fn measure(harness: &Harness, config: &Config, step: Duration) -> Prices {
        Prices {
            counter: counter_price(harness, config.counter, step),
            loop_ns: calibration::multiplication_ns(harness, step),
            event_ns: calibration::event_ns(harness, step),
        }
    }
}

fn counter_price(harness: &Harness, kind: &Kind, step: Duration) -> Option<PriceRow> {
    let (price, lost) = calibration::counter_price(harness, kind, step)?;
    Some(PriceRow {
        counter: kind.name.to_owned(),
        side: harness.side(kind).to_owned(),
        threads: 1,
        ns_per_op: rounded(price.ns.median, 3),
        low_ns: rounded(price.ns.low, 3),
        high_ns: rounded(price.ns.high, 3),
        samples: price.samples as u32,
        operations: price.operations,
        lost,
        ..PriceRow::default()
    })
}

/// Compares each pair of finished runs.
fn verdict(
    runs: &[Run],
    parts: &[Vec<f64>],
    step: Duration,
    price_ns: Option<f64>,
) -> Option<Verdict> {
    let compare = |first: usize| {
        let locked = runs.get(first + 1)?;
        if locked.outcome != Outcome::Done {
            return None;
        }
        let difference_ms = rounded(locked.wall_ms? - runs[first].wall_ms?, 4);
        let judged = judge(difference_ms, &parts[first], &parts[first + 1], step);
        Some(Comparison {
            difference_ms,
            noise_ms: judged.noise_ms.map(|noise| rounded(noise, 4)),
            shows: judged.shows,
            lock_operations: locked.increments,
            lock_time_ms: price_ns.map(|ns| rounded(ns * locked.increments as f64 / 1e6, 6)),
        })
    };
    let verdict = Verdict {
        io: compare(0),
        cpu: compare(2),
    };
    verdict.io.is_some().then_some(verdict)
}

/// The line that the post's program prints after a run; `None` for one that did not finish.
pub fn line(run: &Run) -> Option<String> {
    let lock = if run.lock { "True" } else { "False" };
    let seconds = seconds((run.outcome == Outcome::Done).then_some(run.wall_ms?)?);
    let mode = mode(run.busy);
    Some(format!(
        "busy mode BusyMode.{mode}, use lock {lock}, time cost {seconds}s"
    ))
}

/// With three decimals, as the post prints them. By whole numbers: they need a tenth of the code that
/// formatting a fraction exactly does.
fn seconds(ms: f64) -> String {
    // Never negative, and years fit.
    let ms = ms.round() as u64;
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

fn mode(busy: BusyMode) -> &'static str {
    match busy {
        BusyMode::Io => "IO_BUSY",
        BusyMode::Cpu => "CPU_BUSY",
    }
}

/// The block that the post's program ends with, once all four runs are there.
pub fn result(runs: &[Run]) -> Option<String> {
    if runs.len() < RUNS.len() || runs.iter().any(|run| run.outcome != Outcome::Done) {
        return None;
    }
    let mut block = "result:".to_owned();
    for pair in runs.chunks_exact(2) {
        let (alone, locked) = (seconds(pair[0].wall_ms?), seconds(pair[1].wall_ms?));
        let mode = mode(pair[0].busy);
        // Writing to a string can't fail.
        let _ = write!(block, "\n{mode}: no lock {alone}s, lock {locked}s");
    }
    Some(block)
}

fn text(runs: &[Run]) -> String {
    let lines: Vec<String> = runs.iter().filter_map(line).chain(result(runs)).collect();
    lines.join("\n")
}
