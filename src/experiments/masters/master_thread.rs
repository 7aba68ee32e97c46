//! The master itself, at work: gives out a round's jobs, looks, sees who falls silent, goes on to the
//! next round or ends itself. Not here: which commands are valid (`jobs::master`), what workers do
//! (`hand`), who is found dead and how (`vigil`).

use std::sync::{Arc, Weak};
use std::thread::{self, Thread};
use std::time::Duration;

use web_time::Instant;

use super::HEARTBEAT;
use super::MasterEvent;
use super::run_log::{RoundTimes, RunLog};
use super::shared_state::{Assignment, JobObject, SharedState};
use crate::jobs::LeaseError;
use crate::jobs::failure_detector::{DeathCause, Health};
use crate::jobs::leadership::FIRST;
use crate::jobs::lease::{JobState, Lease};
use crate::jobs::log::{Action, Line, after};
use crate::jobs::master::Master;
use crate::jobs::poll::{Poll, PollSchedule};
use crate::runtime::Harness;
use crate::runtime::harness::OnLine;
use crate::runtime::trace::Writer;
use crate::runtime::{Runtime, lock};

/// How a result ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    /// All rounds are over.
    Through,
    /// It ended itself.
    Exit,
    /// It was asked to stop.
    Stopped,
}

/// What a master has of a job that it started.
#[derive(Debug)]
enum Handle {
    Strong(#[allow(dead_code, reason = "held so that it lives")] Arc<JobObject>),
    Weak(Weak<JobObject>),
}

/// What was last seen of a worker's heart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pulse {
    pub beats: u32,
    pub at_ms: f64,
    /// The job that was taken away from it, when it fell silent.
    pub taken: Option<u32>,
}

/// A master in office.
pub(crate) struct MasterThread<'a> {
    pub(super) runtime: Arc<Runtime>,
    pub(super) state: &'a SharedState,
    pub(super) master: Master<'a>,
    ring: Option<Writer<'a>>,
    pub(super) threads: Vec<Option<Thread>>,
    handles: Vec<Option<Handle>>,
    pub(super) pulses: Vec<Pulse>,
    pub(super) deaths: Vec<Option<DeathCause>>,
    pub(super) checked_ms: f64,
    begun: Instant,
    parked: Duration,
    gone: u64,
    on_line: Option<OnLine>,
}

