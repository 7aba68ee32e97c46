//! What does it cost that threads share a counter through a lock? The post's own experiment: four
//! runs, {IO, CPU} × {no lock, lock}, timed by the wall. Not here: what one lock operation costs
//! where many are timed at once, which this can't tell.

use std::fmt::Write as _;
use std::time::Duration;

use super::crew::PhaseEnd;
use super::report::{
    BusyMode, Comparison, Outcome, RecordingCost, Report, Run, Verdict, Worker,
};
use super::settings::{Settings, Use};
use super::{Experiment, Lab, instrument, master_failure};
use crate::busy::Busy;
use crate::counter::{self, Kind, NONE};
use crate::measure::clock::ms;
use crate::measure::compare::{judge, parts};
use crate::worker::{self, Life, Task};

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
    run,
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

    fn planned(&self) -> u64 {
        u64::from(self.threads) * u64::from(self.times)
    }

    fn task(&self, busy: BusyMode, kind: &Kind) -> Task {
        Task {
            index: 0,
            times: self.times,
            shared: kind.shared,
            busy: match busy {
                BusyMode::Io => Busy::Io(Duration::from_millis(self.wait_ms.into())),
                BusyMode::Cpu => Busy::Cpu(self.loops.into()),
            },
        }
    }

    fn ideal_ms(&self, busy: BusyMode, cores: Option<u32>, loop_ns: Option<f64>) -> Option<f64> {
        match busy {
            BusyMode::Io => Some(f64::from(self.times) * f64::from(self.wait_ms)),
            BusyMode::Cpu => {
                let bursts = self.planned() as f64 / f64::from(cores?.clamp(1, self.threads));
                let ideal = bursts * f64::from(self.loops) * loop_ns? / 1e6;
                Some((ideal * 1e4).round() / 1e4)
            }
        }
    }

    /// Events of one worker in all four runs: a start and an end each, and an increment's.
    fn events(&self) -> usize {
        let (alone, locked) = (1, 3);
        RUNS.iter()
            .map(|(_, lock)| 2 + self.times as usize * if *lock { locked } else { alone })
            .sum()
    }
}

/// A run, and what of it the comparison needs.
struct Outcomes {
    run: Run,
    /// Milliseconds that each equal part of the work took.
    parts: Vec<f64>,
    stuck: Vec<String>,
    /// What a finished run says that is not true.
    proof: Option<String>,
}

fn run(lab: &Lab, settings: &Settings, report: &mut Report) {
    let config = Config::new(settings);
    let step = lab.clock_step();
    report.environment.clock_step_ms = Some(ms(step));
    let (price, loop_ns, event_ns) = lab.at_work(|| {
        (
            instrument::counter_price(lab, config.counter.name, step),
            instrument::multiplication_ns(lab, step),
            lab.recording.then(|| instrument::event_ns(lab, step)).flatten(),
        )
    });
    let rings = lab.prepare(config.threads as usize, config.events());
    let mut runs = Vec::new();
    let mut cuts = Vec::new();
    for (phase, (busy, lock)) in (0..).zip(RUNS) {
        if lab.is_stopping() {
            report.outcome = Outcome::Stopped;
            break;
        }
        let mut ended = one_run(lab, &config, phase, (busy, lock));
        if ended.run.outcome == Outcome::Done {
            let cores = lab.environment.cores;
            ended.run.ideal_ms = config.ideal_ms(busy, cores, loop_ns);
        }
        if let Some(proof) = ended.proof {
            report.failures.get_or_insert_default().push(master_failure(proof));
        }
        if !ended.stuck.is_empty() {
            report.stuck = Some(ended.stuck);
        }
        if let Some(told) = &lab.on_run {
            told(&ended.run);
        }
        report.outcome = ended.run.outcome;
        runs.push(ended.run);
        cuts.push(ended.parts);
        if report.outcome != Outcome::Done {
            break;
        }
    }
    let price_ns = price.as_ref().map(|price| price.ns_per_op);
    report.verdict = verdict(&runs, &cuts, step, price_ns);
    report.text = text(&runs);
    report.prices = price.map(|price| vec![price]);
    report.recording = rings.map(|rings| {
        let totals = rings.totals();
        RecordingCost {
            ns_per_event: event_ns,
            events: totals.events,
            capacity: rings.capacity() as u32,
            overwritten: totals.overwritten,
        }
    });
    report.runs = Some(runs);
}

