//! A master hands out jobs and wants to know when all are done: should it ask, or be told?
//!
//! The post's rounds of ten threads, polled once a second; and what if a worker dies. Not here: a master
//! that dies itself.

use std::hint::black_box;
use std::time::Duration;

use crate::experiment::report::{Outcome, Report};
use crate::experiment::settings::{Preset, Settings, Use};
use crate::experiment::{Ending, Experiment, master_failure};
use crate::experiments::masters::{MasterThread, Plan, SharedState, fill_in};
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
        notified: settings.choice("notice") == "told",
        weak: settings.choice("handles") == "weak",
        ..Plan::new(
            settings,
            settings.integer("times"),
            settings.choice("retry") == "on",
        )
    };
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    let state = SharedState::new(harness, plan, settings, report);
    lock(&state.log).poll_us = harness.compute(|| look_us(harness, &state, step));
    harness.publish_rings_with_master(state.rings.as_ref());
    if !state.start_workers(harness) {
        report.outcome = Outcome::Stopped;
        return Ending::Over;
    }
    let end = MasterThread::start(harness, &state).and_then(|chief| chief.run(false));
    finish_report(
        harness,
        &state,
        report,
        end.err().map(|error| error.to_string()),
    );
    Ending::Over
}

/// What one look at all workers of a round takes, in microseconds: many are timed together, for one is
/// shorter than a browser's clock can tell.
#[inline(never)]
pub(crate) fn look_us(harness: &Harness, state: &SharedState, step: Duration) -> Option<f64> {
    let mut looks = |times: u64| {
        for _ in 0..times {
            black_box(state.table.poll(0));
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
pub(crate) fn finish_report(
    harness: &Harness,
    state: &SharedState,
    report: &mut Report,
    error: Option<String>,
) {
    let runtime = harness.runtime();
    let stuck = state.stop_workers(|index| runtime.board().slot(index).is_killed());
    report.stuck = Some(stuck).filter(|stuck| !stuck.is_empty());
    report.failures = error.map(|message| vec![master_failure(message)]);
    fill_in(harness, state, report, |_| None);
    // A worker that was killed and that nobody missed is dead all the same.
    if (0..state.workers()).any(|index| runtime.board().slot(index).is_killed()) {
        runtime.mark_unusable();
    }
}
