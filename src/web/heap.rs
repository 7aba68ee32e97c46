//! The module's heap: std's allocator behind a lock that sleeps, growing into the rest of a memory that has its
//! full size from the start.
//!
//! The lock of std's allocator only spins. A thread that is preempted inside leaves all others spinning until it
//! runs again: with 128 threads on two busy cores that took a minute. So every call takes a lock first whose
//! waiters sleep.
//!
//! A shared memory must not grow: Safari 26 breaks then (emscripten-core/emscripten#25905), and a
//! page must make new views of it. But std's allocator knows no other source than `memory.grow`, and
//! std uses it for its own thread handles even where a program brings another allocator. So the build
//! replaces that one instruction by a call of [`locklab_grow`], which keeps its promises and hands out
//! pages that are there already.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::RESERVED_PAGES;

#[global_allocator]
static HEAP: Heap = Heap(Mutex::new(()));

/// std's allocator, one thread at a time.
struct Heap(Mutex<()>);

impl Heap {
    fn enter(&self) -> MutexGuard<'_, ()> {
        // Nothing inside can panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

// SAFETY: every call goes to `System` as it came, and std's Mutex neither allocates nor unwinds.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _inside = self.enter();
        // SAFETY: the caller keeps this trait's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        let _inside = self.enter();
        // SAFETY: the caller keeps this trait's contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        let _inside = self.enter();
        // SAFETY: the caller keeps this trait's contract.
        unsafe { System.dealloc(place, layout) }
    }

    unsafe fn realloc(&self, place: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let _inside = self.enter();
        // SAFETY: the caller keeps this trait's contract.
        unsafe { System.realloc(place, layout, size) }
    }
}

const PAGE: usize = 1 << 16;

unsafe extern "C" {
    /// Where the linker's layout ends.
    static __heap_end: u8;
}

/// Hands out `pages` pages and returns the number of the first, or `usize::MAX` if there are fewer left:
/// `memory.grow`, as its callers see it. The pages have never been used and are zero.
#[unsafe(no_mangle)]
pub extern "C" fn locklab_grow(pages: usize) -> usize {
    static USED: AtomicUsize = AtomicUsize::new(0);
    // `raw`: the symbol is an address, there is nothing to read at it.
    let first = (&raw const __heap_end).addr().div_ceil(PAGE) + RESERVED_PAGES;
    let size = core::arch::wasm32::memory_size(0);
    let take = |used: usize| (pages <= size - first - used).then_some(used + pages);
    USED.fetch_update(Relaxed, Relaxed, take).map_or(usize::MAX, |used| first + used)
}
