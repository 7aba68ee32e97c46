//! What is measured on the coordinator before the runs: the price of a counter, of a multiplication, and of
//! recording. Each is `None` if a stop came first. What was measured not long ago is [kept](Harness::keep).

use std::hint::black_box;
use std::time::Duration;

use web_time::Instant;

use super::board::{State, StatusBoard};
use super::kept::Kept;
use super::record::Recorder;
use super::trace::Rings;
use super::{Harness, lock};
use crate::busy;
use crate::counter::Kind;
use crate::measure::price::{self, Price, Sampling};
use crate::measure::rounded;

impl Harness {
    /// What `measure` gives; or what it gave under this name less than five minutes ago, if the machine has had its
    /// power from the same source since. What a stop may have cut short is not kept.
    pub fn keep<T: Clone + Send + 'static>(
        &self,
        name: &'static str,
        measure: impl FnOnce() -> T,
    ) -> T {
        self.keep_at(Instant::now(), name, measure)
    }

    fn keep_at<T: Clone + Send + 'static>(
        &self,
        now: Instant,
        name: &'static str,
        measure: impl FnOnce() -> T,
    ) -> T {
        let on_battery = self.environment.on_battery;
        let mut kept = std::mem::take(&mut *lock(&self.runtime.kept));
        kept.retain(|one| one.holds(on_battery, now));
        let found = kept.iter().find(|one| one.name == name);
        let value = found.and_then(|one| one.value.downcast_ref::<T>()).cloned();
        let value = value.unwrap_or_else(|| {
            let value = measure();
            if !self.is_stopping() {
                kept.push(Kept { name, on_battery, since: now, value: Box::new(value.clone()) });
            }
            value
        });
        *lock(&self.runtime.kept) = kept;
        value
    }
}

/// The price of `run`, warmed up for `budget_ms` and then sampled for as long.
fn price(
    harness: &Harness,
    step: Duration,
    budget_ms: u64,
    samples: usize,
    run: &mut dyn FnMut(u64),
) -> Option<Price> {
    let sampling = Sampling {
        clock_step: step,
        warm_up: Duration::from_millis(budget_ms),
        budget: Duration::from_millis(budget_ms),
        max_samples: samples,
    };
    price::price(sampling, run, &|| !harness.is_stopping())
}

/// The price of one increment of a counter of this kind, one thread alone, in about 0.1 to 0.2 s, and how
/// many increments the counter lost; `None` too if it lost any though it must not.
pub fn counter_price(harness: &Harness, kind: &Kind, step: Duration) -> Option<(Price, i64)> {
    let counter = harness.counter(kind);
    let mut made: u64 = 0;
    let mut increment = |operations| made += counter.inc_many(operations);
    let price = price(harness, step, 80, 60, &mut increment)?;
    let lost = if kind.shared { counter.missing(made) } else { 0 };
    (!kind.exact || lost == 0).then_some((price, lost))
}

/// The same, roughly and in some 20 ms: nanoseconds.
pub fn quick_price_ns(harness: &Harness, kind: &Kind, step: Duration) -> Option<f64> {
    let counter = harness.counter(kind);
    let mut increment = |operations| {
        counter.inc_many(operations);
    };
    Some(price(harness, step, 10, 9, &mut increment)?.ns.median)
}

/// Nanoseconds one multiplication of the CPU loop takes, one thread alone. It also lets a browser
/// optimise the loop before anyone is timed in it. Where the clock is too coarse for a price, roughly.
pub fn multiplication_ns(harness: &Harness, step: Duration) -> Option<f64> {
    if let Some(price) = price(harness, step, 40, 20, &mut busy::compute) {
        return Some(price.ns.median);
    }
    let mut timed = |times| {
        let start = Instant::now();
        busy::compute(times);
        start.elapsed()
    };
    price::rough_ns(step, &mut timed, &|| !harness.is_stopping())
}

