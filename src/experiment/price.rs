//! The price of one operation, as more than one experiment reports it.

use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::counter::Kind;
use crate::runtime::Harness;

/// What one operation of a counter costs.
#[skip_serializing_none]
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
    /// lock-cost: when this was measured, and with it the clock's step, the speed of the CPU loop and the price of recording: before the
    /// run, or before an earlier one of less than five minutes ago.
    pub measured_at: Option<String>,
    /// price-list: the same median with the loop.
    pub raw_ns: Option<f64>,
    /// price-list: samples so far above the others that something else must have got in between. They
    /// are counted and stay among the samples.
    pub outliers: Option<u32>,
    /// price-list: batches before the price stood still; they are no samples.
    pub warm_ups: Option<u32>,
    /// price-list: whether it did stand still within its time.
    pub settled: Option<bool>,
    /// price-list: against every other counter's, whichever a reader may want to compare it with. All intervals of one
    /// row hold together with 95 % confidence, so that its comparisons can be read side by side.
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
    /// Lower end of its interval.
    pub low_ns: f64,
    /// Upper end of its interval.
    pub high_ns: f64,
    /// Whether the interval leaves out zero, and the difference is more than the clock can tell: else this
    /// run can show none.
    pub shows: bool,
}

impl PriceRow {
    /// A counter's row, on one thread, without a price yet.
    pub(crate) fn of(kind: &Kind, harness: &Harness) -> PriceRow {
        PriceRow {
            counter: kind.name.to_owned(),
            side: harness.side(kind).to_owned(),
            threads: 1,
            ..PriceRow::default()
        }
    }
}
