//! The master ends itself while its jobs run: who lives on, and who collects what they finish?
//!
//! And what if it is a lock's holder that dies?

mod holder;

use std::time::Duration;

use crate::experiment::report::{Outcome, Report};
use crate::experiment::settings::{
    ConfigReader, LOOPS, ON_OFF, OneOf, Setting, THREADS, TIMES, WAIT_MS,
};
use crate::experiment::{DeathObservation, Experiment, RunOutcome, State};
use crate::experiments::master_worker;
use crate::experiments::masters::report::Body;
use crate::experiments::masters::{
    JOB, MasterEnd, MasterEvent, MasterThread, OWNER, Owner, POLL_MS, Plan, SharedState,
    TIMEOUT_MS, fill_in,
};
use crate::jobs::failure_detector::DeathCause;
use crate::jobs::master::Rules;
use crate::measure::clock::step_ms;
use crate::runtime::Harness;
use crate::runtime::board;
use crate::runtime::lock;

/// The experiment.
#[derive(Debug)]
pub struct MasterExit;

/// Who dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dies {
    Master,
    Holder,
}

/// What a run is to be.
#[derive(Debug)]
pub struct Config {
    dies: Dies,
    plan: Plan,
    holder: holder::Config,
}

const DIES: Setting<OneOf<Dies>> = Setting {
    name: "dies",
    attribute: "dies",
    domain: OneOf(&[("master", Dies::Master), ("holder", Dies::Holder)]),
    default: Dies::Master,
    unit: "",
    meaning: "Who dies: the master, or a worker while it holds the lock.",
};

const ADOPT: Setting<OneOf<bool>> = Setting {
    name: "adopt",
    attribute: "adopt",
    domain: ON_OFF,
    default: true,
    unit: "",
    meaning: "Whether a new master takes over from the dead one.",
};

const LOCK: Setting<OneOf<bool>> = Setting {
    name: "lock",
    attribute: "lock",
    domain: OneOf(&[("plain", false), ("robust", true)]),
    default: true,
    unit: "",
    meaning: "The lock whose holder dies: one that does not know its holder, or one that does.",
};

/// A successor comes so long after the death, or earlier where little would be left to adopt.
const FAILOVER_DELAY_MS: f64 = 800.0;
/// Chromium ends nested workers some two seconds after their parent: before that nobody can say who
/// survived.
const SETTLED_MS: f64 = 2200.0;
/// How often somebody who only waits looks again.
const LOOK: Duration = Duration::from_millis(10);

impl Experiment for MasterExit {
    const NAME: &'static str = "master-exit";
    const QUESTION: &'static str = "The master ends itself while its jobs run: who lives on, and who collects what they finish?";

    type Config = Config;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> Config {
        // In the order of the controls.
        let dies = reader.get(&DIES);
        let threads = reader.get(&THREADS.with_default(10));
        reader.get(&TIMES.with_default(10));
        let job = reader.get(&JOB);
        let wait_ms = reader.get(&WAIT_MS.with_default(3000));
        let loops = reader.get(&LOOPS);
        let owner = reader.get(&OWNER);
        let adopt = reader.get(&ADOPT);
        let robust = reader.get(&LOCK);
        let poll_ms = reader.get(&POLL_MS);
        let timeout_ms = reader.get(&TIMEOUT_MS);
        Config {
            dies,
            plan: Plan {
                threads,
                // The master dies in the first round, and its successor ends that one.
                rounds: 1,
                busy: job.busy(wait_ms, loops),
                notified: false,
                poll_ms,
                weak: false,
                rules: Rules {
                    timeout_ms: timeout_ms.into(),
                    retry: false,
                },
                owner,
                exits: true,
                adopt,
            },
            holder: holder::Config {
                threads,
                wait_ms,
                robust,
                timeout_ms,
            },
        }
    }

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome {
        let step = harness.clock_step();
        report.environment.clock_step_ms = Some(step_ms(step));
        if config.dies == Dies::Holder {
            holder::run(harness, &config.holder, report);
            return RunOutcome::Finished;
        }
        let plan = config.plan;
        let state = SharedState::new(harness, plan);
        lock(&state.log).poll_us =
            harness.compute(|| master_worker::look_us(harness, &state, step));
        harness.publish_rings_with_master(state.rings.as_ref());
        if !state.start_workers(harness) {
            report.outcome = Outcome::Stopped;
            return RunOutcome::Finished;
        }
        match MasterThread::start(harness, &state).and_then(|master| master.run(plan.exits)) {
            Ok(MasterEnd::Exited) => RunOutcome::Exited {
                adopt_after_ms: plan.job_ms().map_or(FAILOVER_DELAY_MS / 2.0, |job| {
                    (job / 2.0).min(FAILOVER_DELAY_MS)
                }),
                state,
            },
            end => {
                let error = end.err().map(|error| error.to_string());
                master_worker::finish_report(harness, &state, report, error);
                RunOutcome::Finished
            }
        }
    }

    fn resume(
        harness: &Harness,
        state: &State,
        death: Option<DeathObservation>,
        report: &mut Report<Body>,
    ) {
        // It is what `run` left.
        if let Some(state) = state.downcast_ref() {
            resume(harness, state, death, report);
        }
    }
}

/// Goes on after the master's end, on a thread of its own: as its successor, or as somebody who only
/// waits until all is quiet and writes down what became of whom.
fn resume(
    harness: &Harness,
    state: &SharedState,
    death: Option<DeathObservation>,
    report: &mut Report<Body>,
) {
    lock(&state.log).seen = death;
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
    if let Some(message) = error {
        report.fail(message);
    }
    fill_in(harness, state, report, |worker| is_dead(worker.into()));
    // Whoever belonged to the dead master is dead or about to be.
    runtime.mark_unusable();
}

/// Waits for the orphans: until they are through, or dead with their owner.
fn observe(harness: &Harness, state: &SharedState) {
    if let Some(rings) = &state.rings {
        let mut ring = rings.writer(state.workers());
        ring.push_kind(MasterEvent::Observe as u8, 0, state.ticks());
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
                || runtime.board().slot(worker).read().state == board::State::Failed;
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
