//! An MCS lock: a queue in which each thread spins on a node of its own.
//!
//! Mellor-Crummey, Scott, "Algorithms for Scalable Synchronization on Shared-Memory Multiprocessors" (ACM TOCS
//! 1991). As fair as a ticket lock, but only the next in the queue reads what an unlock writes. As in the paper,
//! the node lies on the waiting thread's stack: nothing is allocated.

use std::ptr;

use super::{Cancelled, Lock, LockObserver};
use crate::sync::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, AtomicPtr, AtomicU32, futex, spin_loop};

const WAITING: u32 = 0;
const ASLEEP: u32 = 1;
const GRANTED: u32 = 2;

/// A thread's place in the queue.
#[derive(Debug)]
struct Node {
    /// The node behind this one; null until its thread has linked it.
    next: AtomicPtr<Node>,
    /// [`WAITING`] for the lock, spinning; [`ASLEEP`], and must be woken; or [`GRANTED`] the lock.
    state: AtomicU32,
}

/// The lock.
#[derive(Debug, Default)]
pub struct McsLock {
    /// The last node of the queue, whose first holds the lock; null while the lock is free.
    tail: AtomicPtr<Node>,
}

impl McsLock {
    /// Waits behind `predecessor` until it grants the lock. A cancelled waiter waits as well, asleep, then
    /// passes the lock on at once: those behind it wait for this node.
    #[cold]
    #[inline(never)]
    fn lock_contended(
        &self,
        predecessor: *mut Node,
        node: &Node,
        cancel: Option<&AtomicBool>,
    ) -> Result<(), Cancelled> {
        let is_cancelled = || cancel.is_some_and(|cancel| cancel.load(Relaxed));
        // SAFETY: a node stays in place until its thread has seen `next`, which only this thread sets, as the
        // tail named `predecessor` to nobody else.
        unsafe { (*predecessor).next.store(ptr::from_ref(node).cast_mut(), Release) };
        while node.state.load(Acquire) != GRANTED {
            if is_cancelled() {
                // A core is worth more to those ahead.
                let swap = node.state.compare_exchange(WAITING, ASLEEP, Relaxed, Relaxed);
                if swap != Err(GRANTED) {
                    futex::wait(&node.state, ASLEEP);
                }
            } else {
                spin_loop();
            }
        }
        if is_cancelled() {
            self.unlock(node);
            return Err(Cancelled);
        }
        Ok(())
    }

    #[inline]
    fn unlock(&self, node: &Node) {
        if node.next.load(Acquire).is_null() {
            let me = ptr::from_ref(node).cast_mut();
            let free = self.tail.compare_exchange(me, ptr::null_mut(), Release, Relaxed);
            if free.is_ok() {
                return;
            }
        }
        Self::grant_next(node);
    }

    #[cold]
    #[inline(never)]
    fn grant_next(node: &Node) {
        let next = loop {
            let next = node.next.load(Acquire);
            if !next.is_null() {
                break next;
            }
            // Its thread has swapped the tail and is about to link the node.
            spin_loop();
        };
        // SAFETY: the node stays until it is granted the lock, which the next line does and no other.
        let state = unsafe { &raw const (*next).state };
        // SAFETY: as above.
        let before = unsafe { (*state).swap(GRANTED, Release) };
        if before == ASLEEP {
            // The node may be gone by now; its address is enough.
            futex::wake_one(state);
        }
    }
}

/// Unlocks when dropped.
struct Guard<'a> {
    lock: &'a McsLock,
    node: &'a Node,
}

impl Drop for Guard<'_> {
    #[inline]
    fn drop(&mut self) {
        self.lock.unlock(self.node);
    }
}

// SAFETY: the thread that finds the tail null is inside; any other waits until its predecessor has granted it
// the lock, with release and acquire, and a node has one successor. The node stays in place until it is
// unlocked: from its publication to the guard's, nothing is called that may panic.
unsafe impl Lock for McsLock {
    #[inline]
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        cancel: Option<&AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled> {
        let node = Node { next: AtomicPtr::new(ptr::null_mut()), state: AtomicU32::new(WAITING) };
        let is_told = O::TRY_FIRST && !self.tail.load(Relaxed).is_null();
        if is_told {
            // Before the node is published, as an observer may panic.
            observer.blocked();
        }
        let predecessor = self.tail.swap(ptr::from_ref(&node).cast_mut(), AcqRel);
        if !predecessor.is_null() {
            self.lock_contended(predecessor, &node, cancel)?;
        }
        let _guard = Guard { lock: self, node: &node };
        if !is_told && !predecessor.is_null() {
            // The queue was empty a moment ago, or was not looked at.
            observer.blocked();
        }
        observer.acquired();
        Ok(critical_section())
    }
}
