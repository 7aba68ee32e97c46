//! A worker dies while it holds the lock. With a plain mutex the others wait for ever; a lock that knows
//! its holder is recovered by who finds out, and what was left half done is mended. Not here: the word of
//! that lock (`lock::robust::word`).

use std::sync::atomic::{AtomicI64, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;

use web_time::Instant;

use crate::experiment::report::{Outcome, Report};
use crate::experiments::masters::report::{Body, HolderPart};
use crate::experiments::masters::{HEARTBEAT, check_alive, crash};
use crate::lock::robust::{Hold, HoldToken, RobustWord};
use crate::runtime::board::{State, StatusBoard};
use crate::runtime::trace::Writer;
use crate::runtime::workers::{Killed, PhaseConfig, WorkerContext, WorkerFn, worker_name};
use crate::runtime::{Harness, Runtime};

/// Who dies.
const VICTIM: usize = 0;
/// How long a run is at most.
const LONGEST_MS: u32 = 3000;
/// Between two increments.
const PAUSE: Duration = Duration::from_millis(2);
/// A sleeper at the robust lock looks again after this long, should nobody wake it.
const NAP: Duration = Duration::from_millis(5);

/// What the workers share. The counter is two things that must agree, changed one after the other: who
/// dies in between leaves them apart.
struct Shared {
    robust: Option<RobustWord>,
    plain: Mutex<()>,
    value: AtomicI64,
    /// Increments of each, whole ones only.
    made: Box<[AtomicU32]>,
    /// When the holder died, in ticks; 0 before.
    died: AtomicU64,
    /// Who recovered the lock and when, in ticks.
    recovered: OnceLock<(usize, u64)>,
    waiting: AtomicU32,
    death_after: Duration,
    timeout: Duration,
}

/// What a run is to be.
#[derive(Debug)]
pub(crate) struct Config {
    pub threads: u32,
    /// How long it takes; the holder dies after a third of it.
    pub wait_ms: u32,
    /// Whether the lock knows its holder.
    pub robust: bool,
    pub timeout_ms: u32,
}

struct Worker<'a> {
    context: &'a WorkerContext,
    shared: &'a Shared,
}

impl Shared {
    fn made(&self) -> i64 {
        let made = self.made.iter().map(|made| made.load(Ordering::Acquire));
        made.map(i64::from).sum()
    }
}

impl Worker<'_> {
    fn show(&self, ring: Option<&mut Writer<'_>>, state: State) {
        let count = self.shared.made[self.context.index()].load(Ordering::Relaxed);
        self.context.record(ring, state, 0, count, Instant::now());
    }

    fn ticks(&self) -> u64 {
        self.context.ticks(Instant::now())
    }

    fn serve(&self) -> Result<(), Killed> {
        let mut ring = self.context.ring();
        while !self.context.is_over() {
            check_alive(self.context)?;
            match &self.shared.robust {
                Some(word) => {
                    let Some(guard) = self.take(word, &mut ring) else {
                        break;
                    };
                    self.increment(&mut ring, || ())?;
                    // Where it was taken away meanwhile, nobody is to be woken by this one.
                    let _ = word.unlock(guard);
                }
                None => {
                    self.show(ring.as_mut(), State::Waiting);
                    // Not poisoned: who dies in it unwinds nothing.
                    let guard = self.shared.plain.lock();
                    let mut guard = Some(guard);
                    self.increment(&mut ring, || std::mem::forget(guard.take()))?;
                }
            }
            self.show(ring.as_mut(), State::Idle);
            thread::park_timeout(PAUSE);
        }
        let end = if self.context.board().is_stopping() {
            State::Stopped
        } else {
            State::Done
        };
        self.show(ring.as_mut(), end);
        Ok(())
    }

    /// The critical section. The victim dies in the middle of it, once its time has come; `keep` keeps
    /// the lock locked then.
    fn increment(&self, ring: &mut Option<Writer<'_>>, keep: impl FnOnce()) -> Result<(), Killed> {
        self.show(ring.as_mut(), State::Holding);
        let value = self.shared.value.load(Ordering::Relaxed);
        self.shared.value.store(value + 1, Ordering::Release);
        if self.context.index() == VICTIM
            && self.context.origin().elapsed() >= self.shared.death_after
        {
            self.shared.died.store(self.ticks(), Ordering::Release);
            let killed = crash();
            keep();
            return Err(killed);
        }
        self.shared.made[self.context.index()].fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// Takes the robust lock, or waits for it; recovers it from a holder that is dead. `None` where there
    /// is nothing to wait for any more.
    fn take(&self, word: &RobustWord, ring: &mut Option<Writer<'_>>) -> Option<HoldToken> {
        // At most 128 workers.
        let me = self.context.index() as u8;
        let mut seen: Option<(Hold, Instant)> = None;
        let mut slept = false;
        loop {
            let holding = match word.try_lock(me, slept) {
                Ok(guard) => return Some(guard),
                Err(holding) => holding,
            };
            if !slept {
                self.show(ring.as_mut(), State::Waiting);
            }
            if self.context.is_over() {
                return None;
            }
            self.context.slot().beat();
            let now = Instant::now();
            match seen {
                Some((known, since)) if known == holding => {
                    if now - since >= self.shared.timeout
                        && self.is_dead(holding)
                        && let Ok(guard) = word.recover(holding, me)
                    {
                        return Some(self.mend(word, guard));
                    }
                }
                _ => seen = Some((holding, now)),
            }
            slept = word.set_waiters(holding) || slept;
            thread::park_timeout(NAP);
        }
    }

    /// A holder that has held for a whole lease without a beat, and said that it dies, is dead.
    fn is_dead(&self, holding: Hold) -> bool {
        usize::from(holding.owner) == VICTIM && self.shared.died.load(Ordering::Acquire) > 0
    }

    /// Puts right what the dead one left half done: the value is what the increments add up to.
    fn mend(&self, word: &RobustWord, mut guard: HoldToken) -> HoldToken {
        let waiting = (0..self.shared.made.len())
            .filter(|index| self.context.board().slot(*index).read().state == State::Waiting)
            .count();
        // At most 128.
        self.shared.waiting.store(waiting as u32, Ordering::Release);
        self.shared
            .value
            .store(self.shared.made(), Ordering::Release);
        // It is this one's lock, so nobody else can have mended it.
        let _ = word.make_consistent(&mut guard);
        let _ = self
            .shared
            .recovered
            .set((self.context.index(), self.ticks()));
        guard
    }
}

