//! JavaScript's own counters, which the host of a browser provides.

use std::sync::{Arc, OnceLock};

use super::Counter;

type Maker = fn(&str) -> Option<Arc<dyn Counter>>;

static MAKER: OnceLock<Maker> = OnceLock::new();

/// Says that there is JavaScript, and what makes its counters. Every run says so again.
pub fn provide(maker: Maker) {
    let _ = MAKER.set(maker);
}

/// Whether there is JavaScript.
pub(super) fn is_here() -> bool {
    MAKER.get().is_some()
}

/// How many of `increments` a counter misses whose number has 32 bits and wraps around, as JavaScript's have:
/// 2.1 thousand million additions are a few seconds' work.
pub fn missing(increments: u64, value: i32) -> i64 {
    // The lowest 32 bits are all that such a counter can tell.
    i64::from((increments as i32).wrapping_sub(value))
}

/// JavaScript's counter of this name.
///
/// # Panics
/// If there is no JavaScript, or no such counter.
pub(super) fn make(name: &str) -> Arc<dyn Counter> {
    let made = MAKER.get().and_then(|maker| maker(name));
    made.unwrap_or_else(|| panic!("{name} runs in a browser's JavaScript only"))
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::missing;

    #[test]
    fn a_number_that_has_wrapped_around_misses_no_more_than_it_lost() {
        for made in [0, 7, 1 << 31, (1 << 31) + 5, 3 << 31, 1 << 40] {
            let value = made as i32;
            assert_eq!(missing(made, value), 0, "after {made}");
            assert_eq!(missing(made, value.wrapping_sub(3)), 3, "after {made}");
            assert_eq!(missing(made, value.wrapping_add(1)), -1, "after {made}");
        }
    }
}
