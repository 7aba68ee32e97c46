//! No counter at all: what the post's "use lock False" runs increment.

use super::Counter;

/// Nothing: every value is 0. The probe is called all the same, so that runs with and without a lock read the
/// clock equally often.
#[derive(Debug, Default)]
pub struct Nothing;

impl Counter for Nothing {
    #[inline]
    fn inc(&self) -> i64 {
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
