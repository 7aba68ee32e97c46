//! The atomics of the two shared protocols (board and rings): the standard library's, or loom's
//! when the protocols are model-checked. Nothing else goes through here.

#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

#[cfg(loom)]
pub use loom::sync::atomic::{AtomicU32, AtomicU64, Ordering};
