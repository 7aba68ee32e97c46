//! A counter behind `std::sync::Mutex`: the post's `AtomicInteger` with its `threading.Lock`.
//! Not here: locks of our own making.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Counter, Kind, Probe};

/// The value and the lock around it. std's mutex is a futex of three states (free, locked, locked
/// with sleepers), natively on Linux and in threaded wasm alike.
#[derive(Debug, Default)]
pub struct StdMutex {
    value: Mutex<i64>,
}

impl StdMutex {
    /// A whole number is never half written, so a holder's panic leaves nothing to be wary of.
    fn lock(&self) -> MutexGuard<'_, i64> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counter for StdMutex {
    const KIND: Kind = Kind {
        name: "std-mutex",
        label: "std Mutex",
        exact: true,
        shared: true,
        meaning: "Rust's own mutex around a plain number: one thread at a time.",
    };

    #[inline]
    fn inc_probed<P: Probe>(&self, probe: &mut P) -> i64 {
        let mut value = self.lock();
        probe.acquired();
        *value += 1;
        *value
    }

    fn dec(&self) -> i64 {
        let mut value = self.lock();
        *value -= 1;
        *value
    }

    fn set(&self, value: i64) -> i64 {
        *self.lock() = value;
        value
    }

    fn value(&self) -> i64 {
        *self.lock()
    }
}
