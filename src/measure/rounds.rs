//! The prices of several benchmarks at once, sampled in turns: a drift (a processor that gets warm, a neighbour
//! that wakes up) then hits all alike.

use std::time::Duration;

use web_time::Instant;

use super::benchmark::{Benchmark, shortest};
pub use super::benchmark::{STEPS_A_BATCH, Timed};
use super::bootstrap::{self, Estimate};
use super::random::SplitMix;

/// Samples that a price needs at least.
pub const MIN_SAMPLES: usize = 5;

/// Batches of a benchmark that there must be time for: to find their length, to warm up, to sample.
const BATCHES: u32 = 12;
/// Steps of the clock that a batch lasts at the very least, however little time there is.
const FEWEST_STEPS: u32 = 2;

/// Reads a clock.
type Clock<'a> = Box<dyn Fn() -> Duration + 'a>;

/// Prices of several benchmarks, taken in rounds: in each, one batch of every benchmark, in random order.
pub struct Rounds<'a> {
    benchmarks: Vec<Benchmark<'a>>,
    clock_step: Duration,
    clock_reading: Duration,
    shortest: Duration,
    random: SplitMix,
    now: Clock<'a>,
}

impl<'a> Rounds<'a> {
    /// Rounds of these benchmarks, with a clock of this step. The seed decides the order in each round.
    pub fn new(benchmarks: Vec<Timed<'a>>, clock_step: Duration, seed: u64) -> Rounds<'a> {
        let begin = Instant::now();
        Rounds {
            now: Box::new(move || begin.elapsed()),
            benchmarks: benchmarks.into_iter().map(Benchmark::new).collect(),
            clock_step,
            clock_reading: Duration::ZERO,
            shortest: shortest(clock_step),
            random: SplitMix::new(seed),
        }
    }

    /// The same, if one reading of the clock takes this long. About a reading is part of every batch, always the
    /// same part: [`difference`](Rounds::difference) allows for it.
    pub fn with_reading(self, clock_reading: Duration) -> Rounds<'a> {
        Rounds { clock_reading, ..self }
    }

