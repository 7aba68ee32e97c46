//! Every interleaving of the robust lock's word.

use super::*;

struct Locked {
    lock: RobustWord,
    value: UnsafeCell<u32>,
}

// SAFETY: `value` is touched by the lock's holder alone, which these tests are to show.
unsafe impl Sync for Locked {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl Send for Locked {}

impl Locked {
    fn new() -> Arc<Locked> {
        Arc::new(Locked {
            lock: RobustWord::new(),
            value: UnsafeCell::new(0),
        })
    }

    fn add(&self) {
        // SAFETY: the caller holds the lock; loom fails the test where it does not.
        self.value.with_mut(|value| unsafe { *value += 1 });
    }
}

#[test]
fn two_are_never_inside_at_once() {
    explore([(true, true), (true, false), (false, true)], || {
        let locked = Locked::new();
        let enter = |locked: &Locked, me| {
            let guard = locked.lock.try_lock(me, false);
            guard.is_ok_and(|guard| {
                locked.add();
                locked.lock.release(guard).is_ok()
            })
        };
        let other = spawn(&locked, move |locked| enter(locked, 1));
        let mine = enter(&locked, 0);
        let entered = (mine, other.join().unwrap());
        // SAFETY: all others are gone.
        let value = locked.value.with(|value| unsafe { *value });
        assert_eq!(value, u32::from(entered.0) + u32::from(entered.1));
        entered
    });
}

#[test]
fn a_dead_holder_has_one_heir_who_sees_what_it_left() {
    explore([(true, false), (false, true)], || {
        let locked = Locked::new();
        let dying = spawn(&locked, |locked| {
            let guard = locked.lock.try_lock(9, false).unwrap();
            locked.add();
            guard.holding()
        });
        let dead = dying.join().unwrap();
        let inherit = move |locked: &Locked, me| {
            let guard = locked.lock.recover(dead, me);
            guard.is_ok_and(|guard| {
                assert_eq!(guard.broken_by(), Some(9));
                locked.add();
                locked.lock.release(guard).is_ok()
            })
        };
        let other = spawn(&locked, move |locked| inherit(locked, 1));
        let heirs = (inherit(&locked, 0), other.join().unwrap());
        // SAFETY: all others are gone.
        assert_eq!(locked.value.with(|value| unsafe { *value }), 2);
        heirs
    });
}

#[test]
fn a_release_and_a_false_recovery_exclude_each_other() {
    explore([(true, false), (false, true)], || {
        let locked = Locked::new();
        let guard = locked.lock.try_lock(0, false).unwrap();
        let seen = guard.holding();
        let other = spawn(&locked, move |locked| locked.lock.recover(seen, 1).is_ok());
        let released = locked.lock.release(guard).is_ok();
        let recovered = other.join().unwrap();
        assert_eq!(locked.lock.view().owner, recovered.then_some(1));
        (released, recovered)
    });
}

#[test]
fn whoever_may_sleep_is_woken() {
    // Whether the sleeper slept, and whether the release woke anybody.
    explore([(true, true), (false, false)], || {
        let locked = Locked::new();
        let guard = locked.lock.try_lock(0, false).unwrap();
        let bell = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&bell);
        let sleeper = spawn(&locked, move |locked| {
            let Err(held) = locked.lock.try_lock(1, false) else {
                return false;
            };
            let sleeps = locked.lock.announce(held);
            while sleeps && !heard.load(Ordering::Acquire) {
                thread::yield_now();
            }
            sleeps
        });
        let wake = locked.lock.release(guard).unwrap();
        if wake {
            bell.store(true, Ordering::Release);
        }
        (sleeper.join().unwrap(), wake)
    });
}
