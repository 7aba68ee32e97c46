//! A counter that belongs to one thread: all others send it what they want done, and wait for the
//! answer. Not here: counters that threads touch themselves.
//!
//! Hoare, "Communicating Sequential Processes" (CACM 1978); "share memory by communicating", as Go says it. The way
//! there is `std::sync::mpsc`, bounded, so that sending allocates nothing; the way back is one
//! word for each thread.

use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32 as Word};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Counter, GAVE_UP, Kind, Probe, Side};
use crate::sync::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::sync::thread_index::number;
use crate::sync::{AtomicU32, Sleepers, spin_loop};

/// This kind.
pub const KIND: Kind = Kind {
    name: "channel",
    label: "channel to an owner",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: true,
    meaning: "One thread owns the number; the others send it messages and wait for the answers.",
    source: "Hoare, Communicating Sequential Processes (1978); std::sync::mpsc",
    make: Some(|| Arc::new(Channel::default())),
};

/// Places for answers, as many as threads can be at once, and letters under way. With more threads some
/// share a place, one after the other.
const PLACES: usize = 128;

/// Looks at an answer's place before sleeping.
const LOOKS: u32 = if cfg!(loom) { 1 } else { 100 };

const ASKED: u32 = 0;
const ANSWERED: u32 = 1;

/// Where a thread waits for its answer.
#[derive(Debug, Default)]
struct Place {
    /// Had by who has a letter under way.
    mine: Mutex<()>,
    answer: AtomicI64,
    /// [`ASKED`], or [`ANSWERED`] once `answer` is there.
    state: AtomicU32,
    sleepers: Sleepers,
}

#[derive(Debug, Clone, Copy)]
enum Wish {
    Add(i64),
    Set(i64),
}

/// A wish under way. It is always answered: one that nobody reads, when it is thrown away.
#[derive(Debug)]
struct Letter {
    wish: Wish,
    place: Arc<Place>,
    answer: i64,
}

impl Drop for Letter {
    fn drop(&mut self) {
        self.place.answer.store(self.answer, Relaxed);
        self.place.state.store(ANSWERED, Release);
        self.place.sleepers.wake_one(&raw const self.place.state);
    }
}

/// The number, and the way to its owner. The probe is told of being blocked where the answer is not there
/// at once, and of having acquired when it is: the wait is the whole way there and back.
///
/// Without an owner ([`Counter::serve`]) an increment gives up; the other operations are then done by
/// whoever asks.
#[derive(Debug)]
struct Channel {
    value: AtomicI64,
    /// `None` is the end.
    sender: SyncSender<Option<Letter>>,
    /// The owner has it.
    receiver: Mutex<Option<Receiver<Option<Letter>>>>,
    places: Box<[Arc<Place>]>,
    served: AtomicBool,
    dismissed: AtomicBool,
}

impl Default for Channel {
    fn default() -> Self {
        let (sender, receiver) = sync_channel(PLACES);
        Channel {
            value: AtomicI64::new(0),
            sender,
            receiver: Mutex::new(Some(receiver)),
            places: (0..PLACES).map(|_| Arc::default()).collect(),
            served: AtomicBool::new(false),
            dismissed: AtomicBool::new(false),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Channel {
    /// Sends a wish and waits for its answer; [`GAVE_UP`] where there is no owner (any more).
    fn ask(&self, wish: Wish, blocked: impl FnOnce()) -> i64 {
        if !self.served.load(Acquire) {
            return GAVE_UP;
        }
        let place = &self.places[number() % PLACES];
        let _mine = lock(&place.mine);
        place.state.store(ASKED, Relaxed);
        let letter = Letter {
            wish,
            place: Arc::clone(place),
            answer: GAVE_UP,
        };
        // Where the owner has left, the letter comes back, and its end is its answer.
        drop(self.sender.send(Some(letter)));
        let is_there = || place.state.load(Acquire) == ANSWERED;
        if !is_there() {
            blocked();
            let looks = (0..LOOKS).any(|_| {
                spin_loop();
                is_there()
            });
            while !looks && !is_there() {
                place.sleepers.sleep(&place.state, ASKED);
            }
        }
        place.answer.load(Relaxed)
    }

    fn fulfil(&self, wish: Wish) -> i64 {
        match wish {
            Wish::Add(by) => self.value.fetch_add(by, AcqRel) + by,
            Wish::Set(to) => {
                self.value.store(to, Release);
                to
            }
        }
    }

    fn by_owner_or_self(&self, wish: Wish) -> i64 {
        match self.ask(wish, || ()) {
            GAVE_UP => self.fulfil(wish),
            answer => answer,
        }
    }
}

impl Counter for Channel {
    fn inc(&self) -> i64 {
        self.ask(Wish::Add(1), || ())
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> i64 {
        let value = self.ask(Wish::Add(1), || probe.blocked());
        if value != GAVE_UP {
            probe.acquired();
        }
        value
    }

    fn dec(&self) -> i64 {
        self.by_owner_or_self(Wish::Add(-1))
    }

    fn set(&self, value: i64) -> i64 {
        self.by_owner_or_self(Wish::Set(value))
    }

    fn value(&self) -> i64 {
        self.value.load(Acquire)
    }

    fn inc_many(&self, times: u64) -> u64 {
        let gave_up = |_: &u64| self.inc() == GAVE_UP;
        (0..times).find(gave_up).unwrap_or(times)
    }

    fn inc_while(&self, times: u64, word: &Word, value: u32) -> u64 {
        for made in 0..times {
            if self.inc() == GAVE_UP {
                return made;
            }
            if word.load(Relaxed) != value {
                return made + 1;
            }
        }
        times
    }

    fn abandon(&self) {
        self.dismissed.store(true, Release);
        // Where it is full, the owner is awake and sees it anyway.
        let _ = self.sender.try_send(None);
    }

    fn is_abandoned(&self) -> bool {
        self.dismissed.load(Acquire)
    }

    fn serve(&self) {
        let Some(receiver) = lock(&self.receiver).take() else {
            return;
        };
        self.served.store(true, Release);
        while !self.is_abandoned()
            && let Ok(Some(mut letter)) = receiver.recv()
        {
            letter.answer = self.fulfil(letter.wish);
        }
        self.served.store(false, Release);
        // What is still under way is thrown away, and so answered.
        drop(receiver);
    }

    fn is_ready(&self) -> bool {
        self.served.load(Acquire)
    }
}
