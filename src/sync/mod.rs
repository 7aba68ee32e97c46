//! What all code that shares memory is made of: the atomics, [`futex`] to wait at one of them, and
//! [`CachePadded`] to keep them apart. The atomics are the standard library's, or loom's where `cfg(loom)`
//! model-checks the protocols.

pub mod futex;
#[cfg(all(test, loom))]
pub mod model;
mod thread_index;
mod word;

pub use thread_index::thread_index;
pub use word::{FutexWord, SharedWord};

#[cfg(not(loom))]
pub use std::hint::spin_loop;
#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU32, AtomicU64, Ordering};

#[cfg(loom)]
pub use loom::cell::UnsafeCell;
#[cfg(loom)]
pub use loom::hint::spin_loop;
#[cfg(loom)]
pub use loom::sync::atomic::{AtomicBool, AtomicI64, AtomicPtr, AtomicU32, AtomicU64, Ordering};

/// How often a waiter polls before it blocks: most critical sections end sooner than a thread falls asleep.
pub const SPIN_LIMIT: u32 = if cfg!(loom) { 1 } else { 100 };

/// A value on cache lines of its own: two of them, as processors fetch lines in pairs. Writes to its
/// neighbours then don't slow down its readers.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct CachePadded<T>(pub T);

/// What a word says that many read all the time and hardly any thread writes.
///
/// WebAssembly has no relaxed atomic loads. Rust makes sequentially consistent ones of them, and WebKit makes each an
/// addition of 0: a write, which takes the word's cache line from all other readers. A plain load doesn't, and an aligned
/// word is not torn by one.
#[inline(always)]
pub fn load_relaxed(word: &std::sync::atomic::AtomicU32) -> u32 {
    #[cfg(not(target_arch = "wasm32"))]
    let value = word.load(std::sync::atomic::Ordering::Relaxed);
    #[cfg(target_arch = "wasm32")]
    let value;
    // SAFETY: it does what a relaxed load does, and the word is borrowed.
    #[cfg(target_arch = "wasm32")]
    unsafe {
        core::arch::asm!(
            "local.get {word}",
            "i32.load 0",
            "local.set {value}",
            word = in(local) word.as_ptr(),
            value = lateout(local) value,
            options(readonly, preserves_flags, nostack),
        );
    }
    value
}

/// The standard library's cell, with loom's way to get at its value.
#[cfg(not(loom))]
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

#[cfg(not(loom))]
impl<T> UnsafeCell<T> {
    /// Calls `f` with a pointer to the value. The caller must know that nothing else accesses it meanwhile.
    #[inline(always)]
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        f(self.0.get())
    }
}

/// Gives up the processor for about this long; may return sooner.
#[cfg(not(loom))]
pub fn park_timeout(time: std::time::Duration) {
    std::thread::park_timeout(time);
}

/// Gives up the processor.
#[cfg(loom)]
pub fn park_timeout(_time: std::time::Duration) {
    loom::thread::yield_now();
}
