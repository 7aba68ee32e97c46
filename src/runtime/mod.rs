//! Runs threads for experiments, and knows none of them. A [`Runtime`] is what all its threads share: the
//! status board, a handle to each thread, their failures, and what the page may read of the last run.
//! A [`Harness`] is a runtime on a [`Host`]: what an experiment is handed.
//!
//! The coordinator is the thread that runs the experiment; it starts [workers], and may block.

mod alone;
pub mod board;
pub mod calibration;
pub mod counter_service;
#[cfg(all(test, not(loom)))]
pub(crate) mod fake;
pub mod harness;
pub mod host;
mod kept;
pub mod layout;
pub mod live;
pub mod panics;
pub mod record;
pub mod trace;
mod watchdog;
pub mod workers;

use std::any::Any;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use serde::Serialize;
use serde_with::skip_serializing_none;
use web_time::Instant;

pub use harness::Harness;
pub use host::{Environment, Host, ThreadFn};

use alone::Alone;
use board::{COORDINATOR, MAX_WORKERS, SlotState, State, StatusBoard};
use kept::Kept;
use live::Rows;
use trace::Rings;

/// How often a waiting coordinator looks, unless it is woken.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// A worker, or a run, that failed.
#[skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Failure {
    /// The worker's name, or "master".
    pub worker: String,
    /// What happened.
    pub message: String,
    /// Where in the source, if it is known: file and line.
    #[serde(rename = "where")]
    pub place: Option<String>,
}

impl Failure {
    /// Of a thread called `worker`, at no known place.
    pub fn new(worker: impl Into<String>, message: String) -> Failure {
        Failure { worker: worker.into(), message, place: None }
    }
}

/// How long threads may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Until a worker runs.
    pub start: Duration,
    /// Until a worker that was asked to stop has finished.
    pub stop: Duration,
    /// From one heartbeat of a worker to the next.
    pub heartbeat: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        Timeouts {
            start: Duration::from_secs(10),
            stop: Duration::from_secs(5),
            heartbeat: Duration::from_secs(10),
        }
    }
}

/// What the threads of a run share. One run at a time.
pub struct Runtime {
    board: StatusBoard,
    timeouts: Timeouts,
    /// The last run's rings: the page may still read them.
    rings: Mutex<Arc<Rings>>,
    /// The last run's rows, likewise.
    rows: Mutex<Option<Arc<Rows>>>,
    threads: Mutex<Vec<Option<Thread>>>,
    failures: Mutex<Vec<Failure>>,
    /// Names of workers that did not stop.
    stuck: Mutex<Vec<String>>,
    /// A run that waits for another coordinator to continue it.
    suspended: Mutex<Option<Box<dyn Any + Send>>>,
    is_unusable: AtomicBool,
    /// What runs have measured before they began.
    kept: Mutex<Vec<Kept>>,
    /// Set where there will be no thread but one.
    alone: OnceLock<Alone>,
}

