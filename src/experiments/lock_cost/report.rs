//! lock-cost's part of the report: its runs, whether the lock shows, and the lines of the post's program.

use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::experiment::report::{Outcome, PriceRow};

/// What lock-cost found out.
#[skip_serializing_none]
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Body {
    /// lock-cost: the runs, in the post's order. A run that was cut short is the last.
    pub runs: Vec<Run>,
    /// What one operation costs where nobody competes: one row a counter.
    pub prices: Option<Vec<PriceRow>>,
    /// lock-cost under a GIL: what it takes from the threads.
    pub gil: Option<GilPart>,
    /// lock-cost: whether the runs with a lock differ from those without by more than noise.
    pub verdict: Option<Verdict>,
}

/// One run: all workers, one way of being busy, with a lock or without.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Run {
    /// How the workers were busy between increments.
    pub busy: BusyMode,
    /// Whether they incremented a shared counter. Without a lock there is none at all, as in the post.
    pub lock: bool,
    /// Which one; "none" without a lock.
    pub counter: String,
    /// How this run ended.
    pub outcome: Outcome,
    /// From the workers' release to the last one's end. Absent where the run proved wrong, or no
    /// worker came to an end.
    pub wall_ms: Option<f64>,
    /// What it would take if nothing but the busy time took time: a worker's waits in a row, or all
    /// bursts shared evenly by the cores at the speed that one thread alone reached before; under a
    /// GIL, one after the other.
    /// Absent where the speed or the cores are not known, or the run was cut short.
    pub ideal_ms: Option<f64>,
    /// Increments that workers say they made; where there is no counter, times that they would have.
    pub increments: u64,
    /// What the counter says; null without a counter, or where it could not be read.
    #[serialize_always]
    pub final_value: Option<i64>,
    /// Increments that the counter missed. Absent without a counter.
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
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Worker {
    /// As in the post: "worker-0".
    pub name: String,
    /// Increments that it made.
    pub increments: u32,
    /// When it began.
    pub start_ms: Option<f64>,
    /// When it ended.
    pub end_ms: Option<f64>,
    /// Time being busy, all turns together.
    pub busy_ms: Option<f64>,
    /// Time from wanting the lock to holding it, all increments together. It includes one reading of
    /// the clock an increment, which is all that it is in a run without a lock.
    pub lock_wait_ms: Option<f64>,
    /// Time waiting for the GIL, which is in none of the others. Absent without one.
    pub gil_wait_ms: Option<f64>,
}

/// The CPU run without a lock beside the same without a GIL.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GilPart {
    /// The wall time without a GIL, measured before the runs.
    pub parallel_ms: f64,
    /// How often the GIL came to another worker.
    pub switches: u64,
}

/// What the runs say about the lock.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Verdict {
    /// Of the two IO runs.
    pub io: Option<Comparison>,
    /// Of the two CPU runs.
    pub cpu: Option<Comparison>,
}

/// A run with a lock and its counter against the same without either.
#[skip_serializing_none]
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// How much longer the run with a lock took; negative where it was quicker.
    pub difference_ms: f64,
    /// How far two equal runs may well lie apart, from the scatter within these two, that of their rehearsals, and the clock's
    /// step (95 %). Absent where the runs are too short to tell.
    pub noise_ms: Option<f64>,
    /// Whether the difference is larger than the noise.
    pub shows: bool,
    /// Lock operations in the run with a lock.
    pub lock_operations: u64,
    /// What they cost by the price of one, added up over all workers. Absent without a price.
    pub lock_time_ms: Option<f64>,
}

/// How the runs are busy and whether they have a lock, in the post's order.
pub(super) const RUNS: [(BusyMode, bool); 4] =
    [(BusyMode::Io, false), (BusyMode::Io, true), (BusyMode::Cpu, false), (BusyMode::Cpu, true)];

/// What the post's program prints before a run.
pub(super) fn announcement((busy, lock): (BusyMode, bool)) -> String {
    format!("{} >>>", title(busy, lock))
}

/// What it prints after it, and an empty line; `None` for a run that did not finish.
pub fn line(run: &Run) -> Option<String> {
    let seconds = seconds((run.outcome == Outcome::Done).then_some(run.wall_ms?)?);
    Some(format!("{}, time cost {seconds}s", title(run.busy, run.lock)))
}

fn title(busy: BusyMode, lock: bool) -> String {
    let mode = match busy {
        BusyMode::Io => "IO_BUSY",
        BusyMode::Cpu => "CPU_BUSY",
    };
    format!("busy mode BusyMode.{mode}, use lock {}", if lock { "True" } else { "False" })
}

/// With three decimals, as the post prints them. By whole numbers: they need a tenth of the code that
/// formatting a fraction exactly does.
fn seconds(ms: f64) -> String {
    // Never negative, and years fit.
    let ms = ms.round() as u64;
    format!("{}.{:03}", ms / 1000, ms % 1000)
}

/// What it prints at its end, once all four runs have finished.
pub(super) fn result(runs: &[Run]) -> Option<String> {
    let lines: Vec<String> = runs.iter().filter_map(line).collect();
    (lines.len() == RUNS.len()).then(|| format!("\n\nresult:\n{}", lines.join("\n")))
}

/// All that the post's program prints, about runs that finished.
pub(super) fn text(runs: &[Run]) -> String {
    let around = |run: &Run| Some([announcement((run.busy, run.lock)), line(run)? + "\n"]);
    let prints = runs.iter().filter_map(around).flatten();
    prints.chain(result(runs)).collect::<Vec<_>>().join("\n")
}
