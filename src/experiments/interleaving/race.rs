//! The same two threads without gates: a barrier starts them together, each adds one, again and again. The
//! main type is [`Race`].
//!
//! Who was first is told by what the two read, so nothing is recorded while they run: 0 and 1, 1 and 0, or
//! twice 0, which is an addition lost.

use super::machine::{Protection, Thread};
use super::subject::Subject;
use crate::busy;
use crate::lock::LockObserver;
use crate::sync::Ordering::{self, Acquire, Relaxed, Release, SeqCst};
use crate::sync::{
    AtomicBool, AtomicI64, AtomicU32, CachePadded, FutexWord, SharedWord, futex, spin_loop,
};

/// How often a thread polls for the other at the barrier before it sleeps there.
const SPIN_LIMIT: u32 = 2_000;

/// What the races came to so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Races run.
    pub rounds: u32,
    /// Races that lost an addition.
    pub losing: u32,
    /// Races in which A added before B read.
    pub first_a: u32,
    /// The other way round.
    pub first_b: u32,
    /// Races in which a thread found the lock taken.
    pub met: u32,
    /// Calls to the system to sleep.
    pub slept: u32,
    /// Calls to the system to wake.
    pub woken: u32,
}

/// A number of races between two threads.
#[derive(Debug)]
pub struct Race {
    subject: CachePadded<Subject<AtomicI64, CountedWord>>,
    rounds: u32,
    /// Multiplications between reading and writing.
    hold: u64,
    arrived: CachePadded<AtomicU32>,
    /// Whether each thread sleeps at the barrier: to wake nobody would delay the other at its start.
    asleep: [AtomicBool; 2],
    /// What each thread read in this race.
    read: [CachePadded<AtomicI64>; 2],
    /// Set from outside: there is no time for more.
    is_ending: AtomicBool,
    /// Set by a racer before it comes to a start, and read by both after it: so both leave before the same race.
    quit: AtomicBool,
    done: AtomicU32,
    losing: AtomicU32,
    first: [AtomicU32; 2],
    met: [CachePadded<AtomicU32>; 2],
}

impl Race {
    /// This many races, with `hold` multiplications between reading and writing.
    pub fn new(protection: Protection, rounds: u32, hold: u64) -> Race {
        Race {
            subject: CachePadded(Subject::new(protection)),
            rounds,
            hold,
            arrived: CachePadded::default(),
            asleep: Default::default(),
            read: Default::default(),
            is_ending: AtomicBool::new(false),
            quit: AtomicBool::new(false),
            done: AtomicU32::new(0),
            losing: AtomicU32::new(0),
            first: Default::default(),
            met: Default::default(),
        }
    }

    /// Lets no further race start.
    pub fn end(&self) {
        self.is_ending.store(true, Relaxed);
    }

    /// This thread's part of all races, as long as `go_on`.
    pub fn run(&self, thread: Thread, go_on: impl Fn() -> bool) {
        let me = thread.index();
        let mut meetings = Meetings(0);
        for round in 0..self.rounds {
            if self.is_ending.load(Relaxed) || !go_on() {
                self.quit.store(true, Relaxed);
            }
            self.meet(me, 2 * round);
            if self.quit.load(Relaxed) {
                break;
            }
            let read = self.subject.0.add_one(&mut meetings, || {
                std::hint::black_box(busy::multiply(std::hint::black_box(3), self.hold));
            });
            self.read[me].0.store(read, Relaxed);
            self.met[me].0.store(meetings.0, Relaxed);
            self.meet(me, 2 * round + 1);
            // In turns: the last one at the barrier is the first to leave it.
            if round as usize % 2 == me {
                self.judge();
            }
        }
    }

    fn judge(&self) {
        let [a, b] = [0, 1].map(|thread| self.read[thread].0.load(Relaxed));
        let counter = match a.cmp(&b) {
            std::cmp::Ordering::Equal => &self.losing,
            std::cmp::Ordering::Less => &self.first[0],
            std::cmp::Ordering::Greater => &self.first[1],
        };
        counter.fetch_add(1, Relaxed);
        self.done.fetch_add(1, Relaxed);
        self.subject.0.set(0);
    }

