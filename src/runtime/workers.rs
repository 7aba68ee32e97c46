//! Workers that start together: each gets its thread, all wait at one latch, and are released at one moment.
//! [`Harness::run_workers`] also waits for them, and detects those that fail or fall silent.
//!
//! Starting and running always end: a worker that gets no thread, starts late, panics or falls silent ends
//! the phase for the others too; those that do not even stop are named.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use web_time::Instant;

use super::board::{MAX_WORKERS, Slot, SlotState, State, StatusBoard};
use super::panics::{self, PanicObserver};
use super::record::{Recorder, ticks};
use super::trace::{Event, Rings, Writer};
use super::watchdog::{Sign, Watchdog};
use super::{Failure, Harness, Host, POLL_INTERVAL, Runtime, lock};

pub use phase::{PhaseConfig, PhaseResult, worker_name};

/// How often a worker that was asked to finish is looked after, at least.
const FINISH_INTERVAL: Duration = Duration::from_millis(10);

/// A worker was killed: its thread ends without a word, and it never counts as finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Killed;

/// What a worker does once it is released.
pub type WorkerFn = Arc<dyn Fn(&WorkerContext) -> Result<(), Killed> + Send + Sync>;

/// A worker's place in a phase, as its own thread knows it.
pub struct WorkerContext {
    index: usize,
    origin: Instant,
    workers: Workers,
}

/// The workers of a phase, as the coordinator and its successors know them.
#[derive(Clone)]
pub struct Workers {
    runtime: Arc<Runtime>,
    phase: Arc<Phase>,
}

/// What the workers of one phase share.
struct Phase {
    rings: Arc<Rings>,
    /// The workers' slots where they are not the board's: a warm-up's.
    unseen: Option<Box<[Slot]>>,
    /// The moment of release; `None` in it if the phase was aborted before.
    latch: OnceLock<Option<Instant>>,
    finished: Box<[AtomicBool]>,
    unfinished: AtomicU32,
    is_over: AtomicBool,
    /// Whether a worker died where it may have held the lock.
    died_in_critical_section: AtomicBool,
}

impl Harness {
    /// Starts the workers of a phase, waits until each has its thread, and releases them together.
    ///
    /// If one gets no thread, starts late, or a stop comes first, none is [released](Workers::started), and
    /// the runtime has recorded the failure.
    pub fn start_workers(&self, config: &PhaseConfig, body: &WorkerFn) -> Workers {
        let workers = self.prepare(config);
        for index in workers.all() {
            let (theirs, body) = (workers.clone(), Arc::clone(body));
            let work = Box::new(move || theirs.run(index, &body));
            if let Err(message) = self.host().spawn(&worker_name(index), work) {
                workers.finish(index);
                workers.fail(index, message);
            }
        }
        workers.release(self.host(), config);
        workers
    }

    /// The workers of a phase, before any has its thread.
    fn prepare(&self, config: &PhaseConfig) -> Workers {
        let runtime = self.runtime();
        let unseen = || (0..config.workers).map(|_| Slot::default()).collect();
        let unseen = config.number.is_none().then(unseen);
        if unseen.is_none() {
            runtime.board.clear();
        }
        lock(&runtime.threads)[..MAX_WORKERS].fill(None);
        runtime.show_coordinator(State::Starting);
        Workers {
            phase: Arc::new(Phase {
                rings: Arc::clone(&config.rings),
                unseen,
                latch: OnceLock::new(),
                finished: (0..config.workers).map(|_| AtomicBool::new(false)).collect(),
                unfinished: AtomicU32::new(config.workers),
                is_over: AtomicBool::new(false),
                died_in_critical_section: AtomicBool::new(false),
            }),
            runtime,
        }
    }

    /// Runs a phase: starts the workers, and waits until all have finished. Meanwhile the coordinator calls
    /// `poll`, which returns how soon it wants to be called again.
    ///
    /// A worker that gives no heartbeat for too long has failed. A failure or a stop stops all.
    /// Where the calling thread [is alone](Harness::is_alone), it does the one worker's work, and `poll` is not called.
    pub fn run_workers<T: Send + 'static>(
        &self,
        config: &PhaseConfig,
        poll: &mut dyn FnMut() -> Duration,
        body: impl Fn(&WorkerContext) -> T + Send + Sync + 'static,
    ) -> PhaseResult<T> {
        if self.is_alone() {
            return self.run_alone(config, body);
        }
        let results: Arc<[Mutex<Option<T>>]> =
            (0..config.workers).map(|_| Mutex::new(None)).collect();
        let body: WorkerFn = {
            let results = Arc::clone(&results);
            Arc::new(move |context| {
                let result = body(context);
                *lock(&results[context.index]) = Some(result);
                Ok(())
            })
        };
        let workers = self.start_workers(config, &body);
        let has_stuck = workers.join(poll);
        let died = &workers.phase.died_in_critical_section;
        let died = died.load(Ordering::Relaxed);
        let results = results.iter().enumerate();
        PhaseResult {
            started: workers.started(),
            workers: results
                .map(|(index, result)| lock(result).take().ok_or_else(|| workers.close(index)))
                .collect(),
            lock_is_free: !has_stuck && !died,
            has_stuck,
        }
    }
}