    /// The same, if all of it must be done in about so long. On a coarse clock batches are then shorter than they
    /// should be, and intervals wider by what a step is worth in them. `None` if a batch would have to be shorter
    /// than two steps: then such a clock can't tell these prices in that time.
    pub fn within(self, budget: Duration) -> Option<Rounds<'a>> {
        // A handful of benchmarks.
        let batch = budget / (self.benchmarks.len().max(1) as u32 * BATCHES);
        let shortest = self.shortest.min(batch.max(shortest(Duration::ZERO)));
        (shortest >= self.clock_step * FEWEST_STEPS).then_some(Rounds { shortest, ..self })
    }

    /// Warms all benchmarks up, in turns, until for each the medians of two groups of three batches agree within
    /// 5 % (browsers compile twice, processors change their speed), or until the limit.
    ///
    /// To sample only in the steady state: Georges, Buytaert, Eeckhout, *Statistically Rigorous Java Performance
    /// Evaluation* (OOPSLA 2007).
    pub fn warm_up(&mut self, limit: Duration, go_on: &dyn Fn() -> bool) {
        let is_cold = |one: &Benchmark<'_>| !one.settled && !one.unavailable;
        let end = (self.now)() + limit;
        let mut is_first = true;
        while (self.now)() < end && self.benchmarks.iter().any(is_cold) {
            for index in self.order() {
                // Each needs one batch, to know how long it must be.
                if !go_on() || !is_first && (self.now)() >= end {
                    return;
                }
                let one = &mut self.benchmarks[index];
                if is_cold(one) {
                    one.warm_up(self.shortest);
                }
            }
            is_first = false;
        }
    }

    /// Runs one round: a sample of each benchmark. A round that is cut short is dropped, so that samples of the
    /// same number were always taken side by side; a benchmark that can't be timed any more is left out from then
    /// on. A batch that turns out too short is kept, and longer in the next round. Returns `false` if there is
    /// nothing to go on with.
    pub fn round(&mut self, go_on: &dyn Fn() -> bool) -> bool {
        let before = self.len();
        for index in self.order() {
            if !go_on() {
                for other in &mut self.benchmarks {
                    other.samples.truncate(before);
                    other.sizes.truncate(before);
                }
                return false;
            }
            let one = &mut self.benchmarks[index];
            if !one.unavailable {
                one.sample(self.shortest);
            }
        }
        self.benchmarks.iter().any(|one| !one.unavailable)
    }

    /// Whole rounds so far.
    pub fn len(&self) -> usize {
        let available = self.benchmarks.iter().filter(|one| !one.unavailable);
        available.map(|one| one.samples.len()).min().unwrap_or(0)
    }

    /// Whether there is no whole round yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the benchmark could not be timed.
    pub fn is_unavailable(&self, benchmark: usize) -> bool {
        self.benchmarks[benchmark].unavailable
    }

    /// Nanoseconds an operation, sample by sample.
    pub fn samples(&self, benchmark: usize) -> &[f64] {
        &self.benchmarks[benchmark].samples
    }

    /// Operations in all samples.
    pub fn operations(&self, benchmark: usize) -> u64 {
        self.benchmarks[benchmark].sizes.iter().sum()
    }

    /// Batches that warming up took, and whether it settled within its time.
    pub fn warm_up_stats(&self, benchmark: usize) -> (u32, bool) {
        let one = &self.benchmarks[benchmark];
        (one.warm_ups, one.settled)
    }

    /// By how much an operation of one benchmark takes longer than one of another, in nanoseconds: the median of
    /// the rounds' differences, and its bootstrap interval, wider on either side by one reading of the clock in a
    /// batch, an error that does not average out.
    pub fn difference(&self, benchmark: usize, other: usize) -> Option<Estimate> {
        let found = bootstrap::median_ci(&self.differences(benchmark, other, usize::MAX))?;
        Some(self.blurred(found, benchmark, other))
    }

    /// The same as one of so many `comparisons`, all of which hold together with 95 % confidence (Dunn, *Multiple
    /// comparisons among means*, JASA 56, 1961, by Bonferroni's inequality): wider the more there are. From at most
    /// `limit` of the rounds, evenly spread: many differences need not each rest on every round.
    pub fn compared(
        &self,
        benchmark: usize,
        other: usize,
        comparisons: usize,
        limit: usize,
    ) -> Option<Estimate> {
        let risk = 0.05 / comparisons.max(1) as f64;
        let differences = self.differences(benchmark, other, limit);
        let found = bootstrap::median_by_order(&differences, risk)?;
        Some(self.blurred(found, benchmark, other))
    }

    fn differences(&self, benchmark: usize, other: usize, limit: usize) -> Vec<f64> {
        let (mine, theirs) = (self.samples(benchmark), self.samples(other));
        let stride = mine.len().div_ceil(limit.max(1)).max(1);
        let pairs = mine.iter().zip(theirs).step_by(stride);
        pairs.map(|(one, two)| one - two).collect()
    }

    fn blurred(&self, found: Estimate, benchmark: usize, other: usize) -> Estimate {
        let blur = [benchmark, other].map(|one| self.ns_each(self.blur(), one, one));
        let error = self.ns_each(self.clock_reading, benchmark, other) + blur[0] + blur[1];
        Estimate { low: found.low - error, high: found.high + error, ..found }
    }

    /// A benchmark's price, in nanoseconds an operation: the samples' median and its interval.
    pub fn price(&self, benchmark: usize) -> Option<Estimate> {
        let found = bootstrap::median_ci(self.samples(benchmark))?;
        let blur = self.ns_each(self.blur(), benchmark, benchmark);
        Some(Estimate { low: (found.low - blur).max(0.0), high: found.high + blur, ..found })
    }

    /// What the clock's step may hide in a batch that is shorter than it should be; nothing in one that is not.
    fn blur(&self) -> Duration {
        if self.shortest < shortest(self.clock_step) { self.clock_step } else { Duration::ZERO }
    }

    /// The smallest difference that shows, in nanoseconds an operation: one step of the clock in a batch.
    pub fn resolution(&self, benchmark: usize, other: usize) -> f64 {
        self.ns_each(self.clock_step, benchmark, other)
    }

    /// What a time is worth in the shorter batch of two benchmarks, in nanoseconds an operation.
    fn ns_each(&self, time: Duration, benchmark: usize, other: usize) -> f64 {
        let operations = |benchmark: usize| {
            let one = &self.benchmarks[benchmark];
            one.sizes.iter().copied().min().unwrap_or(one.operations)
        };
        let fewest = operations(benchmark).min(operations(other)).max(1);
        time.as_secs_f64() * 1e9 / fewest as f64
    }

    fn order(&mut self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.benchmarks.len()).collect();
        self.random.shuffle(&mut order);
        order
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    /// A benchmark of this price, on a clock of the test's own, with up to 5 % of noise.
    fn noisy<'a>(ns: f64, random: &'a RefCell<SplitMix>) -> Timed<'a> {
        Box::new(move |operations| {
            let jitter = random.borrow_mut().below(1000) as f64 / 1000.0;
            let long = ns * operations as f64 * (1.0 + 0.05 * jitter);
            Some(Duration::from_secs_f64(long / 1e9))
        })
    }

    /// Rounds of these benchmarks, warmed up.
    fn warm<'a>(benchmarks: Vec<Timed<'a>>, clock_step: Duration) -> Rounds<'a> {
        let mut rounds = Rounds::new(benchmarks, clock_step, 1);
        rounds.warm_up(Duration::from_secs(5), &go);
        rounds
    }

    fn go() -> bool {
        true
    }

    const STEP: Duration = Duration::from_micros(1);

    #[test]
    fn a_batch_is_long_against_the_clocks_step() {
        let random = RefCell::new(SplitMix::new(1));
        let benchmarks = vec![noisy(5.0, &random), noisy(300_000.0, &random)];
        let mut rounds = warm(benchmarks, Duration::from_micros(100));
        assert!(rounds.round(&go));
        for benchmark in [0, 1] {
            let batch = rounds.samples(benchmark)[0] * rounds.operations(benchmark) as f64;
            assert!(batch >= 0.9 * 50.0 * 100_000.0, "{batch} ns");
        }
    }

    #[test]
    fn a_batch_stays_long_where_its_operations_get_quicker() {
        let ns = Cell::new(40_000.0);
        let timed: Timed<'_> = Box::new(|operations| {
            Some(Duration::from_secs_f64(ns.get() * operations as f64 / 1e9))
        });
        let mut rounds = warm(vec![timed], Duration::from_micros(5));
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
        assert!(counted > 5 * before, "every batch is counted as what it was");
        assert_eq!(rounds.samples(0)[0], 40_000.0, "the short ones are kept");
        assert_eq!(rounds.samples(0)[1], 8_000.0);
    }

    /// The only batch that there was time for before the samples is interrupted, and seems long with one operation.
    #[test]
    fn a_batch_whose_length_an_interruption_chose_is_no_sample() {
        let calls = Cell::new(0);
        let timed: Timed<'_> = Box::new(|operations| {
            calls.set(calls.get() + 1);
            let interruption = if calls.get() == 1 { 4_000_000 } else { 0 };
            Some(Duration::from_nanos(interruption + 10 * operations))
        });
        let mut rounds = Rounds::new(vec![timed], STEP, 1).with_reading(STEP);
        rounds.warm_up(Duration::from_secs(5), &|| calls.get() == 0);
        rounds.round(&go);
        assert!(rounds.operations(0) > 2_000, "{} of 10 ns each", rounds.operations(0));
    }

    #[test]
    fn the_interval_allows_for_a_reading_of_the_clock_in_every_batch() {
        let reading = Duration::from_nanos(40);
        // Without noise, and with a reading in each batch, the bootstrap is sure of the wrong difference.
        let exact = |ns: f64| -> Timed<'static> {
            Box::new(move |operations| {
                Some(Duration::from_secs_f64(ns * operations as f64 / 1e9) + reading)
            })
        };
        let holds = |reading| {
            let mut rounds = warm(vec![exact(5.0), exact(55.0)], STEP).with_reading(reading);
            for _ in 0..9 {
                rounds.round(&go);
            }
            let found = rounds.difference(1, 0).expect("samples");
            (found.low..=found.high).contains(&50.0)
        };
        assert!(!holds(Duration::ZERO) && holds(reading));
    }

    #[test]
    fn a_round_that_is_cut_short_is_dropped() {
        let random = RefCell::new(SplitMix::new(3));
        let mut rounds = warm([5.0, 6.0, 7.0].map(|ns| noisy(ns, &random)).into(), STEP);
        rounds.round(&go);
        let left = Cell::new(2);
        assert!(!rounds.round(&|| left.replace(left.get() - 1) > 0));
        assert_eq!([0, 1, 2].map(|one| rounds.samples(one).len()), [1, 1, 1]);
    }

    #[test]
    fn a_benchmark_that_cannot_be_timed_is_left_out_and_stops_no_other() {
        let random = RefCell::new(SplitMix::new(4));
        let mut calls = 0;
        let fails_later: Timed<'_> = Box::new(|operations| {
            calls += 1;
            (calls < 40).then(|| Duration::from_nanos(9 * operations))
        });
        let mut rounds = warm(vec![noisy(5.0, &random), Box::new(|_| None), fails_later], STEP);
        for _ in 0..50 {
            assert!(rounds.round(&go));
        }
        assert_eq!([0, 1, 2].map(|one| rounds.is_unavailable(one)), [false, true, true]);
        assert_eq!(rounds.len(), 50);
    }

    /// A benchmark of this price on a clock of this step, which does nothing but let time pass.
    fn stepping(ns: f64, step: Duration, now: &Cell<f64>) -> Timed<'_> {
        Box::new(move |operations| {
            let steps = |seconds: f64| (seconds / step.as_secs_f64()).floor();
            let before = now.get();
            now.set(before + ns * operations as f64 / 1e9);
            Some(step.mul_f64(steps(now.get()) - steps(before)))
        })
    }

    /// Whatever the clock's step: all is done in its time, and what is said is true; or nothing is.
    #[test]
    fn rounds_end_in_their_time_on_any_clock_or_say_that_they_cannot() {
        let prices: Vec<f64> = (0..20).map(|one| 0.3 * 1.4_f64.powi(one)).collect();
        let mut could = Vec::new();
        for budget_ms in [500, 10_000] {
            let budget = Duration::from_millis(budget_ms);
            for step_us in [5, 20, 100, 1000, 16_667, 100_000] {
                let step = Duration::from_micros(step_us);
                let now = Cell::new(0.0);
                let timed = prices.iter().map(|ns| stepping(*ns, step, &now)).collect();
                let Some(rounds) = Rounds::new(timed, step, 1).within(budget) else {
                    continue;
                };
                could.push((budget_ms, step_us));
                let mut rounds =
                    Rounds { now: Box::new(|| Duration::from_secs_f64(now.get())), ..rounds };
                rounds.warm_up(budget / 3, &go);
                while rounds.len() < MIN_SAMPLES || now.get() < budget.as_secs_f64() {
                    rounds.round(&go);
                }
                let took = now.get() / budget.as_secs_f64();
                assert!(took <= 1.2, "{took} of {budget_ms} ms by steps of {step_us} µs");
                for (index, ns) in prices.iter().enumerate() {
                    let found = rounds.difference(index, 0).expect("samples");
                    let wanted = ns - prices[0];
                    // Nothing here is random, so that not even a step in each batch averages out.
                    let error = 2.0 * rounds.resolution(index, 0);
                    assert!(
                        (found.low - error..=found.high + error).contains(&wanted),
                        "{wanted} ns, not {found:?}, by steps of {step_us} µs in {budget_ms} ms"
                    );
                }
            }
        }
        let fine = [(500, 5), (500, 20), (500, 100), (500, 1000)];
        let long = [(10_000, 5), (10_000, 20), (10_000, 100), (10_000, 1000), (10_000, 16_667)];
        assert_eq!(could, [&fine[..], &long[..]].concat());
    }
}
