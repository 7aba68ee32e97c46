//! A master that ends itself, and a lock's holder that dies. Natively a thread can't take its children with
//! it: what becomes of nested workers only a browser can show.

use locklab::experiment::report::Outcome;
use locklab::experiment::{self, DeathObservation, RunResult};
use locklab::experiments::lock_cost::LockCost;
use locklab::experiments::master_exit::MasterExit;
use locklab::experiments::masters::report::JobOutcome;
use locklab::native;
use locklab::runtime::board::State;
use serde_json::json;

use super::{count, jobs, once_at_work, run};

#[test]
fn an_heir_adopts_what_runs_and_ends_the_round() {
    let config = json!({ "threads": 4, "waitMs": 600, "pollMs": 20 });
    let report = run(&native::harness(), "master-exit", config);
    assert_eq!(report.outcome, Outcome::Done);
    let lines: Vec<_> = report.text.lines().collect();
    assert_eq!(
        lines[..3],
        ["4 thread start", "0, False", "force exit: sys.exit(1)"]
    );
    assert_eq!(lines[lines.len() - 2..], ["4, True", "all thread done"]);
    let master = report.body.master.as_ref().expect("a master");
    assert_eq!((master.epoch, master.survivors), (2, Some(4)));
    assert_eq!((master.finished, master.lost), (Some(4), Some(0)));
    assert!(master.adopted_at_ms > master.died_at_ms);
    assert!(jobs(&report).all(|job| job.attempts == 1 && job.fate == Some("under-new")));
}

#[test]
fn without_an_heir_the_jobs_are_finished_as_orphans() {
    let config = json!({ "threads": 3, "waitMs": 300, "adopt": "off" });
    let report = run(&native::harness(), "master-exit", config);
    let master = report.body.master.as_ref().expect("a master");
    assert_eq!((master.epoch, master.adopted_at_ms), (1, None));
    assert!(jobs(&report).all(|job| job.fate == Some("as-orphan")));
    assert!(!report.text.contains("all thread done"));
}

#[test]
fn who_finds_all_done_does_not_die() {
    let config = json!({ "threads": 3, "waitMs": 0 });
    let report = run(&native::harness(), "master-exit", config);
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(count(&report, JobOutcome::Done), 3);
}

#[test]
fn what_was_seen_of_the_end_stands_in_the_report() {
    let harness = native::harness();
    let given = native::fields(&json!({ "threads": 2, "waitMs": 200 }));
    let answer = experiment::begin::<MasterExit>(&harness, &given, &|_| true).expect("valid");
    let RunResult::Exited { adopt_after_ms } = answer else {
        panic!("it should have ended itself");
    };
    assert_eq!(adopt_after_ms, 100.0);
    let seen = DeathObservation {
        death_seen_ms: 101.5,
        answered: false,
    };
    let answer = experiment::resume::<MasterExit>(&harness, Some(seen)).expect("an estate");
    let RunResult::Report { report, unusable } = answer else {
        panic!("it should have come to its end");
    };
    let master = report.body.master.expect("a master");
    assert_eq!(
        (master.death_seen_ms, master.answered),
        (Some(101.5), Some(false))
    );
    assert!(unusable, "a dead master's threads are not used again");
}

