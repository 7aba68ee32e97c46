//! The [`JobTable`]: all jobs of a run, round by round, and the leadership. It is all that must outlive a
//! master, and each change to it is one compare-and-swap.

use super::counts::JobCounts;
use super::error::LeaseError;
use super::leadership::{AtomicLeadership, Leadership};
use super::lease::{JobState, Lease, LeaseToken, MAX_JOBS, Offer};
use super::poll::Poll;
use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// One word a job, one for the leadership, a counter a round, and one for stale results. It never
/// blocks, and allocates only when it is made.
#[derive(Debug)]
pub struct JobTable {
    leadership: AtomicLeadership,
    jobs: Box<[AtomicU64]>,
    /// Open jobs of each round.
    open: Box<[AtomicU32]>,
    jobs_per_round: u32,
    stale: AtomicU32,
}

impl JobTable {
    /// `rounds` rounds of `jobs` jobs, all queued, and no master yet. Eight bytes a job.
    ///
    /// # Panics
    /// If those are more than [`MAX_JOBS`].
    pub fn new(rounds: u32, jobs: u32) -> JobTable {
        let all = u64::from(rounds) * u64::from(jobs);
        assert!(all <= MAX_JOBS as u64, "{all} jobs are more than {MAX_JOBS}");
        // At most MAX_JOBS, so nothing is cut off.
        let queued = (0..all as u32).map(|job| AtomicU64::new(Lease::queued(job).pack()));
        JobTable {
            leadership: AtomicLeadership::new(),
            jobs: queued.collect(),
            open: (0..rounds).map(|_| AtomicU32::new(jobs)).collect(),
            jobs_per_round: jobs,
            stale: AtomicU32::new(0),
        }
    }

    /// How many rounds there are.
    pub fn rounds(&self) -> u32 {
        // A `u32` when it was made.
        self.open.len() as u32
    }

    /// How many jobs a round has.
    pub fn jobs_per_round(&self) -> u32 {
        self.jobs_per_round
    }

    /// A job's round, and its place there.
    ///
    /// # Panics
    /// If rounds have no jobs.
    pub fn place_of(&self, job: u32) -> (u32, u32) {
        (job / self.jobs_per_round, job % self.jobs_per_round)
    }

    /// Who leads now.
    pub fn leadership(&self) -> Leadership {
        self.leadership.load()
    }

    /// A job's lease; `None` if there is no such job. What its worker wrote before it finished is
    /// visible to a thread that reads here that it is done.
    pub fn lease(&self, job: u32) -> Option<Lease> {
        self.jobs.get(job as usize).map(read)
    }

