//! From a trial to a point of the report: rates, fairness, waits, and what theory makes of the same
//! counter's single thread.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::report::{PointRow, Predicted, Unpredicted, WaitNs};
use super::trial::TrialResult;
use super::workload::{Pattern, SAMPLES, TrialConfig};
use crate::measure::clock::ms;
use crate::measure::latency::LatencyHistogram;
use crate::measure::models::{amdahl, fairness, repairman};
use crate::measure::rounded;
use crate::runtime::Harness;

/// Counters that shut nobody out: no theory of locks speaks of them.
pub(super) const LOCK_FREE: &[&str] = &["none", "racy", "atomic", "cas", "sharded", "js-atomics"];

/// The points that a sweep has found so far.
pub(super) struct Points<'a> {
    pub harness: &'a Harness,
    pub step: Duration,
    /// What one increment costs alone, by the counter's name.
    pub price_ns: Vec<(&'static str, f64)>,
    pub rows: Vec<PointRow>,
}

impl Points<'_> {
    fn of(&self, counter: &str) -> impl Iterator<Item = &PointRow> {
        self.rows.iter().filter(move |row| row.counter == counter)
    }

    /// Whether this counter has timed out at a point.
    pub fn timed_out(&self, counter: &str) -> bool {
        self.of(counter).any(|row| row.gave_up_after_ms.is_some())
    }

    /// Adds a trial's point. A counter that lost count though it never may has no numbers; that is returned.
    pub fn add(&mut self, trial: &TrialConfig, result: &TrialResult) -> Option<String> {
        let TrialConfig { kind, threads, .. } = *trial;
        let mut row = PointRow {
            counter: kind.name.to_owned(),
            side: self.harness.host().side().to_owned(),
            threads,
            hold_ns: trial.hold_ns,
            pause_ns: trial.pause_ns,
            lost: result.lost,
            increments: result.increments,
            gave_up_after_ms: result.timed_out_after.map(|after| rounded(ms(after), 1)),
            ..PointRow::default()
        };
        let is_wrong = kind.exact && result.lost != 0;
        if !is_wrong {
            self.fill(&mut row, trial, result);
        }
        self.rows.push(row);
        is_wrong.then(|| {
            format!(
                "{threads} threads made {} increments, but the counter {} misses {}",
                result.increments, kind.name, result.lost,
            )
        })
    }

    fn fill(&self, row: &mut PointRow, trial: &TrialConfig, result: &TrialResult) {
        let shares: Vec<u64> = result.made.iter().map(|made| made.iter().sum()).collect();
        let made: u64 = shares.iter().sum();
        let counted: Duration = result.lengths.iter().sum();
        if row.gave_up_after_ms.is_none() && made == 0 {
            // It came to its end, but did nothing while it was counted.
            row.gave_up_after_ms = Some(rounded(ms(counted), 1));
        }
        if row.gave_up_after_ms.is_some() {
            return;
        }
        let rate =
            |made: u64, long: Duration| rounded(made as f64 / long.as_secs_f64().max(1e-9), 1);
        let rates = (0..SAMPLES).map(|sample| {
            let made = result.made.iter().map(|made| made[sample]).sum();
            rate(made, result.lengths[sample])
        });
        row.ops_per_second = Some(rate(made, counted));
        row.low_ops_per_second = rates.clone().min_by(f64::total_cmp);
        row.high_ops_per_second = rates.max_by(f64::total_cmp);
        row.fairness = fairness(&shares).map(|fair| rounded(fair, 4));
        row.shares = Some(shares);
        if let Some(waits) = &result.waits {
            row.wait_ns = Some(self.waits(waits));
            row.histogram = Some(STANDARD.encode(waits.encoded()));
        }
        match self.predict(trial) {
            Some(Ok(predicted)) => row.predicted = Some(predicted),
            Some(Err(why)) => row.unpredicted = Some(why),
            None => {}
        }
        row.turns = trial.ownership.then(|| result.hold_intervals.clone());
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
        let alone = self.of(name).find(|row| row.threads == 1)?.ops_per_second?;
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
