//! The word of a lock whose holder may die inside.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::thread;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Hold, HoldToken, RobustWord, State};

fn take(lock: &RobustWord, me: u8) -> HoldToken {
    lock.try_lock(me, false).expect("it is free")
}

/// A worker dies with the lock.
fn die_inside(lock: &RobustWord, me: u8) -> Hold {
    take(lock, me).hold()
}

#[test]
fn an_old_report_of_a_death_recovers_nothing() {
    let lock = RobustWord::default();
    let token = take(&lock, 3);
    let reported = token.hold();
    lock.unlock(token).unwrap();
    assert!(lock.recover(reported, 4).is_err(), "it is free");
    let again = take(&lock, 3);
    assert_eq!(
        lock.recover(reported, 4).map_err(|state| state.generation),
        Err(2),
        "it is another hold"
    );
    assert_eq!(lock.unlock(again), Ok(false));
}

#[test]
fn a_sleeper_is_woken_by_the_release_and_wakes_the_next() {
    let lock = RobustWord::default();
    let token = take(&lock, 1);
    let seen = lock.try_lock(2, false).unwrap_err();
    assert!(lock.set_waiters(seen));
    assert_eq!(lock.unlock(token), Ok(true));
    assert!(!lock.set_waiters(seen), "too late to sleep");
    let woken = lock.try_lock(2, true).unwrap();
    assert_eq!(lock.unlock(woken), Ok(true), "others may sleep as well");
    assert_eq!(lock.unlock(take(&lock, 3)), Ok(false), "nobody slept since");
}

#[test]
fn sleepers_are_not_forgotten_when_the_holder_dies() {
    let lock = RobustWord::default();
    let dead = die_inside(&lock, 1);
    assert!(lock.set_waiters(dead));
    let token = lock.recover(dead, 2).unwrap();
    assert_eq!(lock.unlock(token), Ok(true));
}

#[test]
fn holders_that_die_inside_are_followed_one_at_a_time() {
    const WORKERS: u8 = 4;
    const TURNS: u8 = 200;
    let lock = RobustWord::default();
    let inside = AtomicBool::new(false);
    let value = AtomicU32::new(0);
    let deaths = AtomicU32::new(0);
    let take = |me: u8| -> HoldToken {
        loop {
            match lock.try_lock(me, false) {
                Ok(token) => return token,
                // The name of one who is dead: in this test, each dies under a name of its own.
                Err(held) if held.owner >= 100 => match lock.recover(held, me) {
                    Ok(token) => return token,
                    Err(_) => continue,
                },
                Err(_) => thread::yield_now(),
            }
        }
    };
    thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (inside, value, deaths, lock) = (&inside, &value, &deaths, &lock);
            scope.spawn(move || {
                for turn in 0..TURNS {
                    let dies = turn % 8 == worker;
                    let me = if dies { 100 + worker } else { worker };
                    let mut token = take(me);
                    if token.owner_died().is_some() {
                        deaths.fetch_add(1, Relaxed);
                        lock.make_consistent(&mut token).expect("it holds it");
                    }
                    if dies {
                        continue;
                    }
                    assert!(!inside.swap(true, Relaxed), "two are inside");
                    value.store(value.load(Relaxed) + 1, Relaxed);
                    inside.store(false, Relaxed);
                    lock.unlock(token).expect("it is not taken for dead");
                }
            });
        }
    });
    let each = u32::from(WORKERS) * u32::from(TURNS / 8);
    let left = u32::from(lock.state().owner.is_some());
    assert_eq!(value.load(Relaxed), u32::from(WORKERS) * u32::from(TURNS) - each);
    assert_eq!(deaths.load(Relaxed) + left, each, "each death is found by one");
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Lock(u8),
    Release(u8),
    Die(u8),
    Recover(u8),
    Suspect(u8),
    Repair(u8),
}

fn step() -> impl Strategy<Value = Step> {
    (0_u8..4, 0..6).prop_map(|(who, what)| match what {
        0 => Step::Lock(who),
        1 => Step::Release(who),
        2 => Step::Die(who),
        3 => Step::Recover(who),
        4 => Step::Suspect(who),
        _ => Step::Repair(who),
    })
}

proptest! {
    #[test]
    fn a_word_survives_its_packing(
        owner: Option<u8>, owner_died: Option<u8>, has_waiters: bool, generation: u32,
    ) {
        let state = State { owner, owner_died, has_waiters, generation };
        prop_assert_eq!(State::unpack(state.pack()), state);
    }

    #[test]
    fn at_any_time_one_token_counts_and_the_death_is_reported(steps in vec(step(), 0..80)) {
        let lock = RobustWord::default();
        let mut tokens: Vec<Option<HoldToken>> = (0..4).map(|_| None).collect();
        // Who holds it, whether that one is dead, and who broke what is inside.
        let (mut holder, mut dead, mut broken) = (None::<Hold>, false, None);
        for step in steps {
            match step {
                Step::Lock(me) if tokens[usize::from(me)].is_none() => match lock.try_lock(me, false) {
                    Ok(token) => {
                        prop_assert_eq!(holder, None);
                        prop_assert_eq!(token.owner_died(), broken);
                        (holder, dead) = (Some(token.hold()), false);
                        tokens[usize::from(me)] = Some(token);
                    }
                    Err(held) => prop_assert_eq!(Some(held), holder),
                },
                Step::Release(me) => if let Some(token) = tokens[usize::from(me)].take() {
                    let counts = holder == Some(token.hold());
                    prop_assert_eq!(lock.unlock(token).is_ok(), counts);
                    holder = holder.filter(|_| !counts);
                },
                Step::Die(me) => {
                    let token = tokens[usize::from(me)].take();
                    dead |= token.is_some_and(|token| Some(token.hold()) == holder);
                }
                Step::Recover(me) | Step::Suspect(me) if tokens[usize::from(me)].is_none() => {
                    // A suspicion is not always true.
                    let sure = matches!(step, Step::Recover(_));
                    if let Some(held) = holder.filter(|held| held.owner != me && (dead || !sure)) {
                        let token = lock.recover(held, me).expect("it is held so");
                        broken = Some(held.owner);
                        prop_assert_eq!(token.owner_died(), broken);
                        (holder, dead) = (Some(token.hold()), false);
                        tokens[usize::from(me)] = Some(token);
                    }
                }
                Step::Repair(me) => if let Some(token) = &mut tokens[usize::from(me)] {
                    let counts = holder == Some(token.hold());
                    prop_assert_eq!(lock.make_consistent(token).is_ok(), counts);
                    broken = broken.filter(|_| !counts);
                    prop_assert!(!counts || token.owner_died().is_none());
                },
                _ => {}
            }
            let state = lock.state();
            prop_assert_eq!(state.owner, holder.map(|holder| holder.owner));
            prop_assert_eq!(state.owner_died, broken);
        }
    }
}
