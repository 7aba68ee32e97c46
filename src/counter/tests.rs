//! What every kind promises, checked over all of them: what one thread sees, that many lose nothing, and that
//! a cancelled wait ends.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::lock::{Lock, LockObserver};

/// The kinds whose waiters can be cancelled.
const CANCELLABLE: [&str; 4] = ["spin", "ticket", "mcs", "channel"];

/// All kinds that are here.
fn counters() -> impl Iterator<Item = &'static Kind> {
    KINDS.iter().filter(|kind| kind.is_here())
}

/// A counter and, where it needs one, its server's thread.
struct Served(Arc<dyn Counter>);

impl Served {
    fn new(kind: &Kind) -> Served {
        let (counter, server) = kind.make();
        server.map(thread::spawn);
        Served(counter)
    }
}

impl std::ops::Deref for Served {
    type Target = Arc<dyn Counter>;
    fn deref(&self) -> &Arc<dyn Counter> {
        &self.0
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

/// Lets `threads` threads increment at once, and cancels them after a while. Returns how many increments they say
/// they made.
fn increment_by(threads: usize, times: u64, counter: &Arc<dyn Counter>) -> u64 {
    let start = Barrier::new(threads);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    counter.inc_many(times)
                })
            })
            .collect();
        let begun = std::time::Instant::now();
        while workers.iter().any(|worker| !worker.is_finished()) {
            if begun.elapsed() > Duration::from_millis(100) {
                counter.cancel();
            }
            thread::sleep(Duration::from_millis(1));
        }
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    })
}

#[test]
fn no_exact_kind_loses_an_increment_finished_or_cancelled() {
    for kind in counters().filter(|kind| kind.exact && kind.shared) {
        for (threads, times) in [(1, 10_000), (2, 10_000), (7, 2000), (32, 500), (128, 200)] {
            let counter = Served::new(kind);
            let made = increment_by(threads, times, &counter);
            assert_eq!(counter.value(), made as i64, "{} by {threads}", kind.name);
            let planned = threads as u64 * times;
            assert!(
                made == planned || counter.is_cancelled() && CANCELLABLE.contains(&kind.name),
                "{}: {made} of {planned}, though nothing cancelled it",
                kind.name
            );
        }
    }
}

/// Holds the lock until `let_go` is set.
struct Hold<'a> {
    inside: &'a Barrier,
    let_go: &'a AtomicBool,
}