fn one_run(lab: &Lab, config: &Config, phase: u32, (busy, lock): (BusyMode, bool)) -> Outcomes {
    let kind = if lock { config.counter } else { &NONE };
    let name = kind.name;
    let counter = kind.make();
    let end = lab.phase(phase, config.threads as usize, config.task(busy, kind), &counter);
    let final_value = (kind.shared && end.lock_is_free).then(|| counter.value());
    let lives: Vec<Life> = end.workers.iter().flatten().copied().collect();
    let workers: Vec<Worker> = (0..).zip(&end.workers).map(|(index, life)| worker(index, life, &end)).collect();
    let increments: u64 = workers.iter().map(|worker| u64::from(worker.increments)).sum();
    let whole = lives.len() == workers.len() && lives.iter().all(|life| !life.stopped);
    let outcome = if lives.len() < workers.len() && end.started.is_some() {
        Outcome::Failed
    } else if !whole || end.started.is_none() {
        Outcome::Stopped
    } else {
        Outcome::Done
    };
    let lost = final_value.map(|value| increments as i64 - value);
    let proof = match (outcome, lost) {
        (Outcome::Done, _) if increments != config.planned() => Some(format!(
            "{increments} increments were made, but {} planned",
            config.planned()
        )),
        (Outcome::Done | Outcome::Stopped, Some(lost)) if kind.exact && lost != 0 => Some(format!(
            "{increments} increments were made, but the counter {name} misses {lost}"
        )),
        _ => None,
    };
    let since = |life: &Life| Some(ms(life.ended.saturating_duration_since(end.started?)));
    let wall_ms = lives.iter().filter_map(since).max_by(f64::total_cmp);
    let laps = lives.iter().flat_map(|life| life.laps).flatten();
    let laps: Vec<f64> = end.started.map_or_else(Vec::new, |started| {
        laps.map(|lap| ms(lap.saturating_duration_since(started))).collect()
    });
    Outcomes {
        parts: parts(laps, (config.times as usize).min(worker::LAPS)),
        stuck: end.stuck,
        run: Run {
            busy,
            lock,
            counter: name.to_owned(),
            outcome: if proof.is_some() { Outcome::Failed } else { outcome },
            wall_ms: wall_ms.filter(|_| proof.is_none()),
            ideal_ms: None,
            increments,
            final_value,
            lost,
            workers,
        },
        proof,
    }
}

fn worker(index: usize, life: &Result<Life, crate::board::Word>, end: &PhaseEnd) -> Worker {
    let (Ok(life), Some(started)) = (life, end.started) else {
        return Worker {
            name: worker::name(index),
            increments: life.as_ref().map_or_else(|word| word.count, |life| life.increments),
            start_ms: None,
            end_ms: None,
            busy_ms: None,
            lock_wait_ms: None,
        };
    };
    Worker {
        name: worker::name(index),
        increments: life.increments,
        start_ms: Some(ms(life.started.saturating_duration_since(started))),
        end_ms: Some(ms(life.ended.saturating_duration_since(started))),
        busy_ms: Some(ms(life.busy)),
        lock_wait_ms: Some(ms(life.lock_wait)),
    }
}

/// Compares each pair of finished runs.
fn verdict(
    runs: &[Run],
    cuts: &[Vec<f64>],
    step: Duration,
    price_ns: Option<f64>,
) -> Option<Verdict> {
    let compare = |first: usize| {
        let locked = runs.get(first + 1)?;
        if locked.outcome != Outcome::Done {
            return None;
        }
        let judged = judge(&cuts[first], &cuts[first + 1], step);
        Some(Comparison {
            difference_ms: locked.wall_ms? - runs[first].wall_ms?,
            noise_ms: judged.noise_ms,
            shows: judged.shows,
            lock_operations: locked.increments,
            lock_time_ms: price_ns.map(|ns| ns * locked.increments as f64 / 1e6),
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
