//! Locks, one a file, each complete and readable alone. [`Lock`] is what they have in common.
//!
//! A lock here runs the critical section itself, as a closure: a queue lock can then keep its node on the
//! waiting thread's stack, and no guard can be forgotten.

pub mod futex;
pub mod mcs;
pub mod parking_lot;
pub mod robust;
pub mod spin;
pub mod std_mutex;
pub mod std_rwlock;
pub mod ticket;

use std::fmt::Debug;

use crate::sync::AtomicBool;

/// A wait for a lock was cancelled: the lock was not acquired, and the critical section did not run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("cancelled while waiting for the lock")]
pub struct Cancelled;

/// A mutual exclusion lock.
///
/// ```
/// use locklab::lock::{Lock, futex::FutexLock};
///
/// let lock: FutexLock = FutexLock::default();
/// assert_eq!(lock.lock(|| 6 * 7), 42);
/// ```
///
/// # Safety
/// While one thread is in a critical section (until it ends, by a panic as well), no other enters one; and
/// what happened in one happens before the next.
pub unsafe trait Lock: Debug + Default + Send + Sync {
    /// Runs `critical_section` while holding the lock, however long that must be waited for.
    #[inline]
    fn lock<R>(&self, critical_section: impl FnOnce() -> R) -> R {
        match self.lock_with(&mut NoObserver, None, critical_section) {
            Ok(result) => result,
            Err(Cancelled) => unreachable!("no wait is cancelled without a flag"),
        }
    }

    /// The same, and reports to `observer`; waits no longer than until `cancel` is set.
    ///
    /// `cancel` is read while waiting only, and by waiters that spin: those that sleep wait all the same,
    /// for their system will run the holder, which wakes them.
    ///
    /// # Errors
    /// [`Cancelled`].
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        cancel: Option<&AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled>;
}

/// Learns how a lock is acquired. A type and not a value, so that [`NoObserver`] costs nothing.
pub trait LockObserver {
    /// Whether every wait must be reported, even where the lock has to try first to notice one.
    const TRY_FIRST: bool;

    /// Another thread holds the lock: this one waits from now on. Not called where the lock is free.
    fn blocked(&mut self);

    /// The lock is held. Called once, and in the critical section: it must be short.
    fn acquired(&mut self);
}

/// The observer of a lock that nobody watches.
#[derive(Debug)]
pub struct NoObserver;

impl LockObserver for NoObserver {
    const TRY_FIRST: bool = false;
    #[inline(always)]
    fn blocked(&mut self) {}
    #[inline(always)]
    fn acquired(&mut self) {}
}
