//! A counter behind a spin lock: whoever finds it taken looks again and again, ever more rarely. Not
//! here: a lock that sleeps, or one with a queue.
//!
//! *Test and test-and-set with exponential backoff*: Anderson, "The Performance of Spin Lock
//! Alternatives for Shared-Memory Multiprocessors" (IEEE TPDS 1990); Herlihy, Shavit, *The Art of
//! Multiprocessor Programming*, chapter 7. It knows nothing of who waits, so a thread can be passed over
//! for ever; and where there are more threads than cores, they spin while the holder has no core.

use std::sync::Arc;

use super::{Guarded, Lock, Watch};
use crate::counter::{Kind, Side};
use crate::sync::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, spin_loop};

/// This kind.
pub const KIND: Kind = Kind {
    name: "spin",
    label: "spin lock",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "Tries again and again until the lock is free, with growing pauses; never sleeps.",
    source: "Anderson, The Performance of Spin Lock Alternatives (1990): test and test-and-set",
    make: Some(|| Arc::new(Guarded::<Spin>::default())),
};

/// Rounds of the longest pause.
const LONGEST: u32 = 64;

/// The lock.
#[derive(Debug, Default)]
pub(crate) struct Spin {
    /// Whether somebody is inside.
    is_taken: AtomicBool,
    /// Whether nobody shall wait any more.
    abandoned: AtomicBool,
}

impl Spin {
    #[inline(always)]
    fn try_take(&self) -> bool {
        let swap = self
            .is_taken
            .compare_exchange_weak(false, true, Acquire, Relaxed);
        swap.is_ok()
    }

    /// Waits until it is taken; returns `false` where that was given up.
    #[cold]
    #[inline(never)]
    fn take_contended(&self, patient: bool) -> bool {
        let mut pause = 1;
        loop {
            // Looking only reads: the cache line stays with all who wait until it changes.
            while self.is_taken.load(Relaxed) {
                if !patient && self.abandoned.load(Relaxed) {
                    return false;
                }
                spin_loop();
            }
            if self.try_take() {
                return true;
            }
            // Another was quicker: so that not all try at once the next time.
            for _ in 0..pause {
                spin_loop();
            }
            pause = (pause * 2).min(LONGEST);
        }
    }
}

/// Gives the lock back, however the critical section ends.
struct Inside<'a>(&'a Spin);

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.is_taken.store(false, Release);
    }
}

// SAFETY: only who changed the flag from free to taken, with acquire, is inside, and it is free again,
// with release, when `Inside` is dropped.
unsafe impl Lock for Spin {
    #[inline]
    fn hold<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce() -> R,
    ) -> Option<R> {
        if !self.try_take() {
            watch.blocked();
            if !self.take_contended(PATIENT) {
                return None;
            }
        }
        let _inside = Inside(self);
        watch.acquired();
        Some(inside())
    }

    fn abandon(&self) {
        self.abandoned.store(true, Relaxed);
    }

    fn is_abandoned(&self) -> bool {
        self.abandoned.load(Relaxed)
    }
}
