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

/// JavaScript's counter of this name.
///
/// # Panics
/// If there is no JavaScript, or no such counter.
pub(super) fn make(name: &str) -> Arc<dyn Counter> {
    let made = MAKER.get().and_then(|maker| maker(name));
    made.unwrap_or_else(|| panic!("{name} runs in a browser's JavaScript only"))
}
