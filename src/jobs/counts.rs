//! What became of every job: the counts at a run's end, and at any moment before. Not here: how it
//! came about.

use super::failure_detector::DeathCause;
use super::leadership::FIRST;
use super::lease::{JobState, Lease};

/// What became of one job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It waits for a worker.
    Queued,
    /// A worker has it.
    Running,
    /// Its result was accepted under the first master.
    UnderOld,
    /// Its result was accepted while nobody was master.
    AsOrphan,
    /// Its result was accepted under a master who had taken over.
    UnderNew,
    /// Its worker died with the master that owned it.
    LostWithOwner,
    /// Its worker was killed, and it was not tried again.
    LostWithWorker,
}

impl Fate {
    /// What became of the job that this is the word of.
    ///
    /// ```
    /// use locklab::jobs::counts::Fate;
    /// use locklab::jobs::lease::{Lease, JobState};
    ///
    /// let done = Lease { state: JobState::Done, epoch: 1, ..Lease::queued(0) };
    /// assert_eq!(Fate::of(done), Fate::UnderOld);
    /// assert_eq!(Fate::of(Lease { epoch: 2, ..done }), Fate::UnderNew);
    /// ```
    pub fn of(lease: Lease) -> Fate {
        match lease.state {
            JobState::Queued => Fate::Queued,
            JobState::Leased => Fate::Running,
            JobState::Done if lease.epoch <= FIRST => Fate::UnderOld,
            JobState::Done => Fate::UnderNew,
            JobState::DoneAsOrphan => Fate::AsOrphan,
            JobState::LostWithOwner => Fate::LostWithOwner,
            JobState::LostWithWorker => Fate::LostWithWorker,
        }
    }

    /// The same, of a run that has ended without a master: whoever writes its report knows which
    /// workers are dead, and what they had will never be done.
    pub fn at_the_end(lease: Lease, death: impl FnOnce(u8) -> Option<DeathCause>) -> Fate {
        let fate = Fate::of(lease);
        let death = (fate == Fate::Running)
            .then(|| death(lease.worker))
            .flatten();
        match death {
            Some(DeathCause::Killed) => Fate::LostWithWorker,
            Some(DeathCause::WithOwner) => Fate::LostWithOwner,
            None => fate,
        }
    }
}

/// How many jobs met which fate: every job is in exactly one of the fields.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// [`Fate::Queued`].
    pub queued: u32,
    /// [`Fate::Running`].
    pub running: u32,
    /// [`Fate::UnderOld`].
    pub under_old: u32,
    /// [`Fate::AsOrphan`].
    pub as_orphan: u32,
    /// [`Fate::UnderNew`].
    pub under_new: u32,
    /// [`Fate::LostWithOwner`].
    pub lost_with_owner: u32,
    /// [`Fate::LostWithWorker`].
    pub lost_with_worker: u32,
}

impl JobCounts {
    /// Jobs with a result; never goes down.
    pub fn done(&self) -> u32 {
        self.under_old + self.after_death()
    }

    /// Jobs that came to their end after the first master's: the report's `finished`.
    pub fn after_death(&self) -> u32 {
        self.as_orphan + self.under_new
    }

    /// Jobs that will never have a result: the report's `lost`.
    pub fn lost(&self) -> u32 {
        self.lost_with_owner + self.lost_with_worker
    }

    /// Jobs that may still get one; 0 at the end of a run that was not stopped.
    pub fn open(&self) -> u32 {
        self.queued + self.running
    }

    /// All jobs.
    pub fn jobs(&self) -> u32 {
        self.open() + self.done() + self.lost()
    }
}

impl Extend<Fate> for JobCounts {
    fn extend<T: IntoIterator<Item = Fate>>(&mut self, fates: T) {
        for fate in fates {
            let count = match fate {
                Fate::Queued => &mut self.queued,
                Fate::Running => &mut self.running,
                Fate::UnderOld => &mut self.under_old,
                Fate::AsOrphan => &mut self.as_orphan,
                Fate::UnderNew => &mut self.under_new,
                Fate::LostWithOwner => &mut self.lost_with_owner,
                Fate::LostWithWorker => &mut self.lost_with_worker,
            };
            *count += 1;
        }
    }
}

impl FromIterator<Fate> for JobCounts {
    fn from_iter<T: IntoIterator<Item = Fate>>(fates: T) -> JobCounts {
        let mut counts = JobCounts::default();
        counts.extend(fates);
        counts
    }
}

impl FromIterator<Lease> for JobCounts {
    fn from_iter<T: IntoIterator<Item = Lease>>(leases: T) -> JobCounts {
        leases.into_iter().map(Fate::of).collect()
    }
}
