//! A mutex that knows its holder, so that another thread could take it over from a dead one. That is
//! [`RobustWord`]'s part; here is what an ordinary lock needs beside it: waiting.
//!
//! After POSIX's robust mutexes (IEEE Std 1003.1-2008, `pthread_mutexattr_setrobust`). The word changes with
//! every hold, so waiters sleep at a word of their own, an event count (Reed, Kanodia, CACM 1979).

mod word;

pub use word::{Hold, HoldToken, LockStolen, RobustWord, State};

use super::{Cancelled, Lock, LockObserver};
use crate::sync::Ordering::{Acquire, Release};
use crate::sync::{AtomicBool, AtomicU32, SPIN_LIMIT, futex, spin_loop, thread_index};

/// The lock.
#[derive(Debug, Default)]
pub struct RobustLock {
    /// Who holds it, and whether a waiter may be asleep.
    word: RobustWord,
    /// How many unlocks had a waiter to wake; wraps around. Waiters sleep here.
    wakes: AtomicU32,
}

impl RobustLock {
    #[cold]
    #[inline(never)]
    fn lock_contended(&self, me: u8) -> HoldToken {
        for _ in 0..SPIN_LIMIT {
            match self.word.try_lock(me, false) {
                Ok(token) => return token,
                Err(_) => spin_loop(),
            }
        }
        loop {
            // Read first, so that an unlock after `set_waiters` keeps this thread awake.
            let wakes = self.wakes.load(Acquire);
            match self.word.try_lock(me, true) {
                Ok(token) => return token,
                Err(hold) => {
                    if self.word.set_waiters(hold) {
                        futex::wait(&self.wakes, wakes);
                    }
                }
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn wake_waiter(&self) {
        self.wakes.fetch_add(1, Release);
        futex::wake_one(&raw const self.wakes);
    }
}

/// Unlocks when dropped.
struct Guard<'a> {
    lock: &'a RobustLock,
    token: Option<HoldToken>,
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        // Nobody recovers this lock, so it can't have been stolen.
        let unlocked = self.token.take().map(|token| self.lock.word.unlock(token));
        if unlocked == Some(Ok(true)) {
            self.lock.wake_waiter();
        }
    }
}

// SAFETY: one thread at a time has a token (nobody recovers one here), got with acquire and given back with
// release when the guard is dropped.
unsafe impl Lock for RobustLock {
    #[inline]
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        _cancel: Option<&AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled> {
        // Threads may share a number; each hold has one of its own as well.
        let me = thread_index() as u8;
        let token = self.word.try_lock(me, false).unwrap_or_else(|_| {
            observer.blocked();
            self.lock_contended(me)
        });
        let _guard = Guard { lock: self, token: Some(token) };
        observer.acquired();
        Ok(critical_section())
    }
}

#[cfg(all(test, loom))]
mod interleavings;
#[cfg(all(test, not(loom)))]
mod tests;
