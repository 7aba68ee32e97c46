//! Where memory comes from, in a memory that never grows. Not here: the allocator, which is std's.
//!
//! The memory is made at its full size: growing a shared one is broken in Safari 26
//! (emscripten-core/emscripten#25905), and phones refuse one that may grow large. std's allocator
//! knows no other way to get memory than the instruction `memory.grow`, and std allocates its thread
//! handles with it even where a crate brings an allocator of its own. So the build replaces that
//! instruction by a call of [`lab_grow`] (`xtask/src/fixed_memory.rs`).

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::RESERVED_PAGES;

const PAGE: usize = 1 << 16;

unsafe extern "C" {
    /// Where the linker's layout ends.
    static __heap_end: u8;
}

/// Hands out `pages` more pages behind the module's own data, as `memory.grow` would: returns the
/// first one's number, or `usize::MAX` where no more are left.
// SAFETY: no other symbol has this name.
#[unsafe(no_mangle)]
extern "C" fn lab_grow(pages: usize) -> usize {
    /// The first page not handed out yet; 0 before the first call.
    static NEXT: AtomicUsize = AtomicUsize::new(0);

    // The symbol is an address; there is nothing to read at it.
    let first = (&raw const __heap_end).addr().div_ceil(PAGE) + RESERVED_PAGES;
    let end = core::arch::wasm32::memory_size(0);
    NEXT.fetch_update(Relaxed, Relaxed, |next| {
        next.max(first).checked_add(pages).filter(|next| *next <= end)
    })
    .map_or(usize::MAX, |next| next.max(first))
}
