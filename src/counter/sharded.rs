//! A number in pieces: each thread counts in a cell of its own, and a reader adds them up.
//!
//! McKenney, *Is Parallel Programming Hard, And, If So, What Can You Do About It?*, chapter 5 ("Counting"):
//! array-based statistical counters; in Java, Doug Lea's `LongAdder`. Cheap to add to, expensive to read.

use super::Counter;
use crate::sync::Ordering::Relaxed;
use crate::sync::{AtomicI64, CachePadded, thread_index};

/// As many as there can be workers; more threads share cells, and lose nothing by it.
const CELLS: usize = 128;

/// The cells. Adding is still atomic, as threads may share a cell; it is cheap because no other thread wants the
/// cache line.
///
/// [`Counter::inc`] returns its own cell's value. As with `atomic`, the probe is called before adding.
#[derive(Debug)]
#[repr(align(128))]
pub struct Sharded {
    cells: Box<[CachePadded<AtomicI64>]>,
}

impl Default for Sharded {
    fn default() -> Self {
        Sharded { cells: (0..CELLS).map(|_| CachePadded::default()).collect() }
    }
}

impl Sharded {
    #[inline(always)]
    fn add(&self, by: i64) -> i64 {
        self.cells[thread_index() % CELLS].0.fetch_add(by, Relaxed) + by
    }
}

impl Counter for Sharded {
    #[inline]
    fn inc(&self) -> i64 {
        self.add(1)
    }

    fn dec(&self) -> i64 {
        self.add(-1);
        self.value()
    }

    /// Adds the difference, so that what others add meanwhile is not lost.
    fn set(&self, value: i64) -> i64 {
        self.add(value - self.value());
        value
    }

    fn value(&self) -> i64 {
        self.cells.iter().map(|cell| cell.0.load(Relaxed)).sum()
    }
}
