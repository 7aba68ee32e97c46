//! One bout: so many threads at one counter for a fixed time, and what they got out of it. Not here:
//! which bouts an experiment makes, and what they mean together.
//!
//! All threads start together and go on until they are told; the master moves them through the bout's
//! stages by one word that all of them read. First they get going. Then, in five parts, their
//! increments are counted and nothing else is done. Only after that they time each wait, and at last they
//! note who holds the lock: watching costs a multiple of an increment, so that it has a time of its own.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use web_time::Instant;

use super::report::Turn;
use super::worker::Tally;
use crate::counter::{Counter, Kind};
use crate::measure::latency::Waits;
use crate::runtime::Harness;
use crate::runtime::lock;
use crate::runtime::workers::{PhaseConfig, PhaseResult};

/// Parts of the counted time.
pub const PARTS: usize = 5;

pub(super) const GETTING_GOING: u32 = 0;
const LAST_PART: u32 = PARTS as u32;
pub(super) const WAITS: u32 = LAST_PART + 1;
pub(super) const TURNS: u32 = LAST_PART + 2;
pub(super) const OVER: u32 = LAST_PART + 3;

/// Increments between two looks at the stage, where nothing else is done: at most so many, …
pub(super) const SPURT: u64 = 128;
/// … and at most this part of what the stage has seen already, so that no spurt lasts far into the next one.
pub(super) const PART_OF_STAGE: u64 = 8;
/// Increments of a burst.
const BURST: u32 = 50;
/// How many times as long a hog holds the lock, and at least how long, in nanoseconds.
const HOG: (u32, u32) = (10, 2000);
/// How long the turns are noted.
const WINDOW: Duration = Duration::from_millis(5);
/// How much longer the last stage may take where there are no turns to be noted yet.
const LONGER: Duration = Duration::from_millis(200);
/// Turns that are kept of all threads together.
pub(super) const MOST_TURNS: u32 = 400;
/// How long threads may take to come to their end once they are told to; and how much longer a stage takes
/// as long as nobody has got through the lock in it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Who does what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// All do the same.
    Even,
    /// The first one holds the lock ten times as long, and never pauses.
    Hog,
    /// Fifty increments in a row, then fifty pauses.
    Bursts,
}

/// What a bout is to be.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// What is incremented.
    pub kind: &'static Kind,
    /// Threads.
    pub threads: u32,
    /// Nanoseconds of calculating inside the critical section.
    pub hold_ns: u32,
    /// Nanoseconds of calculating between two.
    pub pause_ns: u32,
    /// Who does what.
    pub pattern: Pattern,
    /// How long increments are counted.
    pub sample: Duration,
    /// Nanoseconds that one multiplication takes here.
    pub multiplication_ns: f64,
    /// Whether the turns at the lock are noted as well.
    pub turns: bool,
}

/// What came of it.
#[derive(Debug)]
pub struct End {
    /// Increments of each thread, part by part; `None` of one that failed or gave up.
    pub made: Vec<[u64; PARTS]>,
    /// How long each part was.
    pub parts: [Duration; PARTS],
    /// All waits.
    pub waits: Option<Waits>,
    /// Who held the lock when.
    pub turns: Vec<Turn>,
    /// All increments that anybody made.
    pub increments: u64,
    /// What the counter says; `None` where it may still be locked.
    pub value: Option<i64>,
    /// How long they were waited for in vain.
    pub gave_up: Option<Duration>,
    /// Whether every thread came to its end by itself.
    pub whole: bool,
    /// Threads that did not even stop.
    pub stuck: Vec<String>,
}

/// What all threads of a bout share.
pub(super) struct Bout {
    pub(super) plan: Plan,
    pub(super) stage: AtomicU32,
    pub(super) counter: Arc<dyn Counter>,
    /// Who held the lock last, and how many turns there were.
    pub(super) holder: AtomicU32,
    pub(super) turn: AtomicU32,
    /// Whether any thread has got something done yet in the counted time.
    pub(super) counted: AtomicBool,
    /// Whether any thread has timed a wait yet.
    pub(super) waited: AtomicBool,
    clock: Mutex<StageClock>,
    gave_up: AtomicBool,
}

/// When the stages began, by the master's clock.
#[derive(Default)]
struct StageClock {
    began: Vec<Instant>,
    gave_up_after: Option<Duration>,
}

/// Calculates for a while, so many multiplications.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    pub(super) hold: u64,
    pub(super) pause: u64,
    /// Increments in a row before the pause.
    pub(super) row: u32,
}

