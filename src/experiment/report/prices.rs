//! The report's part about what locks cost: prices, and what becomes of them as threads compete. Its
//! types are its documentation. Not here: how anything in it is measured.

use serde::Serialize;

/// What one operation of a counter costs.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PriceRow {
    /// Which counter.
    pub counter: String,
    /// Where the code ran: "wasm", "native" or "js".
    pub side: String,
    /// Threads at it.
    pub threads: u32,
    /// Nanoseconds an operation: the samples' median. In price-list without the loop around it, in
    /// lock-cost with it.
    pub ns_per_op: f64,
    /// Lower end of the median's 95 % interval.
    pub low_ns: f64,
    /// Upper end of the median's 95 % interval.
    pub high_ns: f64,
    /// Batches timed.
    pub samples: u32,
    /// Operations in all batches.
    pub operations: u64,
    /// Operations that the counter missed.
    pub lost: i64,
    /// price-list: the same median with the loop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub raw_ns: Option<f64>,
    /// price-list: samples so far above the others that something else must have got in between. They
    /// are counted and stay among the samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outliers: Option<u32>,
    /// price-list: batches before the price stood still; they are no samples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_ups: Option<u32>,
    /// price-list: whether it did stand still within its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled: Option<bool>,
    /// price-list: against every other counter's, whichever a reader may want to compare it with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub versus: Option<Vec<Versus>>,
}

/// A price against another's, from samples taken side by side.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Versus {
    /// The other counter.
    pub counter: String,
    /// Nanoseconds more that an operation takes: the differences' median.
    pub difference_ns: f64,
    /// Lower end of its 95 % interval.
    pub low_ns: f64,
    /// Upper end of its 95 % interval.
    pub high_ns: f64,
    /// Whether the interval leaves out zero, and the difference is more than the clock can tell: else this
    /// run can show none.
    pub shows: bool,
}

/// The empty loop against itself: what this run takes for a difference where there is none.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Control {
    /// Nanoseconds that the second took longer.
    pub difference_ns: f64,
    /// Lower end of its 95 % interval.
    pub low_ns: f64,
    /// Upper end of its 95 % interval.
    pub high_ns: f64,
    /// Whether it is taken for one, which happens by chance in some of twenty runs.
    pub shows: bool,
}

/// What became of one counter with one number of threads.
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
    /// Increments a second, all threads together. Absent where the counter gave up or proved wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ops_per_second: Option<f64>,
    /// The same in the slowest fifth of the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low_ops_per_second: Option<f64>,
    /// The same in the quickest fifth of the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high_ops_per_second: Option<f64>,
    /// Jain's index of the threads' shares: 1 where all did the same, 1/threads where one did all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fairness: Option<f64>,
    /// Increments of each thread in the time that was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<Vec<u64>>,
    /// How long threads waited, from when they wanted the lock; measured in a time of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wait_ns: Option<WaitNs>,
    /// All waits: an HdrHistogram in nanoseconds, V2 encoding without compression, base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub histogram: Option<String>,
    /// Increments that the counter missed, of all that were made.
    pub lost: i64,
    /// All increments that were made, those before and after the time that was measured included.
    pub increments: u64,
    /// How long the threads were waited for in vain, in milliseconds: with so many of them this lock does
    /// not come to an end. Absent where it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gave_up_after_ms: Option<f64>,
    /// What theory says, from what the same counter did with one thread. Absent with one thread, for
    /// counters that shut nobody out, and where the cores are unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predicted: Option<Predicted>,
    /// Why there is no prediction where there could be one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unpredicted: Option<Unpredicted>,
    /// Who held the lock when, in a time of its own of some 5 ms: turn after turn, the first few hundred. Counted
    /// from the first noted entry to the last one, whose own turn is left out, as nobody saw its end.
    /// Of the chosen counter only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub turns: Option<Vec<Turn>>,
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
pub struct Turn {
    /// The worker's index.
    pub worker: u32,
    /// When it began, that is when this worker got the lock from another; the first turn's is 0.
    pub start_us: f64,
    /// How long it lasted, up to when the next worker got the lock, so with what handing it over took; 0
    /// where that is less than the clock can tell.
    pub length_us: f64,
}
