//! A counter behind the lock that knows its holder. Not here: its word, and how a dead holder's lock is
//! recovered (`lock::robust::word`); nobody dies here, and all that is asked for is its price.
//!
//! After POSIX's robust mutexes (IEEE Std 1003.1-2008, `pthread_mutexattr_setrobust`). Whoever waits
//! sleeps at a word of its own, an event count (Reed, Kanodia, CACM 1979), as the lock's word changes
//! with every hold.

pub mod word;

use std::sync::Arc;

use self::word::{Guard, RobustWord};
use super::{Guarded, Lock, Watch};
use crate::counter::{Kind, Side};
use crate::sync::Ordering::{Acquire, Release};
use crate::sync::thread_index::number;
use crate::sync::{AtomicU32, Sleepers, spin_loop};

/// This kind.
pub const KIND: Kind = Kind {
    name: "robust",
    label: "robust mutex",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "A mutex that knows who holds it, so that another could take it over from the dead.",
    source: "POSIX robust mutexes (IEEE Std 1003.1-2008), with a word of our own",
    make: Some(|| Arc::new(Guarded::<Robust>::default())),
};

/// Tries before sleeping, as in `futex`.
const TRIES: u32 = if cfg!(loom) { 1 } else { 100 };

/// The lock. Its holder always lets go and its sleepers are woken, so nobody need give up.
#[derive(Debug)]
pub(crate) struct Robust {
    /// Who holds it, and whether anybody sleeps.
    word: RobustWord,
    /// Counts releases that had somebody to wake; wraps around.
    wakes: AtomicU32,
    sleepers: Sleepers,
}

impl Default for Robust {
    fn default() -> Self {
        Robust {
            word: RobustWord::new(),
            wakes: AtomicU32::new(0),
            sleepers: Sleepers::default(),
        }
    }
}

impl Robust {
    #[cold]
    #[inline(never)]
    fn take_contended(&self, me: u8) -> Guard {
        for _ in 0..TRIES {
            match self.word.try_lock(me, false) {
                Ok(guard) => return guard,
                Err(_) => spin_loop(),
            }
        }
        loop {
            // Read first: a release after the announcement is then seen by the sleep.
            let wakes = self.wakes.load(Acquire);
            match self.word.try_lock(me, true) {
                Ok(guard) => return guard,
                Err(holding) => {
                    if self.word.announce(holding) {
                        self.sleepers.sleep(&self.wakes, wakes);
                    }
                }
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn wake(&self) {
        self.wakes.fetch_add(1, Release);
        self.sleepers.wake_one(&raw const self.wakes);
    }
}

/// Gives the lock back, however the critical section ends.
struct Inside<'a> {
    lock: &'a Robust,
    guard: Option<Guard>,
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        // Nobody here takes a holder for dead, so it is never another's.
        if let Some(Ok(true)) = self.guard.take().map(|guard| self.lock.word.release(guard)) {
            self.lock.wake();
        }
    }
}

// SAFETY: one thread at a time has a `Guard` (which nobody recovers here), taken with acquire and given
// back with release when `Inside` is dropped.
unsafe impl Lock for Robust {
    #[inline]
    fn hold<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce() -> R,
    ) -> Option<R> {
        // Names may be shared: each hold has a number of its own as well.
        let me = number() as u8;
        let guard = self.word.try_lock(me, false).unwrap_or_else(|_| {
            watch.blocked();
            self.take_contended(me)
        });
        let _inside = Inside {
            lock: self,
            guard: Some(guard),
        };
        watch.acquired();
        Some(inside())
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
