//! Every interleaving of a few increments, by loom: what a counter without a lock loses, and that our own locks
//! lose nothing, let nobody in beside another and leave nobody asleep. Of the last two loom itself complains: of
//! two threads at the number, and of a thread that nothing wakes.

use loom::sync::Arc;

use super::atomic::Atomic;
use super::racy::Racy;
use super::{Counter, Mutex};
use crate::lock::Lock;
use crate::lock::futex::FutexLock;
use crate::lock::mcs::McsLock;
use crate::lock::robust::RobustLock;
use crate::lock::spin::SpinLock;
use crate::lock::ticket::TicketLock;
use crate::sync::model::{explore, spawn};

/// Two threads increment `times` times each; the values that can come out.
fn sums_are<C: Counter + Default + 'static>(times: u64, sums: impl IntoIterator<Item = i64>) {
    explore(10, sums, move || {
        let counter = Arc::new(C::default());
        let other = spawn(&counter, move |counter| counter.inc_many(times));
        counter.inc_many(times);
        other.join().unwrap();
        counter.value()
    });
}

#[test]
fn without_a_lock_as_little_as_two_can_come_out() {
    sums_are::<Racy>(1, [1, 2]);
    sums_are::<Racy>(2, [2, 3, 4]);
}

#[test]
fn an_atomic_addition_loses_nothing() {
    sums_are::<Atomic>(2, [4]);
}

/// Two threads, one of them twice: it may come again while the other sleeps.
fn loses_nothing<L: Lock + 'static>() {
    explore(3, [(2, 1, 3)], || {
        let counter = Arc::new(Mutex::<L>::default());
        let other = spawn(&counter, |counter| counter.inc_many(1));
        let mine = counter.inc_many(2);
        (mine, other.join().unwrap(), counter.value())
    });
}

/// Three threads, once each: one may come while another is being handed the lock.
fn lets_three_in<L: Lock + 'static>() {
    explore(1, [3], || {
        let counter = Arc::new(Mutex::<L>::default());
        let others = [(); 2].map(|()| spawn(&counter, |counter| counter.inc()));
        counter.inc();
        for other in others {
            other.join().unwrap();
        }
        counter.value()
    });
}

/// Two threads, and a third that cancels them: what they say they did is counted. One of the
/// two finds the lock free, so it is done in any case.
fn counts_what_was_done<L: Lock + 'static>() {
    explore(2, [1, 2], || {
        let counter = Arc::new(Mutex::<L>::default());
        let others = [(); 2].map(|()| spawn(&counter, |counter| counter.inc_many(1)));
        counter.cancel();
        let done: u64 = others.map(|other| other.join().unwrap()).iter().sum();
        assert_eq!(counter.value(), done as i64);
        done
    });
}

macro_rules! checked {
    ($($lock:ident: $($check:ident as $name:ident),+;)+) => {
        $($(
            #[test]
            fn $name() {
                $check::<$lock>();
            }
        )+)+
    };
}

checked! {
    SpinLock: loses_nothing as a_spin_lock_loses_nothing, lets_three_in as a_spin_lock_lets_three_in,
        counts_what_was_done as a_cancelled_spin_lock_counts_what_was_done;
    TicketLock: loses_nothing as a_ticket_lock_loses_nothing, lets_three_in as a_ticket_lock_lets_three_in,
        counts_what_was_done as a_cancelled_ticket_lock_counts_what_was_done;
    McsLock: loses_nothing as an_mcs_lock_loses_nothing, lets_three_in as an_mcs_lock_lets_three_in,
        counts_what_was_done as a_cancelled_mcs_lock_counts_what_was_done;
    FutexLock: loses_nothing as a_futex_mutex_loses_nothing, lets_three_in as a_futex_mutex_wakes_all_three;
    RobustLock: loses_nothing as a_robust_mutex_loses_nothing, lets_three_in as a_robust_mutex_wakes_all_three;
}