/// Lets workers increment a counter under a lock whose holder dies after a third of the time.
pub(crate) fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) {
    let Config {
        threads, robust, ..
    } = *config;
    let length = Duration::from_millis(config.wait_ms.min(LONGEST_MS).into());
    let timeout = Duration::from_millis(config.timeout_ms.into());
    let workers = threads as usize;
    let shared = Arc::new(Shared {
        robust: robust.then(RobustWord::default),
        plain: Mutex::new(()),
        value: AtomicI64::new(0),
        made: (0..threads).map(|_| AtomicU32::new(0)).collect(),
        died: AtomicU64::new(0),
        recovered: OnceLock::new(),
        waiting: AtomicU32::new(0),
        death_after: length / 3,
        timeout,
    });
    let phase = PhaseConfig {
        number: Some(0),
        workers: threads,
        planned: 0,
        rings: harness.rings(threads + 1, 4096),
    };
    harness.publish_rings_with_master(phase.rings.as_ref());
    let theirs = Arc::clone(&shared);
    let body: WorkerFn = Arc::new(move |context| {
        let shared = &theirs;
        Worker { context, shared }.serve()
    });
    let group = harness.start_workers(&phase, &body);
    let Some(started) = group.started() else {
        report.outcome = Outcome::Stopped;
        return;
    };
    let runtime = harness.runtime();
    let blocked = watch(harness, &shared, started + length.max(HEARTBEAT), timeout);
    if harness.is_stopping() {
        report.outcome = Outcome::Stopped;
    }
    // Behind the plain mutex nobody comes to an end any more.
    group.stop(|index| index == VICTIM || !robust);
    if shared.died.load(Ordering::Acquire) > 0 {
        runtime.mark_unusable();
    }
    report.body.holder = Some(tell(&shared, &runtime, workers, robust, blocked));
}

/// Looks on as the master until the time is over, or nothing has moved for the timeout; gives how long
/// nothing moved at the end.
fn watch(harness: &Harness, shared: &Shared, deadline: Instant, timeout: Duration) -> Duration {
    let runtime = harness.runtime();
    let mut last = (shared.made(), Instant::now());
    loop {
        runtime.park(HEARTBEAT / 5);
        let made = shared.made();
        if made != last.0 {
            last = (made, Instant::now());
        }
        let still = last.1.elapsed();
        let died_at = shared.died.load(Ordering::Acquire);
        let died = died_at > 0;
        let victim = runtime.board().slot(VICTIM);
        if died && victim.read().state != State::Gone {
            // Behind a plain mutex it is not even missed, but who looks on is to see it.
            victim.mark_dead(died_at);
        }
        let stuck = shared.robust.is_none() && died && still >= timeout;
        let through = Instant::now() >= deadline
            && died
            && (shared.robust.is_none() || shared.recovered.get().is_some());
        // With nobody left to recover it there is nothing to wait for either.
        let alone = shared.made.len() == 1 && died && still >= timeout;
        if harness.is_stopping() || stuck || alone || shared.robust.is_some() && through {
            return still;
        }
    }
}

fn tell(
    shared: &Shared,
    runtime: &Runtime,
    workers: usize,
    robust: bool,
    blocked: Duration,
) -> HolderPart {
    let tick_ms = |ticks: u64| crate::experiments::masters::reporting::ticks_ms(ticks);
    let died = shared.died.load(Ordering::Acquire);
    let recovered = shared.recovered.get();
    let waiting = |board: &StatusBoard| {
        (0..workers)
            .filter(|index| board.slot(*index).read().state == State::Waiting)
            .count() as u32
    };
    HolderPart {
        lock: if robust { "robust" } else { "plain" },
        holder: worker_name(VICTIM),
        died_at_ms: (died > 0).then(|| tick_ms(died)),
        waiting: match recovered {
            Some(_) => shared.waiting.load(Ordering::Acquire),
            None => waiting(runtime.board()),
        },
        recovered_by: recovered.map(|(index, _)| worker_name(*index)),
        recovered_at_ms: recovered.map(|(_, ticks)| tick_ms(*ticks)),
        increments: shared.made(),
        final_value: shared.value.load(Ordering::Acquire),
        blocked_ms: match recovered {
            Some((_, ticks)) => tick_ms(ticks.saturating_sub(died)),
            None => crate::measure::rounded(blocked.as_secs_f64() * 1e3, 4),
        },
    }
}
