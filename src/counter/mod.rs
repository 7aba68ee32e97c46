//! What the threads share: one trait, and one file for each way of sharing. Not here: who
//! increments when (`worker`), and what an increment costs (`measure`).

mod atomic;
mod cas;
mod channel;
pub mod js;
mod js_atomics;
mod js_futex;
mod js_locks;
mod js_message;
mod none;
mod racy;
mod sharded;

use std::fmt::Debug;
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

use crate::lock::{
    futex, mcs, parking_lot, parking_lot_fair, robust, spin, std_mutex, std_rwlock, ticket,
};

/// Told how an increment gets on with the lock.
pub trait Probe {
    /// Called where the lock turns out to be another's, before waiting for it. Not called where it
    /// is free: then there is no wait to be seen.
    fn blocked(&mut self);

    /// Called once an increment, as soon as nobody else can be inside. It runs while all others may
    /// be waiting, so it must be short: a clock reading and one store.
    fn acquired(&mut self);
}

/// What [`Counter::inc`] returns where it has not incremented, as the counter was
/// [abandoned](Counter::abandon).
pub const GAVE_UP: i64 = i64::MIN;

/// A counter that threads share, with the four operations of the post's `AtomicInteger`; each
/// returns the value that the counter has after it (`sharded` says what it returns instead).
///
/// ```
/// let counter = locklab::counter::kind("std-mutex").unwrap().make();
/// assert_eq!(counter.inc(), 1);
/// assert_eq!(counter.set(10), 10);
/// assert_eq!(counter.dec(), 9);
/// assert_eq!(counter.value(), 9);
/// ```
pub trait Counter: Debug + Send + Sync {
    /// Adds one; or returns [`GAVE_UP`].
    fn inc(&self) -> i64;

    /// Adds one and tells `probe` of the lock; or returns [`GAVE_UP`], without having called
    /// [`Probe::acquired`].
    ///
    /// Kinds that hold no lock say in their own documentation where they call the probe.
    fn inc_probed(&self, probe: &mut dyn Probe) -> i64;

    /// Takes one away.
    fn dec(&self) -> i64;

    /// Replaces the value.
    fn set(&self, value: i64) -> i64;

    /// Reads the value.
    fn value(&self) -> i64;

    /// Adds one as often as told, and returns how often it did: less only where it gave up. What is
    /// timed for a price: the loop is compiled for each kind, so that nothing in it is called through
    /// a pointer.
    fn inc_many(&self, times: u64) -> u64 {
        for _ in 0..times {
            black_box(self.inc());
        }
        times
    }

    /// [`inc_many`](Counter::inc_many), but after an increment that had to wait in a queue it goes on only
    /// as long as `word` is `value`. Where a thread that is awake gets on quickly, nothing is looked at.
    fn inc_while(&self, times: u64, _word: &AtomicU32, _value: u32) -> u64 {
        self.inc_many(times)
    }

    /// Makes everyone give up who waits in [`Counter::inc`] in a way that may take for ever, from now
    /// on: where there are more threads than cores, those that spin can keep the processor from the
    /// one that they spin for. The other operations still wait for their turn.
    ///
    /// Looked at while waiting only, so an increment that need not wait may still succeed. Does nothing
    /// where waiters sleep in the system: then whoever is inside gets the processor, and lets go.
    fn abandon(&self) {}

    /// Whether [`Counter::abandon`] was called, where that does anything.
    fn is_abandoned(&self) -> bool {
        false
    }

    /// Makes the calling thread the counter's owner, where it needs one ([`Kind::server`]), until it is
    /// [abandoned](Counter::abandon). A counter has one owner in its life.
    fn serve(&self) {}

    /// Whether it can be used: it needs no owner, or has one.
    fn is_ready(&self) -> bool {
        true
    }
}

/// Where a kind can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Wherever this code runs: in a browser's wasm, and natively.
    Wasm,
    /// In a browser's JavaScript only.
    Js,
}

impl Side {
    /// The name in descriptions and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Side::Wasm => "wasm",
            Side::Js => "js",
        }
    }
}

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
    /// Where it can be.
    pub side: Side,
    /// Whether one more thread must serve it.
    pub server: bool,
    /// One sentence on how it works.
    pub meaning: &'static str,
    /// Where it is from: a paper, a book, a library.
    pub source: &'static str,
    /// `None` where it does not stand behind [`Counter`]: its operations can't be waited for without
    /// an event loop.
    pub(crate) make: Option<fn() -> Arc<dyn Counter>>,
}

impl Kind {
    /// A counter of this kind, at 0.
    ///
    /// # Panics
    /// Where it is not one that can be [made here](Kind::is_here).
    pub fn make(&self) -> Arc<dyn Counter> {
        let make = self.make.unwrap_or_else(|| {
            panic!(
                "{} has no operations that a thread could wait for",
                self.name
            )
        });
        make()
    }

    /// Whether [`make`](Kind::make) can make one here and now: not one of JavaScript's natively.
    pub fn is_here(&self) -> bool {
        self.is_counter() && (self.side == Side::Wasm || js::is_here())
    }

    /// Whether there is a [`Counter`] of this kind; else only its price can be asked for.
    pub const fn is_counter(&self) -> bool {
        self.make.is_some()
    }
}

/// All kinds, in the order in which a person is offered them.
pub const KINDS: &[Kind] = &[
    std_mutex::KIND,
    std_rwlock::KIND,
    parking_lot::KIND,
    parking_lot_fair::KIND,
    spin::KIND,
    ticket::KIND,
    mcs::KIND,
    futex::KIND,
    robust::KIND,
    atomic::KIND,
    cas::KIND,
    sharded::KIND,
    channel::KIND,
    js_atomics::KIND,
    js_futex::KIND,
    js_locks::KIND,
    js_message::KIND,
    racy::KIND,
    none::KIND,
];

/// What runs without a lock use.
pub const NONE: Kind = none::KIND;

/// The kind called `name`.
///
/// ```
/// assert!(!locklab::counter::kind("racy").unwrap().exact);
/// assert!(locklab::counter::kind("gil").is_none());
/// ```
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

#[cfg(all(test, not(loom)))]
mod tests;
