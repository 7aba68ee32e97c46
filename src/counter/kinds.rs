//! The list of counters. A new kind is its file, or its lock's, and its row here.

use std::sync::Arc;

use super::atomic::Atomic;
use super::cas::Cas;
use super::channel::Channel;
use super::none::Nothing;
use super::racy::Racy;
use super::sharded::Sharded;
use super::{Counter, Mutex, js};
use crate::lock::Lock;
use crate::lock::futex::FutexLock;
use crate::lock::mcs::McsLock;
use crate::lock::parking_lot::{ParkingLot, ParkingLotFair};
use crate::lock::robust::RobustLock;
use crate::lock::spin::SpinLock;
use crate::lock::std_mutex::StdMutex;
use crate::lock::std_rwlock::StdRwLock;
use crate::lock::ticket::TicketLock;
use crate::prose;

/// What the server of a counter runs, on a thread of its own. It returns once the counter is
/// [cancelled](Counter::cancel); dropping it cancels as well.
pub type Server = Box<dyn FnOnce() + Send>;

/// A kind of counter, before any of it exists.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    /// The name in attributes, addresses and reports.
    pub name: &'static str,
    /// The name in legends and tables.
    pub label: &'static str,
    /// Whether no update is ever lost, whatever the number of threads.
    pub exact: bool,
    /// Whether threads share anything at all; `false` only for the counter that is none.
    pub shared: bool,
    /// How it works, in one sentence.
    pub meaning: &'static str,
    /// Where it is from: a paper, a book, a library.
    pub source: &'static str,
    make: Make,
}

/// How a counter is made.
#[derive(Debug, Clone, Copy)]
enum Make {
    Counter(fn() -> Arc<dyn Counter>),
    /// With a server.
    Served(fn() -> (Arc<dyn Counter>, Server)),
    /// By JavaScript.
    Js,
    /// Not at all: JavaScript's operations are promises, which a thread can't wait for.
    JsPromise,
}

impl Kind {
    /// A counter of this kind, at 0, and what one more thread must run to serve it, for a kind that
    /// [needs that](Kind::needs_server).
    ///
    /// # Panics
    /// If it [can't be made here](Kind::is_here).
    pub fn make(&self) -> (Arc<dyn Counter>, Option<Server>) {
        match self.make {
            Make::Counter(make) => (make(), None),
            Make::Served(make) => {
                let (counter, server) = make();
                (counter, Some(server))
            }
            Make::Js => (js::make(self.name), None),
            Make::JsPromise => panic!("no thread can wait for {}", self.name),
        }
    }

    /// Whether it runs in a browser's JavaScript only; others run where this code does, in wasm or natively.
    pub const fn is_js(&self) -> bool {
        matches!(self.make, Make::Js | Make::JsPromise)
    }

    /// Whether [`make`](Kind::make) can make one here and now: natively not one of JavaScript's.
    pub fn is_here(&self) -> bool {
        self.is_counter() && (!self.is_js() || js::is_here())
    }

    /// Whether there is a [`Counter`] of this kind; if not, it has only a price.
    pub const fn is_counter(&self) -> bool {
        !matches!(self.make, Make::JsPromise)
    }

    /// Whether one more thread must serve it.
    pub const fn needs_server(&self) -> bool {
        matches!(self.make, Make::Served(_))
    }
}

/// The kind called `name`.
///
/// ```
/// assert!(!locklab::counter::kind("racy").unwrap().exact);
/// assert!(locklab::counter::kind("gil").is_none());
/// ```
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

fn mutex<L: Lock + 'static>() -> Arc<dyn Counter> {
    Arc::new(Mutex::<L>::default())
}

fn counter<C: Counter + Default + 'static>() -> Arc<dyn Counter> {
    Arc::new(C::default())
}

/// What most kinds are; never a kind itself.
const EXACT: Kind = Kind {
    name: "",
    label: "",
    exact: true,
    shared: true,
    meaning: "",
    source: "",
    make: Make::JsPromise,
};

/// What runs without a lock use; chosen for the lock run it makes both runs the same, which shows how far two
/// equal runs can differ.
pub const NONE: Kind = Kind {
    name: "none",
    label: prose("none (control)"),
    shared: false,
    meaning: prose("Counts nothing: both runs are the same, and differ by noise alone."),
    source: prose("None: a control"),
    make: Make::Counter(counter::<Nothing>),
    ..EXACT
};

