//! Masters that die, and those who take over.

use super::stage::{NO_RETRY, RETRY, begin, master, offer, still};
use crate::jobs::LeaseError;
use crate::jobs::counts::{Fate, JobCounts};
use crate::jobs::failure_detector::{DeathCause, Evidence};
use crate::jobs::leadership::{AtomicLeadership, LeaderStatus, Leadership};
use crate::jobs::master::{Change, Master};
use crate::jobs::table::JobTable;
use crate::jobs::word::LeaseWord;

#[test]
fn every_job_is_accounted_for_by_who_was_master_at_its_end() {
    let table = JobTable::new(1, 6);
    let mut old = Master::take_over(&table, Leadership::NOBODY, NO_RETRY, 6, 0.0).unwrap();
    let tokens: Vec<_> = (0..6)
        .map(|worker| begin(&table, &mut old, worker))
        .collect();
    table.finish(tokens[0]).unwrap();
    old.exit().unwrap();
    table.finish(tokens[1]).unwrap();
    table.finish(tokens[2]).unwrap();
    let mut new = Master::take_over(&table, table.leadership(), NO_RETRY, 6, 9.0).unwrap();
    table.finish(tokens[3]).unwrap();
    let death = |worker| match worker {
        4 => Some(DeathCause::Killed),
        5 => Some(DeathCause::WithOwner),
        _ => None,
    };
    new.look(10.0, |worker| Evidence {
        beats: 0,
        death: death(worker),
    })
    .unwrap();
    let counts = JobCounts {
        under_old: 1,
        as_orphan: 2,
        under_new: 1,
        lost_with_worker: 1,
        lost_with_owner: 1,
        ..JobCounts::default()
    };
    assert_eq!(table.counts(), counts);
    assert_eq!(
        (counts.after_death(), counts.lost(), counts.jobs()),
        (3, 2, 6)
    );
}

#[test]
fn adoption_restarts_nothing() {
    let table = JobTable::new(1, 3);
    let mut old = master(&table, RETRY, 0.0);
    let tokens = [begin(&table, &mut old, 0), begin(&table, &mut old, 1)];
    old.exit().unwrap();
    let mut new = master(&table, RETRY, 9.0);
    assert_eq!(table.counts().running, 2);
    assert_eq!(offer(&mut new, 2).job, 2, "only the queued one is offered");
    for token in tokens {
        let finished = table.finish(token).unwrap();
        assert_eq!((finished.lease.attempt, finished.lease.epoch), (1, 2));
        assert_eq!(Fate::of(finished.lease), Fate::UnderNew);
    }
}

#[test]
fn adopted_workers_get_the_whole_timeout_again() {
    let table = JobTable::new(1, 1);
    let mut old = master(&table, RETRY, 0.0);
    begin(&table, &mut old, 0);
    old.exit().unwrap();
    let mut new = master(&table, RETRY, 60_000.0);
    for now in [60_000.0, 60_250.0, 60_499.0] {
        assert_eq!(new.look(now, still), Ok(vec![]), "at {now}");
    }
    let changes = new.look(60_500.0, still).unwrap();
    assert!(
        matches!(changes[..], [Change::Health(0, _), Change::Requeued(_)]),
        "{changes:?}"
    );
}

#[test]
fn the_new_master_goes_on_with_the_round_under_way() {
    let table = JobTable::new(3, 1);
    let mut old = master(&table, RETRY, 0.0);
    let token = begin(&table, &mut old, 0);
    table.finish(token).unwrap();
    assert!(old.next_round());
    begin(&table, &mut old, 0);
    old.exit().unwrap();
    assert_eq!(master(&table, RETRY, 9.0).round(), 1);
}

#[test]
fn a_master_that_was_replaced_alive_commands_no_more() {
    let table = JobTable::new(2, 2);
    let mut old = master(&table, RETRY, 0.0);
    let stale = offer(&mut old, 0);
    begin(&table, &mut old, 1);
    let new = master(&table, RETRY, 9.0);
    let before: Vec<_> = table.leases().collect();
    let fenced = LeaseError::Fenced { mine: 1, now: 2 };
    let dead = |_| Evidence {
        beats: 0,
        death: Some(DeathCause::Killed),
    };
    assert_eq!(old.look(9.0, dead), Err(fenced));
    assert_eq!(old.give_up(DeathCause::Killed), Err(fenced));
    assert_eq!(table.take(stale, 0), Err(fenced));
    assert_eq!(
        old.exit(),
        Err(fenced),
        "nor can it vacate the leadership that is another's"
    );
    assert_eq!(table.leases().collect::<Vec<_>>(), before);
    assert_eq!(table.leadership().status(new.epoch()), LeaderStatus::Alive);
    assert_eq!(table.leadership().status(1), LeaderStatus::Adopted);
}

