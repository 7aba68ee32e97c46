//! The number that threads share: behind a lock ([`Mutex`]), or without one, a file each. [`Counter`] is what
//! they have in common, [`KINDS`] the list of them.

pub mod atomic;
mod cas;
mod channel;
pub mod js;
mod kinds;
mod mutex;
mod none;
pub mod racy;
mod sharded;

use std::fmt::Debug;
use std::hint::black_box;
use std::sync::atomic::AtomicU32;

pub use kinds::{KINDS, Kind, NONE, Server, kind};
pub use mutex::Mutex;

use crate::busy;
pub use crate::lock::Cancelled;
use crate::sync::load_relaxed;

/// Learns how an increment gets the lock.
pub trait Probe {
    /// Another thread holds the lock: this one waits from now on. Not called where the lock is free.
    fn blocked(&mut self);

    /// The lock is held. Called once an increment, and in the critical section, while others may wait: it must
    /// be short, a clock reading and one store.
    fn acquired(&mut self);
}

/// A counter that threads share, with the four operations of the post's `AtomicInteger`. Each returns the
/// counter's value after it (a `sharded` counter's [`inc`](Counter::inc) only its cell's).
///
/// ```
/// use locklab::counter::{Counter, Mutex};
/// use locklab::lock::spin::SpinLock;
///
/// let counter = Mutex::<SpinLock>::default();
/// assert_eq!(counter.inc(), 1);
/// assert_eq!(counter.set(10), 10);
/// assert_eq!(counter.dec(), 9);
/// assert_eq!(counter.value(), 9);
/// ```
///
/// The other methods are the harness's, and here because what is timed must be compiled for each kind.
pub trait Counter: Debug + Send + Sync {
    /// Adds one.
    fn inc(&self) -> i64;

    /// Subtracts one.
    fn dec(&self) -> i64;

    /// Replaces the value.
    fn set(&self, value: i64) -> i64;

    /// Reads the value.
    fn value(&self) -> i64;

    /// How many it misses of all `increments` that were made of it since it was 0.
    fn missing(&self, increments: u64) -> i64 {
        // A number of 63 bits holds what can be counted in a life.
        increments as i64 - self.value()
    }

    /// Adds one, and reports to `probe` how the lock was acquired. A kind without a lock reports it as acquired
    /// just before it adds, if its own documentation does not say otherwise.
    ///
    /// # Errors
    /// [`Cancelled`]: nothing was added.
    fn inc_probed(&self, probe: &mut dyn Probe) -> Result<i64, Cancelled> {
        probe.acquired();
        Ok(self.inc())
    }

    /// Adds one `times` times, and returns how often it did: less only if it was cancelled. This loop is what a
    /// price is measured on.
    fn inc_many(&self, times: u64) -> u64 {
        for _ in 0..times {
            black_box(self.inc());
        }
        times
    }

    /// Adds one as [`inc_many`](Counter::inc_many) does, and calls `entered` in the critical section: no lock is
    /// acquired in another way because it is looked at. A kind without a lock calls it where
    /// [`inc_probed`](Counter::inc_probed) reports it as acquired.
    ///
    /// # Errors
    /// [`Cancelled`]: nothing was added.
    fn inc_entered(&self, entered: &mut dyn FnMut()) -> Result<i64, Cancelled> {
        self.inc_probed(&mut OnEntered(entered))
    }

    /// [`inc_many`](Counter::inc_many) with `hold` multiplications in each critical section, which stops early
    /// once `word` is no longer `value`; a kind without a lock gets on so quickly that it may go on to the end.
    fn inc_while(&self, times: u64, hold: u64, word: &AtomicU32, value: u32) -> u64 {
        if hold == 0 {
            return self.inc_many(times);
        }
        for done in 0..times {
            if self.inc_entered(&mut || busy::compute(hold)).is_err() {
                return done;
            }
            if load_relaxed(word) != value {
                return done + 1;
            }
        }
        times
    }

    /// Cancels the increments that wait by spinning or for a server, and all that will: with more threads than
    /// cores, spinning waiters can keep the holder from its core. The four operations still wait.
    ///
    /// Does nothing to waiters that sleep in the system: their holder gets its core, and unlocks.
    fn cancel(&self) {}

    /// Whether [`cancel`](Counter::cancel) was called on a counter that can wait.
    fn is_cancelled(&self) -> bool {
        false
    }
}

/// The probe that only a critical section's beginning interests.
struct OnEntered<'a>(&'a mut dyn FnMut());

impl Probe for OnEntered<'_> {
    fn blocked(&mut self) {}

    fn acquired(&mut self) {
        (self.0)();
    }
}

#[cfg(all(test, not(loom)))]
mod accesses;
#[cfg(all(test, loom))]
mod interleavings;
#[cfg(all(test, not(loom)))]
mod tests;
