//! A master hands out jobs and wants to know when all are done: should it ask, or be told?
//!
//! The post's rounds of ten threads, polled once a second; and what if a worker dies. Not here: a master
//! that dies itself.

use std::hint::black_box;
use std::time::Duration;

use crate::experiment::report::{Outcome, Report};
use crate::experiment::settings::{Preset, Settings, Use};
use crate::experiment::{Ending, Experiment, master_failure};
use crate::experiments::masters::{Chief, Estate, Plan, fill_in};
use crate::measure::clock::step_ms;
use crate::measure::price;
use crate::measure::rounded;
use crate::runtime::Harness;
use crate::runtime::lock;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "master-worker",
    question: "A master hands out jobs and wants to know when all are done: should it ask, or be told?",
    settings: &[
        Use::or("threads", Preset::Integer(10)),
        Use::or("times", Preset::Integer(10)),
        Use::of("job"),
        Use::or("waitMs", Preset::Integer(300)),
        Use::of("loops"),
        Use::of("notice"),
        Use::of("pollMs"),
        Use::of("handles"),
        Use::of("timeoutMs"),
        Use::of("retry"),
        Use::of("owner"),
    ],
    spare: 0,
    run,
    resume: None,
};

fn run(harness: &Harness, settings: &Settings, report: &mut Report) -> Ending {
    let plan = Plan {
        told: settings.choice("notice") == "told",
        weak: settings.choice("handles") == "weak",
        ..Plan::new(
            settings,
            settings.integer("times"),
            settings.choice("retry") == "on",
        )
    };
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    let estate = Estate::new(harness, plan, settings, report);
    lock(&estate.diary).poll_us = harness.compute(|| look_us(harness, &estate, step));
    harness.publish_rings_with_master(estate.rings.as_ref());
    if !estate.open(harness) {
        report.outcome = Outcome::Stopped;
        return Ending::Over;
    }
    let end = Chief::take_office(harness, &estate).and_then(|chief| chief.reign(false));
    wind_up(
        harness,
        &estate,
        report,
        end.err().map(|refusal| refusal.to_string()),
    );
    Ending::Over
}

/// What one look at all workers of a round takes, in microseconds: many are timed together, for one is
/// shorter than a browser's clock can tell.
#[inline(never)]
pub(crate) fn look_us(harness: &Harness, estate: &Estate, step: Duration) -> Option<f64> {
    let mut looks = |times: u64| {
        for _ in 0..times {
            black_box(estate.ledger.poll(0));
        }
    };
    let plan = price::Plan {
        step,
        warm_up: Duration::from_millis(15),
        budget: Duration::from_millis(15),
        samples: 20,
    };
    let price = price::price(plan, &mut looks, &|| !harness.is_stopping())?;
    Some(rounded(price.ns.median / 1e3, 4))
}

/// Sends everyone home and fills in the report.
#[inline(never)]
pub(crate) fn wind_up(
    harness: &Harness,
    estate: &Estate,
    report: &mut Report,
    refusal: Option<String>,
) {
    let runtime = harness.runtime();
    let stuck = estate.close(&runtime, |index| runtime.board().slot(index).is_killed());
    report.stuck = Some(stuck).filter(|stuck| !stuck.is_empty());
    report.failures = refusal.map(|message| vec![master_failure(message)]);
    fill_in(harness, estate, report, |_| None);
    // A worker that was killed and that nobody missed is dead all the same.
    if (0..estate.workers()).any(|index| runtime.board().slot(index).is_killed()) {
        runtime.mark_unusable();
    }
}