impl Probe for Hold<'_> {
    fn blocked(&mut self) {}
    fn acquired(&mut self) {
        self.inside.wait();
        while !self.let_go.load(Ordering::Acquire) {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// Counts its calls.
#[derive(Debug, Default)]
struct Notes {
    blocked: u32,
    acquired: u32,
}

impl Probe for Notes {
    fn blocked(&mut self) {
        self.blocked += 1;
    }
    fn acquired(&mut self) {
        self.acquired += 1;
    }
}

#[test]
fn a_free_lock_is_acquired_once_and_blocks_nobody() {
    for kind in counters() {
        let mut notes = Notes::default();
        let value = Served::new(kind).inc_probed(&mut notes);
        assert!(value.is_ok(), "{}", kind.name);
        // A reply has to be waited for.
        let blocked = if kind.needs_server() { notes.blocked } else { 0 };
        assert_eq!((notes.blocked, notes.acquired), (blocked, 1), "{}", kind.name);
    }
}

#[test]
fn a_cancelled_waiter_that_spins_leaves_and_the_lock_stays_usable() {
    for name in ["spin", "ticket", "mcs"] {
        let (counter, _) = kind(name).unwrap().make();
        let (inside, let_go) = (Barrier::new(2), AtomicBool::new(false));
        let mut hold = Hold { inside: &inside, let_go: &let_go };
        thread::scope(|scope| {
            let holder = scope.spawn(|| counter.inc_probed(&mut hold));
            inside.wait();
            let waiters: Vec<_> = (0..5)
                .map(|_| {
                    scope.spawn(|| {
                        let mut notes = Notes::default();
                        (counter.inc_probed(&mut notes), notes)
                    })
                })
                .collect();
            counter.cancel();
            let_go.store(true, Ordering::Release);
            assert_eq!(holder.join().unwrap(), Ok(1), "{name}");
            for waiter in waiters {
                let (value, notes) = waiter.join().unwrap();
                // One that came after the holder had gone did not have to wait.
                assert_eq!(notes.acquired, u32::from(value.is_ok()), "{name}");
            }
        });
        assert!(counter.is_cancelled(), "{name}");
        assert_eq!(counter.set(7), 7, "{name}");
    }
}

thread_local! {
    /// How a [`Watched`] lock was acquired last: whether it was to try first.
    static TRIED_FIRST: Cell<Option<bool>> = const { Cell::new(None) };
}

/// A lock that is free; the word changes at its third use.
#[derive(Debug, Default)]
struct Watched(AtomicU32);

static WORD: AtomicU32 = AtomicU32::new(0);

// SAFETY: the test uses it from one thread only.
unsafe impl Lock for Watched {
    fn lock_with<O: LockObserver, R>(
        &self,
        observer: &mut O,
        _cancel: Option<&crate::sync::AtomicBool>,
        critical_section: impl FnOnce() -> R,
    ) -> Result<R, Cancelled> {
        TRIED_FIRST.set(Some(O::TRY_FIRST));
        let before = self.0.fetch_add(1, Ordering::Relaxed);
        WORD.store(u32::from(before >= 2), Ordering::Relaxed);
        observer.acquired();
        Ok(critical_section())
    }
}

/// In a queue that moves once a time slice, a batch that was planned when it was fast would take seconds, and be
/// counted as that time's.
#[test]
fn a_batch_ends_once_the_word_has_changed() {
    let counter = Mutex::<Watched>::default();
    assert_eq!(counter.inc_while(10, 0, &WORD, 0), 3);
    assert_eq!(counter.value(), 3);
}

/// To try first is one more access to a line that others want.
#[test]
fn whatever_is_held_timed_or_noted_a_lock_is_acquired_in_the_same_way() {
    let counter = Mutex::<Watched>::default();
    let tried_first = |use_it: &dyn Fn()| {
        use_it();
        TRIED_FIRST.take().expect("it was acquired")
    };
    let tried = [
        tried_first(&|| assert_eq!(counter.inc_many(1), 1)),
        tried_first(&|| assert_eq!(counter.inc_while(1, 0, &WORD, 0), 1)),
        tried_first(&|| assert_eq!(counter.inc_while(1, 7, &WORD, 0), 1)),
        tried_first(&|| assert_eq!(counter.inc_entered(&mut || ()), Ok(4))),
    ];
    assert_eq!(tried, [false; 4]);
}

#[test]
fn what_is_entered_is_entered_once_an_increment() {
    for kind in counters() {
        let counter = Served::new(kind);
        let mut entered = 0;
        for _ in 0..3 {
            let value = counter.inc_entered(&mut || entered += 1);
            assert!(value.is_ok(), "{}", kind.name);
        }
        assert_eq!(entered, 3, "{}", kind.name);
        let word = AtomicU32::new(0);
        assert_eq!(counter.inc_while(5, 10, &word, 0), 5, "{}", kind.name);
        assert_eq!(counter.missing(8), if kind.shared { 0 } else { 8 }, "{}", kind.name);
    }
}

/// Else its price would depend on what the allocator puts beside it.
#[test]
fn every_counter_has_cache_lines_of_its_own() {
    for kind in counters().filter(|kind| kind.shared) {
        let counter = Served::new(kind);
        assert_eq!(align_of_val(&**counter), 128, "{}", kind.name);
    }
}

#[test]
fn a_channel_without_a_server_is_cancelled_and_still_has_its_number() {
    let (counter, server) = kind("channel").unwrap().make();
    let server = thread::spawn(server.expect("a channel has one"));
    assert_eq!((counter.set(5), counter.inc()), (5, 6));
    counter.cancel();
    server.join().unwrap();
    assert_eq!((counter.inc_many(3), counter.value()), (0, 6));
    assert_eq!(counter.inc(), 7, "the asking thread does it");

    let (counter, server) = kind("channel").unwrap().make();
    drop(server);
    assert_eq!(counter.inc_probed(&mut Notes::default()), Err(Cancelled));
    assert_eq!(counter.set(5), 5);
}

/// Counts who has come so far as to wait.
struct Arrival<'a>(&'a AtomicU32);

impl Probe for Arrival<'_> {
    fn blocked(&mut self) {
        self.0.fetch_add(1, Ordering::Release);
    }
    fn acquired(&mut self) {}
}

/// Each request has a slot, and there is room for as many in the channel. The number that a thread has decides which, so that
/// two may have one: there are twice as many threads.
#[test]
fn a_channel_that_is_cancelled_while_it_is_full_answers_every_request() {
    let (counter, server) = kind("channel").unwrap().make();
    let waiting = AtomicU32::new(0);
    thread::scope(|scope| {
        let increment = || counter.inc_probed(&mut Arrival(&waiting));
        let threads: Vec<_> = (0..256).map(|_| scope.spawn(increment)).collect();
        while waiting.load(Ordering::Acquire) < 128 {
            thread::sleep(Duration::from_millis(1));
        }
        counter.cancel();
        server.expect("a channel has one")();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), Err(Cancelled));
        }
    });
    assert_eq!(counter.value(), 0);
}

/// An operation, and what a plain number would make of it.
#[derive(Debug, Clone, Copy)]
enum Step {
    Inc,
    Dec,
    Set(i64),
    IncMany(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        Just(Step::Inc),
        Just(Step::Dec),
        (-1000_i64..1000).prop_map(Step::Set),
        (0_u8..20).prop_map(Step::IncMany),
    ];
    prop::collection::vec(step, 0..40)
}

proptest! {
    #[test]
    fn alone_every_kind_is_a_plain_number(steps in steps()) {
        for kind in counters().filter(|kind| kind.shared) {
            let counter = Served::new(kind);
            let mut model = 0;
            prop_assert_eq!(counter.value(), model, "{}", kind.name);
            for step in &steps {
                match *step {
                    Step::Inc => {
                        model += 1;
                        prop_assert_eq!(counter.inc(), model, "{}", kind.name);
                    }
                    Step::Dec => {
                        model -= 1;
                        prop_assert_eq!(counter.dec(), model, "{}", kind.name);
                    }
                    Step::Set(to) => {
                        model = to;
                        prop_assert_eq!(counter.set(to), model, "{}", kind.name);
                    }
                    Step::IncMany(times) => {
                        model += i64::from(times);
                        prop_assert_eq!(counter.inc_many(times.into()), u64::from(times));
                    }
                }
                prop_assert_eq!(counter.value(), model, "{}", kind.name);
            }
        }
    }
}
