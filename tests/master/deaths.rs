//! Workers that are killed: who misses them, and what becomes of their jobs.

use locklab::experiment::report::{Outcome, Report};
use locklab::experiments::masters::report::{Body, JobOutcome};
use locklab::native;
use serde_json::json;

use super::{count, jobs, once_at_work, run};

/// One round of four long jobs, in which these workers are killed as soon as all jobs run.
fn with_killed(workers: &'static [usize], retry: &str) -> Report<Body> {
    let harness = native::harness();
    let killer = once_at_work(&harness, 4, move |runtime| {
        for worker in workers {
            runtime.board().slot(*worker).kill();
        }
        runtime.wake();
    });
    let report = run(
        &harness,
        "master-worker",
        json!({ "threads": 4, "times": 1, "waitMs": 500, "pollMs": 20, "timeoutMs": 150, "retry": retry }),
    );
    killer.join().expect("killed");
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(
        report.body.deaths.as_ref().map(Vec::len),
        Some(workers.len()),
        "{:?}",
        report.body.deaths
    );
    for death in report.body.deaths.iter().flatten() {
        assert!(death.silent_ms >= 150.0, "{death:?}");
        assert!(death.job.is_some(), "{death:?}");
    }
    report
}

#[test]
fn a_killed_workers_job_is_done_by_another() {
    let report = with_killed(&[1], "on");
    assert_eq!(count(&report, JobOutcome::Done), 4);
    let death = &report.body.deaths.as_ref().expect("a death")[0];
    let job = jobs(&report)
        .find(|job| Some(&job.name) == death.job.as_ref())
        .expect("its job");
    assert_eq!(
        (job.attempts, job.worker.clone()),
        (2, death.retried_by.clone())
    );
    assert_ne!(job.worker.as_deref(), Some("worker-1"));
}

#[test]
fn without_retry_a_killed_workers_job_is_lost() {
    let report = with_killed(&[2], "off");
    assert_eq!(count(&report, JobOutcome::Done), 3);
    assert_eq!(count(&report, JobOutcome::Lost), 1);
}

#[test]
fn two_killed_at_once_are_both_missed() {
    assert_eq!(count(&with_killed(&[0, 3], "on"), JobOutcome::Done), 4);
}

#[test]
fn where_nobody_is_left_all_jobs_are_lost() {
    let report = with_killed(&[0, 1, 2, 3], "on");
    assert_eq!(count(&report, JobOutcome::Lost), 4);
}

#[test]
fn an_idle_workers_death_loses_no_job() {
    let harness = native::harness();
    let killer = once_at_work(&harness, 3, |runtime| {
        // Jobs of 30 ms are long done when the master looks.
        std::thread::sleep(std::time::Duration::from_millis(150));
        runtime.board().slot(1).kill();
    });
    let report = run(
        &harness,
        "master-worker",
        json!({ "threads": 3, "times": 2, "waitMs": 30, "pollMs": 400, "timeoutMs": 150 }),
    );
    killer.join().expect("killed");
    assert_eq!(count(&report, JobOutcome::Done), 6);
}
