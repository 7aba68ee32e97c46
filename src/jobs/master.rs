//! One master's reign: offers jobs, watches over workers, decides about the silent and the dead.
//! Not here: threads, waiting and time, which the driver brings; and nothing that a successor
//! would miss, for that is in the `table`.

use super::LeaseError;
use super::failure_detector::{DeathCause, Evidence, FailureDetector, Health};
use super::leadership::Leadership;
use super::lease::{JobState, Lease, MAX_ATTEMPTS, Offer};
use super::poll::Poll;
use super::table::JobTable;

/// What a master goes by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Milliseconds without a heartbeat after which a worker is suspected.
    pub timeout_ms: f64,
    /// Whether a job whose worker is suspected or dead is given to another.
    pub retry: bool,
}

/// What a master noticed or did in one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Something else is thought of a worker than before.
    Health(u8, Health),
    /// A job was taken away from the worker named in its lease, for another to take.
    Requeued(Lease),
    /// A job was lost with the worker named in its lease.
    Lost(Lease),
}

/// A master, from its taking office on. When it is dropped nothing happens: a master that just
/// vanishes is what the table is made for.
#[derive(Debug)]
pub struct Master<'a> {
    table: &'a JobTable,
    epoch: u16,
    rules: Rules,
    watch: FailureDetector,
    round: u32,
    /// To whom each queued job of the round was offered.
    offered: Box<[Option<u8>]>,
    /// Who must beat, for the look under way.
    expected: Box<[bool]>,
}