impl Plan {
    pub(super) fn work(&self, worker: usize) -> Work {
        let turns = |ns: u32| (f64::from(ns) / self.multiplication_ns.max(0.01)).round() as u64;
        let even = Work {
            hold: turns(self.hold_ns),
            pause: turns(self.pause_ns),
            row: 1,
        };
        match self.pattern {
            Pattern::Hog if worker == 0 => Work {
                hold: turns(self.hold_ns.saturating_mul(HOG.0).max(HOG.1)),
                pause: 0,
                row: 1,
            },
            Pattern::Bursts => Work {
                pause: turns(self.pause_ns.max(HOG.1)) * u64::from(BURST),
                row: BURST,
                ..even
            },
            _ => even,
        }
    }

    /// How long each stage is to last at the least. Each counts from when it did begin: where the master came
    /// late to one, the next is no shorter for it.
    fn length(&self, stage: u32) -> Duration {
        match stage {
            // On few processors it takes a while until the last thread has been on one.
            GETTING_GOING => Duration::from_millis(3) + Duration::from_micros(200) * self.threads,
            WAITS => (self.sample / 3).clamp(Duration::from_millis(10), Duration::from_millis(500)),
            TURNS if self.turns => WINDOW,
            TURNS => Duration::ZERO,
            _ => self.sample / PARTS as u32,
        }
    }
}

/// Runs a bout to its end, whatever that is.
pub fn run(harness: &Harness, plan: Plan, announce: Option<(u32, u32)>) -> End {
    let counter = harness.counter(plan.kind);
    let bout = Arc::new(Bout::new(plan, Arc::clone(&counter)));
    let phase = PhaseConfig {
        number: announce.map(|(number, _)| number),
        workers: plan.threads,
        planned: announce.map_or(0, |(_, planned)| planned),
        rings: None,
    };
    let theirs = Arc::clone(&bout);
    let end = harness.run_workers(
        &phase,
        &mut || bout.tend(harness.is_stopping()),
        move |context| theirs.work(context),
    );
    bout.sum_up(end)
}

impl Bout {
    fn new(plan: Plan, counter: Arc<dyn Counter>) -> Bout {
        Bout {
            plan,
            stage: AtomicU32::new(GETTING_GOING),
            counter,
            holder: AtomicU32::new(u32::MAX),
            turn: AtomicU32::new(0),
            counted: AtomicBool::new(false),
            waited: AtomicBool::new(false),
            clock: Mutex::default(),
            gave_up: AtomicBool::new(false),
        }
    }

    /// The master's part: moves the stages on. Returns when it has something to do next.
    fn tend(&self, stopping: bool) -> Duration {
        let now = Instant::now();
        let mut clock = lock(&self.clock);
        if clock.began.is_empty() {
            clock.began.push(now);
        }
        let began = *clock.began.last().unwrap_or(&now);
        let stage = self.stage.load(Ordering::Relaxed);
        if stage == OVER {
            let told = now - began;
            if (told >= PATIENCE || stopping) && !self.gave_up.swap(true, Ordering::Relaxed) {
                if !stopping {
                    clock.gave_up_after = Some(told);
                }
                self.counter.cancel();
            }
            return PATIENCE.saturating_sub(told).max(Duration::from_millis(1));
        }
        if stopping {
            clock.began.push(now);
            self.stage.store(OVER, Ordering::Release);
            return Duration::from_millis(1);
        }
        let due = began + self.plan.length(stage);
        if now < due {
            return due - now;
        }
        // On a busy machine nobody may have got that far: then it takes longer, but not for ever.
        let is_empty = match stage {
            LAST_PART => !self.counted.load(Ordering::Relaxed),
            WAITS => !self.waited.load(Ordering::Relaxed),
            TURNS => self.plan.turns && self.turn.load(Ordering::Relaxed) < 2,
            _ => false,
        };
        let longer = if stage == TURNS { LONGER } else { PATIENCE };
        if is_empty && now < due + longer {
            return Duration::from_millis(2);
        }
        clock.began.push(now);
        self.stage.store(stage + 1, Ordering::Release);
        if stage + 1 == OVER {
            PATIENCE
        } else {
            self.plan.length(stage + 1)
        }
    }

