//! The [`MasterThread`]: drives a [`Master`] with real workers. It assigns a round's jobs, polls, checks
//! heartbeats, and goes on to the next round or ends itself.

use std::sync::Arc;
use std::thread::{self, Thread};
use std::time::Duration;

use web_time::Instant;

use super::config::{HEARTBEAT, Owner};
use super::event::MasterEvent;
use super::handles::Handles;
use super::report::Round;
use super::run_log::{Death, RunLog, ms};
use super::shared_state::{Assignment, SharedState};
use crate::jobs::LeaseError;
use crate::jobs::failure_detector::{DeathCause, Evidence, Health};
use crate::jobs::leadership::FIRST_EPOCH;
use crate::jobs::lease::{JobState, Lease};
use crate::jobs::master::{Change, Master};
use crate::jobs::poll::{Poll, PollSchedule};
use crate::runtime::board::State;
use crate::runtime::harness::OnLine;
use crate::runtime::trace::Writer;
use crate::runtime::{Harness, Runtime, lock};

/// How a master's run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MasterEnd {
    /// All rounds are over.
    Finished,
    /// It ended itself.
    Exited,
    /// It was asked to stop.
    Stopped,
}

/// A master that leads.
pub(crate) struct MasterThread<'a> {
    runtime: Arc<Runtime>,
    state: &'a SharedState,
    master: Master<'a>,
    ring: Writer<'a>,
    on_line: Option<OnLine>,
    workers: Vec<Option<Thread>>,
    handles: Handles,
    /// The job that was last revoked from each worker.
    revoked: Vec<Option<u32>>,
    checked_ms: f64,
    began: Instant,
    parked: Duration,
}

