//! One job's [`Lease`]: which job, its state, its worker, the number of its attempt and the epoch of its
//! master, in 64 bits; and the few ways in which a lease may change.
//!
//! The attempt is a fencing token as Kleppmann describes it ("How to do distributed locking", 2016):
//! it rises each time the job is leased, and a result is accepted only with the latest. The epoch
//! fences off masters in the same way.

use super::error::LeaseError;
use super::failure_detector::DeathCause;
use super::leadership::Leadership;

const JOB_BITS: u32 = 24;
const WORKER_BITS: u32 = 8;
const ATTEMPT_BITS: u32 = 12;
const EPOCH_BITS: u32 = 16;
const STATE_BITS: u32 = 4;
const WORKER_SHIFT: u32 = JOB_BITS;
const ATTEMPT_SHIFT: u32 = WORKER_SHIFT + WORKER_BITS;
const EPOCH_SHIFT: u32 = ATTEMPT_SHIFT + ATTEMPT_BITS;
const STATE_SHIFT: u32 = EPOCH_SHIFT + EPOCH_BITS;
const _: () = assert!(STATE_SHIFT + STATE_BITS == u64::BITS);

/// The most jobs that can be told apart.
pub const MAX_JOBS: usize = 1 << JOB_BITS;
/// How often a job can be leased.
pub const MAX_ATTEMPTS: u16 = (1 << ATTEMPT_BITS) - 1;

/// The state of a job. From `Done` on nothing changes any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum JobState {
    /// It waits for a worker.
    Queued,
    /// A worker has it.
    Leased,
    /// Its result was accepted while a master led.
    Done,
    /// Its result was accepted while none did.
    DoneAsOrphan,
    /// Its worker was killed, and it was not to be tried again.
    LostWithWorker,
    /// Its worker died with the master that owned it.
    LostWithOwner,
}

impl JobState {
    /// All states; a state's place in this list is its number in the word.
    pub const ALL: [JobState; 6] = [
        JobState::Queued,
        JobState::Leased,
        JobState::Done,
        JobState::DoneAsOrphan,
        JobState::LostWithWorker,
        JobState::LostWithOwner,
    ];

    /// Whether the job may still be done.
    pub const fn is_open(self) -> bool {
        matches!(self, JobState::Queued | JobState::Leased)
    }

    /// Whether a result was accepted.
    pub const fn is_done(self) -> bool {
        matches!(self, JobState::Done | JobState::DoneAsOrphan)
    }

    /// The state of a job that is lost because its worker died.
    pub const fn lost_by(cause: DeathCause) -> JobState {
        match cause {
            DeathCause::Killed => JobState::LostWithWorker,
            DeathCause::WithOwner => JobState::LostWithOwner,
        }
    }
}

/// What a job's word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The job's number in its table.
    pub job: u32,
    /// The worker that has it or had it last; means nothing before the first attempt.
    pub worker: u8,
    /// How often it was leased.
    pub attempt: u16,
    /// Of an open job the epoch that may command it, of an ended one the epoch in which it ended.
    pub epoch: u16,
    /// Its state.
    pub state: JobState,
}

/// A master's permission to a worker to lease a job; worthless once the job is leased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Which job.
    pub job: u32,
    /// The epoch of the master.
    pub epoch: u16,
}

/// What a worker shows when it has done its job. It carries no epoch: an adopted job stays its
/// worker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseToken {
    /// Which job.
    pub job: u32,
    /// The worker that leased it.
    pub worker: u8,
    /// The number of the attempt.
    pub attempt: u16,
}

impl Lease {
    /// A job that no worker has had and no master has adopted.
    pub const fn queued(job: u32) -> Lease {
        Lease { job, worker: 0, attempt: 0, epoch: 0, state: JobState::Queued }
    }

    /// The token of the worker that has the job; `None` if none has it.
    pub fn token(self) -> Option<LeaseToken> {
        (self.state == JobState::Leased).then_some(LeaseToken {
            job: self.job,
            worker: self.worker,
            attempt: self.attempt,
        })
    }

