//! Every interleaving of a few steps at the robust lock's word, by loom.

use loom::cell::UnsafeCell;
use loom::sync::Arc;

use super::{Hold, RobustWord};
use crate::sync::model::{explore, spawn};

#[derive(Default)]
struct Protected {
    lock: RobustWord,
    value: UnsafeCell<u32>,
}

// SAFETY: only the lock's holder accesses `value`, which these tests are to show.
unsafe impl Sync for Protected {}
// SAFETY: nothing in it belongs to a thread.
unsafe impl Send for Protected {}

impl Protected {
    fn add_one(&self) {
        // SAFETY: the caller holds the lock; if not, loom fails the test.
        self.value.with_mut(|value| unsafe { *value += 1 });
    }

    /// Once all other threads are joined.
    fn value(&self) -> u32 {
        // SAFETY: no other thread is left.
        self.value.with(|value| unsafe { *value })
    }
}

#[test]
fn two_threads_are_never_inside_at_once() {
    explore(4, [(true, true), (true, false), (false, true)], || {
        let shared = Arc::new(Protected::default());
        let enter = |shared: &Protected, me| {
            let token = shared.lock.try_lock(me, false);
            token.is_ok_and(|token| {
                shared.add_one();
                shared.lock.unlock(token).is_ok()
            })
        };
        let other = spawn(&shared, move |shared| enter(shared, 1));
        let entered = (enter(&shared, 0), other.join().unwrap());
        assert_eq!(shared.value(), u32::from(entered.0) + u32::from(entered.1));
        entered
    });
}

#[test]
fn a_dead_holder_has_one_successor_which_sees_what_it_did() {
    explore(4, [(true, false), (false, true)], || {
        let shared = Arc::new(Protected::default());
        let dying = spawn(&shared, |shared| -> Hold {
            let token = shared.lock.try_lock(9, false).unwrap();
            shared.add_one();
            token.hold()
        });
        let dead = dying.join().unwrap();
        let recover = move |shared: &Protected, me| {
            let token = shared.lock.recover(dead, me);
            token.is_ok_and(|token| {
                assert_eq!(token.owner_died(), Some(9));
                shared.add_one();
                shared.lock.unlock(token).is_ok()
            })
        };
        let other = spawn(&shared, move |shared| recover(shared, 1));
        let recovered = (recover(&shared, 0), other.join().unwrap());
        assert_eq!(shared.value(), 2);
        recovered
    });
}

#[test]
fn an_unlock_and_a_false_recovery_exclude_each_other() {
    explore(4, [(true, false), (false, true)], || {
        let shared = Arc::new(Protected::default());
        let token = shared.lock.try_lock(0, false).unwrap();
        let hold = token.hold();
        let other = spawn(&shared, move |shared| shared.lock.recover(hold, 1).is_ok());
        let unlocked = shared.lock.unlock(token).is_ok();
        let recovered = other.join().unwrap();
        assert_eq!(shared.lock.state().owner, recovered.then_some(1));
        (unlocked, recovered)
    });
}
