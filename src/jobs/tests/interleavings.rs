//! Every interleaving of a few steps, by loom: the job's word, the office's and the lock's. Each test
//! also says which outcomes there are, and fails where one of them was never seen: loom leaves some
//! orders out of a thread that only reads against one that reads and then swaps, unless the reader is
//! the one that was spawned.

mod lock;

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Mutex;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use crate::jobs::Refusal;
use crate::jobs::lease::{Offer, Stage, Ticket};
use crate::jobs::ledger::Ledger;
use crate::jobs::master::{Master, Notice, Rules};
use crate::jobs::term::Term;
use crate::jobs::watch::{Death, Sign};
use crate::lock::robust::word::RobustWord;

/// Runs every interleaving of `run`, whose outcomes must be `expected`, each of them.
fn explore<T: Ord + Debug + Send + 'static>(
    expected: impl IntoIterator<Item = T>,
    run: impl Fn() -> T + Send + Sync + 'static,
) {
    let seen = std::sync::Arc::new(Mutex::new(BTreeSet::new()));
    let told = std::sync::Arc::clone(&seen);
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(4);
    model.check(move || {
        let outcome = run();
        told.lock().unwrap().insert(outcome);
    });
    assert_eq!(*seen.lock().unwrap(), expected.into_iter().collect());
}

/// A ledger of one round under its first master, and the tickets of workers 0, 1, … for its jobs.
fn running(jobs: u32) -> (Arc<Ledger>, Vec<Ticket>) {
    let ledger = Arc::new(Ledger::new(1, jobs));
    let epoch = ledger.adopt(Term::NOBODY).unwrap();
    let take = |job| ledger.take(Offer { job, epoch }, job as u8).unwrap();
    let tickets = (0..jobs).map(take).collect();
    (ledger, tickets)
}

fn spawn<S, T: 'static>(
    shared: &Arc<S>,
    what: impl FnOnce(&S) -> T + 'static,
) -> thread::JoinHandle<T>
where
    S: 'static,
{
    let shared = Arc::clone(shared);
    thread::spawn(move || what(&shared))
}

#[test]
fn of_two_takers_one_takes() {
    explore([(true, false), (false, true)], || {
        let ledger = Arc::new(Ledger::new(1, 1));
        let epoch = ledger.adopt(Term::NOBODY).unwrap();
        let offer = Offer { job: 0, epoch };
        let other = spawn(&ledger, move |ledger| ledger.take(offer, 1).is_ok());
        let mine = ledger.take(offer, 0).is_ok();
        (mine, other.join().unwrap())
    });
}

#[test]
fn a_result_and_its_revocation_exclude_each_other() {
    explore([(true, false), (false, true)], || {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        let worker = spawn(&ledger, move |ledger| ledger.finish(ticket).is_ok());
        let revoked = ledger.requeue(ticket, 1).is_ok();
        let finished = worker.join().unwrap();
        assert_eq!(ledger.late(), u32::from(revoked));
        let stage = if revoked { Stage::Queued } else { Stage::Done };
        assert_eq!(ledger.lease(0).unwrap().stage, stage);
        (revoked, finished)
    });
}

#[test]
fn a_job_given_to_another_is_done_by_one_of_the_two() {
    // Neither: it was taken away after the other had come for it in vain.
    explore([(true, false), (false, true), (false, false)], || {
        let (ledger, tickets) = running(1);
        let slow = tickets[0];
        let first = spawn(&ledger, move |ledger| ledger.finish(slow).is_ok());
        let second = spawn(&ledger, move |ledger| {
            let ticket = ledger.take(Offer { job: 0, epoch: 1 }, 1);
            ticket.is_ok_and(|ticket| ledger.finish(ticket).is_ok())
        });
        let _ = ledger.requeue(slow, 1);
        let accepted = (first.join().unwrap(), second.join().unwrap());
        let done = u32::from(accepted.0) + u32::from(accepted.1);
        assert_eq!(ledger.accounts().done(), done);
        accepted
    });
}

