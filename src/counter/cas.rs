//! A number without a lock, by compare-and-swap until no other thread came in between.
//!
//! Compare-and-swap: IBM System/370, *Principles of Operation* (1970); the loop as in Herlihy, "Wait-Free
//! Synchronization" (ACM TOPLAS 1991). It is lock-free, not wait-free: one of the threads that compete always
//! succeeds, but each may have to retry.

use super::{Cancelled, Counter, Probe};
use crate::sync::AtomicI64;
use crate::sync::Ordering::Relaxed;

/// One atomic number. Relaxed ordering is enough, as nothing but the number is shared.
///
/// There is no lock to be acquired: the probe is called as blocked after the first swap that failed, and as
/// acquired once one has succeeded.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Cas(AtomicI64);

impl Cas {
    #[inline(always)]
    fn add(&self, by: i64, mut failed: impl FnMut()) -> i64 {
        let mut seen = self.0.load(Relaxed);
        loop {
            // Not the weak one, which may fail though nobody came in between: a probe would be told of a wait.
            let swap = self.0.compare_exchange(seen, seen + by, Relaxed, Relaxed);
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
        self.add(1, || ())
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> Result<i64, Cancelled> {
        let mut is_blocked = false;
        let value = self.add(1, || {
            if !std::mem::replace(&mut is_blocked, true) {
                probe.blocked();
            }
        });
        probe.acquired();
        Ok(value)
    }

    fn dec(&self) -> i64 {
        self.add(-1, || ())
    }

    fn set(&self, value: i64) -> i64 {
        self.0.store(value, Relaxed);
        value
    }

    fn value(&self) -> i64 {
        self.0.load(Relaxed)
    }
}
