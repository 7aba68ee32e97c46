//! A master that ends itself, and a lock's holder that dies. Natively a thread can't take its children with
//! it: what becomes of nested workers only a browser can show.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};

use locklab::experiment::{self, DeathObservation, RunResult};
use locklab::experiments::lock_cost::LockCost;
use locklab::experiments::master_exit::MasterExit;
use locklab::experiments::masters::report::HolderPart;

use super::*;

fn exit(config: &Value) -> Report<Body> {
    run::<MasterExit>(&native::harness(), config)
}

/// Runs until the master has ended itself; when its successor should come.
fn begin(harness: &Harness, config: &Value) -> f64 {
    let result =
        experiment::begin::<MasterExit, _>(harness, &fields(config), &|_| true, |body| body);
    match result.expect("a valid configuration") {
        RunResult::Exited { adopt_after_ms } => adopt_after_ms,
        RunResult::Report { report, .. } => panic!("it should have ended itself: {report:?}"),
    }
}

/// Goes on to the end; the report, and whether the threads can't be used again.
fn resume(harness: &Harness, death: Option<DeathObservation>) -> (Report<Body>, bool) {
    match experiment::resume(harness, MasterExit::NAME, death).expect("a suspended run") {
        RunResult::Report { report, unusable } => (*report, unusable),
        RunResult::Exited { .. } => panic!("a successor does not end itself"),
    }
}

#[test]
fn a_successor_adopts_what_runs_and_ends_the_round() {
    let report = exit(&json!({ "threads": 4, "waitMs": 600, "pollMs": 20 }));
    assert_eq!(report.outcome, Outcome::Done);
    let lines: Vec<_> = report.text.lines().collect();
    let first = ["4 thread start", "0, False", "force exit: sys.exit(1)"];
    assert_eq!(lines[..3], first);
    assert_eq!(lines[lines.len() - 2..], ["4, True", "all thread done"]);
    let master = report.body.master.as_ref().expect("a master");
    assert_eq!((master.epoch, master.survivors), (2, Some(4)));
    assert_eq!((master.finished, master.lost), (Some(4), Some(0)));
    assert!(master.adopted_at_ms > master.died_at_ms);
    let [_, polled, exit] = &report.body.log.as_ref().expect("a log")[..3] else { panic!("three") };
    assert!(exit.at_ms - polled.at_ms >= 19.9, "one interval later, it ends itself");
    assert!(jobs(&report).all(|job| job.attempts == 1 && job.fate == Some("under-new")));
}

#[test]
fn without_a_successor_the_jobs_are_finished_as_orphans() {
    let report = exit(&json!({ "threads": 3, "waitMs": 300, "pollMs": 20, "adopt": "off" }));
    let master = report.body.master.as_ref().expect("a master");
    assert_eq!((master.epoch, master.adopted_at_ms), (1, None));
    assert!(jobs(&report).all(|job| job.fate == Some("as-orphan")));
    assert!(!report.text.contains("all thread done"));
}

#[test]
fn a_master_that_finds_all_done_does_not_exit() {
    let report = exit(&json!({ "threads": 3, "waitMs": 0 }));
    assert_eq!(report.outcome, Outcome::Done);
    assert_eq!(count(&report, JobOutcome::Done), 3);
}

#[test]
fn what_was_observed_of_the_end_stands_in_the_report() {
    let harness = native::harness();
    let config = json!({ "threads": 2, "waitMs": 220, "pollMs": 20 });
    let adopt_after_ms = begin(&harness, &config);
    assert_eq!(adopt_after_ms, 100.0, "half of what is left of a job");
    let observed = DeathObservation { death_seen_ms: 101.5, answered: false };
    let (report, unusable) = resume(&harness, Some(observed));
    let master = report.body.master.expect("a master");
    let shown = (master.death_seen_ms, master.answered);
    assert_eq!(shown, (Some(101.5), Some(false)));
    assert!(unusable, "a dead master's threads are not used again");
}

#[test]
fn a_successor_that_comes_late_finds_the_round_over() {
    let harness = native::harness();
    begin(&harness, &json!({ "threads": 3, "waitMs": 100, "pollMs": 10 }));
    let runtime = harness.runtime();
    // Each worker counts the job that it has done.
    while (0..3).any(|worker| runtime.board().slot(worker).read().count == 0) {
        thread::sleep(Duration::from_millis(1));
    }
    let (report, _) = resume(&harness, None);
    assert!(jobs(&report).all(|job| job.fate == Some("as-orphan")));
    let end = "force exit: sys.exit(1)\n3, True\nall thread done";
    assert!(report.text.ends_with(end), "{}", report.text);
    let master = report.body.master.as_ref().expect("a master");
    assert!(master.adopted_at_ms.is_some() && master.first_poll_ms.is_some());
    let round = &report.body.rounds.as_ref().expect("rounds")[0];
    assert!(round.known_ms > round.last_done_ms, "{round:?}");
}

#[test]
fn nothing_is_resumed_that_never_began() {
    let harness = native::harness();
    assert!(experiment::resume::<Body>(&harness, MasterExit::NAME, None).is_err());
    assert!(experiment::resume::<Body>(&harness, LockCost::NAME, None).is_err());
}

