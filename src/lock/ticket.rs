//! A counter behind a ticket lock: take a number, wait until it is called. Not here: queues in which
//! each waits at a place of its own.
//!
//! Reed, Kanodia, "Synchronization with Eventcounts and Sequencers" (CACM 1979); as a lock: Mellor-Crummey, Scott,
//! "Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors" (ACM TOCS 1991), whose
//! pause in proportion to the distance is what giving up waits with here. Perfectly fair, and so at the
//! mercy of whoever is next: while that one has no core, nobody gets on.

use std::sync::Arc;
use std::time::Duration;

use super::{Guarded, Lock, Watch};
use crate::counter::{Kind, Side};
use crate::sync::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, AtomicU32, nap, spin_loop};

/// This kind.
pub const KIND: Kind = Kind {
    name: "ticket",
    label: "ticket lock",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "Each draws a number and spins until it is called: strictly first come, first served.",
    source: "Mellor-Crummey, Scott, Algorithms for Scalable Synchronization (1991)",
    make: Some(|| Arc::new(Guarded::<Ticket>::default())),
};

/// How long one turn that only is passed on takes, as far as who is further back should sleep.
const TURN: Duration = Duration::from_micros(20);
/// Turns ahead from which on it is worth sleeping.
const FAR: u32 = 2;

/// The lock; both numbers wrap around.
#[derive(Debug, Default)]
pub(crate) struct Ticket {
    /// The number that the next one draws.
    next: AtomicU32,
    /// The number whose owner is inside, or may enter.
    serving: AtomicU32,
    /// Whether nobody shall enter any more but to pass it on.
    abandoned: AtomicBool,
}

impl Ticket {
    /// Waits for the number to be called. Returns `false` where that was given up: then it has been
    /// called all the same, as a number that nobody answers to would stop all those behind, and is the
    /// caller's to pass on.
    #[cold]
    #[inline(never)]
    fn wait_for(&self, mine: u32, patient: bool) -> bool {
        loop {
            let ahead = mine.wrapping_sub(self.serving.load(Acquire));
            let abandoned = self.abandoned.load(Relaxed);
            if ahead == 0 {
                return patient || !abandoned;
            }
            if abandoned && ahead >= FAR {
                nap(TURN * ahead);
            } else {
                spin_loop();
            }
        }
    }

    fn pass_on(&self, mine: u32) {
        self.serving.store(mine.wrapping_add(1), Release);
    }
}

/// Calls the next number, however the critical section ends.
struct Inside<'a> {
    lock: &'a Ticket,
    mine: u32,
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        // Only who is inside writes here, so nothing need be read again.
        self.lock.pass_on(self.mine);
    }
}

// SAFETY: a number is drawn once (until 2^32 wait at a time), only its owner enters when it is called,
// with acquire, and the next is called, with release, when `Inside` is dropped.
unsafe impl Lock for Ticket {
    #[inline]
    fn hold<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce() -> R,
    ) -> Option<R> {
        let mine = self.next.fetch_add(1, Relaxed);
        if self.serving.load(Acquire) != mine {
            watch.blocked();
            if !self.wait_for(mine, PATIENT) {
                self.pass_on(mine);
                return None;
            }
        }
        let _inside = Inside { lock: self, mine };
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
