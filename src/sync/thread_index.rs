//! Gives each thread a small number of its own, for kinds that keep a place for each. Not the workers'
//! index on the board, which nobody here knows.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const NONE: usize = usize::MAX;

/// The calling thread's number: one more than that of the last thread that asked for its first time.
#[inline(always)]
pub fn number() -> usize {
    static DRAWN: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static MINE: Cell<usize> = const { Cell::new(NONE) };
    }
    #[cold]
    fn draw() -> usize {
        let drawn = DRAWN.fetch_add(1, Relaxed);
        MINE.set(drawn);
        drawn
    }
    match MINE.get() {
        NONE => draw(),
        mine => mine,
    }
}
