//! All jobs of a run, round by round, and the master's leadership: what shared memory knows of them,
//! and what outlives every master. Not here: decisions (`master`).

use super::LeaseError;
use super::counts::JobCounts;
use super::failure_detector::DeathCause;
use super::leadership::{AtomicLeadership, Leadership};
use super::lease::{Lease, LeaseToken, MAX_JOBS, Offer};
use super::poll::Poll;
use super::word::LeaseWord;
use crate::sync::{AtomicU32, Ordering};

/// One word a job, one for the office, a counter a round, and one for what came too late. Nothing
/// in it ever waits, and nothing is allocated after it was made.
#[derive(Debug)]
pub struct JobTable {
    leadership: AtomicLeadership,
    words: Box<[LeaseWord]>,
    /// Open jobs of each round.
    open: Box<[AtomicU32]>,
    jobs_a_round: u32,
    late: AtomicU32,
}

/// A result was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finished {
    /// How the job stands now.
    pub lease: Lease,
    /// Whether no other job of its round is open any more. Of several workers who finish at the same
    /// time exactly one is told so: the one to wake the master. A worker that is killed between its
    /// result and this answer tells nobody, so a master who sleeps must still look now and then.
    pub last: bool,
}

impl JobTable {
    /// `rounds` rounds of `jobs` jobs, all queued, and no master yet. Eight bytes a job.
    ///
    /// # Panics
    /// Where those are more than [`MAX_JOBS`].
    pub fn new(rounds: u32, jobs: u32) -> JobTable {
        let all = u64::from(rounds) * u64::from(jobs);
        assert!(
            all <= MAX_JOBS as u64,
            "{all} jobs are more than {MAX_JOBS}"
        );
        JobTable {
            leadership: AtomicLeadership::new(),
            // Not cut off: there are at most MAX_JOBS.
            words: (0..all as u32).map(LeaseWord::new).collect(),
            open: (0..rounds).map(|_| AtomicU32::new(jobs)).collect(),
            jobs_a_round: jobs,
            late: AtomicU32::new(0),
        }
    }

    /// How many rounds there are.
    pub fn rounds(&self) -> u32 {
        // As many as `new` was told.
        self.open.len() as u32
    }

    /// How many jobs a round has.
    pub fn jobs_a_round(&self) -> u32 {
        self.jobs_a_round
    }

    /// The round of a job.
    ///
    /// # Panics
    /// Where the rounds have no jobs.
    pub fn round_of(&self, job: u32) -> u32 {
        job / self.jobs_a_round
    }

    /// Where the jobs' words begin in memory, one behind the other.
    pub fn address(&self) -> usize {
        self.words.as_ptr().addr()
    }

    /// Who is master now.
    pub fn leadership(&self) -> Leadership {
        self.leadership.read()
    }

    /// How a job stands; `None` where there is no such job.
    pub fn lease(&self, job: u32) -> Option<Lease> {
        Some(self.words.get(job as usize)?.read())
    }

    /// How all jobs stand, each at the moment when it is looked at.
    pub fn leases(&self) -> impl Iterator<Item = Lease> + '_ {
        self.words.iter().map(LeaseWord::read)
    }

    /// How the jobs of a round stand; none where there is no such round.
    pub fn round(&self, round: u32) -> impl Iterator<Item = Lease> + '_ {
        let jobs = self.jobs_a_round as usize;
        let first = (round as usize).saturating_mul(jobs);
        let words = self.words.iter().skip(first).take(jobs);
        words.map(LeaseWord::read)
    }

    /// What a look at a round finds: how many are done, and whether any is still open.
    pub fn poll(&self, round: u32) -> Poll {
        self.round(round).collect()
    }

    /// What became of all jobs up to now.
    pub fn counts(&self) -> JobCounts {
        self.leases().collect()
    }

    /// Results that were refused since they came too late.
    pub fn late(&self) -> u32 {
        self.late.load(Ordering::Relaxed)
    }

    /// `worker` takes a job that it was offered. Called by the worker itself, so that no lease
    /// is in the name of one who has not heard of it, should the master die in between.
    ///
    /// # Errors
    /// [`LeaseError::NotQueued`] where another has it or it has ended, [`LeaseError::Fenced`] where the
    /// master who offered it is no longer master, [`LeaseError::AttemptsExhausted`].
    pub fn take(&self, offer: Offer, worker: u8) -> Result<LeaseToken, LeaseError> {
        let word = self.word(offer.job).ok_or(LeaseError::NotQueued)?;
        let lease = word.take(offer, worker, &self.leadership)?;
        // It has just been leased.
        lease.token().ok_or(LeaseError::NotQueued)
    }

    /// A worker has done the job that it took: its result counts, unless the job was taken away in
    /// the meantime. Called by the worker itself, whether there is a master or not, after all that it
    /// leaves behind is in place.
    ///
    /// # Errors
    /// [`LeaseError::Stale`]; it is counted in [`late`](JobTable::late).
    pub fn finish(&self, token: LeaseToken) -> Result<Finished, LeaseError> {
        let word = self.word(token.job).ok_or(LeaseError::Stale);
        match word.and_then(|word| word.finish(token, &self.leadership)) {
            Ok(lease) => Ok(Finished {
                lease,
                last: self.close(lease.job),
            }),
            Err(error) => {
                self.late.fetch_add(1, Ordering::Relaxed);
                Err(error)
            }
        }
    }

    /// Declares the master of `epoch` dead: by itself as its last act, or by whoever sees it gone.
    /// What runs goes on, nothing new is begun.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] where it has been replaced.
    pub fn declare_dead(&self, epoch: u16) -> Result<(), LeaseError> {
        self.leadership.resign(epoch)
    }

    /// Takes the office over from the master `seen`, and then every open job, none of them restarted.
    /// Returns the new epoch. The old master is fenced off when this returns, dead or not.
    pub(super) fn adopt(&self, seen: Leadership) -> Result<u16, LeaseError> {
        let term = self.leadership.adopt(seen)?;
        for word in &self.words {
            word.adopt(term.epoch, &self.leadership)?;
        }
        Ok(term.epoch)
    }

    pub(super) fn requeue(&self, token: LeaseToken, epoch: u16) -> Result<(), LeaseError> {
        let word = self.word(token.job).ok_or(LeaseError::NotLeased)?;
        word.requeue(token, epoch, &self.leadership)?;
        Ok(())
    }

    pub(super) fn lose(
        &self,
        token: LeaseToken,
        epoch: u16,
        death: DeathCause,
    ) -> Result<(), LeaseError> {
        let word = self.word(token.job).ok_or(LeaseError::NotLeased)?;
        word.lose(token, epoch, death, &self.leadership)?;
        self.close(token.job);
        Ok(())
    }

    pub(super) fn give_up(
        &self,
        job: u32,
        epoch: u16,
        death: DeathCause,
    ) -> Result<(), LeaseError> {
        let word = self.word(job).ok_or(LeaseError::NotQueued)?;
        word.give_up(epoch, death, &self.leadership)?;
        self.close(job);
        Ok(())
    }

    fn word(&self, job: u32) -> Option<&LeaseWord> {
        self.words.get(job as usize)
    }

    /// A job has ended, which happens once; whether it was its round's last.
    fn close(&self, job: u32) -> bool {
        // Release and acquire: who is told that all have ended sees them all ended.
        let open = &self.open[self.round_of(job) as usize];
        open.fetch_sub(1, Ordering::AcqRel) == 1
    }
}
