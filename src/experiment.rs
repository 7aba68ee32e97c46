//! What is asked: the contract that every experiment keeps, and their list. Not here: the
//! experiments themselves, one file each.
//!
//! An experiment says which [settings] it uses and fills in its part of the [report]; checking the
//! configuration, naming the wrong fields, and all that reports have in common happens here, once.

pub mod report;
pub mod settings;
pub(crate) mod tables;

use crate::counter;
use crate::experiments::masters::SharedState;
use crate::experiments::{contention, lock_cost, master_exit, master_worker, price_list};
use crate::runtime::{Environment, Failure, Harness};
use report::{Outcome, Report};
use settings::{Given, Settings, Use, WrongField};
use std::sync::Arc;
use std::time::Duration;
pub use tables::layout;

/// An experiment, as far as everyone else knows it.
#[derive(Debug, Clone, Copy)]
pub struct Experiment {
    /// The element's `figure`.
    pub name: &'static str,
    /// What it answers.
    pub question: &'static str,
    /// The settings that it uses, in the order of the controls.
    pub settings: &'static [Use],
    /// Threads that it needs beside its workers, whatever its settings are; one whose chosen counter is
    /// [served](crate::counter::Kind::server) needs one more anyway.
    pub spare: u32,
    /// Runs it in the harness and fills in its part of the report. The configuration is complete and
    /// checked. Whoever stops it finds in the report what was measured up to then.
    pub run: fn(&Harness, &Settings, &mut Report) -> Ending,
    /// Goes on where a master ended itself, on another thread, and fills in the report. Only of those
    /// whose master may.
    pub(crate) resume: Option<Resume>,
}

type Resume = fn(&Harness, &SharedState, Option<Seen>, &mut Report);

/// How an experiment's master left it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Ending {
    /// All is over, and the report filled in.
    Over,
    /// It ended itself in mid-run: its thread must end, and [`resume`] is to be called on another.
    Exit {
        /// How long the office should stay vacant, in milliseconds.
        adopt_after_ms: f64,
    },
}

/// What somebody outside has seen of a master's end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// How long it took to be sure that its heart stood still, in milliseconds.
    pub death_seen_ms: f64,
    /// Whether it still answered.
    pub answered: bool,
}

/// What came of a run.
#[derive(Debug)]
pub enum Answer {
    /// Its report.
    Report {
        /// The report.
        report: Box<Report>,
        /// Whether threads have died or are stuck: they can't be used again.
        spent: bool,
    },
    /// Its master has ended itself; somebody else must [`resume`].
    Exit {
        /// How long the office should stay vacant, in milliseconds.
        adopt_after_ms: f64,
    },
}

/// All experiments, in the article's order. A new one is its file and its line here.
pub const EXPERIMENTS: &[Experiment] = &[
    lock_cost::EXPERIMENT,
    price_list::EXPERIMENT,
    contention::EXPERIMENT,
    master_worker::EXPERIMENT,
    master_exit::EXPERIMENT,
];

/// Why an experiment did not begin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Refused(
    /// Every wrong field.
    pub Vec<WrongField>,
);

/// The experiment called `name`.
///
/// # Errors
/// There is none of that name.
pub fn find(name: &str) -> Result<&'static Experiment, Refused> {
    let found = EXPERIMENTS
        .iter()
        .find(|experiment| experiment.name == name);
    found.ok_or_else(|| {
        let names: Vec<_> = EXPERIMENTS
            .iter()
            .map(|experiment| experiment.name)
            .collect();
        Refused(vec![WrongField::new(
            "figure",
            "figure",
            name,
            names.join(", "),
        )])
    })
}

/// Runs the experiment called `name` with what `given` says and defaults for the rest, on the calling
/// thread as master: it blocks until the end.
///
/// A stop that was asked for before the call is honoured. When the report is there, the runtime is
/// ready for the next run, unless the report names someone who is `stuck`.
///
/// # Errors
/// There is no such experiment, or `given` has wrong fields: all are named.
///
/// ```
/// use locklab::{experiment, native};
/// use serde_json::json;
///
/// let harness = native::harness();
/// let small = native::fields(&json!({ "threads": 2, "times": 3, "waitMs": 1, "loops": 100 }));
/// let report = experiment::run(&harness, "lock-cost", &small).unwrap();
/// assert_eq!(report.runs.unwrap()[1].final_value, Some(6));
///
/// let wrong = native::fields(&json!({ "threads": 0, "times": 3, "waitMs": -1 }));
/// let refused = experiment::run(&harness, "lock-cost", &wrong).unwrap_err();
/// assert_eq!(refused.0.len(), 2);
/// ```
pub fn run(harness: &Harness, name: &str, given: &[(String, Given)]) -> Result<Report, Refused> {
    let mut answer = begin(harness, name, given)?;
    loop {
        match answer {
            Answer::Report { report, .. } => return Ok(*report),
            Answer::Exit { adopt_after_ms } => {
                std::thread::park_timeout(Duration::from_secs_f64(adopt_after_ms / 1e3));
                answer = resume(harness, name, None)?;
            }
        }
    }
}

