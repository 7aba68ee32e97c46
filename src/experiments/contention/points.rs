//! From a trial to a point of the report: rates, fairness, waits, and what theory makes of the same
//! counter's single thread.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::report::{Bimodal, HoldInterval, PointRow, Predicted, Unpredicted, WaitNs};
use super::trial::TrialResult;
use super::workload::{Pattern, TrialConfig};
use crate::measure::bootstrap::{self, Estimate};
use crate::measure::clock::ms;
use crate::measure::latency::LatencyHistogram;
use crate::measure::models::{amdahl, fairness, repairman};
use crate::measure::rounded;
use crate::runtime::Harness;

/// Counters that shut nobody out: no theory of locks speaks of them.
pub(super) const LOCK_FREE: &[&str] =
    &["none", "racy", "atomic", "cas", "sharded", "js-atomics", "js-plain"];

/// What a sweep has found so far.
pub(super) struct Points<'a> {
    pub harness: &'a Harness,
    pub step: Duration,
    /// What one increment costs alone, by the counter's name.
    pub price_ns: Vec<(&'static str, f64)>,
    pub found: Vec<Point>,
}

/// What the trials of one counter with one number of threads have found so far.
pub(super) struct Point {
    pub trial: TrialConfig,
    /// Increments in each window, and how long it was.
    windows: Vec<(u64, Duration)>,
    shares: Vec<u64>,
    waits: Option<LatencyHistogram>,
    turns: Vec<HoldInterval>,
    increments: u64,
    lost: i64,
    timed_out_after: Option<Duration>,
}

/// A median window with fewer increments says little: one more or less is too much.
const FEW: u64 = 10;
/// How far two groups of windows lie apart at least where a lock has two speeds.
const APART: f64 = 10.0;

impl Point {
    pub fn new(trial: TrialConfig) -> Point {
        Point {
            trial,
            windows: Vec::new(),
            shares: vec![0; trial.threads as usize],
            waits: None,
            turns: Vec::new(),
            increments: 0,
            lost: 0,
            timed_out_after: None,
        }
    }

    /// Whether the lock did not finish with so many threads.
    pub fn timed_out(&self) -> bool {
        self.timed_out_after.is_some()
    }

    /// Adds a trial. A counter that lost count though it never may is wrong; that is returned.
    pub fn add(&mut self, result: TrialResult) -> Option<String> {
        self.windows.push((result.made.iter().sum(), result.length));
        for (share, made) in self.shares.iter_mut().zip(result.made) {
            *share += made;
        }
        self.waits = self.waits.take().or(result.waits);
        if self.trial.is_first {
            self.turns = result.hold_intervals;
        }
        self.trial.is_first = false;
        self.increments += result.increments;
        self.lost += result.lost;
        self.timed_out_after = result.timed_out_after;
        let TrialConfig { kind, threads, .. } = self.trial;
        (kind.exact && result.lost != 0).then(|| {
            format!(
                "{threads} threads made {} increments, but the counter {} misses {}",
                result.increments, kind.name, result.lost,
            )
        })
    }
}

