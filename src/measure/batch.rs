//! What one operation costs, from batches of many: single operations are shorter than the clock's
//! step. Not here: operations that compete with each other's threads.

use std::time::Duration;

use web_time::Instant;

use super::bootstrap::{self, Estimate};
use super::rounds::FEWEST;

/// How a price is to be found.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The clock's step.
    pub step: Duration,
    /// Time for warming up, at most.
    pub warm_up: Duration,
    /// Time for sampling; at least five samples are taken.
    pub budget: Duration,
    /// Samples, at most.
    pub samples: usize,
}

/// A price and what it rests on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Price {
    /// Nanoseconds an operation: median of the samples, and its 95 % interval.
    pub ns: Estimate,
    /// Batches timed.
    pub samples: usize,
    /// Operations in all of them.
    pub operations: u64,
}

/// Steps of the clock that a batch must last, so that a step is at most 2 % of it.
pub(super) const STEPS_A_BATCH: u32 = 50;
/// A batch lasts this long even where the clock is finer: interruptions then spoil few batches.
pub(super) const SHORTEST: Duration = Duration::from_micros(200);

/// Times `run`, which does as many operations as it is told, in batches.
///
/// First the batch is made long enough. Then it warms up until the last two groups of three batches
/// agree within 5 % (a browser compiles twice, and a processor changes its speed) or the time for it
/// is over. Only then are samples taken. Returns `None` where `go_on` says to stop before there are
/// enough.
///
/// The rule to sample only in the steady state is from Georges, Buytaert, Eeckhout: *Statistically
/// Rigorous Java Performance Evaluation* (OOPSLA 2007).
pub fn price(plan: Plan, run: &mut dyn FnMut(u64), go_on: &dyn Fn() -> bool) -> Option<Price> {
    let mut time = |operations: u64| {
        let start = Instant::now();
        run(operations);
        start.elapsed()
    };
    let shortest = (plan.step * STEPS_A_BATCH).max(SHORTEST);
    let warm = Instant::now();
    let mut operations = 64;
    let mut group = [0.0; 3];
    let mut before = f64::INFINITY;
    loop {
        for sample in &mut group {
            if !go_on() {
                return None;
            }
            let mut took = time(operations);
            while took < shortest {
                let short = shortest.as_secs_f64() / took.as_secs_f64().max(1e-7);
                operations = (operations as f64 * (short * 1.2).clamp(1.5, 16.0)) as u64;
                took = time(operations);
            }
            *sample = ns_each(took, operations);
        }
        let now = bootstrap::middle(&mut group)?;
        if (now - before).abs() <= 0.05 * now || warm.elapsed() > plan.warm_up {
            break;
        }
        before = now;
    }

    let begin = Instant::now();
    let mut samples = Vec::with_capacity(plan.samples);
    while samples.len() < FEWEST || samples.len() < plan.samples && begin.elapsed() < plan.budget {
        if !go_on() {
            return None;
        }
        samples.push(ns_each(time(operations), operations));
    }
    Some(Price {
        ns: bootstrap::median(&samples)?,
        samples: samples.len(),
        operations: operations * samples.len() as u64,
    })
}

pub(super) fn ns_each(took: Duration, operations: u64) -> f64 {
    took.as_secs_f64() * 1e9 / operations as f64
}