/// Locks a mutex whose value is never half changed, so that a panicked holder does no harm.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Runtime {
    /// A runtime without threads.
    pub fn new(timeouts: Timeouts) -> Arc<Runtime> {
        Arc::new(Runtime {
            board: StatusBoard::new(),
            timeouts,
            rings: Mutex::default(),
            rows: Mutex::new(None),
            threads: Mutex::new(vec![None; MAX_WORKERS + 1]),
            failures: Mutex::new(Vec::new()),
            stuck: Mutex::new(Vec::new()),
            suspended: Mutex::new(None),
            is_unusable: AtomicBool::new(false),
            kept: Mutex::default(),
            alone: OnceLock::new(),
        })
    }

    /// The board.
    pub fn board(&self) -> &StatusBoard {
        &self.board
    }

    /// Asks every thread to stop, and wakes it.
    pub fn stop(&self) {
        self.board.set_stopping(true);
        self.wake();
    }

    /// There will be no thread but the calling one, which is to look up by calling `look`: it shows what is on the
    /// board, and writes there whether to stop.
    pub fn set_alone(&self, look: fn()) {
        self.alone.get_or_init(|| Alone::new(look));
    }

    /// Looks up, if the thread is alone and it is time to, which comes seldom while it `is_timed`. Returns how long
    /// that took.
    pub(crate) fn look(&self, is_timed: bool) -> Duration {
        self.alone.get().map_or(Duration::ZERO, |alone| alone.look(is_timed))
    }

    /// Whether a stop was asked for. A thread that is alone [looks up](Runtime::look) for that.
    pub(crate) fn is_stopping(&self, is_timed: bool) -> bool {
        self.look(is_timed);
        self.board.is_stopping()
    }

    /// Wakes every thread, so that it looks at the board.
    pub fn wake(&self) {
        for thread in lock(&self.threads).iter().flatten() {
            thread.unpark();
        }
    }

    /// Wakes the coordinator from [`park`](Runtime::park).
    pub fn wake_coordinator(&self) {
        self.unpark(COORDINATOR);
    }

    fn unpark(&self, index: usize) {
        if let Some(thread) = &lock(&self.threads)[index] {
            thread.unpark();
        }
    }

    /// Makes the calling thread the thread with this index.
    fn register(&self, index: usize) {
        lock(&self.threads)[index] = Some(thread::current());
    }

    /// Handles to the threads of the first `workers` workers.
    pub(crate) fn threads(&self, workers: usize) -> Vec<Option<Thread>> {
        lock(&self.threads)[..workers].to_vec()
    }

    /// The calling thread coordinates a run from here on.
    pub(crate) fn begin_run(&self) {
        self.continue_run();
        *lock(&self.suspended) = None;
        lock(&self.failures).clear();
        lock(&self.stuck).clear();
        self.is_unusable.store(false, Ordering::Release);
        self.publish_rows(None);
    }

    /// The calling thread coordinates a run that another thread began.
    pub(crate) fn continue_run(&self) {
        self.register(COORDINATOR);
    }

    /// The run is over.
    pub(crate) fn end_run(&self) {
        lock(&self.threads).fill(None);
        self.show_coordinator(State::Idle);
    }

    /// Keeps what another coordinator needs to continue the run.
    pub(crate) fn suspend(&self, run: Box<dyn Any + Send>) {
        *lock(&self.suspended) = Some(run);
    }

    /// What was kept by [`suspend`](Runtime::suspend), once, if it is what is wanted.
    pub(crate) fn take_suspended(
        &self,
        is_wanted: impl FnOnce(&dyn Any) -> bool,
    ) -> Option<Box<dyn Any + Send>> {
        lock(&self.suspended).take_if(|run| is_wanted(&**run))
    }

    fn show_coordinator(&self, state: State) {
        self.board.slot(COORDINATOR).write(SlotState { state, count: 0, ticks: 0 });
    }

    /// Threads have died or are stuck: no later run can use them.
    pub(crate) fn mark_unusable(&self) {
        self.is_unusable.store(true, Ordering::Release);
    }

    /// Whether threads have died or are stuck since the run began.
    pub(crate) fn is_unusable(&self) -> bool {
        self.is_unusable.load(Ordering::Acquire)
    }

    pub(crate) fn record_failure(&self, failure: Failure) {
        lock(&self.failures).push(failure);
    }

    pub(crate) fn failures(&self) -> Vec<Failure> {
        lock(&self.failures).clone()
    }

    /// The workers of this run that did not stop.
    pub(crate) fn stuck(&self) -> Vec<String> {
        lock(&self.stuck).clone()
    }

    /// Whether the run is to end before its time.
    pub(crate) fn is_aborting(&self) -> bool {
        self.board.is_stopping() || !lock(&self.failures).is_empty()
    }

    /// Publishes a run's rings in place of the last ones. The last ring is a master's if `master`.
    fn publish_rings(&self, rings: Arc<Rings>, master: bool) {
        let header = &self.board.header;
        // 32 bits are all of a wasm memory; natively nobody reads the address.
        let address = if rings.is_empty() { 0 } else { rings.address() as u32 };
        header.ring_address.store(0, Ordering::Release);
        header.master_ring.store(master.into(), Ordering::Release);
        header.ring_capacity.store(rings.capacity() as u32, Ordering::Release);
        *lock(&self.rings) = rings;
        header.ring_address.store(address, Ordering::Release);
    }

    /// Publishes room for a run's results, or none, in place of the last ones.
    pub(crate) fn publish_rows(&self, rows: Option<Arc<Rows>>) {
        let header = &self.board.header;
        let address = rows.as_ref().map_or(0, |rows| rows.address() as u32);
        header.rows_address.store(0, Ordering::Release);
        header.rows_used.store(0, Ordering::Release);
        *lock(&self.rows) = rows;
        header.rows_address.store(address, Ordering::Release);
    }

    /// Announces that row `place` was written.
    pub(crate) fn announce_row(&self, place: usize) {
        let header = &self.board.header;
        // A table has far fewer than 2^32 rows.
        header.rows_used.fetch_max(place as u32 + 1, Ordering::Release);
        header.rows_changes.fetch_add(1, Ordering::Release);
    }

    /// Parks the coordinator until it is woken, for `limit` or a poll interval at most, and beats. Returns
    /// how long that took.
    pub(crate) fn park(&self, limit: Duration) -> Duration {
        self.board.slot(COORDINATOR).beat();
        let begin = Instant::now();
        thread::park_timeout(limit.min(POLL_INTERVAL));
        begin.elapsed()
    }

    /// The same; returns the time that workers can be blamed for: while the whole machine slept, nobody
    /// could work.
    fn park_awake(&self, limit: Duration) -> Duration {
        self.park(limit).min(POLL_INTERVAL * 2)
    }

    /// Parks the coordinator until `is_ready`, looking once an `interval` at least; returns whether that came
    /// within `timeout`.
    fn wait(&self, timeout: Duration, interval: Duration, is_ready: impl Fn() -> bool) -> bool {
        let mut waited = Duration::ZERO;
        while !is_ready() {
            if waited >= timeout {
                return false;
            }
            waited += self.park_awake(interval);
        }
        true
    }
}
