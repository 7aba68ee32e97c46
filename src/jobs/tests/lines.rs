//! What is printed, and when the master looks.

use proptest::prelude::*;

use super::stage::{RETRY, begin, master};
use crate::jobs::log::{Action, Line, after, text};
use crate::jobs::poll::{Poll, PollSchedule};
use crate::jobs::table::JobTable;

fn poll(done: u32, open: u32) -> Poll {
    Poll { done, open }
}

#[test]
fn a_round_prints_the_post_s_lines() {
    let table = JobTable::new(1, 4);
    let mut master = master(&table, RETRY, 0.0);
    let tokens: Vec<_> = (0..4)
        .map(|worker| begin(&table, &mut master, worker))
        .collect();
    let mut lines = vec![Line::Started(4)];
    for done in 0..=4 {
        let (printed, next) = after(master.poll(), false);
        lines.extend(printed);
        assert_eq!(
            next,
            if done == 4 {
                Action::NextRound
            } else {
                Action::Wait
            }
        );
        if let Some(token) = tokens.get(done) {
            table.finish(*token).unwrap();
        }
    }
    let printed =
        "4 thread start\n0, False\n1, False\n2, False\n3, False\n4, True\nall thread done";
    assert_eq!(text(lines), printed);
}

#[test]
fn a_master_that_is_to_die_exits_after_its_first_poll() {
    let (lines, next) = after(poll(0, 10), true);
    assert_eq!(
        (text(lines).as_str(), next),
        ("0, False\nforce exit: sys.exit(1)", Action::Exit)
    );
}

#[test]
fn a_master_that_finds_all_done_does_not_die_any_more() {
    let (lines, next) = after(poll(10, 0), true);
    assert_eq!(
        (text(lines).as_str(), next),
        ("10, True\nall thread done", Action::NextRound)
    );
}

#[test]
fn lost_jobs_end_a_round_without_counting_as_done() {
    assert_eq!(poll(9, 0).to_string(), "9, True");
}

#[test]
fn polls_that_were_missed_are_left_out() {
    let schedule = PollSchedule::new(0, 10.0);
    let times: Vec<_> = [0.0, 10.0, 10.1, 99.9, 1000.0]
        .map(|now| schedule.next_ms(now))
        .into();
    assert_eq!(times, [10.0, 20.0, 20.0, 100.0, 1010.0]);
}

#[test]
fn a_job_of_any_length_waits_half_an_interval_on_average() {
    for (length, every, rounds) in [
        (300.0, 100.0, 10),
        (3000.0, 1000.0, 10),
        (7.0, 33.0, 30),
        (250.0, 100.0, 50),
    ] {
        let waits =
            (0..rounds).map(|round| PollSchedule::new(round, every).next_ms(length) - length);
        let mean = waits.sum::<f64>() / f64::from(rounds);
        assert!(
            (mean / every - 0.5).abs() < 0.15 * 0.5 + 0.5 / f64::from(rounds),
            "{mean} of {every}"
        );
    }
}

proptest! {
    #[test]
    fn the_next_poll_is_later_and_within_an_interval(
        round in 0_u32..2000, every in 0.5_f64..10_000.0, now in 0.0_f64..1e7,
    ) {
        let next = PollSchedule::new(round, every).next_ms(now);
        prop_assert!(next > now, "{next} is not after {now}");
        prop_assert!(next - now <= every * (1.0 + 1e-9) + 1e-6, "{next} is long after {now}");
    }
}
