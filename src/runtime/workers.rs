//! One phase of a run: workers that start together, and a master that waits for all of them and
//! notices who fails or falls silent. Not here: what they do.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::Duration;

use web_time::Instant;

use super::board::{COORDINATOR, MAX_WORKERS, PhaseStart, SlotState, State, StatusBoard};
use super::panics;
use super::record::ticks;
use super::trace::{Event, Rings};
use super::{Host, Runtime, lock};
use crate::experiment::report::Failure;
use crate::worker::{self, Life};

/// How long a worker may take to get its thread.
pub(crate) const START_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a worker that was asked to stop may take.
pub(crate) const STOP_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a worker may give no sign of life.
const HEARTBEAT_TIMEOUT: Duration = Duration::from_secs(10);

/// A worker's place in a phase.
#[derive(Clone)]
pub struct WorkerContext {
    index: usize,
    runtime: Arc<Runtime>,
    phase: Arc<Phase>,
}

/// What the workers of one phase share.
struct Phase {
    /// The moment of release; `None` in it where the phase is given up.
    gate: OnceLock<Option<Instant>>,
    places: Vec<Place>,
    at_work: AtomicU32,
    rings: Option<Arc<Rings>>,
}

/// What a worker leaves behind.
#[derive(Default)]
struct Place {
    life: OnceLock<Life>,
    left: AtomicBool,
}

/// What a worker does once it is released.
pub type WorkerFn = Arc<dyn Fn(&WorkerContext, Instant) -> Life + Send + Sync>;

/// What the master has to do while its workers work: called again and again from their release on, each
/// time it says how soon it wants to be called again at the latest.
#[derive(Clone)]
pub struct PollFn(pub Arc<dyn Fn() -> Duration + Send + Sync>);

impl std::fmt::Debug for PollFn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PollFn")
    }
}

/// What a phase is to be.
#[derive(Debug, Clone)]
pub struct PhaseConfig {
    /// Which of the run, from 0; `None` for a rehearsal, which is not announced on the board.
    pub number: Option<u32>,
    /// Workers in it.
    pub workers: u32,
    /// Increments of all of them.
    pub planned: u32,
    /// Where their events go.
    pub rings: Option<Arc<Rings>>,
    /// What the master does meanwhile, beside looking after them.
    pub tend: Option<PollFn>,
}

/// How a phase ended.
pub struct PhaseResult {
    /// When the workers were released; `None` where they never were.
    pub started: Option<Instant>,
    /// What became of each: its life, or what the board knew last of one that failed.
    pub workers: Vec<Result<Life, SlotState>>,
    /// Whether nobody can still be inside the lock, so that it may be taken.
    pub lock_is_free: bool,
    /// Names of those that did not stop.
    pub stuck: Vec<String>,
}

impl WorkerContext {
    /// The worker's index.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The board.
    pub fn board(&self) -> &StatusBoard {
        &self.runtime.board
    }

    /// The rings of this run, where it is recorded.
    pub fn rings(&self) -> Option<&Rings> {
        self.phase.rings.as_deref()
    }

    /// The thread's whole work.
    fn work(self, body: &WorkerFn) {
        // Someone who comes when the phase has been given up must not touch the board any more.
        if self.phase.gate.get().is_none() {
            lock(&self.runtime.threads)[self.index] = Some(thread::current());
            panics::set_current(Some(Arc::new(self.clone())));
            self.show(State::Starting, 0, 0);
            self.runtime.unpark(COORDINATOR);
            if let Some(origin) = self.phase.wait_for_release() {
                let life = catch_unwind(AssertUnwindSafe(|| body(&self, origin)));
                panics::set_current(None);
                // Where it panicked, the panic hook has said all there is to say.
                let Ok(life) = life else { return };
                // Set once: a worker has one life a phase.
                let _ = self.phase.places[self.index].life.set(life);
                self.show(life.end(), life.increments, ticks(origin, life.ended));
            }
            panics::set_current(None);
        }
        self.leave();
    }

    fn show(&self, state: State, count: u32, ticks: u64) {
        let word = SlotState {
            state,
            count,
            ticks,
        };
        self.board().slot(self.index).write(word);
    }

    fn leave(&self) {
        if self.phase.leave(self.index) {
            self.runtime.unpark(COORDINATOR);
        }
    }
}

impl panics::PanicObserver for WorkerContext {
    fn fail(&self, message: String, place: Option<String>) {
        let last = self.board().slot(self.index).read();
        // Without a recorder, the board does not say where it was.
        let unknown = self.phase.rings.is_none();
        if unknown || matches!(last.state, State::Waiting | State::Holding) {
            self.runtime
                .died_in_critical_section
                .fetch_add(1, Ordering::Relaxed);
        }
        self.runtime.record_failure(Failure {
            worker: worker::name(self.index),
            message,
            place,
        });
        let origin = self.phase.gate.get().copied().flatten();
        let now = origin.map_or(0, |origin| ticks(origin, Instant::now()));
        self.show(State::Failed, last.count, now);
        self.leave();
        self.runtime.unpark(COORDINATOR);
    }
}

impl Phase {
    fn wait_for_release(&self) -> Option<Instant> {
        loop {
            match self.gate.get() {
                Some(origin) => return *origin,
                None => thread::park(),
            }
        }
    }

    /// Writes the last event of a worker that could not do so itself.
    fn close_ring(&self, index: usize, word: SlotState) {
        if let Some(rings) = &self.rings
            && word.state == State::Failed
        {
            rings.resume(index).push(Event {
                state: State::Failed,
                value: 0,
                ticks: word.ticks,
            });
        }
    }

