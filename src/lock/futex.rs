//! A mutex of three states, whose waiters sleep in the system.
//!
//! Drepper, "Futexes Are Tricky" (2011), mutex 2; Rust's own is the same idea. Without the third state every
//! unlock would call the system to wake a waiter that is mostly not there.

use super::{Cancelled, Lock, LockObserver};
use crate::sync::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, AtomicU32, FutexWord, spin_loop};

const UNLOCKED: u32 = 0;
const LOCKED: u32 = 1;
const CONTENDED: u32 = 2;

/// The lock. `W` is its word, which decides what an access is.
#[derive(Debug, Default)]
pub struct FutexLock<W = AtomicU32> {
    /// [`UNLOCKED`]; [`LOCKED`], and nobody waits; or [`CONTENDED`]: locked, and a waiter may be asleep.
    state: W,
}

impl<W: FutexWord> FutexLock<W> {
    /// Its word.
    pub fn word(&self) -> &W {
        &self.state
    }

    #[cold]
    #[inline(never)]
    fn lock_contended(&self) {
        for _ in 0..W::SPIN_LIMIT {
            match self.state.load(Relaxed) {
                LOCKED => spin_loop(),
                // Others sleep already, so this one would spin in vain.
                CONTENDED => break,
                _ => {
                    let swap = self.state.compare_exchange(UNLOCKED, LOCKED, Acquire, Relaxed);
                    if swap.is_ok() {
                        return;
                    }
                }
            }
        }
        // Acquired as contended: whether others still sleep can't be known here.
        while self.state.swap(CONTENDED, Acquire) != UNLOCKED {
            self.state.wait(CONTENDED);
        }
    }

    #[cold]
    #[inline(never)]
    fn wake_waiter(&self) {
        self.state.wake_one();
    }
}

/// Unlocks when dropped.
struct Guard<'a, W: FutexWord>(&'a FutexLock<W>);

impl<W: FutexWord> Drop for Guard<'_, W> {
    #[inline]
    fn drop(&mut self) {
        if self.0.state.swap(UNLOCKED, Release) == CONTENDED {
            self.0.wake_waiter();
        }
    }
}

// SAFETY: only the thread that changed the state from unlocked, with acquire, is inside; dropping the guard
// unlocks it, with release.
unsafe impl<W: FutexWord> Lock for FutexLock<W> {
    #[inline]
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        _cancel: Option<&AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled> {
        let swap = self.state.compare_exchange(UNLOCKED, LOCKED, Acquire, Relaxed);
        if swap.is_err() {
            observer.blocked();
            self.lock_contended();
        }
        let _guard = Guard(self);
        observer.acquired();
        Ok(critical_section())
    }
}
