//! A counter behind an MCS lock: a queue in which each waits at a place of its own. Not here: queues in
//! which all watch the same number.
//!
//! Mellor-Crummey, Scott, "Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors" (ACM
//! TOCS 1991). As fair as a ticket lock, but what one writes only the next one in the queue reads. The
//! place is a node in the waiting thread's own stack, as in the paper: nothing is allocated.

use std::ptr;
use std::sync::Arc;

use super::{Apart, Guarded, Lock, Watch};
use crate::counter::{Kind, Side};
use crate::sync::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, AtomicPtr, AtomicU32, Sleepers, spin_loop};

/// This kind.
pub const KIND: Kind = Kind {
    name: "mcs",
    label: "MCS queue lock",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "A queue: each spins at a place of its own until the one before hands the lock over.",
    source: "Mellor-Crummey, Scott, Algorithms for Scalable Synchronization (1991)",
    make: Some(|| Arc::new(Guarded::<Mcs>::default())),
};

const WAITING: u32 = 0;
const ASLEEP: u32 = 1;
const GRANTED: u32 = 2;

/// A thread's place in the queue.
#[derive(Debug)]
struct Node {
    /// Who comes after; null where nobody has said so yet.
    next: AtomicPtr<Node>,
    /// [`WAITING`] for the one before; [`ASLEEP`] over it, to be woken; [`GRANTED`]: inside.
    state: AtomicU32,
}

/// The lock.
#[derive(Debug, Default)]
pub(crate) struct Mcs {
    /// The last in the queue; null where the lock is free.
    tail: AtomicPtr<Node>,
    /// Whether nobody shall enter any more but to hand it on. All who wait look at it again and again, so it
    /// is no neighbour of what the one inside writes: each look would take that line away from it, which made
    /// an increment of two threads twice as dear.
    abandoned: Apart<AtomicBool>,
    sleepers: Sleepers,
}

impl Mcs {
    /// Waits behind `before`. Returns `false` where that was given up: then the lock has been had all
    /// the same, as those behind wait for this node, and is the caller's to hand on.
    #[cold]
    #[inline(never)]
    fn wait_behind(&self, before: *mut Node, mine: &Node, patient: bool) -> bool {
        let place = ptr::from_ref(mine).cast_mut();
        // SAFETY: a node leaves the queue only after its owner has seen `next`, which nobody but this
        // thread sets, as only it was told of `before` by the tail.
        unsafe { (*before).next.store(place, Release) };
        while mine.state.load(Acquire) != GRANTED {
            if self.abandoned.0.load(Relaxed) {
                self.sleep(mine);
            } else {
                spin_loop();
            }
        }
        patient || !self.abandoned.0.load(Relaxed)
    }

    /// Where all only hand it on, a processor is worth more to the one before.
    fn sleep(&self, mine: &Node) {
        let swap = mine
            .state
            .compare_exchange(WAITING, ASLEEP, Relaxed, Relaxed);
        if swap != Err(GRANTED) {
            self.sleepers.sleep(&mine.state, ASLEEP);
        }
    }

    #[inline]
    fn hand_on(&self, mine: &Node) {
        let place = ptr::from_ref(mine).cast_mut();
        if mine.next.load(Acquire).is_null() {
            let alone = self
                .tail
                .compare_exchange(place, ptr::null_mut(), Release, Relaxed);
            if alone.is_ok() {
                return;
            }
        }
        self.hand_over(mine);
    }

    #[cold]
    #[inline(never)]
    fn hand_over(&self, mine: &Node) {
        let next = loop {
            let next = mine.next.load(Acquire);
            if !next.is_null() {
                break next;
            }
            // It has the tail and is about to say so.
            spin_loop();
        };
        // SAFETY: its owner does not leave before it is granted the lock, which happens in the next
        // line and nowhere else.
        let state = unsafe { &raw const (*next).state };
        // SAFETY: as above.
        let before = unsafe { (*state).swap(GRANTED, Release) };
        if before == ASLEEP {
            // The node may be gone by now. Its place is all that is asked for.
            self.sleepers.wake_one(state);
        }
    }
}

/// Hands the lock on, however the critical section ends.
struct Inside<'a> {
    lock: &'a Mcs,
    mine: &'a Node,
}

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        self.lock.hand_on(self.mine);
    }
}

// SAFETY: who finds the tail null is inside, and who does not waits until the one before has granted it
// the lock, with release and acquire; one node has one successor. `mine` stays where it is until
// `Inside` has been dropped: between its place being told and that, nothing is called that may panic.
unsafe impl Lock for Mcs {
    #[inline]
    fn hold<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce() -> R,
    ) -> Option<R> {
        let mine = Node {
            next: AtomicPtr::new(ptr::null_mut()),
            state: AtomicU32::new(WAITING),
        };
        let place = ptr::from_ref(&mine).cast_mut();
        if W::WATCHES && !self.tail.load(Relaxed).is_null() {
            // Told before it stands in the queue: whoever is told might panic.
            watch.blocked();
        }
        let before = self.tail.swap(place, AcqRel);
        if !W::WATCHES && !before.is_null() {
            watch.blocked();
        }
        let enters = before.is_null() || self.wait_behind(before, &mine, PATIENT);
        let _inside = Inside {
            lock: self,
            mine: &mine,
        };
        if !enters {
            return None;
        }
        watch.acquired();
        Some(inside())
    }

    fn abandon(&self) {
        self.abandoned.0.store(true, Relaxed);
    }

    fn is_abandoned(&self) -> bool {
        self.abandoned.0.load(Relaxed)
    }
}
