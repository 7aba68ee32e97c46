//! A thousand experiments on a machine that is made up, to know what none real tells: whether the method finds
//! the truth where prices drift from round to round and some samples are far out. Natively `examples/validity.rs`
//! asks the same of the machine that there is.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::random::SplitMix;
use super::rounds::{Rounds, Timed};

/// Experiments of each kind.
const OFTEN: u64 = 500;
/// Rounds of each.
const ROUNDS: usize = 30;
/// How much dearer the second thing is, in nanoseconds.
const TRUTH: f64 = 0.3;

/// A machine whose every operation takes longer and longer, round by round, and jumps in the middle.
struct Machine {
    round: Cell<usize>,
    chance: RefCell<SplitMix>,
}

impl Machine {
    /// From 0 to 1.
    fn chance(&self) -> f64 {
        (self.chance.borrow_mut().draw() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// What all things cost more by now: up to 40 %, so more than they differ by.
    fn drift(&self) -> f64 {
        let round = self.round.get() as f64;
        let jump = if round > 18.0 { 0.5 } else { 0.0 };
        1.5 * round / ROUNDS as f64 + jump
    }

    /// A sample's own error in nanoseconds: mostly below a tenth, but once in ten times Pareto's, of whose
    /// kind (an exponent of 1.2) there is no variance.
    fn noise(&self) -> f64 {
        let usual = 0.2 * (self.chance() + self.chance() - 1.0);
        if self.chance() < 0.1 {
            usual + 0.3 * ((1.0 - self.chance()).powf(-1.0 / 1.2) - 1.0)
        } else {
            usual
        }
    }

    fn thing(&self, ns: f64) -> Timed<'_> {
        Box::new(move |operations| {
            let each = ns + self.drift() + self.noise();
            Some(Duration::from_secs_f64(each * operations as f64 / 1e9))
        })
    }
}

/// In how many experiments the interval of the second thing's price over the first's holds the true one.
fn held(truth: f64, seeds: u64) -> u64 {
    (seeds..seeds + OFTEN)
        .filter(|seed| {
            let machine = Machine {
                round: Cell::new(0),
                chance: RefCell::new(SplitMix::new(*seed)),
            };
            let things = vec![machine.thing(5.0), machine.thing(5.0 + truth)];
            let mut rounds = Rounds::new(things, Duration::from_micros(1), *seed);
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

#[test]
fn a_difference_is_found_though_prices_drift_and_samples_are_far_out() {
    let held = held(TRUTH, 0);
    assert!(
        held * 10 >= OFTEN * 9,
        "the true difference is within the interval {held} times of {OFTEN}"
    );
    // An interval that holds everything were no feat either.
    assert!(held < OFTEN, "not once did it miss, so it is too wide");
}

#[test]
fn a_thing_against_its_like_shows_no_difference_though_prices_drift_and_samples_are_far_out() {
    let held = held(0.0, 10_000);
    assert!(
        held * 10 >= OFTEN * 9,
        "no difference is found {held} times of {OFTEN}"
    );
    assert!(held < OFTEN, "not once did it miss, so it is too wide");
}