    /// The same at the end of a run that no master saw to its end: `cause` says which workers are
    /// known to be dead, whose jobs will never be done.
    #[must_use]
    pub fn at_the_end(self, cause: impl FnOnce(u8) -> Option<DeathCause>) -> Lease {
        match self.token().and_then(|token| cause(token.worker)) {
            Some(cause) => Lease { state: JobState::lost_by(cause), ..self },
            None => self,
        }
    }

    /// Numbers too large for their bits lose their upper ones.
    pub(super) fn pack(self) -> u64 {
        let field = |value: u64, shift: u32, bits: u32| (value & ((1 << bits) - 1)) << shift;
        field(self.job.into(), 0, JOB_BITS)
            | field(self.worker.into(), WORKER_SHIFT, WORKER_BITS)
            | field(self.attempt.into(), ATTEMPT_SHIFT, ATTEMPT_BITS)
            | field(self.epoch.into(), EPOCH_SHIFT, EPOCH_BITS)
            | field(self.state as u64, STATE_SHIFT, STATE_BITS)
    }

    pub(super) fn unpack(word: u64) -> Lease {
        // Each is masked to the bits of its type or fewer.
        let field = |shift: u32, bits: u32| word >> shift & ((1 << bits) - 1);
        let state = field(STATE_SHIFT, STATE_BITS) as usize;
        Lease {
            job: field(0, JOB_BITS) as u32,
            worker: field(WORKER_SHIFT, WORKER_BITS) as u8,
            attempt: field(ATTEMPT_SHIFT, ATTEMPT_BITS) as u16,
            epoch: field(EPOCH_SHIFT, EPOCH_BITS) as u16,
            // Only `pack` writes words, so there is one.
            state: JobState::ALL[state % JobState::ALL.len()],
        }
    }

    /// A worker leases the job.
    pub(super) fn leased(
        self,
        offer: Offer,
        worker: u8,
        leadership: Leadership,
    ) -> Result<Lease, LeaseError> {
        leadership.check_leader(offer.epoch)?;
        if self.state != JobState::Queued {
            return Err(LeaseError::NotQueued);
        }
        if self.attempt >= MAX_ATTEMPTS {
            return Err(LeaseError::AttemptsExhausted);
        }
        Ok(Lease {
            worker,
            attempt: self.attempt + 1,
            epoch: offer.epoch,
            state: JobState::Leased,
            ..self
        })
    }

    /// The worker that leased the job has done it.
    pub(super) fn finished(
        self,
        token: LeaseToken,
        leadership: Leadership,
    ) -> Result<Lease, LeaseError> {
        if self.token() != Some(token) {
            return Err(LeaseError::Stale);
        }
        let state = if leadership.alive { JobState::Done } else { JobState::DoneAsOrphan };
        Ok(Lease { epoch: leadership.epoch, state, ..self })
    }

    /// The master of `epoch`, which read the job as `seen`, takes it from its worker or from the queue.
    pub(super) fn revoked(
        self,
        seen: Lease,
        to: JobState,
        epoch: u16,
        leadership: Leadership,
    ) -> Result<Lease, LeaseError> {
        leadership.check_leader(epoch)?;
        let as_seen = self.state == seen.state && self.token() == seen.token();
        if !(as_seen && self.state.is_open()) {
            return Err(LeaseError::Changed);
        }
        Ok(Lease { epoch, state: to, ..self })
    }

    /// The master of `epoch` takes the job over from its predecessor. A job that has ended keeps the
    /// epoch in which it did.
    pub(super) fn adopted(self, epoch: u16, leadership: Leadership) -> Result<Lease, LeaseError> {
        leadership.check_leader(epoch)?;
        Ok(Lease { epoch: if self.state.is_open() { epoch } else { self.epoch }, ..self })
    }
}
