//! The master ends itself while its jobs run: who lives on, and who collects what they finish?
//!
//! And what if it is a lock's holder that dies? Not here: rounds without a death.

mod holder;

use std::time::Duration;

use crate::experiment::report::{Outcome, Report};
use crate::experiment::settings::{Preset, Settings, Use};
use crate::experiment::{Ending, Experiment, Seen, master_failure};
use crate::experiments::master_worker;
use crate::experiments::masters::{Chief, End, Estate, Owner, Plan, fill_in};
use crate::jobs::watch::Death;
use crate::measure::clock::step_ms;
use crate::runtime::Harness;
use crate::runtime::board::{COORDINATOR, MasterEvent, State};
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
const VACANCY_MS: f64 = 800.0;
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
    let estate = Estate::new(harness, plan, settings, report);
    lock(&estate.diary).poll_us =
        harness.compute(|| master_worker::look_us(harness, &estate, step));
    harness.publish_rings_with_master(estate.rings.as_ref());
    if !estate.open(harness) {
        report.outcome = Outcome::Stopped;
        return Ending::Over;
    }
    match Chief::take_office(harness, &estate).and_then(|chief| chief.reign(plan.exits)) {
        Ok(End::Exit) => Ending::Exit {
            adopt_after_ms: plan
                .job_ms()
                .map_or(VACANCY_MS / 2.0, |job| (job / 2.0).min(VACANCY_MS)),
        },
        Ok(End::Through | End::Stopped) => {
            master_worker::wind_up(harness, &estate, report, None);
            Ending::Over
        }
        Err(refusal) => {
            master_worker::wind_up(harness, &estate, report, Some(refusal.to_string()));
            Ending::Over
        }
    }
}

/// Goes on after the master's end, on a thread of its own: as its successor, or as somebody who only
/// waits until all is quiet and writes down what became of whom.
fn resume(harness: &Harness, estate: &Estate, seen: Option<Seen>, report: &mut Report) {
    lock(&estate.diary).seen = seen;
    let refusal = if estate.plan.adopt && !harness.is_stopping() {
        let reign = Chief::take_office(harness, estate).and_then(|chief| chief.reign(false));
        reign.err().map(|refusal| refusal.to_string())
    } else {
        attest(harness, estate);
        None
    };
    let died_ms = lock(&estate.diary).died_ms.unwrap_or_default();
    wait_until(harness, || estate.now_ms() >= died_ms + SETTLED_MS);
    let survivors = estate.count_survivors(harness);
    lock(&estate.diary).survivors = survivors;
    let runtime = harness.runtime();
    let orphaned = estate.plan.owner == Owner::Master && survivors.is_some_and(|alive| alive == 0);
    let is_dead = |worker: usize| {
        if runtime.board().slot(worker).is_killed() {
            Some(Death::Killed)
        } else {
            orphaned.then_some(Death::WithOwner)
        }
    };
    let stuck = estate.close(&runtime, |worker| {
        is_dead(worker).is_some() || estate.plan.owner == Owner::Master
    });
    report.stuck = Some(stuck).filter(|stuck| !stuck.is_empty());
    report.failures = refusal.map(|message| vec![master_failure(message)]);
    fill_in(harness, estate, report, |worker| is_dead(worker.into()));
    // Whoever belonged to the dead master is dead or about to be.
    runtime.mark_unusable();
}

/// Waits for the orphans: until they are through, or dead with their owner.
fn attest(harness: &Harness, estate: &Estate) {
    if let Some(rings) = &estate.rings {
        let mut ring = rings.writer(estate.workers());
        ring.push_master(MasterEvent::Notary, 0, estate.ticks());
    }
    let runtime = harness.runtime();
    let timeout_ms = estate.plan.rules.timeout_ms;
    let mut hearts = vec![(0, estate.now_ms()); estate.workers()];
    wait_until(harness, || {
        let now_ms = estate.now_ms();
        for (index, heart) in hearts.iter_mut().enumerate() {
            let beats = runtime.board().slot(index).beats();
            if heart.0 != beats {
                *heart = (beats, now_ms);
            }
        }
        estate.is_quiet(|worker| {
            let worker = usize::from(worker);
            let silent = now_ms - hearts[worker].1 >= timeout_ms;
            let mortal = estate.plan.owner == Owner::Master
                || runtime.board().slot(worker).is_killed()
                || runtime.board().slot(worker).read().state == State::Failed;
            (silent && mortal).then_some(Death::WithOwner)
        })
    });
}

/// Waits, alive, until something holds or a stop is asked for.
fn wait_until(harness: &Harness, mut holds: impl FnMut() -> bool) {
    let runtime = harness.runtime();
    while !harness.is_stopping() && !holds() {
        runtime.board().slot(COORDINATOR).beat();
        std::thread::park_timeout(LOOK);
    }
}
