//! One job's word, and a job's way through it.

use proptest::prelude::*;

use super::by_hand::*;
use crate::jobs::LeaseError;
use crate::jobs::counts::JobCounts;
use crate::jobs::failure_detector::{DeathCause, Evidence};
use crate::jobs::leadership::Leadership;
use crate::jobs::lease::{JobState, Lease, MAX_ATTEMPTS, MAX_JOBS, Offer};
use crate::jobs::table::JobTable;

proptest! {
    #[test]
    fn a_lease_and_a_leadership_survive_their_words(
        job in 0..MAX_JOBS as u32, attempt in 0..=MAX_ATTEMPTS, state in 0..JobState::ALL.len(),
        worker: u8, epoch: u16, alive: bool,
    ) {
        let lease = Lease { job, worker, attempt, epoch, state: JobState::ALL[state] };
        prop_assert_eq!(Lease::unpack(lease.pack()), lease);
        let leadership = Leadership { epoch, alive };
        prop_assert_eq!(Leadership::unpack(leadership.pack()), leadership);
    }
}

#[test]
fn a_job_on_offer_is_offered_to_nobody_else() {
    let table = JobTable::new(1, 2);
    let mut master = master(&table, RETRY, 0.0);
    let mut job = |worker| master.offer(worker).map(|offer| offer.job);
    assert_eq!([job(0), job(1), job(2)], [Some(0), Some(1), None]);
    assert_eq!(job(1), Some(1), "asking again changes nothing");
}

#[test]
fn a_slow_worker_s_result_is_refused_once_its_lease_was_revoked() {
    let table = JobTable::new(1, 1);
    let mut master = master(&table, RETRY, 0.0);
    let slow = begin(&table, &mut master, 0);
    let first = table.lease(0).expect("a job");
    check_for_a_timeout(&mut master, |_| SILENT);
    let stale = Err(LeaseError::Stale);
    assert_eq!(table.finish(slow), stale, "nobody has it now");
    let second = begin(&table, &mut master, 1);
    assert_eq!(table.finish(slow), stale, "another has it now");
    let revoked = table.revoke(first, JobState::Queued, master.epoch());
    assert_eq!(revoked, Err(LeaseError::Changed), "nor is it revoked again");
    assert!(table.finish(second).is_ok());
    assert_eq!(table.finish(slow), stale, "it is done");
    assert_eq!((table.counts().done(), table.stale()), (1, 3));
}

#[test]
fn the_rules_decide_about_the_silent_and_the_dead() {
    let with_owner = Evidence { death: Some(DeathCause::WithOwner), ..SILENT };
    let presumed = Evidence { if_silent: Some(DeathCause::Killed), ..SILENT };
    let (queued, leased) = (JobState::Queued, JobState::Leased);
    let (lost, with_its_owner) = (JobState::LostWithWorker, JobState::LostWithOwner);
    // After a timeout, and at the check after it: only then has silence proved anything.
    for (rules, evidence, states) in [
        (RETRY, SILENT, [queued, queued]),
        (RETRY, KILLED, [queued, queued]),
        (NO_RETRY, SILENT, [leased, leased]),
        (NO_RETRY, presumed, [leased, lost]),
        (NO_RETRY, KILLED, [lost, lost]),
        (NO_RETRY, with_owner, [with_its_owner, with_its_owner]),
    ] {
        let table = JobTable::new(1, 1);
        let mut master = master(&table, rules, 0.0);
        begin(&table, &mut master, 0);
        let state = || table.lease(0).expect("a job").state;
        check_for_a_timeout(&mut master, |_| evidence);
        let then = state();
        master.check_workers(501.0, |_| evidence).expect("it leads");
        assert_eq!([then, state()], states, "{evidence:?}, {rules:?}");
        assert_eq!(master.poll().all_done(), !state().is_open());
    }
}

#[test]
fn a_new_round_s_jobs_are_for_whoever_comes_first() {
    let table = JobTable::new(2, 2);
    let mut master = master(&table, RETRY, 0.0);
    for token in begin_all(&table, &mut master, 2) {
        table.finish(token).expect("its job");
    }
    assert!(master.next_round());
    assert_eq!(master.offer(1).map(|offer| offer.job), Some(2));
}

#[test]
fn a_job_whose_attempts_are_exhausted_stays_with_its_worker_until_that_one_dies() {
    let table = JobTable::new(1, 1);
    let mut master = master(&table, RETRY, 0.0);
    let epoch = master.epoch();
    let offer = Offer { job: 0, epoch };
    for _ in 1..MAX_ATTEMPTS {
        table.take(offer, 0).expect("an attempt is left");
        let lease = table.lease(0).expect("a job");
        table.revoke(lease, JobState::Queued, epoch).expect("it leads");
    }
    table.take(offer, 0).expect("the last attempt");
    check_for_a_timeout(&mut master, |_| SILENT);
    assert_eq!(table.counts().leased, 1, "it may be just slow");
    master.check_workers(501.0, |_| KILLED).expect("it leads");
    assert_eq!(table.counts().lost_with_worker, 1);
    let exhausted = Lease { attempt: MAX_ATTEMPTS, ..Lease::queued(0) };
    let leased = exhausted.leased(offer, 0, table.leadership());
    assert_eq!(leased, Err(LeaseError::AttemptsExhausted));
}

#[test]
fn what_belongs_to_another_table_is_refused() {
    let (small, big) = (JobTable::new(1, 1), JobTable::new(1, 9));
    let tokens = begin_all(&big, &mut master(&big, RETRY, 0.0), 4);
    let offer = Offer { job: 8, epoch: 1 };
    assert_eq!(small.finish(tokens[3]), Err(LeaseError::UnknownJob));
    assert_eq!(small.take(offer, 0), Err(LeaseError::UnknownJob));
    assert_eq!((small.lease(1), small.poll(7)), (None, Default::default()));
}

#[test]
fn a_table_without_rounds_or_jobs_is_finished_at_once() {
    for table in [JobTable::new(0, 5), JobTable::new(5, 0)] {
        let mut master = master(&table, RETRY, 0.0);
        assert!(master.is_finished());
        assert_eq!(master.offer(0), None);
        assert_eq!(master.check_workers(1.0, |_| SILENT), Ok(vec![]));
        assert_eq!(table.counts(), JobCounts::default());
    }
}

#[test]
#[should_panic(expected = "more than")]
fn more_jobs_than_a_word_can_number_are_refused() {
    let _ = JobTable::new(1 << 20, 1 << 20);
}
