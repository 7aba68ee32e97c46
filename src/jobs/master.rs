//! One master's reign: offers jobs, watches over workers, decides about the silent and the dead.
//! Not here: threads, waiting and time, which the driver brings; and nothing that a successor
//! would miss, for that is in the `ledger`.

use super::Refusal;
use super::lease::{Lease, MAX_ATTEMPTS, Offer, Stage};
use super::ledger::Ledger;
use super::poll::Poll;
use super::term::Term;
use super::watch::{Death, Health, Sign, Watch};

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
pub enum Notice {
    /// Something else is thought of a worker than before.
    Health(u8, Health),
    /// A job was taken away from the worker named in its lease, for another to take.
    Requeued(Lease),
    /// A job was lost with the worker named in its lease.
    Lost(Lease),
}

/// A master, from its taking office on. When it is dropped nothing happens: a master that just
/// vanishes is what the ledger is made for.
#[derive(Debug)]
pub struct Master<'a> {
    ledger: &'a Ledger,
    epoch: u16,
    rules: Rules,
    watch: Watch,
    round: u32,
    /// To whom each queued job of the round was offered.
    offered: Box<[Option<u8>]>,
    /// Who must beat, for the look under way.
    expected: Box<[bool]>,
}

impl<'a> Master<'a> {
    /// Takes the office over from the master `seen`: the first from [`Term::NOBODY`], others from one
    /// that is dead or thought so. Adopts all open jobs, those that run without restarting them, and
    /// goes on with the first round that is not over.
    ///
    /// `workers` is how many there may be; they get the whole timeout from `now_ms` on.
    ///
    /// # Errors
    /// [`Refusal::Fenced`] where another was quicker, [`Refusal::NoMoreEpochs`].
    pub fn take_over(
        ledger: &'a Ledger,
        seen: Term,
        rules: Rules,
        workers: u8,
        now_ms: f64,
    ) -> Result<Master<'a>, Refusal> {
        let epoch = ledger.adopt(seen)?;
        let mut master = Master {
            ledger,
            epoch,
            rules,
            watch: Watch::new(workers, rules.timeout_ms, now_ms),
            round: 0,
            offered: vec![None; ledger.jobs_a_round() as usize].into(),
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
        self.round >= self.ledger.rounds()
    }

    /// How the round stands.
    pub fn poll(&self) -> Poll {
        self.ledger.poll(self.round)
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
    /// none, or where the worker is not [well](Health::Well). What the worker was offered before and has
    /// not taken is free for others again.
    ///
    /// The worker must [`take`](Ledger::take) it. Where it never does, silent or dead, the next
    /// [`look`](Master::look) takes the offer back; should both it and another come for the job after
    /// all, one gets it.
    pub fn offer(&mut self, worker: u8) -> Option<Offer> {
        for offered in &mut self.offered {
            offered.take_if(|to| *to == worker);
        }
        if self.watch.health(worker) != Health::Well {
            return None;
        }
        let mut jobs = self.ledger.round(self.round).zip(&mut self.offered);
        let (lease, offered) =
            jobs.find(|(lease, offered)| lease.stage == Stage::Queued && offered.is_none())?;
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
    /// [`Refusal::Fenced`]: it is master no longer, and what it would have done was not done.
    pub fn look(
        &mut self,
        now_ms: f64,
        sign: impl FnMut(u8) -> Sign,
    ) -> Result<Vec<Notice>, Refusal> {
        self.ledger.term().command(self.epoch)?;
        let mut notices = Vec::new();
        self.expect();
        let Master {
            watch, expected, ..
        } = self;
        watch.look(
            now_ms,
            |worker| expected[usize::from(worker)],
            sign,
            |worker, health| notices.push(Notice::Health(worker, health)),
        );
        self.take_offers_back();
        for lease in self.ledger.round(self.round) {
            notices.extend(self.judge(lease)?);
        }
        Ok(notices)
    }

    /// Gives up all jobs that wait for a worker, in this and all later rounds, as no worker is left:
    /// they count as lost by `death`. Returns how many they were.
    ///
    /// # Errors
    /// [`Refusal::Fenced`].
    pub fn give_up(&mut self, death: Death) -> Result<u32, Refusal> {
        let mut lost = 0;
        for lease in self.ledger.leases() {
            if lease.stage != Stage::Queued {
                continue;
            }
            match self.ledger.give_up(lease.job, self.epoch, death) {
                Ok(()) => lost += 1,
                // Somebody took it just now: then there is a worker.
                Err(Refusal::NotQueued) => {}
                Err(refusal) => return Err(refusal),
            }
        }
        Ok(lost)
    }

    /// Ends this master as its own last act. Its jobs go on.
    ///
    /// # Errors
    /// [`Refusal::Fenced`] where it had been replaced already.
    pub fn exit(self) -> Result<(), Refusal> {
        self.ledger.declare_dead(self.epoch)
    }

    /// Notes who must beat: who has a job, and who was offered one. Offers of jobs that are not queued
    /// any more are done with.
    fn expect(&mut self) {
        self.expected.fill(false);
        for (lease, offered) in self.ledger.round(self.round).zip(&mut self.offered) {
            if lease.stage != Stage::Queued {
                *offered = None;
            }
            let worker = lease.ticket().map(|ticket| ticket.worker).or(*offered);
            let place = worker.and_then(|worker| self.expected.get_mut(usize::from(worker)));
            if let Some(expected) = place {
                *expected = true;
            }
        }
    }

    fn take_offers_back(&mut self) {
        for offered in &mut self.offered {
            let unwell = |worker: &mut u8| self.watch.health(*worker) != Health::Well;
            offered.take_if(unwell);
        }
    }

    fn judge(&self, lease: Lease) -> Result<Option<Notice>, Refusal> {
        let Some(ticket) = lease.ticket() else {
            return Ok(None);
        };
        let retry = self.rules.retry && lease.attempt < MAX_ATTEMPTS;
        let (result, notice) = match self.watch.health(lease.worker) {
            Health::Silent | Health::Dead(_) if retry => {
                let result = self.ledger.requeue(ticket, self.epoch);
                (result, Notice::Requeued(lease))
            }
            Health::Dead(death) => {
                let result = self.ledger.lose(ticket, self.epoch, death);
                (result, Notice::Lost(lease))
            }
            Health::Silent | Health::Well => return Ok(None),
        };
        match result {
            Ok(()) => Ok(Some(notice)),
            // It came to its end just now.
            Err(Refusal::NotLeased) => Ok(None),
            Err(refusal) => Err(refusal),
        }
    }
}
