//! What the threads share: one trait, and one file for each way of sharing. Not here: who
//! increments when (`worker`), and what an increment costs (`measure`).

use std::fmt::Debug;

/// Told, from inside the critical section, that it has been entered.
///
/// An implementation runs while every other thread may be waiting, so it must be short: a clock
/// read and one store.
pub trait Probe {
    /// Called once an increment, as soon as nobody else can be inside.
    fn acquired(&mut self);
}

/// The probe that looks at nothing: what [`Counter::inc`] uses.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoProbe;

impl Probe for NoProbe {
    #[inline(always)]
    fn acquired(&mut self) {}
}

/// What is known about a kind of counter before any of it exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
}

/// A counter that threads share, with the four operations of the post's `AtomicInteger`; each
/// returns the value that the counter has after it.
///
/// ```
/// use locklab::counter::{Counter, StdMutex};
///
/// let counter = StdMutex::default();
/// assert_eq!(counter.inc(), 1);
/// assert_eq!(counter.set(10), 10);
/// assert_eq!(counter.dec(), 9);
/// assert_eq!(counter.value(), 9);
/// ```
pub trait Counter: Debug + Default + Send + Sync + 'static {
    /// Name, label and promise of this kind.
    const KIND: Kind;

    /// Adds one and tells `probe` as soon as the critical section is entered.
    ///
    /// Kinds that hold no lock say in their own documentation where they call the probe.
    fn inc_probed<P: Probe>(&self, probe: &mut P) -> i64;

    /// Adds one.
    #[inline]
    fn inc(&self) -> i64 {
        self.inc_probed(&mut NoProbe)
    }

    /// Takes one away.
    fn dec(&self) -> i64;

    /// Replaces the value.
    fn set(&self, value: i64) -> i64;

    /// Reads the value.
    fn value(&self) -> i64;
}

/// Something to be done with a kind that is known by name only; monomorphised for each kind, so
/// that nothing inside is called through a pointer.
pub trait Visitor {
    /// What comes out.
    type Output;

    /// Called with the kind as a type.
    fn visit<C: Counter>(self) -> Self::Output;
}

/// Declares the kinds: the module, its type, the row of [`KINDS`] and the arm of [`visit`].
macro_rules! kinds {
    ($($module:ident :: $kind:ident),+ $(,)?) => {
        $(mod $module;
        pub use $module::$kind;)+

        /// All kinds, in the order in which a person is offered them; the first is the default.
        pub const KINDS: &[Kind] = &[$($kind::KIND),+];

        /// Hands the kind called `name` to `visitor`, or returns `None` where there is none.
        pub fn visit<V: Visitor>(name: &str, visitor: V) -> Option<V::Output> {
            $(if name == $kind::KIND.name {
                return Some(visitor.visit::<$kind>());
            })+
            None
        }
    };
}

// A new kind is its file and its line here.
kinds! {
    std_mutex::StdMutex,
    atomic::Atomic,
    racy::Racy,
    none::Nothing,
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
