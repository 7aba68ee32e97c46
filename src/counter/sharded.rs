//! A counter in pieces: each thread counts in a cell of its own, and whoever wants the number adds
//! them up. Not here: counters whose number is one place in memory.
//!
//! McKenney, *Is Parallel Programming Hard, And, If So, What Can You Do About It?*, chapter 5 ("Counting"): array-based
//! statistical counters; in Java, Doug Lea's `LongAdder`. What is cheap to add to is dear to read.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use super::{Counter, Kind, Probe, Side};
use crate::lock::Apart;
use crate::sync::thread_index::number;

/// This kind.
pub const KIND: Kind = Kind {
    name: "sharded",
    label: "sharded counter",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "Each thread adds to a cell of its own; reading adds up all cells.",
    source: "McKenney, Is Parallel Programming Hard, chapter 5: Counting",
    make: Some(|| Arc::new(Sharded::default())),
};

/// As many as workers can be at once; with more threads, some share a cell and lose nothing by it.
const CELLS: usize = 128;

/// The cells. Adding is still atomic, so that threads may share one; nobody else wanting the line is
/// what makes it cheap.
///
/// [`Counter::inc`] returns what its own cell has: the whole number is known only to who adds it up,
/// and by then it may be another. As with `atomic`, the probe is called just before adding.
#[derive(Debug)]
struct Sharded {
    cells: Box<[Apart<AtomicI64>]>,
}

impl Default for Sharded {
    fn default() -> Self {
        Sharded {
            cells: (0..CELLS).map(|_| Apart::default()).collect(),
        }
    }
}

impl Sharded {
    #[inline(always)]
    fn add(&self, by: i64) -> i64 {
        self.cells[number() % CELLS].0.fetch_add(by, Relaxed) + by
    }
}

impl Counter for Sharded {
    #[inline]
    fn inc(&self) -> i64 {
        self.add(1)
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> i64 {
        probe.acquired();
        self.inc()
    }

    fn dec(&self) -> i64 {
        self.add(-1);
        self.value()
    }

    /// Adds what is missing, so that nothing others add meanwhile gets lost.
    fn set(&self, value: i64) -> i64 {
        self.add(value - self.value());
        value
    }

    fn value(&self) -> i64 {
        self.cells.iter().map(|cell| cell.0.load(Relaxed)).sum()
    }
}