#[test]
fn an_heir_that_comes_late_finds_the_round_over() {
    let harness = native::harness();
    let given = native::fields(&json!({ "threads": 3, "waitMs": 100 }));
    experiment::begin::<MasterExit>(&harness, &given, &|_| true).expect("valid");
    let runtime = harness.runtime();
    // Each worker counts the job that it has done.
    while (0..3).any(|worker| runtime.board().slot(worker).read().count == 0) {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    let answer = experiment::resume::<MasterExit>(&harness, None).expect("an estate");
    let RunResult::Report { report, .. } = answer else {
        panic!("no report");
    };
    assert!(jobs(&report).all(|job| job.fate == Some("as-orphan")));
    assert!(
        report
            .text
            .ends_with("force exit: sys.exit(1)\n3, True\nall thread done"),
        "{}",
        report.text
    );
    let master = report.body.master.as_ref().expect("a master");
    assert!(master.adopted_at_ms.is_some() && master.first_poll_ms.is_some());
    let round = &report.body.rounds.as_ref().expect("rounds")[0];
    assert!(round.known_ms > round.last_done_ms, "{round:?}");
}

#[test]
fn nothing_is_resumed_that_never_began() {
    let harness = native::harness();
    assert!(experiment::resume::<MasterExit>(&harness, None).is_err());
    assert!(experiment::resume::<LockCost>(&harness, None).is_err());
}

#[test]
fn a_stop_while_nobody_is_master_is_heard() {
    let harness = native::harness();
    let given = native::fields(&json!({ "threads": 3, "waitMs": 60000 }));
    let answer = experiment::begin::<MasterExit>(&harness, &given, &|_| true).expect("valid");
    assert!(matches!(answer, RunResult::Exited { .. }));
    harness.runtime().stop();
    let answer = experiment::resume::<MasterExit>(&harness, None).expect("an estate");
    let RunResult::Report { report, .. } = answer else {
        panic!("no report");
    };
    assert_eq!(report.outcome, Outcome::Stopped);
    assert_eq!(count(&report, JobOutcome::Stopped), 3);
}

#[test]
fn a_worker_killed_while_nobody_is_master_is_missed_by_the_heir() {
    let harness = native::harness();
    let killer = once_at_work(&harness, 3, |runtime| runtime.board().slot(2).kill());
    let config = json!({ "threads": 3, "waitMs": 1500, "timeoutMs": 200 });
    let report = run(&harness, "master-exit", config);
    killer.join().expect("killed");
    let master = report.body.master.as_ref().expect("a master");
    assert_eq!((master.survivors, master.lost), (Some(2), Some(1)));
    assert_eq!(
        jobs(&report)
            .filter(|job| job.fate == Some("lost-with-worker"))
            .count(),
        1
    );
}

#[test]
fn who_looks_on_sees_that_the_holder_is_dead() {
    for lock in ["plain", "robust"] {
        let harness = native::harness();
        let config = json!({ "dies": "holder", "lock": lock, "threads": 3, "waitMs": 300, "timeoutMs": 100 });
        run(&harness, "master-exit", config);
        let state = |worker| harness.runtime().board().slot(worker).read().state;
        assert_eq!(state(0), State::Gone, "{lock}");
        assert!((1..3).all(|other| state(other) != State::Gone), "{lock}");
    }
}

#[test]
fn a_plain_mutex_is_never_free_again_when_its_holder_dies() {
    let config =
        json!({ "dies": "holder", "lock": "plain", "threads": 4, "waitMs": 300, "timeoutMs": 200 });
    let report = run(&native::harness(), "master-exit", config);
    let holder = report.body.holder.expect("a holder");
    assert_eq!((holder.lock, holder.waiting), ("plain", 3));
    assert_eq!(holder.recovered_by, None);
    assert!(holder.blocked_ms >= 200.0);
    assert_eq!(
        holder.final_value,
        holder.increments + 1,
        "half an increment"
    );
}

#[test]
fn a_robust_lock_is_recovered_and_what_was_broken_is_mended() {
    let config = json!({ "dies": "holder", "lock": "robust", "threads": 4, "waitMs": 300, "timeoutMs": 200 });
    let report = run(&native::harness(), "master-exit", config);
    let holder = report.body.holder.expect("a holder");
    assert_eq!((holder.lock, holder.waiting), ("robust", 3));
    assert!(
        holder
            .recovered_by
            .is_some_and(|name| name != holder.holder)
    );
    assert!(holder.recovered_at_ms > holder.died_at_ms);
    assert_eq!(holder.final_value, holder.increments);
}

#[test]
fn a_lone_holder_that_dies_leaves_nobody_to_recover_its_lock() {
    for lock in ["plain", "robust"] {
        let config = json!({ "dies": "holder", "lock": lock, "threads": 1, "waitMs": 100, "timeoutMs": 100 });
        let report = run(&native::harness(), "master-exit", config);
        assert_eq!(report.body.holder.expect("a holder").recovered_by, None);
    }
}
