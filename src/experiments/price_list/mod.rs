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
    meaning: "How long prices are measured: the longer, the narrower their intervals.",
};

impl Experiment for PriceList {
    const NAME: &'static str = "price-list";
    const QUESTION: &'static str = "What does one operation cost where nobody competes?";
    const EXTRA_THREADS: u32 = 1;
    const LIVE: Option<fn() -> Table> = Some(PriceRow::table);

    type Config = Config;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> Config {
        let budget = Duration::from_millis(reader.get(&BUDGET_MS).into());
        // Only the page asks which one: it compares all others with it.
        settings::counter(reader);
        Config { budget }
    }

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome {
        measure(harness, config.budget, report);
        RunOutcome::Finished
    }
}

/// The most time for warming up: so that every row has its first, wide interval within three seconds.
const WARM_UP: Duration = Duration::from_millis(1500);

/// Samples, at most: the intervals of more take longer than they gain.
const SAMPLES: usize = 4000;

/// Rounds that a comparison of two counters rests on, at most: there are some hundreds of them.
const COMPARED: usize = 300;

/// What is timed: a counter, and how often it was incremented by then.
struct Ware<'a> {
    kind: &'static Kind,
    /// `None` where only the host can do it.
    counter: Option<CounterHandle>,
    harness: &'a Harness,
    made: Rc<Cell<u64>>,
}

impl<'a> Ware<'a> {
    fn new(harness: &'a Harness, kind: &'static Kind) -> Ware<'a> {
        Ware {
            kind,
            counter: kind.is_here().then(|| harness.counter(kind)),
            harness,
            made: Rc::new(Cell::new(0)),
        }
    }

    /// Its loop, timed. The loop of no counter at all is the loop's own price.
    fn timed(&self) -> Timed<'a> {
        let (kind, harness) = (self.kind, self.harness);
        let Some(counter) = &self.counter else {
            return Box::new(move |operations| harness.host().probe(kind.name, operations));
        };
        let (counter, made) = (Arc::clone(counter), Rc::clone(&self.made));
        Box::new(move |operations| {
            let start = Instant::now();
            let done = counter.inc_many(operations);
            let took = start.elapsed();
            made.set(made.get() + done);
            // One that gave up has no price.
            (done == operations).then_some(took)
        })
    }

    /// Increments that the counter missed.
    fn lost(&self) -> i64 {
        // What the host did it has counted itself.
        let counter = self.counter.as_ref();
        counter.map_or(0, |counter| self.made.get() as i64 - counter.value())
    }
}

/// The empty loop's two places among the things that are timed, the counters' behind them.
const LOOP: usize = 0;
const AGAIN: usize = 1;
const FIRST: usize = 2;

fn measure(harness: &Harness, budget: Duration, report: &mut Report<Body>) {
    let begin = Instant::now();
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    harness.publish_rings(None);
    let wares: Vec<Ware> = KINDS
        .iter()
        .filter(|kind| kind.shared)
        .map(|kind| Ware::new(harness, kind))
        .collect();
    let nothing = [Ware::new(harness, &NONE), Ware::new(harness, &NONE)];
    let things = nothing.iter().chain(&wares).map(Ware::timed).collect();
    let seed = harness.seed();
    report.body.seed = Some(seed);
    let mut rounds = Rounds::new(things, step, seed.into()).with_reading(clock::reading());
    let live_rows = LiveRows::publish(harness, wares.len());
    let go_on = || !harness.is_stopping();

    harness.compute(|| {
        rounds.warm_up(WARM_UP.min(budget / 3), &go_on);
        let mut next = 0;
        while rounds.len() < MIN_SAMPLES || begin.elapsed() < budget && rounds.len() < SAMPLES {
            if !rounds.round(&go_on) {
                break;
            }
            // An interval takes longer the more samples there are: then fewer are drawn anew.
            let often = 1 + rounds.len() / 400;
            if rounds.len() >= MIN_SAMPLES && rounds.len().is_multiple_of(often) {
                let upto = if rounds.len() == MIN_SAMPLES {
                    wares.len()
                } else {
                    1
                };
                for _ in 0..upto {
                    if let Some(row) = price(harness, &rounds, &wares[next], FIRST + next) {
                        live_rows.write(next, &row);
                    }
                    next = (next + 1) % wares.len();
                }
                if rounds.len() == MIN_SAMPLES {
                    report.body.first_pass_ms = Some(rounded(ms(begin.elapsed()), 1));
                }
            }
        }
    });

    if harness.is_stopping() {
        report.outcome = Outcome::Stopped;
    }
    fill(harness, report, &rounds, &wares);
    for row in report.body.prices.iter().flatten() {
        let mut places = wares.iter();
        if let Some(place) = places.position(|ware| ware.kind.name == row.counter) {
            live_rows.write(place, row);
        }
    }
}

