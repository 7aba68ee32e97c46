//! When the master polls, and when it finds all done.

use proptest::prelude::*;

use crate::jobs::poll::PollSchedule;

#[test]
fn polls_that_were_missed_are_skipped() {
    let schedule = PollSchedule::new(0, 10.0);
    let times = [0.0, 10.0, 10.1, 99.9, 1000.0].map(|now| schedule.next_ms(now));
    assert_eq!(times, [10.0, 20.0, 20.0, 100.0, 1010.0]);
}

#[test]
fn a_job_of_any_length_waits_half_an_interval_on_average() {
    for (length, every, rounds) in
        [(300.0, 100.0, 10), (3000.0, 1000.0, 10), (7.0, 33.0, 30), (250.0, 100.0, 50)]
    {
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
