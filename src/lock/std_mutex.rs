//! A counter behind `std::sync::Mutex`: the post's `AtomicInteger` with its `threading.Lock`.
//! Not here: locks of our own making.

use std::sync::{Arc, Mutex, PoisonError, TryLockError};

use super::{Locked, Watch};
use crate::counter::{Kind, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "std-mutex",
    label: "std Mutex",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "Rust's own mutex around a plain number: one thread at a time.",
    source: "Rust's standard library, std::sync::Mutex",
    make: Some(|| Arc::new(StdMutex::default())),
};

/// The value and the lock around it. std's mutex is a futex of three states (free, locked, locked
/// with sleepers), natively on Linux and in threaded wasm alike.
#[derive(Debug, Default)]
pub(crate) struct StdMutex {
    value: Mutex<i64>,
}

impl Locked for StdMutex {
    #[inline]
    fn with<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce(&mut i64) -> R,
    ) -> Option<R> {
        // A whole number is never half written, so a holder's panic leaves nothing to be wary of.
        let lock = || self.value.lock().unwrap_or_else(PoisonError::into_inner);
        let mut value = if W::WATCHES {
            match self.value.try_lock() {
                Ok(value) => value,
                Err(TryLockError::Poisoned(value)) => value.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    watch.blocked();
                    lock()
                }
            }
        } else {
            lock()
        };
        watch.acquired();
        Some(inside(&mut value))
    }
}