#[test]
fn whoever_sees_a_job_done_sees_its_result() {
    explore([None, Some(42)], || {
        let (ledger, tickets) = running(1);
        let result = Arc::new(UnsafeCell::new(0));
        let read = Arc::clone(&result);
        let reader = spawn(&ledger, move |ledger| {
            let done = ledger.lease(0).unwrap().stage.is_done();
            // SAFETY: its one writer wrote it before it said that the job is done.
            done.then(|| read.with(|place| unsafe { *place }))
        });
        // SAFETY: nobody reads it before the job is done, which is said after this.
        result.with_mut(|place| unsafe { *place = 42 });
        ledger.finish(tickets[0]).unwrap();
        reader.join().unwrap()
    });
}

#[test]
fn one_of_the_last_two_is_told_that_it_is_the_last() {
    explore([(true, false), (false, true)], || {
        let (ledger, tickets) = running(2);
        let ticket = tickets[0];
        let finish = move |ledger: &Ledger, ticket| {
            let last = ledger.finish(ticket).unwrap().last;
            assert!(
                !last || ledger.poll(0).all_done(),
                "the last one sees all done"
            );
            last
        };
        let other = spawn(&ledger, move |ledger| finish(ledger, ticket));
        let mine = finish(&ledger, tickets[1]);
        (mine, other.join().unwrap())
    });
}

#[test]
fn a_job_that_ends_during_an_adoption_is_found_done_or_adopted() {
    let orphan = (Stage::DoneAsOrphan as u8, 1);
    let under_new = (Stage::Done as u8, 2);
    let running_still = (Stage::Leased as u8, 2);
    // As the new master finds it, and as it ends.
    let outcomes = [
        (orphan, orphan),
        (under_new, under_new),
        (running_still, under_new),
    ];
    explore(outcomes, || {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        ledger.declare_dead(1).unwrap();
        let worker = spawn(&ledger, move |ledger| ledger.finish(ticket).unwrap().lease);
        ledger.adopt(ledger.term()).unwrap();
        let found = ledger.lease(0).unwrap();
        let end = worker.join().unwrap();
        assert_eq!((found.attempt, end.attempt), (1, 1), "nothing is restarted");
        (
            (found.stage as u8, found.epoch),
            (end.stage as u8, end.epoch),
        )
    });
}

#[test]
fn an_old_master_that_lives_on_takes_nothing_from_its_successor() {
    explore([true, false], || {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        let old = spawn(&ledger, move |ledger| ledger.requeue(ticket, 1).is_ok());
        let epoch = ledger.adopt(ledger.term()).unwrap();
        // From here on nothing that the old one does can match.
        let adopted = ledger.lease(0).unwrap();
        let requeued = old.join().unwrap();
        assert_eq!(ledger.lease(0), Some(adopted));
        assert_eq!(adopted.epoch, epoch);
        assert_eq!(adopted.ticket().is_none(), requeued);
        assert_eq!(ledger.finish(ticket).is_ok(), !requeued);
        requeued
    });
}

#[test]
fn an_old_master_s_offer_is_taken_before_the_adoption_or_not_at_all() {
    explore([true, false], || {
        let ledger = Arc::new(Ledger::new(1, 1));
        let epoch = ledger.adopt(Term::NOBODY).unwrap();
        let offer = Offer { job: 0, epoch };
        let worker = spawn(&ledger, move |ledger| ledger.take(offer, 0));
        let epoch = ledger.adopt(ledger.term()).unwrap();
        let adopted = ledger.lease(0).unwrap();
        let taken = worker.join().unwrap();
        match taken {
            Ok(ticket) => assert_eq!(adopted.ticket(), Some(ticket)),
            Err(refusal) => {
                assert_eq!(refusal, Refusal::Fenced { mine: 1, now: 2 });
                assert_eq!(adopted.stage, Stage::Queued);
            }
        }
        assert_eq!((ledger.lease(0), adopted.epoch), (Some(adopted), epoch));
        taken.is_ok()
    });
}

