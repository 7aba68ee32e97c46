//! Every interleaving of a few steps, by loom: the job's word, the office's and the lock's.

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use crate::jobs::Refusal;
use crate::jobs::account::Fate;
use crate::jobs::lease::{Offer, Stage, Ticket};
use crate::jobs::ledger::Ledger;
use crate::jobs::master::{Master, Notice, Rules};
use crate::jobs::robust::RobustWord;
use crate::jobs::term::Term;
use crate::jobs::watch::{Death, Sign};

/// A ledger of one round under its first master, and the tickets of workers 0, 1, … for its jobs.
fn running(jobs: u32) -> (Arc<Ledger>, Vec<Ticket>) {
    let ledger = Arc::new(Ledger::new(1, jobs));
    let epoch = ledger.adopt(Term::NOBODY).unwrap();
    let take = |job| ledger.take(Offer { job, epoch }, job as u8).unwrap();
    let tickets = (0..jobs).map(take).collect();
    (ledger, tickets)
}

fn spawn<T: 'static>(
    ledger: &Arc<Ledger>,
    what: impl FnOnce(&Ledger) -> T + 'static,
) -> thread::JoinHandle<T> {
    let ledger = Arc::clone(ledger);
    thread::spawn(move || what(&ledger))
}

#[test]
fn of_two_takers_one_takes() {
    loom::model(|| {
        let ledger = Arc::new(Ledger::new(1, 1));
        let epoch = ledger.adopt(Term::NOBODY).unwrap();
        let offer = Offer { job: 0, epoch };
        let other = spawn(&ledger, move |ledger| ledger.take(offer, 1));
        let mine = ledger.take(offer, 0);
        let other = other.join().unwrap();
        assert!(mine.is_ok() != other.is_ok(), "{mine:?} and {other:?}");
    });
}

#[test]
fn a_result_and_its_revocation_exclude_each_other() {
    loom::model(|| {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        let worker = spawn(&ledger, move |ledger| ledger.finish(ticket).is_ok());
        let revoked = ledger.requeue(ticket, 1).is_ok();
        let finished = worker.join().unwrap();
        assert!(revoked != finished);
        assert_eq!(ledger.late(), u32::from(revoked));
        let lease = ledger.lease(0).unwrap();
        assert_eq!(
            lease.stage,
            if revoked { Stage::Queued } else { Stage::Done }
        );
    });
}

#[test]
fn a_job_given_to_another_is_done_by_one_of_the_two() {
    loom::model(|| {
        let (ledger, tickets) = running(1);
        let slow = tickets[0];
        let first = spawn(&ledger, move |ledger| ledger.finish(slow).is_ok());
        let second = spawn(&ledger, move |ledger| {
            let offer = Offer { job: 0, epoch: 1 };
            ledger
                .take(offer, 1)
                .is_ok_and(|ticket| ledger.finish(ticket).is_ok())
        });
        let _ = ledger.requeue(slow, 1);
        let accepted = u32::from(first.join().unwrap()) + u32::from(second.join().unwrap());
        assert!(accepted <= 1);
        assert_eq!(ledger.accounts().done(), accepted);
    });
}

#[test]
fn whoever_sees_a_job_done_sees_its_result() {
    loom::model(|| {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        let result = Arc::new(UnsafeCell::new(0));
        let written = Arc::clone(&result);
        let worker = spawn(&ledger, move |ledger| {
            // SAFETY: nobody reads it before the job is done, which is said after this.
            written.with_mut(|place| unsafe { *place = 42 });
            ledger.finish(ticket).is_ok()
        });
        if ledger.lease(0).unwrap().stage.is_done() {
            // SAFETY: its one writer wrote it before it said that the job is done.
            assert_eq!(result.with(|place| unsafe { *place }), 42);
        }
        assert!(worker.join().unwrap());
    });
}

#[test]
fn one_of_the_last_two_is_told_that_it_is_the_last() {
    loom::model(|| {
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
        assert!(mine != other.join().unwrap());
    });
}

#[test]
fn a_job_that_ends_during_an_adoption_is_found_done_or_adopted() {
    loom::model(|| {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        ledger.declare_dead(1).unwrap();
        let worker = spawn(&ledger, move |ledger| ledger.finish(ticket).unwrap().lease);
        let epoch = ledger.adopt(ledger.term()).unwrap();
        let found = ledger.lease(0).unwrap();
        let end = worker.join().unwrap();
        match found.stage {
            Stage::Leased => {
                assert_eq!((found.epoch, found.attempt), (epoch, 1));
                assert_eq!(Fate::of(end), Fate::UnderNew);
            }
            _ => assert_eq!(found, end),
        }
        // Either the office was vacant at its end, or it was the new master's.
        assert_eq!(end.stage == Stage::DoneAsOrphan, end.epoch == 1);
    });
}

