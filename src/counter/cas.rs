//! A counter without a lock, by reading and swapping until nobody came in between. Not here: the
//! instruction that adds at once.
//!
//! Compare-and-swap: IBM System/370, *Principles of Operation* (1970); the loop as in Herlihy, "Wait-Free
//! Synchronization" (ACM TOPLAS 1991). One of those who compete always gets through, but each may
//! have to try again.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use super::{Counter, Kind, Probe, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "cas",
    label: "compare-and-swap",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "Reads, adds, and swaps in the sum if nobody else came in between; else once more.",
    source: "Herlihy, Wait-Free Synchronization (1991)",
    make: Some(|| Arc::new(Cas::default())),
};

/// One atomic number. Relaxed ordering is enough: nothing but the number itself is shared.
///
/// There is no lock to be inside of: the probe is told of being blocked after a first swap that failed,
/// and of having acquired once one has succeeded.
#[derive(Debug, Default)]
struct Cas {
    value: AtomicI64,
}

impl Cas {
    #[inline(always)]
    fn change(&self, by: i64, mut failed: impl FnMut()) -> i64 {
        let mut seen = self.value.load(Relaxed);
        loop {
            let swap = self
                .value
                .compare_exchange_weak(seen, seen + by, Relaxed, Relaxed);
            match swap {
                Ok(_) => return seen + by,
                Err(other) => seen = other,
            }
            failed();
        }
    }
}

impl Counter for Cas {
    #[inline]
    fn inc(&self) -> i64 {
        self.change(1, || ())
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> i64 {
        let mut told = false;
        let value = self.change(1, || {
            if !std::mem::replace(&mut told, true) {
                probe.blocked();
            }
        });
        probe.acquired();
        value
    }

    fn dec(&self) -> i64 {
        self.change(-1, || ())
    }

    fn set(&self, value: i64) -> i64 {
        self.value.store(value, Relaxed);
        value
    }

    fn value(&self) -> i64 {
        self.value.load(Relaxed)
    }
}