impl Workers {
    fn all(&self) -> Range<usize> {
        0..self.phase.finished.len()
    }

    /// Where a worker shows what it does.
    fn slot(&self, index: usize) -> &Slot {
        match &self.phase.unseen {
            Some(slots) => &slots[index],
            None => self.runtime.board.slot(index),
        }
    }

    /// When they were released; `None` if they never were.
    pub fn started(&self) -> Option<Instant> {
        self.phase.latch.get().copied().flatten()
    }

    /// Whether this worker has finished.
    pub fn is_finished(&self, index: usize) -> bool {
        self.phase.finished[index].load(Ordering::Acquire)
    }

    fn unfinished(&self) -> impl Iterator<Item = usize> {
        self.all().filter(|index| !self.is_finished(*index))
    }

    /// Tells the workers that the phase [is over](WorkerContext::is_over), and waits until each has finished
    /// or `is_dead`. The runtime notes those that had not when the stop timeout was over.
    pub fn stop(&self, is_dead: impl Fn(usize) -> bool) {
        self.phase.is_over.store(true, Ordering::Release);
        self.runtime.wake();
        let left = || self.unfinished().filter(|index| !is_dead(*index));
        let timeout = self.runtime.timeouts.stop;
        let is_alone = || left().next().is_none();
        self.runtime.wait(timeout, FINISH_INTERVAL, is_alone);
        lock(&self.runtime.stuck).extend(left().map(worker_name));
    }

    /// The whole work of a worker's thread.
    fn run(self, index: usize, body: &WorkerFn) {
        // A thread that comes when the phase was aborted must not touch the board any more.
        if self.phase.latch.get().is_some() {
            return self.finish(index);
        }
        self.runtime.register(index);
        let ready = Instant::now();
        self.show(index, State::Starting, 0, 0);
        self.runtime.wake_coordinator();
        if let Some(opened) = self.wait_for_release() {
            let origin = by_own_clock(opened, ready, Instant::now());
            let context = Arc::new(WorkerContext { index, origin, workers: self.clone() });
            let observer = Arc::clone(&context);
            // If it panicked, the observer has done all there is to do.
            let Some(Ok(())) = panics::observe(observer, || body(&context)) else {
                return;
            };
        }
        self.finish(index);
    }

    fn wait_for_release(&self) -> Option<Instant> {
        loop {
            match self.phase.latch.get() {
                Some(origin) => return *origin,
                None => thread::park(),
            }
        }
    }

    /// Waits until all have their threads, and opens the latch; or aborts the phase.
    fn release(&self, host: &dyn Host, config: &PhaseConfig) {
        let Workers { runtime, .. } = self;
        let is_ready = |index: &usize| self.slot(*index).read().state == State::Starting;
        let timeout = runtime.timeouts.start;
        let is_decided = || runtime.is_aborting() || self.all().all(|index| is_ready(&index));
        if !runtime.wait(timeout, POLL_INTERVAL, is_decided) {
            for index in self.all().filter(|index| !is_ready(index)) {
                let limit = timeout.as_secs();
                self.fail(index, format!("did not start within {limit} s"));
            }
        }
        self.open(host, config);
        runtime.wake();
    }

    /// Opens the latch, unless the phase is aborted.
    fn open(&self, host: &dyn Host, config: &PhaseConfig) {
        let Workers { runtime, phase } = self;
        let started = (!runtime.is_aborting()).then(Instant::now);
        if let (Some(_), Some(number)) = (started, config.number) {
            runtime.board.begin(number, config.planned, host.epoch_ms());
        }
        // Set here and nowhere else, so it was not set before.
        let _ = phase.latch.set(started);
    }

    /// Waits for all; returns whether any did not stop.
    fn join(&self, poll: &mut dyn FnMut() -> Duration) -> bool {
        let Workers { runtime, phase } = self;
        let timeouts = runtime.timeouts;
        runtime.show_coordinator(State::Waiting);
        let mut watchdog = Watchdog::new(timeouts.heartbeat, self.all().len());
        let mut stopping = Duration::ZERO;
        while phase.unfinished.load(Ordering::Acquire) > 0 && stopping < timeouts.stop {
            let soon = poll();
            let elapsed = runtime.park_awake(soon);
            let sign = |index| Sign::of(index, self.slot(index));
            let limit = timeouts.heartbeat.as_secs();
            for index in watchdog.suspects(elapsed, self.unfinished().map(sign)) {
                self.fail(index, format!("gave no sign of life for {limit} s"));
            }
            if !runtime.board.is_stopping() && runtime.is_aborting() {
                runtime.stop();
            }
            if runtime.board.is_stopping() {
                stopping += elapsed;
            }
        }
        runtime.show_coordinator(State::Idle);
        let stuck: Vec<_> = self.unfinished().map(worker_name).collect();
        let has_stuck = !stuck.is_empty();
        lock(&runtime.stuck).extend(stuck);
        has_stuck
    }

