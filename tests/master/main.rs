//! Whole native runs of masters: rounds and their lines, workers that die, a master that does. The state
//! machine beneath them has tests of its own.

mod deaths;
mod exits;

use std::thread;
use std::time::Duration;

use locklab::experiment::Experiment;
use locklab::experiment::report::{Outcome, Report};
use locklab::experiments;
use locklab::experiments::master_worker::MasterWorker;
use locklab::experiments::masters::report::{Body, JobOutcome, JobRow};
use locklab::native::{self, fields};
use locklab::runtime::board::State;
use locklab::runtime::{Harness, Runtime};
use serde_json::{Value, json};

fn run<E: Experiment<Body = Body>>(harness: &Harness, config: &Value) -> Report<Body> {
    experiments::run::<E>(harness, &fields(config)).expect("a valid configuration")
}

fn rounds(config: &Value) -> Report<Body> {
    run::<MasterWorker>(&native::harness(), config)
}

fn jobs(report: &Report<Body>) -> impl Iterator<Item = &JobRow> {
    let rounds = report.body.rounds.iter().flatten();
    rounds.flat_map(|round| &round.workers)
}

fn count(report: &Report<Body>, outcome: JobOutcome) -> usize {
    jobs(report).filter(|job| job.outcome == outcome).count()
}

/// Does something to a run from outside, once this many workers have a job.
fn once_at_work(
    harness: &Harness,
    workers: usize,
    act: impl FnOnce(&Runtime) + Send + 'static,
) -> thread::JoinHandle<()> {
    let runtime = harness.runtime();
    thread::spawn(move || {
        let is_at_work = |worker: &usize| {
            let state = runtime.board().slot(*worker).read().state;
            matches!(state, State::Io | State::Cpu)
        };
        while (0..workers).filter(is_at_work).count() < workers {
            thread::sleep(Duration::from_millis(1));
        }
        act(&runtime);
    })
}

#[test]
fn a_master_that_polls_prints_the_lines_of_the_post() {
    let report = rounds(&json!({ "threads": 3, "times": 2, "waitMs": 40, "pollMs": 10 }));
    assert_eq!(report.outcome, Outcome::Done);
    let lines: Vec<_> = report.text.lines().collect();
    assert_eq!(lines[..2], ["3 thread start", "0, False"]);
    assert_eq!(lines[lines.len() - 2..], ["3, True", "all thread done"]);
    let noticing = report.body.noticing.as_ref().expect("noticing");
    assert_eq!((noticing.mode, noticing.delays_ms.len()), ("poll", 2));
    assert_eq!(noticing.expected_ms, Some(5.0));
    assert_eq!(report.body.weak, None, "strong handles are not counted");
    assert_eq!(count(&report, JobOutcome::Done), 6);
    for job in jobs(&report) {
        let took = job.end_ms.expect("an end") - job.start_ms.expect("a start");
        assert!(took >= 39.9, "{job:?}");
        assert_eq!(job.attempts, 1);
    }
}

#[test]
fn a_master_that_is_notified_polls_once_a_round() {
    let report = rounds(&json!({ "threads": 4, "times": 5, "waitMs": 10, "notice": "told" }));
    let noticing = report.body.noticing.as_ref().expect("noticing");
    assert_eq!((noticing.mode, noticing.polls), ("told", 5));
    let round = "4 thread start\n4, True\nall thread done";
    assert_eq!(report.text, [round; 5].join("\n"));
}

#[test]
fn weak_handles_lead_nowhere_once_their_job_is_done() {
    let report = rounds(&json!({ "threads": 3, "times": 2, "waitMs": 5, "handles": "weak" }));
    let weak = report.body.weak.expect("weak handles");
    assert_eq!((weak.gone, weak.upgraded), (6, 0));
}

#[test]
fn jobs_that_take_no_time_and_jobs_that_calculate_are_done() {
    for (config, jobs) in [
        (json!({ "threads": 5, "times": 3, "waitMs": 0, "pollMs": 1 }), 15),
        (json!({ "threads": 5, "times": 2, "job": "cpu", "loops": 100_000, "pollMs": 5 }), 10),
    ] {
        assert_eq!(count(&rounds(&config), JobOutcome::Done), jobs, "{config}");
    }
}

#[test]
fn an_interval_longer_than_the_run_costs_what_is_left_of_it() {
    let report = rounds(&json!({ "threads": 2, "times": 1, "waitMs": 20, "pollMs": 400 }));
    let delay = report.body.noticing.expect("noticing").delays_ms[0];
    assert!(delay >= 300.0, "{delay}");
}

#[test]
fn a_stop_during_a_round_says_what_was_done() {
    let harness = native::harness();
    let stopper = once_at_work(&harness, 3, Runtime::stop);
    let long = json!({ "threads": 3, "times": 2, "waitMs": 60000 });
    let report = run::<MasterWorker>(&harness, &long);
    stopper.join().expect("stopped");
    assert_eq!(report.outcome, Outcome::Stopped);
    assert_eq!(count(&report, JobOutcome::Stopped), 3);
    let short = json!({ "threads": 3, "times": 1, "waitMs": 1 });
    let after = run::<MasterWorker>(&harness, &short);
    assert_eq!(after.outcome, Outcome::Done, "the next run is whole again");
}
