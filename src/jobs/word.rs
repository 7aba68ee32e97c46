//! One job's lease as a word in shared memory, changed by compare-and-swap alone. Not here: which
//! changes there are (`lease`), and all jobs together (`ledger`).

use super::Refusal;
use super::lease::{Lease, Offer, Stage, Ticket};
use super::term::{Term, TermWord};
use super::watch::Death;
use crate::sync::{AtomicU64, Ordering};

/// A job's word, for every thread to see. Each change is one compare-and-swap from what was seen.
///
/// The office's word is read between the look at this word and the swap. A swap that succeeds
/// therefore fits an office as it was in between: a successor's change of the office that came right
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
    /// [`Refusal::Fenced`], [`Refusal::NotQueued`], [`Refusal::WornOut`].
    pub fn take(&self, offer: Offer, worker: u8, office: &TermWord) -> Result<Lease, Refusal> {
        self.change(office, |lease, term| lease.taken(offer, worker, term))
    }

    /// The worker who took the job has done it.
    ///
    /// # Errors
    /// [`Refusal::Late`].
    pub fn finish(&self, ticket: Ticket, office: &TermWord) -> Result<Lease, Refusal> {
        self.change(office, |lease, term| lease.finished(ticket, term))
    }

    /// The master of `epoch` takes the job away from a worker, for another to take.
    ///
    /// # Errors
    /// [`Refusal::Fenced`], [`Refusal::NotLeased`].
    pub fn requeue(&self, ticket: Ticket, epoch: u16, office: &TermWord) -> Result<Lease, Refusal> {
        self.change(office, |lease, term| {
            lease.revoked(ticket, epoch, Stage::Queued, term)
        })
    }

    /// The master of `epoch` gives up a job together with its worker, who is dead.
    ///
    /// # Errors
    /// [`Refusal::Fenced`], [`Refusal::NotLeased`].
    pub fn lose(
        &self,
        ticket: Ticket,
        epoch: u16,
        death: Death,
        office: &TermWord,
    ) -> Result<Lease, Refusal> {
        let to = Stage::lost_by(death);
        self.change(office, |lease, term| lease.revoked(ticket, epoch, to, term))
    }

    /// The master of `epoch` gives up a job that waits for a worker, as there is none left.
    ///
    /// # Errors
    /// [`Refusal::Fenced`], [`Refusal::NotQueued`].
    pub fn give_up(&self, epoch: u16, death: Death, office: &TermWord) -> Result<Lease, Refusal> {
        self.change(office, |lease, term| lease.given_up(epoch, death, term))
    }

    /// The master of `epoch` takes the job over from its predecessor, as it stands.
    ///
    /// # Errors
    /// [`Refusal::Fenced`].
    pub fn adopt(&self, epoch: u16, office: &TermWord) -> Result<Lease, Refusal> {
        self.change(office, |lease, term| lease.adopted(epoch, term))
    }

    fn change(
        &self,
        office: &TermWord,
        next: impl Fn(Lease, Term) -> Result<Lease, Refusal>,
    ) -> Result<Lease, Refusal> {
        let mut seen = self.0.load(Ordering::Acquire);
        loop {
            let next = next(Lease::unpack(seen), office.read())?;
            // Release: who sees the change sees what was done before it. Acquire: and the other way
            // round. Also on failure: who sees a job adopted must see the office changed.
            let (done, failed) = (Ordering::AcqRel, Ordering::Acquire);
            let swap = self.0.compare_exchange(seen, next.pack(), done, failed);
            match swap {
                Ok(_) => return Ok(next),
                Err(other) => seen = other,
            }
        }
    }
}
