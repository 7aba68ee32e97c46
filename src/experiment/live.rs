//! Live rows: what the page may read of a run's results before the report is there. A [`LiveRow`] says
//! which numbers of a report's row the page sees, and in which order.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::counter::KINDS;
use crate::runtime::live::{Rows, Table};
use crate::runtime::{Harness, Runtime};

/// A column: its name in the report, and its number in a row; NaN if it is not known.
pub type Column<Row> = (&'static str, fn(&Row) -> f64);

/// A row of a report that the page can read as soon as it is measured.
pub trait LiveRow: Sized + 'static {
    /// What its rows are called in the report.
    const TABLE: &'static str;
    /// Its columns; at most [`COLUMNS`](crate::runtime::live::COLUMNS).
    const COLUMNS: &'static [Column<Self>];

    /// The names, for the page.
    fn table() -> Table {
        Table { name: Self::TABLE, columns: Self::COLUMNS.iter().map(|(name, _)| *name).collect() }
    }
}

/// A counter as the number that the page knows it by, its place in [`KINDS`]: for columns called "counter".
pub fn counter_number(name: &str) -> f64 {
    let place = KINDS.iter().position(|kind| kind.name == name);
    place.map_or(f64::NAN, |place| place as f64)
}

/// The rows of one run. Only the coordinator writes them.
pub struct LiveRows<Row> {
    rows: Arc<Rows>,
    runtime: Arc<Runtime>,
    row: PhantomData<Row>,
}

impl<Row: LiveRow> LiveRows<Row> {
    /// Room for this many rows, which the page sees from now on.
    pub fn publish(harness: &Harness, rows: usize) -> LiveRows<Row> {
        let (rows, runtime) = (Arc::new(Rows::new(rows)), harness.runtime());
        runtime.publish_rows(Some(Arc::clone(&rows)));
        LiveRows { rows, runtime, row: PhantomData }
    }

    /// Writes a row, for the first time or anew.
    pub fn write(&self, place: usize, row: &Row) {
        let values: Vec<f64> = Row::COLUMNS.iter().map(|(_, value)| value(row)).collect();
        self.rows.write(place, &values);
        self.runtime.announce_row(place);
    }
}
