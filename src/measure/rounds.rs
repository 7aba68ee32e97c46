//! The prices of several things at once, sampled in turns: whatever drifts (a processor that gets warm,
//! a neighbour that wakes up) hits all alike. Not here: what the things are.

use std::time::Duration;

use web_time::Instant;

pub use super::benchmark::Timed;
use super::benchmark::{Subject, shortest};
use super::bootstrap::{self, Estimate};
use super::random::SplitMix;

/// Samples that a price needs at the least.
pub const FEWEST: usize = 5;

/// Prices of several things, taken in rounds: in each, one batch of every thing, in random order.
pub struct Rounds<'a> {
    subjects: Vec<Subject<'a>>,
    step: Duration,
    reading: Duration,
    shortest: Duration,
    random: SplitMix,
}

impl<'a> Rounds<'a> {
    /// Of these things, with a clock of that step. The seed decides the order in each round.
    pub fn new(things: Vec<Timed<'a>>, step: Duration, seed: u64) -> Rounds<'a> {
        Rounds {
            subjects: things.into_iter().map(Subject::new).collect(),
            step,
            reading: Duration::ZERO,
            shortest: shortest(step),
            random: SplitMix::new(seed),
        }
    }

    /// The same where one reading of the clock takes so long. More or less of a reading is part of each
    /// batch, the same part every time: [`difference`](Rounds::difference) allows for it.
    pub fn with_reading(self, reading: Duration) -> Rounds<'a> {
        Rounds { reading, ..self }
    }

    /// Warms everything up, in turns, until the medians of two groups of three batches agree within 5 %
    /// for each thing (browsers compile twice, processors change their speed), or the time is over.
    /// The rule to sample only in the steady state is from Georges, Buytaert, Eeckhout: *Statistically Rigorous
    /// Java Performance Evaluation* (OOPSLA 2007).
    pub fn warm_up(&mut self, limit: Duration, go_on: &dyn Fn() -> bool) {
        let begin = Instant::now();
        while begin.elapsed() < limit && self.subjects.iter().any(|one| !one.settled && !one.lost) {
            for index in self.order() {
                if !go_on() {
                    return;
                }
                let shortest = self.shortest;
                let one = &mut self.subjects[index];
                if !one.settled && !one.lost {
                    one.warm(shortest);
                }
            }
        }
    }

    /// One round: a sample of each. A round that is cut short is kept for nobody, so that samples of the
    /// same number were always taken side by side; a thing that can't be timed any more is left out
    /// from then on, and the others go on. A batch that turns out too short against the clock's step is kept,
    /// and longer in the next round. Returns `false` where there is nothing to go on with.
    pub fn round(&mut self, go_on: &dyn Fn() -> bool) -> bool {
        let before = self.len();
        for index in self.order() {
            if !go_on() {
                for other in &mut self.subjects {
                    other.samples.truncate(before);
                    other.sizes.truncate(before);
                }
                return false;
            }
            let shortest = self.shortest;
            let one = &mut self.subjects[index];
            if !one.lost {
                one.sample(shortest);
            }
        }
        self.subjects.iter().any(|one| !one.lost)
    }

    /// Rounds that are whole.
    pub fn len(&self) -> usize {
        let samples = self.subjects.iter().filter(|one| !one.lost);
        samples.map(|one| one.samples.len()).min().unwrap_or(0)
    }

    /// Whether there is no round yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the thing could not be timed at all.
    pub fn is_lost(&self, thing: usize) -> bool {
        self.subjects[thing].lost
    }

    /// Nanoseconds an operation, sample by sample.
    pub fn samples(&self, thing: usize) -> &[f64] {
        &self.subjects[thing].samples
    }

    /// Operations in all samples of a thing.
    pub fn operations(&self, thing: usize) -> u64 {
        self.subjects[thing].sizes.iter().sum()
    }

    /// Batches that a thing took to warm up, and whether it settled within its time.
    pub fn warmth(&self, thing: usize) -> (u32, bool) {
        let one = &self.subjects[thing];
        (one.warm_ups, one.settled)
    }