    /// Returns whether this was the last one.
    fn leave(&self, index: usize) -> bool {
        self.places[index].left.store(true, Ordering::Release);
        self.at_work.fetch_sub(1, Ordering::AcqRel) == 1
    }
}

impl Runtime {
    /// Runs a phase: starts all workers, releases them together, waits for all.
    ///
    /// It always comes to an end. Workers that fail or fall silent end it for the others too; those
    /// that do not even stop are named.
    pub(crate) fn phase(
        self: &Arc<Self>,
        host: &dyn Host,
        plan: PhaseConfig,
        body: &WorkerFn,
    ) -> PhaseResult {
        self.board.clear();
        lock(&self.threads)[..MAX_WORKERS].fill(None);
        let phase = Arc::new(Phase {
            gate: OnceLock::new(),
            places: (0..plan.workers).map(|_| Place::default()).collect(),
            at_work: AtomicU32::new(plan.workers),
            rings: plan.rings.clone(),
        });
        self.show_coordinator(State::Starting);
        self.spawn(host, &phase, body);
        let started = self.release(host, &phase, &plan);
        self.show_coordinator(State::Waiting);
        let stuck = self.wait_for(&phase, plan.tend.as_ref());
        self.show_coordinator(State::Idle);
        let places = phase.places.iter().enumerate();
        let workers = places.map(|(index, place)| {
            place.life.get().copied().ok_or_else(|| {
                let word = self.board.slot(index).read();
                phase.close_ring(index, word);
                word
            })
        });
        PhaseResult {
            started,
            workers: workers.collect(),
            lock_is_free: stuck.is_empty()
                && self.died_in_critical_section.load(Ordering::Relaxed) == 0,
            stuck,
        }
    }

    fn spawn(self: &Arc<Self>, host: &dyn Host, phase: &Arc<Phase>, body: &WorkerFn) {
        for index in 0..phase.places.len() {
            let context = WorkerContext {
                index,
                runtime: Arc::clone(self),
                phase: Arc::clone(phase),
            };
            let body = Arc::clone(body);
            let name = worker::name(index);
            if let Err(message) = host.spawn(&name, Box::new(move || context.work(&body))) {
                phase.leave(index);
                self.record_failure(Failure {
                    worker: name,
                    message,
                    place: None,
                });
            }
        }
    }

    /// Waits until all are ready, and opens the gate; or gives the phase up.
    fn release(&self, host: &dyn Host, phase: &Phase, plan: &PhaseConfig) -> Option<Instant> {
        let is_ready = |index: usize| self.board.slot(index).read().state == State::Starting;
        let workers = phase.places.len();
        let in_time = self.wait(START_TIMEOUT, || {
            self.is_aborting() || (0..workers).all(&is_ready)
        });
        if !in_time {
            for index in (0..workers).filter(|index| !is_ready(*index)) {
                self.record_failure(Failure {
                    worker: worker::name(index),
                    message: format!("did not start within {} s", START_TIMEOUT.as_secs()),
                    place: None,
                });
            }
        }
        let started = (!self.is_aborting()).then(Instant::now);
        if let (Some(_), Some(number)) = (started, plan.number) {
            self.board.begin(PhaseStart {
                phase: number,
                workers: plan.workers,
                planned: plan.planned,
                origin_ms: host.epoch_ms(),
            });
        }
        // Set here and nowhere else, so it was not set before.
        let _ = phase.gate.set(started);
        self.wake();
        started
    }

    fn is_aborting(&self) -> bool {
        self.board.is_stopping() || !lock(&self.failures).is_empty()
    }

    /// Waits for the workers of a phase; returns the names of those that did not stop.
    fn wait_for(&self, phase: &Phase, tend: Option<&PollFn>) -> Vec<String> {
        let mut signs = vec![Heartbeat::default(); phase.places.len()];
        let mut stopping = Duration::ZERO;
        while phase.at_work.load(Ordering::Acquire) > 0 && stopping < STOP_TIMEOUT {
            let soon = tend.map_or(Duration::MAX, |tend| tend.0());
            let spent = self.park_within(soon);
            for (index, place) in phase.places.iter().enumerate() {
                let left = place.left.load(Ordering::Acquire);
                let beats = self.board.slot(index).beats();
                if !left && signs[index].timed_out(beats, spent) {
                    self.record_failure(Failure {
                        worker: worker::name(index),
                        message: format!(
                            "gave no sign of life for {} s",
                            HEARTBEAT_TIMEOUT.as_secs()
                        ),
                        place: None,
                    });
                }
            }
            if !self.board.is_stopping() && self.is_aborting() {
                self.stop();
            }
            if self.board.is_stopping() {
                stopping += spent;
            }
        }
        let places = phase.places.iter().enumerate();
        let stuck = places.filter(|(_, place)| !place.left.load(Ordering::Acquire));
        stuck.map(|(index, _)| worker::name(index)).collect()
    }
}

/// When a worker last showed that it lives.
#[derive(Debug, Clone, Copy, Default)]
struct Heartbeat {
    beats: u32,
    silent: Duration,
}

impl Heartbeat {
    /// Whether it has been silent too long, told once.
    fn timed_out(&mut self, beats: u32, spent: Duration) -> bool {
        if beats != self.beats {
            *self = Heartbeat {
                beats,
                silent: Duration::ZERO,
            };
        }
        let before = self.silent;
        self.silent += spent;
        before < HEARTBEAT_TIMEOUT && self.silent >= HEARTBEAT_TIMEOUT
    }
}
