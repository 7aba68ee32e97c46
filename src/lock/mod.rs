//! What all counters with a lock around a plain number have in common: the counter's operations in
//! terms of one, to be inside. Not here: any lock.

pub mod futex;
pub mod mcs;
pub mod parking_lot;
pub mod parking_lot_fair;
pub mod robust;
pub mod spin;
pub mod std_mutex;
pub mod std_rwlock;
pub mod ticket;

use std::fmt::{self, Debug, Formatter};
use std::hint::black_box;
// Not loom's: whoever sets the word has nothing to do with the lock.
use std::sync::atomic::{AtomicU32, Ordering};

use crate::counter::{Counter, GAVE_UP, Probe};
use crate::sync::UnsafeCell;

/// Told how an entering goes: a [`Probe`], or nobody at all. A type and not a value, so that an
/// increment that nobody watches has no code for it.
pub trait Watch {
    /// Whether anyone looks.
    const WATCHES: bool;
    /// Whether a wait in a queue decides what comes next, so that it is to be known though nobody looks.
    const MINDS: bool = Self::WATCHES;
    /// The lock is another's, and will be waited for.
    fn blocked(&mut self);
    /// Inside.
    fn acquired(&mut self);
}

/// Nobody looks.
#[derive(Debug)]
pub struct Unwatched;

impl Watch for Unwatched {
    const WATCHES: bool = false;
    #[inline(always)]
    fn blocked(&mut self) {}
    #[inline(always)]
    fn acquired(&mut self) {}
}

/// Notes whether a lock that finds out on its way had to be waited for; costs nothing where it was free.
struct Waited(bool);

impl Watch for Waited {
    const WATCHES: bool = false;
    const MINDS: bool = true;
    #[inline(always)]
    fn blocked(&mut self) {
        self.0 = true;
    }
    #[inline(always)]
    fn acquired(&mut self) {}
}

/// A probe looks.
struct Watched<'a>(&'a mut dyn Probe);

impl Watch for Watched<'_> {
    const WATCHES: bool = true;
    fn blocked(&mut self) {
        self.0.blocked();
    }
    fn acquired(&mut self) {
        self.0.acquired();
    }
}

/// A number that one thread at a time can get at.
pub trait Locked: Debug + Send + Sync {
    /// Waits for the lock, tells `watch` of it, and does `inside` with the number. `None` where it was
    /// [abandoned](Counter::abandon) while it waited; where `PATIENT`, it waits all the same.
    fn with<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce(&mut i64) -> R,
    ) -> Option<R>;

    /// See [`Counter::abandon`].
    fn abandon(&self) {}

    /// See [`Counter::is_abandoned`].
    fn is_abandoned(&self) -> bool {
        false
    }
}

/// Something on cache lines of its own (two of them: processors fetch lines in pairs), so that who writes its
/// neighbours and who reads it do not get into each other's way.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Apart<T>(pub T);

#[inline(always)]
fn add(value: &mut i64) -> i64 {
    *value += 1;
    *value
}

/// Whoever reads or sets the number is one, and comes in when all others have given up.
fn patiently<R>(locked: &impl Locked, inside: impl FnOnce(&mut i64) -> R) -> R {
    let done = locked.with::<true, _, _>(&mut Unwatched, inside);
    done.expect("the patient never give up")
}

impl<L: Locked> Counter for L {
    #[inline]
    fn inc(&self) -> i64 {
        self.with::<false, _, _>(&mut Unwatched, add)
            .unwrap_or(GAVE_UP)
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> i64 {
        self.with::<false, _, _>(&mut Watched(probe), add)
            .unwrap_or(GAVE_UP)
    }

    fn dec(&self) -> i64 {
        patiently(self, |value| {
            *value -= 1;
            *value
        })
    }

    fn set(&self, to: i64) -> i64 {
        patiently(self, |value| *value = to);
        to
    }

    fn value(&self) -> i64 {
        patiently(self, |value| *value)
    }

    fn inc_many(&self, times: u64) -> u64 {
        for made in 0..times {
            match self.with::<false, _, _>(&mut Unwatched, add) {
                Some(value) => black_box(value),
                None => return made,
            };
        }
        times
    }

    fn inc_while(&self, times: u64, word: &AtomicU32, value: u32) -> u64 {
        for made in 0..times {
            let mut wait = Waited(false);
            match self.with::<false, _, _>(&mut wait, add) {
                Some(now) => black_box(now),
                None => return made,
            };
            if wait.0 && word.load(Ordering::Relaxed) != value {
                return made + 1;
            }
        }
        times
    }

    fn abandon(&self) {
        Locked::abandon(self);
    }

    fn is_abandoned(&self) -> bool {
        Locked::is_abandoned(self)
    }
}

/// A lock of our own, without what it protects.
///
/// # Safety
/// From the call of `inside` until its end, panic included, nobody else's `inside` runs; and what one
/// has written the next can read.
pub unsafe trait Lock: Debug + Default + Send + Sync {
    /// See [`Locked::with`].
    fn hold<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce() -> R,
    ) -> Option<R>;

    /// See [`Counter::abandon`].
    fn abandon(&self) {}

    /// See [`Counter::is_abandoned`].
    fn is_abandoned(&self) -> bool {
        false
    }
}

/// A number and a lock of our own around it.
#[derive(Default)]
pub struct Guarded<L> {
    lock: L,
    value: UnsafeCell<i64>,
}

// SAFETY: the number is touched inside the lock only, where one thread is at a time.
unsafe impl<L: Lock> Sync for Guarded<L> {}
// SAFETY: a lock and a number belong to no thread.
unsafe impl<L: Lock> Send for Guarded<L> {}

impl<L: Debug> Debug for Guarded<L> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        // The number may be another's at this moment.
        formatter
            .debug_struct("Guarded")
            .field("lock", &self.lock)
            .finish_non_exhaustive()
    }
}

impl<L: Lock> Locked for Guarded<L> {
    #[inline]
    fn with<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce(&mut i64) -> R,
    ) -> Option<R> {
        self.lock.hold::<PATIENT, W, R>(watch, || {
            // SAFETY: the lock keeps all others out while this runs.
            self.value.with_mut(|value| inside(unsafe { &mut *value }))
        })
    }

    fn abandon(&self) {
        self.lock.abandon();
    }

    fn is_abandoned(&self) -> bool {
        self.lock.is_abandoned()
    }
}

#[cfg(all(test, loom))]
mod interleavings;