    /// All leases, each as of the moment when it is read.
    pub fn leases(&self) -> impl Iterator<Item = Lease> + '_ {
        self.jobs.iter().map(read)
    }

    /// The leases of a round; none if there is no such round.
    pub fn round(&self, round: u32) -> impl Iterator<Item = Lease> + '_ {
        let jobs = self.jobs_per_round as usize;
        let first = (round as usize).saturating_mul(jobs);
        self.jobs.iter().skip(first).take(jobs).map(read)
    }

    /// How many jobs of a round are done, and how many are open.
    pub fn poll(&self, round: u32) -> Poll {
        self.round(round).collect()
    }

    /// How many jobs are in which state.
    pub fn counts(&self) -> JobCounts {
        self.leases().collect()
    }

    /// Results that were refused because their lease had been revoked.
    pub fn stale(&self) -> u32 {
        self.stale.load(Ordering::Relaxed)
    }

    /// `worker` leases a job that it was offered. The worker itself calls this, so that no lease
    /// names a worker that has not heard of it, should the master die in between.
    ///
    /// # Errors
    /// [`LeaseError::NotQueued`], [`LeaseError::Fenced`] if the master that offered it no longer
    /// leads, [`LeaseError::AttemptsExhausted`].
    pub fn take(&self, offer: Offer, worker: u8) -> Result<LeaseToken, LeaseError> {
        let lease = self.change(offer.job, |lease, now| lease.leased(offer, worker, now))?;
        // It has just been leased.
        lease.token().ok_or(LeaseError::NotQueued)
    }

    /// A worker has done its job: the result is accepted, unless the lease was revoked in the
    /// meantime. The worker itself calls this, whether there is a master or not, after it has written
    /// its result.
    ///
    /// Returns whether this was the last open job of its round. Of several workers that finish at the
    /// same time exactly one gets `true`: the one to wake the master. A worker that is killed between its
    /// result and this answer wakes nobody, so a master that sleeps must still poll now and then.
    ///
    /// # Errors
    /// [`LeaseError::Stale`]; it is counted in [`stale`](JobTable::stale).
    pub fn finish(&self, token: LeaseToken) -> Result<bool, LeaseError> {
        let lease = self.change(token.job, |lease, now| lease.finished(token, now));
        let lease = lease.inspect_err(|_| {
            self.stale.fetch_add(1, Ordering::Relaxed);
        })?;
        Ok(self.close(lease.job))
    }

    /// Declares the master of `epoch` dead: its own last act, or of a thread that saw it die. Leased
    /// jobs go on, no other is begun.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] if it has been replaced.
    pub fn resign(&self, epoch: u16) -> Result<(), LeaseError> {
        self.leadership.resign(epoch)
    }

    /// Takes the leadership over from the master `seen`, and then every open job, restarting none.
    /// Returns the new epoch. When this returns the old master is fenced off, dead or alive.
    pub(super) fn adopt(&self, seen: Leadership) -> Result<u16, LeaseError> {
        let epoch = self.leadership.adopt(seen)?;
        // Not cut off: there are at most MAX_JOBS.
        for job in 0..self.jobs.len() as u32 {
            self.change(job, |lease, now| lease.adopted(epoch, now))?;
        }
        Ok(epoch)
    }

    /// The master of `epoch` takes a job, which it read as `seen`, from its worker or from the queue:
    /// back to the queue, or lost.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`], [`LeaseError::Changed`].
    pub(super) fn revoke(&self, seen: Lease, to: JobState, epoch: u16) -> Result<(), LeaseError> {
        self.change(seen.job, |lease, now| lease.revoked(seen, to, epoch, now))?;
        if !to.is_open() {
            self.close(seen.job);
        }
        Ok(())
    }

    /// Changes a job's lease by compare-and-swap.
    ///
    /// The leadership is read between the read of the job's word and the swap. A swap that succeeds
    /// therefore fits the leadership as it was in between: if a successor took over right after, its
    /// adoption of this job is still to come and finds the job as it was left here.
    fn change(
        &self,
        job: u32,
        next: impl Fn(Lease, Leadership) -> Result<Lease, LeaseError>,
    ) -> Result<Lease, LeaseError> {
        let word = self.jobs.get(job as usize);
        let word = word.ok_or(LeaseError::UnknownJob)?;
        let mut seen = word.load(Ordering::Acquire);
        loop {
            let next = next(Lease::unpack(seen), self.leadership())?;
            // Release: a thread that sees the change sees what was done before it. Acquire: and the
            // other way round. Also on failure: a thread that sees a job adopted must see the new
            // leadership.
            let (done, failed) = (Ordering::AcqRel, Ordering::Acquire);
            match word.compare_exchange(seen, next.pack(), done, failed) {
                Ok(_) => return Ok(next),
                Err(other) => seen = other,
            }
        }
    }

    /// Counts a job that has ended, which happens once; whether it was the last of its round.
    fn close(&self, job: u32) -> bool {
        // Release and acquire: a thread that sees the last one end sees how each of them ended.
        let open = &self.open[self.place_of(job).0 as usize];
        open.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

fn read(word: &AtomicU64) -> Lease {
    Lease::unpack(word.load(Ordering::Acquire))
}
