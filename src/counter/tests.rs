//! What every kind must keep, checked over all of them: what one thread sees, that nothing gets lost
//! among many, and that whoever is abandoned gives up.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex};
use std::thread;
use std::time::Duration;

use proptest::prelude::*;

use super::*;
use crate::lock::{Guarded, Locked, Unwatched, Watch};

/// All kinds that stand behind the trait and are here.
fn counters() -> impl Iterator<Item = &'static Kind> {
    KINDS
        .iter()
        .filter(|kind| kind.is_counter() && kind.side == Side::Wasm)
}

/// A counter and, where it needs one, its owner's thread.
struct Served(Arc<dyn Counter>);

impl Served {
    fn new(kind: &Kind) -> Served {
        let counter = kind.make();
        if kind.server {
            let owner = Arc::clone(&counter);
            thread::spawn(move || owner.serve());
            while !counter.is_ready() {
                thread::yield_now();
            }
        }
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
        self.0.abandon();
    }
}

/// Lets so many threads increment at once, and abandons the counter after a while. Returns how many
/// increments they say they made.
fn crowd(counter: &Arc<dyn Counter>, threads: usize, times: u64, patience: Duration) -> u64 {
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
            if begun.elapsed() > patience {
                counter.abandon();
            }
            thread::sleep(Duration::from_millis(1));
        }
        workers
            .into_iter()
            .map(|worker| worker.join().unwrap())
            .sum()
    })
}

#[test]
fn no_exact_kind_loses_an_increment_be_it_through_or_abandoned() {
    for kind in counters().filter(|kind| kind.exact && kind.shared) {
        for (threads, times) in [(1, 10_000), (2, 10_000), (7, 2000), (32, 500), (128, 200)] {
            let counter = Served::new(kind);
            let made = crowd(&counter, threads, times, Duration::from_millis(100));
            assert_eq!(counter.value(), made as i64, "{} by {threads}", kind.name);
            let planned = threads as u64 * times;
            assert!(
                made == planned || counter.is_abandoned(),
                "{}: {made} of {planned}, and nobody told it to give up",
                kind.name
            );
        }
    }
}

#[test]
fn a_number_may_be_set_and_taken_from_as_well() {
    for kind in counters().filter(|kind| kind.shared) {
        let counter = Served::new(kind);
        assert_eq!(counter.value(), 0, "{}", kind.name);
        assert_eq!(counter.inc(), 1, "{}", kind.name);
        assert_eq!(counter.set(10), 10, "{}", kind.name);
        assert_eq!(counter.dec(), 9, "{}", kind.name);
        assert_eq!(counter.inc_many(5), 5, "{}", kind.name);
        assert_eq!(counter.value(), 14, "{}", kind.name);
    }
}

/// Holds the lock until told to let go.
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

/// Notes what it is told.
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
fn a_free_lock_is_told_of_once_and_blocks_nobody() {
    for kind in counters() {
        let mut notes = Notes::default();
        Served::new(kind).inc_probed(&mut notes);
        // An answer that is on its way has to be waited for.
        let blocked = if kind.server { notes.blocked } else { 0 };
        assert_eq!(
            (notes.blocked, notes.acquired),
            (blocked, 1),
            "{}",
            kind.name
        );
    }
}

/// The kinds where who waits for a lock may wait for ever.
const MAY_SPIN: [&str; 3] = ["spin", "ticket", "mcs"];

