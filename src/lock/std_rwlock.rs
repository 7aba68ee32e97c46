//! `std::sync::RwLock`, always locked for writing: a counter that counts has no readers.

use std::sync::{PoisonError, RwLock, TryLockError};

use super::{Cancelled, Lock, LockObserver};
use crate::sync::AtomicBool;

/// The lock. Poisoning is ignored: what it protects is never half written.
#[derive(Debug, Default)]
pub struct StdRwLock(RwLock<()>);

// SAFETY: the critical section runs while the writer's guard is alive.
unsafe impl Lock for StdRwLock {
    #[inline]
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        _cancel: Option<&AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled> {
        let lock = || self.0.write().unwrap_or_else(PoisonError::into_inner);
        let _guard = if O::TRY_FIRST {
            match self.0.try_write() {
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
