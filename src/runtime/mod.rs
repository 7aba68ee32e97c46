//! The people of an experiment: their board, their rings, and a handle to every thread, so that they
//! can be stopped and woken from outside. Not here: how they are started and waited for (`workers`).

pub mod board;
pub mod calibration;
pub mod counter_service;
pub mod harness;
pub mod panics;
pub mod record;
pub mod trace;
pub mod workers;

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use web_time::Instant;

pub use harness::Harness;

use crate::experiment::report::Failure;
use crate::experiments::masters::SharedState;
use board::{COORDINATOR, MAX_WORKERS, Rows, SlotState, State, StatusBoard};
use trace::Rings;

/// A worker's whole work in one phase.
pub type Job = Box<dyn FnOnce() + Send>;

/// What an experiment stands on: the operating system, or a browser.
pub trait Host: Send + Sync {
    /// Where code runs here: "native" or "wasm".
    fn side(&self) -> &'static str;

    /// Runs `job` on a thread of its own.
    ///
    /// # Errors
    /// Why there is no thread for it.
    fn spawn(&self, name: &str, job: Job) -> Result<(), String>;

    /// Now, in milliseconds since the Unix epoch, as finely as the page's own clock tells.
    fn epoch_ms(&self) -> f64;

    /// Lets JavaScript do so many operations of a kind that no thread can wait in (there is no
    /// [`Counter`](crate::counter::Counter) of it), one after the other where an event loop is free, and
    /// says how long they took. `None` where there is no such thing here, or a stop was asked for.
    fn probe(&self, _kind: &str, _operations: u64) -> Option<Duration> {
        None
    }

    /// Now, as ISO 8601 in UTC.
    fn iso_now(&self) -> String;
}

/// How often the master looks, unless it is woken.
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// The board, the rings, and a handle to every thread at work.
pub struct Runtime {
    pub(crate) board: StatusBoard,
    /// The last run's rings: the page may still read them.
    rings: Mutex<Option<Arc<Rings>>>,
    /// The last run's rows, likewise.
    rows: Mutex<Option<Arc<Rows>>>,
    pub(crate) threads: Mutex<Vec<Option<Thread>>>,
    pub(crate) failures: Mutex<Vec<Failure>>,
    /// Workers that died where they may have held the lock.
    pub(crate) died_in_critical_section: AtomicU32,
    /// What a master leaves to its successor.
    pub(crate) estate: Mutex<Option<Arc<SharedState>>>,
    /// Whether threads have died or are stuck, so that no run can use them again.
    pub(crate) is_unusable: AtomicBool,
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every one of these holds plain values that are never half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Runtime {
    /// Nobody yet.
    #[allow(
        clippy::new_without_default,
        reason = "a runtime is made once, knowingly"
    )]
    pub fn new() -> Arc<Runtime> {
        Arc::new(Runtime {
            board: StatusBoard::new(),
            rings: Mutex::new(None),
            rows: Mutex::new(None),
            threads: Mutex::new(vec![None; MAX_WORKERS + 1]),
            failures: Mutex::new(Vec::new()),
            died_in_critical_section: AtomicU32::new(0),
            estate: Mutex::new(None),
            is_unusable: AtomicBool::new(false),
        })
    }

    /// The board.
    pub fn board(&self) -> &StatusBoard {
        &self.board
    }

    /// Asks everyone to stop, wherever they are.
    pub fn stop(&self) {
        self.board.set_stopping(true);
        self.wake();
    }

    /// Wakes everyone, so that they look whether something is asked of them.
    pub fn wake(&self) {
        for thread in lock(&self.threads).iter().flatten() {
            thread.unpark();
        }
    }

    pub(crate) fn unpark(&self, index: usize) {
        if let Some(thread) = &lock(&self.threads)[index] {
            thread.unpark();
        }
    }

    /// The calling thread is the master of a run from here on.
    pub(crate) fn begin_run(&self) {
        lock(&self.threads)[COORDINATOR] = Some(thread::current());
        lock(&self.failures).clear();
        self.is_unusable.store(false, Ordering::Release);
        self.died_in_critical_section.store(0, Ordering::Relaxed);
        self.publish_rows(None, 0);
    }

    /// The calling thread is the master of a run that another began.
    pub(crate) fn continue_run(&self) {
        lock(&self.threads)[COORDINATOR] = Some(thread::current());
    }

    /// The run is over.
    pub(crate) fn end_run(&self) {
        lock(&self.threads).fill(None);
        self.show_coordinator(State::Idle);
    }

    pub(crate) fn show_coordinator(&self, state: State) {
        self.board.slot(COORDINATOR).write(SlotState {
            state,
            count: 0,
            ticks: 0,
        });
    }

    /// Threads have died or are stuck: no run after this one can use them.
    pub(crate) fn mark_unusable(&self) {
        self.is_unusable.store(true, Ordering::Release);
    }

    pub(crate) fn record_failure(&self, failure: Failure) {
        lock(&self.failures).push(failure);
    }

    pub(crate) fn failures(&self) -> Vec<Failure> {
        lock(&self.failures).clone()
    }

    /// Makes rings for a run, or none; those of the run before are gone then.
    /// The last of them is the master's where `master` says so.
    pub(crate) fn publish_rings(&self, rings: Option<Arc<Rings>>, master: bool) {
        let header = &self.board.header;
        let mut place = lock(&self.rings);
        header.ring_address.store(0, Ordering::Release);
        header
            .master_ring
            .store(u32::from(master && rings.is_some()), Ordering::Release);
        if let Some(rings) = &rings {
            header
                .ring_capacity
                .store(rings.capacity() as u32, Ordering::Relaxed);
            // 32 bits are all of a wasm memory; natively nobody reads this.
            header
                .ring_address
                .store(rings.address() as u32, Ordering::Release);
        }
        *place = rings;
    }

    /// Makes room for a run's results, or none; those of the run before are gone then. `table` is the
    /// number of the table that they are of.
    pub(crate) fn publish_rows(&self, rows: Option<Arc<Rows>>, table: u32) {
        let header = &self.board.header;
        let mut place = lock(&self.rows);
        header.rows_address.store(0, Ordering::Release);
        header.rows_used.store(0, Ordering::Release);
        header.rows_table.store(table, Ordering::Release);
        if let Some(rows) = &rows {
            // 32 bits are all of a wasm memory; natively nobody reads this.
            header
                .rows_address
                .store(rows.address() as u32, Ordering::Release);
        }
        *place = rows;
    }

    /// Parks until woken, for a while at most. Returns how long that took, as far as workers can be
    /// blamed for it: while the whole machine slept, nobody could work.
    pub(crate) fn park(&self) -> Duration {
        self.park_within(POLL_INTERVAL)
    }

    /// The same where something else is to be done sooner.
    pub(crate) fn park_within(&self, limit: Duration) -> Duration {
        let begin = Instant::now();
        thread::park_timeout(limit.min(POLL_INTERVAL));
        self.board.slot(COORDINATOR).beat();
        begin.elapsed().min(POLL_INTERVAL * 2)
    }

    pub(crate) fn wait(&self, limit: Duration, mut ready: impl FnMut() -> bool) -> bool {
        let mut waited = Duration::ZERO;
        while !ready() {
            if waited >= limit {
                return false;
            }
            waited += self.park();
        }
        true
    }
}