impl<'a> MasterThread<'a> {
    /// Takes office, as the first or after another.
    ///
    /// # Errors
    /// Somebody else was quicker, or there have been too many.
    #[inline(never)]
    pub fn start(
        harness: &Harness,
        state: &'a SharedState,
    ) -> Result<MasterThread<'a>, LeaseError> {
        let runtime = harness.runtime();
        let now_ms = state.now_ms();
        let workers = state.workers();
        let master = Master::take_over(
            &state.table,
            state.table.leadership(),
            state.plan.rules,
            // At most 128.
            workers as u8,
            now_ms,
        )?;
        for mailbox in &state.mailboxes {
            // Whoever was ended in the middle of this need not be told where to send its word.
            if let Ok(mut tell) = mailbox.notify.try_lock() {
                *tell = Some(thread::current());
            }
        }
        let threads = runtime.threads(workers);
        let mut chief = MasterThread {
            state,
            master,
            ring: state.rings.as_ref().map(|rings| rings.writer(workers)),
            threads,
            handles: Vec::new(),
            pulses: vec![
                Pulse {
                    beats: 0,
                    at_ms: now_ms,
                    taken: None
                };
                workers
            ],
            deaths: vec![None; workers],
            checked_ms: now_ms,
            begun: Instant::now(),
            parked: Duration::ZERO,
            gone: 0,
            on_line: harness.on_line.clone(),
            runtime,
        };
        if chief.master.epoch() > FIRST {
            lock(&state.log).adopted_ms = Some(now_ms);
            chief.show(MasterEvent::Adopt, u32::from(chief.master.epoch()));
        }
        Ok(chief)
    }

    pub(super) fn log(&self, write: impl FnOnce(&mut RunLog)) {
        write(&mut lock(&self.state.log));
    }

    pub(super) fn show(&mut self, event: MasterEvent, value: u32) {
        let ticks = self.state.ticks();
        if let Some(ring) = &mut self.ring {
            ring.push_kind(event as u8, u8::try_from(value).unwrap_or(u8::MAX), ticks);
        }
    }

    fn print(&mut self, line: Line) {
        let now_ms = self.state.now_ms();
        self.log(|log| log.log.push(now_ms, line));
        if let Some(tell) = &self.on_line {
            tell(&line.to_string());
        }
        match line {
            Line::Started(threads) => self.show(MasterEvent::Start, threads),
            Line::Polled(poll) if poll.all_done() => self.show(MasterEvent::PollAll, poll.done),
            Line::Polled(poll) => self.show(MasterEvent::Poll, poll.done),
            Line::AllDone => self.show(MasterEvent::Round, self.master.round()),
            Line::ForcedExit => self.show(MasterEvent::Exit, 0),
        }
    }

    fn is_stopping(&self) -> bool {
        self.runtime.board().is_stopping()
    }

    /// Sleeps until then at most, for one heartbeat at most.
    fn rest_until(&mut self, until_ms: f64) {
        let left = (until_ms - self.state.now_ms()).max(0.0) / 1e3;
        self.parked += self
            .runtime
            .park(Duration::from_secs_f64(left.min(1.0)).min(HEARTBEAT));
    }

    /// Rules until all rounds are over, or a stop, or its own end after its first look, where `exits`.
    ///
    /// # Errors
    /// Another has taken over.
    #[inline(never)]
    pub fn run(mut self, exits: bool) -> Result<End, LeaseError> {
        let mut end = End::Through;
        self.catch_up();
        while !self.master.is_through() {
            end = self.round(exits)?;
            if end != End::Through {
                break;
            }
        }
        let (parked, office) = (self.parked, self.begun.elapsed());
        self.log(|log| {
            log.parked_ms += parked.as_secs_f64() * 1e3;
            log.in_charge_ms += office.as_secs_f64() * 1e3;
        });
        if end == End::Exit {
            let now_ms = self.state.now_ms();
            self.log(|log| log.died_ms = Some(now_ms));
            self.master.exit()?;
        }
        Ok(end)
    }

    /// Finds the rounds over whose last job was done while nobody was master, and says so.
    fn catch_up(&mut self) {
        for round in 0..self.master.round() {
            let open = lock(&self.state.log)
                .rounds
                .get(round as usize)
                .is_some_and(|times| times.known_ms.is_none());
            if open {
                let poll = self.state.table.poll(round);
                let known_ms = self.state.now_ms();
                self.look(poll, false, known_ms);
                self.note_end(round, known_ms);
            }
        }
    }

    /// One round, or what is left of it; `Through` where it is over.
    fn round(&mut self, exits: bool) -> Result<End, LeaseError> {
        let round = self.master.round();
        let adopted = self.state.table.round(round).any(|lease| lease.attempt > 0);
        let start_ms = self.state.now_ms();
        self.handles.clear();
        self.handles.resize_with(self.state.workers(), || None);
        self.gone = 0;
        self.log(|log| {
            log.first_store_ms.get_or_insert(start_ms);
            if log.rounds.len() <= round as usize {
                log.rounds.push(RoundTimes {
                    start_ms,
                    ..RoundTimes::default()
                });
            }
        });
        self.assign();
        if !adopted {
            self.wait_for_starts()?;
            self.print(Line::Started(self.state.plan.threads));
        }
        let schedule = PollSchedule::new(round, self.state.plan.poll_ms.into());
        let mut next_ms = 0.0;
        loop {
            if self.is_stopping() {
                return Ok(End::Stopped);
            }
            self.check_workers()?;
            self.assign();
            let since_ms = self.state.now_ms() - start_ms;
            let due = if self.state.plan.told {
                self.master.poll().all_done()
            } else {
                since_ms >= next_ms
            };
            if due {
                let poll = self.master.poll();
                let known_ms = self.state.now_ms();
                match self.look(poll, exits, known_ms) {
                    Action::Wait => next_ms = schedule.next_ms(since_ms),
                    Action::Exit => return Ok(End::Exit),
                    Action::NextRound => {
                        self.close_round(round, known_ms);
                        return Ok(End::Through);
                    }
                }
            }
            let told_at = self.state.plan.told.then_some(f64::INFINITY);
            self.rest_until(told_at.unwrap_or(start_ms + next_ms));
        }
    }

    /// What it does about what it has seen.
    fn look(&mut self, poll: Poll, exits: bool, known_ms: f64) -> Action {
        self.log(|log| {
            log.polls += 1;
            if log.adopted_ms.is_some() {
                log.first_poll_ms.get_or_insert(known_ms);
            }
        });
        let (lines, next) = after(poll, exits);
        for line in lines {
            self.print(line);
        }
        self.count_weak();
        next
    }

    fn close_round(&mut self, round: u32, known_ms: f64) {
        let leases = self.state.table.round(round);
        let mut weak = (0, 0);
        for (lease, handle) in leases.zip(&self.handles) {
            if let Some(Handle::Weak(handle)) = handle
                && lease.state.is_done()
            {
                match handle.upgrade() {
                    None => weak.0 += 1,
                    Some(_) => weak.1 += 1,
                }
            }
        }
        self.log(|log| {
            log.weak.0 += weak.0;
            log.weak.1 += weak.1;
        });
        self.note_end(round, known_ms);
        // The round is over, so there is a next one or it is through.
        self.master.next_round();
    }

    fn note_end(&self, round: u32, known_ms: f64) {
        let end_ms = self.state.now_ms();
        self.log(|log| {
            if let Some(times) = log.rounds.get_mut(round as usize) {
                times.known_ms = Some(known_ms);
                times.end_ms = Some(end_ms);
            }
        });
    }

    /// Says how many weak handles lead nowhere, where they have become more.
    fn count_weak(&mut self) {
        let is_gone = |handle: &&Option<Handle>| matches!(handle, Some(Handle::Weak(handle)) if handle.strong_count() == 0);
        let gone = self.handles.iter().filter(is_gone).count() as u64;
        if gone > self.gone {
            self.gone = gone;
            // At most 128.
            self.show(MasterEvent::Weak, gone as u32);
        }
    }

    /// Puts jobs that wait for a worker onto the mailboxes of those that have none.
    fn assign(&mut self) {
        let round = self.master.round();
        let queued = |lease: &Lease| lease.state == JobState::Queued;
        if !self.state.table.round(round).any(|lease| queued(&lease)) {
            return;
        }
        let mut has_job = [false; crate::runtime::board::MAX_WORKERS];
        for lease in self.state.table.round(round) {
            if let Some(token) = lease.token() {
                has_job[usize::from(token.worker)] = true;
            }
        }
        for (worker, has_job) in has_job.iter().enumerate().take(self.state.workers()) {
            if !has_job {
                self.give(worker);
            }
        }
    }

    /// Gives an idle worker a job, where there is one and its mailbox is empty.
    fn give(&mut self, worker: usize) {
        let Ok(mut assignment) = self.state.mailboxes[worker].assignment.try_lock() else {
            return;
        };
        if assignment.is_some() {
            return;
        }
        // At most 128 workers.
        let Some(offer) = self.master.offer(worker as u8) else {
            return;
        };
        let object = Arc::new(JobObject);
        let handle = if self.state.plan.weak {
            Handle::Weak(Arc::downgrade(&object))
        } else {
            Handle::Strong(Arc::clone(&object))
        };
        let place = offer.job % self.state.table.jobs_a_round();
        self.handles[place as usize] = Some(handle);
        *assignment = Some(Assignment { offer, object });
        drop(assignment);
        if let Some(thread) = &self.threads[worker] {
            thread.unpark();
        }
    }

    /// Waits until every worker has begun what lies on its mailbox, as a thread that was started has begun;
    /// those who are not well are not waited for.
    fn wait_for_starts(&mut self) -> Result<(), LeaseError> {
        loop {
            let round = self.master.round();
            let waits = self
                .state
                .mailboxes
                .iter()
                .enumerate()
                .any(|(worker, mailbox)| {
                    let empty = mailbox
                        .assignment
                        .try_lock()
                        .is_ok_and(|assignment| assignment.is_none());
                    !empty && self.master.health(worker as u8) == Health::Alive
                });
            let begun = self.state.table.round(round).all(|lease| {
                lease.attempt == 0 || {
                    let record = &self.state.records[lease.job as usize];
                    record.of(lease.attempt).0.is_some()
                }
            });
            if !waits && begun || self.is_stopping() {
                return Ok(());
            }
            let now_ms = self.state.now_ms();
            self.rest_until(now_ms + 1.0);
            self.check_workers()?;
        }
    }
}
