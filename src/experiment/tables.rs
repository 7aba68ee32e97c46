//! What the page may read of a run's results before the report is there: which numbers stand in the rows
//! on the board, and in which order. Not here: what they mean, which the report says.

use std::sync::atomic::Ordering;

use super::report::{PointRow, PriceRow};
use crate::counter::KINDS;
use crate::experiments::masters::MasterEvent;
use crate::runtime::board::StatusBoard;
use crate::runtime::layout::Layout;
use crate::runtime::live::Table;
use crate::runtime::{Harness, live};

/// The tables; a table's place in this list is its number.
const TABLES: &[(&str, &[&str])] = &[
    (
        "prices",
        &[
            "counter",
            "nsPerOp",
            "lowNs",
            "highNs",
            "samples",
            "operations",
            "threads",
        ],
    ),
    (
        "points",
        &[
            "counter",
            "threads",
            "opsPerSecond",
            "lowOpsPerSecond",
            "highOpsPerSecond",
            "fairness",
            "p50",
            "p90",
            "p99",
            "max",
            "lost",
            "gaveUpAfterMs",
        ],
    ),
];

/// A row that can stand on the board.
pub(crate) trait LiveRow {
    /// Its table's number.
    const TABLE: u32;
    /// Its numbers, column by column; NaN where there is none.
    fn values(&self) -> Vec<f64>;
}

fn number_of(counter: &str) -> f64 {
    let place = KINDS.iter().position(|kind| kind.name == counter);
    place.map_or(f64::NAN, |place| place as f64)
}

impl LiveRow for PriceRow {
    const TABLE: u32 = 0;

    fn values(&self) -> Vec<f64> {
        vec![
            number_of(&self.counter),
            self.ns_per_op,
            self.low_ns,
            self.high_ns,
            f64::from(self.samples),
            self.operations as f64,
            f64::from(self.threads),
        ]
    }
}

impl LiveRow for PointRow {
    const TABLE: u32 = 1;

    fn values(&self) -> Vec<f64> {
        let or_none = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let waits = self.wait_ns.as_ref();
        let wait = |read: fn(&super::report::WaitNs) -> u64| {
            waits.map_or(f64::NAN, |waits| read(waits) as f64)
        };
        vec![
            number_of(&self.counter),
            f64::from(self.threads),
            or_none(self.ops_per_second),
            or_none(self.low_ops_per_second),
            or_none(self.high_ops_per_second),
            or_none(self.fairness),
            wait(|waits| waits.p50),
            wait(|waits| waits.p90),
            wait(|waits| waits.p99),
            wait(|waits| waits.max),
            self.lost as f64,
            or_none(self.gave_up_after_ms),
        ]
    }
}

/// The rows of one run, all of one table.
pub(crate) struct LiveRows(live::LiveRows);

impl LiveRows {
    /// Room for so many rows, which the page sees from now on.
    pub(crate) fn begin<T: LiveRow>(harness: &Harness, rows: usize) -> LiveRows {
        let header = &harness.runtime.board().header;
        header.rows_table.store(T::TABLE, Ordering::Release);
        LiveRows(harness.publish_rows(rows))
    }

    /// Writes a row, for the first time or anew.
    pub(crate) fn publish<T: LiveRow>(&self, place: usize, row: &T) {
        self.0.write(place, &row.values());
    }
}

/// Where everything lies that the page reads.
pub fn layout(board: &StatusBoard) -> Layout {
    let table = |(name, columns): &(&'static str, &[&'static str])| {
        Some(Table {
            name,
            columns: columns.to_vec(),
        })
    };
    let tables = TABLES.iter().map(table).collect();
    let counters = KINDS.iter().map(|kind| kind.name).collect();
    Layout::new(board, tables, counters, MasterEvent::kinds())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::runtime::live::COLUMNS;

    #[test]
    fn every_column_has_its_number_and_room() {
        let rows = [PriceRow::default().values(), PointRow::default().values()];
        for ((name, columns), numbers) in TABLES.iter().zip(rows) {
            assert_eq!(columns.len(), numbers.len(), "{name}");
            assert!(numbers.len() <= COLUMNS, "{name}");
        }
    }
}
