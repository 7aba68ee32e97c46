//! A master hands out jobs and wants to know when all are done: should it ask, or be told?
//!
//! The post's rounds of ten threads, polled once a second; and what if a worker dies.

use std::hint::black_box;
use std::time::Duration;

use crate::experiment::report::{Outcome, Report};
use crate::experiment::settings::{
    ConfigReader, LOOPS, ON_OFF, OneOf, Setting, THREADS, TIMES, WAIT_MS,
};
use crate::experiment::{Experiment, RunOutcome};
use crate::experiments::masters::report::Body;
use crate::experiments::masters::{
    JOB, MasterThread, OWNER, POLL_MS, Plan, SharedState, TIMEOUT_MS, fill_in,
};
use crate::jobs::master::Rules;
use crate::measure::clock::step_ms;
use crate::measure::price;
use crate::measure::rounded;
use crate::runtime::Harness;
use crate::runtime::lock;

/// The experiment.
#[derive(Debug)]
pub struct MasterWorker;

/// What a run is to be.
#[derive(Debug)]
pub struct Config(Plan);

const NOTICE: Setting<OneOf<bool>> = Setting {
    name: "notice",
    attribute: "notice",
    domain: OneOf(&[("poll", false), ("told", true)]),
    default: false,
    unit: "",
    meaning: "How the master learns that a round is over: it asks, or the last worker tells it.",
};

const HANDLES: Setting<OneOf<bool>> = Setting {
    name: "handles",
    attribute: "handles",
    domain: OneOf(&[("strong", false), ("weak", true)]),
    default: false,
    unit: "",
    meaning: "Whether the master's handles keep the jobs that it started alive.",
};

const RETRY: Setting<OneOf<bool>> = Setting {
    name: "retry",
    attribute: "retry",
    domain: ON_OFF,
    default: true,
    unit: "",
    meaning: "Whether a silent worker's job is given to another.",
};

impl Experiment for MasterWorker {
    const NAME: &'static str = "master-worker";
    const QUESTION: &'static str =
        "A master hands out jobs and wants to know when all are done: should it ask, or be told?";

    type Config = Config;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> Config {
        // In the order of the controls.
        let threads = reader.get(&THREADS.with_default(10));
        let rounds = reader.get(&TIMES.with_default(10));
        let job = reader.get(&JOB);
        let busy = job.busy(reader.get(&WAIT_MS.with_default(300)), reader.get(&LOOPS));
        let notified = reader.get(&NOTICE);
        let poll_ms = reader.get(&POLL_MS);
        let weak = reader.get(&HANDLES);
        let rules = Rules {
            timeout_ms: reader.get(&TIMEOUT_MS).into(),
            retry: reader.get(&RETRY),
        };
        Config(Plan {
            threads,
            rounds,
            busy,
            notified,
            poll_ms,
            weak,
            rules,
            owner: reader.get(&OWNER),
            exits: false,
            adopt: false,
        })
    }

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome {
        let step = harness.clock_step();
        report.environment.clock_step_ms = Some(step_ms(step));
        let state = SharedState::new(harness, config.0);
        lock(&state.log).poll_us = harness.compute(|| look_us(harness, &state, step));
        harness.publish_rings_with_master(state.rings.as_ref());
        if !state.start_workers(harness) {
            report.outcome = Outcome::Stopped;
            return RunOutcome::Finished;
        }
        let end = MasterThread::start(harness, &state).and_then(|master| master.run(false));
        let error = end.err().map(|error| error.to_string());
        finish_report(harness, &state, report, error);
        RunOutcome::Finished
    }
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
    report: &mut Report<Body>,
    error: Option<String>,
) {
    let runtime = harness.runtime();
    let stuck = state.stop_workers(|index| runtime.board().slot(index).is_killed());
    report.stuck = Some(stuck).filter(|stuck| !stuck.is_empty());
    if let Some(message) = error {
        report.fail(message);
    }
    fill_in(harness, state, report, |_| None);
    // A worker that was killed and that nobody missed is dead all the same.
    if (0..state.workers()).any(|index| runtime.board().slot(index).is_killed()) {
        runtime.mark_unusable();
    }
}
