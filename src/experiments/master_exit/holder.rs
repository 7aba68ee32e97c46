//! A worker dies while it holds the lock. With a plain mutex the others wait forever; a robust lock is
//! recovered by a waiter, which then repairs what was left half done.

use std::mem;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use web_time::Instant;

use crate::experiment::report::{Outcome, Report};
use crate::experiments::masters::report::{Body, HolderPart};
use crate::experiments::masters::{HEARTBEAT, check_alive, crash, ticks_ms};
use crate::lock::robust::{Hold, HoldToken, RobustWord};
use crate::measure::clock::step_ms;
use crate::measure::rounded;
use crate::runtime::Harness;
use crate::runtime::board::{Slot, State, StatusBoard};
use crate::runtime::trace::{Rings, Writer};
use crate::runtime::workers::{Killed, PhaseConfig, WorkerContext, WorkerFn, worker_name};

/// The worker that dies.
const VICTIM: usize = 0;
/// How long a run takes at most.
const MAX_MS: u32 = 3000;
/// Between two increments.
const PAUSE: Duration = Duration::from_millis(2);
/// A waiter at the robust lock looks again after this long, even if nobody wakes it.
const RETRY_INTERVAL: Duration = Duration::from_millis(5);

/// What a run is to be.
#[derive(Debug)]
pub(super) struct Config {
    pub threads: u32,
    /// How long it takes; the holder dies after a third of it.
    pub wait_ms: u32,
    /// Whether the lock knows its holder.
    pub robust: bool,
    pub timeout_ms: u32,
}

/// What the workers share. The counter is two numbers that must agree, changed one after the other: a death
/// in between leaves them apart.
struct SharedCounter {
    /// The lock, if it is robust; else it is `plain`.
    robust: Option<RobustWord>,
    plain: Mutex<()>,
    value: AtomicI64,
    /// Whole increments of each worker.
    increments: Box<[AtomicU32]>,
    /// When the holder died, in ticks: the last that it writes, once it was killed.
    died: OnceLock<u64>,
    /// The worker that recovered the lock, when, in ticks, and how many others waited then.
    recovered: OnceLock<(usize, u64, u32)>,
    timeout: Duration,
}

impl SharedCounter {
    fn new(config: &Config) -> SharedCounter {
        SharedCounter {
            robust: config.robust.then(RobustWord::default),
            plain: Mutex::new(()),
            value: AtomicI64::new(0),
            increments: (0..config.threads).map(|_| AtomicU32::new(0)).collect(),
            died: OnceLock::new(),
            recovered: OnceLock::new(),
            timeout: Duration::from_millis(config.timeout_ms.into()),
        }
    }

    fn increments(&self) -> i64 {
        let increments = self.increments.iter();
        increments.map(|of_one| i64::from(of_one.load(Ordering::Acquire))).sum()
    }

    fn waiting(&self, board: &StatusBoard) -> u32 {
        let slots = (0..self.increments.len()).map(|worker| board.slot(worker));
        let waiting = |slot: &&Slot| !slot.is_killed() && slot.read().state == State::Waiting;
        // At most 128.
        slots.filter(waiting).count() as u32
    }
}

/// A worker, as its thread knows it.
struct Contender<'a> {
    context: &'a WorkerContext,
    shared: &'a SharedCounter,
    ring: Writer<'a>,
}

