//! price-list's part of the report: one price a counter.

use std::fmt::Write as _;

use serde::Serialize;
use serde_with::skip_serializing_none;

use crate::experiment::live::{Column, LiveRow, counter_number};
use crate::experiment::report::PriceRow;

/// What price-list found out.
#[skip_serializing_none]
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Body {
    /// What one operation costs where nobody competes: one row a counter.
    pub prices: Option<Vec<PriceRow>>,
    /// What the random order in which counters took their turns was drawn from.
    pub seed: Option<u32>,
    /// price-list: nanoseconds that one turn of the loop around the operations takes; taken off the
    /// prices.
    pub loop_ns: Option<f64>,
    /// price-list: milliseconds from the run's start until every counter that can be timed had its
    /// first, wide interval. Absent where the run was stopped before.
    pub first_pass_ms: Option<f64>,
    /// price-list: the empty loop measured twice, as if it were two counters.
    pub control: Option<Control>,
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

impl LiveRow for PriceRow {
    const TABLE: &'static str = "prices";
    const COLUMNS: &'static [Column<PriceRow>] = &[
        ("counter", |row| counter_number(&row.counter)),
        ("nsPerOp", |row| row.ns_per_op),
        ("lowNs", |row| row.low_ns),
        ("highNs", |row| row.high_ns),
        ("samples", |row| row.samples.into()),
        ("operations", |row| row.operations as f64),
        ("threads", |row| row.threads.into()),
    ];
}

/// A line a price, the cheapest first.
pub(super) fn text(rows: &[PriceRow]) -> String {
    let mut sorted: Vec<&PriceRow> = rows.iter().collect();
    sorted.sort_unstable_by(|one, two| one.ns_per_op.total_cmp(&two.ns_per_op));
    let mut text = String::new();
    for (place, row) in sorted.iter().enumerate() {
        let (ns, tenths) = tenths(row.ns_per_op);
        let line = if place == 0 { "" } else { "\n" };
        // Writing to a string can't fail.
        let _ = write!(text, "{line}{}, {}: {ns}.{tenths} ns", row.counter, row.side);
    }
    text
}

/// Whole and tenths, by whole numbers: formatting fractions exactly is a tenth of the module.
fn tenths(ns: f64) -> (u64, u64) {
    let tenths = (ns.max(0.0) * 10.0).round() as u64;
    (tenths / 10, tenths % 10)
}