impl Points<'_> {
    fn of(&self, counter: &str) -> impl Iterator<Item = &Point> {
        self.found.iter().filter(move |point| point.trial.kind.name == counter)
    }

    /// Whether this counter has timed out with some number of threads.
    pub fn timed_out(&self, counter: &str) -> bool {
        self.of(counter).any(Point::timed_out)
    }

    pub fn rows(&self) -> Vec<PointRow> {
        self.found.iter().map(|point| self.row(point)).collect()
    }

    /// A point as the report has it. A counter that proved wrong has no numbers.
    pub fn row(&self, point: &Point) -> PointRow {
        let TrialConfig { kind, threads, hold_ns, pause_ns, .. } = point.trial;
        let mut row = PointRow {
            counter: kind.name.to_owned(),
            side: self.harness.host().side().to_owned(),
            threads,
            hold_ns,
            pause_ns,
            lost: point.lost,
            increments: point.increments,
            gave_up_after_ms: point.timed_out_after.map(|after| rounded(ms(after), 1)),
            ..PointRow::default()
        };
        let is_wrong = kind.exact && point.lost != 0;
        if !is_wrong && row.gave_up_after_ms.is_none() {
            self.fill(&mut row, point);
        }
        row
    }

    fn fill(&self, row: &mut PointRow, point: &Point) {
        let (made, counted) = total(&point.windows);
        let Some(rates) = rates(&point.windows, self.step).filter(|_| made > 0) else {
            // It came to its end, but did nothing while it was counted.
            row.gave_up_after_ms = Some(rounded(ms(counted), 1));
            return;
        };
        row.ops_per_second = Some(rounded(rates.median, 1));
        row.low_ops_per_second = Some(rounded(rates.low, 1));
        row.high_ops_per_second = rates.high.is_finite().then(|| rounded(rates.high, 1));
        row.windows = Some(point.windows.iter().map(|window| rounded(rate(*window), 1)).collect());
        row.bimodal = bimodal(&point.windows);
        row.fairness = fairness(&point.shares).map(|fair| rounded(fair, 4));
        row.shares = Some(point.shares.clone());
        if let Some(waits) = &point.waits {
            row.wait_ns = Some(self.waits(waits));
            row.histogram = Some(STANDARD.encode(waits.encoded()));
        }
        match self.predict(&point.trial) {
            Some(Ok(predicted)) => row.predicted = Some(predicted),
            Some(Err(why)) => row.unpredicted = Some(why),
            None => {}
        }
        row.turns = point.trial.ownership.then(|| point.turns.clone());
    }

    fn waits(&self, waits: &LatencyHistogram) -> WaitNs {
        // A step of the clock, less than seconds.
        let step = self.step.as_nanos() as u64;
        let at_least = |ns: u64| ns.max(step);
        WaitNs {
            p50: at_least(waits.quantile(0.5)),
            p90: at_least(waits.quantile(0.9)),
            p99: at_least(waits.quantile(0.99)),
            max: at_least(waits.max()),
            count: waits.count(),
            step,
        }
    }

    /// What theory makes of the same counter's single thread; `None` if it has nothing to say.
    fn predict(&self, trial: &TrialConfig) -> Option<Result<Predicted, Unpredicted>> {
        let name = trial.kind.name;
        if trial.threads == 1 || trial.pattern != Pattern::Even || LOCK_FREE.contains(&name) {
            return None;
        }
        let alone = self.of(name).find(|point| point.trial.threads == 1)?;
        let alone = rates(&alone.windows, self.step)?.median;
        let cycle_ns = 1e9 / alone;
        // By what a cycle is made of, not by what is left of the measured one: a thread that lost its
        // processor lost it in both parts of the cycle.
        let mut prices = self.price_ns.iter();
        let price = prices.find(|(priced, _)| *priced == name)?.1;
        let inside_ns = f64::from(trial.hold_ns) + price;
        let share = inside_ns / (inside_ns + f64::from(trial.pause_ns));
        // One core would be a guess, and the prediction one too.
        let Some(cores) = self.harness.environment.cores else {
            return Some(Err(Unpredicted::CoresUnknown));
        };
        let cores = cores.clamp(1, trial.threads);
        let queued = repairman(cores, cycle_ns * (1.0 - share), cycle_ns * share);
        Some(Ok(Predicted {
            amdahl_ops_per_second: rounded(alone * amdahl(share, cores), 1),
            repairman_ops_per_second: rounded(queued, 1),
            serial_share: rounded(share, 4),
        }))
    }
}

/// Increments a second.
fn rate((made, length): (u64, Duration)) -> f64 {
    made as f64 / length.as_secs_f64().max(1e-9)
}

fn total(windows: &[(u64, Duration)]) -> (u64, Duration) {
    (windows.iter().map(|(made, _)| made).sum(), windows.iter().map(|(_, length)| length).sum())
}

