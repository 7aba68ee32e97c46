//! Hundreds of experiments on a simulated machine, whose true prices are known: does the method find them, though
//! prices drift and some samples are far out? `examples/validity.rs` asks the same of the real machine.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::random::SplitMix;
use super::rounds::{Rounds, Timed};

const EXPERIMENTS: u64 = 500;
const ROUNDS: usize = 30;

/// A machine on which every operation takes longer from round to round, and jumps in the middle.
struct Machine {
    round: Cell<usize>,
    random: RefCell<SplitMix>,
}

impl Machine {
    /// From 0 to 1.
    fn uniform(&self) -> f64 {
        (self.random.borrow_mut().draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// What every operation costs more by now: up to 40 %, more than the benchmarks differ by.
    fn drift(&self) -> f64 {
        let round = self.round.get() as f64;
        let jump = if round > 18.0 { 0.5 } else { 0.0 };
        1.5 * round / ROUNDS as f64 + jump
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

    fn benchmark(&self, ns: f64) -> Timed<'_> {
        Box::new(move |operations| {
            let each = ns + self.drift() + self.noise();
            Some(Duration::from_secs_f64(each * operations as f64 / 1e9))
        })
    }
}

/// In how many experiments the interval of the difference contains the true one.
fn covered(truth: f64, first_seed: u64) -> u64 {
    (first_seed..first_seed + EXPERIMENTS)
        .filter(|seed| {
            let machine =
                Machine { round: Cell::new(0), random: RefCell::new(SplitMix::new(*seed)) };
            let benchmarks = vec![machine.benchmark(5.0), machine.benchmark(5.0 + truth)];
            let mut rounds = Rounds::new(benchmarks, Duration::from_micros(1), *seed);
            rounds.warm_up(Duration::from_secs(5), &|| true);
            for round in 0..ROUNDS {
                machine.round.set(round);
                assert!(rounds.round(&|| true));
            }
            let found = rounds.difference(1, 0).expect("samples");
            (found.low..=found.high).contains(&truth)
        })
        .count() as u64
}

/// Nineteen times in twenty, less what 500 experiments leave to chance; but not always, or it would be too wide.
#[test]
fn the_interval_contains_the_true_difference_though_prices_drift_and_samples_are_far_out() {
    for (truth, first_seed) in [(0.3, 0), (0.0, 10_000)] {
        let covered = covered(truth, first_seed);
        assert!(
            covered * 10 >= EXPERIMENTS * 9 && covered < EXPERIMENTS,
            "a difference of {truth} ns is in the interval {covered} times of {EXPERIMENTS}"
        );
    }
}
