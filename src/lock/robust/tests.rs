//! A lock whose holder may die inside.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::lock::robust::word::{Displaced, Guard, Holding, RobustWord, View};

fn take(lock: &RobustWord, me: u8) -> Guard {
    lock.try_lock(me, false).expect("it is free")
}

/// A worker dies with the lock.
fn die_inside(lock: &RobustWord, me: u8) -> Holding {
    take(lock, me).holding()
}

#[test]
fn one_holds_it_and_others_learn_who() {
    let lock = RobustWord::new();
    let guard = take(&lock, 3);
    assert_eq!(lock.try_lock(4, false), Err(guard.holding()));
    assert_eq!(
        lock.try_lock(3, false),
        Err(Holding { owner: 3, hold: 1 }),
        "nor can it be taken twice"
    );
    assert_eq!(lock.release(guard), Ok(false));
    assert_eq!(take(&lock, 4).broken_by(), None);
}

#[test]
fn a_dead_holder_s_lock_is_recovered_and_said_to_be_broken() {
    let lock = RobustWord::new();
    let dead = die_inside(&lock, 3);
    let guard = lock.recover(dead, 4).expect("3 holds it");
    assert_eq!(guard.broken_by(), Some(3));
    assert_eq!(lock.view().owner, Some(4));
}

#[test]
fn what_is_broken_stays_so_until_somebody_mends_it() {
    let lock = RobustWord::new();
    let dead = die_inside(&lock, 3);
    let guard = lock.recover(dead, 4).unwrap();
    lock.release(guard).unwrap();
    let mut guard = take(&lock, 5);
    assert_eq!(guard.broken_by(), Some(3));
    lock.mend(&mut guard).unwrap();
    assert_eq!(guard.broken_by(), None);
    lock.release(guard).unwrap();
    assert_eq!(take(&lock, 6).broken_by(), None);
}

#[test]
fn who_dies_while_mending_is_named_instead() {
    let lock = RobustWord::new();
    let dead = die_inside(&lock, 3);
    let heir = lock.recover(dead, 4).unwrap().holding();
    assert_eq!(lock.recover(heir, 5).unwrap().broken_by(), Some(4));
}

#[test]
fn a_holder_that_was_only_slow_can_no_longer_release_or_mend() {
    let lock = RobustWord::new();
    let mut slow = take(&lock, 3);
    let guard = lock.recover(slow.holding(), 4).unwrap();
    assert_eq!(lock.mend(&mut slow), Err(Displaced));
    assert_eq!(lock.release(slow), Err(Displaced));
    assert_eq!(lock.view().owner, Some(4));
    assert_eq!(lock.release(guard), Ok(false));
}

#[test]
fn an_old_report_of_a_death_recovers_nothing() {
    let lock = RobustWord::new();
    let guard = take(&lock, 3);
    let reported = guard.holding();
    lock.release(guard).unwrap();
    assert!(lock.recover(reported, 4).is_err(), "it is free");
    let again = take(&lock, 3);
    assert_eq!(
        lock.recover(reported, 4).map_err(|view| view.hold),
        Err(2),
        "it is another hold"
    );
    assert_eq!(lock.release(again), Ok(false));
}

#[test]
fn a_sleeper_is_woken_by_the_release_and_wakes_the_next() {
    let lock = RobustWord::new();
    let guard = take(&lock, 1);
    let seen = lock.try_lock(2, false).unwrap_err();
    assert!(lock.announce(seen));
    assert_eq!(lock.release(guard), Ok(true));
    assert!(!lock.announce(seen), "too late to sleep");
    let woken = lock.try_lock(2, true).unwrap();
    assert_eq!(lock.release(woken), Ok(true), "others may sleep as well");
    assert_eq!(
        lock.release(take(&lock, 3)),
        Ok(false),
        "nobody slept since"
    );
}

#[test]
fn sleepers_are_not_forgotten_when_the_holder_dies() {
    let lock = RobustWord::new();
    let dead = die_inside(&lock, 1);
    assert!(lock.announce(dead));
    let guard = lock.recover(dead, 2).unwrap();
    assert_eq!(lock.release(guard), Ok(true));
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Lock(u8),
    Release(u8),
    Die(u8),
    Recover(u8),
    Suspect(u8),
    Mend(u8),
}

fn step() -> impl Strategy<Value = Step> {
    (0_u8..4, 0..6).prop_map(|(who, what)| match what {
        0 => Step::Lock(who),
        1 => Step::Release(who),
        2 => Step::Die(who),
        3 => Step::Recover(who),
        4 => Step::Suspect(who),
        _ => Step::Mend(who),
    })
}

proptest! {
    #[test]
    fn a_word_survives_its_packing(
        owner: Option<u8>, broken_by: Option<u8>, has_waiters: bool, hold: u32,
    ) {
        let view = View { owner, broken_by, has_waiters, hold };
        prop_assert_eq!(View::unpack(view.pack()), view);
    }

    #[test]
    fn at_any_time_one_guard_counts_and_the_broken_is_reported(steps in vec(step(), 0..80)) {
        let lock = RobustWord::new();
        let mut guards: Vec<Option<Guard>> = (0..4).map(|_| None).collect();
        // Who holds it, whether that one is dead, and who broke what is inside.
        let (mut holder, mut dead, mut broken) = (None::<Holding>, false, None);
        for step in steps {
            match step {
                Step::Lock(me) if guards[usize::from(me)].is_none() => match lock.try_lock(me, false) {
                    Ok(guard) => {
                        prop_assert_eq!(holder, None);
                        prop_assert_eq!(guard.broken_by(), broken);
                        (holder, dead) = (Some(guard.holding()), false);
                        guards[usize::from(me)] = Some(guard);
                    }
                    Err(held) => prop_assert_eq!(Some(held), holder),
                },
                Step::Release(me) => if let Some(guard) = guards[usize::from(me)].take() {
                    let counts = holder == Some(guard.holding());
                    prop_assert_eq!(lock.release(guard).is_ok(), counts);
                    holder = holder.filter(|_| !counts);
                },
                Step::Die(me) => {
                    let guard = guards[usize::from(me)].take();
                    dead |= guard.is_some_and(|guard| Some(guard.holding()) == holder);
                }
                Step::Recover(me) | Step::Suspect(me) if guards[usize::from(me)].is_none() => {
                    // A suspicion is not always true.
                    let sure = matches!(step, Step::Recover(_));
                    if let Some(held) = holder.filter(|held| held.owner != me && (dead || !sure)) {
                        let guard = lock.recover(held, me).expect("it is held so");
                        broken = Some(held.owner);
                        prop_assert_eq!(guard.broken_by(), broken);
                        (holder, dead) = (Some(guard.holding()), false);
                        guards[usize::from(me)] = Some(guard);
                    }
                }
                Step::Mend(me) => if let Some(guard) = &mut guards[usize::from(me)] {
                    let counts = holder == Some(guard.holding());
                    prop_assert_eq!(lock.mend(guard).is_ok(), counts);
                    broken = broken.filter(|_| !counts);
                },
                _ => {}
            }
            let view = lock.view();
            prop_assert_eq!(view.owner, holder.map(|holder| holder.owner));
            prop_assert_eq!(view.broken_by, broken);
        }
    }
}
