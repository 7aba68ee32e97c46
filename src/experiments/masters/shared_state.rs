//! What outlives a master: jobs, mailboxes, times and the log, in memory that all threads share. Not
//! here: what a master does with them (`chief`), and a worker (`hand`).

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::Thread;

use web_time::Instant;

use super::Plan;
use super::run_log::RunLog;
use super::worker::Worker;
use crate::jobs::lease::{LeaseToken, Offer};
use crate::jobs::table::JobTable;
use crate::runtime::Harness;
use crate::runtime::record::ticks;
use crate::runtime::trace::Rings;
use crate::runtime::workers::{PhaseConfig, WorkerFn, Workers};

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
    pub(crate) table: JobTable,
    pub(super) mailboxes: Box<[Mailbox]>,
    pub(super) records: Box<[Record]>,
    /// Its threads, once they have been started.
    group: OnceLock<Workers>,
    pub(crate) rings: Option<Arc<Rings>>,
    pub(crate) log: Mutex<RunLog>,
}

impl SharedState {
    /// Jobs and mailboxes for a run as planned. Nobody is there yet.
    #[inline(never)]
    pub fn new(harness: &Harness, plan: Plan) -> Arc<SharedState> {
        let jobs = plan.threads * plan.rounds;
        // A start and an end, and two events a job: a worker may come to do all of a round's.
        let events = 2 + 2 * plan.rounds as usize * 2;
        Arc::new(SharedState {
            plan,
            table: JobTable::new(plan.rounds, plan.threads),
            mailboxes: (0..plan.threads).map(|_| Mailbox::default()).collect(),
            records: (0..jobs).map(|_| Record::default()).collect(),
            group: OnceLock::new(),
            rings: harness.rings(plan.threads + 1, events.max(1024)),
            log: Mutex::new(RunLog::default()),
        })
    }

    /// How many workers there are.
    pub fn workers(&self) -> usize {
        self.mailboxes.len()
    }

    /// The run's start. Only for when it has begun.
    pub fn origin(&self) -> Instant {
        let started = self.group.get().and_then(Workers::started);
        started.unwrap_or_else(Instant::now)
    }

    /// Milliseconds since the run's start.
    pub fn now_ms(&self) -> f64 {
        self.origin().elapsed().as_secs_f64() * 1e3
    }

    /// Now, in ticks since the run's start.
    pub(crate) fn ticks(&self) -> u64 {
        ticks(self.origin(), Instant::now())
    }

    /// Gets every worker its thread, and lets them go; `false` where it came to nothing: somebody did
    /// not start, or a stop came first.
    #[inline(never)]
    pub fn start_workers(self: &Arc<Self>, harness: &Harness) -> bool {
        let config = PhaseConfig {
            number: Some(0),
            workers: self.plan.threads,
            planned: self.plan.threads * self.plan.rounds,
            rings: self.rings.clone(),
        };
        let state = Arc::clone(self);
        let body: WorkerFn = Arc::new(move |context| Worker::new(context, &state).run());
        let group = self
            .group
            .get_or_init(|| harness.start_workers(&config, &body));
        group.started().is_some()
    }

    /// Whether this worker has finished.
    pub fn is_finished(&self, worker: usize) -> bool {
        self.group
            .get()
            .is_some_and(|group| group.is_finished(worker))
    }

    /// Sends everyone home, and waits until they have gone; gives the names of those that neither went
    /// nor are dead, as `is_dead` knows.
    pub fn stop_workers(&self, is_dead: impl Fn(usize) -> bool) -> Vec<String> {
        self.group
            .get()
            .map_or_else(Vec::new, |group| group.stop(is_dead))
    }
}
