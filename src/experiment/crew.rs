//! The people of an experiment: starts workers together, waits for them, stops them, and notices
//! who failed. Not here: what they do.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, Once, OnceLock, PoisonError};
use std::thread::{self, Thread};
use std::time::Duration;

use web_time::Instant;

use super::record::ticks;
use super::report::Failure;
use crate::board::{Board, MASTER, MAX_WORKERS, PhaseStart, State, Word};
use crate::trace::{Event, Rings};
use crate::worker::{self, Life};

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

    /// Now, as ISO 8601 in UTC.
    fn iso_now(&self) -> String;
}

/// How long a worker may take to get its thread.
const START: Duration = Duration::from_secs(10);
/// How long a worker that was asked to stop may take.
const QUIET: Duration = Duration::from_secs(5);
/// How long a worker may give no sign of life.
const SILENCE: Duration = Duration::from_secs(10);
/// How often the master looks, unless it is woken.
const LOOK: Duration = Duration::from_millis(100);

/// The board, the rings, and a handle to every thread at work.
pub struct Crew {
    board: Board,
    rings: Mutex<Option<Arc<Rings>>>,
    threads: Mutex<Vec<Option<Thread>>>,
    failures: Mutex<Vec<Failure>>,
    /// Workers that died where they may have held the lock.
    died_inside: AtomicU32,
}

/// A worker's place in a phase.
#[derive(Clone)]
pub struct Seat {
    index: usize,
    crew: Arc<Crew>,
    phase: Arc<Phase>,
}

/// What the workers of one phase share.
struct Phase {
    /// The moment of release; `None` in it where the phase is given up.
    gate: OnceLock<Option<Instant>>,
    lives: Vec<OnceLock<Life>>,
    at_work: AtomicU32,
}

/// What a worker does once it is released.
pub type Body = Arc<dyn Fn(&Seat, Instant) -> Life + Send + Sync>;

/// How a phase ended.
pub struct PhaseEnd {
    /// When the workers were released; `None` where they never were.
    pub started: Option<Instant>,
    /// What became of each: its life, or what the board knew last of one that failed.
    pub workers: Vec<Result<Life, Word>>,
    /// Whether nobody can still be inside the lock, so that it may be taken.
    pub lock_is_free: bool,
    /// Names of those that did not stop.
    pub stuck: Vec<String>,
}

thread_local! {
    static SEAT: RefCell<Option<Seat>> = const { RefCell::new(None) };
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Every one of these holds plain values that are never half changed.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Seat {
    /// The worker's index.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The board.
    pub fn board(&self) -> &Board {
        &self.crew.board
    }

    /// The rings of this run, where it is recorded.
    pub fn rings(&self) -> Option<Arc<Rings>> {
        lock(&self.crew.rings).clone()
    }

    fn work(self, body: &Body) {
        if self.phase.gate.get().is_some() {
            // Too late: given up, and the slot may be another's.
            return;
        }
        let crew = &self.crew;
        lock(&crew.threads)[self.index] = Some(thread::current());
        SEAT.set(Some(self.clone()));
        self.board().slot(self.index).write(Word {
            state: State::Starting,
            count: 0,
            ticks: 0,
        });
        crew.unpark(MASTER);
        let origin = loop {
            match self.phase.gate.get() {
                Some(origin) => break *origin,
                None => thread::park(),
            }
        };
        if let Some(origin) = origin {
            let life = catch_unwind(AssertUnwindSafe(|| body(&self, origin)));
            // A failure has been noted by the panic hook.
            if let Ok(life) = life {
                let word = Word {
                    state: life.end(),
                    count: life.increments,
                    ticks: ticks(origin, life.ended),
                };
                // Set once: a worker has one life a phase.
                let _ = self.phase.lives[self.index].set(life);
                self.board().slot(self.index).write(word);
                self.leave();
            }
        } else {
            self.leave();
        }
        SEAT.set(None);
    }

    fn leave(&self) {
        if self.phase.at_work.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.crew.unpark(MASTER);
        }
    }

    fn fail(&self, message: String, place: Option<String>) {
        let slot = self.board().slot(self.index);
        let last = slot.read();
        if matches!(last.state, State::Waiting | State::Holding | State::Starting) {
            self.crew.died_inside.fetch_add(1, Ordering::Relaxed);
        }
        lock(&self.crew.failures).push(Failure {
            worker: worker::name(self.index),
            message,
            place,
        });
        let origin = self.phase.gate.get().copied().flatten();
        slot.write(Word {
            state: State::Failed,
            count: last.count,
            ticks: origin.map_or(0, |origin| ticks(origin, Instant::now())),
        });
        self.leave();
        self.crew.unpark(MASTER);
    }
}

