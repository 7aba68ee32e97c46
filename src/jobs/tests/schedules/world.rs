//! The world that a schedule plays in, with its own bookkeeping of what must be true.

use super::*;

#[derive(Debug, Clone, Copy, Default)]
struct Worker {
    dead: bool,
    known: bool,
    slow: bool,
    beats: u32,
    offer: Option<Offer>,
    token: Option<LeaseToken>,
}

/// What must be true of a job, by its own bookkeeping.
#[derive(Debug, Clone, Copy, Default)]
struct Job {
    holder: Option<LeaseToken>,
    end: Option<Fate>,
}

pub(super) struct World<'a> {
    table: &'a JobTable,
    rules: Rules,
    now: f64,
    workers: Vec<Worker>,
    jobs: Vec<Job>,
    used: Vec<LeaseToken>,
    master: Option<Master<'a>>,
    former: Vec<Master<'a>>,
    /// Masters so far, and whether the last is in office.
    epoch: u16,
    alive: bool,
    done: u32,
    late: u32,
    /// How often a worker was told to be its round's last, a round.
    lasts: Vec<u32>,
}

impl<'a> World<'a> {
    pub(super) fn new(table: &'a JobTable, workers: u8, retry: bool) -> World<'a> {
        let rules = Rules {
            timeout_ms: TIMEOUT_MS,
            retry,
        };
        World {
            table,
            rules,
            now: 0.0,
            workers: vec![Worker::default(); workers.into()],
            jobs: table.leases().map(|_| Job::default()).collect(),
            used: Vec::new(),
            master: None,
            former: Vec::new(),
            epoch: 0,
            alive: false,
            done: 0,
            late: 0,
            lasts: vec![0; table.rounds() as usize],
        }
    }

    pub(super) fn step(&mut self, step: Step) {
        let count = self.workers.len() as u8;
        match step {
            Step::Offer(worker) => self.offer(worker % count),
            Step::Take(worker) => self.take(worker % count),
            Step::Finish(worker) => self.finish(worker % count),
            Step::Slow(worker) => self.worker(worker).slow = true,
            Step::Recover(worker) => self.worker(worker).slow = false,
            Step::Kill(worker) => self.worker(worker).dead = true,
            Step::KillAll => self
                .workers
                .iter_mut()
                .for_each(|worker| worker.dead = true),
            Step::Reveal(worker) => {
                let worker = self.worker(worker);
                worker.known = worker.dead;
            }
            Step::Pass(by) => self.pass(f64::from(by) / 4.0),
            Step::Look => self.look(),
            Step::NextRound => {
                if let Some(master) = &mut self.master {
                    let over = !master.is_through() && master.poll().all_done();
                    assert_eq!(master.next_round(), over);
                }
            }
            Step::GiveUp => self.give_up(),
            Step::Exit => {
                if let Some(master) = self.master.take() {
                    assert_eq!(master.exit(), Ok(()));
                    self.alive = false;
                }
            }
            Step::Declare => {
                if let Some(master) = self.master.take() {
                    assert_eq!(self.table.declare_dead(master.epoch()), Ok(()));
                    self.alive = false;
                    self.former.push(master);
                }
            }
            Step::Adopt => self.adopt(),
            Step::Zombie(who, what) => self.zombie(who, what),
            Step::Replay(which) => self.replay(which.into()),
        }
        self.check();
    }

    fn worker(&mut self, worker: u8) -> &mut Worker {
        let count = self.workers.len();
        &mut self.workers[usize::from(worker) % count]
    }

    fn pass(&mut self, ms: f64) {
        self.now += ms;
        for worker in &mut self.workers {
            worker.beats += u32::from(!worker.dead && !worker.slow);
        }
    }

    fn offer(&mut self, index: u8) {
        let idle = |worker: &Worker| !worker.dead && worker.token.is_none();
        let worker = &mut self.workers[usize::from(index)];
        if let Some(master) = self.master.as_mut().filter(|_| idle(worker)) {
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
        if !self.alive || offer.epoch != self.epoch {
            assert!(
                matches!(taken, Err(LeaseError::Fenced { .. })),
                "{taken:?} under a former master"
            );
        } else if job.holder.is_some() || job.end.is_some() {
            assert_eq!(taken, Err(LeaseError::NotQueued));
        } else {
            let token = taken.expect("a queued job for whoever comes first");
            worker.token = Some(token);
            job.holder = Some(token);
        }
    }

    fn finish(&mut self, index: u8) {
        let worker = &mut self.workers[usize::from(index)];
        if worker.dead {
            return;
        }
        if let Some(token) = worker.token.take() {
            worker.beats += 1;
            self.used.push(token);
            self.show(token);
        }
    }

    /// Shows a token: it must count exactly where the job is still this worker's.
    fn show(&mut self, token: LeaseToken) {
        let job = &mut self.jobs[token.job as usize];
        let result = self.table.finish(token);
        if job.holder != Some(token) {
            assert_eq!(
                result,
                Err(LeaseError::Stale),
                "a result from an ended lease"
            );
            self.late += 1;
            return;
        }
        assert_eq!(job.end, None, "job {} was done twice", token.job);
        job.holder = None;
        job.end = Some(match (self.alive, self.epoch) {
            (false, _) => Fate::AsOrphan,
            (true, 1) => Fate::UnderOld,
            (true, _) => Fate::UnderNew,
        });
        let round = self.table.round_of(token.job) as usize;
        let last = result
            .expect("its worker holds it and is not fenced off")
            .last;
        self.lasts[round] += u32::from(last);
    }

    fn look(&mut self) {
        let Some(master) = &mut self.master else {
            return;
        };
        let workers = &self.workers;
        let sign = |worker: u8| {
            let worker = workers[usize::from(worker)];
            Evidence {
                beats: worker.beats,
                death: worker.known.then_some(DeathCause::Killed),
            }
        };
        for notice in master.look(self.now, sign).expect("it is in office") {
            let (Change::Requeued(lease) | Change::Lost(lease)) = notice else {
                continue;
            };
            let job = &mut self.jobs[lease.job as usize];
            assert_eq!(
                job.holder.take(),
                lease.token(),
                "what was taken away was somebody else's"
            );
            let worker = workers[usize::from(lease.worker)];
            if let Change::Lost(_) = notice {
                assert!(
                    worker.dead,
                    "job {} was lost while its worker lived",
                    lease.job
                );
                job.end = Some(Fate::LostWithWorker);
            } else {
                assert!(self.rules.retry);
            }
        }
    }

    fn give_up(&mut self) {
        let Some(master) = self.master.as_mut().filter(|master| master.is_alone()) else {
            return;
        };
        assert!(
            self.workers.iter().all(|worker| worker.dead),
            "it has living workers"
        );
        assert!(master.give_up(DeathCause::Killed).is_ok());
        for job in self.jobs.iter_mut().filter(|job| job.holder.is_none()) {
            job.end = job.end.or(Some(Fate::LostWithWorker));
        }
    }

    fn adopt(&mut self) {
        let before: Vec<Lease> = self.table.leases().collect();
        let seen = self.table.leadership();
        let workers = self.workers.len() as u8;
        let master = Master::take_over(self.table, seen, self.rules, workers, self.now);
        self.former
            .extend(self.master.replace(master.expect("nobody was quicker")));
        self.epoch += 1;
        self.alive = true;
        for (old, new) in before.into_iter().zip(self.table.leases()) {
            let epoch = if old.state.is_open() {
                self.epoch
            } else {
                old.epoch
            };
            assert_eq!(
                new,
                Lease { epoch, ..old },
                "adoption changes the epoch alone"
            );
        }
    }

    fn zombie(&mut self, who: u8, what: u8) {
        let count = self.former.len();
        if count == 0 {
            return;
        }
        let before: Vec<Lease> = self.table.leases().collect();
        let term = self.table.leadership();
        let zombie = &mut self.former[usize::from(who) % count];
        let epoch = zombie.epoch();
        let refused = match what % 4 {
            0 => {
                let death = Some(DeathCause::Killed);
                zombie
                    .look(self.now, |_| Evidence { beats: 0, death })
                    .is_err()
            }
            1 => {
                zombie.give_up(DeathCause::Killed).is_err()
                    || !before
                        .iter()
                        .any(|job| job.token().is_none() && job.state.is_open())
            }
            2 => zombie
                .offer(0)
                .is_none_or(|offer| self.table.take(offer, 0).is_err()),
            // To declare oneself dead is no command over others; it must not touch a successor.
            _ => self.table.declare_dead(epoch).is_err() || term.epoch == epoch,
        };
        assert!(refused, "a former master commanded");
        assert_eq!(self.table.leases().collect::<Vec<_>>(), before);
        assert_eq!(self.table.leadership(), term);
    }

    fn replay(&mut self, which: usize) {
        if !self.used.is_empty() {
            self.show(self.used[which % self.used.len()]);
        }
    }

    /// What is true at any moment.
    pub(super) fn check(&mut self) {
        let counts = self.table.counts();
        assert_eq!(
            counts.jobs() as usize,
            self.jobs.len(),
            "the counts don't add up"
        );
        let expected: JobCounts = self
            .jobs
            .iter()
            .map(|job| match (job.end, job.holder) {
                (Some(end), _) => end,
                (None, Some(_)) => Fate::Running,
                (None, None) => Fate::Queued,
            })
            .collect();
        assert_eq!(counts, expected);
        assert!(counts.done() >= self.done, "the done count went down");
        self.done = counts.done();
        assert_eq!(self.table.late(), self.late);
        assert!(
            self.lasts.iter().all(|lasts| *lasts <= 1),
            "a round ended twice"
        );
        let mut holders: Vec<u8> = self
            .table
            .leases()
            .filter_map(|job| Some(job.token()?.worker))
            .collect();
        let running = holders.len();
        holders.sort_unstable();
        holders.dedup();
        assert_eq!(holders.len(), running, "a worker has two jobs");
    }

    /// Lets everything come to its end: all deaths become known, all who live do their work.
    pub(super) fn settle(&mut self) {
        if self.master.is_none() {
            self.step(Step::Adopt);
        }
        for worker in &mut self.workers {
            worker.known = worker.dead;
            worker.slow = false;
        }
        let bound = 20 + 4 * self.jobs.len();
        for _ in 0..bound {
            self.step(Step::Pass(4));
            self.step(Step::Look);
            self.step(Step::GiveUp);
            for worker in 0..self.workers.len() as u8 {
                for step in [
                    Step::Finish(worker),
                    Step::Offer(worker),
                    Step::Take(worker),
                ] {
                    self.step(step);
                }
            }
            self.step(Step::NextRound);
            if self.master.as_ref().is_some_and(Master::is_through) {
                break;
            }
        }
        let counts = self.table.counts();
        assert_eq!(counts.open(), 0, "it never came to its end: {counts:?}");
        let living = self.workers.iter().filter(|worker| !worker.dead).count();
        if living == self.workers.len() || living > 0 && self.rules.retry {
            assert_eq!(
                counts.lost(),
                0,
                "jobs were lost though there were workers for them"
            );
        }
    }
}
