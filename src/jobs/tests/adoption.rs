//! Masters that die, and those who take over.

use super::stage::{NO_RETRY, RETRY, begin, master, offer, still};
use crate::jobs::Refusal;
use crate::jobs::account::{Accounts, Fate};
use crate::jobs::ledger::Ledger;
use crate::jobs::master::{Master, Notice};
use crate::jobs::term::{Reign, Term, TermWord};
use crate::jobs::watch::{Death, Sign};
use crate::jobs::word::LeaseWord;

#[test]
fn every_job_is_accounted_for_by_who_was_master_at_its_end() {
    let ledger = Ledger::new(1, 6);
    let mut old = Master::take_over(&ledger, Term::NOBODY, NO_RETRY, 6, 0.0).unwrap();
    let tickets: Vec<_> = (0..6)
        .map(|worker| begin(&ledger, &mut old, worker))
        .collect();
    ledger.finish(tickets[0]).unwrap();
    old.exit().unwrap();
    ledger.finish(tickets[1]).unwrap();
    ledger.finish(tickets[2]).unwrap();
    let mut new = Master::take_over(&ledger, ledger.term(), NO_RETRY, 6, 9.0).unwrap();
    ledger.finish(tickets[3]).unwrap();
    let death = |worker| match worker {
        4 => Some(Death::Killed),
        5 => Some(Death::WithOwner),
        _ => None,
    };
    new.look(10.0, |worker| Sign {
        beats: 0,
        death: death(worker),
    })
    .unwrap();
    let accounts = Accounts {
        under_old: 1,
        as_orphan: 2,
        under_new: 1,
        lost_with_worker: 1,
        lost_with_owner: 1,
        ..Accounts::default()
    };
    assert_eq!(ledger.accounts(), accounts);
    assert_eq!(
        (accounts.after_death(), accounts.lost(), accounts.jobs()),
        (3, 2, 6)
    );
}

#[test]
fn adoption_restarts_nothing() {
    let ledger = Ledger::new(1, 3);
    let mut old = master(&ledger, RETRY, 0.0);
    let tickets = [begin(&ledger, &mut old, 0), begin(&ledger, &mut old, 1)];
    old.exit().unwrap();
    let mut new = master(&ledger, RETRY, 9.0);
    assert_eq!(ledger.accounts().running, 2);
    assert_eq!(offer(&mut new, 2).job, 2, "only the queued one is offered");
    for ticket in tickets {
        let finished = ledger.finish(ticket).unwrap();
        assert_eq!((finished.lease.attempt, finished.lease.epoch), (1, 2));
        assert_eq!(Fate::of(finished.lease), Fate::UnderNew);
    }
}

#[test]
fn adopted_workers_get_the_whole_timeout_again() {
    let ledger = Ledger::new(1, 1);
    let mut old = master(&ledger, RETRY, 0.0);
    begin(&ledger, &mut old, 0);
    old.exit().unwrap();
    let mut new = master(&ledger, RETRY, 60_000.0);
    for now in [60_000.0, 60_250.0, 60_499.0] {
        assert_eq!(new.look(now, still), Ok(vec![]), "at {now}");
    }
    let notices = new.look(60_500.0, still).unwrap();
    assert!(
        matches!(notices[..], [Notice::Health(0, _), Notice::Requeued(_)]),
        "{notices:?}"
    );
}

#[test]
fn the_new_master_goes_on_with_the_round_under_way() {
    let ledger = Ledger::new(3, 1);
    let mut old = master(&ledger, RETRY, 0.0);
    let ticket = begin(&ledger, &mut old, 0);
    ledger.finish(ticket).unwrap();
    assert!(old.next_round());
    begin(&ledger, &mut old, 0);
    old.exit().unwrap();
    assert_eq!(master(&ledger, RETRY, 9.0).round(), 1);
}

#[test]
fn a_master_that_was_replaced_alive_commands_no_more() {
    let ledger = Ledger::new(2, 2);
    let mut old = master(&ledger, RETRY, 0.0);
    let stale = offer(&mut old, 0);
    begin(&ledger, &mut old, 1);
    let new = master(&ledger, RETRY, 9.0);
    let before: Vec<_> = ledger.leases().collect();
    let fenced = Refusal::Fenced { mine: 1, now: 2 };
    let dead = |_| Sign {
        beats: 0,
        death: Some(Death::Killed),
    };
    assert_eq!(old.look(9.0, dead), Err(fenced));
    assert_eq!(old.give_up(Death::Killed), Err(fenced));
    assert_eq!(ledger.take(stale, 0), Err(fenced));
    assert_eq!(
        old.exit(),
        Err(fenced),
        "nor can it vacate the office that is another's"
    );
    assert_eq!(ledger.leases().collect::<Vec<_>>(), before);
    assert_eq!(ledger.term().reign(new.epoch()), Reign::Alive);
    assert_eq!(ledger.term().reign(1), Reign::Adopted);
}

