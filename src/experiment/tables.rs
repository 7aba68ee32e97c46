//! What the page may read of a run's results before the report is there: which numbers stand in the rows
//! on the board, and in which order. Not here: what they mean, which the report says.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::report::{PointRow, PriceRow};
use crate::counter::KINDS;
use crate::runtime::Harness;
use crate::runtime::board::{Layout, Rows, StatusBoard, Table};

/// The tables; a table's place in this list is its number.
const TABLES: &[Table] = &[
    Table {
        name: "prices",
        columns: &[
            "counter",
            "nsPerOp",
            "lowNs",
            "highNs",
            "samples",
            "operations",
            "threads",
        ],
    },
    Table {
        name: "points",
        columns: &[
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
    },
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
pub(crate) struct LiveRows {
    rows: Arc<Rows>,
}

impl LiveRows {
    /// Room for so many rows, which the page sees from now on.
    pub(crate) fn begin<T: LiveRow>(harness: &Harness, rows: usize) -> LiveRows {
        let rows = Arc::new(Rows::new(rows));
        harness
            .runtime
            .publish_rows(Some(Arc::clone(&rows)), T::TABLE);
        LiveRows { rows }
    }

    /// Writes a row, for the first time or anew.
    pub(crate) fn publish<T: LiveRow>(&self, harness: &Harness, place: usize, row: &T) {
        self.rows.write(place, &row.values());
        let header = &harness.runtime.board.header;
        // At most as many as there are counters times numbers of threads.
        header
            .rows_used
            .fetch_max(place as u32 + 1, Ordering::Release);
        header.rows_changes.fetch_add(1, Ordering::Release);
    }
}

/// Where everything lies that the page reads.
pub fn layout(board: &StatusBoard) -> Layout {
    board.layout(TABLES, KINDS.iter().map(|kind| kind.name).collect())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::runtime::board::COLUMNS;

    #[test]
    fn every_column_has_its_number_and_room() {
        let rows = [PriceRow::default().values(), PointRow::default().values()];
        for (table, numbers) in TABLES.iter().zip(rows) {
            assert_eq!(table.columns.len(), numbers.len(), "{}", table.name);
            assert!(numbers.len() <= COLUMNS, "{}", table.name);
        }
    }
}
