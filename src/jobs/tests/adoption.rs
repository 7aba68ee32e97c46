//! Masters that die, and their successors.

use super::by_hand::*;
use crate::jobs::LeaseError;
use crate::jobs::counts::JobCounts;
use crate::jobs::failure_detector::{DeathCause, Evidence, Health};
use crate::jobs::leadership::{AtomicLeadership, Leadership};
use crate::jobs::lease::Lease;
use crate::jobs::master::{Change, Master};
use crate::jobs::table::JobTable;

#[test]
fn every_job_is_counted_by_who_led_at_its_end_and_none_is_restarted() {
    let table = JobTable::new(1, 7);
    let mut old = Master::take_over(&table, Leadership::NONE, NO_RETRY, 7, 0.0).unwrap();
    let tokens = begin_all(&table, &mut old, 6);
    table.finish(tokens[0]).unwrap();
    old.resign().unwrap();
    table.finish(tokens[1]).unwrap();
    table.finish(tokens[2]).unwrap();
    let mut new = Master::take_over(&table, table.leadership(), NO_RETRY, 7, 9.0).unwrap();
    assert_eq!((table.counts().leased, table.counts().queued), (3, 1));
    assert_eq!(new.offer(6).unwrap().job, 6, "only the queued one is offered");
    table.finish(tokens[3]).unwrap();
    let adopted = table.lease(3).unwrap();
    assert_eq!((adopted.attempt, adopted.epoch), (1, 2));
    let death = |worker| match worker {
        4 => Some(DeathCause::Killed),
        5 => Some(DeathCause::WithOwner),
        _ => None,
    };
    // A report that nobody's check came before counts the same.
    let reported: JobCounts = table.leases().map(|lease| lease.at_the_end(death)).collect();
    let evidence = |worker| Evidence { death: death(worker), ..SILENT };
    new.check_workers(10.0, evidence).unwrap();
    let counts = JobCounts {
        queued: 1,
        under_first: 1,
        as_orphan: 2,
        under_successor: 1,
        lost_with_worker: 1,
        lost_with_owner: 1,
        ..JobCounts::default()
    };
    assert_eq!((table.counts(), reported), (counts, counts));
    assert_eq!((counts.done(), counts.after_death(), counts.lost()), (4, 3, 2));
}

#[test]
fn adopted_workers_get_the_whole_timeout_again() {
    let table = JobTable::new(1, 1);
    let mut old = master(&table, RETRY, 0.0);
    begin(&table, &mut old, 0);
    old.resign().unwrap();
    let mut new = master(&table, RETRY, 60_000.0);
    for now in [60_000.0, 60_250.0, 60_499.0] {
        assert_eq!(new.check_workers(now, |_| SILENT), Ok(vec![]), "at {now}");
    }
    let changes = new.check_workers(60_500.0, |_| SILENT).unwrap();
    assert!(
        matches!(changes[..], [Change::Health(0, Health::Suspected), Change::Requeued(_)]),
        "{changes:?}"
    );
}

#[test]
fn the_new_master_goes_on_with_the_round_under_way() {
    let table = JobTable::new(3, 1);
    let mut old = master(&table, RETRY, 0.0);
    table.finish(begin(&table, &mut old, 0)).unwrap();
    assert!(old.next_round());
    begin(&table, &mut old, 0);
    old.resign().unwrap();
    assert_eq!(master(&table, RETRY, 9.0).round(), 1);
}

#[test]
fn a_master_that_was_replaced_alive_commands_no_more() {
    let table = JobTable::new(2, 2);
    let mut old = master(&table, RETRY, 0.0);
    let stale = old.offer(0).unwrap();
    begin(&table, &mut old, 1);
    let new = master(&table, RETRY, 9.0);
    let before: Vec<_> = table.leases().collect();
    let fenced = LeaseError::Fenced { stale: 1, current: 2 };
    assert_eq!(fenced.to_string(), "stale epoch 1: the leader is at epoch 2");
    assert_eq!(old.check_workers(9.0, |_| KILLED), Err(fenced));
    assert_eq!(old.lose_queued(DeathCause::Killed), Err(fenced));
    assert_eq!(table.take(stale, 0), Err(fenced));
    assert_eq!(old.resign(), Err(fenced), "nor can it end another's lead");
    assert_eq!(table.leases().collect::<Vec<_>>(), before);
    let epoch = new.epoch();
    assert_eq!(table.leadership(), Leadership { epoch, alive: true });
    // Nor does one that is replaced while it adopts write its epoch anywhere.
    let adopted = |epoch| Lease::queued(0).adopted(epoch, table.leadership());
    assert_eq!(adopted(1), Err(fenced));
    assert_eq!(adopted(2).map(|lease| lease.epoch), Ok(2));
}

#[test]
fn of_two_successors_one_takes_over_from_a_master_dead_or_alive() {
    for seen_alive in [false, true] {
        let table = JobTable::new(1, 1);
        let old = master(&table, RETRY, 0.0);
        let alive = table.leadership();
        old.resign().unwrap();
        let seen = if seen_alive { alive } else { table.leadership() };
        let take_over = || Master::take_over(&table, seen, RETRY, 4, 1.0);
        assert!(take_over().is_ok());
        let fenced = LeaseError::Fenced { stale: 1, current: 2 };
        assert_eq!(take_over().err(), Some(fenced));
    }
}

#[test]
fn an_offer_that_a_dead_or_silent_worker_did_not_take_is_made_to_another() {
    for evidence in [KILLED, SILENT] {
        let table = JobTable::new(1, 1);
        let mut master = master(&table, RETRY, 0.0);
        let first = master.offer(0).unwrap();
        let of_first = |worker| if worker == 0 { evidence } else { SILENT };
        check_for_a_timeout(&mut master, of_first);
        assert_eq!(master.offer(0), None, "it is offered nothing");
        let again = master.offer(1).unwrap();
        assert_eq!(again, first);
        assert!(table.take(first, 0).is_ok(), "the first of the two has it");
        assert_eq!(table.take(again, 1), Err(LeaseError::NotQueued));
    }
}

#[test]
fn with_no_worker_left_the_rest_is_lost() {
    let table = JobTable::new(2, 2);
    let mut master = Master::take_over(&table, Leadership::NONE, RETRY, 1, 0.0).unwrap();
    begin(&table, &mut master, 0);
    assert!(!master.detector().all_dead());
    master.check_workers(1.0, |_| KILLED).unwrap();
    assert!(master.detector().all_dead());
    assert_eq!(master.lose_queued(DeathCause::Killed), Ok(4));
    assert!(master.next_round() && master.next_round() && master.is_finished());
    assert_eq!(table.counts().lost_with_worker, 4);
}

#[test]
fn a_leadership_counts_its_masters_to_the_last_epoch() {
    let leadership = AtomicLeadership::new();
    for epoch in 1..=u16::MAX {
        assert_eq!(leadership.adopt(leadership.load()), Ok(epoch));
    }
    let exhausted = leadership.adopt(leadership.load());
    assert_eq!(exhausted, Err(LeaseError::EpochsExhausted));
}
