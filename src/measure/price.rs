//! The price of one operation, from batches of many: a single one is shorter than the clock's step.

use std::time::Duration;

use web_time::Instant;

use super::bootstrap::Estimate;
use super::rounds::{MIN_SAMPLES, Rounds, Timed};

/// How long and how often to sample.
#[derive(Debug, Clone, Copy)]
pub struct Sampling {
    /// The clock's step.
    pub clock_step: Duration,
    /// Time for warming up, at most.
    pub warm_up: Duration,
    /// Time for sampling, in which there is always room for five samples.
    pub budget: Duration,
    /// Samples, at most.
    pub max_samples: usize,
}

/// A price and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Nanoseconds an operation: the samples' median and its 95 % interval.
    pub ns: Estimate,
    /// Batches timed.
    pub samples: usize,
    /// Operations in all of them.
    pub operations: u64,
}

/// Times `run`, which does the number of operations it is given, in batches: [`Rounds`] of one benchmark. `None`
/// if `go_on` returns `false` before there are enough samples, or the clock is too coarse for so little time.
pub fn price(
    sampling: Sampling,
    run: &mut dyn FnMut(u64),
    go_on: &dyn Fn() -> bool,
) -> Option<Price> {
    let timed: Timed<'_> = Box::new(|operations| {
        let start = Instant::now();
        run(operations);
        Some(start.elapsed())
    });
    let budget = sampling.warm_up.saturating_add(sampling.budget);
    let mut rounds = Rounds::new(vec![timed], sampling.clock_step, 0).within(budget)?;
    rounds.warm_up(sampling.warm_up, go_on);
    let begin = Instant::now();
    while rounds.len() < MIN_SAMPLES
        || rounds.len() < sampling.max_samples && begin.elapsed() < sampling.budget
    {
        if !rounds.round(go_on) {
            return None;
        }
    }
    Some(Price { ns: rounds.price(0)?, samples: rounds.len(), operations: rounds.operations(0) })
}

/// Nanoseconds an operation by a single batch of some four steps of the clock, and so right to a quarter: for a
/// clock that is too coarse for a [`price`]. `None` if `go_on` returns `false` before.
pub fn rough_ns(
    clock_step: Duration,
    timed: &mut dyn FnMut(u64) -> Duration,
    go_on: &dyn Fn() -> bool,
) -> Option<f64> {
    let wanted = clock_step * 4;
    let mut operations: u64 = 1;
    while go_on() {
        let took = timed(operations);
        if took >= wanted {
            return Some(took.as_secs_f64() * 1e9 / operations as f64);
        }
        let shortfall = wanted.as_secs_f64() / took.as_secs_f64().max(1e-9);
        operations = (operations as f64 * (shortfall * 1.1).clamp(1.5, 4.0)).ceil() as u64;
    }
    None
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::cell::Cell;
    use std::hint::black_box;

    use super::*;

    /// The price of an addition, from as many samples as the time allows.
    fn found(budget: Duration, samples: usize, go_on: &dyn Fn() -> bool) -> (Option<Price>, u64) {
        let sampling = Sampling {
            clock_step: Duration::from_micros(1),
            warm_up: Duration::from_millis(50),
            budget,
            max_samples: samples,
        };
        let mut done = 0;
        let mut add = |operations| (0..operations).for_each(|_| done = black_box(done + 1));
        let price = price(sampling, &mut add, go_on);
        (price, done)
    }

    #[test]
    fn there_are_as_many_samples_as_are_wanted_where_there_is_time() {
        let (price, done) = found(Duration::MAX, 9, &|| true);
        let price = price.expect("a price");
        assert_eq!(price.samples, 9);
        assert!(price.operations <= done && price.operations >= 9, "{price:?} of {done}");
        assert_eq!(price.operations % 9, 0, "each batch is as long");
        assert!(price.ns.low <= price.ns.median && price.ns.median <= price.ns.high);
    }

    #[test]
    fn there_are_five_samples_where_there_is_no_time_or_fewer_are_wanted() {
        for (budget, samples) in [(Duration::ZERO, 9), (Duration::MAX, 2)] {
            let (price, _) = found(budget, samples, &|| true);
            assert_eq!(price.map(|price| price.samples), Some(MIN_SAMPLES));
        }
    }

    #[test]
    fn where_the_clock_is_too_coarse_there_is_no_price_but_a_rough_one() {
        let coarse = Sampling {
            clock_step: Duration::from_millis(100),
            warm_up: Duration::from_millis(80),
            budget: Duration::from_millis(80),
            max_samples: 60,
        };
        assert_eq!(price(coarse, &mut |_| unreachable!(), &|| true), None);

        let step = coarse.clock_step;
        let mut spent = Duration::ZERO;
        let mut timed = |operations: u64| {
            let before = spent.as_millis() / step.as_millis();
            spent += Duration::from_nanos(3 * operations);
            step * (spent.as_millis() / step.as_millis() - before) as u32
        };
        let found = rough_ns(step, &mut timed, &|| true).expect("a price");
        assert!((2.2..=3.8).contains(&found), "{found}");
        assert!(spent < 12 * step, "{spent:?}");
    }

    #[test]
    fn there_is_no_price_where_a_stop_comes_before_the_samples() {
        let left = Cell::new(3);
        let go_on = || left.replace(left.get() - 1) > 0;
        assert_eq!(found(Duration::MAX, 9, &go_on).0, None);
    }
}