impl Contender<'_> {
    fn record(&mut self, state: State) {
        let increments = &self.shared.increments[self.context.index()];
        let count = increments.load(Ordering::Relaxed);
        self.context.record(&mut self.ring, state, 0, count, Instant::now());
    }

    fn run(mut self) -> Result<(), Killed> {
        while !self.context.is_over() {
            self.check_alive()?;
            match &self.shared.robust {
                Some(word) => {
                    let Some(token) = self.lock(word)? else {
                        break;
                    };
                    self.increment()?;
                    // If it was stolen meanwhile, this worker has nobody to wake.
                    let _ = word.unlock(token);
                }
                None => {
                    self.record(State::Waiting);
                    // Not poisoned: a death in it unwinds nothing.
                    let guard = self.shared.plain.lock();
                    if let Err(killed) = self.increment() {
                        // Natively a thread that dies must leave the mutex locked by hand.
                        mem::forget(guard);
                        return Err(killed);
                    }
                }
            }
            self.record(State::Idle);
            thread::park_timeout(PAUSE);
        }
        let stopped = self.context.board().is_stopping();
        self.record(if stopped { State::Stopped } else { State::Done });
        Ok(())
    }

    fn check_alive(&self) -> Result<(), Killed> {
        if self.context.index() == VICTIM {
            // It dies in the critical section, nowhere else.
            self.context.slot().beat();
            return Ok(());
        }
        check_alive(self.context)
    }

    /// The critical section. The victim dies in the middle of it, once it was killed.
    fn increment(&mut self) -> Result<(), Killed> {
        self.record(State::Holding);
        let (context, shared) = (self.context, self.shared);
        let value = shared.value.load(Ordering::Relaxed);
        shared.value.store(value + 1, Ordering::Release);
        if context.index() == VICTIM && context.slot().is_killed() {
            // It dies once.
            let _ = shared.died.set(context.ticks(Instant::now()));
            return Err(crash());
        }
        shared.increments[context.index()].fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Acquires the robust lock, or waits for it; recovers it from a dead holder. `None` if the run is over.
    fn lock(&mut self, word: &RobustWord) -> Result<Option<HoldToken>, Killed> {
        // At most 128 workers.
        let me = self.context.index() as u8;
        let mut seen: Option<(Hold, Instant)> = None;
        let mut slept = false;
        loop {
            let hold = match word.try_lock(me, slept) {
                Ok(token) => return Ok(Some(token)),
                Err(hold) => hold,
            };
            if !slept {
                self.record(State::Waiting);
            }
            if self.context.is_over() {
                return Ok(None);
            }
            self.check_alive()?;
            let now = Instant::now();
            let since = match seen {
                Some((known, since)) if known == hold => since,
                _ => now,
            };
            seen = Some((hold, since));
            if now - since >= self.shared.timeout
                && self.is_dead(hold)
                && let Ok(token) = word.recover(hold, me)
            {
                return Ok(Some(self.repair(word, token)));
            }
            slept = word.set_waiters(hold) || slept;
            thread::park_timeout(RETRY_INTERVAL);
        }
    }

    /// Whether a holder that has been silent for so long is dead. Silence proves nothing, and one that was killed
    /// may only have lost its processor: that the coordinator has killed it and seen it end is evidence.
    fn is_dead(&self, hold: Hold) -> bool {
        self.context.board().slot(hold.owner.into()).read().state == State::Gone
    }

    /// Repairs what the dead worker left half done: the value is again what the increments add up to.
    fn repair(&self, word: &RobustWord, mut token: HoldToken) -> HoldToken {
        let (context, shared) = (self.context, self.shared);
        let waiting = shared.waiting(context.board());
        shared.value.store(shared.increments(), Ordering::Release);
        // It holds the lock, so no other can have repaired it.
        let _ = word.make_consistent(&mut token);
        let ticks = context.ticks(Instant::now());
        let _ = shared.recovered.set((context.index(), ticks, waiting));
        token
    }
}

/// Runs workers that increment a counter under a lock, whose holder dies after a third of the time.
pub(super) fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) {
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    let length = Duration::from_millis(config.wait_ms.min(MAX_MS).into());
    let shared = Arc::new(SharedCounter::new(config));
    let phase = PhaseConfig {
        number: Some(0),
        workers: config.threads,
        planned: 0,
        rings: Arc::new(Rings::new(config.threads as usize + 1, 4096)),
    };
    harness.publish_rings_with_master(Arc::clone(&phase.rings));
    let theirs = Arc::clone(&shared);
    let body: WorkerFn = Arc::new(move |context| {
        let contender = Contender { context, shared: &theirs, ring: context.ring() };
        contender.run()
    });
    let threads = harness.start_workers(&phase, &body);
    let Some(started) = threads.started() else {
        report.outcome = Outcome::Stopped;
        // A thread that is on its way must not come into the next run.
        threads.stop(|_| false);
        return;
    };
    let times = [started + length / 3, started + length.max(HEARTBEAT)];
    let still = watch(harness, &shared, times);
    if harness.is_stopping() {
        report.outcome = Outcome::Stopped;
    }
    let is_killed = |worker: usize| harness.runtime.board().slot(worker).is_killed();
    // Behind a plain mutex whose holder is dead no worker finishes any more.
    let is_lost = |worker| is_killed(worker) || !config.robust && is_killed(VICTIM);
    threads.stop(is_lost);
    if (0..shared.increments.len()).any(is_killed) {
        harness.runtime.mark_unusable();
    }
    let died = shared.died.get().copied();
    let recovered = shared.recovered.get().copied();
    report.body.holder = Some(HolderPart {
        lock: if config.robust { "robust" } else { "plain" },
        holder: worker_name(VICTIM),
        died_at_ms: died.map(ticks_ms),
        waiting: match recovered {
            Some((_, _, waiting)) => waiting,
            None => shared.waiting(harness.runtime.board()),
        },
        recovered_by: recovered.map(|(worker, _, _)| worker_name(worker)),
        recovered_at_ms: recovered.map(|(_, ticks, _)| ticks_ms(ticks)),
        increments: shared.increments(),
        final_value: shared.value.load(Ordering::Acquire),
        blocked_ms: match recovered {
            Some((_, ticks, _)) => ticks_ms(ticks.saturating_sub(died.unwrap_or_default())),
            None => rounded(still.as_secs_f64() * 1e3, 4),
        },
    });
}

