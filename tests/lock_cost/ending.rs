//! Runs that end before their end: stopped, or with a worker killed.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use locklab::experiment::report::Outcome;
use locklab::native;
use locklab::runtime::Runtime;
use locklab::runtime::board::State;
use serde_json::json;

use super::{all_in, assert_adds_up, meddle, run};

/// Fails where the report came so late that nothing can have been cut short: what was going on
/// would have taken a minute or more.
#[track_caller]
fn assert_cut_short(stopped: Instant) {
    let took = stopped.elapsed();
    assert!(took < Duration::from_secs(30), "took {took:?} to the report");
}

#[test]
fn a_stop_ends_any_wait_and_keeps_what_was_measured() {
    let harness = native::harness();
    let stopper = meddle(&harness, all_in(State::Io, 20), Runtime::stop);
    let report = run(&harness, json!({ "waitMs": 60000 }));
    assert_cut_short(stopper.join().expect("stopped"));
    assert_eq!(report.outcome, Outcome::Stopped);
    assert_adds_up(&report);
    let runs = &report.body.runs;
    assert_eq!(runs.len(), 1, "the run that was cut short is the last");
    assert_eq!(
        (runs[0].outcome, runs[0].increments, runs[0].ideal_ms),
        (Outcome::Stopped, 20, None)
    );
    assert!(runs[0].wall_ms.is_some(), "it ran for some time");
    assert_eq!(report.text, "", "no line for a run that did not finish");
}

#[test]
fn a_stop_ends_any_loop() {
    let harness = native::harness();
    // Before the run, they rehearse.
    let calculates = all_in(State::Cpu, 6);
    let is_run = |runtime: &Runtime| runtime.board().header.phase.load(Ordering::Acquire) == 2;
    let stopper =
        meddle(&harness, move |runtime| is_run(runtime) && calculates(runtime), Runtime::stop);
    let report = run(&harness, json!({ "threads": 6, "waitMs": 0, "loops": 1_000_000_000 }));
    assert_cut_short(stopper.join().expect("stopped"));
    assert_eq!((report.outcome, report.body.runs.len()), (Outcome::Stopped, 3));
    let costs = report.text.lines().filter(|line| line.contains("time cost"));
    assert_eq!((costs.count(), report.text.lines().count()), (2, 5), "the two finished runs'");
}

#[test]
fn a_stop_before_the_start_is_honoured_and_the_next_run_works() {
    let harness = native::harness();
    harness.runtime().stop();
    let small = json!({ "threads": 2, "times": 2, "waitMs": 1, "loops": 10 });
    let report = run(&harness, small.clone());
    assert_eq!((report.outcome, report.body.runs.len()), (Outcome::Stopped, 0));
    assert_eq!(run(&harness, small).outcome, Outcome::Done);
}

#[test]
fn a_killed_worker_is_named_and_the_next_run_works() {
    let harness = native::harness();
    let killer = meddle(&harness, all_in(State::Io, 5), |runtime| {
        runtime.board().slot(3).kill();
        runtime.wake();
    });
    let report = run(&harness, json!({ "threads": 5, "waitMs": 60000 }));
    killer.join().expect("killed");
    assert_eq!(report.outcome, Outcome::Failed);
    let failures = report.failures.clone().expect("failures");
    assert_eq!(failures.len(), 1, "{failures:?}");
    assert_eq!((&*failures[0].worker, &*failures[0].message), ("worker-3", "killed by the reader"));
    assert!(report.stuck.is_none());
    assert_adds_up(&report);
    let workers = &report.body.runs[0].workers;
    assert!(workers[3].end_ms.is_none() && workers[3].increments == 1, "{:?}", workers[3]);
    assert_eq!(workers[4].increments, 1);

    let report = run(&harness, json!({ "threads": 5, "times": 2, "waitMs": 1, "loops": 10 }));
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(report.failures, None);
}
