//! Who leads: the epoch of the master, and whether that master is alive, in one word of shared
//! memory. An epoch never goes down, and each has one master.

use super::error::LeaseError;
use crate::sync::{AtomicU32, Ordering};

/// The epoch of the first master. Epoch 0 has none.
pub const FIRST_EPOCH: u16 = 1;

const DEAD: u32 = 1 << 16;

/// What the leadership's word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leadership {
    /// Counts the masters, from [`FIRST_EPOCH`].
    pub epoch: u16,
    /// Whether the epoch's master is thought alive. If not, the leadership is vacant.
    pub alive: bool,
}

impl Leadership {
    /// Before the first master.
    pub const NONE: Leadership = Leadership { epoch: 0, alive: false };

    /// Fails unless the master of `epoch` leads.
    pub(super) fn check_leader(self, epoch: u16) -> Result<(), LeaseError> {
        let leads = self.alive && self.epoch == epoch;
        leads.then_some(()).ok_or(self.fenced(epoch))
    }

    fn fenced(self, stale: u16) -> LeaseError {
        LeaseError::Fenced { stale, current: self.epoch }
    }

    pub(super) fn pack(self) -> u32 {
        u32::from(self.epoch) | if self.alive { 0 } else { DEAD }
    }

    pub(super) fn unpack(word: u32) -> Leadership {
        Leadership {
            // The lower half is the epoch.
            epoch: word as u16,
            alive: word & DEAD == 0,
        }
    }
}

/// A [`Leadership`] that every thread can read and take over.
#[derive(Debug)]
#[repr(transparent)]
pub(super) struct AtomicLeadership(AtomicU32);

impl AtomicLeadership {
    pub fn new() -> AtomicLeadership {
        AtomicLeadership(AtomicU32::new(Leadership::NONE.pack()))
    }

    pub fn load(&self) -> Leadership {
        Leadership::unpack(self.0.load(Ordering::Acquire))
    }

    /// Takes the leadership over from the master `seen`, dead or alive, and returns the new epoch. Of
    /// several threads that try at once, one succeeds.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] if another was quicker, [`LeaseError::EpochsExhausted`] after 65 535.
    pub fn adopt(&self, seen: Leadership) -> Result<u16, LeaseError> {
        let epoch = seen.epoch.checked_add(1);
        let epoch = epoch.ok_or(LeaseError::EpochsExhausted)?;
        self.advance(seen.epoch, Leadership { epoch, alive: true })?;
        Ok(epoch)
    }

    /// Declares the master of `epoch` dead; it may be dead already.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] if it has been replaced.
    pub fn resign(&self, epoch: u16) -> Result<(), LeaseError> {
        let alive = false;
        self.advance(epoch, Leadership { epoch, alive })
    }

    /// From `epoch`, its master dead or alive, to `next`.
    fn advance(&self, epoch: u16, next: Leadership) -> Result<(), LeaseError> {
        let step = |seen| (Leadership::unpack(seen).epoch == epoch).then_some(next.pack());
        match self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, step) {
            Ok(_) => Ok(()),
            Err(seen) => Err(Leadership::unpack(seen).fenced(epoch)),
        }
    }
}