#[test]
fn an_old_master_that_lives_on_takes_nothing_from_its_successor() {
    loom::model(|| {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        let old = spawn(&ledger, move |ledger| ledger.requeue(ticket, 1).is_ok());
        let epoch = ledger.adopt(ledger.term()).unwrap();
        // From here on nothing that the old one does can match.
        let adopted = ledger.lease(0).unwrap();
        let requeued = old.join().unwrap();
        assert_eq!(ledger.lease(0), Some(adopted));
        assert_eq!(adopted.epoch, epoch);
        assert_eq!(
            adopted.stage,
            if requeued {
                Stage::Queued
            } else {
                Stage::Leased
            }
        );
        assert_eq!(ledger.finish(ticket).is_ok(), !requeued);
    });
}

#[test]
fn an_old_master_s_offer_is_taken_before_the_adoption_or_not_at_all() {
    loom::model(|| {
        let ledger = Arc::new(Ledger::new(1, 1));
        let epoch = ledger.adopt(Term::NOBODY).unwrap();
        let offer = Offer { job: 0, epoch };
        let worker = spawn(&ledger, move |ledger| ledger.take(offer, 0));
        let epoch = ledger.adopt(ledger.term()).unwrap();
        let adopted = ledger.lease(0).unwrap();
        match worker.join().unwrap() {
            Ok(ticket) => assert_eq!((adopted.ticket(), adopted.epoch), (Some(ticket), epoch)),
            Err(refusal) => {
                assert_eq!(refusal, Refusal::Fenced { mine: 1, now: 2 });
                assert_eq!(adopted.stage, Stage::Queued);
            }
        }
        assert_eq!(ledger.lease(0), Some(adopted));
    });
}

#[test]
fn a_finishing_worker_an_old_master_and_a_new_one_agree_on_one_end() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(3);
    model.check(|| {
        let (ledger, tickets) = running(1);
        let ticket = tickets[0];
        let worker = spawn(&ledger, move |ledger| ledger.finish(ticket).is_ok());
        let old = spawn(&ledger, move |ledger| {
            ledger.lose(ticket, 1, Death::Killed).is_ok()
        });
        let epoch = ledger.adopt(ledger.term()).unwrap();
        let requeued = ledger.requeue(ticket, epoch).is_ok();
        let ends = [worker.join().unwrap(), old.join().unwrap(), requeued];
        assert_eq!(ends.iter().filter(|end| **end).count(), 1, "{ends:?}");
        let accounts = ledger.accounts();
        let told = [accounts.done(), accounts.lost(), accounts.queued];
        assert_eq!(told, ends.map(u32::from));
    });
}

#[test]
fn of_two_heirs_one_takes_over() {
    loom::model(|| {
        let (ledger, _) = running(1);
        ledger.declare_dead(1).unwrap();
        let seen = ledger.term();
        let other = spawn(&ledger, move |ledger| ledger.adopt(seen).is_ok());
        let mine = ledger.adopt(seen).is_ok();
        assert!(mine != other.join().unwrap());
        assert_eq!(
            ledger.term(),
            Term {
                epoch: 2,
                alive: true
            }
        );
    });
}

#[test]
fn an_exit_does_not_vacate_a_successor_s_office() {
    loom::model(|| {
        let (ledger, _) = running(1);
        let old = spawn(&ledger, |ledger| ledger.declare_dead(1));
        let new = ledger.adopt(ledger.term());
        let _ = old.join().unwrap();
        assert_eq!(new, Ok(2));
        assert_eq!(
            ledger.term(),
            Term {
                epoch: 2,
                alive: true
            }
        );
    });
}

struct Locked {
    lock: RobustWord,
    value: UnsafeCell<u32>,
}

// SAFETY: `value` is touched by the lock's holder alone, which these tests are to show.
unsafe impl Sync for Locked {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl Send for Locked {}

impl Locked {
    fn new() -> Arc<Locked> {
        Arc::new(Locked {
            lock: RobustWord::new(),
            value: UnsafeCell::new(0),
        })
    }