    /// By how much an operation of one thing takes longer than one of another: the median of the
    /// rounds' differences, and its interval. The interval is the bootstrap's, and to either side of it
    /// one reading of the clock in a batch: it is shorter than anything by chance, but never averages out.
    pub fn difference(&self, thing: usize, other: usize) -> Option<Estimate> {
        self.difference_in(thing, other, usize::MAX)
    }

    /// The same from so many of the rounds at most, evenly spread over all: where there are many
    /// differences to be told, each need not rest on everything.
    pub fn difference_in(&self, thing: usize, other: usize, most: usize) -> Option<Estimate> {
        let (mine, theirs) = (self.samples(thing), self.samples(other));
        let step = mine.len().div_ceil(most.max(1)).max(1);
        let pairs = mine.iter().zip(theirs).step_by(step);
        let found = bootstrap::median(&pairs.map(|(one, two)| one - two).collect::<Vec<_>>())?;
        let reading = self.a_batch(self.reading, thing, other);
        Some(Estimate {
            low: found.low - reading,
            high: found.high + reading,
            ..found
        })
    }

    /// Nanoseconds an operation that one step of the clock is worth in a batch of either: no smaller
    /// difference of theirs is one.
    pub fn resolution(&self, thing: usize, other: usize) -> f64 {
        self.a_batch(self.step, thing, other)
    }

    /// Nanoseconds an operation that a time is worth in the shorter batch of two things.
    fn a_batch(&self, time: Duration, thing: usize, other: usize) -> f64 {
        let operations = |thing: usize| {
            let one = &self.subjects[thing];
            one.sizes.iter().copied().min().unwrap_or(one.operations)
        };
        let fewest = operations(thing).min(operations(other)).max(1);
        time.as_secs_f64() * 1e9 / fewest as f64
    }