    /// What the board knew last of a worker; writes the last event of one that could not do so itself.
    fn close(&self, index: usize) -> SlotState {
        let last = self.slot(index).read();
        let rings = &self.phase.rings;
        if !rings.is_empty() && last.state == State::Failed {
            rings.resume(index).push(Event { state: State::Failed, value: 0, ticks: last.ticks });
        }
        last
    }

    fn finish(&self, index: usize) {
        self.phase.finished[index].store(true, Ordering::Release);
        if self.phase.unfinished.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.runtime.wake_coordinator();
        }
    }

    fn fail(&self, index: usize, message: String) {
        let failure = Failure::new(worker_name(index), message);
        self.runtime.record_failure(failure);
    }

    fn show(&self, index: usize, state: State, count: u32, ticks: u64) {
        self.slot(index).write(SlotState { state, count, ticks });
    }
}

/// When the latch was opened, by the clock of a thread that was `ready` before and saw it open `now`.
///
/// A browser converts a thread's clock to the time of day by two readings, once, when the thread begins. If it loses its processor
/// between them (a millisecond was seen, of 128 threads with other programs beside), its times lie apart from all others' by as much.
fn by_own_clock(opened: Instant, ready: Instant, now: Instant) -> Instant {
    opened.clamp(ready, now)
}

impl WorkerContext {
    /// The worker's index.
    pub fn index(&self) -> usize {
        self.index
    }

    /// When all workers were released, by this thread's clock.
    pub fn origin(&self) -> Instant {
        self.origin
    }

    /// A writer of the worker's ring.
    ///
    /// # Panics
    /// If the phase has no rings.
    pub fn ring(&self) -> Writer<'_> {
        self.workers.phase.rings.writer(self.index)
    }

    /// The board.
    pub fn board(&self) -> &StatusBoard {
        &self.workers.runtime.board
    }

    /// The worker's slot, on the board unless this is a warm-up.
    pub fn slot(&self) -> &Slot {
        self.workers.slot(self.index)
    }

    /// Writes to the worker's slot and its ring.
    ///
    /// # Panics
    /// If the phase has no rings.
    pub fn recorder(&self) -> Recorder<'_> {
        Recorder::new(self.slot(), self.ring(), self.origin)
    }

    /// Whether a stop was asked for. A thread that is alone looks up for that, seldom where it `is_timed`.
    pub fn is_stopping(&self, is_timed: bool) -> bool {
        self.workers.runtime.is_stopping(is_timed)
    }

    /// Wakes the coordinator, so that it looks at what the worker has left for it.
    pub fn wake_coordinator(&self) {
        self.workers.runtime.wake_coordinator();
    }

    /// Whether the worker is to finish: the phase is over, or a stop was asked for.
    pub fn is_over(&self) -> bool {
        self.workers.phase.is_over.load(Ordering::Acquire) || self.board().is_stopping()
    }

    /// Shows on the board what the worker does since `at`.
    pub fn show(&self, state: State, count: u32, at: Instant) {
        self.workers.show(self.index, state, count, self.ticks(at));
    }

    /// Shows it on the board and in the worker's ring, there with a value.
    pub fn record(&self, ring: &mut Writer<'_>, state: State, value: u8, count: u32, at: Instant) {
        self.show(state, count, at);
        let ticks = self.ticks(at);
        ring.push(Event { state, value, ticks });
    }

    /// From the workers' release to `at`, in ticks.
    pub fn ticks(&self, at: Instant) -> u64 {
        ticks(self.origin, at)
    }
}

impl PanicObserver for WorkerContext {
    fn panicked(&self, message: String, place: Option<String>) {
        let Workers { runtime, phase } = &self.workers;
        let last = self.slot().read();
        // Without a recorder, the board does not say where it was.
        if phase.rings.is_empty() || matches!(last.state, State::Waiting | State::Holding) {
            let died = &phase.died_in_critical_section;
            died.store(true, Ordering::Relaxed);
        }
        runtime.record_failure(Failure { worker: worker_name(self.index), message, place });
        self.show(State::Failed, last.count, Instant::now());
        self.workers.finish(self.index);
        runtime.wake_coordinator();
    }
}

mod alone;
mod phase;
#[cfg(all(test, not(loom)))]
mod tests;
