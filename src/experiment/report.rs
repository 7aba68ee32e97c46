//! The report: the one object that everything shown, exported or posted is made from. [`Report`] is what
//! all experiments share, around the part that is the experiment's own.
//!
//! The types are the documentation: the published schema is derived from them.

use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde_with::skip_serializing_none;

pub use super::price::{PriceRow, Versus};
pub use super::warning::Warning;
pub use crate::runtime::{Environment, Failure};

use super::settings::Values;
use crate::runtime::Harness;
use crate::runtime::trace::Rings;

/// The schema's name; another number once a field changes its meaning or goes.
pub const SCHEMA: &str = "locklab-report/1";

/// A step of the clock that long deserves a warning: an ordinary page has at most one millisecond.
const COARSE_MS: f64 = 5.0;

/// What one run of a figure found out. Times are in the unit that the name ends with; `startMs`,
/// `endMs` and names ending in `AtMs` count from the start of their run. What was not measured is
/// absent, never 0.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Report"))]
pub struct Common {
    /// Always "locklab-report/1".
    pub schema: &'static str,
    /// Which experiment: the element's `figure`.
    pub figure: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began: ISO 8601, UTC.
    pub started_at: String,
    /// All settings that the experiment has, defaults included.
    #[cfg_attr(feature = "schema", schemars(with = "serde_json::Value"))]
    pub config: Values,
    /// Where it ran.
    pub environment: Environment,
    /// What was recorded while the runs went on, and what that cost.
    pub recording: Option<RecordingCost>,
    /// Workers that failed, and why. Absent where none did.
    pub failures: Option<Vec<Failure>>,
    /// Workers that were asked to stop and did not within their time. Absent where all did.
    pub stuck: Option<Vec<String>>,
    /// Reasons to doubt this report, each an object with its `code`. Absent where there are none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Vec<AnyWarning>>"))]
    pub warnings: Vec<Warning>,
    /// What the post's program would have printed; lines of finished runs only.
    pub text: String,
}

/// A reason to doubt a report, told by an experiment or by the page; what it has beside its code depends on
/// that.
#[cfg(feature = "schema")]
#[derive(schemars::JsonSchema)]
#[schemars(rename = "Warning")]
#[allow(dead_code, reason = "only its schema is used")]
struct AnyWarning {
    /// What is doubtful: "outliers", "timed-out", …
    code: String,
}

/// A whole report: what all share, and the experiment's own part; their fields stand side by side.
///
/// It can be used as the common part, which is all that most code sees of it.
#[derive(Debug, Clone, Serialize)]
pub struct Report<Body> {
    /// What all experiments share.
    #[serde(flatten)]
    pub common: Common,
    /// The experiment's own part.
    #[serde(flatten)]
    pub body: Body,
}

impl<Body> Deref for Report<Body> {
    type Target = Common;

    fn deref(&self) -> &Common {
        &self.common
    }
}

impl<Body> DerefMut for Report<Body> {
    fn deref_mut(&mut self) -> &mut Common {
        &mut self.common
    }
}

impl Common {
    /// Nothing is known yet but what was asked, when and where.
    pub(crate) fn new(figure: &'static str, config: Values, harness: &Harness) -> Common {
        Common {
            schema: SCHEMA,
            figure,
            outcome: Outcome::Done,
            started_at: harness.host().iso_now(),
            config,
            environment: harness.environment.clone(),
            recording: None,
            failures: None,
            stuck: None,
            warnings: Vec::new(),
            text: String::new(),
        }
    }

    /// Adds what any experiment's report may have to be doubted for.
    pub(crate) fn warn_of_conditions(&mut self) {
        if self.environment.on_battery == Some(true) {
            self.warnings.push(Warning::OnBattery);
        }
        if let Some(step_ms) = self.environment.clock_step_ms.filter(|step| *step >= COARSE_MS) {
            self.warnings.push(Warning::CoarseClock { step_ms });
        }
        if let Some(workers) = self.stuck.clone() {
            self.warnings.push(Warning::Stuck { workers });
        }
    }

    /// Notes a failure of the run as a whole.
    pub(crate) fn fail(&mut self, message: String) {
        let failures = self.failures.get_or_insert_default();
        failures.push(Failure::new("master", message));
    }
}

/// How a report, or one of its runs, ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Outcome {
    /// All that was to be done was done.
    Done,
    /// It was asked to stop; the report holds what was measured up to then.
    Stopped,
    /// Something failed: `failures` says what.
    Failed,
}

/// What was recorded, and at what price.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordingCost {
    /// Nanoseconds to note one event, reading the clock not included.
    pub ns_per_event: Option<f64>,
    /// Events noted by all workers in all runs.
    pub events: u64,
    /// Events a worker that are kept.
    pub capacity: u32,
    /// Events gone because newer ones took their place.
    pub overwritten: u64,
}

impl RecordingCost {
    /// Of these rings, now.
    pub(crate) fn of(rings: &Rings, ns_per_event: Option<f64>) -> RecordingCost {
        let totals = rings.totals();
        RecordingCost {
            ns_per_event,
            events: totals.events,
            // At most `MAX_CAPACITY`.
            capacity: rings.capacity() as u32,
            overwritten: totals.overwritten,
        }
    }
}
