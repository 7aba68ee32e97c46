//! One operation whose price is wanted: how long its batches are, whether it is warm, and its samples.

use std::time::Duration;

use super::bootstrap::median;

/// Does this many operations, and returns how long they took; `None` if it can't.
pub type Timed<'a> = Box<dyn FnMut(u64) -> Option<Duration> + 'a>;

/// Steps of the clock that a batch must last, so that a step is at most 2 % of it.
pub const STEPS_A_BATCH: u32 = 50;
/// A batch lasts this long even if the clock is finer. What interrupts a thread, every tenth of a millisecond where
/// others share the machine, then comes into few batches, and a median leaves these out; it would come into every
/// longer one. Shorter ones would be spoilt by reading the clock.
const SHORTEST: Duration = Duration::from_micros(20);

/// Warm-up batches whose median is compared with that of the group before.
const GROUP: usize = 3;

/// A sample's batch below this fraction of the shortest makes the next one longer.
const TOO_SHORT: f64 = 0.7;

/// Below this fraction of the shortest a batch is no sample: something interrupted the one that its length was chosen by.
const FAR_TOO_SHORT: f64 = 0.1;

/// One operation, timed in batches.
pub(super) struct Benchmark<'a> {
    time: Timed<'a>,
    /// Operations a batch.
    pub(super) operations: u64,
    group: Vec<f64>,
    last_median: f64,
    /// Warm-up batches so far, and whether their medians have settled.
    pub(super) warm_ups: u32,
    pub(super) settled: bool,
    /// Whether it can't be timed any more.
    pub(super) unavailable: bool,
    /// Nanoseconds an operation, sample by sample.
    pub(super) samples: Vec<f64>,
    /// Operations in the batch of each sample.
    pub(super) sizes: Vec<u64>,
}

impl<'a> Benchmark<'a> {
    pub(super) fn new(time: Timed<'a>) -> Benchmark<'a> {
        Benchmark {
            time,
            operations: 1,
            group: Vec::new(),
            last_median: f64::INFINITY,
            warm_ups: 0,
            settled: false,
            unavailable: false,
            samples: Vec::new(),
            sizes: Vec::new(),
        }
    }

    /// Runs one warm-up batch, once batches are long enough.
    pub(super) fn warm_up(&mut self, shortest: Duration) {
        let took = loop {
            let Some(took) = (self.time)(self.operations) else {
                self.unavailable = true;
                return;
            };
            if took >= shortest {
                break took;
            }
            self.lengthen(took, shortest, 16.0);
        };
        self.warm_ups += 1;
        self.group.push(ns_each(took, self.operations));
        // A browser's first, slow compilation chose a batch that is too long once the fast one is there. A batch
        // may be longer than it must be, so only one that is much too long is shortened.
        let excess = took.as_secs_f64() / shortest.as_secs_f64();
        if excess > 4.0 && self.operations > 1 {
            self.operations = ((self.operations as f64 / excess * 1.5) as u64).max(1);
        }
        if self.group.len() == GROUP {
            let now = median(&mut self.group).unwrap_or(f64::INFINITY);
            self.settled = (now - self.last_median).abs() <= 0.05 * now;
            self.last_median = now;
            self.group.clear();
        }
    }

    /// Takes one sample. An operation with two speeds may have been warmed up at the slower one (a channel's
    /// server on another core than its client, later on the same): its batches then get longer.
    pub(super) fn sample(&mut self, shortest: Duration) {
        loop {
            let Some(took) = (self.time)(self.operations) else {
                self.unavailable = true;
                return;
            };
            if took < shortest.mul_f64(FAR_TOO_SHORT) {
                self.lengthen(took, shortest, 16.0);
                continue;
            }
            self.samples.push(ns_each(took, self.operations));
            self.sizes.push(self.operations);
            if took < shortest.mul_f64(TOO_SHORT) {
                self.lengthen(took, shortest, 2.0);
            }
            return;
        }
    }

    /// Makes the batch longer, at most by the factor `limit`; by less where the clock has not even moved, as it may
    /// have been about to.
    fn lengthen(&mut self, took: Duration, shortest: Duration, limit: f64) {
        let limit = if took.is_zero() { limit.min(4.0) } else { limit };
        let shortfall = shortest.as_secs_f64() / took.as_secs_f64().max(1e-7);
        self.operations =
            (self.operations as f64 * (shortfall * 1.2).clamp(1.5, limit)).ceil() as u64;
    }
}

/// How long a batch must last, with a clock of this step.
pub(super) fn shortest(clock_step: Duration) -> Duration {
    (clock_step * STEPS_A_BATCH).max(SHORTEST)
}

fn ns_each(took: Duration, operations: u64) -> f64 {
    took.as_secs_f64() * 1e9 / operations as f64
}
