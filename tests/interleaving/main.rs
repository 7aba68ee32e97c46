//! Two threads stepped through their additions, natively: what a schedule comes to, what all come to, and what is refused.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use locklab::experiment::report::{Outcome, Report};
use locklab::experiment::settings::InvalidConfig;
use locklab::experiments::interleaving::{Interleaving, report::Body};
use locklab::{experiments, native};
use serde_json::json;

fn run(config: serde_json::Value) -> Result<Report<Body>, InvalidConfig> {
    experiments::run::<Interleaving>(&native::harness(), &native::fields(&config))
}

#[test]
fn a_schedule_is_taken_by_real_threads_and_loses_what_it_must() {
    let rows = [
        ("racy", 1, "AABB", 0),
        ("racy", 1, "ABAB", 1),
        ("racy", 3, "ABBBBABAAAAB", 4),
        ("atomic", 2, "ABBA", 0),
        ("futex", 1, "ABBBAAAABBBBB", 0),
    ];
    for (counter, times, schedule, lost) in rows {
        let config = json!({ "counter": counter, "times": times, "schedule": schedule });
        let report = run(config).expect("all of it is allowed");
        assert_eq!(report.outcome, Outcome::Done, "{counter} {schedule}: {:?}", report.failures);
        let body = &report.body;
        assert_eq!(body.steps.as_ref().map(Vec::len), Some(schedule.len()), "{schedule}");
        assert_eq!(body.lost, Some(lost), "{counter} {schedule}");
        assert_eq!(body.final_value, Some(2 * i64::from(times) - lost), "{counter} {schedule}");
    }
}

#[test]
fn a_schedule_that_stops_midway_has_steps_and_no_end() {
    let body = run(json!({ "schedule": "AB" })).expect("it is allowed").body;
    assert_eq!(body.steps.map(|steps| steps.len()), Some(2));
    assert_eq!((body.final_value, body.lost), (None, None));
}

#[test]
fn every_order_and_the_races_are_in_the_report() {
    let body = run(json!({})).expect("it is allowed").body;
    assert!(body.schedule.is_none() && body.steps.is_none());
    let schedules = body.schedules.expect("every order");
    assert_eq!((schedules.count, schedules.losing, schedules.ran), (6, 4, 6));
    let race = body.race.expect("the races");
    assert!(race.rounds > 0 && race.rounds <= 100_000, "{}", race.rounds);
    assert_eq!(race.losing + race.first_a + race.first_b, race.rounds);
    assert!(race.low_losing <= race.losing && race.losing <= race.high_losing);
    assert_eq!(race.slept, None, "there is no lock to sleep at");
}

#[test]
fn too_many_orders_are_counted_and_every_step_among_them_is_taken() {
    let body = run(json!({ "counter": "futex", "times": 3 })).expect("it is allowed").body;
    let schedules = body.schedules.expect("every order");
    assert_eq!((schedules.count, schedules.losing), (987_810_678, 0));
    assert!(schedules.ran > 100 && schedules.ran < 1_000, "{}", schedules.ran);
    assert!(body.race.is_some_and(|race| race.losing == 0 && race.met.is_some()));
}

#[test]
fn a_letter_whose_thread_can_not_step_is_refused_by_its_place() {
    let rows = [
        (json!({ "schedule": "ABC" }), "schedule"),
        (json!({ "schedule": "AAAB" }), "schedule"),
        (json!({ "schedule": "ABBBB", "counter": "futex" }), "schedule"),
        (json!({ "schedule": "AB", "at": 3 }), "at"),
        (json!({ "at": -1 }), "at"),
        (json!({ "schedule": "AB", "at": "+1" }), "at"),
        (json!({ "schedule": "AB", "at": "001" }), "at"),
        (json!({ "times": 4 }), "times"),
        (json!({ "counter": "std-mutex" }), "counter"),
    ];
    for (config, field) in rows {
        let wrong = run(config.clone()).expect_err("it can't run");
        let fields: Vec<_> = wrong.0.iter().map(|field| field.field.as_str()).collect();
        assert_eq!(fields, [field], "{config}");
    }
    for at in [json!("all"), json!(0), json!("1"), json!(2)] {
        let mut harness = native::harness();
        harness.stepped = true;
        harness.runtime().stop();
        let fields = native::fields(&json!({ "schedule": "AB", "at": at }));
        assert!(experiments::run::<Interleaving>(&harness, &fields).is_ok(), "at {at}");
    }
}

/// The page permits steps by the word that it finds in each worker's slot.
#[test]
fn stepped_from_outside_nothing_moves_without_a_permit_and_a_stop_ends_it() {
    let mut harness = native::harness();
    harness.stepped = true;
    let runtime = harness.runtime();
    let fields = native::fields(&json!({ "schedule": "A" }));
    std::thread::scope(|scope| {
        let running = scope.spawn(|| experiments::run::<Interleaving>(&harness, &fields));
        let steps_done = |steps: usize| {
            let since = Instant::now();
            while runtime.board().header.rows_used.load(Ordering::Acquire) < 1 + steps as u32 {
                assert!(since.elapsed() < Duration::from_secs(20), "step {steps} was not taken");
                std::thread::yield_now();
            }
        };
        steps_done(1);
        let permit = |worker: usize| {
            let signal = runtime.board().slot(worker).signal();
            signal.fetch_add(1, Ordering::Release);
            atomic_wait::wake_one(signal);
        };
        permit(1);
        steps_done(2);
        permit(1);
        steps_done(3);
        runtime.stop();
        let report = running.join().expect("no panic").expect("it is allowed");
        assert_eq!(report.outcome, Outcome::Stopped);
        let steps = report.body.steps.expect("three steps");
        let taken: String = steps.iter().map(|step| step.thread.letter()).collect();
        assert_eq!(taken, "ABB");
        assert_eq!(steps[2].shared, 1);
    });
}
