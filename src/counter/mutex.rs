//! A number behind a lock.

use std::fmt::{self, Debug, Formatter};
use std::hint::black_box;
// The harness's word is not loom's.
use std::sync::atomic::AtomicU32;

use super::{Cancelled, Counter, Probe};
use crate::busy;
use crate::lock::{Lock, LockObserver, NoObserver};
use crate::sync::Ordering::Relaxed;
use crate::sync::{AtomicBool, CachePadded, UnsafeCell, load_relaxed};

/// A number that only the holder of a lock accesses.
#[derive(Default)]
pub struct Mutex<L> {
    lock: L,
    value: UnsafeCell<i64>,
    /// Its own alignment keeps lock and number from the counter's neighbours. Spinning waiters poll it. Beside the number it would move that cache line at every poll: two threads
    /// behind an MCS lock then took twice as long.
    cancelled: CachePadded<AtomicBool>,
}

// SAFETY: the number is accessed inside the lock only, by one thread at a time.
unsafe impl<L: Lock> Sync for Mutex<L> {}
// SAFETY: neither a lock nor a number belongs to a thread.
unsafe impl<L: Lock> Send for Mutex<L> {}

impl<L: Debug> Debug for Mutex<L> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        // Another thread may be writing the number.
        formatter.debug_struct("Mutex").field("lock", &self.lock).finish_non_exhaustive()
    }
}

impl<L: Lock> Mutex<L> {
    fn with_lock<R>(&self, change: impl FnOnce(&mut i64) -> R) -> R {
        self.lock.lock(|| self.access(change))
    }

    #[inline]
    fn add_one(
        &self,
        observer: &mut impl LockObserver,
        entered: impl FnOnce(),
    ) -> Result<i64, Cancelled> {
        let add = |value: &mut i64| {
            entered();
            *value += 1;
            *value
        };
        self.lock.lock_with(observer, Some(&self.cancelled.0), || self.access(add))
    }

    /// Only in the lock's critical section.
    #[inline(always)]
    fn access<R>(&self, change: impl FnOnce(&mut i64) -> R) -> R {
        // SAFETY: this thread holds the lock.
        self.value.with_mut(|value| change(unsafe { &mut *value }))
    }
}

impl<L: Lock> Counter for Mutex<L> {
    fn inc(&self) -> i64 {
        self.with_lock(|value| {
            *value += 1;
            *value
        })
    }

    fn dec(&self) -> i64 {
        self.with_lock(|value| {
            *value -= 1;
            *value
        })
    }

    fn set(&self, to: i64) -> i64 {
        self.with_lock(|value| *value = to);
        to
    }

    fn value(&self) -> i64 {
        self.with_lock(|value| *value)
    }

    fn inc_probed(&self, mut probe: &mut dyn Probe) -> Result<i64, Cancelled> {
        self.add_one(&mut probe, || ())
    }

    fn inc_many(&self, times: u64) -> u64 {
        for done in 0..times {
            match self.add_one(&mut NoObserver, || ()) {
                Ok(value) => black_box(value),
                Err(Cancelled) => return done,
            };
        }
        times
    }

    fn inc_entered(&self, entered: &mut dyn FnMut()) -> Result<i64, Cancelled> {
        self.add_one(&mut NoObserver, entered)
    }

    fn inc_while(&self, times: u64, hold: u64, word: &AtomicU32, value: u32) -> u64 {
        for done in 0..times {
            match self.add_one(&mut NoObserver, || busy::compute(hold)) {
                Ok(value) => black_box(value),
                Err(Cancelled) => return done,
            };
            // Its line is shared by all until it changes, so this costs next to nothing.
            if load_relaxed(word) != value {
                return done + 1;
            }
        }
        times
    }

    fn cancel(&self) {
        self.cancelled.0.store(true, Relaxed);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.0.load(Relaxed)
    }
}

impl LockObserver for &mut dyn Probe {
    const TRY_FIRST: bool = true;

    fn blocked(&mut self) {
        (**self).blocked();
    }

    fn acquired(&mut self) {
        (**self).acquired();
    }
}