/// Kills the holder when its time has come. Then waits until the deadline and until the lock was recovered; or
/// until nothing has moved for the timeout and nobody can recover it; or until a worker has failed. Returns for
/// how long nothing had moved at the end.
fn watch(harness: &Harness, shared: &SharedCounter, [death, deadline]: [Instant; 2]) -> Duration {
    let board = harness.runtime.board();
    let victim = board.slot(VICTIM);
    let is_nobody_left =
        || (0..shared.increments.len()).all(|worker| board.slot(worker).is_killed());
    let mut last = (shared.increments(), Instant::now());
    loop {
        let now = Instant::now();
        let mut soon = HEARTBEAT / 5;
        if now >= death {
            victim.kill();
        } else {
            soon = soon.min(death - now);
        }
        harness.runtime.park(soon);
        let increments = shared.increments();
        if increments != last.0 {
            last = (increments, Instant::now());
        }
        let still = last.1.elapsed();
        let died = shared.died.get();
        if let Some(ticks) = died
            && victim.read().state != State::Gone
        {
            // Its waiters go by this, and so does the page.
            victim.mark_dead(*ticks);
        }
        let is_hopeless = shared.robust.is_none() || is_nobody_left();
        let is_stuck = died.is_some() && still >= shared.timeout && is_hopeless;
        let is_recovered = Instant::now() >= deadline && shared.recovered.get().is_some();
        if harness.runtime.is_aborting() || is_stuck || is_recovered {
            return still;
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::mpsc;

    use super::*;
    use crate::runtime::fake::{Fault, harness};

    /// Watches a holder that ends as `end` says once it was killed, and a waiter; gives what they shared, and whether
    /// one has failed.
    fn outcome(end: fn(&WorkerContext, &SharedCounter)) -> (Arc<SharedCounter>, bool) {
        let config = Config { threads: 2, wait_ms: 0, robust: true, timeout_ms: 20 };
        let shared = Arc::new(SharedCounter::new(&config));
        let theirs = Arc::clone(&shared);
        let body: WorkerFn = Arc::new(move |context| {
            let shared = &*theirs;
            if context.index() != VICTIM {
                return Contender { context, shared, ring: context.ring() }.run();
            }
            let word = shared.robust.as_ref().expect("a robust lock");
            while word.try_lock(VICTIM as u8, false).is_err() {
                thread::park_timeout(PAUSE);
            }
            while !context.slot().is_killed() {
                thread::park_timeout(PAUSE);
            }
            end(context, shared);
            Err(crash())
        });
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || {
            let harness = harness(Fault::None, "");
            let rings = Arc::new(Rings::new(2, 1024));
            let phase =
                PhaseConfig { workers: 2, number: Some(0), rings, ..PhaseConfig::default() };
            let workers = harness.start_workers(&phase, &body);
            let now = workers.started().expect("both are here");
            watch(&harness, &shared, [now; 2]);
            workers.stop(|worker| worker == VICTIM);
            sender.send((shared, !harness.runtime.failures().is_empty()))
        });
        ended.recv_timeout(Duration::from_secs(60)).expect("it ends by itself")
    }

    /// As one that loses its processor between the order to die and its end.
    #[test]
    fn a_holder_that_takes_its_time_to_die_is_not_robbed_alive() {
        let (shared, _) = outcome(|context, shared| {
            thread::sleep(shared.timeout * 5);
            shared.died.set(context.ticks(Instant::now())).expect("its only death");
        });
        let (_, recovered, _) = *shared.recovered.get().expect("a waiter");
        let died = *shared.died.wait();
        assert!(recovered > died, "at {recovered}, before {died}");
    }

    /// As a coarse clock tells it.
    #[test]
    fn a_holder_that_dies_at_once_is_dead_all_the_same() {
        let (shared, _) = outcome(|_, shared| shared.died.set(0).expect("its only death"));
        assert!(shared.recovered.get().is_some());
    }

    #[test]
    fn a_holder_that_fails_ends_the_run() {
        let (shared, has_failed) = outcome(|_, _| panic!("of this test"));
        assert!(has_failed && shared.recovered.get().is_none());
    }
}
