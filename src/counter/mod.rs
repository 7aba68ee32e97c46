//! What the threads share: one trait, and one file for each way of sharing. Not here: who
//! increments when (`worker`), and what an increment costs (`measure`).

use std::fmt::Debug;
use std::hint::black_box;
use std::sync::Arc;

/// Told how an increment gets on with the lock.
pub trait Probe {
    /// Called where the lock turns out to be another's, before waiting for it. Not called where it
    /// is free: then there is no wait to be seen.
    fn blocked(&mut self);

    /// Called once an increment, as soon as nobody else can be inside. It runs while all others may
    /// be waiting, so it must be short: a clock reading and one store.
    fn acquired(&mut self);
}

/// A counter that threads share, with the four operations of the post's `AtomicInteger`; each
/// returns the value that the counter has after it.
///
/// ```
/// let counter = locklab::counter::kind("std-mutex").unwrap().make();
/// assert_eq!(counter.inc(), 1);
/// assert_eq!(counter.set(10), 10);
/// assert_eq!(counter.dec(), 9);
/// assert_eq!(counter.value(), 9);
/// ```
pub trait Counter: Debug + Send + Sync {
    /// Adds one.
    fn inc(&self) -> i64;

    /// Adds one and tells `probe` of the lock.
    ///
    /// Kinds that hold no lock say in their own documentation where they call the probe.
    fn inc_probed(&self, probe: &mut dyn Probe) -> i64;

    /// Takes one away.
    fn dec(&self) -> i64;

    /// Replaces the value.
    fn set(&self, value: i64) -> i64;

    /// Reads the value.
    fn value(&self) -> i64;

    /// Adds one as often as told; says how often it did, which is less only where it was
    /// [abandoned](Counter::abandon). What is timed for a price: the loop is compiled for each kind, so
    /// that nothing in it is called through a pointer.
    fn inc_many(&self, times: u64) -> u64 {
        for made in 0..times {
            if black_box(self.inc()) == GAVE_UP {
                return made;
            }
        }
        times
    }

    /// Lets everybody go who waits for the lock, and who comes to wait from now on: their increments
    /// return [`GAVE_UP`] and are not made. For locks whose waiters keep turning: with more of those than
    /// processors a holder may not be on one for a long time, and nobody would see that a run is to end.
    /// Locks whose waiters sleep come to their end by themselves, and need not do anything.
    fn abandon(&self) {}
}

/// What an increment returns that was not made, because its counter was [abandoned](Counter::abandon). No
/// counter gets that far by counting.
pub const GAVE_UP: i64 = i64::MIN;

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
    /// One sentence on how it works.
    pub meaning: &'static str,
    make: fn() -> Arc<dyn Counter>,
}

impl Kind {
    /// A counter of this kind, at 0.
    pub fn make(&self) -> Arc<dyn Counter> {
        (self.make)()
    }
}

/// Declares the kinds: the module, and its row in [`KINDS`].
macro_rules! kinds {
    ($($module:ident),+ $(,)?) => {
        $(mod $module;)+

        /// All kinds, in the order in which a person is offered them.
        pub const KINDS: &[Kind] = &[$($module::KIND),+];
    };
}

// A new kind is its file and its line here.
kinds! {
    std_mutex,
    atomic,
    racy,
    none,
}

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
