//! The master ends itself while its jobs run: who lives on, and who collects what they finish?
//!
//! And what if it is a lock's holder that dies? Not here: rounds without a death.

mod holder;

use std::time::Duration;

use crate::experiment::report::{Outcome, Report};
use crate::experiment::settings::{Preset, Settings, Use};
use crate::experiment::{Ending, Experiment, Seen, master_failure};
use crate::experiments::master_worker;
use crate::experiments::masters::{
    MasterEnd, MasterEvent, MasterThread, Owner, Plan, SharedState, fill_in,
};
use crate::jobs::failure_detector::DeathCause;
use crate::measure::clock::step_ms;
use crate::runtime::Harness;
use crate::runtime::board::State;
use crate::runtime::lock;

/// The experiment.
pub const EXPERIMENT: Experiment = Experiment {
    name: "master-exit",
    question: "The master ends itself while its jobs run: who lives on, and who collects what they finish?",
    settings: &[
        Use::of("dies"),
        Use::or("threads", Preset::Integer(10)),
        Use::or("times", Preset::Integer(10)),
        Use::of("job"),
        Use::or("waitMs", Preset::Integer(3000)),
        Use::of("loops"),
        Use::of("owner"),
        Use::of("adopt"),
        Use::of("lock"),
        Use::of("pollMs"),
        Use::of("timeoutMs"),
    ],
    spare: 0,
    run,
    resume: Some(resume),
};

/// A successor comes so long after the death, or earlier where little would be left to adopt.
const FAILOVER_DELAY_MS: f64 = 800.0;
/// Chromium ends nested workers some two seconds after their parent: before that nobody can say who
/// survived.
const SETTLED_MS: f64 = 2200.0;
/// How often somebody who only waits looks again.
const LOOK: Duration = Duration::from_millis(10);

fn run(harness: &Harness, settings: &Settings, report: &mut Report) -> Ending {
    let step = harness.clock_step();
    report.environment.clock_step_ms = Some(step_ms(step));
    if settings.choice("dies") == "holder" {
        holder::run(harness, settings, report);
        return Ending::Over;
    }
    let plan = Plan {
        exits: true,
        adopt: settings.choice("adopt") == "on",
        // The master dies in the first round, and its heir ends that one.
        ..Plan::new(settings, 1, false)
    };
    let state = SharedState::new(harness, plan, settings, report);
    lock(&state.log).poll_us = harness.compute(|| master_worker::look_us(harness, &state, step));
    harness.publish_rings_with_master(state.rings.as_ref());
    if !state.start_workers(harness) {
        report.outcome = Outcome::Stopped;
        return Ending::Over;
    }
    match MasterThread::start(harness, &state).and_then(|chief| chief.run(plan.exits)) {
        Ok(MasterEnd::Exited) => Ending::Exit {
            adopt_after_ms: plan.job_ms().map_or(FAILOVER_DELAY_MS / 2.0, |job| {
                (job / 2.0).min(FAILOVER_DELAY_MS)
            }),
        },
        Ok(MasterEnd::Finished | MasterEnd::Stopped) => {
            master_worker::finish_report(harness, &state, report, None);
            Ending::Over
        }
        Err(error) => {
            master_worker::finish_report(harness, &state, report, Some(error.to_string()));
            Ending::Over
        }
    }
}

/// Goes on after the master's end, on a thread of its own: as its successor, or as somebody who only
/// waits until all is quiet and writes down what became of whom.
fn resume(harness: &Harness, state: &SharedState, seen: Option<Seen>, report: &mut Report) {
    lock(&state.log).seen = seen;
    let error = if state.plan.adopt && !harness.is_stopping() {
        let result = MasterThread::start(harness, state).and_then(|chief| chief.run(false));
        result.err().map(|error| error.to_string())
    } else {
        observe(harness, state);
        None
    };
    let died_ms = lock(&state.log).died_ms.unwrap_or_default();
    wait_until(harness, || state.now_ms() >= died_ms + SETTLED_MS);
    let survivors = state.count_survivors(harness);
    lock(&state.log).survivors = survivors;
    let runtime = harness.runtime();
    let orphaned = state.plan.owner == Owner::Master && survivors.is_some_and(|alive| alive == 0);
    let is_dead = |worker: usize| {
        if runtime.board().slot(worker).is_killed() {
            Some(DeathCause::Killed)
        } else {
            orphaned.then_some(DeathCause::WithOwner)
        }
    };
    let stuck =
        state.stop_workers(|worker| is_dead(worker).is_some() || state.plan.owner == Owner::Master);
    report.stuck = Some(stuck).filter(|stuck| !stuck.is_empty());
    report.failures = error.map(|message| vec![master_failure(message)]);
    fill_in(harness, state, report, |worker| is_dead(worker.into()));
    // Whoever belonged to the dead master is dead or about to be.
    runtime.mark_unusable();
}

/// Waits for the orphans: until they are through, or dead with their owner.
fn observe(harness: &Harness, state: &SharedState) {
    if let Some(rings) = &state.rings {
        let mut ring = rings.writer(state.workers());
        ring.push_kind(MasterEvent::Notary as u8, 0, state.ticks());
    }
    let runtime = harness.runtime();
    let timeout_ms = state.plan.rules.timeout_ms;
    let mut hearts = vec![(0, state.now_ms()); state.workers()];
    wait_until(harness, || {
        let now_ms = state.now_ms();
        for (index, heart) in hearts.iter_mut().enumerate() {
            let beats = runtime.board().slot(index).beats();
            if heart.0 != beats {
                *heart = (beats, now_ms);
            }
        }
        state.is_quiet(|worker| {
            let worker = usize::from(worker);
            let silent = now_ms - hearts[worker].1 >= timeout_ms;
            let mortal = state.plan.owner == Owner::Master
                || runtime.board().slot(worker).is_killed()
                || runtime.board().slot(worker).read().state == State::Failed;
            (silent && mortal).then_some(DeathCause::WithOwner)
        })
    });
}

/// Waits, alive, until something holds or a stop is asked for.
fn wait_until(harness: &Harness, mut holds: impl FnMut() -> bool) {
    while !harness.is_stopping() && !holds() {
        harness.runtime.park(LOOK);
    }
}
