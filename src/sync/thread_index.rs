//! A small number for each thread, for what keeps one place for each.

use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const UNSET: usize = usize::MAX;

/// The calling thread's index: 0, 1, 2 … in the order in which threads first ask. It is no worker's index on
/// the board.
#[inline(always)]
pub fn thread_index() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    thread_local! {
        static INDEX: Cell<usize> = const { Cell::new(UNSET) };
    }
    #[cold]
    fn draw() -> usize {
        let drawn = NEXT.fetch_add(1, Relaxed);
        INDEX.set(drawn);
        drawn
    }
    match INDEX.get() {
        UNSET => draw(),
        index => index,
    }
}
