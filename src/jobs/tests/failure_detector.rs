//! Heartbeats, seen and missed.

use crate::jobs::failure_detector::{DeathCause, Evidence, FailureDetector, Health};

fn look(watch: &mut FailureDetector, now: f64, expected: bool, sign: Evidence) -> Option<Health> {
    let mut told = None;
    watch.look(now, |_| expected, |_| sign, |_, health| told = Some(health));
    told
}

fn beats(beats: u32) -> Evidence {
    Evidence { beats, death: None }
}

#[test]
fn a_worker_is_suspected_after_its_timeout_and_not_before() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    for (now, told) in [
        (0.0, None),
        (50.0, None),
        (99.0, None),
        (100.0, Some(Health::Suspected)),
        (300.0, None),
    ] {
        assert_eq!(look(&mut watch, now, true, beats(7)), told, "at {now}");
    }
}

#[test]
fn one_beat_clears_a_suspicion() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    for now in 0..=10 {
        look(&mut watch, f64::from(now) * 20.0, true, beats(1));
    }
    assert_eq!(watch.health(0), Health::Suspected);
    assert_eq!(look(&mut watch, 201.0, true, beats(2)), Some(Health::Alive));
    assert_eq!(
        look(&mut watch, 250.0, true, beats(2)),
        None,
        "the timeout begins anew"
    );
}

#[test]
fn beats_may_wrap_around() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    for (step, count) in [u32::MAX - 1, u32::MAX, 0, 1].into_iter().enumerate() {
        assert_eq!(
            look(&mut watch, step as f64 * 90.0, true, beats(count)),
            None
        );
    }
}

#[test]
fn a_master_that_slept_itself_does_not_take_its_workers_for_dead() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    look(&mut watch, 0.0, true, beats(1));
    assert_eq!(look(&mut watch, 60_000.0, true, beats(1)), None);
    assert_eq!(look(&mut watch, 60_010.0, true, beats(2)), None);
}

#[test]
fn an_idle_worker_need_not_beat() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    for now in 0..20 {
        assert_eq!(
            look(&mut watch, f64::from(now) * 50.0, false, beats(1)),
            None
        );
    }
    assert_eq!(
        look(&mut watch, 1000.0, true, beats(1)),
        None,
        "its time begins with its job"
    );
}

#[test]
fn an_idle_worker_does_not_come_out_of_suspicion_by_being_idle() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    for now in [0.0, 50.0, 100.0] {
        look(&mut watch, now, true, beats(1));
    }
    assert_eq!(look(&mut watch, 150.0, false, beats(1)), None);
    assert_eq!(
        look(&mut watch, 200.0, false, beats(2)),
        Some(Health::Alive)
    );
}

#[test]
fn a_known_death_needs_no_timeout_and_is_told_once() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    let death = Some(DeathCause::WithOwner);
    let dead = Some(Health::Dead(DeathCause::WithOwner));
    assert_eq!(
        look(&mut watch, 0.0, true, Evidence { beats: 1, death }),
        dead
    );
    assert_eq!(
        look(&mut watch, 10.0, true, Evidence { beats: 1, death }),
        None
    );
    assert_eq!(
        look(&mut watch, 20.0, true, beats(1)),
        Some(Health::Alive),
        "another in its place"
    );
}

#[test]
fn a_clock_that_runs_backwards_or_nowhere_suspects_nobody() {
    let mut watch = FailureDetector::new(1, 100.0, 1000.0);
    for now in [
        1000.0,
        0.0,
        1000.0,
        -5.0,
        1000.0,
        f64::NAN,
        0.0,
        1000.0,
        0.0,
        1000.0,
    ] {
        assert_eq!(look(&mut watch, now, true, beats(1)), None, "at {now}");
    }
    let mut broken = FailureDetector::new(1, f64::NAN, 0.0);
    look(&mut broken, 1.0, true, beats(1));
    assert_eq!(FailureDetector::new(0, -1.0, 0.0).health(9), Health::Alive);
}

#[test]
fn silences_of_two_jobs_do_not_add_up() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    for (now, expected) in [
        (0.0, true),
        (50.0, true),
        (99.0, true),
        (120.0, false),
        (140.0, true),
    ] {
        assert_eq!(look(&mut watch, now, expected, beats(1)), None, "at {now}");
    }
}

#[test]
fn a_new_worker_in_a_dead_one_s_place_is_well_before_its_first_beat() {
    let mut watch = FailureDetector::new(1, 100.0, 0.0);
    let death = Some(DeathCause::Killed);
    look(&mut watch, 0.0, true, beats(1));
    look(&mut watch, 1.0, true, Evidence { beats: 1, death });
    assert_eq!(look(&mut watch, 2.0, true, beats(1)), Some(Health::Alive));
}