/// The same once more, in some 10 ms, where the loop is optimised already.
pub fn multiplication_ns_again(harness: &Harness, step: Duration) -> Option<f64> {
    Some(price(harness, step, 5, 9, &mut busy::compute)?.ns.median)
}

/// Nanoseconds a multiplication from which it is worth a look whether the loop is optimised; ordinary processors need less, …
const SLOW_NS: f64 = 2.5;
/// … none that runs a browser of today needs so much, …
const TOO_SLOW_NS: f64 = 20.0;
/// … and optimised, the loop takes about as long as the host's own: not so many times as long.
const TOO_MANY_TIMES: f64 = 4.0;

/// Whether the CPU loop is so slow that it can't be optimised, as where a browser's developer tools are open.
pub fn is_slow_tier(harness: &Harness, loop_ns: f64, step: Duration) -> bool {
    let host = harness.host();
    let mut theirs = |times| {
        host.multiply(times);
    };
    loop_ns > TOO_SLOW_NS
        || loop_ns > SLOW_NS
            && host.multiply(1)
            && price(harness, step, 15, 9, &mut theirs)
                .is_some_and(|price| loop_ns > TOO_MANY_TIMES * price.ns.median)
}

/// Nanoseconds that recording adds to one event, on a board and a ring of its own: an increment with a free
/// lock is two, that the lock is held and that it is released.
pub fn event_ns(harness: &Harness, step: Duration) -> Option<f64> {
    const EVENTS: f64 = 2.0;
    let board = Box::new(StatusBoard::new());
    let rings = Rings::new(1, 256);
    let origin = Instant::now();
    let mut recorder = Recorder::new(board.slot(0), rings.writer(0), origin);
    let mut increments = |times| {
        for count in 0..times {
            // Not a number that the compiler could see through.
            let at = black_box(origin);
            recorder.holding(count as u32, at);
            recorder.released(State::Io, count as u32, at);
        }
    };
    let price = price(harness, step, 15, 20, &mut increments)?;
    Some(rounded(price.ns.median / EVENTS, 3))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::runtime::fake::{Fault, harness, harness_that_multiplies};

    #[test]
    fn what_was_measured_is_measured_again_only_where_something_has_changed() {
        let mut harness = harness(Fault::None, "");
        let begin = Instant::now();
        let mut measured = 0;
        let mut measure = |harness: &Harness, name, seconds| {
            harness.keep_at(begin + Duration::from_secs(seconds), name, || {
                measured += 1;
                measured
            })
        };
        harness.runtime().stop();
        assert_eq!(measure(&harness, "std-mutex", 0), 1);
        harness.runtime().board().set_stopping(false);
        assert_eq!(measure(&harness, "std-mutex", 0), 2, "a stop leaves nothing");
        assert_eq!(measure(&harness, "std-mutex", 299), 2, "nothing has changed");
        assert_eq!(measure(&harness, "atomic", 299), 3, "another counter");
        assert_eq!(measure(&harness, "std-mutex", 299), 2, "the first one again");
        assert_eq!(measure(&harness, "std-mutex", 301), 4, "too long ago");
        harness.environment.on_battery = Some(true);
        assert_eq!(measure(&harness, "std-mutex", 302), 5, "another source of power");
    }

    #[test]
    fn a_loop_is_unoptimised_if_the_processor_or_any_can_do_it_far_more_quickly() {
        let ns = Duration::from_nanos;
        for (other, loop_ns, is_slow) in [
            (Some(ns(1)), 1.6, false),
            (Some(ns(1)), 9.0, true),
            (Some(ns(5)), 9.0, false),
            (None, 9.0, false),
            (None, 45.0, true),
        ] {
            let harness = harness_that_multiplies(other);
            let found = is_slow_tier(&harness, loop_ns, Duration::from_micros(1));
            assert_eq!(found, is_slow, "{loop_ns} ns beside {other:?}");
        }
    }
}
