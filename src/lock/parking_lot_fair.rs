//! A counter behind `parking_lot`'s FairMutex: whoever has waited longest is handed the lock. Not here: the
//! one that may be overtaken.

use std::sync::Arc;

use parking_lot::FairMutex;

use super::{Locked, Watch};
use crate::counter::{Kind, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "parking-lot-fair",
    label: "parking_lot FairMutex",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "As parking_lot's Mutex, but handed from thread to thread in the order of their coming.",
    source: "crate parking_lot, FairMutex: every unlocking hands the lock on",
    make: Some(|| Arc::new(ParkingLotFair::default())),
};

/// The value and the lock around it.
#[derive(Debug, Default)]
pub(crate) struct ParkingLotFair {
    value: FairMutex<i64>,
}

impl Locked for ParkingLotFair {
    #[inline]
    fn with<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce(&mut i64) -> R,
    ) -> Option<R> {
        let free = if W::MINDS {
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
