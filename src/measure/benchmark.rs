//! One thing whose price is wanted: how long its batches are, when it is warm, and its samples. Not here:
//! whose turn it is.

use std::time::Duration;

use super::bootstrap;

/// Does as many operations as it is told, and says how long they took; `None` where it can't.
pub type Timed<'a> = Box<dyn FnMut(u64) -> Option<Duration> + 'a>;

/// Steps of the clock that a batch must last, so that a step is at most 2 % of it.
const STEPS_A_BATCH: u32 = 50;
/// A batch lasts this long even where the clock is finer: interruptions then spoil few batches.
const SHORTEST: Duration = Duration::from_micros(200);

/// Batches whose median is compared with that of the batches before, while warming up.
const GROUP: usize = 3;

/// A sample's batch may be so much of the shortest that is wanted: below, it is made longer.
const TOO_SHORT: f64 = 0.7;

/// One thing whose price is wanted.
pub(super) struct Subject<'a> {
    time: Timed<'a>,
    /// Operations a batch.
    pub(super) operations: u64,
    group: Vec<f64>,
    before: f64,
    /// Batches that it took to warm up, and whether it settled.
    pub(super) warm_ups: u32,
    pub(super) settled: bool,
    /// Whether it can't be timed any more.
    pub(super) lost: bool,
    /// Nanoseconds an operation, sample by sample.
    pub(super) samples: Vec<f64>,
    /// Operations in the batch of each sample.
    pub(super) sizes: Vec<u64>,
}

impl<'a> Subject<'a> {
    /// A thing of which nothing is known yet.
    pub(super) fn new(time: Timed<'a>) -> Subject<'a> {
        Subject {
            time,
            operations: 1,
            group: Vec::new(),
            before: f64::INFINITY,
            warm_ups: 0,
            settled: false,
            lost: false,
            samples: Vec::new(),
            sizes: Vec::new(),
        }
    }

    /// One batch more, made long enough first.
    pub(super) fn warm(&mut self, shortest: Duration) {
        let took = loop {
            let Some(took) = (self.time)(self.operations) else {
                self.lost = true;
                return;
            };
            if took >= shortest {
                break took;
            }
            self.lengthen(took, shortest, 16.0);
        };
        // A browser's first, slow compilation made it too long by the time that the fast one is there: a
        // batch may be longer than it must, so that is left alone until it is much too long.
        let long = took.as_secs_f64() / shortest.as_secs_f64();
        self.warm_ups += 1;
        self.group.push(ns_each(took, self.operations));
        if long > 4.0 && self.operations > 1 {
            self.operations = ((self.operations as f64 / long * 1.5) as u64).max(1);
        }
        if self.group.len() == GROUP {
            let now = bootstrap::middle(&mut self.group).unwrap_or(f64::INFINITY);
            self.settled = (now - self.before).abs() <= 0.05 * now;
            self.before = now;
            self.group.clear();
        }
    }

    /// One sample. What has two speeds may have been warmed up at the slower one (a channel's owner on
    /// another core than who asks it, later on the same): its batches would have too few steps of the clock.
    pub(super) fn sample(&mut self, shortest: Duration) {
        let Some(took) = (self.time)(self.operations) else {
            self.lost = true;
            return;
        };
        self.samples.push(ns_each(took, self.operations));
        self.sizes.push(self.operations);
        if took < shortest.mul_f64(TOO_SHORT) {
            self.lengthen(took, shortest, 2.0);
        }
    }

    /// Makes a batch that was too short longer, by so much at the most.
    fn lengthen(&mut self, took: Duration, shortest: Duration, most: f64) {
        let short = shortest.as_secs_f64() / took.as_secs_f64().max(1e-7);
        self.operations = (self.operations as f64 * (short * 1.2).clamp(1.5, most)).ceil() as u64;
    }
}

/// How long a batch must last with a clock of that step.
pub(super) fn shortest(step: Duration) -> Duration {
    (step * STEPS_A_BATCH).max(SHORTEST)
}

fn ns_each(took: Duration, operations: u64) -> f64 {
    took.as_secs_f64() * 1e9 / operations as f64
}
