//! contention's part of the report: one point a counter and number of threads.

use std::fmt::Write as _;

use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::experiment::live::{Column, LiveRow, counter_number};

/// What contention found out.
#[skip_serializing_none]
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Body {
    /// What the random order in which counters took their turns was drawn from.
    pub seed: Option<u32>,
    /// contention: one row a counter and number of threads, in the order of their first windows.
    pub points: Option<Vec<PointRow>>,
}

/// What became of one counter with one number of threads.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PointRow {
    /// Which counter.
    pub counter: String,
    /// Where the code ran: "wasm", "native" or "js".
    pub side: String,
    /// Threads at it.
    pub threads: u32,
    /// Nanoseconds of calculating inside the critical section, as was asked for.
    pub hold_ns: u32,
    /// Nanoseconds of calculating between two critical sections, as was asked for.
    pub pause_ns: u32,
    /// Increments a second, all threads together: the windows' median, or where that had hardly any, the rate
    /// over all windows within the interval. Absent where the counter gave up or proved wrong.
    pub ops_per_second: Option<f64>,
    /// Lower end of the median's 95 % interval; with fewer than six windows, the slowest one.
    pub low_ops_per_second: Option<f64>,
    /// Upper end of the median's 95 % interval; with fewer than six windows, the quickest one. Absent where the
    /// clock is too coarse to know one.
    pub high_ops_per_second: Option<f64>,
    /// Increments a second in each window. They are spread over the whole run: windows with the same place in this
    /// list are of one round, in which every counter and number of threads had one, in random order.
    pub windows: Option<Vec<f64>>,
    /// Whether this lock has two speeds here, ten times apart or more: then neither median nor interval is a typical one.
    pub bimodal: Option<Bimodal>,
    /// Jain's index of the threads' shares: 1 where all did the same, 1/threads where one did all.
    pub fairness: Option<f64>,
    /// Increments of each thread in all windows.
    pub shares: Option<Vec<u64>>,
    /// How long threads waited, from their arrival at the lock until they were in; measured once, after the first window.
    pub wait_ns: Option<WaitNs>,
    /// All waits: an HdrHistogram in nanoseconds, V2 encoding without compression, base64.
    pub histogram: Option<String>,
    /// Increments that the counter missed, of all that were made.
    pub lost: i64,
    /// All increments that were made, those before and after the time that was measured included.
    pub increments: u64,
    /// How long the coordinator waited for the threads without a result, in milliseconds: with this many
    /// threads the lock does not finish. Absent if it does.
    pub gave_up_after_ms: Option<f64>,
    /// What theory says, from what the same counter did with one thread. Absent with one thread, for
    /// counters that shut nobody out, and where the cores are unknown.
    pub predicted: Option<Predicted>,
    /// Why there is no prediction where there could be one.
    pub unpredicted: Option<Unpredicted>,
    /// Who held the lock when, in a time of its own of some 5 ms: turn after turn, the first few hundred. Counted
    /// from the first noted entry to the last one, whose own turn is left out, as nobody saw its end.
    /// Of the chosen counter only.
    pub turns: Option<Vec<HoldInterval>>,
}

/// The two speeds of a lock whose windows fall into two groups.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Bimodal {
    /// Increments a second in the slow windows: their median.
    pub slow_ops_per_second: f64,
    /// Increments a second in the quick windows: their median.
    pub quick_ops_per_second: f64,
    /// How many of the windows were slow.
    pub slow_windows: u32,
}

/// How long threads waited. A wait shorter than a step of the clock can't be told from none, so that no
/// number here is smaller than such a step.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct WaitNs {
    /// Half of all waits were at most as long.
    pub p50: u64,
    /// Nine of ten.
    pub p90: u64,
    /// Ninety-nine of a hundred.
    pub p99: u64,
    /// The longest.
    pub max: u64,
    /// Waits that were measured.
    pub count: u64,
    /// The clock's step: what is as small as this may be smaller.
    pub step: u64,
}

/// What theory says of a point.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Predicted {
    /// By Amdahl's law.
    pub amdahl_ops_per_second: f64,
    /// By the machine-repairman model.
    pub repairman_ops_per_second: f64,
    /// The share of a turn inside the critical section, from 0 to 1, that both start from.
    pub serial_share: f64,
}

/// Why theory says nothing of a point that it could speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Unpredicted {
    /// The browser does not tell how many cores there are, and no more threads get on at once than that.
    CoresUnknown,
}

/// One worker's time at the lock, from its first increment to the next one's of another worker.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Turn"))]
pub struct HoldInterval {
    /// The worker's index.
    pub worker: u32,
    /// When it began, that is when this worker got the lock from another; the first turn's is 0.
    pub start_us: f64,
    /// How long it lasted, up to when the next worker got the lock, so with what handing it over took; 0
    /// where that is less than the clock can tell.
    pub length_us: f64,
}

impl LiveRow for PointRow {
    const TABLE: &'static str = "points";
    const COLUMNS: &'static [Column<PointRow>] = &[
        ("counter", |row| counter_number(&row.counter)),
        ("threads", |row| row.threads.into()),
        ("opsPerSecond", |row| or_nan(row.ops_per_second)),
        ("lowOpsPerSecond", |row| or_nan(row.low_ops_per_second)),
        ("highOpsPerSecond", |row| or_nan(row.high_ops_per_second)),
        ("fairness", |row| or_nan(row.fairness)),
        ("p50", |row| wait(row, |waits| waits.p50)),
        ("p90", |row| wait(row, |waits| waits.p90)),
        ("p99", |row| wait(row, |waits| waits.p99)),
        ("max", |row| wait(row, |waits| waits.max)),
        ("lost", |row| row.lost as f64),
        ("gaveUpAfterMs", |row| or_nan(row.gave_up_after_ms)),
    ];
}

fn or_nan(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

fn wait(row: &PointRow, read: fn(&WaitNs) -> u64) -> f64 {
    or_nan(row.wait_ns.as_ref().map(|waits| read(waits) as f64))
}

/// A line a point, in the order in which they were measured.
pub(super) fn text(points: &[PointRow]) -> String {
    let mut text = String::new();
    for point in points {
        if !text.is_empty() {
            text.push('\n');
        }
        let PointRow { counter, threads, .. } = point;
        // Writing to a string can't fail.
        let _ = match (point.ops_per_second, point.gave_up_after_ms) {
            (Some(rate), _) => {
                write!(text, "{counter}, threads {threads}: {} increments/s", rate.round() as u64)
            }
            (None, Some(after)) => write!(
                text,
                "{counter}, threads {threads}: gave up after {} ms",
                after.round() as u64
            ),
            (None, None) => write!(text, "{counter}, threads {threads}: no result"),
        };
    }
    text
}
