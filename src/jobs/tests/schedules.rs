//! Thousands of random schedules of starting, finishing, being slow, dying, taking over and coming too
//! late. After each step the table must say what a plain model of it says.

use proptest::collection::vec;
use proptest::prelude::*;

use super::by_hand::KILLED;
use crate::jobs::LeaseError;
use crate::jobs::failure_detector::{DeathCause, Evidence};
use crate::jobs::leadership::Leadership;
use crate::jobs::lease::{JobState, Lease, LeaseToken, Offer};
use crate::jobs::master::{Change, Master, Rules};
use crate::jobs::table::JobTable;

const TIMEOUT_MS: f64 = 100.0;

#[derive(Debug, Clone, Copy)]
enum Step {
    /// The master offers a worker a job.
    Offer,
    /// A worker takes what it was offered, whenever that was.
    Take,
    /// A worker is done with its job.
    Finish,
    /// A worker stops beating, or begins again.
    Slow,
    /// A worker dies, or all do; that is certain only later.
    Kill,
    KillAll,
    Reveal,
    /// Time passes; those that can, beat.
    Pass,
    Check,
    NextRound,
    LoseQueued,
    /// The master ends itself; or is thought dead but lives on; or is replaced alive.
    Resign,
    Declare,
    Adopt,
    /// A former master that lives on tries to command.
    Zombie,
    /// A worker shows a token that was used or revoked.
    Replay,
}