/// Makes a worker's panic known to its master, on whatever thread it happens; other threads' panics
/// go to the hook that was there before, and so do workers' where `also` says so.
///
/// It must be a hook: where panics abort, as in wasm, nothing of the worker runs after it.
pub fn watch_panics(also: bool) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let seat = SEAT.try_with(|seat| seat.try_borrow().ok()?.clone()).ok().flatten();
            let is_worker = seat.is_some();
            if also || !is_worker {
                before(info);
            }
            if let Some(seat) = seat {
                let place = info.location().map(|at| format!("{}:{}", at.file(), at.line()));
                seat.fail(message(info), place);
            }
        }));
    });
}

fn message(info: &PanicHookInfo<'_>) -> String {
    info.payload_as_str().unwrap_or("panicked").to_owned()
}

impl Crew {
    /// Nobody yet.
    #[allow(clippy::new_without_default, reason = "a crew is made once, knowingly")]
    pub fn new() -> Arc<Crew> {
        Arc::new(Crew {
            board: Board::new(),
            rings: Mutex::new(None),
            threads: Mutex::new(vec![None; MAX_WORKERS + 1]),
            failures: Mutex::new(Vec::new()),
            died_inside: AtomicU32::new(0),
        })
    }

    /// The board.
    pub fn board(&self) -> &Board {
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

    fn unpark(&self, index: usize) {
        if let Some(thread) = &lock(&self.threads)[index] {
            thread.unpark();
        }
    }

    /// The calling thread is the master of a run from here on.
    pub(super) fn take_lead(&self) {
        lock(&self.threads)[MASTER] = Some(thread::current());
        lock(&self.failures).clear();
        self.died_inside.store(0, Ordering::Relaxed);
    }

    /// The run is over.
    pub(super) fn give_up_lead(&self) {
        lock(&self.threads).fill(None);
        self.show_master(State::Idle);
    }

    pub(super) fn show_master(&self, state: State) {
        self.board.slot(MASTER).write(Word {
            state,
            count: 0,
            ticks: 0,
        });
    }

    pub(super) fn note(&self, failure: Failure) {
        lock(&self.failures).push(failure);
    }

    pub(super) fn failures(&self) -> Vec<Failure> {
        lock(&self.failures).clone()
    }

    /// Makes rings for a run, or none; those of the run before are gone then.
    pub(super) fn lay_rings(&self, rings: Option<Arc<Rings>>) {
        let header = &self.board.header;
        let mut place = lock(&self.rings);
        header.ring_address.store(0, Ordering::Release);
        if let Some(rings) = &rings {
            header.ring_capacity.store(rings.capacity() as u32, Ordering::Relaxed);
            // 32 bits are all of a wasm memory; natively nobody reads this.
            header.ring_address.store(rings.address() as u32, Ordering::Release);
        }
        *place = rings;
    }

    /// Runs a phase: starts all workers, releases them together, waits for all.
    ///
    /// It always comes to an end. Workers that fail or fall silent end it for the others too; those
    /// that do not even stop are named.
    pub(super) fn phase(
        self: &Arc<Self>,
        host: &dyn Host,
        (number, workers, planned): (u32, usize, u32),
        body: &Body,
    ) -> PhaseEnd {
        self.board.clear();
        lock(&self.threads)[..MAX_WORKERS].fill(None);
        let phase = Arc::new(Phase {
            gate: OnceLock::new(),
            lives: (0..workers).map(|_| OnceLock::new()).collect(),
            at_work: AtomicU32::new(workers as u32),
        });
        self.show_master(State::Starting);
        for index in 0..workers {
            let seat = Seat {
                index,
                crew: Arc::clone(self),
                phase: Arc::clone(&phase),
            };
            let body = Arc::clone(body);
            if let Err(message) = host.spawn(&worker::name(index), Box::new(move || seat.work(&body))) {
                self.note(Failure {
                    worker: worker::name(index),
                    message,
                    place: None,
                });
                break;
            }
        }
        let started = self.release(host, &phase, PhaseStart {
            phase: number,
            workers: workers as u32,
            planned,
            origin_ms: 0.0,
        });
        let stuck = match started {
            Some(_) => self.wait_for(&phase),
            None => Vec::new(),
        };
        let lock_is_free =
            stuck.is_empty() && self.died_inside.load(Ordering::Relaxed) == 0;
        self.show_master(State::Idle);
        let workers = phase
            .lives
            .iter()
            .enumerate()
            .map(|(index, life)| {
                life.get().copied().ok_or_else(|| {
                    let word = self.board.slot(index).read();
                    self.close_ring(index, word);
                    word
                })
            })
            .collect();
        PhaseEnd {
            started,
            workers,
            lock_is_free,
            stuck,
        }
    }

    /// Waits until all are ready, and opens the gate; or gives the phase up.
    fn release(&self, host: &dyn Host, phase: &Phase, start: PhaseStart) -> Option<Instant> {
        let ready = |index: &usize| self.board.slot(*index).read().state == State::Starting;
        let workers = phase.lives.len();
        let all = self.wait(START, || {
            self.board.is_stopping()
                || !lock(&self.failures).is_empty()
                || (0..workers).all(|index| ready(&index))
        });
        if !all {
            let missing: Vec<_> = (0..workers).filter(|index| !ready(index)).collect();
            for index in missing {
                self.note(Failure {
                    worker: worker::name(index),
                    message: format!("did not start within {} s", START.as_secs()),
                    place: None,
                });
            }
        }
        if self.board.is_stopping() || !lock(&self.failures).is_empty() {
            // Set here and nowhere else before.
            let _ = phase.gate.set(None);
            self.wake();
            return None;
        }
        let origin = Instant::now();
        self.board.begin(PhaseStart {
            origin_ms: host.epoch_ms(),
            ..start
        });
        let _ = phase.gate.set(Some(origin));
        self.wake();
        Some(origin)
    }

    /// Waits for the workers of a phase; returns the names of those that did not stop.
    fn wait_for(&self, phase: &Phase) -> Vec<String> {
        let workers = phase.lives.len();
        let mut beats = vec![(0_u32, Duration::ZERO); workers];
        let mut stopping = Duration::ZERO;
        let mut asked = false;
        self.show_master(State::Waiting);
        while phase.at_work.load(Ordering::Acquire) > 0 {
            let spent = self.look();
            for (index, (last, silent)) in beats.iter_mut().enumerate() {
                let slot = self.board.slot(index);
                let now = slot.beats();
                if now != *last || slot.read().state.is_over() {
                    (*last, *silent) = (now, Duration::ZERO);
                    continue;
                }
                let before = *silent;
                *silent += spent;
                if before < SILENCE && *silent >= SILENCE {
                    self.note(Failure {
                        worker: worker::name(index),
                        message: format!("gave no sign of life for {} s", SILENCE.as_secs()),
                        place: None,
                    });
                }
            }
            if !asked && !lock(&self.failures).is_empty() {
                self.stop();
                asked = true;
            }
            if self.board.is_stopping() {
                stopping += spent;
                if stopping >= QUIET {
                    break;
                }
            }
        }
        (0..workers)
            .filter(|index| !self.board.slot(*index).read().state.is_over())
            .map(worker::name)
            .collect()
    }

    /// Parks until woken, for a while at most. Returns how long that took, as far as workers can be
    /// blamed for it: while the whole machine slept, nobody could work.
    fn look(&self) -> Duration {
        let begin = Instant::now();
        thread::park_timeout(LOOK);
        self.board.slot(MASTER).beat();
        begin.elapsed().min(LOOK * 2)
    }

    fn wait(&self, limit: Duration, mut ready: impl FnMut() -> bool) -> bool {
        let mut waited = Duration::ZERO;
        while !ready() {
            if waited >= limit {
                return false;
            }
            waited += self.look();
        }
        true
    }

    /// Writes the last event of a worker that could not do so itself.
    fn close_ring(&self, index: usize, word: Word) {
        if let Some(rings) = &*lock(&self.rings)
            && word.state == State::Failed
        {
            rings.resume(index).push(Event {
                state: State::Failed,
                value: 0,
                ticks: word.ticks,
            });
        }
    }
}
