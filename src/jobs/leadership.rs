//! The master's leadership: which epoch it is, and whether anybody holds it; one word in shared memory.
//! Not here: what a master does with it (`master`).

use super::LeaseError;
use crate::sync::{AtomicU32, Ordering};

/// The epoch of the first master. Before it is epoch 0, whose office nobody holds.
pub const FIRST: u16 = 1;

const DEAD: u32 = 1 << 16;

/// What the office's word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Leadership {
    /// Counts the masters, from [`FIRST`]; never goes down.
    pub epoch: u16,
    /// Whether its master is thought alive. Where not, the office is vacant.
    pub alive: bool,
}

/// What became of the master of some epoch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaderStatus {
    /// It is the master.
    Alive,
    /// It is dead, and nobody has taken over.
    Dead,
    /// Another has taken over, whether it is dead or not.
    Adopted,
}

impl Leadership {
    /// Before the first master.
    pub const NOBODY: Leadership = Leadership {
        epoch: 0,
        alive: false,
    };

    /// What became of the master of `epoch`.
    ///
    /// ```
    /// use locklab::jobs::leadership::{LeaderStatus, Leadership};
    ///
    /// let now = Leadership { epoch: 2, alive: true };
    /// assert_eq!(now.status(2), LeaderStatus::Alive);
    /// assert_eq!(now.status(1), LeaderStatus::Adopted);
    /// ```
    pub fn status(self, epoch: u16) -> LeaderStatus {
        match self.epoch == epoch {
            true if self.alive => LeaderStatus::Alive,
            true => LeaderStatus::Dead,
            false => LeaderStatus::Adopted,
        }
    }

    /// Lets only the living master of `epoch` pass.
    pub(super) fn check_leader(self, epoch: u16) -> Result<(), LeaseError> {
        match self.status(epoch) {
            LeaderStatus::Alive => Ok(()),
            LeaderStatus::Dead | LeaderStatus::Adopted => Err(LeaseError::Fenced {
                mine: epoch,
                now: self.epoch,
            }),
        }
    }

    /// As one number: the epoch, and above it whether its master is dead.
    pub fn pack(self) -> u32 {
        u32::from(self.epoch) | if self.alive { 0 } else { DEAD }
    }

    /// From one number.
    pub fn unpack(word: u32) -> Leadership {
        Leadership {
            // The lower half is meant.
            epoch: word as u16,
            alive: word & DEAD == 0,
        }
    }
}

/// The office's word, for every thread to see.
#[derive(Debug)]
#[repr(transparent)]
pub struct AtomicLeadership(AtomicU32);

impl AtomicLeadership {
    /// An office that nobody has held yet.
    #[allow(
        clippy::new_without_default,
        reason = "an office is made once, knowingly"
    )]
    pub fn new() -> AtomicLeadership {
        AtomicLeadership(AtomicU32::new(Leadership::NOBODY.pack()))
    }

    /// Who is master now.
    pub fn read(&self) -> Leadership {
        Leadership::unpack(self.0.load(Ordering::Acquire))
    }

    /// Takes the office over from the master `seen`, dead or not: of several who try at once, one
    /// succeeds. From here on the old one's commands are fenced off, job by job, as the new one
    /// adopts them.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] where another was quicker, [`LeaseError::EpochsExhausted`] after 65 535.
    pub fn adopt(&self, seen: Leadership) -> Result<Leadership, LeaseError> {
        let epoch = seen
            .epoch
            .checked_add(1)
            .ok_or(LeaseError::EpochsExhausted)?;
        let new = Leadership { epoch, alive: true };
        self.advance(seen.epoch, new)?;
        Ok(new)
    }

    /// Declares the master of `epoch` dead; it may be so already.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] where it has been replaced.
    pub fn resign(&self, epoch: u16) -> Result<(), LeaseError> {
        let dead = Leadership {
            epoch,
            alive: false,
        };
        self.advance(epoch, dead)
    }

    /// From `epoch`, its master dead or alive, to `next`.
    fn advance(&self, epoch: u16, next: Leadership) -> Result<(), LeaseError> {
        let mut seen = self.0.load(Ordering::Acquire);
        loop {
            let now = Leadership::unpack(seen);
            if now.epoch != epoch {
                return Err(LeaseError::Fenced {
                    mine: epoch,
                    now: now.epoch,
                });
            }
            let (done, failed) = (Ordering::AcqRel, Ordering::Acquire);
            let swap = self.0.compare_exchange(seen, next.pack(), done, failed);
            match swap {
                Ok(_) => return Ok(()),
                Err(other) => seen = other,
            }
        }
    }
}