#[test]
fn a_master_declared_dead_while_it_lives_begins_nothing_new() {
    let table = JobTable::new(1, 2);
    let mut old = master(&table, RETRY, 0.0);
    let running = begin(&table, &mut old, 0);
    let offer = offer(&mut old, 1);
    table.declare_dead(old.epoch()).unwrap();
    assert_eq!(
        table.take(offer, 1),
        Err(LeaseError::Fenced { mine: 1, now: 1 })
    );
    assert!(old.look(9.0, still).is_err());
    assert_eq!(
        table.finish(running).map(|done| Fate::of(done.lease)),
        Ok(Fate::AsOrphan)
    );
}

#[test]
fn of_two_heirs_one_takes_over() {
    let table = JobTable::new(1, 1);
    master(&table, RETRY, 0.0).exit().unwrap();
    let seen = table.leadership();
    assert!(Master::take_over(&table, seen, RETRY, 4, 1.0).is_ok());
    let second = Master::take_over(&table, seen, RETRY, 4, 1.0);
    assert_eq!(second.err(), Some(LeaseError::Fenced { mine: 1, now: 2 }));
}

#[test]
fn a_master_seen_alive_can_be_replaced_though_it_has_died_since() {
    let table = JobTable::new(1, 1);
    let old = master(&table, RETRY, 0.0);
    let seen = table.leadership();
    old.exit().unwrap();
    assert!(Master::take_over(&table, seen, RETRY, 4, 1.0).is_ok());
}

#[test]
fn an_offer_nobody_took_is_made_again() {
    let table = JobTable::new(1, 1);
    let mut first = master(&table, RETRY, 0.0);
    let lost = offer(&mut first, 0);
    let death = |worker| Evidence {
        beats: 0,
        death: (worker == 0).then_some(DeathCause::Killed),
    };
    first.look(1.0, death).unwrap();
    assert_eq!(first.offer(0), None, "a dead worker is offered nothing");
    assert_eq!(offer(&mut first, 1), lost);
}

#[test]
fn with_no_worker_left_the_rest_is_given_up() {
    let table = JobTable::new(2, 2);
    let mut master = Master::take_over(&table, Leadership::NOBODY, RETRY, 1, 0.0).unwrap();
    begin(&table, &mut master, 0);
    assert!(!master.is_alone());
    master
        .look(1.0, |_| Evidence {
            beats: 0,
            death: Some(DeathCause::Killed),
        })
        .unwrap();
    assert!(master.is_alone());
    assert_eq!(master.give_up(DeathCause::Killed), Ok(4));
    assert!(master.next_round() && master.next_round() && master.is_through());
    assert_eq!(table.counts().lost_with_worker, 4);
}

#[test]
fn the_report_of_a_run_that_nobody_adopted_names_what_died_with_its_owner() {
    let table = JobTable::new(1, 2);
    let mut old = master(&table, RETRY, 0.0);
    begin(&table, &mut old, 0);
    begin(&table, &mut old, 1);
    old.exit().unwrap();
    let fate = |lease| {
        Fate::at_the_end(lease, |worker| {
            (worker == 1).then_some(DeathCause::WithOwner)
        })
    };
    let fates: Vec<_> = table.leases().map(fate).collect();
    assert_eq!(fates, [Fate::Running, Fate::LostWithOwner]);
}

#[test]
fn an_office_counts_its_masters_to_the_last() {
    let leadership = AtomicLeadership::new();
    for epoch in 1..=u16::MAX {
        assert_eq!(
            leadership.adopt(leadership.read()).map(|term| term.epoch),
            Ok(epoch)
        );
    }
    assert_eq!(
        leadership.adopt(leadership.read()),
        Err(LeaseError::EpochsExhausted)
    );
}

#[test]
fn an_offer_to_one_who_falls_silent_is_made_to_another() {
    let table = JobTable::new(1, 1);
    let mut master = master(&table, RETRY, 0.0);
    let slow = offer(&mut master, 0);
    for now in [0.0, 250.0, 500.0] {
        master.look(now, still).unwrap();
    }
    let again = offer(&mut master, 1);
    assert_eq!(again, slow);
    assert!(
        table.take(slow, 0).is_ok(),
        "whichever of the two comes first has it"
    );
    assert_eq!(table.take(again, 1), Err(LeaseError::NotQueued));
    master.look(501.0, still).unwrap();
    assert_eq!(offer(&mut master, 2), slow, "no claim is left of either");
}

#[test]
fn a_master_replaced_while_it_adopts_writes_its_epoch_nowhere() {
    let leadership = AtomicLeadership::new();
    let word = LeaseWord::new(0);
    for _ in 0..2 {
        leadership.adopt(leadership.read()).unwrap();
    }
    assert_eq!(
        word.adopt(1, &leadership),
        Err(LeaseError::Fenced { mine: 1, now: 2 })
    );
    assert_eq!(word.adopt(2, &leadership).map(|lease| lease.epoch), Ok(2));
}
