//! The report: the one object that everything shown, exported or posted is made from. Its types are
//! its documentation: the published schema is derived from them. Not here: how anything in it is
//! measured.

use serde::Serialize;

mod prices;

pub use crate::experiments::masters::report::{
    DeathRow, HolderPart, JobOutcome, JobRow, JobTally, LogLine, MasterPart, Noticing, Round,
    WeakTally,
};

pub use prices::{Control, PointRow, Predicted, PriceRow, Turn, Unpredicted, Versus, WaitNs};

use super::settings::Settings;
use crate::runtime::trace::Rings;
use crate::runtime::{Environment, Failure};

/// The schema's name; another number once a field changes its meaning or goes.
pub const SCHEMA: &str = "locklab-report/1";

/// What one run of a figure found out. Times are in the unit that the name ends with; `startMs`,
/// `endMs` and names ending in `AtMs` count from the start of their run. What was not measured is
/// absent, never 0.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Report {
    /// Always "locklab-report/1".
    pub schema: &'static str,
    /// Which experiment: the element's `figure`.
    pub figure: String,
    /// How it ended.
    pub outcome: Outcome,
    /// When it began: ISO 8601, UTC.
    pub started_at: String,
    /// All settings that the experiment has, defaults included.
    #[cfg_attr(feature = "schema", schemars(schema_with = "config_schema"))]
    pub config: Settings,
    /// Where it ran.
    pub environment: Environment,
    /// lock-cost: the runs, in the post's order. A run that was cut short is the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runs: Option<Vec<Run>>,
    /// What one operation costs where nobody competes: one row a counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prices: Option<Vec<PriceRow>>,
    /// price-list and contention: what the random order in which counters took their turns was drawn from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u32>,
    /// price-list: nanoseconds that one turn of the loop around the operations takes; taken off the
    /// prices.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loop_ns: Option<f64>,
    /// price-list: milliseconds from the run's start until every counter that can be timed had its
    /// first, wide interval. Absent where the run was stopped before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_pass_ms: Option<f64>,
    /// price-list: the empty loop measured twice, as if it were two counters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub control: Option<Control>,
    /// contention: one row a counter and number of threads, in the order in which they were measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Vec<PointRow>>,
    /// lock-cost: whether the runs with a lock differ from those without by more than noise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Master figures: what the post's program would have printed, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<Vec<LogLine>>,
    /// Lines left out in the middle of a very long log. Absent where there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_skipped: Option<u64>,
    /// Master figures: the rounds, in their order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounds: Option<Vec<Round>>,
    /// Master figures: whose the workers were, and what became of the master.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub master: Option<MasterPart>,
    /// Master figures: how long the master went without knowing that a round was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noticing: Option<Noticing>,
    /// Master figures: from the master's first store to the start of the first round's last job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduling_ms: Option<f64>,
    /// Master figures: what became of all jobs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<JobTally>,
    /// Master figures: workers that died, as the master noticed. Absent where none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deaths: Option<Vec<DeathRow>>,
    /// Master figures with weak handles: where they led.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weak: Option<WeakTally>,
    /// master-exit: what became of a lock whose holder died.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder: Option<HolderPart>,
    /// What was recorded while the runs went on, and what that cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recording: Option<RecordingCost>,
    /// Workers that failed, and why. Absent where none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures: Option<Vec<Failure>>,
    /// Workers that were asked to stop and did not within their time. Absent where all did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stuck: Option<Vec<String>>,
    /// What the post's program would have printed; lines of finished runs only.
    pub text: String,
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

/// One run: all workers, one way of being busy, with a lock or without.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Run {
    /// How the workers were busy between increments.
    pub busy: BusyMode,
    /// Whether they incremented a shared counter.
    pub lock: bool,
    /// Which one; "none" without a lock.
    pub counter: String,
    /// How this run ended.
    pub outcome: Outcome,
    /// From the workers' release to the last one's end. Absent where the run proved wrong, or no
    /// worker came to an end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wall_ms: Option<f64>,
    /// What it would take if nothing but the busy time took time: a worker's waits in a row, or all
    /// bursts shared evenly by the cores at the speed that one thread alone reached just before.
    /// Absent where the speed or the cores are not known, or the run was cut short.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ideal_ms: Option<f64>,
    /// Increments that workers say they made.
    pub increments: u64,
    /// What the counter says; null without a counter, or where it could not be read.
    pub final_value: Option<i64>,
    /// Increments that the counter missed. Absent without a counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost: Option<i64>,
    /// One a worker.
    pub workers: Vec<Worker>,
}

/// How workers are busy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum BusyMode {
    /// Waiting as for a disk.
    Io,
    /// Calculating.
    Cpu,
}

/// One worker in one run. A worker that failed has no times but those known of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Worker {
    /// As in the post: "worker-0".
    pub name: String,
    /// Increments that it made.
    pub increments: u32,
    /// When it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_ms: Option<f64>,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_ms: Option<f64>,
    /// Time being busy, all turns together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub busy_ms: Option<f64>,
    /// Time from wanting the lock to holding it, all increments together. It includes one reading of
    /// the clock an increment, which is all that it is in a run without a lock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_wait_ms: Option<f64>,
}

/// What the runs say about the lock.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdict {
    /// Of the two IO runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub io: Option<Comparison>,
    /// Of the two CPU runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<Comparison>,
}

/// A run with a lock against the same without.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// How much longer the run with a lock took; negative where it was quicker.
    pub difference_ms: f64,
    /// How far two equal runs may well lie apart, from the scatter within these two and the clock's
    /// step (95 %). Absent where the runs are too short to tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise_ms: Option<f64>,
    /// Whether the difference is larger than the noise.
    pub shows: bool,
    /// Lock operations in the run with a lock.
    pub lock_operations: u64,
    /// What they cost by the price of one, added up over all workers. Absent without a price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lock_time_ms: Option<f64>,
}

/// What was recorded, and at what price.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordingCost {
    /// Nanoseconds to note one event, reading the clock not included.
    #[serde(skip_serializing_if = "Option::is_none")]
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

/// The settings' own ranges, so that they stand in one place only.
#[cfg(feature = "schema")]
fn config_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
    use super::settings::{Allowed, SETTINGS};
    use serde_json::{Map, Value};

    let properties: Map<String, Value> = SETTINGS
        .iter()
        .map(|setting| {
            let mut schema = match setting.allowed {
                Allowed::Integer(min, max) => {
                    serde_json::json!({ "type": "integer", "minimum": min, "maximum": max })
                }
                Allowed::Choice(names) => serde_json::json!({ "type": "string", "enum": names() }),
            };
            schema["description"] = setting.meaning.into();
            (setting.name.to_owned(), schema)
        })
        .collect();
    schemars::json_schema!({ "type": "object", "properties": properties })
}

#[cfg(feature = "schema")]
/// The report's JSON Schema, of the 2020-12 draft.
pub fn schema() -> serde_json::Value {
    let mut schema = schemars::generate::SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<Report>()
        .to_value();
    schema["properties"]["schema"]["const"] = SCHEMA.into();
    schema
}
