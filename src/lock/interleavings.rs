//! Every interleaving of a few steps, by loom: nobody is inside a lock of our own beside another, and nobody
//! sleeps on when it is free. loom itself complains of both: of two who touch the number at once, and
//! of a thread that nobody wakes.

use loom::sync::Arc;
use loom::thread;

use super::futex::Futex;
use super::mcs::Mcs;
use super::robust::Robust;
use super::spin::Spin;
use super::ticket::Ticket;
use super::{Guarded, Lock};
use crate::counter::{Counter, GAVE_UP};

fn explore(preemptions: usize, run: impl Fn() + Send + Sync + 'static) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(preemptions);
    // Whoever spins takes a step each time.
    model.max_branches = 10_000;
    model.check(run);
}

fn spawn<L: Lock + 'static>(counter: &Arc<Guarded<L>>, times: u64) -> thread::JoinHandle<u64> {
    let counter = Arc::clone(counter);
    thread::spawn(move || counter.inc_many(times))
}

/// Two at it, one of them twice: the second time may come while the other sleeps.
fn loses_nothing<L: Lock + 'static>() {
    explore(3, || {
        let counter = Arc::new(Guarded::<L>::default());
        let other = spawn(&counter, 1);
        assert_eq!(counter.inc_many(2), 2);
        assert_eq!(other.join().unwrap(), 1);
        assert_eq!(counter.value(), 3);
    });
}

/// Three at it, once each: one may come while another is being handed the lock.
fn queues<L: Lock + 'static>() {
    explore(1, || {
        let counter = Arc::new(Guarded::<L>::default());
        let others = [spawn(&counter, 1), spawn(&counter, 1)];
        assert_ne!(counter.inc(), GAVE_UP);
        for other in others {
            assert_eq!(other.join().unwrap(), 1);
        }
        assert_eq!(counter.value(), 3);
    });
}

/// Two at it, and a third who abandons them: what was made is counted, and the lock can be had.
fn gives_up<L: Lock + 'static>() {
    explore(2, || {
        let counter = Arc::new(Guarded::<L>::default());
        let others = [spawn(&counter, 1), spawn(&counter, 1)];
        Counter::abandon(&*counter);
        let made: u64 = others.into_iter().map(|other| other.join().unwrap()).sum();
        assert_eq!(counter.value(), made as i64);
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
    Spin: loses_nothing as a_spin_lock_loses_nothing, queues as a_spin_lock_lets_three_in,
        gives_up as a_spin_lock_abandoned_counts_what_was_made;
    Ticket: loses_nothing as a_ticket_lock_loses_nothing, queues as a_ticket_lock_lets_three_in,
        gives_up as a_ticket_lock_abandoned_counts_what_was_made;
    Mcs: loses_nothing as an_mcs_lock_loses_nothing, queues as an_mcs_lock_lets_three_in,
        gives_up as an_mcs_lock_abandoned_counts_what_was_made;
    Futex: loses_nothing as a_futex_mutex_loses_nothing, queues as a_futex_mutex_wakes_all_three;
    Robust: loses_nothing as a_robust_mutex_loses_nothing, queues as a_robust_mutex_wakes_all_three;
}