    /// Waits until both threads have come here, for the `number`th time.
    fn meet(&self, me: usize, number: u32) {
        let arrived = &self.arrived.0;
        let both = 2 * (number + 1);
        if arrived.fetch_add(1, SeqCst) + 1 == both {
            if self.asleep[1 - me].load(SeqCst) {
                futex::wake_one(arrived);
            }
            return;
        }
        for _ in 0..SPIN_LIMIT {
            if arrived.load(Acquire) >= both {
                return;
            }
            spin_loop();
        }
        // Announced before the count is read again: the other either sees it, or has changed the count.
        self.asleep[me].store(true, SeqCst);
        loop {
            let now = arrived.load(SeqCst);
            if now >= both {
                break;
            }
            futex::wait(arrived, now);
        }
        self.asleep[me].store(false, SeqCst);
    }

    /// What they came to so far; whole only when both threads are through.
    pub fn tally(&self) -> Tally {
        let of = |counter: &AtomicU32| counter.load(Relaxed);
        let (slept, woken) = match &self.subject.0 {
            Subject::Futex(lock, _) => lock.word().calls(),
            _ => (0, 0),
        };
        Tally {
            rounds: of(&self.done),
            losing: of(&self.losing),
            first_a: of(&self.first[0]),
            first_b: of(&self.first[1]),
            met: of(&self.met[0].0) + of(&self.met[1].0),
            slept,
            woken,
        }
    }
}

/// Counts how often the lock was found taken.
struct Meetings(u32);

impl LockObserver for Meetings {
    const TRY_FIRST: bool = false;

    #[inline(always)]
    fn blocked(&mut self) {
        self.0 += 1;
    }

    #[inline(always)]
    fn acquired(&mut self) {}
}

/// A lock's word that counts its calls to the system. The counters lie on another cache line, and nobody
/// touches them while the lock is free.
#[derive(Debug, Default)]
pub struct CountedWord {
    word: AtomicU32,
    slept: CachePadded<AtomicU32>,
    woken: CachePadded<AtomicU32>,
}

impl CountedWord {
    fn calls(&self) -> (u32, u32) {
        (self.slept.0.load(Relaxed), self.woken.0.load(Relaxed))
    }
}

impl SharedWord for CountedWord {
    type Value = u32;

    #[inline(always)]
    fn load(&self, order: Ordering) -> u32 {
        self.word.load(order)
    }

    #[inline(always)]
    fn store(&self, value: u32, order: Ordering) {
        self.word.store(value, order);
    }

    #[inline(always)]
    fn swap(&self, value: u32, order: Ordering) -> u32 {
        self.word.swap(value, order)
    }

    #[inline(always)]
    fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32> {
        self.word.compare_exchange(current, new, success, failure)
    }

    #[inline(always)]
    fn fetch_add(&self, value: u32, order: Ordering) -> u32 {
        self.word.fetch_add(value, order)
    }
}

impl FutexWord for CountedWord {
    const SPIN_LIMIT: u32 = <AtomicU32 as FutexWord>::SPIN_LIMIT;

    fn wait(&self, expected: u32) {
        self.slept.0.fetch_add(1, Release);
        futex::wait(&self.word, expected);
    }

    fn wake_one(&self) {
        self.woken.0.fetch_add(1, Release);
        futex::wake_one(&raw const self.word);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn race(protection: Protection, rounds: u32, hold: u64) -> Tally {
        let race = Race::new(protection, rounds, hold);
        std::thread::scope(|scope| {
            scope.spawn(|| race.run(Thread::B, || true));
            race.run(Thread::A, || true);
        });
        race.tally()
    }

    #[test]
    fn every_race_has_one_end_and_only_the_racy_counter_loses() {
        for protection in [Protection::Racy, Protection::Atomic, Protection::Futex] {
            let tally = race(protection, 2_000, 20);
            assert_eq!(tally.rounds, 2_000, "{protection:?}");
            assert_eq!(tally.losing + tally.first_a + tally.first_b, 2_000, "{protection:?}");
            if protection != Protection::Racy {
                assert_eq!(tally.losing, 0, "{protection:?}");
            }
        }
    }

    #[test]
    fn a_race_ends_when_one_thread_is_told_to() {
        let race = Race::new(Protection::Futex, u32::MAX / 8, 0);
        let left = AtomicU32::new(1_000);
        std::thread::scope(|scope| {
            scope.spawn(|| race.run(Thread::B, || true));
            race.run(Thread::A, || left.fetch_sub(1, Relaxed) > 1);
        });
        assert!(race.tally().rounds < 1_000, "{:?}", race.tally());
    }
}
