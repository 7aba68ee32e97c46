//! Heartbeats, seen and missed.

use crate::jobs::failure_detector::DeathCause::{Killed, WithOwner};
use crate::jobs::failure_detector::Health::{Alive, Dead, Suspected};
use crate::jobs::failure_detector::{Evidence, FailureDetector, Health};

const NOTHING: Evidence = Evidence { beats: 1, death: None, if_silent: None };
const KILLED: Evidence = Evidence { death: Some(Killed), ..NOTHING };
const DOOMED: Evidence = Evidence { if_silent: Some(WithOwner), ..NOTHING };

const fn beats(beats: u32) -> Evidence {
    Evidence { beats, ..NOTHING }
}

/// Checks of one worker with a timeout of 100 ms: when, whether it must beat, what is observed of it,
/// and the health that this changed to.
type Checks = &'static [(f64, bool, Evidence, Option<Health>)];

#[rustfmt::skip]
const STORIES: &[(&str, Checks)] = &[
    ("a worker is suspected after its timeout and not before", &[
        (0.0, true, NOTHING, None), (50.0, true, NOTHING, None), (99.0, true, NOTHING, None),
        (100.0, true, NOTHING, Some(Suspected)), (300.0, true, NOTHING, None),
    ]),
    ("one beat clears a suspicion, and the timeout begins anew", &[
        (0.0, true, NOTHING, None), (50.0, true, NOTHING, None), (100.0, true, NOTHING, Some(Suspected)),
        (101.0, true, beats(2), Some(Alive)), (150.0, true, beats(2), None), (200.0, true, beats(2), None),
        (201.0, true, beats(2), Some(Suspected)),
    ]),
    ("beats may wrap around", &[
        (0.0, true, beats(u32::MAX - 1), None), (90.0, true, beats(u32::MAX), None),
        (180.0, true, beats(0), None), (270.0, true, beats(1), None),
    ]),
    ("a master that slept itself does not take its workers for dead", &[
        (0.0, true, NOTHING, None), (60_000.0, true, NOTHING, None), (60_010.0, true, beats(2), None),
    ]),
    ("an idle worker need not beat; its time begins with its job", &[
        (0.0, false, NOTHING, None), (50.0, false, NOTHING, None), (100.0, false, NOTHING, None),
        (150.0, false, NOTHING, None), (200.0, true, NOTHING, None), (249.0, true, NOTHING, None),
        (250.0, true, NOTHING, Some(Suspected)),
    ]),
    ("an idle worker does not come out of suspicion by being idle", &[
        (0.0, true, NOTHING, None), (50.0, true, NOTHING, None), (100.0, true, NOTHING, Some(Suspected)),
        (150.0, false, NOTHING, None), (200.0, false, beats(2), Some(Alive)),
    ]),
    ("silences of two jobs do not add up", &[
        (0.0, true, NOTHING, None), (50.0, true, NOTHING, None), (99.0, true, NOTHING, None),
        (120.0, false, NOTHING, None), (140.0, true, NOTHING, None),
    ]),
    ("a known death needs no timeout, is told once, and is final", &[
        (0.0, true, KILLED, Some(Dead(Killed))), (10.0, true, KILLED, None), (20.0, true, beats(2), None),
    ]),
    ("silence proves the death of a worker that was doomed, and a beat disproves it", &[
        (0.0, true, DOOMED, None), (50.0, true, DOOMED, None), (60.0, true, beats(2), None),
        (110.0, true, Evidence { beats: 2, ..DOOMED }, None),
        (160.0, true, Evidence { beats: 2, ..DOOMED }, Some(Suspected)),
        (161.0, true, Evidence { beats: 2, ..DOOMED }, Some(Dead(WithOwner))),
    ]),
    ("a clock that runs backwards or nowhere suspects nobody", &[
        (50.0, true, NOTHING, None), (0.0, true, NOTHING, None), (50.0, true, NOTHING, None),
        (-5.0, true, NOTHING, None), (f64::NAN, true, NOTHING, None), (0.0, true, NOTHING, None),
        (50.0, true, NOTHING, None), (0.0, true, NOTHING, None), (50.0, true, NOTHING, None),
    ]),
];

#[test]
fn a_worker_s_health_follows_from_its_beats_and_the_evidence() {
    for (story, checks) in STORIES {
        let mut detector = FailureDetector::new(1, 100.0, 0.0);
        for (now_ms, must_beat, evidence, health) in *checks {
            let changed = detector.check(*now_ms, |_| *must_beat, |_| *evidence);
            let changed = changed.first().map(|(_, health)| *health);
            assert_eq!(changed, *health, "{story}, at {now_ms}");
        }
    }
}

#[test]
fn a_timeout_that_is_none_and_a_worker_that_there_is_not_do_no_harm() {
    let mut detector = FailureDetector::new(1, f64::NAN, 0.0);
    detector.check(1.0, |_| true, |_| NOTHING);
    assert_eq!(FailureDetector::new(0, -1.0, 0.0).health(9), Alive);
}
