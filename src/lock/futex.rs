//! A counter behind a mutex of our own of three states, whose waiters sleep in the system. Not here:
//! locks that only spin.
//!
//! Drepper, "Futexes Are Tricky" (2011), its second mutex; the same idea as in std's. Without the third
//! state, each unlocking would have to call the system to wake somebody who mostly is not there.

use std::sync::Arc;

use super::{Guarded, Lock, Watch};
use crate::counter::{Kind, Side};
use crate::sync::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{AtomicU32, Sleepers, spin_loop};

/// This kind.
pub const KIND: Kind = Kind {
    name: "futex",
    label: "futex mutex",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "A mutex of our own of three states: free, taken, taken with sleepers who are to be woken.",
    source: "Drepper, Futexes Are Tricky (2011), mutex 2",
    make: Some(|| Arc::new(Guarded::<Futex>::default())),
};

const FREE: u32 = 0;
const TAKEN: u32 = 1;
const WAITED_FOR: u32 = 2;

/// Looks at a taken lock before sleeping: most critical sections are over sooner than a sleep.
const LOOKS: u32 = if cfg!(loom) { 1 } else { 100 };

/// The lock. Its holder always lets go and its sleepers are woken, so nobody need give up.
#[derive(Debug, Default)]
pub(crate) struct Futex {
    /// [`FREE`]; [`TAKEN`] with nobody asleep; [`WAITED_FOR`]: taken, and somebody may be asleep.
    state: AtomicU32,
    sleepers: Sleepers,
}

impl Futex {
    #[cold]
    #[inline(never)]
    fn take_contended(&self) {
        for _ in 0..LOOKS {
            match self.state.load(Relaxed) {
                TAKEN => spin_loop(),
                // Where others sleep already, this one should as well.
                WAITED_FOR => break,
                _ => {
                    let swap = self.state.compare_exchange(FREE, TAKEN, Acquire, Relaxed);
                    if swap.is_ok() {
                        return;
                    }
                }
            }
        }
        // Whoever comes this way takes it as waited for: it can't know whether others still sleep.
        while self.state.swap(WAITED_FOR, Acquire) != FREE {
            self.sleepers.sleep(&self.state, WAITED_FOR);
        }
    }

    #[cold]
    #[inline(never)]
    fn wake(&self) {
        self.sleepers.wake_one(&raw const self.state);
    }
}

/// Gives the lock back, however the critical section ends.
struct Inside<'a>(&'a Futex);

impl Drop for Inside<'_> {
    #[inline]
    fn drop(&mut self) {
        if self.0.state.swap(FREE, Release) == WAITED_FOR {
            self.0.wake();
        }
    }
}

// SAFETY: only who changed the state from free, with acquire, is inside, and it is free again, with
// release, when `Inside` is dropped.
unsafe impl Lock for Futex {
    #[inline]
    fn hold<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce() -> R,
    ) -> Option<R> {
        let swap = self.state.compare_exchange(FREE, TAKEN, Acquire, Relaxed);
        if swap.is_err() {
            watch.blocked();
            self.take_contended();
        }
        let _inside = Inside(self);
        watch.acquired();
        Some(inside())
    }
}