    fn order(&mut self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.subjects.len()).collect();
        self.random.shuffle(&mut order);
        order
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    /// A thing whose operation takes so many nanoseconds, on a clock of the test's own, with noise.
    fn thing<'a>(ns: f64, noise: &'a RefCell<SplitMix>) -> Timed<'a> {
        Box::new(move |operations| {
            let jitter = noise.borrow_mut().below(1000) as f64 / 1000.0;
            let long = ns * operations as f64 * (1.0 + 0.05 * jitter);
            Some(Duration::from_secs_f64(long / 1e9))
        })
    }

    fn go() -> bool {
        true
    }

    #[test]
    fn a_batch_is_long_against_the_clocks_step() {
        let noise = RefCell::new(SplitMix::new(1));
        let step = Duration::from_micros(100);
        let mut rounds = Rounds::new(vec![thing(5.0, &noise), thing(300_000.0, &noise)], step, 1);
        rounds.warm_up(Duration::from_secs(5), &go);
        assert!(rounds.round(&go));
        for thing in [0, 1] {
            let batch = rounds.samples(thing)[0] * rounds.operations(thing) as f64;
            assert!(batch >= 0.9 * 50.0 * 100_000.0, "{batch} ns");
        }
    }

    #[test]
    fn a_batch_stays_long_where_its_operations_get_quicker() {
        let ns = Cell::new(40_000.0);
        let thing = Box::new(|operations: u64| {
            Some(Duration::from_secs_f64(ns.get() * operations as f64 / 1e9))
        });
        let mut rounds = Rounds::new(vec![thing as Timed<'_>], Duration::from_micros(5), 6);
        rounds.warm_up(Duration::from_secs(5), &go);
        rounds.round(&go);
        let before = rounds.operations(0);
        ns.set(8_000.0);
        for _ in 0..4 {
            rounds.round(&go);
        }
        let counted = rounds.operations(0);
        rounds.round(&go);
        let last = rounds.operations(0) - counted;
        assert!(last as f64 * 8.0 >= 0.7 * 250.0, "{last} of 8 µs each");
        assert!(
            counted > 5 * before,
            "every batch is counted as what it was"
        );
        assert_eq!(rounds.samples(0)[0], 40_000.0, "the short ones are kept");
        assert_eq!(rounds.samples(0)[1], 8_000.0);
    }

    #[test]
    fn the_interval_holds_the_true_difference_nineteen_times_in_twenty() {
        let mut held = 0;
        for seed in 0..200 {
            let noise = RefCell::new(SplitMix::new(seed));
            let things = vec![thing(5.0, &noise), thing(6.0, &noise)];
            let mut rounds = Rounds::new(things, Duration::from_micros(1), seed);
            rounds.warm_up(Duration::from_secs(5), &go);
            for _ in 0..60 {
                rounds.round(&go);
            }
            let found = rounds.difference(1, 0).expect("samples");
            // The noise is even from 0 to 5 %, so that each median is 2.5 % above.
            held += u32::from((found.low..=found.high).contains(&1.025));
        }
        assert!(held >= 180, "{held} of 200");
    }

    #[test]
    fn two_equal_things_differ_by_nothing_nineteen_times_in_twenty() {
        let mut same = 0;
        for seed in 0..200 {
            let noise = RefCell::new(SplitMix::new(seed + 1000));
            let mut rounds = Rounds::new(
                vec![thing(5.0, &noise), thing(5.0, &noise)],
                Duration::from_micros(1),
                seed,
            );
            rounds.warm_up(Duration::from_secs(5), &go);
            for _ in 0..60 {
                rounds.round(&go);
            }
            let found = rounds.difference(1, 0).expect("samples");
            same += u32::from(found.low <= 0.0 && found.high >= 0.0);
        }
        assert!(same >= 180, "{same} of 200");
    }

    #[test]
    fn a_reading_of_the_clock_in_every_batch_is_allowed_for() {
        let reading = Duration::from_nanos(40);
        // Without any noise, and with a reading in each batch, the bootstrap is sure of what is not so.
        let thing = |ns: f64| -> Timed<'static> {
            Box::new(move |operations| {
                Some(Duration::from_secs_f64(ns * operations as f64 / 1e9) + reading)
            })
        };
        let holds = |reading| {
            let things = vec![thing(5.0), thing(55.0)];
            let mut rounds = Rounds::new(things, Duration::from_micros(1), 5).with_reading(reading);
            rounds.warm_up(Duration::from_secs(5), &go);
            for _ in 0..9 {
                rounds.round(&go);
            }
            let found = rounds.difference(1, 0).expect("samples");
            (found.low..=found.high).contains(&50.0)
        };
        assert!(!holds(Duration::ZERO) && holds(reading));
    }

    #[test]
    fn a_round_that_is_cut_short_is_kept_for_nobody() {
        let noise = RefCell::new(SplitMix::new(3));
        let things = vec![thing(5.0, &noise), thing(6.0, &noise), thing(7.0, &noise)];
        let mut rounds = Rounds::new(things, Duration::from_micros(1), 3);
        rounds.warm_up(Duration::from_secs(5), &go);
        rounds.round(&go);
        let left = Cell::new(2);
        let stop = || {
            left.set(left.get() - 1);
            left.get() >= 0
        };
        assert!(!rounds.round(&stop));
        assert_eq!([0, 1, 2].map(|one| rounds.samples(one).len()), [1, 1, 1]);
    }

    #[test]
    fn what_cannot_be_timed_is_left_out_and_stops_nobody() {
        let noise = RefCell::new(SplitMix::new(4));
        let calls = Cell::new(0);
        let dies = Box::new(|operations: u64| {
            calls.set(calls.get() + 1);
            (calls.get() < 40).then(|| Duration::from_nanos(9 * operations))
        });
        let things = vec![
            thing(5.0, &noise),
            Box::new(|_| None) as Timed<'_>,
            dies as Timed<'_>,
        ];
        let mut rounds = Rounds::new(things, Duration::from_micros(1), 4);
        rounds.warm_up(Duration::from_secs(5), &go);
        for _ in 0..50 {
            assert!(rounds.round(&go));
        }
        assert_eq!(
            [0, 1, 2].map(|one| rounds.is_lost(one)),
            [false, true, true]
        );
        assert_eq!(rounds.len(), 50);
    }
}
