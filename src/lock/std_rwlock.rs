//! A counter behind `std::sync::RwLock`, always taken for writing. Not here: readers, whom a counter
//! does not have while it counts.

use std::sync::{Arc, PoisonError, RwLock, TryLockError};

use super::{Locked, Watch};
use crate::counter::{Kind, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "std-rwlock",
    label: "std RwLock (write)",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "Rust's own lock for many readers or one writer, here only ever written.",
    source: "Rust's standard library, std::sync::RwLock",
    make: Some(|| Arc::new(StdRwLock::default())),
};

/// The value and the lock around it.
#[derive(Debug, Default)]
pub(crate) struct StdRwLock {
    value: RwLock<i64>,
}

impl Locked for StdRwLock {
    #[inline]
    fn with<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce(&mut i64) -> R,
    ) -> Option<R> {
        // A whole number is never half written, so a holder's panic leaves nothing to be wary of.
        let lock = || self.value.write().unwrap_or_else(PoisonError::into_inner);
        let mut value = if W::WATCHES {
            match self.value.try_write() {
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
