//! One job's lease: which job, how it stands, with whom, for which time, under which master, in 64
//! bits; and the few ways in which that may change. Not here: the shared word that changes so
//! (`word`), and who decides on a change (`master`).
//!
//! The number of the hand-out is a fencing token as Kleppmann describes it ("How to do distributed
//! locking", 2016): it rises with each hand-out, and a result is taken only with the latest. The
//! epoch fences masters off in the same way.

use serde::Serialize;

use super::LeaseError;
use super::failure_detector::DeathCause;
use super::leadership::Leadership;

const JOB_BITS: u32 = 24;
const WORKER_BITS: u32 = 8;
const ATTEMPT_BITS: u32 = 12;
const EPOCH_BITS: u32 = 16;
const STAGE_BITS: u32 = 4;
const WORKER_SHIFT: u32 = JOB_BITS;
const ATTEMPT_SHIFT: u32 = WORKER_SHIFT + WORKER_BITS;
const EPOCH_SHIFT: u32 = ATTEMPT_SHIFT + ATTEMPT_BITS;
const STAGE_SHIFT: u32 = EPOCH_SHIFT + EPOCH_BITS;
const _: () = assert!(STAGE_SHIFT + STAGE_BITS == u64::BITS);

/// The most jobs that can be told apart.
pub const MAX_JOBS: usize = 1 << JOB_BITS;
/// How often a job can be handed out.
pub const MAX_ATTEMPTS: u16 = (1 << ATTEMPT_BITS) - 1;

/// How a job stands. From `Done` on nothing changes any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum JobState {
    /// It waits for a worker.
    Queued,
    /// A worker has it.
    Leased,
    /// Its result was accepted while there was a master.
    Done,
    /// Its result was accepted while there was none.
    DoneAsOrphan,
    /// Its worker was killed, and it was not to be tried again.
    LostWithWorker,
    /// Its worker died with the master that owned it.
    LostWithOwner,
}

impl JobState {
    /// All stages; a stage's place in this list is its number in the word.
    pub const ALL: [JobState; 6] = [
        JobState::Queued,
        JobState::Leased,
        JobState::Done,
        JobState::DoneAsOrphan,
        JobState::LostWithWorker,
        JobState::LostWithOwner,
    ];

    /// The name that the page and reports know it by.
    pub const fn name(self) -> &'static str {
        match self {
            JobState::Queued => "queued",
            JobState::Leased => "leased",
            JobState::Done => "done",
            JobState::DoneAsOrphan => "doneAsOrphan",
            JobState::LostWithWorker => "lostWithWorker",
            JobState::LostWithOwner => "lostWithOwner",
        }
    }

    /// Whether the job may still be done.
    pub const fn is_open(self) -> bool {
        matches!(self, JobState::Queued | JobState::Leased)
    }

    /// Whether a result was accepted.
    pub const fn is_done(self) -> bool {
        matches!(self, JobState::Done | JobState::DoneAsOrphan)
    }

    /// How a job ends whose worker died like this.
    pub const fn lost_by(death: DeathCause) -> JobState {
        match death {
            DeathCause::Killed => JobState::LostWithWorker,
            DeathCause::WithOwner => JobState::LostWithOwner,
        }
    }
}

/// What a job's word says.
///
/// ```
/// use locklab::jobs::lease::{Lease, JobState};
///
/// let lease = Lease { state: JobState::Leased, attempt: 1, worker: 7, epoch: 2, ..Lease::queued(3) };
/// assert_eq!(Lease::unpack(lease.pack()), lease);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The job's number in its table.
    pub job: u32,
    /// Who has or had it last; means nothing before it was first taken.
    pub worker: u8,
    /// How often it was taken.
    pub attempt: u16,
    /// The master under whom this was written: of an open job the one who may command it, of an
    /// ended one the one in (or last in) office at its end.
    pub epoch: u16,
    /// How it stands.
    pub state: JobState,
}

/// A master's word to a worker that it may take a job; worth nothing once the job is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Which job.
    pub job: u32,
    /// Under which master.
    pub epoch: u16,
}

/// What a worker who has taken a job shows when it is done. It carries no epoch: an adopted job
/// stays its worker's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeaseToken {
    /// Which job.
    pub job: u32,
    /// Who took it.
    pub worker: u8,
    /// For which time it was taken.
    pub attempt: u16,
}

impl Lease {
    /// A job that nobody has had and no master has laid hands on.
    pub const fn queued(job: u32) -> Lease {
        Lease {
            job,
            worker: 0,
            attempt: 0,
            epoch: 0,
            state: JobState::Queued,
        }
    }