/// All kinds, in the order in which a person is offered them.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "std-mutex",
        label: prose("std Mutex"),
        meaning: prose("Rust's own mutex around a plain number: one thread at a time."),
        source: prose("Rust's standard library, std::sync::Mutex"),
        make: Make::Counter(mutex::<StdMutex>),
        ..EXACT
    },
    Kind {
        name: "std-rwlock",
        label: prose("std RwLock (write)"),
        meaning: prose("Rust's own lock for many readers or one writer, here only ever written."),
        source: prose("Rust's standard library, std::sync::RwLock"),
        make: Make::Counter(mutex::<StdRwLock>),
        ..EXACT
    },
    Kind {
        name: "parking-lot",
        label: prose("parking_lot Mutex"),
        meaning: prose(
            "One byte; who waits spins a little, then sleeps in a queue beside the lock. Late comers may overtake.",
        ),
        source: prose(
            "crate parking_lot, after WebKit's WTF::ParkingLot (Pizlo, Locking in WebKit, 2016)",
        ),
        make: Make::Counter(mutex::<ParkingLot>),
        ..EXACT
    },
    Kind {
        name: "parking-lot-fair",
        label: prose("parking_lot FairMutex"),
        meaning: prose(
            "As parking_lot's Mutex, but handed from thread to thread in the order of their coming.",
        ),
        source: prose("crate parking_lot, FairMutex: every unlocking hands the lock on"),
        make: Make::Counter(mutex::<ParkingLotFair>),
        ..EXACT
    },
    Kind {
        name: "spin",
        label: prose("spin lock"),
        meaning: prose(
            "Tries again and again until the lock is free, with growing pauses; never sleeps.",
        ),
        source: prose(
            "Anderson, The Performance of Spin Lock Alternatives (1990): test and test-and-set",
        ),
        make: Make::Counter(mutex::<SpinLock>),
        ..EXACT
    },
    Kind {
        name: "ticket",
        label: prose("ticket lock"),
        meaning: prose(
            "Each draws a number and spins until it is called: strictly first come, first served.",
        ),
        source: prose("Mellor-Crummey, Scott, Algorithms for Scalable Synchronization (1991)"),
        make: Make::Counter(mutex::<TicketLock>),
        ..EXACT
    },
    Kind {
        name: "mcs",
        label: prose("MCS queue lock"),
        meaning: prose(
            "A queue: each spins at a place of its own until the one before hands the lock over.",
        ),
        source: prose("Mellor-Crummey, Scott, Algorithms for Scalable Synchronization (1991)"),
        make: Make::Counter(mutex::<McsLock>),
        ..EXACT
    },
    Kind {
        name: "futex",
        label: prose("futex mutex"),
        meaning: prose(
            "A mutex of our own of three states: free, taken, taken with sleepers who are to be woken.",
        ),
        source: prose("Drepper, Futexes Are Tricky (2011), mutex 2"),
        make: Make::Counter(mutex::<FutexLock>),
        ..EXACT
    },
    Kind {
        name: "robust",
        label: prose("robust mutex"),
        meaning: prose(
            "A mutex that knows who holds it, so that another could take it over from the dead.",
        ),
        source: prose("POSIX robust mutexes (IEEE Std 1003.1-2008), with a word of our own"),
        make: Make::Counter(mutex::<RobustLock>),
        ..EXACT
    },
    Kind {
        name: "atomic",
        label: prose("atomic add"),
        meaning: prose("One atomic instruction of the processor, no lock at all."),
        source: prose("The processor: x86 `lock xadd`, wasm `i64.atomic.rmw.add`"),
        make: Make::Counter(counter::<Atomic>),
        ..EXACT
    },
    Kind {
        name: "cas",
        label: prose("compare-and-swap"),
        meaning: prose(
            "Reads, adds, and swaps in the sum if nobody else came in between; else once more.",
        ),
        source: prose("Herlihy, Wait-Free Synchronization (1991)"),
        make: Make::Counter(counter::<Cas>),
        ..EXACT
    },
    Kind {
        name: "sharded",
        label: prose("sharded counter"),
        meaning: prose("Each thread adds to a cell of its own; reading adds up all cells."),
        source: prose("McKenney, Is Parallel Programming Hard, chapter 5: Counting"),
        make: Make::Counter(counter::<Sharded>),
        ..EXACT
    },
    Kind {
        name: "channel",
        label: prose("channel to an owner"),
        meaning: prose(
            "One thread owns the number; the others send it messages and wait for the answers.",
        ),
        source: prose("Hoare, Communicating Sequential Processes (1978); std::sync::mpsc"),
        make: Make::Served(Channel::with_server),
        ..EXACT
    },
    Kind {
        name: "js-atomics",
        label: prose("Atomics.add (JS)"),
        meaning: prose("JavaScript's own atomic addition, in a loop of JavaScript."),
        source: prose("ECMAScript 2017, Atomics.add"),
        make: Make::Js,
        ..EXACT
    },
    Kind {
        name: "js-plain",
        label: prose("plain add (JS)"),
        exact: false,
        meaning: prose(
            "No protection at all: JavaScript's own `+= 1` in shared memory; updates get lost.",
        ),
        source: prose("ECMAScript 2017, shared memory"),
        make: Make::Js,
        ..EXACT
    },
    Kind {
        name: "js-futex",
        label: prose("futex mutex (JS)"),
        meaning: prose(
            "A mutex of three states written in JavaScript, over Atomics.wait and Atomics.notify.",
        ),
        source: prose("Drepper, Futexes Are Tricky (2011), mutex 2, in JavaScript"),
        make: Make::Js,
        ..EXACT
    },
    Kind {
        name: "js-locks",
        label: prose("navigator.locks"),
        meaning: prose(
            "The browser's own locks, which tabs and workers of a site share; asked for and awaited.",
        ),
        source: prose("W3C, Web Locks API"),
        make: Make::JsPromise,
        ..EXACT
    },
    Kind {
        name: "js-message",
        label: prose("postMessage to an owner"),
        meaning: prose("A worker owns the number; each addition is a message there and one back."),
        source: prose("WHATWG HTML, Web workers: postMessage"),
        make: Make::JsPromise,
        ..EXACT
    },
    Kind {
        name: "racy",
        label: prose("racy (no lock)"),
        exact: false,
        meaning: prose("Reads, adds and writes back without a lock: updates get lost."),
        source: prose("None: what goes wrong without a lock"),
        make: Make::Counter(counter::<Racy>),
        ..EXACT
    },
    NONE,
];
