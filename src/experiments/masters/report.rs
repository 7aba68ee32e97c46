//! The report's part about masters and workers: rounds, deaths, and what became of every job. The types are
//! the documentation: the published schema is derived from them.

use serde::Serialize;
use serde_with::skip_serializing_none;

/// What an experiment about masters found out.
#[skip_serializing_none]
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Body {
    /// Master figures: what the post's program would have printed, and when.
    pub log: Option<Vec<LogLine>>,
    /// Lines left out in the middle of a very long log. Absent if there are none.
    pub log_skipped: Option<u64>,
    /// Master figures: the rounds, in their order.
    pub rounds: Option<Vec<Round>>,
    /// Master figures: whose the workers were, and what became of the master.
    pub master: Option<MasterPart>,
    /// Master figures: how long the master went without knowing that a round was over.
    pub noticing: Option<Noticing>,
    /// Master figures: from the master's first store to the start of the first round's last job.
    pub scheduling_ms: Option<f64>,
    /// Master figures: what became of all jobs.
    pub jobs: Option<JobTally>,
    /// Master figures: workers that died, as the master noticed. Absent if none did.
    pub deaths: Option<Vec<DeathRow>>,
    /// Master figures with weak handles: where they led.
    pub weak: Option<WeakTally>,
    /// master-exit: what became of a lock whose holder died.
    pub holder: Option<HolderPart>,
}

/// A line of the post's program.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LogLine {
    /// When it was printed.
    pub at_ms: f64,
    /// What it says.
    pub line: String,
}

/// One round of jobs.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Round {
    /// When the master began it.
    pub start_ms: f64,
    /// When the master had finished it. Absent if it never had.
    pub end_ms: Option<f64>,
    /// When its last job was done.
    pub last_done_ms: Option<f64>,
    /// When the master knew that.
    pub known_ms: Option<f64>,
    /// One a job, under the names that the post gives its threads.
    pub workers: Vec<JobRow>,
}

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum JobOutcome {
    /// Its result was accepted.
    Done,
    /// It will never have one.
    Lost,
    /// It had none yet when the run was stopped.
    Stopped,
}

/// One job.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JobRow {
    /// As in the post: "Thread-0-0", its round and its place.
    pub name: String,
    /// When the worker that had it last began. Absent if none had it.
    pub start_ms: Option<f64>,
    /// When it was done.
    pub end_ms: Option<f64>,
    /// How it ended.
    pub outcome: JobOutcome,
    /// The worker that had it last.
    pub worker: Option<String>,
    /// How often it was leased.
    pub attempts: u32,
    /// "under-old", "as-orphan" or "under-new": who was master when it was done; "lost-with-owner" or
    /// "lost-with-worker". Absent if it did not end.
    pub fate: Option<&'static str>,
}

/// A master, and its end if it came to one.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MasterPart {
    /// Whose the workers were: "page" or "master".
    pub owner: &'static str,
    /// How many masters there have been.
    pub epoch: u32,
    /// When it ended itself.
    pub died_at_ms: Option<f64>,
    /// How long after hearing of that the page was sure that its heartbeat had stopped.
    pub death_seen_ms: Option<f64>,
    /// Whether it answered a message after its end.
    pub answered: Option<bool>,
    /// When another took over. Absent if none did.
    pub adopted_at_ms: Option<f64>,
    /// From then to its first poll of the jobs.
    pub first_poll_ms: Option<f64>,
    /// Workers still beating once the death had settled.
    pub survivors: Option<u32>,
    /// Jobs that came to their end after the death.
    pub finished: Option<u32>,
    /// Jobs that never will.
    pub lost: Option<u32>,
}

/// How a master learned that its rounds were over.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Noticing {
    /// "poll": it asked; "told": the last worker woke it.
    pub mode: &'static str,
    /// From the last job's end to the master's knowing: one a round.
    pub delays_ms: Vec<f64>,
    /// Their mean.
    pub mean_ms: f64,
    /// Their median.
    pub p50_ms: f64,
    /// Their 99th percentile, by nearest rank.
    pub p99_ms: f64,
    /// What the mean is expected to be: half of the interval. Absent if it did not ask.
    pub expected_ms: Option<f64>,
    /// How often it polled all its jobs.
    pub polls: u64,
    /// What one poll takes, in microseconds, many timed together before the run.
    pub poll_us: Option<f64>,
    /// The share of the time for which it led that it was awake, from 0 to 1.
    pub cpu_share: Option<f64>,
}

/// What became of all jobs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct JobTally {
    /// With an accepted result.
    pub done: u32,
    /// That will never have one.
    pub lost: u32,
    /// Results refused because the job had been given to another worker.
    pub late: u32,
    /// Jobs revoked from a silent or dead worker for another.
    pub retried: u32,
    /// Still waiting for a worker at the end.
    pub queued: u32,
}

/// A worker's death.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeathRow {
    /// The worker.
    pub worker: String,
    /// What it was doing. Absent if it had nothing to do.
    pub job: Option<String>,
    /// When the master was sure.
    pub at_ms: f64,
    /// How long it had been silent by then.
    pub silent_ms: f64,
    /// The worker that did its job in the end.
    pub retried_by: Option<String>,
}

/// Weak handles of finished jobs: where they led.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WeakTally {
    /// That led nowhere.
    pub gone: u64,
    /// That still led to the job.
    pub upgraded: u64,
}

/// A lock whose holder died.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HolderPart {
    /// "plain": a mutex that does not know its holder; "robust": a lock that does.
    pub lock: &'static str,
    /// The worker that held it.
    pub holder: String,
    /// When it died. Absent if the run was over before.
    pub died_at_ms: Option<f64>,
    /// Workers that waited for the lock: when it was recovered, or at the end.
    pub waiting: u32,
    /// The worker that recovered it. Absent if none could.
    pub recovered_by: Option<String>,
    /// When.
    pub recovered_at_ms: Option<f64>,
    /// Whole increments of all workers.
    pub increments: i64,
    /// What the counter says; one more if the holder's half increment was never repaired.
    pub final_value: i64,
    /// How long nothing moved: from the death to the recovery, or up to the end.
    pub blocked_ms: f64,
}