/// What the rounds say so far. A counter that lost count though it never may has no price but a failure.
fn fill(harness: &Harness, report: &mut Report<Body>, rounds: &Rounds, wares: &[Ware]) {
    if rounds.len() < MIN_SAMPLES {
        return;
    }
    let mut rows = Vec::new();
    for (place, ware) in wares.iter().enumerate() {
        let lost = ware.lost();
        if ware.kind.exact && lost != 0 {
            let name = ware.kind.name;
            report.fail(format!(
                "the counter {name} misses {lost} increments, though nobody else was there"
            ));
            continue;
        }
        let Some(mut row) = price(harness, rounds, ware, FIRST + place) else {
            continue;
        };
        row.lost = lost;
        row.versus = Some(versus(rounds, wares, place));
        rows.push(row);
    }
    report.body.loop_ns =
        bootstrap::median_ci(rounds.samples(LOOP)).map(|found| rounded(found.median, 3));
    report.body.control = rounds.difference(AGAIN, LOOP).map(|found| Control {
        difference_ns: rounded(found.median, 4),
        low_ns: rounded(found.low, 4),
        high_ns: rounded(found.high, 4),
        shows: shows(found, rounds.resolution(AGAIN, LOOP)),
    });
    report.text = text(&rows);
    report.warnings.extend(doubts(&rows, report.body.control.as_ref()));
    report.body.prices = Some(rows);
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
        control.map(|control| Warning::ControlDiffers {
            difference_ns: control.difference_ns,
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn price(harness: &Harness, rounds: &Rounds, ware: &Ware, thing: usize) -> Option<PriceRow> {
    if rounds.is_unavailable(thing) {
        return None;
    }
    let net = rounds.difference(thing, LOOP)?;
    let samples = rounds.samples(thing);
    let (warm_ups, settled) = rounds.warm_up_stats(thing);
    Some(PriceRow {
        ns_per_op: rounded(net.median, 3),
        low_ns: rounded(net.low, 3),
        high_ns: rounded(net.high, 3),
        samples: samples.len() as u32,
        operations: rounds.operations(thing),
        raw_ns: bootstrap::median(&mut samples.to_vec()).map(|raw| rounded(raw, 3)),
        outliers: Some(bootstrap::far_out(samples) as u32),
        warm_ups: Some(warm_ups),
        settled: Some(settled),
        ..PriceRow::of(ware.kind, harness)
    })
}

/// A row's differences from all others that have a price.
fn versus(rounds: &Rounds, wares: &[Ware], place: usize) -> Vec<Versus> {
    let others = wares
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != place);
    let others = others.filter(|(other, _)| !rounds.is_unavailable(FIRST + other));
    let versus = others.filter_map(|(other, ware)| {
        let found = rounds.difference_in(FIRST + place, FIRST + other, COMPARED)?;
        Some(Versus {
            counter: ware.kind.name.to_owned(),
            difference_ns: rounded(found.median, 3),
            low_ns: rounded(found.low, 3),
            high_ns: rounded(found.high, 3),
            shows: shows(found, rounds.resolution(FIRST + place, FIRST + other)),
        })
    });
    versus.collect()
}

/// Whether a difference shows: its interval leaves out zero, and it is more than a step of the clock.
fn shows(found: Estimate, resolution: f64) -> bool {
    (found.low > 0.0 || found.high < 0.0) && found.median.abs() > resolution
}