#[test]
fn a_finishing_worker_an_old_master_and_a_new_one_agree_on_one_end() {
    // Who of the three: the worker is done, the old master lost it, the new one requeued it.
    explore([[1, 0, 0], [0, 1, 0], [0, 0, 1]], || {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        let worker = spawn(&ledger, move |ledger| ledger.finish(ticket).is_ok());
        let old = spawn(&ledger, move |ledger| {
            ledger.lose(ticket, 1, Death::Killed).is_ok()
        });
        let epoch = ledger.adopt(ledger.term()).unwrap();
        let requeued = ledger.requeue(ticket, epoch).is_ok();
        let ends = [worker.join().unwrap(), old.join().unwrap(), requeued].map(u32::from);
        let accounts = ledger.accounts();
        assert_eq!([accounts.done(), accounts.lost(), accounts.queued], ends);
        ends
    });
}

#[test]
fn of_two_heirs_one_takes_over() {
    explore([(true, false), (false, true)], || {
        let (ledger, _) = running(1);
        ledger.declare_dead(1).unwrap();
        let seen = ledger.term();
        let other = spawn(&ledger, move |ledger| ledger.adopt(seen).is_ok());
        let mine = ledger.adopt(seen).is_ok();
        assert_eq!(
            ledger.term(),
            Term {
                epoch: 2,
                alive: true
            }
        );
        (mine, other.join().unwrap())
    });
}

#[test]
fn an_exit_does_not_vacate_a_successor_s_office() {
    explore([true, false], || {
        let (ledger, _) = running(1);
        let old = spawn(&ledger, |ledger| ledger.declare_dead(1).is_ok());
        assert_eq!(ledger.adopt(ledger.term()), Ok(2));
        let exited = old.join().unwrap();
        assert_eq!(
            ledger.term(),
            Term {
                epoch: 2,
                alive: true
            }
        );
        exited
    });
}

#[test]
fn an_heir_sees_what_its_predecessor_left() {
    explore([None, Some(42)], || {
        let (ledger, _) = running(1);
        let notes = Arc::new(UnsafeCell::new(0));
        let read = Arc::clone(&notes);
        let heir = spawn(&ledger, move |ledger| {
            let dead = !ledger.term().alive;
            // SAFETY: its one writer wrote it before it died.
            dead.then(|| read.with(|place| unsafe { *place }))
        });
        // SAFETY: nobody reads it before this master is dead, which is said after this.
        notes.with_mut(|place| unsafe { *place = 42 });
        ledger.declare_dead(1).unwrap();
        heir.join().unwrap()
    });
}

/// A master of one worker.
fn master(ledger: &Ledger, retry: bool) -> Master<'_> {
    let rules = Rules {
        timeout_ms: 100.0,
        retry,
    };
    Master::take_over(ledger, ledger.term(), rules, 1, 0.0).unwrap()
}

#[test]
fn a_master_that_looks_while_a_job_ends_is_not_confused() {
    const DEAD: Sign = Sign {
        beats: 0,
        death: Some(Death::Killed),
    };
    for retry in [true, false] {
        explore([(true, false), (false, true)], move || {
            let (ledger, tickets) = running(1);
            let ticket = tickets[0];
            let mut master = master(&ledger, retry);
            let worker = spawn(&ledger, move |ledger| ledger.finish(ticket).is_ok());
            let notices = master.look(1.0, |_| DEAD).expect("it is in office");
            let is_about_it = |notice: &Notice| !matches!(notice, Notice::Health(..));
            (notices.iter().any(is_about_it), worker.join().unwrap())
        });
    }
}

#[test]
fn a_job_that_is_taken_while_it_is_given_up_is_one_of_the_two() {
    explore([(0, true), (1, false)], || {
        let ledger = Arc::new(Ledger::new(1, 1));
        let mut master = master(&ledger, true);
        let offer = master.offer(0).unwrap();
        let worker = spawn(&ledger, move |ledger| ledger.take(offer, 0).is_ok());
        let given_up = master.give_up(Death::Killed).expect("it is in office");
        (given_up, worker.join().unwrap())
    });
}