    fn sum_up(&self, end: PhaseResult<Tally>) -> End {
        let tallies: Vec<&Tally> = end.workers.iter().flatten().collect();
        let mut waits: Option<Waits> = None;
        for tally in &tallies {
            match (&mut waits, &tally.waits) {
                (Some(all), Some(one)) => all.add_all(one),
                (None, Some(one)) => waits = Some(one.clone()),
                (_, None) => {}
            }
        }
        End {
            made: tallies
                .iter()
                .map(|tally| std::array::from_fn(|part| tally.made[part + 1]))
                .collect(),
            parts: self.parts(),
            waits: waits.filter(|waits| waits.count() > 0),
            turns: self.turns(&tallies),
            increments: tallies.iter().flat_map(|tally| tally.made).sum(),
            value: (self.plan.kind.shared && end.lock_is_free).then(|| self.counter.value()),
            gave_up: lock(&self.clock).gave_up_after,
            whole: end.started.is_some() && end.workers.iter().all(Result::is_ok),
            stuck: end.stuck,
        }
    }

    /// How long each part of the counted time was.
    fn parts(&self) -> [Duration; PARTS] {
        let clock = lock(&self.clock);
        std::array::from_fn(
            |part| match (clock.began.get(part + 1), clock.began.get(part + 2)) {
                (Some(begin), Some(end)) => *end - *begin,
                _ => Duration::ZERO,
            },
        )
    }

    /// All threads' turns in their order. The last one's end is not known.
    fn turns(&self, tallies: &[&Tally]) -> Vec<Turn> {
        let of = |(worker, tally): (usize, &&Tally)| -> Vec<(u32, usize, Instant)> {
            let turns = tally.turns.iter();
            turns.map(|(number, at)| (*number, worker, *at)).collect()
        };
        let mut all: Vec<_> = tallies.iter().enumerate().flat_map(of).collect();
        all.sort_unstable_by_key(|(number, _, _)| *number);
        let Some(first) = all.first().map(|(_, _, at)| *at) else {
            return Vec::new();
        };
        let us = |at: Instant| {
            crate::measure::rounded(at.saturating_duration_since(first).as_secs_f64() * 1e6, 1)
        };
        all.windows(2)
            .map(|pair| Turn {
                worker: pair[0].1 as u32,
                start_us: us(pair[0].2),
                length_us: crate::measure::rounded((us(pair[1].2) - us(pair[0].2)).max(0.0), 1),
            })
            .collect()
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::counter;

    fn one_thread(name: &str, sample: Duration) -> Bout {
        let kind = counter::kind(name).expect("a kind");
        let plan = Plan {
            kind,
            threads: 1,
            hold_ns: 0,
            pause_ns: 0,
            pattern: Pattern::Even,
            sample,
            multiplication_ns: 1.0,
            turns: false,
        };
        let bout = Bout::new(plan, kind.make().0);
        bout.counted.store(true, Ordering::Relaxed);
        bout.waited.store(true, Ordering::Relaxed);
        bout
    }

    /// Does the master's part until something is so.
    fn tend_until(bout: &Bout, is_so: impl Fn() -> bool) {
        while !is_so() {
            std::thread::sleep(bout.tend(false).min(Duration::from_millis(50)));
        }
    }

    fn is_over(bout: &Bout) -> bool {
        bout.stage.load(Ordering::Relaxed) == OVER
    }

    /// A master that comes late to everything once, as on a busy machine, gives the parts that are left
    /// their time all the same: in no time at all everyone would be infinitely quick.
    #[test]
    fn every_part_has_its_time_however_late_the_master_comes() {
        let sample = Duration::from_millis(20);
        let bout = one_thread("atomic", sample);
        bout.tend(false);
        std::thread::sleep(10 * sample);
        tend_until(&bout, || is_over(&bout));
        let parts = bout.parts();
        assert!(
            parts.iter().all(|part| *part >= sample / PARTS as u32),
            "{parts:?}"
        );
    }

    #[test]
    fn a_lock_that_does_not_come_to_its_end_is_given_up_and_that_is_its_result() {
        let bout = one_thread("ticket", Duration::from_millis(10));
        tend_until(&bout, || is_over(&bout));
        assert!(!bout.counter.is_cancelled(), "it has its time to end");
        tend_until(&bout, || bout.counter.is_cancelled());
        let gave_up = lock(&bout.clock).gave_up_after;
        assert!(gave_up >= Some(PATIENCE), "{gave_up:?}");
    }

    #[test]
    fn a_lock_that_is_stopped_is_let_go_at_once_which_is_no_result() {
        let bout = one_thread("ticket", Duration::from_secs(60));
        bout.tend(true);
        assert!(is_over(&bout));
        bout.tend(true);
        assert!(bout.counter.is_cancelled());
        assert_eq!(lock(&bout.clock).gave_up_after, None);
    }
}