/// The same up to the point where a master ends itself, if it does: then the calling thread, which was
/// that master, must end, and [`resume`] be called on another. What must outlive it is in the runtime's
/// keeping.
///
/// # Errors
/// As [`run`].
pub fn begin(harness: &Harness, name: &str, given: &[(String, Given)]) -> Result<Answer, Refused> {
    let experiment = find(name)?;
    let config = settings::complete(experiment.settings, given).map_err(Refused)?;
    refuse_absent(experiment, &config)?;
    let runtime = harness.runtime();
    runtime.begin_run();
    let mut report = blank(
        name,
        harness.host().iso_now(),
        config.clone(),
        harness.environment.clone(),
    );
    match (experiment.run)(harness, &config, &mut report) {
        Ending::Over => Ok(conclude(harness, report)),
        Ending::Exit { adopt_after_ms } => Ok(Answer::Exit { adopt_after_ms }),
    }
}

/// # Errors
/// The counter that was chosen is one that only a browser has, and this is none.
fn refuse_absent(experiment: &Experiment, config: &Settings) -> Result<(), Refused> {
    if experiment
        .settings
        .iter()
        .all(|used| used.name != "counter")
    {
        return Ok(());
    }
    let name = config.choice("counter");
    if counter::kind(name).is_some_and(counter::Kind::is_here) {
        return Ok(());
    }
    let here: Vec<_> = counter::KINDS
        .iter()
        .filter(|kind| kind.is_here())
        .map(|kind| kind.name)
        .collect();
    let allowed = format!(
        "one that needs no browser's JavaScript: {}",
        here.join(", ")
    );
    Err(Refused(vec![WrongField::new(
        "counter", "counter", name, allowed,
    )]))
}

/// Goes on with a run whose master has ended itself; the calling thread is its successor, or only
/// writes the report, as the configuration says. `seen` is what somebody outside saw of the end.
///
/// # Errors
/// There is no such experiment, or no run that could be gone on with.
pub fn resume(harness: &Harness, name: &str, seen: Option<Seen>) -> Result<Answer, Refused> {
    let experiment = find(name)?;
    let runtime = harness.runtime();
    let estate = runtime.take_suspended();
    let estate = estate.and_then(|any| any.downcast::<Arc<SharedState>>().ok());
    let (Some(resume), Some(estate)) = (experiment.resume, estate) else {
        let allowed = "an experiment whose master has ended itself".to_owned();
        return Err(Refused(vec![WrongField::new(
            "figure", "figure", name, allowed,
        )]));
    };
    runtime.continue_run();
    let mut report = blank(
        name,
        estate.started_at.clone(),
        estate.settings.clone(),
        estate.environment.clone(),
    );
    resume(harness, &estate, seen, &mut report);
    Ok(conclude(harness, report))
}

fn blank(figure: &str, started_at: String, config: Settings, environment: Environment) -> Report {
    Report {
        schema: report::SCHEMA,
        figure: figure.to_owned(),
        outcome: Outcome::Done,
        started_at,
        config,
        environment,
        runs: None,
        prices: None,
        seed: None,
        loop_ns: None,
        first_pass_ms: None,
        control: None,
        points: None,
        verdict: None,
        log: None,
        log_skipped: None,
        rounds: None,
        master: None,
        noticing: None,
        scheduling_ms: None,
        jobs: None,
        deaths: None,
        weak: None,
        holder: None,
        recording: None,
        failures: None,
        stuck: None,
        text: String::new(),
    }
}

/// What is the same at the end of every run.
fn conclude(harness: &Harness, mut report: Report) -> Answer {
    let runtime = harness.runtime();
    let mut failures = report.failures.take().unwrap_or_default();
    failures.extend(runtime.failures());
    if !failures.is_empty() {
        report.outcome = Outcome::Failed;
        report.failures = Some(failures);
    }
    if report.stuck.is_none() {
        runtime.board().set_stopping(false);
    }
    runtime.end_run();
    Answer::Report {
        report: Box::new(report),
        spent: runtime.is_unusable(),
    }
}

/// A failure of the run as a whole.
pub(crate) fn master_failure(message: String) -> Failure {
    Failure {
        worker: "master".to_owned(),
        message,
        place: None,
    }
}
