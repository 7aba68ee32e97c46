//! How many jobs are in which state: at the end of a run, and at any moment before.

use super::leadership::FIRST_EPOCH;
use super::lease::{JobState, Lease};

/// Every job is counted in exactly one of the fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Waiting for a worker.
    pub queued: u32,
    /// With a worker.
    pub leased: u32,
    /// Done under the first master.
    pub under_first: u32,
    /// Done while no master led.
    pub as_orphan: u32,
    /// Done under a master that had taken over.
    pub under_successor: u32,
    /// Lost with a worker that died with its owner.
    pub lost_with_owner: u32,
    /// Lost with a worker that was killed.
    pub lost_with_worker: u32,
}

impl JobCounts {
    /// Jobs with a result; never goes down.
    pub fn done(&self) -> u32 {
        self.under_first + self.after_death()
    }

    /// Jobs done after the first master's death: the report's `finished`.
    pub fn after_death(&self) -> u32 {
        self.as_orphan + self.under_successor
    }

    /// Jobs that will never have a result: the report's `lost`.
    pub fn lost(&self) -> u32 {
        self.lost_with_owner + self.lost_with_worker
    }

    /// Jobs that may still have one; 0 at the end of a run that was not stopped.
    pub fn open(&self) -> u32 {
        self.queued + self.leased
    }
}

impl FromIterator<Lease> for JobCounts {
    fn from_iter<T: IntoIterator<Item = Lease>>(leases: T) -> JobCounts {
        let mut counts = JobCounts::default();
        for lease in leases {
            *match lease.state {
                JobState::Queued => &mut counts.queued,
                JobState::Leased => &mut counts.leased,
                JobState::Done if lease.epoch <= FIRST_EPOCH => &mut counts.under_first,
                JobState::Done => &mut counts.under_successor,
                JobState::DoneAsOrphan => &mut counts.as_orphan,
                JobState::LostWithOwner => &mut counts.lost_with_owner,
                JobState::LostWithWorker => &mut counts.lost_with_worker,
            } += 1;
        }
        counts
    }
}
