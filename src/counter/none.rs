//! No counter at all: what the post's "use lock False" runs increment. Chosen for the lock run it
//! makes both runs the same, which shows how far two equal runs can differ.

use std::sync::Arc;

use super::{Counter, Kind, Probe, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "none",
    label: "none (control)",
    exact: true,
    shared: false,
    side: Side::Wasm,
    server: false,
    meaning: "Counts nothing: both runs are the same, and differ by noise alone.",
    source: "None: a control",
    make: Some(|| Arc::new(Nothing)),
};

/// Nothing, and nothing to wait for: every value is 0. The probe is called all the same, so that
/// runs with and without a lock read the clock equally often.
#[derive(Debug)]
struct Nothing;

impl Counter for Nothing {
    #[inline]
    fn inc(&self) -> i64 {
        0
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> i64 {
        probe.acquired();
        0
    }

    fn dec(&self) -> i64 {
        0
    }

    fn set(&self, _value: i64) -> i64 {
        0
    }

    fn value(&self) -> i64 {
        0
    }
}
