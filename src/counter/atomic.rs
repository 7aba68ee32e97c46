//! A counter without a lock: the processor's own atomic addition. Not here: loops of
//! compare-and-swap, which are another kind.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering::Relaxed};

use super::{Counter, Kind, Probe, Side};

/// This kind.
pub const KIND: Kind = Kind {
    name: "atomic",
    label: "atomic add",
    exact: true,
    shared: true,
    side: Side::Wasm,
    server: false,
    meaning: "One atomic instruction of the processor, no lock at all.",
    source: "The processor: x86 `lock xadd`, wasm `i64.atomic.rmw.add`",
    make: Some(|| Arc::new(Atomic::default())),
};

/// One atomic number. Relaxed ordering is enough: nothing but the number itself is shared. There is no
/// second kind with a sequentially consistent addition, as it would be the same instruction: wasm's
/// atomics know no other ordering, and x86's `lock xadd` orders everything anyway. What an engine makes of
/// it is its own affair: V8 on x86-64 makes a compare-and-swap loop (docs/measuring.md).
///
/// The instruction is the critical section and nobody can be told from inside it, so the probe is
/// called just before: no wait is ever seen, and the hold is the instruction's time.
#[derive(Debug, Default)]
struct Atomic {
    value: AtomicI64,
}

impl Counter for Atomic {
    #[inline]
    fn inc(&self) -> i64 {
        self.value.fetch_add(1, Relaxed) + 1
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> i64 {
        probe.acquired();
        self.inc()
    }

    fn dec(&self) -> i64 {
        self.value.fetch_sub(1, Relaxed) - 1
    }

    fn set(&self, value: i64) -> i64 {
        self.value.store(value, Relaxed);
        value
    }

    fn value(&self) -> i64 {
        self.value.load(Relaxed)
    }
}
