//! Hundreds of experiments on a simulated machine, whose true prices are known: does the method find them, though
//! prices drift and some samples are far out? `examples/validity.rs` asks the same of the real machine.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::random::SplitMix;
use super::rounds::{Rounds, Timed};

const EXPERIMENTS: u64 = 500;
const ROUNDS: usize = 30;

/// A machine on which prices drift, by factors that are much the same from one round to the next: one that all
/// operations have in common (a processor's speed), and one of each of its own (its place in memory, its neighbour's traffic).
struct Machine {
    round: Cell<usize>,
    random: RefCell<SplitMix>,
    drifts: Vec<Vec<f64>>,
}

impl Machine {
    fn new(seed: u64, benchmarks: usize) -> Machine {
        let random = RefCell::new(SplitMix::new(seed));
        let mut machine = Machine { round: Cell::new(0), random, drifts: Vec::new() };
        let common = machine.walk(0.9, 0.1);
        machine.drifts = (0..benchmarks)
            .map(|_| {
                common
                    .iter()
                    .zip(machine.walk(0.5, 0.02))
                    .map(|(all, own)| (all + own).exp())
                    .collect()
            })
            .collect();
        machine
    }

    /// A first-order autoregression with this correlation of neighbours and this standard deviation.
    fn walk(&self, correlation: f64, deviation: f64) -> Vec<f64> {
        // Three uniform numbers are nearly normal; their sum has the variance 1/4.
        let step = || 2.0 * ((0..3).map(|_| self.uniform()).sum::<f64>() - 1.5);
        let fresh = (1.0 - correlation * correlation).sqrt();
        let mut at = step();
        (0..ROUNDS)
            .map(|_| {
                at = correlation * at + fresh * step();
                at * deviation
            })
            .collect()
    }

    /// From 0 to 1.
    fn uniform(&self) -> f64 {
        (self.random.borrow_mut().draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A sample's error in nanoseconds: mostly below a tenth, but once in ten times Pareto's with exponent 1.2,
    /// which has no variance.
    fn noise(&self) -> f64 {
        let usual = 0.2 * (self.uniform() + self.uniform() - 1.0);
        if self.uniform() < 0.1 {
            usual + 0.3 * ((1.0 - self.uniform()).powf(-1.0 / 1.2) - 1.0)
        } else {
            usual
        }
    }

    fn benchmark(&self, number: usize, ns: f64) -> Timed<'_> {
        Box::new(move |operations| {
            let each = ns * self.drifts[number][self.round.get()] + self.noise();
            Some(Duration::from_secs_f64(each * operations as f64 / 1e9))
        })
    }

    /// All rounds of benchmarks of these prices.
    fn rounds(&self, prices: &[f64], seed: u64) -> Rounds<'_> {
        let benchmarks = prices.iter().enumerate();
        let benchmarks = benchmarks.map(|(number, ns)| self.benchmark(number, *ns)).collect();
        let mut rounds = Rounds::new(benchmarks, Duration::from_micros(1), seed);
        rounds.warm_up(Duration::from_secs(5), &|| true);
        for round in 0..ROUNDS {
            self.round.set(round);
            assert!(rounds.round(&|| true));
        }
        rounds
    }

    /// By how much one really took longer than another, over all rounds.
    fn truth(&self, prices: &[f64], one: usize, other: usize) -> f64 {
        let took = |number: usize| prices[number] * self.drifts[number].iter().sum::<f64>();
        (took(one) - took(other)) / ROUNDS as f64
    }
}

/// What 500 experiments leave to chance, at either end: a method that is right in 95 % is right that seldom once in
/// twenty times.
const AT_LEAST: usize = 467;
/// One that is wrong in 5 % is wrong that often once in twenty times.
const AT_MOST: usize = EXPERIMENTS as usize - AT_LEAST;

/// A difference that is there, and none.
#[test]
fn the_interval_contains_the_true_difference_as_often_as_it_claims() {
    for (difference, first_seed) in [(0.3, 0), (0.0, 10_000)] {
        let prices = [5.0, 5.0 + difference];
        let experiments = (first_seed..first_seed + EXPERIMENTS).map(|seed| {
            let machine = Machine::new(seed, 2);
            let found = machine.rounds(&prices, seed).difference(1, 0).expect("samples");
            (found.low..=found.high).contains(&machine.truth(&prices, 1, 0))
        });
        let covered = experiments.filter(|covers| *covers).count();
        assert!(
            (AT_LEAST..EXPERIMENTS as usize).contains(&covered),
            "a difference of {difference} ns is in the interval {covered} times of {EXPERIMENTS}"
        );
    }
}

/// What interrupts a machine every tenth of a millisecond, for some microseconds, comes into every long batch of work,
/// but not into a wait until some time by the clock. The work beside such a wait costs what it costs alone.
#[test]
fn a_difference_is_found_on_a_machine_that_is_often_interrupted() {
    const EVERY: f64 = 100e3;
    const LASTS: f64 = 4e3;
    for waited in [1.0, 5.0, 50.0] {
        let found = |seed: u64| {
            let machine = &Machine::new(seed, 2);
            let now = &Cell::new(0.0);
            let timed = |waited: f64| -> Timed<'_> {
                Box::new(move |operations| {
                    // Something else is done between two batches.
                    let begin = now.get() + EVERY * machine.uniform();
                    let (mut at, mut left) = (begin, 7.0 * operations as f64);
                    while left > EVERY - at % EVERY {
                        let alone = EVERY - at % EVERY;
                        at += alone + LASTS;
                        left -= alone;
                    }
                    now.set(at + left + waited * operations as f64);
                    Some(Duration::from_secs_f64((now.get() - begin) / 1e9))
                })
            };
            let timed = vec![timed(0.0), timed(waited)];
            let mut rounds = Rounds::new(timed, Duration::from_nanos(30), seed);
            rounds.warm_up(Duration::from_secs(5), &|| true);
            (0..ROUNDS).for_each(|_| assert!(rounds.round(&|| true)));
            let found = rounds.difference(1, 0).expect("samples");
            (found.low - 1e-6..=found.high + 1e-6).contains(&waited)
        };
        let covered = (0..EXPERIMENTS).filter(|seed| found(30_000 + seed)).count();
        assert!(covered >= AT_LEAST, "{waited} ns are found {covered} times of {EXPERIMENTS}");
    }
}

/// One row beside ten: what is claimed of any of them is wrong in 5 % of runs, not in 40 %.
#[test]
fn all_comparisons_of_a_row_hold_together() {
    const OTHERS: usize = 10;
    let is_wrong = |seed: u64| {
        let machine = Machine::new(seed, OTHERS + 1);
        let prices = [5.0; OTHERS + 1];
        let rounds = machine.rounds(&prices, seed);
        (1..=OTHERS).any(|other| {
            let found = rounds.compared(0, other, OTHERS, usize::MAX).expect("samples");
            !(found.low..=found.high).contains(&machine.truth(&prices, 0, other))
        })
    };
    let wrong = (0..EXPERIMENTS).filter(|seed| is_wrong(20_000 + seed)).count();
    assert!(wrong <= AT_MOST, "in {wrong} of {EXPERIMENTS} runs a claim is wrong");
}