    /// What the worker who has it shows; `None` where nobody has it.
    pub fn token(self) -> Option<LeaseToken> {
        (self.state == JobState::Leased).then_some(LeaseToken {
            job: self.job,
            worker: self.worker,
            attempt: self.attempt,
        })
    }

    /// As one number. Numbers too large for their bits lose their upper ones.
    pub fn pack(self) -> u64 {
        let field = |value: u64, shift: u32, bits: u32| (value & ((1 << bits) - 1)) << shift;
        field(self.job.into(), 0, JOB_BITS)
            | field(self.worker.into(), WORKER_SHIFT, WORKER_BITS)
            | field(self.attempt.into(), ATTEMPT_SHIFT, ATTEMPT_BITS)
            | field(self.epoch.into(), EPOCH_SHIFT, EPOCH_BITS)
            | field(self.state as u64, STAGE_SHIFT, STAGE_BITS)
    }

    /// From one number; a stage that there is none of reads as `Queued`.
    pub fn unpack(word: u64) -> Lease {
        // Each is masked to the bits of its type or fewer.
        let field = |shift: u32, bits: u32| word >> shift & ((1 << bits) - 1);
        let stage = field(STAGE_SHIFT, STAGE_BITS) as usize;
        Lease {
            job: field(0, JOB_BITS) as u32,
            worker: field(WORKER_SHIFT, WORKER_BITS) as u8,
            attempt: field(ATTEMPT_SHIFT, ATTEMPT_BITS) as u16,
            epoch: field(EPOCH_SHIFT, EPOCH_BITS) as u16,
            state: JobState::ALL
                .get(stage)
                .copied()
                .unwrap_or(JobState::Queued),
        }
    }

    pub(super) fn taken(
        self,
        offer: Offer,
        worker: u8,
        term: Leadership,
    ) -> Result<Lease, LeaseError> {
        term.check_leader(offer.epoch)?;
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

    pub(super) fn finished(self, token: LeaseToken, term: Leadership) -> Result<Lease, LeaseError> {
        if self.token() != Some(token) {
            return Err(LeaseError::Stale);
        }
        Ok(Lease {
            epoch: term.epoch,
            state: if term.alive {
                JobState::Done
            } else {
                JobState::DoneAsOrphan
            },
            ..self
        })
    }

    pub(super) fn revoked(
        self,
        token: LeaseToken,
        epoch: u16,
        to: JobState,
        term: Leadership,
    ) -> Result<Lease, LeaseError> {
        term.check_leader(epoch)?;
        if self.token() != Some(token) {
            return Err(LeaseError::NotLeased);
        }
        let stage = to;
        Ok(Lease {
            epoch,
            state: stage,
            ..self
        })
    }

    pub(super) fn given_up(
        self,
        epoch: u16,
        death: DeathCause,
        term: Leadership,
    ) -> Result<Lease, LeaseError> {
        term.check_leader(epoch)?;
        if self.state != JobState::Queued {
            return Err(LeaseError::NotQueued);
        }
        let stage = JobState::lost_by(death);
        Ok(Lease {
            epoch,
            state: stage,
            ..self
        })
    }

    pub(super) fn adopted(self, epoch: u16, term: Leadership) -> Result<Lease, LeaseError> {
        term.check_leader(epoch)?;
        // What has ended is left as the record of how it ended.
        let epoch = if self.state.is_open() {
            epoch
        } else {
            self.epoch
        };
        Ok(Lease { epoch, ..self })
    }
}

/// The bits of a job's word, for who reads it from outside; the job's number is in the lowest.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of a job's word")]
pub struct LeaseLayout {
    pub job_bits: u32,
    pub worker_shift: u32,
    pub worker_bits: u32,
    pub attempt_shift: u32,
    pub attempt_bits: u32,
    pub epoch_shift: u32,
    pub epoch_bits: u32,
    pub stage_shift: u32,
    pub stage_bits: u32,
    /// The names of the stages, in the order of their numbers.
    pub stages: Vec<&'static str>,
}

impl LeaseLayout {
    /// The layout.
    #[allow(clippy::new_without_default, reason = "there is only this one")]
    pub fn new() -> LeaseLayout {
        LeaseLayout {
            job_bits: JOB_BITS,
            worker_shift: WORKER_SHIFT,
            worker_bits: WORKER_BITS,
            attempt_shift: ATTEMPT_SHIFT,
            attempt_bits: ATTEMPT_BITS,
            epoch_shift: EPOCH_SHIFT,
            epoch_bits: EPOCH_BITS,
            stage_shift: STAGE_SHIFT,
            stage_bits: STAGE_BITS,
            stages: JobState::ALL.map(JobState::name).to_vec(),
        }
    }
}
