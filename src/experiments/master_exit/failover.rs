//! What happens between a master's end and the report.

use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use crate::experiment::Rest;
use crate::experiments::masters::report::Body;
use crate::experiments::masters::{
    self, HEARTBEAT, MasterEvent, MasterThread, Owner, SharedState, ms,
};
use crate::jobs::failure_detector::{DeathCause, Evidence, FailureDetector, Health};
use crate::runtime::board::State;
use crate::runtime::{Harness, lock};

/// Chromium ends nested workers some two seconds after their parent: before that nobody can say which
/// survived.
const SETTLED_MS: f64 = 2200.0;
/// How often a condition that is waited for is looked at.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// Goes on after the master's end, on a thread of its own: as its successor, if another is to `adopt` its
/// jobs, or as an observer that waits until all is quiet. Then says what became of everyone.
pub(super) fn rest(state: Arc<SharedState>, adopt: bool) -> Rest<Body> {
    Box::new(move |harness, death, report| {
        let (state, runtime) = (&*state, harness.runtime());
        let died_ms = {
            let master = &mut lock(&state.log).master;
            master.death_seen_ms = death.map(|death| ms(death.death_seen_ms));
            master.answered = death.map(|death| death.answered);
            master.died_at_ms.unwrap_or_default()
        };
        let mut end = Ok(());
        if adopt && !harness.is_stopping() {
            let successor = MasterThread::start(harness, state);
            end = successor.and_then(|master| master.run(false).map(drop));
        } else {
            observe(harness, state);
        }
        wait_until(harness, || state.now_ms() >= died_ms + SETTLED_MS);
        let survivors = count_survivors(harness, state);
        lock(&state.log).master.survivors = survivors;
        let owned = state.config.owner == Owner::Master;
        let orphaned = (owned && survivors == Some(0)).then_some(DeathCause::WithOwner);
        let cause = |worker: u8| {
            let killed = runtime.board().slot(worker.into()).is_killed();
            killed.then_some(DeathCause::Killed).or(orphaned)
        };
        masters::finish(harness, state, report, end.err(), &cause, !owned);
        // The workers of the dead master are dead, or about to be.
        runtime.mark_unusable();
    })
}

/// Waits for the orphans: until each has finished its job, or is dead.
fn observe(harness: &Harness, state: &SharedState) {
    state.rings.writer(state.workers()).push_kind(MasterEvent::Observe as u8, 0, state.ticks());
    let runtime = harness.runtime();
    let orphaned = state.config.owner == Owner::Master;
    let evidence = |worker: u8| {
        let slot = runtime.board().slot(worker.into());
        let failed = slot.read().state == State::Failed;
        let is_doomed = orphaned || failed || slot.is_killed();
        Evidence {
            beats: slot.beats(),
            death: None,
            if_silent: is_doomed.then_some(DeathCause::WithOwner),
        }
    };
    let timeout_ms = state.config.rules.timeout_ms;
    // At most 128 workers.
    let workers = state.workers() as u8;
    let mut detector = FailureDetector::new(workers, timeout_ms, state.now_ms());
    wait_until(harness, || {
        detector.check(state.now_ms(), |_| true, evidence);
        let mut tokens = state.table.leases().filter_map(|lease| lease.token());
        tokens.all(|token| matches!(detector.health(token.worker), Health::Dead(_)))
    });
}

/// Counts the workers that beat within a few heartbeats from now on; `None` if a stop came first.
fn count_survivors(harness: &Harness, state: &SharedState) -> Option<u32> {
    let beats = |worker| harness.runtime.board().slot(worker).beats();
    let before: Vec<u32> = (0..state.workers()).map(beats).collect();
    let begin = Instant::now();
    wait_until(harness, || begin.elapsed() >= HEARTBEAT * 4);
    let threads = state.threads.get().filter(|_| !harness.is_stopping())?;
    let alive = (0..)
        .zip(before)
        .filter(|(worker, before)| beats(*worker) != *before && !threads.is_finished(*worker));
    // At most 128.
    Some(alive.count() as u32)
}

/// Waits, with heartbeats, until something holds or a stop is asked for.
fn wait_until(harness: &Harness, mut holds: impl FnMut() -> bool) {
    while !harness.is_stopping() && !holds() {
        harness.runtime.park(POLL_INTERVAL);
    }
}
