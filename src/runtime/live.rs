//! Live rows: results as they come, a table of numbers in memory that the page reads while a run goes on.
//! The report has the same at the end.
//!
//! A row is written by one thread and read by any other. Its version is odd while it is being
//! written, so that a reader that finds the same even version before and after has read one writing:
//! a sequence lock (Lameter, *Effective synchronization on Linux/NUMA systems*, 2005). The values are
//! atomics of their own, so that a torn reading is refused and never undefined.

use serde::Serialize;

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// Numbers in a row.
pub const COLUMNS: usize = 12;

/// A table of live rows: its name in the report and its columns.
#[derive(Debug, Clone, Serialize)]
pub struct Table {
    /// What its rows are called in the report.
    pub name: &'static str,
    /// The columns' names, first to last; at most [`COLUMNS`].
    pub columns: Vec<&'static str>,
}

/// One row in memory.
#[derive(Debug)]
#[repr(C, align(8))]
pub struct Row {
    pub(super) version: AtomicU32,
    pub(super) values: [AtomicU64; COLUMNS],
}

/// Rows in memory, one behind the other.
#[derive(Debug)]
pub struct Rows {
    rows: Box<[Row]>,
}

impl Rows {
    /// Room for `rows` rows.
    pub fn new(rows: usize) -> Rows {
        let row = || Row {
            version: AtomicU32::new(0),
            values: std::array::from_fn(|_| AtomicU64::new(f64::NAN.to_bits())),
        };
        Rows { rows: (0..rows).map(|_| row()).collect() }
    }

    /// Where row 0 lies.
    pub fn address(&self) -> usize {
        self.rows.as_ptr().addr()
    }

    /// Writes a row's first columns, and leaves the rest as it was. NaN stands for what is not known.
    /// One thread at a time may write a row.
    ///
    /// # Panics
    /// If there is no such row, or there are more values than columns.
    pub fn write(&self, row: usize, values: &[f64]) {
        let row = &self.rows[row];
        assert!(values.len() <= COLUMNS, "a row has {COLUMNS} columns");
        let version = row.version.load(Ordering::Relaxed);
        row.version.store(version.wrapping_add(1), Ordering::SeqCst);
        for (place, value) in row.values.iter().zip(values) {
            place.store(value.to_bits(), Ordering::SeqCst);
        }
        row.version.store(version.wrapping_add(2), Ordering::SeqCst);
    }

    /// Reads a row, as the page does; `None` if it was never written, or is being written.
    #[cfg(test)]
    fn read(&self, row: usize) -> Option<[f64; COLUMNS]> {
        let row = &self.rows[row];
        let before = row.version.load(Ordering::SeqCst);
        let values =
            std::array::from_fn(|column| f64::from_bits(row.values[column].load(Ordering::SeqCst)));
        let after = row.version.load(Ordering::SeqCst);
        (before == after && before != 0 && before.is_multiple_of(2)).then_some(values)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_read_as_it_was_written_or_not_at_all() {
        let rows = Rows::new(2);
        assert!(rows.read(0).is_none(), "it was never written");
        rows.write(0, &[1.5, 2.0]);
        let read = rows.read(0).expect("a whole row");
        assert_eq!(read[..2], [1.5, 2.0]);
        assert!(read[2].is_nan(), "the rest is not known");
        assert!(rows.read(1).is_none(), "its neighbour is its own");
    }
}

#[cfg(all(test, loom))]
mod loom_tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[test]
    fn loom_a_row_is_never_half_old() {
        static WAS_READ: AtomicBool = AtomicBool::new(false);
        loom::model(|| {
            let rows = Arc::new(Rows::new(1));
            let theirs = Arc::clone(&rows);
            let reader = loom::thread::spawn(move || theirs.read(0));
            rows.write(0, &[7.0, 7.0]);
            rows.write(0, &[8.0, 8.0]);
            if let Some(read) = reader.join().expect("the reader") {
                assert_eq!(read[0], read[1]);
                WAS_READ.store(true, Ordering::Relaxed);
            }
        });
        assert!(WAS_READ.load(Ordering::Relaxed), "in some order it is read");
    }
}
