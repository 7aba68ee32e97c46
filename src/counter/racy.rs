//! A counter that forgets to lock: it loses updates, which is its lesson. Not undefined behaviour:
//! both halves are atomic, only the whole is not.

use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use super::{Counter, Kind, Probe};

/// Read, add, write back, with nothing that keeps another thread out in between.
///
/// The probe is called between the reading and the writing: that is where a lock would be held. Its
/// clock read makes the gap some ten nanoseconds wider than in [`Counter::inc`], as any work
/// between reading and writing does.
#[derive(Debug, Default)]
pub struct Racy {
    value: AtomicI64,
}

impl Racy {
    #[inline]
    fn change<P: Probe>(&self, by: i64, probe: &mut P) -> i64 {
        let seen = self.value.load(Relaxed);
        probe.acquired();
        let changed = seen + by;
        self.value.store(changed, Relaxed);
        changed
    }
}

impl Counter for Racy {
    const KIND: Kind = Kind {
        name: "racy",
        label: "racy (no lock)",
        exact: false,
        shared: true,
        meaning: "Reads, adds and writes back without a lock: updates get lost.",
    };

    #[inline]
    fn inc_probed<P: Probe>(&self, probe: &mut P) -> i64 {
        self.change(1, probe)
    }

    fn dec(&self) -> i64 {
        self.change(-1, &mut super::NoProbe)
    }

    fn set(&self, value: i64) -> i64 {
        self.value.store(value, Relaxed);
        value
    }

    fn value(&self) -> i64 {
        self.value.load(Relaxed)
    }
}
