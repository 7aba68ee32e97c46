//! The mutexes of the crate `parking_lot`: one byte each, with the waiters' queue in a table beside it, after
//! WebKit's `WTF::ParkingLot` (Pizlo, "Locking in WebKit", 2016).
//!
//! A thread that parks for its first time may enlarge that table: then, and only then, it allocates.

use super::{Cancelled, Lock, LockObserver};
use crate::sync::AtomicBool;

/// The lock. A late comer may barge in before the threads that wait.
#[derive(Debug, Default)]
pub struct ParkingLot(parking_lot::Mutex<()>);

/// The same lock, but each unlock hands it to the thread that has waited longest.
#[derive(Debug, Default)]
pub struct ParkingLotFair(parking_lot::FairMutex<()>);

macro_rules! parking_lot_locks {
    ($($lock:ty),+) => {
        $(
            // SAFETY: the critical section runs while the guard is alive.
            unsafe impl Lock for $lock {
                #[inline]
                fn lock_with<O: LockObserver, R>(
                    &self,
                    observer: &mut O,
                    _cancel: Option<&AtomicBool>,
                    critical_section: impl FnOnce() -> R,
                ) -> Result<R, Cancelled> {
                    let _guard = if O::TRY_FIRST {
                        self.0.try_lock().unwrap_or_else(|| {
                            observer.blocked();
                            self.0.lock()
                        })
                    } else {
                        self.0.lock()
                    };
                    observer.acquired();
                    Ok(critical_section())
                }
            }
        )+
    };
}

parking_lot_locks!(ParkingLot, ParkingLotFair);
