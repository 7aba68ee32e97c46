//! A number whose threads forget to lock: it loses updates, which is its lesson. That is no undefined
//! behaviour, as the load and the store are atomic, each for itself.

use super::{Cancelled, Counter, Probe};
use crate::sync::Ordering::Relaxed;
use crate::sync::{AtomicI64, SharedWord};

/// Load, add, store, with nothing that keeps another thread out in between.
///
/// The probe is called between the load and the store, where a lock would be held. Its clock reading makes that
/// gap some ten nanoseconds wider than in [`Counter::inc`], as any work there does.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Racy<W = AtomicI64>(W);

impl<W: SharedWord<Value = i64>> Counter for Racy<W> {
    #[inline]
    fn inc(&self) -> i64 {
        self.set(self.value() + 1)
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> Result<i64, Cancelled> {
        let seen = self.value();
        probe.acquired();
        Ok(self.set(seen + 1))
    }

    fn dec(&self) -> i64 {
        self.set(self.value() - 1)
    }

    #[inline]
    fn set(&self, value: i64) -> i64 {
        self.0.store(value, Relaxed);
        value
    }

    #[inline]
    fn value(&self) -> i64 {
        self.0.load(Relaxed)
    }
}
