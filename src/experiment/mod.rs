//! What is asked: the contract that every experiment keeps, and their list. Not here: the
//! experiments themselves, one file each.
//!
//! An experiment says which [settings] it uses and fills in its part of the [report]; checking the
//! configuration, naming the wrong fields, and all that reports have in common happens here, once.

pub mod crew;
pub mod crowd;
pub mod instrument;
pub mod lab;
pub mod lock_cost;
pub mod panics;
pub mod phase;
pub mod record;
pub mod report;
pub mod settings;

pub use lab::Lab;
use report::{Failure, Outcome, Report};
use settings::{Given, Settings, Use, WrongField};

/// An experiment, as far as everyone else knows it.
#[derive(Debug, Clone, Copy)]
pub struct Experiment {
    /// The element's `figure`.
    pub name: &'static str,
    /// What it answers.
    pub question: &'static str,
    /// The settings that it uses, in the order of the controls.
    pub settings: &'static [Use],
    /// Runs it in the lab and fills in its part of the report. The configuration is complete and
    /// checked. Whoever stops it finds in the report what was measured up to then.
    pub run: fn(&Lab, &Settings, &mut Report),
}

/// All experiments, in the article's order. A new one is its file and its line here.
pub const EXPERIMENTS: &[Experiment] = &[lock_cost::EXPERIMENT];

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
/// A stop that was asked for before the call is honoured. When the report is there, the crew is
/// ready for the next run, unless the report names someone who is `stuck`.
///
/// # Errors
/// There is no such experiment, or `given` has wrong fields: all are named.
///
/// ```
/// use locklab::{experiment, native};
/// use serde_json::json;
///
/// let lab = native::lab();
/// let small = native::fields(&json!({ "threads": 2, "times": 3, "waitMs": 1, "loops": 100 }));
/// let report = experiment::run(&lab, "lock-cost", &small).unwrap();
/// assert_eq!(report.runs.unwrap()[1].final_value, Some(6));
///
/// let wrong = native::fields(&json!({ "threads": 0, "times": 3, "waitMs": -1 }));
/// let refused = experiment::run(&lab, "lock-cost", &wrong).unwrap_err();
/// assert_eq!(refused.0.len(), 2);
/// ```
pub fn run(lab: &Lab, name: &str, given: &[(String, Given)]) -> Result<Report, Refused> {
    let experiment = find(name)?;
    let config = settings::complete(experiment.settings, given).map_err(Refused)?;
    let crew = lab.crew();
    crew.take_lead();
    let mut report = Report {
        schema: report::SCHEMA,
        figure: name.to_owned(),
        outcome: Outcome::Done,
        started_at: lab.host().iso_now(),
        config: config.clone(),
        environment: lab.environment.clone(),
        runs: None,
        prices: None,
        verdict: None,
        recording: None,
        failures: None,
        stuck: None,
        text: String::new(),
    };
    (experiment.run)(lab, &config, &mut report);
    let mut failures = report.failures.take().unwrap_or_default();
    failures.extend(crew.failures());
    if !failures.is_empty() {
        report.outcome = Outcome::Failed;
        report.failures = Some(failures);
    }
    if report.stuck.is_none() {
        crew.board().set_stopping(false);
    }
    crew.give_up_lead();
    Ok(report)
}

/// A failure of the run as a whole.
pub(crate) fn master_failure(message: String) -> Failure {
    Failure {
        worker: "master".to_owned(),
        message,
        place: None,
    }
}
