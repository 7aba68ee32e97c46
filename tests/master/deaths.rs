//! Workers that are killed: who misses them, and what becomes of their jobs.

use super::*;

/// One round of four long jobs, in which these workers are killed as soon as all jobs run.
fn with_killed(workers: &'static [usize], retry: &str) -> Report<Body> {
    let harness = native::harness();
    let killer = once_at_work(&harness, 4, move |runtime| {
        for worker in workers {
            runtime.board().slot(*worker).kill();
        }
        runtime.wake();
    });
    let config = json!({ "threads": 4, "times": 1, "waitMs": 500, "pollMs": 20, "timeoutMs": 150, "retry": retry });
    let report = run::<MasterWorker>(&harness, &config);
    killer.join().expect("killed");
    assert_eq!(report.outcome, Outcome::Done);
    let deaths = report.body.deaths.as_deref().unwrap_or_default();
    assert_eq!(deaths.len(), workers.len(), "{deaths:?}");
    for death in deaths {
        assert!(death.silent_ms >= 150.0, "{death:?}");
        assert!(death.job.is_some(), "{death:?}");
    }
    report
}

#[test]
fn a_killed_worker_s_job_is_done_by_another() {
    let report = with_killed(&[1], "on");
    assert_eq!(count(&report, JobOutcome::Done), 4);
    let death = &report.body.deaths.as_ref().expect("a death")[0];
    let job = jobs(&report).find(|job| Some(&job.name) == death.job.as_ref());
    let job = job.expect("its job");
    assert_eq!((job.attempts, &job.worker), (2, &death.retried_by));
    assert_ne!(job.worker.as_deref(), Some("worker-1"));
}

#[test]
fn as_many_jobs_are_lost_as_cannot_be_done_by_others() {
    for (workers, retry, lost) in
        [(&[2][..], "off", 1), (&[0, 3], "on", 0), (&[0, 1, 2, 3], "on", 4)]
    {
        let report = with_killed(workers, retry);
        let outcomes = [JobOutcome::Lost, JobOutcome::Done].map(|one| count(&report, one));
        assert_eq!(outcomes, [lost, 4 - lost], "{workers:?}, retry {retry}");
    }
}

#[test]
fn an_idle_worker_s_death_loses_no_job() {
    let harness = native::harness();
    let killer = once_at_work(&harness, 3, |runtime| {
        // Jobs of 30 ms are long done when the master polls.
        thread::sleep(Duration::from_millis(150));
        runtime.board().slot(1).kill();
    });
    let config = json!({ "threads": 3, "times": 2, "waitMs": 30, "pollMs": 400, "timeoutMs": 150 });
    let report = run::<MasterWorker>(&harness, &config);
    killer.join().expect("killed");
    assert_eq!(count(&report, JobOutcome::Done), 6);
}
