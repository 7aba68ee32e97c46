//! A counter that forgets to lock: it loses updates, which is its lesson. Not undefined behaviour:
//! both halves are atomic, only the whole is not.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use super::{Counter, Kind, Probe, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "racy",
    label: "racy (no lock)",
    exact: false,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "Reads, adds and writes back without a lock: updates get lost.",
    source: "None: what goes wrong without a lock",
    make: Some(|| Arc::new(Racy::default())),
};

/// Read, add, write back, with nothing that keeps another thread out in between.
///
/// The probe is called between the reading and the writing: that is where a lock would be held. Its
/// clock reading makes the gap some ten nanoseconds wider than in [`Counter::inc`], as any work
/// between reading and writing does.
#[derive(Debug, Default)]
struct Racy {
    value: AtomicI64,
}

impl Counter for Racy {
    #[inline]
    fn inc(&self) -> i64 {
        self.set(self.value() + 1)
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> i64 {
        let seen = self.value();
        probe.acquired();
        self.set(seen + 1)
    }

    fn dec(&self) -> i64 {
        self.set(self.value() - 1)
    }

    #[inline]
    fn set(&self, value: i64) -> i64 {
        self.value.store(value, Relaxed);
        value
    }

    #[inline]
    fn value(&self) -> i64 {
        self.value.load(Relaxed)
    }
}
