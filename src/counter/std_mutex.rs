//! A counter behind `std::sync::Mutex`: the post's `AtomicInteger` with its `threading.Lock`.
//! Not here: locks of our own making.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};

use super::{Counter, Kind, Probe};

/// This kind.
pub const KIND: Kind = Kind {
    name: "std-mutex",
    label: "std Mutex",
    exact: true,
    shared: true,
    meaning: "Rust's own mutex around a plain number: one thread at a time.",
    make: || Arc::new(StdMutex::default()),
};

/// The value and the lock around it. std's mutex is a futex of three states (free, locked, locked
/// with sleepers), natively on Linux and in threaded wasm alike.
#[derive(Debug, Default)]
struct StdMutex {
    value: Mutex<i64>,
}

impl StdMutex {
    #[inline]
    fn lock(&self) -> MutexGuard<'_, i64> {
        // A whole number is never half written, so a holder's panic leaves nothing to be wary of.
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counter for StdMutex {
    #[inline]
    fn inc(&self) -> i64 {
        let mut value = self.lock();
        *value += 1;
        *value
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> i64 {
        let free = match self.value.try_lock() {
            Ok(value) => Some(value),
            Err(TryLockError::Poisoned(value)) => Some(value.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        };
        let mut value = free.unwrap_or_else(|| {
            probe.blocked();
            self.lock()
        });
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
