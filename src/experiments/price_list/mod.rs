//! What does one operation cost where nobody competes?
//!
//! Every counter's price, side by side, with how sure it is.

pub mod report;

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use crate::counter::{KINDS, Kind, NONE};
use crate::experiment::live::{LiveRow, LiveRows};
use crate::experiment::report::{Outcome, PriceRow, Report, Versus, Warning};
use crate::experiment::settings::{self, ConfigReader, Range, Setting};
use crate::experiment::{Experiment, RunOutcome};
use crate::measure::bootstrap::{self, Estimate};
use crate::measure::clock::{self, ms, step_ms};
use crate::measure::rounded;
use crate::measure::rounds::{MIN_SAMPLES, Rounds, Timed};
use crate::prose;
use crate::runtime::Harness;
use crate::runtime::counter_service::CounterHandle;
use crate::runtime::live::Table;
use report::{Body, Control, text};

/// The experiment.
#[derive(Debug)]
pub struct PriceList;

/// How the prices are to be measured.
#[derive(Debug)]
pub struct Config {
    budget: Duration,
}

/// How long it may take.
const BUDGET_MS: Setting<Range> = Setting {
    name: "budgetMs",
    attribute: "budget-ms",
    domain: Range(500, 120_000),
    default: 10_000,
    unit: "ms",
    meaning: prose("How long prices are measured: the longer, the narrower their intervals."),
};

impl Experiment for PriceList {
    const NAME: &'static str = "price-list";
    const QUESTION: &'static str = prose("What does one operation cost where nobody competes?");
    const EXTRA_THREADS: u32 = 1;
    const ALONE: bool = true;
    const LIVE: Option<fn() -> Table> = Some(PriceRow::table);

    type Config = Config;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> Config {
        let budget = Duration::from_millis(reader.get(&BUDGET_MS).into());
        // Only the page asks which one: it compares all others with it.
        settings::counter(reader);
        Config { budget }
    }

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome<Body> {
        let begin = Instant::now();
        let step = harness.clock_step();
        report.environment.clock_step_ms = Some(step_ms(step));
        harness.publish_rings(Arc::default());
        let seed = harness.seed();
        report.body.seed = Some(seed);
        // The clock may be too coarse for so little time: the report says that it is.
        let Some(mut prices) = Prices::new(harness, step, seed, config.budget) else {
            return RunOutcome::Finished;
        };
        let live_rows = LiveRows::publish(harness, prices.benchmarks.len());
        harness.compute(|| {
            let first_pass = prices.measure(begin, config.budget, &live_rows);
            report.body.first_pass_ms = first_pass.map(|after| rounded(ms(after), 1));
        });
        if harness.is_stopping() {
            report.outcome = Outcome::Stopped;
        }
        prices.fill(report);
        for row in report.body.prices.iter().flatten() {
            let mut places = prices.benchmarks.iter();
            if let Some(place) = places.position(|one| one.kind.name == row.counter) {
                live_rows.write(place, row);
            }
        }
        RunOutcome::Finished
    }
}

/// The most time for warming up: so that every row has its first, wide interval within three seconds.
const WARM_UP: Duration = Duration::from_millis(1500);

/// Samples, at most: the intervals of more take longer than they gain.
const MAX_SAMPLES: usize = 4000;

/// Rounds that a comparison of two counters rests on, at most: there are some hundreds of comparisons.
const MAX_PAIRS: usize = 300;

/// The empty loop's two places among the benchmarks, the counters' behind them.
const LOOP: usize = 0;
const LOOP_CONTROL: usize = 1;
const FIRST: usize = 2;

/// A counter that is timed, and how often it was incremented by then.
struct Benchmark {
    kind: &'static Kind,
    /// `None` if only the host can do it.
    counter: Option<CounterHandle>,
    made: Rc<Cell<u64>>,
}

impl Benchmark {
    fn new(harness: &Harness, kind: &'static Kind) -> Benchmark {
        Benchmark {
            kind,
            counter: harness.offers(kind).then(|| harness.counter(kind)),
            made: Rc::new(Cell::new(0)),
        }
    }

    /// Its loop, timed. The loop of no counter at all is the loop's own price.
    fn timed<'a>(&self, harness: &'a Harness) -> Timed<'a> {
        let kind = self.kind;
        let Some(counter) = &self.counter else {
            return Box::new(move |operations| harness.host().probe(kind.name, operations));
        };
        let (counter, made) = (Arc::clone(counter), Rc::clone(&self.made));
        Box::new(move |operations| {
            let start = Instant::now();
            let done = counter.inc_many(operations);
            let took = start.elapsed();
            made.set(made.get() + done);
            // One that was cancelled has no price.
            (done == operations).then_some(took)
        })
    }

    /// Increments that the counter missed. What the host did it has counted itself.
    fn lost(&self) -> i64 {
        let counter = self.counter.as_ref();
        counter.map_or(0, |counter| counter.missing(self.made.get()))
    }
}

/// The counters, and what has been sampled of them.
struct Prices<'a> {
    harness: &'a Harness,
    benchmarks: Vec<Benchmark>,
    rounds: Rounds<'a>,
}