    fn add(&self) {
        // SAFETY: the caller holds the lock; loom fails the test where it does not.
        self.value.with_mut(|value| unsafe { *value += 1 });
    }
}

#[test]
fn two_are_never_inside_at_once() {
    loom::model(|| {
        let locked = Locked::new();
        let enter = |locked: &Locked, me| {
            let guard = locked.lock.try_lock(me, false);
            guard.is_ok_and(|guard| {
                locked.add();
                locked.lock.release(guard).is_ok()
            })
        };
        let other = Arc::clone(&locked);
        let other = thread::spawn(move || enter(&other, 1));
        let mine = enter(&locked, 0);
        let entered = u32::from(mine) + u32::from(other.join().unwrap());
        assert!(entered >= 1);
        // SAFETY: all others are gone.
        assert_eq!(locked.value.with(|value| unsafe { *value }), entered);
    });
}

#[test]
fn a_dead_holder_has_one_heir_who_sees_what_it_left() {
    loom::model(|| {
        let locked = Locked::new();
        let dying = Arc::clone(&locked);
        let dead = thread::spawn(move || {
            let guard = dying.lock.try_lock(9, false).unwrap();
            dying.add();
            guard.holding()
        });
        let dead = dead.join().unwrap();
        let inherit = move |locked: &Locked, me| match locked.lock.recover(dead, me) {
            Ok(guard) => {
                assert_eq!(guard.broken_by(), Some(9));
                locked.add();
                locked.lock.release(guard).unwrap();
                1
            }
            Err(_) => 0,
        };
        let other = Arc::clone(&locked);
        let other = thread::spawn(move || inherit(&other, 1));
        let heirs = inherit(&locked, 0) + other.join().unwrap();
        assert_eq!(heirs, 1);
        // SAFETY: all others are gone.
        assert_eq!(locked.value.with(|value| unsafe { *value }), 2);
    });
}

#[test]
fn a_release_and_a_false_recovery_exclude_each_other() {
    loom::model(|| {
        let locked = Locked::new();
        let guard = locked.lock.try_lock(0, false).unwrap();
        let seen = guard.holding();
        let other = Arc::clone(&locked);
        let other = thread::spawn(move || other.lock.recover(seen, 1).is_ok());
        let released = locked.lock.release(guard).is_ok();
        let recovered = other.join().unwrap();
        assert!(released != recovered);
        assert_eq!(locked.lock.view().owner, recovered.then_some(1));
    });
}

#[test]
fn whoever_may_sleep_is_woken() {
    loom::model(|| {
        let locked = Locked::new();
        let guard = locked.lock.try_lock(0, false).unwrap();
        let woken = Arc::new(AtomicBool::new(false));
        let (other, bell) = (Arc::clone(&locked), Arc::clone(&woken));
        let sleeper = thread::spawn(move || {
            let Err(held) = other.lock.try_lock(1, false) else {
                return;
            };
            if other.lock.announce(held) {
                while !bell.load(Ordering::Acquire) {
                    thread::yield_now();
                }
                assert!(other.lock.try_lock(1, true).is_ok());
            }
        });
        if locked.lock.release(guard).unwrap() {
            woken.store(true, Ordering::Release);
        }
        sleeper.join().unwrap();
    });
}

/// A master whose worker 0 is dead, or so it is told.
fn told_of_a_death<'a>(ledger: &'a Ledger, retry: bool) -> Master<'a> {
    let rules = Rules {
        timeout_ms: 100.0,
        retry,
    };
    Master::take_over(ledger, ledger.term(), rules, 1, 0.0).unwrap()
}

const DEAD: Sign = Sign {
    beats: 0,
    death: Some(Death::Killed),
};

#[test]
fn a_master_that_looks_while_a_job_ends_is_not_confused() {
    for retry in [true, false] {
        loom::model(move || {
            let (ledger, tickets) = running(1);
            let ticket = tickets[0];
            let mut master = told_of_a_death(&ledger, retry);
            let worker = spawn(&ledger, move |ledger| ledger.finish(ticket).is_ok());
            let notices = master.look(1.0, |_| DEAD).expect("it is in office");
            let taken_away = notices
                .iter()
                .any(|notice| !matches!(notice, Notice::Health(..)));
            assert!(taken_away != worker.join().unwrap());
        });
    }
}

#[test]
fn a_job_that_is_taken_while_it_is_given_up_is_one_of_the_two() {
    loom::model(|| {
        let ledger = Arc::new(Ledger::new(1, 1));
        let mut master = told_of_a_death(&ledger, true);
        let offer = master.offer(0).unwrap();
        let worker = spawn(&ledger, move |ledger| ledger.take(offer, 0).is_ok());
        let given_up = master.give_up(Death::Killed);
        assert_eq!(given_up, Ok(u32::from(!worker.join().unwrap())));
    });
}