#[test]
fn nothing_is_resumed_once_another_run_has_begun() {
    let harness = native::harness();
    begin(&harness, &json!({ "threads": 2, "waitMs": 100 }));
    let of_another = experiment::resume::<Body>(&harness, MasterWorker::NAME, None);
    assert!(of_another.is_err(), "its master has not ended itself");
    assert!(resume(&harness, None).0.outcome == Outcome::Done, "it is still there");

    begin(&harness, &json!({ "threads": 2, "waitMs": 100 }));
    run::<MasterWorker>(&harness, &json!({ "threads": 2, "times": 1, "waitMs": 20 }));
    let of_before = experiment::resume::<Body>(&harness, MasterExit::NAME, None);
    assert!(of_before.is_err(), "what is left of that run is no run's any more");
}

#[test]
fn a_wake_up_does_not_end_the_time_without_a_master() {
    let master = thread::current();
    let is_over = Arc::new(AtomicBool::new(false));
    let theirs = Arc::clone(&is_over);
    // As workers do who have news for a master that is gone.
    let waker = thread::spawn(move || {
        while !theirs.load(Ordering::Relaxed) {
            master.unpark();
            thread::sleep(Duration::from_millis(5));
        }
    });
    let report = exit(&json!({ "threads": 2, "waitMs": 420, "pollMs": 20 }));
    is_over.store(true, Ordering::Relaxed);
    waker.join().expect("woken");
    let master = report.body.master.as_ref().expect("a master");
    let died = master.died_at_ms.expect("a death");
    let without = master.adopted_at_ms.expect("a successor") - died;
    assert!(without >= 190.0, "half of what is left of a job, not {without} ms");
}

#[test]
fn a_stop_while_there_is_no_master_is_heard() {
    let harness = native::harness();
    begin(&harness, &json!({ "threads": 3, "waitMs": 60000 }));
    harness.runtime().stop();
    let (report, _) = resume(&harness, None);
    assert_eq!(report.outcome, Outcome::Stopped);
    assert_eq!(count(&report, JobOutcome::Stopped), 3);
}

#[test]
fn a_worker_killed_while_there_is_no_master_is_missed_by_the_successor() {
    let harness = native::harness();
    let killer = once_at_work(&harness, 3, |runtime| runtime.board().slot(2).kill());
    let config = json!({ "threads": 3, "waitMs": 1500, "timeoutMs": 200 });
    let report = run::<MasterExit>(&harness, &config);
    killer.join().expect("killed");
    let master = report.body.master.as_ref().expect("a master");
    assert_eq!((master.survivors, master.lost), (Some(2), Some(1)));
    let lost = jobs(&report).filter(|job| job.fate == Some("lost-with-worker"));
    assert_eq!(lost.count(), 1);
}

/// What becomes of this many workers at a lock whose holder dies. The board must show the death.
fn holder(lock: &str, threads: usize) -> HolderPart {
    let harness = native::harness();
    let config = json!({ "dies": "holder", "lock": lock, "threads": threads, "waitMs": 300, "timeoutMs": 200 });
    let report = run::<MasterExit>(&harness, &config);
    let runtime = harness.runtime();
    let is_dead = |worker| runtime.board().slot(worker).read().state == State::Gone;
    assert!(is_dead(0), "{lock}");
    let is_killed = runtime.board().slot(0).is_killed();
    assert!(is_killed, "{lock}: that it is dead, others must know, not it");
    assert!(!(1..threads).any(is_dead), "{lock}");
    let holder = report.body.holder.expect("a holder");
    assert_eq!(holder.lock, lock);
    holder
}

#[test]
fn a_plain_mutex_is_never_free_again_when_its_holder_dies() {
    let holder = holder("plain", 4);
    assert_eq!((holder.waiting, holder.recovered_by), (3, None));
    assert!(holder.blocked_ms >= 200.0);
    assert_eq!(holder.final_value, holder.increments + 1, "half of one");
}

#[test]
fn a_robust_lock_is_recovered_and_what_was_broken_is_repaired() {
    let holder = holder("robust", 4);
    assert_eq!(holder.waiting, 3);
    let recovered_by = holder.recovered_by.expect("a waiter");
    assert_ne!(recovered_by, holder.holder);
    assert!(holder.recovered_at_ms > holder.died_at_ms);
    assert_eq!(holder.final_value, holder.increments);
}

#[test]
fn a_robust_lock_whose_waiters_were_all_killed_is_not_waited_for() {
    let harness = native::harness();
    let runtime = harness.runtime();
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || {
        let config = json!({ "dies": "holder", "threads": 3, "waitMs": 300, "timeoutMs": 200 });
        sender.send(run::<MasterExit>(&harness, &config).outcome)
    });
    while runtime.board().header.serial.load(Ordering::Acquire) == 0 {
        thread::sleep(Duration::from_millis(1));
    }
    [1, 2].iter().for_each(|waiter| runtime.board().slot(*waiter).kill());
    let outcome = ended.recv_timeout(Duration::from_secs(60));
    assert_eq!(outcome, Ok(Outcome::Done), "nobody is left who could recover it");
}

#[test]
fn a_lone_holder_that_dies_leaves_nobody_to_recover_its_lock() {
    for lock in ["plain", "robust"] {
        assert_eq!(holder(lock, 1).recovered_by, None, "{lock}");
    }
}
