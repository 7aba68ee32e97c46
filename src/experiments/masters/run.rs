//! The beginning and the end of a run: workers started, workers stopped, the report filled in.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use super::config::MasterConfig;
use super::report::Body;
use super::shared_state::SharedState;
use super::summary::fill_in;
use super::worker::Worker;
use crate::experiment::report::{Outcome, Report};
use crate::jobs::LeaseError;
use crate::jobs::failure_detector::DeathCause;
use crate::measure::clock::step_ms;
use crate::measure::{price, rounded};
use crate::runtime::workers::{PhaseConfig, WorkerFn};
use crate::runtime::{Harness, lock};

/// Starts the workers of a run, which wait for their first master; `None` if one did not start, or a stop
/// came first.
#[inline(never)]
pub(crate) fn start(
    harness: &Harness,
    config: &MasterConfig,
    report: &mut Report<Body>,
) -> Option<Arc<SharedState>> {
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    let state = Arc::new(SharedState::new(*config));
    lock(&state.log).poll_us = harness.compute(|| poll_us(harness, &state, step));
    harness.publish_rings_with_master(Arc::clone(&state.rings));
    let phase = PhaseConfig {
        number: Some(0),
        workers: config.threads,
        planned: config.threads * config.rounds,
        rings: Arc::clone(&state.rings),
    };
    let theirs = Arc::clone(&state);
    let body: WorkerFn = Arc::new(move |context| Worker::new(context, &theirs).run());
    let threads = state.threads.get_or_init(|| harness.start_workers(&phase, &body));
    if threads.started().is_none() {
        report.outcome = Outcome::Stopped;
        // A thread that is on its way must not come into the next run.
        threads.stop(|_| false);
        return None;
    }
    Some(state)
}

/// Stops the workers and fills in the report. `cause` says which workers are known to be dead if no master
/// is left to know it; `waits` whether the others are waited for; `error` is why the last master ended early.
pub(crate) fn finish(
    harness: &Harness,
    state: &SharedState,
    report: &mut Report<Body>,
    error: Option<LeaseError>,
    cause: &dyn Fn(u8) -> Option<DeathCause>,
    waits: bool,
) {
    let runtime = harness.runtime();
    let is_killed = |worker| runtime.board().slot(worker).is_killed();
    if let Some(threads) = state.threads.get() {
        threads.stop(|worker| !waits || is_killed(worker));
    }
    if let Some(error) = error {
        report.fail(error.to_string());
    }
    fill_in(state, report, cause);
    if harness.is_stopping() {
        report.outcome = Outcome::Stopped;
    }
    // A worker that was killed and that nobody missed is dead all the same.
    if (0..state.workers()).any(is_killed) {
        runtime.mark_unusable();
    }
}

/// What one poll of a round takes, in microseconds: many are timed together, for one is shorter than a
/// browser's clock can tell.
fn poll_us(harness: &Harness, state: &SharedState, step: Duration) -> Option<f64> {
    let mut polls = |times: u64| {
        for _ in 0..times {
            black_box(state.table.poll(0));
        }
    };
    let sampling = price::Sampling {
        clock_step: step,
        warm_up: Duration::from_millis(15),
        budget: Duration::from_millis(15),
        max_samples: 20,
    };
    let price = price::price(sampling, &mut polls, &|| !harness.is_stopping())?;
    Some(rounded(price.ns.median / 1e3, 4))
}
