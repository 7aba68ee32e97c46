//! One job's word, and a job's way through it.

use proptest::prelude::*;

use super::stage::{NO_RETRY, RETRY, begin, master, offer, still};
use crate::jobs::LeaseError;
use crate::jobs::counts::{Fate, JobCounts};
use crate::jobs::failure_detector::{DeathCause, Evidence};
use crate::jobs::leadership::{AtomicLeadership, Leadership};
use crate::jobs::lease::{JobState, Lease, LeaseLayout, MAX_ATTEMPTS, MAX_JOBS, Offer};
use crate::jobs::master::Change;
use crate::jobs::table::JobTable;
use crate::jobs::word::LeaseWord;

fn any_lease() -> impl Strategy<Value = Lease> {
    let numbers = (
        0..MAX_JOBS as u32,
        any::<u8>(),
        0..=MAX_ATTEMPTS,
        any::<u16>(),
    );
    (numbers, 0..JobState::ALL.len()).prop_map(|((job, worker, attempt, epoch), stage)| Lease {
        job,
        worker,
        attempt,
        epoch,
        state: JobState::ALL[stage],
    })
}

proptest! {
    #[test]
    fn a_lease_survives_its_word(lease in any_lease()) {
        prop_assert_eq!(Lease::unpack(lease.pack()), lease);
    }

    #[test]
    fn an_office_survives_its_word(epoch: u16, alive: bool) {
        let term = Leadership { epoch, alive };
        prop_assert_eq!(Leadership::unpack(term.pack()), term);
    }

    #[test]
    fn the_page_finds_every_field_where_the_layout_says(lease in any_lease()) {
        let layout = LeaseLayout::new();
        let word = lease.pack();
        let field = |shift: u32, bits: u32| word >> shift & ((1 << bits) - 1);
        prop_assert_eq!(field(0, layout.job_bits), u64::from(lease.job));
        prop_assert_eq!(field(layout.worker_shift, layout.worker_bits), u64::from(lease.worker));
        prop_assert_eq!(field(layout.attempt_shift, layout.attempt_bits), u64::from(lease.attempt));
        prop_assert_eq!(field(layout.epoch_shift, layout.epoch_bits), u64::from(lease.epoch));
        let stage = field(layout.stage_shift, layout.stage_bits) as usize;
        prop_assert_eq!(layout.stages[stage], lease.state.name());
    }
}

#[test]
fn a_job_that_two_come_for_is_one_s() {
    let table = JobTable::new(1, 1);
    let mut master = master(&table, RETRY, 0.0);
    let offer = offer(&mut master, 0);
    assert!(table.take(offer, 0).is_ok());
    assert_eq!(table.take(offer, 1), Err(LeaseError::NotQueued));
}

#[test]
fn a_job_on_offer_is_offered_to_nobody_else() {
    let table = JobTable::new(1, 2);
    let mut master = master(&table, RETRY, 0.0);
    let jobs = [offer(&mut master, 0).job, offer(&mut master, 1).job];
    assert_eq!(jobs, [0, 1]);
    assert_eq!(master.offer(2), None);
    assert_eq!(offer(&mut master, 1).job, 1, "asking again changes nothing");
}

#[test]
fn a_result_counts_once() {
    let table = JobTable::new(1, 1);
    let token = begin(&table, &mut master(&table, RETRY, 0.0), 0);
    assert!(table.finish(token).is_ok());
    assert_eq!(table.finish(token), Err(LeaseError::Stale));
    assert_eq!((table.counts().done(), table.late()), (1, 1));
}

#[test]
fn a_slow_worker_s_result_is_refused_once_its_job_was_taken_away() {
    let table = JobTable::new(1, 1);
    let mut master = master(&table, RETRY, 0.0);
    let slow = begin(&table, &mut master, 0);
    for now in [0.0, 250.0, 500.0] {
        master.look(now, still).unwrap();
    }
    assert_eq!(
        table.finish(slow),
        Err(LeaseError::Stale),
        "nobody has it now"
    );
    let second = begin(&table, &mut master, 1);
    assert_eq!(
        table.finish(slow),
        Err(LeaseError::Stale),
        "another has it now"
    );
    assert!(table.finish(second).is_ok());
    assert_eq!(table.finish(slow), Err(LeaseError::Stale), "it is done");
    assert_eq!((table.counts().done(), table.late()), (1, 3));
}

#[test]
fn without_retry_a_silent_worker_keeps_its_job() {
    let table = JobTable::new(1, 1);
    let mut master = master(&table, NO_RETRY, 0.0);
    let slow = begin(&table, &mut master, 0);
    for now in [0.0, 250.0, 500.0, 9000.0] {
        master.look(now, still).unwrap();
    }
    assert!(table.finish(slow).is_ok(), "it was only slow");
}

#[test]
fn without_retry_a_dead_worker_s_job_is_lost_and_the_round_ends() {
    for (death, fate) in [
        (DeathCause::Killed, Fate::LostWithWorker),
        (DeathCause::WithOwner, Fate::LostWithOwner),
    ] {
        let table = JobTable::new(1, 1);
        let mut master = master(&table, NO_RETRY, 0.0);
        begin(&table, &mut master, 0);
        let death = Some(death);
        let changes = master.look(1.0, |_| Evidence { beats: 0, death }).unwrap();
        assert!(
            matches!(changes[..], [.., Change::Lost(Lease { job: 0, .. })]),
            "{changes:?}"
        );
        assert_eq!(table.lease(0).map(Fate::of), Some(fate));
        assert_eq!(master.poll().to_string(), "0, True");
    }
}

