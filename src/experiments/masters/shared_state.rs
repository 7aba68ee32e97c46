//! The [`SharedState`] is what outlives a master: jobs, mailboxes, times and the log, in memory that all
//! threads share.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread::Thread;

use web_time::Instant;

use super::config::{MasterConfig, Owner};
use super::handles::JobObject;
use super::report::MasterPart;
use super::run_log::{RunLog, ms};
use crate::jobs::lease::{LeaseToken, Offer};
use crate::jobs::table::JobTable;
use crate::runtime::record::ticks;
use crate::runtime::trace::Rings;
use crate::runtime::workers::Workers;

/// What a worker finds in its mailbox.
#[derive(Debug)]
pub(super) struct Assignment {
    pub offer: Offer,
    pub object: Arc<JobObject>,
}

/// A worker may be ended at any moment, even while it holds one of these locks: a master therefore only
/// tries them.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    pub assignment: Mutex<Option<Assignment>>,
    /// The master to wake when a round's last job is done.
    pub notify: Mutex<Option<Thread>>,
}

/// When a job began and ended, in ticks, each with the number of the attempt above it: the later attempt is
/// the greater number, so that a late worker never hides what the accepted one wrote.
#[derive(Debug, Default)]
pub(super) struct JobTimes {
    began: AtomicU64,
    ended: AtomicU64,
}

const TICK_BITS: u32 = 48;

impl JobTimes {
    pub fn begin(&self, token: LeaseToken, ticks: u64) {
        note(&self.began, token, ticks);
    }

    pub fn end(&self, token: LeaseToken, ticks: u64) {
        note(&self.ended, token, ticks);
    }

    /// When this attempt began and ended, in ticks; `None` for what is not known of it, or of a job that
    /// was never leased.
    pub fn of(&self, attempt: u16) -> (Option<u64>, Option<u64>) {
        let read = |word: &AtomicU64| {
            let word = word.load(Ordering::Acquire);
            let is_its = attempt > 0 && word >> TICK_BITS == u64::from(attempt);
            is_its.then_some(word & ((1 << TICK_BITS) - 1))
        };
        (read(&self.began), read(&self.ended))
    }
}

fn note(word: &AtomicU64, token: LeaseToken, ticks: u64) {
    let attempt = u64::from(token.attempt);
    word.fetch_max(attempt << TICK_BITS | ticks, Ordering::AcqRel);
}

/// All that a master leaves to its successor.
pub(crate) struct SharedState {
    pub config: MasterConfig,
    pub table: JobTable,
    /// One a worker.
    pub(super) mailboxes: Box<[Mailbox]>,
    /// One a job.
    pub(super) times: Box<[JobTimes]>,
    /// The workers' threads, once they have been started.
    pub threads: OnceLock<Workers>,
    /// One a worker, and the master's.
    pub rings: Arc<Rings>,
    pub log: Mutex<RunLog>,
}

impl SharedState {
    /// With all jobs queued and all mailboxes empty.
    pub fn new(config: MasterConfig) -> SharedState {
        let (threads, rounds) = (config.threads, config.rounds);
        // A start and an end, and two events a job: a worker may come to do a second one in each round.
        let events = 2 + 2 * rounds as usize * 2;
        let owner = match config.owner {
            Owner::Page => "page",
            Owner::Master => "master",
        };
        let master = MasterPart { owner, ..MasterPart::default() };
        SharedState {
            config,
            table: JobTable::new(rounds, threads),
            mailboxes: (0..threads).map(|_| Mailbox::default()).collect(),
            times: (0..threads * rounds).map(|_| JobTimes::default()).collect(),
            threads: OnceLock::new(),
            rings: Arc::new(Rings::new(threads as usize + 1, events.max(1024))),
            log: Mutex::new(RunLog { master, ..RunLog::default() }),
        }
    }

    /// How many workers there are.
    pub fn workers(&self) -> usize {
        self.mailboxes.len()
    }

    /// The run's start; now if it has none yet.
    fn origin(&self) -> Instant {
        let started = self.threads.get().and_then(Workers::started);
        started.unwrap_or_else(Instant::now)
    }

    /// Milliseconds since the run's start, to the step of the board's ticks.
    pub fn now_ms(&self) -> f64 {
        ms(self.origin().elapsed().as_secs_f64() * 1e3)
    }

    /// Ticks since the run's start.
    pub fn ticks(&self) -> u64 {
        ticks(self.origin(), Instant::now())
    }
}
