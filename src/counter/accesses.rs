//! The shared accesses of one increment, one by one, as a figure that steps through them needs them: the code under
//! test is the counters' own, on a word that notes each access.

use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use super::atomic::Atomic;
use super::racy::Racy;
use super::*;
use crate::lock::Lock;
use crate::lock::futex::FutexLock;
use crate::sync::{AtomicI64, AtomicU32, FutexWord, SharedWord};

thread_local! {
    /// What the calling thread has accessed.
    static ACCESSES: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

fn note(access: &'static str) {
    ACCESSES.with_borrow_mut(|accesses| accesses.push(access));
}

fn accesses_of(run: impl FnOnce()) -> Vec<&'static str> {
    ACCESSES.take();
    run();
    ACCESSES.take()
}

#[derive(Debug, Default)]
struct Noted<W>(W);

impl<W: SharedWord> SharedWord for Noted<W> {
    type Value = W::Value;

    fn load(&self, order: Ordering) -> W::Value {
        note("load");
        self.0.load(order)
    }

    fn store(&self, value: W::Value, order: Ordering) {
        note("store");
        self.0.store(value, order);
    }

    fn swap(&self, value: W::Value, order: Ordering) -> W::Value {
        note("swap");
        self.0.swap(value, order)
    }

    fn compare_exchange(
        &self,
        current: W::Value,
        new: W::Value,
        success: Ordering,
        failure: Ordering,
    ) -> Result<W::Value, W::Value> {
        note("compare_exchange");
        self.0.compare_exchange(current, new, success, failure)
    }

    fn fetch_add(&self, value: W::Value, order: Ordering) -> W::Value {
        note("fetch_add");
        self.0.fetch_add(value, order)
    }
}

static IS_WAITING: AtomicBool = AtomicBool::new(false);

impl FutexWord for Noted<AtomicU32> {
    const SPIN_LIMIT: u32 = 0;

    fn wait(&self, expected: u32) {
        note("wait");
        IS_WAITING.store(true, Ordering::Release);
        self.0.wait(expected);
    }

    fn wake_one(&self) {
        note("wake_one");
        self.0.wake_one();
    }
}

#[test]
fn an_increment_without_a_lock_loads_and_stores_and_an_atomic_one_is_one_access() {
    let racy = Racy::<Noted<AtomicI64>>::default();
    let atomic = Atomic::<Noted<AtomicI64>>::default();
    let racy = accesses_of(|| assert_eq!(racy.inc(), 1));
    let atomic = accesses_of(|| assert_eq!(atomic.inc(), 1));
    assert_eq!((&racy[..], &atomic[..]), (&["load", "store"][..], &["fetch_add"][..]));
}

#[test]
fn a_futex_mutex_calls_the_system_only_if_another_thread_is_inside() {
    let lock = Arc::new(FutexLock::<Noted<AtomicU32>>::default());
    let counter = Arc::new(Racy::<Noted<AtomicI64>>::default());
    let free = accesses_of(|| {
        lock.lock(|| counter.inc());
    });
    assert_eq!(free, ["compare_exchange", "load", "store", "swap"]);

    let inside = Arc::new(Barrier::new(2));
    let holder = {
        let (lock, inside) = (Arc::clone(&lock), Arc::clone(&inside));
        thread::spawn(move || {
            accesses_of(|| {
                lock.lock(|| {
                    inside.wait();
                    while !IS_WAITING.load(Ordering::Acquire) {
                        thread::yield_now();
                    }
                });
            })
        })
    };
    inside.wait();
    let waiter = accesses_of(|| {
        lock.lock(|| counter.inc());
    });
    let holder = holder.join().unwrap();
    assert_eq!(holder, ["compare_exchange", "swap", "wake_one"]);
    let contended = ["compare_exchange", "swap", "wait", "swap"];
    // Acquired as contended, so its unlock calls the system in vain.
    let inside = ["load", "store", "swap", "wake_one"];
    assert_eq!(waiter, [contended, inside].concat());
    assert_eq!(counter.value(), 2);
}

/// Whatever is done inside, and however long: the same accesses, so that prices at one hold and the next are prices of
/// the same lock.
#[test]
fn holding_timing_and_counting_access_the_lock_alike() {
    let counter = Mutex::<FutexLock<Noted<AtomicU32>>>::default();
    let word = std::sync::atomic::AtomicU32::new(0);
    let bare = accesses_of(|| assert_eq!(counter.inc_while(3, 0, &word, 0), 3));
    let held = accesses_of(|| assert_eq!(counter.inc_while(3, 1, &word, 0), 3));
    let timed =
        accesses_of(|| (0..3).for_each(|_| assert!(counter.inc_entered(&mut || ()).is_ok())));
    let plain = accesses_of(|| assert_eq!(counter.inc_many(3), 3));
    assert_eq!(bare, ["compare_exchange", "swap"].repeat(3));
    assert_eq!([&held, &timed, &plain], [&bare; 3]);
}