/// Increments a second: the windows' median and its interval, wider by the step of the clock that each window's
/// length may be wrong by.
fn rates(windows: &[(u64, Duration)], step: Duration) -> Option<Estimate> {
    let rates: Vec<f64> = windows.iter().map(|window| rate(*window)).collect();
    let found = bootstrap::median_by_order(&rates, 0.05)?;
    let lengths = windows.iter().map(|(_, length)| length.as_secs_f64());
    let shortest = lengths.min_by(f64::total_cmp)?;
    let blur = step.as_secs_f64() / shortest.max(1e-9);
    // Where a window has hardly any increments, those of all windows within the interval tell more; if there are none, all.
    let mut usual = windows.to_vec();
    usual.retain(|window| (found.low..=found.high).contains(&rate(*window)));
    let is_told = found.median * shortest >= FEW as f64;
    let [usual, all] = [total(&usual), total(windows)];
    let few = rate(if usual.0 > 0 { usual } else { all });
    let median = if is_told { found.median } else { few };
    let high = if blur < 1.0 { found.high / (1.0 - blur) } else { f64::INFINITY };
    Some(Estimate { median, low: found.low / (1.0 + blur), high: high.max(median) })
}

/// Whether windows fall into two groups, of at least two each, that lie [`APART`].
fn bimodal(windows: &[(u64, Duration)]) -> Option<Bimodal> {
    // One more increment is no other speed.
    let mut rates: Vec<f64> =
        windows.iter().map(|(made, length)| rate(((*made).max(1), *length))).collect();
    bootstrap::sort(&mut rates);
    let gaps = (2..(rates.len() + 1).saturating_sub(2))
        .map(|place| (rates[place] / rates[place - 1], place));
    let (gap, place) = gaps.max_by(|one, two| one.0.total_cmp(&two.0))?;
    let (slow, quick) = rates.split_at_mut(place);
    (gap >= APART).then_some(Bimodal {
        slow_ops_per_second: rounded(bootstrap::median(slow)?, 1),
        quick_ops_per_second: rounded(bootstrap::median(quick)?, 1),
        // As many as there are rounds.
        slow_windows: place as u32,
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    fn windows(made: &[u64]) -> Vec<(u64, Duration)> {
        made.iter().map(|made| (*made, 10 * MS)).collect()
    }

    #[test]
    fn a_point_is_its_windows_median_and_an_interval_that_one_odd_window_does_not_move() {
        let ten = windows(&[100, 101, 102, 103, 104, 105, 106, 107, 108, 1]);
        let found = rates(&ten, Duration::ZERO).expect("ten windows");
        assert_eq!((found.low, found.median, found.high), (10_000.0, 10_350.0, 10_700.0));
        let blurred = rates(&ten, 5 * MS).expect("ten windows");
        assert_eq!(
            (blurred.low.round(), blurred.high),
            (6_667.0, 21_400.0),
            "half a window is unknown"
        );
        assert!(rates(&ten, 10 * MS).is_some_and(|found| found.high.is_infinite()));
    }

    #[test]
    fn where_windows_have_hardly_any_increments_their_sum_tells_more_than_their_median() {
        let slow = windows(&[0, 0, 0, 0, 0, 0, 1, 2, 0, 1]);
        assert_eq!(rates(&slow, Duration::ZERO).map(|found| found.median.round()), Some(22.0));
        let found = rates(&windows(&[0, 0, 0, 0, 0, 0, 1, 90_000, 0, 1]), Duration::ZERO);
        assert_eq!(
            found.map(|found| found.median.round()),
            Some(22.0),
            "an odd one changes nothing"
        );
        let found = rates(&windows(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), Duration::ZERO);
        assert_eq!(
            found.map(|found| (found.low, found.median, found.high)),
            Some((0.0, 10.0, 10.0))
        );
        assert_eq!(bimodal(&slow), None, "one increment more is no other speed");
    }

    #[test]
    fn a_lock_of_two_speeds_says_both() {
        let found = bimodal(&windows(&[2, 90_000, 3, 2, 80_000, 85_000, 2, 2, 3, 2]));
        let told = Bimodal {
            slow_ops_per_second: 200.0,
            quick_ops_per_second: 8_500_000.0,
            slow_windows: 7,
        };
        assert_eq!(found, Some(told));
        assert_eq!(
            bimodal(&windows(&[2, 90_000, 80_000, 85_000, 90_000, 91_000])),
            None,
            "one window may be an accident"
        );
        assert_eq!(bimodal(&windows(&[100, 200, 300, 400])), None);
        assert_eq!(bimodal(&windows(&[1, 100])), None);
    }
}
