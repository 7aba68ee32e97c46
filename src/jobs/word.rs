//! One job's lease as a word in shared memory, changed by compare-and-swap alone. Not here: which
//! changes there are (`lease`), and all jobs together (`table`).

use super::LeaseError;
use super::failure_detector::DeathCause;
use super::leadership::{AtomicLeadership, Leadership};
use super::lease::{JobState, Lease, LeaseToken, Offer};
use crate::sync::{AtomicU64, Ordering};

/// A job's word, for every thread to see. Each change is one compare-and-swap from what was seen.
///
/// The leadership's word is read between the look at this word and the swap. A swap that succeeds
/// therefore fits an leadership as it was in between: a successor's change of the leadership that came right
/// after is still before its adoption of this job, which finds the job as it was left here.
#[derive(Debug)]
#[repr(transparent)]
pub struct LeaseWord(AtomicU64);

impl LeaseWord {
    /// The word of a job that nobody has had.
    pub fn new(job: u32) -> LeaseWord {
        LeaseWord(AtomicU64::new(Lease::queued(job).pack()))
    }

    /// How the job stands; what its worker wrote before it finished is seen by whoever sees it done.
    pub fn read(&self) -> Lease {
        Lease::unpack(self.0.load(Ordering::Acquire))
    }

    /// `worker` takes the job.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`], [`LeaseError::NotQueued`], [`LeaseError::AttemptsExhausted`].
    pub fn take(
        &self,
        offer: Offer,
        worker: u8,
        leadership: &AtomicLeadership,
    ) -> Result<Lease, LeaseError> {
        self.change(leadership, |lease, term| lease.taken(offer, worker, term))
    }

    /// The worker who took the job has done it.
    ///
    /// # Errors
    /// [`LeaseError::Stale`].
    pub fn finish(
        &self,
        token: LeaseToken,
        leadership: &AtomicLeadership,
    ) -> Result<Lease, LeaseError> {
        self.change(leadership, |lease, term| lease.finished(token, term))
    }

    /// The master of `epoch` takes the job away from a worker, for another to take.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`], [`LeaseError::NotLeased`].
    pub fn requeue(
        &self,
        token: LeaseToken,
        epoch: u16,
        leadership: &AtomicLeadership,
    ) -> Result<Lease, LeaseError> {
        self.change(leadership, |lease, term| {
            lease.revoked(token, epoch, JobState::Queued, term)
        })
    }

    /// The master of `epoch` gives up a job together with its worker, who is dead.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`], [`LeaseError::NotLeased`].
    pub fn lose(
        &self,
        token: LeaseToken,
        epoch: u16,
        death: DeathCause,
        leadership: &AtomicLeadership,
    ) -> Result<Lease, LeaseError> {
        let to = JobState::lost_by(death);
        self.change(leadership, |lease, term| {
            lease.revoked(token, epoch, to, term)
        })
    }

    /// The master of `epoch` gives up a job that waits for a worker, as there is none left.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`], [`LeaseError::NotQueued`].
    pub fn give_up(
        &self,
        epoch: u16,
        death: DeathCause,
        leadership: &AtomicLeadership,
    ) -> Result<Lease, LeaseError> {
        self.change(leadership, |lease, term| lease.given_up(epoch, death, term))
    }

    /// The master of `epoch` takes the job over from its predecessor, as it stands.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`].
    pub fn adopt(&self, epoch: u16, leadership: &AtomicLeadership) -> Result<Lease, LeaseError> {
        self.change(leadership, |lease, term| lease.adopted(epoch, term))
    }

    fn change(
        &self,
        leadership: &AtomicLeadership,
        next: impl Fn(Lease, Leadership) -> Result<Lease, LeaseError>,
    ) -> Result<Lease, LeaseError> {
        let mut seen = self.0.load(Ordering::Acquire);
        loop {
            let next = next(Lease::unpack(seen), leadership.read())?;
            // Release: who sees the change sees what was done before it. Acquire: and the other way
            // round. Also on failure: who sees a job adopted must see the leadership changed.
            let (done, failed) = (Ordering::AcqRel, Ordering::Acquire);
            let swap = self.0.compare_exchange(seen, next.pack(), done, failed);
            match swap {
                Ok(_) => return Ok(next),
                Err(other) => seen = other,
            }
        }
    }
}