impl<'a> Master<'a> {
    /// Takes the office over from the master `seen`: the first from [`Leadership::NOBODY`], others from one
    /// that is dead or thought so. Adopts all open jobs, those that run without restarting them, and
    /// goes on with the first round that is not over.
    ///
    /// `workers` is how many there may be; they get the whole timeout from `now_ms` on.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] where another was quicker, [`LeaseError::EpochsExhausted`].
    pub fn take_over(
        table: &'a JobTable,
        seen: Leadership,
        rules: Rules,
        workers: u8,
        now_ms: f64,
    ) -> Result<Master<'a>, LeaseError> {
        let epoch = table.adopt(seen)?;
        let mut master = Master {
            table,
            epoch,
            rules,
            watch: FailureDetector::new(workers, rules.timeout_ms, now_ms),
            round: 0,
            offered: vec![None; table.jobs_a_round() as usize].into(),
            expected: vec![false; workers.into()].into(),
        };
        while !master.is_through() && master.poll().all_done() {
            master.round += 1;
        }
        Ok(master)
    }

    /// The epoch that it commands under.
    pub fn epoch(&self) -> u16 {
        self.epoch
    }

    /// The round under way; as many as there are rounds once all are over.
    pub fn round(&self) -> u32 {
        self.round
    }

    /// Whether all rounds are over.
    pub fn is_through(&self) -> bool {
        self.round >= self.table.rounds()
    }

    /// How the round stands.
    pub fn poll(&self) -> Poll {
        self.table.poll(self.round)
    }

    /// Goes on to the next round, where this one is over; returns whether it did.
    pub fn next_round(&mut self) -> bool {
        let over = !self.is_through() && self.poll().all_done();
        if over {
            self.round += 1;
            self.offered.fill(None);
        }
        over
    }

    /// What was thought of a worker at the last look.
    pub fn health(&self, worker: u8) -> Health {
        self.watch.health(worker)
    }

    /// A job for an idle worker: one that is queued and not on offer to another. `None` where there is
    /// none, or where the worker is not [well](Health::Alive). What the worker was offered before and has
    /// not taken is free for others again.
    ///
    /// The worker must [`take`](JobTable::take) it. Where it never does, silent or dead, the next
    /// [`look`](Master::look) takes the offer back; should both it and another come for the job after
    /// all, one gets it.
    pub fn offer(&mut self, worker: u8) -> Option<Offer> {
        for offered in &mut self.offered {
            offered.take_if(|to| *to == worker);
        }
        if self.watch.health(worker) != Health::Alive {
            return None;
        }
        let mut jobs = self.table.round(self.round).zip(&mut self.offered);
        let (lease, offered) =
            jobs.find(|(lease, offered)| lease.state == JobState::Queued && offered.is_none())?;
        *offered = Some(worker);
        Some(Offer {
            job: lease.job,
            epoch: self.epoch,
        })
    }

    /// Whether every worker is known to be dead, so that nobody is left to take a job.
    pub fn is_alone(&self) -> bool {
        let dead = |worker| matches!(self.watch.health(worker), Health::Dead(_));
        (0..).zip(&self.expected).all(|(worker, _)| dead(worker))
    }

    /// Looks at all workers, and does about the silent and the dead what the rules say. `sign` is what
    /// there is to see of a worker.
    ///
    /// With retries, the job of one who is silent or dead is taken away for another; a result that
    /// comes from the silent one after all is refused. Without, a dead one's job is lost, while a
    /// silent one keeps its job, since it may be just slow.
    ///
    /// To suspect in time, look at least twice a timeout.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`]: it is master no longer, and what it would have done was not done.
    pub fn look(
        &mut self,
        now_ms: f64,
        sign: impl FnMut(u8) -> Evidence,
    ) -> Result<Vec<Change>, LeaseError> {
        self.table.leadership().check_leader(self.epoch)?;
        let mut changes = Vec::new();
        self.expect();
        let Master {
            watch, expected, ..
        } = self;
        watch.look(
            now_ms,
            |worker| expected[usize::from(worker)],
            sign,
            |worker, health| changes.push(Change::Health(worker, health)),
        );
        self.take_offers_back();
        for lease in self.table.round(self.round) {
            changes.extend(self.judge(lease)?);
        }
        Ok(changes)
    }

    /// Gives up all jobs that wait for a worker, in this and all later rounds, as no worker is left:
    /// they count as lost by `death`. Returns how many they were.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`].
    pub fn give_up(&mut self, death: DeathCause) -> Result<u32, LeaseError> {
        let mut lost = 0;
        for lease in self.table.leases() {
            if lease.state != JobState::Queued {
                continue;
            }
            match self.table.give_up(lease.job, self.epoch, death) {
                Ok(()) => lost += 1,
                // Somebody took it just now: then there is a worker.
                Err(LeaseError::NotQueued) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(lost)
    }

    /// Ends this master as its own last act. Its jobs go on.
    ///
    /// # Errors
    /// [`LeaseError::Fenced`] where it had been replaced already.
    pub fn exit(self) -> Result<(), LeaseError> {
        self.table.declare_dead(self.epoch)
    }

    /// Notes who must beat: who has a job, and who was offered one. Offers of jobs that are not queued
    /// any more are done with.
    fn expect(&mut self) {
        self.expected.fill(false);
        for (lease, offered) in self.table.round(self.round).zip(&mut self.offered) {
            if lease.state != JobState::Queued {
                *offered = None;
            }
            let worker = lease.token().map(|token| token.worker).or(*offered);
            let place = worker.and_then(|worker| self.expected.get_mut(usize::from(worker)));
            if let Some(expected) = place {
                *expected = true;
            }
        }
    }

    fn take_offers_back(&mut self) {
        for offered in &mut self.offered {
            let unwell = |worker: &mut u8| self.watch.health(*worker) != Health::Alive;
            offered.take_if(unwell);
        }
    }

    fn judge(&self, lease: Lease) -> Result<Option<Change>, LeaseError> {
        let Some(token) = lease.token() else {
            return Ok(None);
        };
        let retry = self.rules.retry && lease.attempt < MAX_ATTEMPTS;
        let (result, notice) = match self.watch.health(lease.worker) {
            Health::Suspected | Health::Dead(_) if retry => {
                let result = self.table.requeue(token, self.epoch);
                (result, Change::Requeued(lease))
            }
            Health::Dead(death) => {
                let result = self.table.lose(token, self.epoch, death);
                (result, Change::Lost(lease))
            }
            Health::Suspected | Health::Alive => return Ok(None),
        };
        match result {
            Ok(()) => Ok(Some(notice)),
            // It came to its end just now.
            Err(LeaseError::NotLeased) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
