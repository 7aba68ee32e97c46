//! What outlives a master: jobs, mailboxes, times and the log, in memory that all threads share. Not
//! here: what a master does with them (`chief`), and a worker (`hand`).

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::Thread;
use std::time::Duration;

use web_time::Instant;

use super::run_log::RunLog;
use super::{HEARTBEAT, Plan, worker as master_worker};
use crate::experiment::report::{Environment, Failure, Report};
use crate::experiment::settings::Settings;
use crate::jobs::lease::{LeaseToken, Offer};
use crate::jobs::table::JobTable;
use crate::runtime::board::{MAX_WORKERS, PhaseStart, State, StatusBoard};
use crate::runtime::record::ticks;
use crate::runtime::trace::Rings;
use crate::runtime::workers::{START_TIMEOUT, STOP_TIMEOUT};
use crate::runtime::{Harness, panics};
use crate::runtime::{Runtime, lock};
use crate::worker;

/// A job as an object of its own, which is what the post's weak references referred to: whoever holds
/// it keeps it alive. It has nothing that would have to be given back.
#[derive(Debug)]
pub(super) struct JobObject;

/// What a worker finds on its mailbox.
#[derive(Debug)]
pub(super) struct Assignment {
    pub offer: Offer,
    pub object: Arc<JobObject>,
}

/// A worker's place. Its owner may be ended at any moment, even in the middle of taking its assignment: a
/// master therefore only tries these locks.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    pub assignment: Mutex<Option<Assignment>>,
    /// Whom to wake when a round's last job is done.
    pub notify: Mutex<Option<Thread>>,
    pub left: AtomicBool,
}

/// When a job was begun and ended, each with the number of the hand-out, so that what a late worker
/// writes never hides what the accepted one wrote.
#[derive(Debug, Default)]
pub(super) struct Record {
    begun: AtomicU64,
    ended: AtomicU64,
}

/// Bits of a time, in ticks: the rest is the number of the hand-out, which is the greater for the
/// later one.
const TICK_BITS: u32 = 48;

impl Record {
    pub fn begin(&self, token: LeaseToken, ticks: u64) {
        note(&self.begun, token, ticks);
    }

    pub fn end(&self, token: LeaseToken, ticks: u64) {
        note(&self.ended, token, ticks);
    }

    /// When this hand-out was begun and ended.
    pub fn of(&self, attempt: u16) -> (Option<u64>, Option<u64>) {
        let read = |word: &AtomicU64| {
            let word = word.load(Ordering::Acquire);
            (word >> TICK_BITS == u64::from(attempt)).then_some(word & ((1 << TICK_BITS) - 1))
        };
        (read(&self.begun), read(&self.ended))
    }
}

fn note(word: &AtomicU64, token: LeaseToken, ticks: u64) {
    word.fetch_max(
        u64::from(token.attempt) << TICK_BITS | ticks,
        Ordering::AcqRel,
    );
}

/// All that a master leaves to its successor.
pub(crate) struct SharedState {
    pub plan: Plan,
    pub settings: Settings,
    pub started_at: String,
    pub environment: Environment,
    pub(crate) table: JobTable,
    pub(super) mailboxes: Box<[Mailbox]>,
    pub(super) records: Box<[Record]>,
    /// The run's start; `None` in it where it was given up.
    start_latch: OnceLock<Option<Instant>>,
    over: AtomicBool,
    pub(crate) rings: Option<Arc<Rings>>,
    pub(crate) log: Mutex<RunLog>,
}

impl SharedState {
    /// Jobs and mailboxes for a run as planned. Nobody is there yet.
    #[inline(never)]
    pub fn new(
        harness: &Harness,
        plan: Plan,
        settings: &Settings,
        report: &Report,
    ) -> Arc<SharedState> {
        let jobs = plan.threads * plan.rounds;
        // A start and an end, and two events a job: a worker may come to do all of a round's.
        let events = 2 + 2 * plan.rounds as usize * 2;
        let state = Arc::new(SharedState {
            plan,
            settings: settings.clone(),
            started_at: report.started_at.clone(),
            environment: report.environment.clone(),
            table: JobTable::new(plan.rounds, plan.threads),
            mailboxes: (0..plan.threads).map(|_| Mailbox::default()).collect(),
            records: (0..jobs).map(|_| Record::default()).collect(),
            start_latch: OnceLock::new(),
            over: AtomicBool::new(false),
            rings: harness.rings(plan.threads + 1, events.max(1024)),
            log: Mutex::new(RunLog::default()),
        });
        *lock(&harness.runtime.estate) = Some(Arc::clone(&state));
        state
    }

