//! Where the module's heap grows into: the rest of a memory that has its full size from the start.
//! Not an allocator; that is std's own.
//!
//! A shared memory must not grow: Safari 26 breaks then (emscripten-core/emscripten#25905), and a
//! page must make new views of it. But std's allocator knows no other source than `memory.grow`, and
//! std uses it for its own thread handles even where a program brings another allocator. So the build
//! replaces that one instruction by a call of [`locklab_grow`], which keeps its promises and hands out
//! pages that are there already.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use crate::RESERVED_PAGES;

const PAGE: usize = 1 << 16;

unsafe extern "C" {
    /// Where the linker's layout ends.
    static __heap_end: u8;
}

/// Hands out `pages` pages and returns the number of the first, or `usize::MAX` where there are not
/// so many left: `memory.grow`, as its callers see it. The pages have never been used and are zero.
#[unsafe(no_mangle)]
pub extern "C" fn locklab_grow(pages: usize) -> usize {
    static USED: AtomicUsize = AtomicUsize::new(0);
    // `raw`: the symbol is an address, there is nothing to read at it.
    let first = (&raw const __heap_end).addr().div_ceil(PAGE) + RESERVED_PAGES;
    let size = core::arch::wasm32::memory_size(0);
    let take = |used: usize| {
        let used = used.checked_add(pages)?;
        (first + used <= size).then_some(used)
    };
    USED.fetch_update(Relaxed, Relaxed, take)
        .map_or(usize::MAX, |used| first + used)
}
