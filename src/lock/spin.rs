//! A spin lock: a waiter polls until the lock is free, with growing pauses.
//!
//! *Test and test-and-set with exponential backoff*: Anderson, "The Performance of Spin Lock Alternatives for
//! Shared-Memory Multiprocessors" (IEEE TPDS 1990); Herlihy, Shavit, *The Art of Multiprocessor Programming*,
//! chapter 7. There is no queue, so a thread may starve; and where there are more threads than cores, waiters
//! spin while the holder has no core.

use super::{Cancelled, Lock, LockObserver};
use crate::sync::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, spin_loop};

/// Polls in the longest pause.
const MAX_BACKOFF: u32 = 64;

/// The lock.
#[derive(Debug, Default)]
pub struct SpinLock {
    /// `false`: free; `true`: held.
    locked: AtomicBool,
}

impl SpinLock {
    #[inline(always)]
    fn try_lock(&self) -> bool {
        // Not the weak one, which may fail though the lock is free: that would be reported as a wait.
        let swap = self.locked.compare_exchange(false, true, Acquire, Relaxed);
        swap.is_ok()
    }

    #[cold]
    #[inline(never)]
    fn lock_contended(&self, cancel: Option<&AtomicBool>) -> Result<(), Cancelled> {
        let mut backoff = 1;
        loop {
            // Polling only reads: the cache line stays shared among all waiters until it changes.
            while self.locked.load(Relaxed) {
                if cancel.is_some_and(|cancel| cancel.load(Relaxed)) {
                    return Err(Cancelled);
                }
                spin_loop();
            }
            if self.try_lock() {
                return Ok(());
            }
            // Another was faster. Backing off keeps all from trying at once again.
            for _ in 0..backoff {
                spin_loop();
            }
            backoff = (backoff * 2).min(MAX_BACKOFF);
        }
    }
}

/// Unlocks when dropped.
struct Guard<'a>(&'a SpinLock);

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.locked.store(false, Release);
    }
}

// SAFETY: only the thread that changed `locked` to `true`, with acquire, is inside; dropping the guard
// changes it back, with release.
unsafe impl Lock for SpinLock {
    #[inline]
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        cancel: Option<&AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled> {
        if !self.try_lock() {
            observer.blocked();
            self.lock_contended(cancel)?;
        }
        let _guard = Guard(self);
        observer.acquired();
        Ok(critical_section())
    }
}
