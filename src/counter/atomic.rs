//! A number without a lock: the processor's atomic addition.

use super::Counter;
use crate::sync::Ordering::Relaxed;
use crate::sync::{AtomicI64, SharedWord};

/// One atomic number. Relaxed ordering is enough, as nothing but the number is shared. There is no second kind
/// with a sequentially consistent addition, as it would be the same instruction: wasm's atomics know no other
/// ordering, and x86's `lock xadd` orders everything anyway. V8 on x86-64 makes a compare-and-swap loop of it
/// (docs/measuring.md).
///
/// The instruction is the critical section, so the probe is called before it: no wait is ever seen, and the
/// hold is the instruction's time.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct Atomic<W = AtomicI64>(W);

impl<W: SharedWord<Value = i64>> Counter for Atomic<W> {
    #[inline]
    fn inc(&self) -> i64 {
        self.0.fetch_add(1, Relaxed) + 1
    }

    fn dec(&self) -> i64 {
        self.0.fetch_add(-1, Relaxed) - 1
    }

    fn set(&self, value: i64) -> i64 {
        self.0.store(value, Relaxed);
        value
    }

    fn value(&self) -> i64 {
        self.0.load(Relaxed)
    }
}
