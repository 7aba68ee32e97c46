//! Whole runs of the figures with a master, natively: rounds and their lines, workers that die, a master that
//! does. Not the state machine beneath them, which has tests of its own.

mod deaths;
mod exits;

use std::thread;
use std::time::Duration;

use locklab::experiment::report::{Outcome, Report};
use locklab::experiments;
use locklab::experiments::master_exit::MasterExit;
use locklab::experiments::master_worker::MasterWorker;
use locklab::experiments::masters::report::{Body, JobOutcome, JobRow};
use locklab::native;
use locklab::runtime::Harness;
use locklab::runtime::board::State;
use serde_json::{Value, json};

fn run(harness: &Harness, figure: &str, config: Value) -> Report<Body> {
    let config = native::fields(&config);
    let report = match figure {
        "master-exit" => experiments::run::<MasterExit>(harness, &config),
        _ => experiments::run::<MasterWorker>(harness, &config),
    };
    report.expect("a valid configuration")
}

fn jobs(report: &Report<Body>) -> impl Iterator<Item = &JobRow> {
    report
        .body
        .rounds
        .iter()
        .flatten()
        .flat_map(|round| &round.workers)
}

fn count(report: &Report<Body>, outcome: JobOutcome) -> usize {
    jobs(report).filter(|job| job.outcome == outcome).count()
}

/// Does something to a run from outside, once so many workers have a job.
fn once_at_work(
    harness: &Harness,
    workers: usize,
    act: impl FnOnce(&locklab::runtime::Runtime) + Send + 'static,
) -> thread::JoinHandle<()> {
    let runtime = harness.runtime();
    thread::spawn(move || {
        let at_work = || {
            (0..workers)
                .filter(|index| {
                    matches!(
                        runtime.board().slot(*index).read().state,
                        State::Io | State::Cpu
                    )
                })
                .count()
        };
        while at_work() < workers {
            thread::sleep(Duration::from_millis(1));
        }
        act(&runtime);
    })
}

#[test]
fn a_master_that_asks_prints_the_lines_of_the_post() {
    let config = json!({ "threads": 3, "times": 2, "waitMs": 40, "pollMs": 10 });
    let report = run(&native::harness(), "master-worker", config);
    assert_eq!(report.outcome, Outcome::Done);
    let lines: Vec<_> = report.text.lines().collect();
    assert_eq!(lines[..2], ["3 thread start", "0, False"]);
    assert_eq!(lines[lines.len() - 2..], ["3, True", "all thread done"]);
    let noticing = report.body.noticing.as_ref().expect("noticing");
    assert_eq!((noticing.mode, noticing.delays_ms.len()), ("poll", 2));
    assert_eq!(noticing.expected_ms, Some(5.0));
    assert_eq!(count(&report, JobOutcome::Done), 6);
    for job in jobs(&report) {
        let took = job.end_ms.expect("an end") - job.start_ms.expect("a start");
        assert!(took >= 39.9, "{job:?}");
        assert_eq!(job.attempts, 1);
    }
}

#[test]
fn a_master_that_is_told_looks_once_a_round() {
    let config = json!({ "threads": 4, "times": 5, "waitMs": 10, "notice": "told" });
    let report = run(&native::harness(), "master-worker", config);
    let noticing = report.body.noticing.expect("noticing");
    assert_eq!((noticing.mode, noticing.polls), ("told", 5));
    assert_eq!(
        report.text,
        ["4 thread start\n4, True\nall thread done"; 5].join("\n")
    );
}

#[test]
fn weak_handles_lead_nowhere_once_their_job_is_done() {
    let config = json!({ "threads": 3, "times": 2, "waitMs": 5, "handles": "weak" });
    let report = run(&native::harness(), "master-worker", config);
    let weak = report.body.weak.expect("weak handles");
    assert_eq!((weak.gone, weak.upgraded), (6, 0));
}

#[test]
fn strong_handles_are_not_counted() {
    let config = json!({ "threads": 2, "times": 1, "waitMs": 1 });
    let report = run(&native::harness(), "master-worker", config);
    assert_eq!(report.body.weak, None);
}

#[test]
fn jobs_that_take_no_time_and_jobs_that_calculate_are_done() {
    for config in [
        json!({ "threads": 5, "times": 3, "waitMs": 0, "pollMs": 1 }),
        json!({ "threads": 5, "times": 2, "job": "cpu", "loops": 100_000, "pollMs": 5 }),
    ] {
        let planned = if config["waitMs"].is_null() { 10 } else { 15 };
        let report = run(&native::harness(), "master-worker", config);
        assert_eq!(count(&report, JobOutcome::Done), planned);
    }
}

#[test]
fn an_interval_longer_than_the_run_costs_what_is_left_of_it() {
    let config = json!({ "threads": 2, "times": 1, "waitMs": 20, "pollMs": 400 });
    let report = run(&native::harness(), "master-worker", config);
    let delay = report.body.noticing.expect("noticing").delays_ms[0];
    assert!(delay >= 300.0, "{delay}");
}

#[test]
fn zero_rounds_are_refused_with_the_range() {
    let given = native::fields(&json!({ "times": 0 }));
    let refused =
        experiments::run::<MasterWorker>(&native::harness(), &given).expect_err("refused");
    assert!(refused.to_string().contains("1–1000"), "{refused}");
}

#[test]
fn a_stop_in_mid_round_says_what_was_done() {
    let harness = native::harness();
    let stopper = once_at_work(&harness, 3, |runtime| runtime.stop());
    let report = run(
        &harness,
        "master-worker",
        json!({ "threads": 3, "times": 2, "waitMs": 60000 }),
    );
    stopper.join().expect("stopped");
    assert_eq!(report.outcome, Outcome::Stopped);
    assert_eq!(count(&report, JobOutcome::Stopped), 3);
    let after = json!({ "threads": 3, "times": 1, "waitMs": 1 });
    assert_eq!(run(&harness, "master-worker", after).outcome, Outcome::Done);
}