/// One number says which step, so that a schedule of hundreds is quickly made and shortened; what is
/// rare in a run is rare here.
fn steps() -> impl Strategy<Value = Vec<(Step, u8)>> {
    let step = (0..640).prop_map(|kind| match kind {
        0..100 => Step::Offer,
        100..200 => Step::Take,
        200..280 => Step::Finish,
        280..320 => Step::Slow,
        320..330 => Step::Kill,
        330..331 => Step::KillAll,
        331..350 => Step::Reveal,
        350..410 => Step::Pass,
        410..480 => Step::Check,
        480..510 => Step::NextRound,
        510..520 => Step::LoseQueued,
        520..530 => Step::Resign,
        530..540 => Step::Declare,
        540..570 => Step::Adopt,
        570..605 => Step::Zombie,
        _ => Step::Replay,
    });
    vec((step, any::<u8>()), 0..160)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn no_schedule_does_a_job_twice_or_loses_one_whose_worker_lives(
        rounds in 1_u32..4, jobs in 1_u32..7, workers in 1_u8..6, retry: bool, steps in steps(),
    ) {
        let table = JobTable::new(rounds, jobs);
        let mut world = World::new(&table, workers, retry);
        world.step(Step::Adopt, 0);
        for (step, who) in steps {
            world.step(step, who);
        }
        world.settle();
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Worker {
    dead: bool,
    known_dead: bool,
    slow: bool,
    beats: u32,
    offer: Option<Offer>,
    token: Option<LeaseToken>,
}

struct World<'a> {
    table: &'a JobTable,
    rules: Rules,
    now_ms: f64,
    workers: Vec<Worker>,
    master: Option<Master<'a>>,
    former: Vec<Master<'a>>,
    /// Tokens that were used or revoked.
    used: Vec<LeaseToken>,
    /// What the table must say.
    jobs: Vec<Lease>,
    leadership: Leadership,
    stale: u32,
}

impl<'a> World<'a> {
    fn new(table: &'a JobTable, workers: u8, retry: bool) -> World<'a> {
        let timeout_ms = TIMEOUT_MS;
        World {
            table,
            rules: Rules { timeout_ms, retry },
            now_ms: 0.0,
            workers: vec![Worker::default(); workers.into()],
            master: None,
            former: Vec::new(),
            used: Vec::new(),
            jobs: table.leases().collect(),
            leadership: Leadership::NONE,
            stale: 0,
        }
    }

    /// `who` is a worker's number, or stands for a choice or a length.
    fn step(&mut self, step: Step, who: u8) {
        let index = who % self.workers.len() as u8;
        let worker = &mut self.workers[usize::from(index)];
        match step {
            Step::Offer => self.offer(index),
            Step::Take => self.take(index),
            Step::Finish => self.finish(index),
            Step::Slow => worker.slow = !worker.slow,
            Step::Kill => worker.dead = true,
            Step::KillAll => self.workers.iter_mut().for_each(|worker| worker.dead = true),
            Step::Reveal => worker.known_dead = worker.dead,
            Step::Pass => self.pass(f64::from(who) / 4.0),
            Step::Check => self.check_workers(),
            Step::NextRound => {
                if let Some(master) = &mut self.master {
                    let over = !master.is_finished() && master.poll().all_done();
                    assert_eq!(master.next_round(), over);
                }
            }
            Step::LoseQueued => self.lose_queued(),
            Step::Resign => {
                if let Some(master) = self.master.take() {
                    assert_eq!(master.resign(), Ok(()));
                    self.leadership.alive = false;
                }
            }
            Step::Declare => {
                if let Some(master) = self.master.take() {
                    assert_eq!(self.table.resign(master.epoch()), Ok(()));
                    self.leadership.alive = false;
                    self.former.push(master);
                }
            }
            Step::Adopt => self.adopt(),
            Step::Zombie => self.zombie(who),
            Step::Replay if self.used.is_empty() => {}
            Step::Replay => self.show(self.used[usize::from(who) % self.used.len()]),
        }
        self.compare();
    }

    fn pass(&mut self, ms: f64) {
        self.now_ms += ms;
        for worker in &mut self.workers {
            worker.beats += u32::from(!worker.dead && !worker.slow);
        }
    }

    fn offer(&mut self, index: u8) {
        let worker = &mut self.workers[usize::from(index)];
        let idle = !worker.dead && worker.token.is_none();
        if let Some(master) = self.master.as_mut().filter(|_| idle) {
            worker.offer = master.offer(index).or(worker.offer);
        }
    }

    fn take(&mut self, index: u8) {
        let worker = &mut self.workers[usize::from(index)];
        if worker.dead || worker.token.is_some() {
            return;
        }
        let Some(offer) = worker.offer.take() else {
            return;
        };
        let job = &mut self.jobs[offer.job as usize];
        let taken = self.table.take(offer, index);
        if !self.leadership.alive || offer.epoch != self.leadership.epoch {
            let fenced = matches!(taken, Err(LeaseError::Fenced { .. }));
            assert!(fenced, "{taken:?} under a former master");
        } else if job.state != JobState::Queued {
            assert_eq!(taken, Err(LeaseError::NotQueued));
        } else {
            *job =
                Lease { worker: index, attempt: job.attempt + 1, state: JobState::Leased, ..*job };
            worker.token = job.token();
            assert_eq!(taken.ok(), worker.token, "a queued job for the first comer");
        }
    }

    fn finish(&mut self, index: u8) {
        let worker = &mut self.workers[usize::from(index)];
        if let Some(token) = worker.token.take_if(|_| !worker.dead) {
            worker.beats += 1;
            self.used.push(token);
            self.show(token);
        }
    }

    /// Shows a token: it must count exactly if the job is still this worker's.
    fn show(&mut self, token: LeaseToken) {
        let job = token.job as usize;
        let result = self.table.finish(token);
        if self.jobs[job].token() != Some(token) {
            assert_eq!(result, Err(LeaseError::Stale), "a revoked lease");
            self.stale += 1;
            return;
        }
        self.jobs[job].epoch = self.leadership.epoch;
        self.jobs[job].state = match self.leadership.alive {
            true => JobState::Done,
            false => JobState::DoneAsOrphan,
        };
        let jobs = self.table.jobs_per_round() as usize;
        let round = self.jobs.chunks(jobs).nth(job / jobs).expect("its round");
        let last = result.expect("its worker has it, and no epoch fences it off");
        let is_last = round.iter().all(|lease| !lease.state.is_open());
        assert_eq!(last, is_last, "of its round");
    }

    fn check_workers(&mut self) {
        let Some(master) = &mut self.master else {
            return;
        };
        let workers = &self.workers;
        let evidence = |worker: u8| {
            let worker = workers[usize::from(worker)];
            Evidence {
                beats: worker.beats,
                death: worker.known_dead.then_some(DeathCause::Killed),
                if_silent: worker.dead.then_some(DeathCause::Killed),
            }
        };
        for change in master.check_workers(self.now_ms, evidence).expect("it leads") {
            let (lease, state) = match change {
                Change::Requeued(lease) => (lease, JobState::Queued),
                Change::Lost(lease) => (lease, JobState::LostWithWorker),
                Change::Health(..) => continue,
            };
            let job = &mut self.jobs[lease.job as usize];
            assert_eq!(*job, lease, "it was somebody else's");
            let dead = workers[usize::from(lease.worker)].dead;
            match state {
                JobState::Queued => assert!(self.rules.retry),
                _ => assert!(dead, "{job:?} was lost while its worker lived"),
            }
            job.state = state;
            self.used.extend(lease.token());
        }
    }

    fn lose_queued(&mut self) {
        let all_dead = |master: &&mut Master<'_>| master.detector().all_dead();
        if let Some(master) = self.master.as_mut().filter(all_dead) {
            let alive = self.workers.iter().filter(|worker| !worker.dead).count();
            assert_eq!(alive, 0, "workers that live are taken for dead");
            assert!(master.lose_queued(DeathCause::Killed).is_ok());
            let is_queued = |job: &&mut Lease| job.state == JobState::Queued;
            for job in self.jobs.iter_mut().filter(is_queued) {
                job.state = JobState::LostWithWorker;
            }
        }
    }

    fn adopt(&mut self) {
        let (table, workers) = (self.table, self.workers.len() as u8);
        let seen = table.leadership();
        let master = Master::take_over(table, seen, self.rules, workers, self.now_ms);
        let master = master.expect("nobody was quicker");
        let (epoch, alive) = (self.leadership.epoch + 1, true);
        self.leadership = Leadership { epoch, alive };
        self.former.extend(self.master.replace(master));
        for job in self.jobs.iter_mut().filter(|job| job.state.is_open()) {
            job.epoch = epoch;
        }
    }

    fn zombie(&mut self, which: u8) {
        let count = self.former.len().max(1);
        let Some(zombie) = self.former.get_mut(usize::from(which / 4) % count) else {
            return;
        };
        let epoch = zombie.epoch();
        let refused = match which % 4 {
            0 => zombie.check_workers(self.now_ms, |_| KILLED).is_err(),
            1 => {
                let mut jobs = self.jobs.iter();
                let result = zombie.lose_queued(DeathCause::Killed);
                result.is_err() || jobs.all(|job| job.state != JobState::Queued)
            }
            2 => {
                let offer = zombie.offer(0);
                offer.is_none_or(|offer| self.table.take(offer, 0).is_err())
            }
            // To declare itself dead again commands nothing; it must not touch a successor.
            _ => self.table.resign(epoch).is_err() || self.leadership.epoch == epoch,
        };
        assert!(refused, "a former master commanded");
    }

    fn compare(&self) {
        let jobs: Vec<Lease> = self.table.leases().collect();
        assert_eq!(jobs, self.jobs);
        assert_eq!(self.table.leadership(), self.leadership);
        assert_eq!(self.table.stale(), self.stale);
        let counts = self.table.counts();
        let counted = counts.open() + counts.done() + counts.lost();
        assert_eq!(counted as usize, jobs.len(), "each job is counted once");
        let tokens = self.jobs.iter().filter_map(|job| job.token());
        let mut busy: Vec<u8> = tokens.map(|token| token.worker).collect();
        busy.sort_unstable();
        assert!(busy.is_sorted_by(|a, b| a < b), "a worker has two jobs");
    }

    /// Lets everything come to its end: all deaths become known, all that live do their work.
    fn settle(&mut self) {
        if self.master.is_none() {
            self.step(Step::Adopt, 0);
        }
        for worker in &mut self.workers {
            worker.known_dead = worker.dead;
            worker.slow = false;
        }
        for _ in 0..20 + 4 * self.jobs.len() {
            for step in [Step::Pass, Step::Check, Step::LoseQueued] {
                self.step(step, 4);
            }
            for worker in 0..self.workers.len() as u8 {
                for step in [Step::Finish, Step::Offer, Step::Take] {
                    self.step(step, worker);
                }
            }
            self.step(Step::NextRound, 0);
            if self.master.as_ref().is_some_and(Master::is_finished) {
                break;
            }
        }
        let counts = self.table.counts();
        assert_eq!(counts.open(), 0, "it never came to its end: {counts:?}");
        let living = self.workers.iter().filter(|worker| !worker.dead).count();
        if living == self.workers.len() || living > 0 && self.rules.retry {
            assert_eq!(counts.lost(), 0, "there were workers for all jobs");
        }
    }
}