    /// How many workers there are.
    pub fn workers(&self) -> usize {
        self.mailboxes.len()
    }

    /// The run's start. Only for when it has begun.
    pub fn origin(&self) -> Instant {
        self.start_latch
            .get()
            .copied()
            .flatten()
            .unwrap_or_else(Instant::now)
    }

    /// Milliseconds since the run's start.
    pub fn now_ms(&self) -> f64 {
        self.ms_at(Instant::now())
    }

    pub(super) fn ms_at(&self, at: Instant) -> f64 {
        at.saturating_duration_since(self.origin()).as_secs_f64() * 1e3
    }

    /// Now, in ticks since the run's start.
    pub(crate) fn ticks(&self) -> u64 {
        ticks(self.origin(), Instant::now())
    }

    /// Whether workers have nothing to stay for.
    pub(super) fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }

    /// Waits for the run's start; `false` where there is to be none.
    pub(super) fn wait_for_start(&self) -> bool {
        loop {
            match self.start_latch.get() {
                Some(origin) => return origin.is_some(),
                None => std::thread::park(),
            }
        }
    }

    /// Gets every worker its thread, and lets them go; `false` where it came to nothing: somebody did
    /// not start, or a stop came first.
    #[inline(never)]
    pub fn start_workers(self: &Arc<Self>, harness: &Harness) -> bool {
        let runtime = harness.runtime();
        runtime.board().clear();
        lock(&runtime.threads)[..MAX_WORKERS].fill(None);
        runtime.show_coordinator(State::Starting);
        for index in 0..self.workers() {
            let worker = master_worker::Worker {
                index,
                runtime: Arc::clone(&runtime),
                state: Arc::clone(self),
            };
            let work = Box::new(move || {
                panics::set_current(Some(Arc::new(worker.clone())));
                worker.work();
                panics::set_current(None);
            });
            if let Err(message) = harness.host().spawn(&worker::name(index), work) {
                runtime.record_failure(failure(index, message));
            }
        }
        let is_ready = |index: usize| runtime.board().slot(index).read().state == State::Starting;
        let given_up = || runtime.board().is_stopping() || !runtime.failures().is_empty();
        if !runtime.wait(START_TIMEOUT, || {
            given_up() || (0..self.workers()).all(is_ready)
        }) {
            for index in (0..self.workers()).filter(|index| !is_ready(*index)) {
                let limit = START_TIMEOUT.as_secs();
                runtime.record_failure(failure(index, format!("did not start within {limit} s")));
            }
        }
        let started = (!given_up()).then(Instant::now);
        if started.is_some() {
            runtime.board().begin(PhaseStart {
                phase: 0,
                workers: self.plan.threads,
                planned: self.plan.threads * self.plan.rounds,
                origin_ms: harness.host().epoch_ms(),
            });
        }
        // Set here and nowhere else.
        let _ = self.start_latch.set(started);
        runtime.wake();
        started.is_some()
    }

    /// Sends everyone home, and waits until they have gone; gives the names of those that neither went
    /// nor are dead, as `is_dead` knows.
    #[inline(never)]
    pub fn stop_workers(&self, runtime: &Runtime, is_dead: impl Fn(usize) -> bool) -> Vec<String> {
        self.over.store(true, Ordering::Release);
        runtime.wake();
        let at_work = |index: &usize| !self.mailboxes[*index].left.load(Ordering::Acquire);
        let mut stayed: Vec<usize> = (0..self.workers()).filter(at_work).collect();
        let mut waited = Duration::ZERO;
        while !stayed.is_empty() && waited < STOP_TIMEOUT {
            waited += rest(runtime.board(), HEARTBEAT / 5);
            stayed.retain(|index| at_work(index) && !is_dead(*index));
        }
        stayed.into_iter().map(worker::name).collect()
    }
}

/// A master's sleep: as long as told at most, and with a beat. Gives how long it was.
pub(crate) fn rest(board: &StatusBoard, most: Duration) -> Duration {
    board.slot(crate::runtime::board::COORDINATOR).beat();
    let begin = Instant::now();
    std::thread::park_timeout(most.min(HEARTBEAT));
    begin.elapsed()
}

/// What went wrong with a worker.
pub(crate) fn failure(index: usize, message: String) -> Failure {
    Failure {
        worker: worker::name(index),
        message,
        place: None,
    }
}