#[test]
fn who_spins_for_a_lock_gives_up_when_abandoned_and_the_others_get_it() {
    for name in MAY_SPIN {
        let counter = kind(name).unwrap().make();
        let (inside, let_go) = (Barrier::new(2), AtomicBool::new(false));
        thread::scope(|scope| {
            let hold = Hold {
                inside: &inside,
                let_go: &let_go,
            };
            let holder = scope.spawn(|| {
                let mut hold = hold;
                counter.inc_probed(&mut hold)
            });
            inside.wait();
            let waiters: Vec<_> = (0..5)
                .map(|_| {
                    scope.spawn(|| {
                        let mut notes = Notes::default();
                        (counter.inc_probed(&mut notes), notes)
                    })
                })
                .collect();
            counter.abandon();
            let_go.store(true, Ordering::Release);
            assert_eq!(holder.join().unwrap(), 1, "{name}");
            for waiter in waiters {
                let (value, notes) = waiter.join().unwrap();
                // One that came after the holder had gone did not have to wait.
                let counted = value != GAVE_UP;
                assert_eq!(notes.acquired, u32::from(counted), "{name}");
            }
        });
        assert!(counter.is_abandoned(), "{name}");
        assert_eq!(
            counter.set(7),
            7,
            "{name}: an abandoned lock can still be had"
        );
    }
}

/// Is not told what it would take a look to know, and tells others that it waits.
struct InQueue<'a>(&'a AtomicBool);

impl Watch for InQueue<'_> {
    const WATCHES: bool = false;
    const MINDS: bool = true;
    fn blocked(&mut self) {
        self.0.store(true, Ordering::Release);
    }
    fn acquired(&mut self) {}
}

/// Waits behind another thread's hold; gives whether that was told.
fn is_told_of(locked: &impl Locked) -> bool {
    let (inside, told) = (Barrier::new(2), AtomicBool::new(false));
    thread::scope(|scope| {
        scope.spawn(|| {
            locked.with::<false, _, _>(&mut Unwatched, |_| {
                inside.wait();
                // One that is never told of it must not be waited for without end.
                for _ in 0..20_000 {
                    if told.load(Ordering::Acquire) {
                        break;
                    }
                    thread::sleep(Duration::from_millis(1));
                }
            })
        });
        inside.wait();
        let value = locked.with::<false, _, _>(&mut InQueue(&told), |value| *value);
        assert_eq!(value, Some(0));
    });
    told.into_inner()
}

#[test]
fn a_lock_that_serves_in_order_tells_of_a_wait_though_nobody_looks() {
    assert!(is_told_of(&Guarded::<ticket::Ticket>::default()));
    assert!(is_told_of(&Guarded::<mcs::Mcs>::default()));
    assert!(is_told_of(&parking_lot_fair::ParkingLotFair::default()));
}

/// A number in whose queue the word changes.
#[derive(Debug, Default)]
struct Slow {
    value: Mutex<i64>,
    word: AtomicU32,
    waits: bool,
}

impl Locked for Slow {
    fn with<const PATIENT: bool, W: Watch, R>(
        &self,
        watch: &mut W,
        inside: impl FnOnce(&mut i64) -> R,
    ) -> Option<R> {
        let mut value = self.value.lock().unwrap();
        if self.waits {
            watch.blocked();
        }
        self.word.store(u32::from(*value >= 2), Ordering::Relaxed);
        Some(inside(&mut value))
    }
}

/// In a queue that moves once a time slice, what was planned when it was quick would take seconds, and be
/// told of as that time's.
#[test]
fn nobody_goes_on_once_the_word_has_changed_while_they_stood_in_a_queue() {
    let queue = Slow {
        waits: true,
        ..Slow::default()
    };
    assert_eq!(queue.inc_while(10, &queue.word, 0), 3);
    assert_eq!(queue.value(), 3);
    let free = Slow::default();
    assert_eq!(free.inc_while(10, &free.word, 0), 10, "nobody looks there");
}

#[test]
fn a_channel_without_an_owner_gives_up_and_still_has_its_number() {
    let counter = kind("channel").unwrap().make();
    assert_eq!((counter.is_ready(), counter.inc()), (false, GAVE_UP));
    assert_eq!(counter.set(5), 5);
    let owner = Arc::clone(&counter);
    let owner = thread::spawn(move || owner.serve());
    while !counter.is_ready() {
        thread::yield_now();
    }
    assert_eq!(counter.inc(), 6);
    counter.abandon();
    owner.join().unwrap();
    assert_eq!((counter.inc_many(3), counter.value()), (0, 6));
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
