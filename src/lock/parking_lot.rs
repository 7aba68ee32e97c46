//! A counter behind `parking_lot`'s Mutex, of one byte: the lock that many programs use instead of std's. Not
//! here: its fair sibling.

use std::sync::Arc;

use parking_lot::Mutex;

use super::{Locked, Watch};
use crate::counter::{Kind, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "parking-lot",
    label: "parking_lot Mutex",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "One byte; who waits spins a little, then sleeps in a queue beside the lock. Late comers may overtake.",
    source: "crate parking_lot, after WebKit's WTF::ParkingLot (Pizlo, Locking in WebKit, 2016)",
    make: Some(|| Arc::new(ParkingLot::default())),
};

/// The value and the lock around it.
///
/// A thread that sleeps here for its first time may let `parking_lot` enlarge its table of sleepers: then,
/// and only then, it allocates.
#[derive(Debug, Default)]
pub(crate) struct ParkingLot {
    value: Mutex<i64>,
}

impl Locked for ParkingLot {
    #[inline]
    fn with<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce(&mut i64) -> R,
    ) -> Option<R> {
        let free = if W::WATCHES {
            let free = self.value.try_lock();
            if free.is_none() {
                watch.blocked();
            }
            free
        } else {
            None
        };
        let mut value = free.unwrap_or_else(|| self.value.lock());
        watch.acquired();
        Some(inside(&mut value))
    }
}
