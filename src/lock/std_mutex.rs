//! `std::sync::Mutex`: a futex of three states, natively on Linux and in threaded wasm.

use std::sync::{Mutex, PoisonError, TryLockError};

use super::{Cancelled, Lock, LockObserver};
use crate::sync::AtomicBool;

/// The lock. Poisoning is ignored: what it protects is never half written.
#[derive(Debug, Default)]
pub struct StdMutex(Mutex<()>);

// SAFETY: the critical section runs while the guard is alive.
unsafe impl Lock for StdMutex {
    #[inline]
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        _cancel: Option<&AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled> {
        let lock = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let _guard = if O::TRY_FIRST {
            match self.0.try_lock() {
                Ok(guard) => guard,
                Err(TryLockError::Poisoned(guard)) => guard.into_inner(),
                Err(TryLockError::WouldBlock) => {
                    observer.blocked();
                    lock()
                }
            }
        } else {
            lock()
        };
        observer.acquired();
        Ok(critical_section())
    }
}
