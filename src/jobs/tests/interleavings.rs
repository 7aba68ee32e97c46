//! Every interleaving of a few steps, by loom: the job's word and the leadership's. Each test
//! also says which outcomes there are, and fails if one of them was never seen: loom leaves some
//! orders out of a thread that only reads against one that reads and then swaps, unless the reader is
//! the one that was spawned.

use std::fmt::Debug;

use loom::cell::UnsafeCell;
use loom::sync::Arc;

use crate::jobs::LeaseError;
use crate::jobs::failure_detector::{DeathCause, Evidence};
use crate::jobs::leadership::Leadership;
use crate::jobs::lease::{JobState, Lease, LeaseToken, Offer};
use crate::jobs::master::{Change, Master, Rules};
use crate::jobs::table::JobTable;
use crate::sync::model::{self, spawn};

/// The second master leads.
const SECOND: Leadership = Leadership { epoch: 2, alive: true };

/// Runs every interleaving of `run`, whose outcomes must be `expected`, each of them.
fn explore<T: Ord + Debug + Send + 'static>(
    expected: impl IntoIterator<Item = T>,
    run: impl Fn() -> T + Send + Sync + 'static,
) {
    model::explore(4, expected, run);
}

/// A table of one round under its first master, and the tokens of workers 0, 1, … for its jobs.
fn running(jobs: u32) -> (Arc<JobTable>, Vec<LeaseToken>) {
    let table = Arc::new(JobTable::new(1, jobs));
    let epoch = table.adopt(Leadership::NONE).unwrap();
    let take = |job| table.take(Offer { job, epoch }, job as u8).unwrap();
    let tokens = (0..jobs).map(take).collect();
    (table, tokens)
}

/// A table of one job, which worker 0 has.
fn leased() -> (Arc<JobTable>, LeaseToken) {
    let (table, tokens) = running(1);
    (table, tokens[0])
}

/// The master of `epoch` revokes the lease of `token`; whether it did.
fn revoke(table: &JobTable, token: LeaseToken, to: JobState, epoch: u16) -> bool {
    let seen = Lease {
        worker: token.worker,
        attempt: token.attempt,
        state: JobState::Leased,
        ..Lease::queued(token.job)
    };
    table.revoke(seen, to, epoch).is_ok()
}

#[test]
fn of_two_takers_one_takes() {
    explore([(true, false), (false, true)], || {
        let table = Arc::new(JobTable::new(1, 1));
        let epoch = table.adopt(Leadership::NONE).unwrap();
        let offer = Offer { job: 0, epoch };
        let other = spawn(&table, move |table| table.take(offer, 1).is_ok());
        let mine = table.take(offer, 0).is_ok();
        (mine, other.join().unwrap())
    });
}

#[test]
fn a_result_and_its_revocation_exclude_each_other() {
    explore([(true, false), (false, true)], || {
        let (table, token) = leased();
        let worker = spawn(&table, move |table| table.finish(token).is_ok());
        let revoked = revoke(&table, token, JobState::Queued, 1);
        let finished = worker.join().unwrap();
        assert_eq!(table.stale(), u32::from(revoked));
        let stage = if revoked { JobState::Queued } else { JobState::Done };
        assert_eq!(table.lease(0).unwrap().state, stage);
        (revoked, finished)
    });
}

#[test]
fn a_job_given_to_another_is_done_by_one_of_the_two() {
    // Neither: it was taken away after the other had come for it in vain.
    explore([(true, false), (false, true), (false, false)], || {
        let (table, slow) = leased();
        let first = spawn(&table, move |table| table.finish(slow).is_ok());
        let second = spawn(&table, move |table| {
            let token = table.take(Offer { job: 0, epoch: 1 }, 1);
            token.is_ok_and(|token| table.finish(token).is_ok())
        });
        revoke(&table, slow, JobState::Queued, 1);
        let accepted = (first.join().unwrap(), second.join().unwrap());
        let done = u32::from(accepted.0) + u32::from(accepted.1);
        assert_eq!(table.counts().done(), done);
        accepted
    });
}

#[test]
fn whoever_sees_a_job_done_sees_its_result() {
    explore([None, Some(42)], || {
        let (table, token) = leased();
        let result = Arc::new(UnsafeCell::new(0));
        let read = Arc::clone(&result);
        let reader = spawn(&table, move |table| {
            let done = table.lease(0).unwrap().state.is_done();
            // SAFETY: its one writer wrote it before it said that the job is done.
            done.then(|| read.with(|place| unsafe { *place }))
        });
        // SAFETY: nobody reads it before the job is done, which is said after this.
        result.with_mut(|place| unsafe { *place = 42 });
        table.finish(token).unwrap();
        reader.join().unwrap()
    });
}

#[test]
fn one_of_the_last_two_is_told_that_it_is_the_last() {
    explore([(true, false), (false, true)], || {
        let (table, tokens) = running(2);
        let token = tokens[0];
        let finish = move |table: &JobTable, token| {
            let last = table.finish(token).unwrap();
            assert!(!last || table.poll(0).all_done(), "the last one sees all done");
            last
        };
        let other = spawn(&table, move |table| finish(table, token));
        let mine = finish(&table, tokens[1]);
        (mine, other.join().unwrap())
    });
}

#[test]
fn a_job_that_ends_during_an_adoption_is_found_done_or_adopted() {
    let orphan = (JobState::DoneAsOrphan as u8, 1);
    let under_new = (JobState::Done as u8, 2);
    let running_still = (JobState::Leased as u8, 2);
    // As the new master finds it, and as it ends.
    let outcomes = [(orphan, orphan), (under_new, under_new), (running_still, under_new)];
    explore(outcomes, || {
        let (table, token) = leased();
        table.resign(1).unwrap();
        let worker = spawn(&table, move |table| {
            table.finish(token).unwrap();
            table.lease(0).unwrap()
        });
        table.adopt(table.leadership()).unwrap();
        let found = table.lease(0).unwrap();
        let end = worker.join().unwrap();
        assert_eq!((found.attempt, end.attempt), (1, 1), "nothing is restarted");
        ((found.state as u8, found.epoch), (end.state as u8, end.epoch))
    });
}