impl Prices<'_> {
    fn new(harness: &Harness, step: Duration, seed: u32, budget: Duration) -> Option<Prices<'_>> {
        let shared = KINDS.iter().filter(|kind| kind.shared);
        let benchmarks: Vec<_> = shared.map(|kind| Benchmark::new(harness, kind)).collect();
        let empty = [LOOP, LOOP_CONTROL].map(|_| Benchmark::new(harness, &NONE));
        let timed = empty.iter().chain(&benchmarks);
        let timed = timed.map(|one| one.timed(harness)).collect();
        let rounds = Rounds::new(timed, step, seed.into()).with_reading(clock::reading());
        Some(Prices { harness, benchmarks, rounds: rounds.within(budget)? })
    }

    /// Samples round after round, and shows the prices meanwhile. Returns when every counter that can be
    /// timed had its first one; `None` if a stop came before.
    fn measure(
        &mut self,
        begin: Instant,
        budget: Duration,
        live_rows: &LiveRows<PriceRow>,
    ) -> Option<Duration> {
        let go_on = || !self.harness.is_stopping();
        self.rounds.warm_up(WARM_UP.min(budget / 3), &go_on);
        let (mut first_pass, mut next) = (None, 0);
        loop {
            let samples = self.rounds.len();
            let is_enough = begin.elapsed() >= budget || samples >= MAX_SAMPLES;
            if samples >= MIN_SAMPLES && is_enough || !self.rounds.round(&go_on) {
                return first_pass;
            }
            let samples = self.rounds.len();
            // An interval takes longer the more samples there are: then fewer are drawn anew.
            if samples < MIN_SAMPLES || !samples.is_multiple_of(1 + samples / 400) {
                continue;
            }
            let is_first = samples == MIN_SAMPLES;
            for _ in 0..if is_first { self.benchmarks.len() } else { 1 } {
                if let Some(row) = self.row(next) {
                    live_rows.write(next, &row);
                }
                next = (next + 1) % self.benchmarks.len();
            }
            if is_first {
                first_pass = Some(begin.elapsed());
            }
        }
    }

    /// What the rounds say. A counter that lost count though it never may has no price but a failure.
    fn fill(&self, report: &mut Report<Body>) {
        let rounds = &self.rounds;
        if rounds.len() < MIN_SAMPLES {
            return;
        }
        let mut rows = Vec::new();
        for (place, benchmark) in self.benchmarks.iter().enumerate() {
            let (name, lost) = (benchmark.kind.name, benchmark.lost());
            if benchmark.kind.exact && lost != 0 {
                report.fail(format!(
                    "the counter {name} misses {lost} increments, though nobody else was there"
                ));
            } else if let Some(row) = self.row(place) {
                let versus = Some(self.versus(place));
                rows.push(PriceRow { lost, versus, ..row });
            }
        }
        let Report { common, body } = report;
        body.loop_ns = bootstrap::median_ci(rounds.samples(LOOP)).map(|ns| rounded(ns.median, 3));
        body.control = rounds.difference(LOOP_CONTROL, LOOP).map(|found| Control {
            difference_ns: rounded(found.median, 4),
            low_ns: rounded(found.low, 4),
            high_ns: rounded(found.high, 4),
            shows: shows(found, rounds.resolution(LOOP_CONTROL, LOOP)),
        });
        common.text = text(&rows);
        common.warnings.extend(doubts(&rows, body.control.as_ref()));
        body.prices = Some(rows);
    }

    fn row(&self, place: usize) -> Option<PriceRow> {
        let (rounds, index) = (&self.rounds, FIRST + place);
        if rounds.is_unavailable(index) {
            return None;
        }
        let net = rounds.difference(index, LOOP)?;
        let samples = rounds.samples(index);
        let (warm_ups, settled) = rounds.warm_up_stats(index);
        Some(PriceRow {
            ns_per_op: rounded(net.median, 3),
            low_ns: rounded(net.low, 3),
            high_ns: rounded(net.high, 3),
            samples: samples.len() as u32,
            operations: rounds.operations(index),
            raw_ns: bootstrap::median(&mut samples.to_vec()).map(|raw| rounded(raw, 3)),
            outliers: Some(bootstrap::far_out(samples) as u32),
            warm_ups: Some(warm_ups),
            settled: Some(settled),
            ..PriceRow::of(self.benchmarks[place].kind, self.harness)
        })
    }

    /// A row's differences from all others that have a price.
    fn versus(&self, place: usize) -> Vec<Versus> {
        let rounds = &self.rounds;
        let others = self.benchmarks.iter().enumerate();
        let others =
            others.filter(|(other, _)| *other != place && !rounds.is_unavailable(FIRST + other));
        let comparisons = self.benchmarks.len() - 1;
        let versus = others.filter_map(|(other, benchmark)| {
            let (mine, theirs) = (FIRST + place, FIRST + other);
            let found = rounds.compared(mine, theirs, comparisons, MAX_PAIRS)?;
            Some(Versus {
                counter: benchmark.kind.name.to_owned(),
                difference_ns: rounded(found.median, 3),
                low_ns: rounded(found.low, 3),
                high_ns: rounded(found.high, 3),
                shows: shows(found, rounds.resolution(mine, theirs)),
            })
        });
        versus.collect()
    }
}

/// Prices that can't be trusted quite.
fn doubts(rows: &[PriceRow], control: Option<&Control>) -> Vec<Warning> {
    let unsettled = rows.iter().filter(|row| row.settled == Some(false));
    let counters: Vec<_> = unsettled.map(|row| row.counter.clone()).collect();
    let outliers: u32 = rows.iter().filter_map(|row| row.outliers).sum();
    let samples = rows.iter().map(|row| row.samples).sum();
    let control = control.filter(|control| control.shows);
    [
        (!counters.is_empty()).then_some(Warning::NotSettled { counters }),
        (outliers > 0).then_some(Warning::Outliers { outliers, samples }),
        control.map(|control| Warning::ControlDiffers { difference_ns: control.difference_ns }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a difference shows: its interval leaves out zero, and it is more than a step of the clock.
fn shows(found: Estimate, resolution: f64) -> bool {
    (found.low > 0.0 || found.high < 0.0) && found.median.abs() > resolution
}