#[test]
fn a_round_has_one_last_job() {
    let table = JobTable::new(2, 3);
    let mut master = master(&table, RETRY, 0.0);
    for _ in 0..2 {
        let tokens: Vec<_> = (0..3)
            .map(|worker| begin(&table, &mut master, worker))
            .collect();
        assert!(!master.next_round());
        let last: Vec<_> = tokens
            .iter()
            .map(|token| table.finish(*token).unwrap().last)
            .collect();
        assert_eq!(last, [false, false, true]);
        assert!(master.next_round());
    }
    assert!(master.is_through() && !master.next_round());
    assert_eq!(master.offer(0), None);
}

#[test]
fn a_job_that_can_t_be_handed_out_again_stays_with_its_worker_until_that_one_dies() {
    let table = JobTable::new(1, 1);
    let mut master = master(&table, RETRY, 0.0);
    let epoch = master.epoch();
    let offer = Offer { job: 0, epoch };
    for _ in 1..MAX_ATTEMPTS {
        table.requeue(table.take(offer, 0).unwrap(), epoch).unwrap();
    }
    table.take(offer, 0).unwrap();
    for now in [0.0, 250.0, 500.0] {
        master.look(now, still).unwrap();
    }
    assert_eq!(table.counts().running, 1, "it may be just slow");
    let death = Some(DeathCause::Killed);
    master
        .look(501.0, |_| Evidence { beats: 0, death })
        .unwrap();
    assert_eq!(table.counts().lost_with_worker, 1);
}

#[test]
fn a_word_does_not_count_further_than_it_can() {
    let leadership = AtomicLeadership::new();
    let epoch = leadership.adopt(Leadership::NOBODY).unwrap().epoch;
    let word = LeaseWord::new(0);
    let offer = Offer { job: 0, epoch };
    for _ in 0..MAX_ATTEMPTS {
        let token = word.take(offer, 0, &leadership).unwrap().token().unwrap();
        word.requeue(token, epoch, &leadership).unwrap();
    }
    assert_eq!(
        word.take(offer, 0, &leadership),
        Err(LeaseError::AttemptsExhausted)
    );
}

#[test]
fn what_is_of_another_ledger_is_refused() {
    let table = JobTable::new(1, 1);
    let big = JobTable::new(1, 9);
    let mut master = master(&big, RETRY, 0.0);
    let tokens: Vec<_> = (0..4)
        .map(|worker| begin(&big, &mut master, worker))
        .collect();
    assert_eq!(table.finish(tokens[3]), Err(LeaseError::Stale));
    assert_eq!(
        table.take(Offer { job: 8, epoch: 1 }, 0),
        Err(LeaseError::NotQueued)
    );
    assert_eq!(table.lease(1), None);
    assert_eq!(table.poll(7), Default::default());
}

#[test]
fn a_ledger_without_rounds_or_jobs_is_through_at_once() {
    for table in [
        JobTable::new(0, 5),
        JobTable::new(5, 0),
        JobTable::new(0, 0),
    ] {
        let mut master = master(&table, RETRY, 0.0);
        assert!(master.is_through());
        assert_eq!(master.offer(0), None);
        assert_eq!(master.look(1.0, still), Ok(vec![]));
        assert_eq!(table.counts(), JobCounts::default());
    }
}

#[test]
#[should_panic(expected = "more than")]
fn more_jobs_than_a_word_can_number_are_refused() {
    let _ = JobTable::new(1 << 20, 1 << 20);
}

#[test]
fn an_ended_lease_can_t_be_taken_away_from_the_next_holder() {
    let table = JobTable::new(1, 1);
    let mut master = master(&table, RETRY, 0.0);
    let first = begin(&table, &mut master, 0);
    table.requeue(first, master.epoch()).unwrap();
    let epoch = master.epoch();
    let second = table.take(Offer { job: 0, epoch }, 1).unwrap();
    assert_eq!(table.requeue(first, epoch), Err(LeaseError::NotLeased));
    assert!(table.finish(second).unwrap().last);
}

#[test]
fn the_last_one_is_told_so_though_others_were_lost() {
    let table = JobTable::new(1, 2);
    let mut master = master(&table, NO_RETRY, 0.0);
    begin(&table, &mut master, 0);
    let last = begin(&table, &mut master, 1);
    let death = |worker| (worker == 0).then_some(DeathCause::Killed);
    master
        .look(1.0, |worker| Evidence {
            beats: 0,
            death: death(worker),
        })
        .unwrap();
    assert!(table.finish(last).unwrap().last);
}

#[test]
fn a_new_round_s_jobs_are_for_whoever_comes_first() {
    let table = JobTable::new(2, 2);
    let mut master = master(&table, RETRY, 0.0);
    for worker in [0, 1] {
        let token = begin(&table, &mut master, worker);
        table.finish(token).unwrap();
    }
    assert!(master.next_round());
    assert_eq!(offer(&mut master, 1).job, 2);
}