#[test]
fn an_old_master_that_lives_on_takes_nothing_from_its_successor() {
    explore([true, false], || {
        let (table, token) = leased();
        let old = spawn(&table, move |table| revoke(table, token, JobState::Queued, 1));
        let epoch = table.adopt(table.leadership()).unwrap();
        // From here on nothing that the old one does can match.
        let adopted = table.lease(0).unwrap();
        let requeued = old.join().unwrap();
        assert_eq!(table.lease(0), Some(adopted));
        assert_eq!(adopted.epoch, epoch);
        assert_eq!(adopted.token().is_none(), requeued);
        assert_eq!(table.finish(token).is_ok(), !requeued);
        requeued
    });
}

#[test]
fn an_old_master_s_offer_is_taken_before_the_adoption_or_not_at_all() {
    explore([true, false], || {
        let table = Arc::new(JobTable::new(1, 1));
        let epoch = table.adopt(Leadership::NONE).unwrap();
        let offer = Offer { job: 0, epoch };
        let worker = spawn(&table, move |table| table.take(offer, 0));
        let epoch = table.adopt(table.leadership()).unwrap();
        let adopted = table.lease(0).unwrap();
        let taken = worker.join().unwrap();
        match taken {
            Ok(token) => assert_eq!(adopted.token(), Some(token)),
            Err(error) => {
                assert_eq!(error, LeaseError::Fenced { stale: 1, current: 2 });
                assert_eq!(adopted.state, JobState::Queued);
            }
        }
        assert_eq!((table.lease(0), adopted.epoch), (Some(adopted), epoch));
        taken.is_ok()
    });
}

#[test]
fn a_finishing_worker_an_old_master_and_a_new_one_agree_on_one_end() {
    // Who of the three: the worker is done, the old master lost it, the new one requeued it.
    explore([[1, 0, 0], [0, 1, 0], [0, 0, 1]], || {
        let (table, token) = leased();
        let worker = spawn(&table, move |table| table.finish(token).is_ok());
        let old = spawn(&table, move |table| revoke(table, token, JobState::LostWithWorker, 1));
        let epoch = table.adopt(table.leadership()).unwrap();
        let requeued = revoke(&table, token, JobState::Queued, epoch);
        let ends = [worker.join().unwrap(), old.join().unwrap(), requeued].map(u32::from);
        let counts = table.counts();
        assert_eq!([counts.done(), counts.lost(), counts.queued], ends);
        ends
    });
}

#[test]
fn of_two_successors_one_takes_over() {
    explore([(true, false), (false, true)], || {
        let (table, _) = leased();
        table.resign(1).unwrap();
        let seen = table.leadership();
        let other = spawn(&table, move |table| table.adopt(seen).is_ok());
        let mine = table.adopt(seen).is_ok();
        assert_eq!(table.leadership(), SECOND);
        (mine, other.join().unwrap())
    });
}

#[test]
fn an_exit_does_not_end_a_successor_s_leadership() {
    explore([true, false], || {
        let (table, _) = leased();
        let old = spawn(&table, |table| table.resign(1).is_ok());
        assert_eq!(table.adopt(table.leadership()), Ok(2));
        let exited = old.join().unwrap();
        assert_eq!(table.leadership(), SECOND);
        exited
    });
}

#[test]
fn a_successor_sees_what_its_predecessor_left() {
    explore([None, Some(42)], || {
        let (table, _) = leased();
        let notes = Arc::new(UnsafeCell::new(0));
        let read = Arc::clone(&notes);
        let successor = spawn(&table, move |table| {
            let dead = !table.leadership().alive;
            // SAFETY: its one writer wrote it before it died.
            dead.then(|| read.with(|place| unsafe { *place }))
        });
        // SAFETY: nobody reads it before this master is dead, which is said after this.
        notes.with_mut(|place| unsafe { *place = 42 });
        table.resign(1).unwrap();
        successor.join().unwrap()
    });
}

/// A master of one worker.
fn master(table: &JobTable, retry: bool) -> Master<'_> {
    let rules = Rules { timeout_ms: 100.0, retry };
    Master::take_over(table, table.leadership(), rules, 1, 0.0).unwrap()
}

#[test]
fn a_master_that_looks_while_a_job_ends_is_not_confused() {
    const DEAD: Evidence = Evidence { beats: 0, death: Some(DeathCause::Killed), if_silent: None };
    for retry in [true, false] {
        explore([(true, false), (false, true)], move || {
            let (table, token) = leased();
            let mut master = master(&table, retry);
            let worker = spawn(&table, move |table| table.finish(token).is_ok());
            let changes = master.check_workers(1.0, |_| DEAD).expect("it is in leadership");
            let is_about_it = |notice: &Change| !matches!(notice, Change::Health(..));
            (changes.iter().any(is_about_it), worker.join().unwrap())
        });
    }
}

#[test]
fn a_job_that_is_taken_while_it_is_given_up_is_one_of_the_two() {
    explore([(0, true), (1, false)], || {
        let table = Arc::new(JobTable::new(1, 1));
        let mut master = master(&table, true);
        let offer = master.offer(0).unwrap();
        let worker = spawn(&table, move |table| table.take(offer, 0).is_ok());
        let given_up = master.lose_queued(DeathCause::Killed).expect("it is in leadership");
        (given_up, worker.join().unwrap())
    });
}