impl<'a> MasterThread<'a> {
    /// Takes the leadership, as the first master or after another.
    ///
    /// # Errors
    /// Another was quicker, or the epochs are exhausted.
    #[inline(never)]
    pub fn start(
        harness: &Harness,
        state: &'a SharedState,
    ) -> Result<MasterThread<'a>, LeaseError> {
        let (runtime, table) = (harness.runtime(), &state.table);
        let (now_ms, workers) = (state.now_ms(), state.workers());
        let seen = table.leadership();
        // At most 128 workers.
        let master = Master::take_over(table, seen, state.config.rules, workers as u8, now_ms)?;
        for mailbox in &state.mailboxes {
            // A worker that was ended while it held this will notify nobody.
            if let Ok(mut notify) = mailbox.notify.try_lock() {
                *notify = Some(thread::current());
            }
        }
        let threads = runtime.threads(workers);
        let mut master = MasterThread {
            runtime,
            state,
            master,
            ring: state.rings.writer(workers),
            on_line: harness.on_line.clone(),
            workers: threads,
            handles: Handles::default(),
            revoked: vec![None; workers],
            checked_ms: now_ms,
            began: Instant::now(),
            parked: Duration::ZERO,
        };
        let epoch = master.master.epoch();
        if epoch > FIRST_EPOCH {
            master.log(|log| log.master.adopted_at_ms = Some(now_ms));
            master.tell(MasterEvent::Adopt, epoch.into());
        }
        Ok(master)
    }

    /// Leads until all rounds are over, or a stop, or, if `exits`, its own end, one interval after its first
    /// poll. As in the post, a master that finds all done then does not exit any more.
    ///
    /// # Errors
    /// Another has taken over.
    #[inline(never)]
    pub fn run(mut self, exits: bool) -> Result<MasterEnd, LeaseError> {
        let mut end = MasterEnd::Finished;
        self.catch_up();
        while end == MasterEnd::Finished && !self.master.is_finished() {
            end = self.round(exits)?;
        }
        let (parked, led) = (self.parked, self.began.elapsed());
        self.log(|log| {
            log.parked_ms += parked.as_secs_f64() * 1e3;
            log.led_ms += led.as_secs_f64() * 1e3;
        });
        if end == MasterEnd::Exited {
            let now_ms = self.state.now_ms();
            self.log(|log| log.master.died_at_ms = Some(now_ms));
            self.master.resign()?;
        }
        Ok(end)
    }

    fn log(&self, write: impl FnOnce(&mut RunLog)) {
        write(&mut lock(&self.state.log));
    }

    /// Prints an event's line, if it has one, and shows it to the page.
    fn tell(&mut self, event: MasterEvent, n: u32) {
        if let Some(line) = event.line(n) {
            let now_ms = self.state.now_ms();
            if let Some(print) = &self.on_line {
                print(&line);
            }
            self.log(|log| log.lines.push(now_ms, line));
        }
        let ticks = self.state.ticks();
        self.ring.push_kind(event as u8, u8::try_from(n).unwrap_or(u8::MAX), ticks);
    }

    /// Polls the rounds whose last job was done while no master led.
    fn catch_up(&mut self) {
        for round in 0..self.master.round() {
            let unknown = lock(&self.state.log)
                .rounds
                .get(round as usize)
                .is_some_and(|times| times.known_ms.is_none());
            if unknown {
                let known_ms = self.state.now_ms();
                self.react(self.state.table.poll(round), known_ms);
                self.end_round(round, known_ms);
            }
        }
    }

    /// One round, or what is left of it; `Finished` if it is over.
    fn round(&mut self, exits: bool) -> Result<MasterEnd, LeaseError> {
        let (state, round) = (self.state, self.master.round());
        let adopted = state.table.round(round).any(|lease| lease.attempt > 0);
        let start_ms = state.now_ms();
        self.handles = Handles::new(state.workers(), state.config.weak);
        self.log(|log| {
            log.first_store_ms.get_or_insert(start_ms);
            if log.rounds.len() <= round as usize {
                log.rounds.push(Round { start_ms, ..Round::default() });
            }
        });
        self.assign();
        if !adopted {
            self.wait_for_starts()?;
            self.tell(MasterEvent::Start, state.config.threads);
        }
        let schedule = PollSchedule::new(round, state.config.poll_ms.into());
        let mut next_ms = 0.0;
        let mut is_leaving = false;
        while !self.runtime.board().is_stopping() {
            self.check_workers()?;
            self.assign();
            let since_ms = state.now_ms() - start_ms;
            // A master that is notified waits for that, and need not poll in between.
            let due = if state.config.notified {
                self.master.poll().all_done()
            } else {
                since_ms >= next_ms
            };
            if due && is_leaving {
                self.tell(MasterEvent::Exit, 0);
                return Ok(MasterEnd::Exited);
            }
            if due {
                let poll = self.master.poll();
                let known_ms = state.now_ms();
                self.react(poll, known_ms);
                if poll.all_done() {
                    let (gone, upgraded) = self.handles.of_finished(state.table.round(round));
                    self.log(|log| {
                        log.weak.gone += gone;
                        log.weak.upgraded += upgraded;
                    });
                    self.end_round(round, known_ms);
                    // It is over, so there is a next one or the run has finished.
                    self.master.next_round();
                    return Ok(MasterEnd::Finished);
                }
                is_leaving = exits;
                next_ms = if exits {
                    since_ms + f64::from(state.config.poll_ms)
                } else {
                    schedule.next_ms(since_ms)
                };
            }
            if state.config.notified {
                next_ms = f64::INFINITY;
            }
            self.rest_until(start_ms + next_ms);
        }
        Ok(MasterEnd::Stopped)
    }

    /// Prints what a poll found.
    fn react(&mut self, poll: Poll, known_ms: f64) {
        self.log(|log| {
            log.polls += 1;
            if let Some(adopted_ms) = log.master.adopted_at_ms {
                log.master.first_poll_ms.get_or_insert(ms(known_ms - adopted_ms));
            }
        });
        if poll.all_done() {
            self.tell(MasterEvent::PollAll, poll.done);
            self.tell(MasterEvent::Round, self.master.round());
        } else {
            self.tell(MasterEvent::Poll, poll.done);
        }
        if let Some(gone) = self.handles.newly_gone() {
            self.tell(MasterEvent::Weak, gone);
        }
    }

    fn end_round(&self, round: u32, known_ms: f64) {
        let end_ms = self.state.now_ms();
        self.log(|log| {
            if let Some(times) = log.rounds.get_mut(round as usize) {
                times.known_ms = Some(known_ms);
                times.end_ms = Some(end_ms);
            }
        });
    }

    /// Puts queued jobs into the mailboxes of idle workers.
    fn assign(&mut self) {
        let leases = || self.state.table.round(self.master.round());
        if leases().all(|lease| lease.state != JobState::Queued) {
            return;
        }
        let tokens = leases().filter_map(Lease::token);
        let busy: Vec<u8> = tokens.map(|token| token.worker).collect();
        // At most 128 workers.
        for worker in (0..self.state.workers() as u8).filter(|worker| !busy.contains(worker)) {
            self.give(worker);
        }
    }

    /// Gives an idle worker a job, if there is one and its mailbox is empty.
    fn give(&mut self, worker: u8) {
        let mailbox = &self.state.mailboxes[usize::from(worker)];
        let Ok(mut assignment) = mailbox.assignment.try_lock() else {
            return;
        };
        if assignment.is_some() {
            return;
        }
        let Some(offer) = self.master.offer(worker) else {
            return;
        };
        let object = self.handles.make(self.state.table.place_of(offer.job).1);
        *assignment = Some(Assignment { offer, object });
        drop(assignment);
        if let Some(thread) = &self.workers[usize::from(worker)] {
            thread.unpark();
        }
    }

    /// Waits until every worker that is alive has begun the job in its mailbox, as a thread that was
    /// started has begun.
    fn wait_for_starts(&mut self) -> Result<(), LeaseError> {
        loop {
            let waits = (0..).zip(&self.state.mailboxes).any(|(worker, mailbox)| {
                let empty = mailbox.assignment.try_lock().is_ok_and(|job| job.is_none());
                !empty && self.master.detector().health(worker) == Health::Alive
            });
            let mut leases = self.state.table.round(self.master.round());
            let begun = leases.all(|lease| {
                let times = &self.state.times[lease.job as usize];
                lease.attempt == 0 || times.of(lease.attempt).0.is_some()
            });
            if !waits && begun || self.runtime.board().is_stopping() {
                return Ok(());
            }
            self.rest_until(self.state.now_ms() + 1.0);
            self.check_workers()?;
        }
    }

    /// Sleeps until then, for one heartbeat at most.
    fn rest_until(&mut self, until_ms: f64) {
        let left = (until_ms - self.state.now_ms()).max(0.0) / 1e3;
        let left = Duration::from_secs_f64(left.min(1.0));
        self.parked += self.runtime.park(left.min(HEARTBEAT));
    }

    /// Checks all workers, four times a timeout or once a heartbeat, and writes down what has changed.
    fn check_workers(&mut self) -> Result<(), LeaseError> {
        let now_ms = self.state.now_ms();
        let config = &self.state.config;
        let interval_ms = (config.rules.timeout_ms / 4.0).min(HEARTBEAT.as_secs_f64() * 1e3);
        if now_ms - self.checked_ms < interval_ms {
            return Ok(());
        }
        self.checked_ms = now_ms;
        // Their owner is dead if it was a master, and is not this one.
        let orphaned = config.owner == Owner::Master && self.master.epoch() > FIRST_EPOCH;
        let orphaned = orphaned.then_some(DeathCause::WithOwner);
        let board = self.runtime.board();
        let changes = self.master.check_workers(now_ms, |worker| {
            let slot = board.slot(worker.into());
            let killed = |is: bool| is.then_some(DeathCause::Killed);
            Evidence {
                beats: slot.beats(),
                death: killed(slot.read().state == State::Failed),
                if_silent: killed(slot.is_killed()).or(orphaned),
            }
        })?;
        for change in changes {
            self.record(change, now_ms);
        }
        if self.master.detector().all_dead() {
            let cause = orphaned.unwrap_or(DeathCause::Killed);
            self.master.lose_queued(cause)?;
        }
        Ok(())
    }

    fn record(&mut self, change: Change, now_ms: f64) {
        let (event, worker) = match change {
            Change::Health(worker, Health::Alive) => {
                self.revoked[usize::from(worker)] = None;
                return;
            }
            Change::Health(worker, Health::Suspected) => (MasterEvent::Suspect, worker),
            Change::Health(worker, Health::Dead(_)) => {
                let slot = self.runtime.board().slot(worker.into());
                slot.mark_dead(self.state.ticks());
                self.runtime.mark_unusable();
                let death = Death {
                    worker,
                    job: self.revoked[usize::from(worker)],
                    at_ms: now_ms,
                    silent_ms: now_ms - self.master.detector().beat_ms(worker),
                };
                self.log(|log| log.deaths.push(death));
                (MasterEvent::Dead, worker)
            }
            Change::Requeued(lease) | Change::Lost(lease) => {
                let requeued = matches!(change, Change::Requeued(_));
                self.revoked[usize::from(lease.worker)] = Some(lease.job);
                self.log(|log| {
                    log.retried += u32::from(requeued);
                    let of_worker = |death: &&mut Death| death.worker == lease.worker;
                    if let Some(death) = log.deaths.iter_mut().rev().find(of_worker) {
                        death.job = Some(lease.job);
                    }
                });
                let event = if requeued { MasterEvent::Requeue } else { MasterEvent::Lost };
                (event, lease.worker)
            }
        };
        self.tell(event, worker.into());
    }
}
