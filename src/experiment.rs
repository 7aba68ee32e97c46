//! The contract that every experiment keeps: [`Experiment`], its [settings], the common part of its
//! [report], its [live rows](live).
//!
//! An experiment owns its config, its run, its part of the report and its live columns. Checking the
//! configuration, naming the wrong fields, and all that reports have in common happens here, once.

pub mod live;
pub mod price;
pub mod report;
pub mod settings;
pub mod warning;

use serde::Serialize;

use crate::runtime::Harness;
use crate::runtime::live::Table;
use report::{Common, Outcome, Report};
use settings::{ConfigReader, InvalidConfig, InvalidField, RawConfig, Values};

/// One question, and how it is answered.
pub trait Experiment: 'static {
    /// The element's `figure`.
    const NAME: &'static str;
    /// What it answers.
    const QUESTION: &'static str;
    /// Threads that it needs beside its workers, whatever its settings are; one whose chosen counter is
    /// [served](crate::counter::Kind::server) needs one more anyway.
    const EXTRA_THREADS: u32 = 0;
    /// Whether it can do with one thread in all, where its settings ask for one worker: [`Harness::run_alone`].
    const ALONE: bool = false;
    /// The live rows that it writes while it runs, if it does.
    const LIVE: Option<fn() -> Table> = None;

    /// What a run is to be.
    type Config;
    /// Its own part of the report.
    type Body: Body;

    /// Reads its settings, in the order of the controls.
    fn config(reader: &mut ConfigReader) -> Self::Config;

    /// Runs it and fills in the report: all of it, or what was measured up to a stop.
    fn run(
        harness: &Harness,
        config: &Self::Config,
        report: &mut Report<Self::Body>,
    ) -> RunOutcome<Self::Body>;
}

/// An experiment's own part of the report: a struct whose fields stand beside the common ones.
pub trait Body: Serialize + BodySchema + Default + Send + Sync + 'static {}

impl<T: Serialize + BodySchema + Default + Send + Sync + 'static> Body for T {}

#[cfg(feature = "schema")]
use schemars::JsonSchema as BodySchema;

#[cfg(not(feature = "schema"))]
use std::any::Any as BodySchema;

/// What is left of a run to another thread: it fills in the report, knowing what was observed of the end.
pub type Rest<Body> = Box<dyn FnOnce(&Harness, Option<DeathObservation>, &mut Report<Body>) + Send>;

/// How an experiment's master left it.
pub enum RunOutcome<Body> {
    /// All is over, and the report filled in.
    Finished,
    /// It ended itself before the run was over: its thread must end, and the run be resumed on another.
    Exited {
        /// How long there should be no master, in milliseconds.
        adopt_after_ms: f64,
        /// What its successor does.
        rest: Rest<Body>,
    },
}

/// What was observed of a master's end from outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DeathObservation {
    /// How long it took to be sure that its heartbeat had stopped, in milliseconds.
    pub death_seen_ms: f64,
    /// Whether it still answered.
    pub answered: bool,
}

/// What came of a run, for the page an object with the fields of one of these.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub enum RunResult<Body> {
    /// Its report.
    Report {
        /// The report.
        report: Box<Report<Body>>,
        /// Whether threads have died or are stuck: they can't be used again.
        unusable: bool,
    },
    /// Its master has ended itself: the run must be [resumed](resume) on another thread.
    Exited {
        /// How long there should be no master, in milliseconds.
        adopt_after_ms: f64,
    },
}

/// A run between two masters, kept by the runtime.
struct Suspended<Body> {
    figure: &'static str,
    rest: ToTheReport<Body>,
}

/// What is left of a run whose report is at hand.
type ToTheReport<Body> =
    Box<dyn FnOnce(&Harness, Option<DeathObservation>) -> RunResult<Body> + Send>;

/// Runs an experiment with what `raw` says and defaults for the rest, on the calling thread as coordinator:
/// it blocks until the end, or until a master ends itself. Then the calling thread, which was that master,
/// must end, and the run be [resumed](resume) on another.
///
/// A stop that was asked for before the call is honoured. When the report is there, the runtime is
/// ready for the next run, unless the report names workers that are `stuck`. Settings of other
/// experiments, as `is_setting` knows them, are let pass. The report gets its body by way of `to`.
///
/// # Errors
/// `raw` has wrong fields: all are named.
// A function of its own: by it the build leaves the experiment out of the module for the others.
#[inline(never)]
pub fn begin<E: Experiment, B: 'static>(
    harness: &Harness,
    raw: &RawConfig,
    is_setting: &dyn Fn(&str) -> bool,
    to: impl FnOnce(E::Body) -> B + Send + 'static,
) -> Result<RunResult<B>, InvalidConfig> {
    let mut reader = ConfigReader::new(raw);
    let config = E::config(&mut reader);
    let values = reader.finish(is_setting)?;
    let mut report = Report { common: start(harness, E::NAME, values), body: E::Body::default() };
    match E::run(harness, &config, &mut report) {
        RunOutcome::Finished => Ok(finish(harness, report, to)),
        RunOutcome::Exited { adopt_after_ms, rest } => {
            let rest = move |harness: &Harness, death| {
                rest(harness, death, &mut report);
                finish(harness, report, to)
            };
            harness.runtime.suspend(Box::new(Suspended { figure: E::NAME, rest: Box::new(rest) }));
            Ok(RunResult::Exited { adopt_after_ms })
        }
    }
}

/// Goes on with a run of `figure` whose master has ended itself; the calling thread is its successor, or only
/// writes the report, as the configuration says. `death` is what was observed of the end from outside.
///
/// # Errors
/// No master of it has ended itself, or another run began since.
pub fn resume<B: 'static>(
    harness: &Harness,
    figure: &str,
    death: Option<DeathObservation>,
) -> Result<RunResult<B>, InvalidConfig> {
    let suspended = harness.runtime.take_suspended(|run| {
        let run = run.downcast_ref::<Suspended<B>>();
        run.is_some_and(|run| run.figure == figure)
    });
    let Some(suspended) = suspended.and_then(|any| any.downcast::<Suspended<B>>().ok()) else {
        let allowed = "an experiment whose master has ended itself".to_owned();
        let field = InvalidField::new("figure", "figure", figure, allowed);
        return Err(InvalidConfig(vec![field]));
    };
    harness.runtime.continue_run();
    Ok((suspended.rest)(harness, death))
}

fn start(harness: &Harness, figure: &'static str, values: Values) -> Common {
    harness.runtime.begin_run();
    Common::new(figure, values, harness)
}

fn finish<Body, B>(
    harness: &Harness,
    mut report: Report<Body>,
    to: impl FnOnce(Body) -> B,
) -> RunResult<B> {
    let unusable = conclude(harness, &mut report.common);
    let Report { common, body } = report;
    RunResult::Report { report: Box::new(Report { common, body: to(body) }), unusable }
}

/// What is the same at the end of every run; returns whether threads can't be used again.
fn conclude(harness: &Harness, report: &mut Common) -> bool {
    let runtime = &harness.runtime;
    report.stuck = Some(runtime.stuck()).filter(|workers| !workers.is_empty());
    let failures = runtime.failures();
    if !failures.is_empty() {
        report.failures.get_or_insert_default().extend(failures);
    }
    if report.failures.is_some() {
        report.outcome = Outcome::Failed;
    }
    report.warn_of_conditions();
    if report.stuck.is_none() {
        runtime.board().set_stopping(false);
    }
    runtime.end_run();
    runtime.is_unusable() || report.stuck.is_some()
}
