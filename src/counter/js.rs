//! Where the counters come from that JavaScript has and Rust has not: from whoever runs this code in a
//! browser. Not here: the browser.

use std::sync::{Arc, OnceLock};

use super::Counter;

type Maker = fn(&str) -> Option<Arc<dyn Counter>>;

static MAKER: OnceLock<Maker> = OnceLock::new();

/// There is JavaScript here, and this makes its counters.
pub fn provide(maker: Maker) {
    // Asked again by every run, with the same answer.
    let _ = MAKER.set(maker);
}

/// Whether there is.
pub(super) fn is_here() -> bool {
    MAKER.get().is_some()
}

/// # Panics
/// Where there is no JavaScript, or none of that name.
pub(super) fn make(name: &str) -> Arc<dyn Counter> {
    let made = MAKER.get().and_then(|maker| maker(name));
    made.unwrap_or_else(|| panic!("{name} runs in a browser's JavaScript only"))
}
