//! A ticket lock: take a number, spin until it is called.
//!
//! Reed, Kanodia, "Synchronization with Eventcounts and Sequencers" (CACM 1979); as a lock: Mellor-Crummey,
//! Scott, "Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors" (ACM TOCS 1991), whose
//! backoff in proportion to the distance is used by cancelled waiters here. Strictly first come, first served:
//! while the next in line has no core, nobody gets on.

use std::time::Duration;

use super::{Cancelled, Lock, LockObserver};
use crate::sync::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, AtomicU32, park_timeout, spin_loop};

/// About how long a cancelled waiter takes to pass the lock on, once it has a core.
const HANDOVER: Duration = Duration::from_micros(20);
/// Waiters ahead from which on a cancelled one sleeps.
const FAR: u32 = 2;

/// The lock. Both numbers wrap around.
#[derive(Debug, Default)]
pub struct TicketLock {
    /// The ticket that the next thread takes.
    next_ticket: AtomicU32,
    /// The ticket whose thread holds the lock; equal to `next_ticket` while it is free.
    now_serving: AtomicU32,
}

impl TicketLock {
    /// Waits until the ticket is called. A cancelled waiter waits as well, then passes the lock on at once: a
    /// ticket that nobody answers to would stop all those behind it.
    #[cold]
    #[inline(never)]
    fn lock_contended(&self, ticket: u32, cancel: Option<&AtomicBool>) -> Result<(), Cancelled> {
        loop {
            let ahead = ticket.wrapping_sub(self.now_serving.load(Acquire));
            let cancelled = cancel.is_some_and(|cancel| cancel.load(Relaxed));
            match (ahead, cancelled) {
                (0, false) => return Ok(()),
                (0, true) => {
                    self.unlock(ticket);
                    return Err(Cancelled);
                }
                (FAR.., true) => park_timeout(HANDOVER * ahead),
                _ => spin_loop(),
            }
        }
    }

    #[inline]
    fn unlock(&self, ticket: u32) {
        // Only the holder writes here, so its own ticket says what to add one to.
        self.now_serving.store(ticket.wrapping_add(1), Release);
    }
}

/// Unlocks when dropped.
struct Guard<'a> {
    lock: &'a TicketLock,
    ticket: u32,
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.lock.unlock(self.ticket);
    }
}

// SAFETY: a ticket is taken once (until 2^32 threads wait), only its thread enters when it is called, with
// acquire, and the next one is called, with release, when the guard is dropped.
unsafe impl Lock for TicketLock {
    #[inline]
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        cancel: Option<&AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled> {
        let ticket = self.next_ticket.fetch_add(1, Relaxed);
        if self.now_serving.load(Acquire) != ticket {
            observer.blocked();
            self.lock_contended(ticket, cancel)?;
        }
        let _guard = Guard { lock: self, ticket };
        observer.acquired();
        Ok(critical_section())
    }
}