#[test]
fn a_master_declared_dead_while_it_lives_begins_nothing_new() {
    let ledger = Ledger::new(1, 2);
    let mut old = master(&ledger, RETRY, 0.0);
    let running = begin(&ledger, &mut old, 0);
    let offer = offer(&mut old, 1);
    ledger.declare_dead(old.epoch()).unwrap();
    assert_eq!(
        ledger.take(offer, 1),
        Err(Refusal::Fenced { mine: 1, now: 1 })
    );
    assert!(old.look(9.0, still).is_err());
    assert_eq!(
        ledger.finish(running).map(|done| Fate::of(done.lease)),
        Ok(Fate::AsOrphan)
    );
}

#[test]
fn of_two_heirs_one_takes_over() {
    let ledger = Ledger::new(1, 1);
    master(&ledger, RETRY, 0.0).exit().unwrap();
    let seen = ledger.term();
    assert!(Master::take_over(&ledger, seen, RETRY, 4, 1.0).is_ok());
    let second = Master::take_over(&ledger, seen, RETRY, 4, 1.0);
    assert_eq!(second.err(), Some(Refusal::Fenced { mine: 1, now: 2 }));
}

#[test]
fn a_master_seen_alive_can_be_replaced_though_it_has_died_since() {
    let ledger = Ledger::new(1, 1);
    let old = master(&ledger, RETRY, 0.0);
    let seen = ledger.term();
    old.exit().unwrap();
    assert!(Master::take_over(&ledger, seen, RETRY, 4, 1.0).is_ok());
}

#[test]
fn an_offer_nobody_took_is_made_again() {
    let ledger = Ledger::new(1, 1);
    let mut first = master(&ledger, RETRY, 0.0);
    let lost = offer(&mut first, 0);
    let death = |worker| Sign {
        beats: 0,
        death: (worker == 0).then_some(Death::Killed),
    };
    first.look(1.0, death).unwrap();
    assert_eq!(first.offer(0), None, "a dead worker is offered nothing");
    assert_eq!(offer(&mut first, 1), lost);
}

#[test]
fn with_no_worker_left_the_rest_is_given_up() {
    let ledger = Ledger::new(2, 2);
    let mut master = Master::take_over(&ledger, Term::NOBODY, RETRY, 1, 0.0).unwrap();
    begin(&ledger, &mut master, 0);
    assert!(!master.is_alone());
    master
        .look(1.0, |_| Sign {
            beats: 0,
            death: Some(Death::Killed),
        })
        .unwrap();
    assert!(master.is_alone());
    assert_eq!(master.give_up(Death::Killed), Ok(4));
    assert!(master.next_round() && master.next_round() && master.is_through());
    assert_eq!(ledger.accounts().lost_with_worker, 4);
}

#[test]
fn the_report_of_a_run_that_nobody_adopted_names_what_died_with_its_owner() {
    let ledger = Ledger::new(1, 2);
    let mut old = master(&ledger, RETRY, 0.0);
    begin(&ledger, &mut old, 0);
    begin(&ledger, &mut old, 1);
    old.exit().unwrap();
    let fate = |lease| Fate::at_the_end(lease, |worker| (worker == 1).then_some(Death::WithOwner));
    let fates: Vec<_> = ledger.leases().map(fate).collect();
    assert_eq!(fates, [Fate::Running, Fate::LostWithOwner]);
}

#[test]
fn an_office_counts_its_masters_to_the_last() {
    let office = TermWord::new();
    for epoch in 1..=u16::MAX {
        assert_eq!(
            office.adopt(office.read()).map(|term| term.epoch),
            Ok(epoch)
        );
    }
    assert_eq!(office.adopt(office.read()), Err(Refusal::NoMoreEpochs));
}

#[test]
fn an_offer_to_one_who_falls_silent_is_made_to_another() {
    let ledger = Ledger::new(1, 1);
    let mut master = master(&ledger, RETRY, 0.0);
    let slow = offer(&mut master, 0);
    for now in [0.0, 250.0, 500.0] {
        master.look(now, still).unwrap();
    }
    let again = offer(&mut master, 1);
    assert_eq!(again, slow);
    assert!(
        ledger.take(slow, 0).is_ok(),
        "whichever of the two comes first has it"
    );
    assert_eq!(ledger.take(again, 1), Err(Refusal::NotQueued));
    master.look(501.0, still).unwrap();
    assert_eq!(offer(&mut master, 2), slow, "no claim is left of either");
}

#[test]
fn a_master_replaced_while_it_adopts_writes_its_epoch_nowhere() {
    let office = TermWord::new();
    let word = LeaseWord::new(0);
    for _ in 0..2 {
        office.adopt(office.read()).unwrap();
    }
    assert_eq!(
        word.adopt(1, &office),
        Err(Refusal::Fenced { mine: 1, now: 2 })
    );
    assert_eq!(word.adopt(2, &office).map(|lease| lease.epoch), Ok(2));
}
