//! A [`Master`] as a state machine: it offers jobs, checks workers, and decides about the silent and
//! the dead. Threads, waiting and time are its driver's. It holds nothing that a successor would miss:
//! that is in the [`JobTable`].

use super::error::LeaseError;
use super::failure_detector::{DeathCause, Evidence, FailureDetector, Health};
use super::leadership::Leadership;
use super::lease::{JobState, Lease, MAX_ATTEMPTS, Offer};
use super::poll::Poll;
use super::table::JobTable;

/// How a master treats its workers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Milliseconds without a heartbeat after which a worker is suspected.
    pub timeout_ms: f64,
    /// Whether the job of a suspected or dead worker is given to another.
    pub retry: bool,
}

/// What a check found or did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// A worker's health has changed.
    Health(u8, Health),
    /// The job was taken from the worker that its lease names, for another to take.
    Requeued(Lease),
    /// The job was lost with the worker that its lease names.
    Lost(Lease),
}

/// A master, from its takeover on. Dropping it does nothing: a master that just vanishes is what the
/// table is made for.
#[derive(Debug)]
pub struct Master<'a> {
    table: &'a JobTable,
    epoch: u16,
    rules: Rules,
    detector: FailureDetector,
    round: u32,
    /// The worker to which each queued job of the round was offered.
    offered: Box<[Option<u8>]>,
}

impl<'a> Master<'a> {
    /// Takes the leadership over from the master `seen`: the first from [`Leadership::NONE`], others
    /// from one that is dead or thought dead. Adopts all open jobs, restarting none, and goes on with
    /// the first round that is not over.
    ///
    /// There are `workers` workers; each gets the whole timeout from `now_ms` on.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] if another was quicker, [`LeaseError::EpochsExhausted`].
    pub fn take_over(
        table: &'a JobTable,
        seen: Leadership,
        rules: Rules,
        workers: u8,
        now_ms: f64,
    ) -> Result<Master<'a>, LeaseError> {
        let mut master = Master {
            table,
            epoch: table.adopt(seen)?,
            rules,
            detector: FailureDetector::new(workers, rules.timeout_ms, now_ms),
            round: 0,
            offered: vec![None; table.jobs_per_round() as usize].into(),
        };
        while master.next_round() {}
        Ok(master)
    }

    /// The epoch under which it commands.
    pub fn epoch(&self) -> u16 {
        self.epoch
    }

    /// The round under way; the number of rounds once all are over.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// Whether all rounds are over.
    pub fn is_finished(&self) -> bool {
        self.round >= self.table.rounds()
    }

    /// How many jobs of the round are done, and how many are open.
    pub fn poll(&self) -> Poll {
        self.table.poll(self.round)
    }

    /// Goes on to the next round if this one is over; returns whether it did.
    pub fn next_round(&mut self) -> bool {
        let over = !self.is_finished() && self.poll().all_done();
        if over {
            self.round += 1;
            self.offered.fill(None);
        }
        over
    }

    /// The health of its workers at the last check.
    pub fn detector(&self) -> &FailureDetector {
        &self.detector
    }

    /// A job for an idle worker: one that is queued and not on offer to another. `None` if there is
    /// none, or if the worker is not [alive](Health::Alive). An earlier offer to the same worker
    /// ends.
    ///
    /// The worker must [`take`](JobTable::take) the job. If it is silent or dead, the next
    /// [check](Master::check_workers) withdraws the offer; should both it and another come for the
    /// job after all, one gets it.
    pub fn offer(&mut self, worker: u8) -> Option<Offer> {
        for offered in &mut self.offered {
            offered.take_if(|to| *to == worker);
        }
        if self.detector.health(worker) != Health::Alive {
            return None;
        }
        let mut jobs = self.table.round(self.round).zip(&mut self.offered);
        let (lease, offered) =
            jobs.find(|(lease, offered)| lease.state == JobState::Queued && offered.is_none())?;
        *offered = Some(worker);
        Some(Offer { job: lease.job, epoch: self.epoch })
    }

    /// Checks all workers, and treats the silent and the dead as the rules say.
    ///
    /// With retries, the job of a worker that is silent or dead goes back to the queue; a result that
    /// the silent one delivers after all is refused. Without, the job of a dead worker is lost, while
    /// a silent one keeps its job, since it may be just slow.
    ///
    /// To suspect in time, check at least twice a timeout.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`]: it no longer leads, and nothing was done.
    pub fn check_workers(
        &mut self,
        now_ms: f64,
        evidence: impl FnMut(u8) -> Evidence,
    ) -> Result<Vec<Change>, LeaseError> {
        self.table.leadership().check_leader(self.epoch)?;
        let engaged = self.engaged();
        let must_beat = |worker| engaged.contains(&worker);
        let health = self.detector.check(now_ms, must_beat, evidence);
        let mut changes: Vec<_> =
            health.into_iter().map(|(worker, health)| Change::Health(worker, health)).collect();
        for offered in &mut self.offered {
            offered.take_if(|worker| self.detector.health(*worker) != Health::Alive);
        }
        for lease in self.table.round(self.round) {
            changes.extend(self.decide(lease)?);
        }
        Ok(changes)
    }

    /// Loses all queued jobs, of this round and all later ones, because no worker is left. Returns how
    /// many they were.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`].
    pub fn lose_queued(&mut self, cause: DeathCause) -> Result<u32, LeaseError> {
        let mut lost = 0;
        let leases = self.table.leases();
        for lease in leases.filter(|lease| lease.state == JobState::Queued) {
            lost += u32::from(self.revoke(lease, JobState::lost_by(cause))?);
        }
        Ok(lost)
    }

    /// Ends this master as its own last act. Its jobs go on.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] if it had been replaced already.
    pub fn resign(self) -> Result<(), LeaseError> {
        self.table.resign(self.epoch)
    }

    /// The workers that have a job or an offer. Offers of jobs that are no longer queued end.
    fn engaged(&mut self) -> Vec<u8> {
        let mut engaged = Vec::new();
        for (lease, offered) in self.table.round(self.round).zip(&mut self.offered) {
            if lease.state != JobState::Queued {
                *offered = None;
            }
            engaged.extend(lease.token().map(|token| token.worker).or(*offered));
        }
        engaged
    }

    fn decide(&self, lease: Lease) -> Result<Option<Change>, LeaseError> {
        if lease.token().is_none() {
            return Ok(None);
        }
        let retry = self.rules.retry && lease.attempt < MAX_ATTEMPTS;
        let (to, change) = match self.detector.health(lease.worker) {
            Health::Suspected | Health::Dead(_) if retry => {
                (JobState::Queued, Change::Requeued(lease))
            }
            Health::Dead(cause) => (JobState::lost_by(cause), Change::Lost(lease)),
            Health::Suspected | Health::Alive => return Ok(None),
        };
        Ok(self.revoke(lease, to)?.then_some(change))
    }

    /// Whether the job was still as `seen`: a worker may just have finished it, or taken it.
    fn revoke(&self, seen: Lease, to: JobState) -> Result<bool, LeaseError> {
        match self.table.revoke(seen, to, self.epoch) {
            Ok(()) => Ok(true),
            Err(LeaseError::Changed) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
