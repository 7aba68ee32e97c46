//! The atomics of what threads share (board, rings, jobs, our own locks), and how a thread waits at
//! them: the standard library's, or loom's when the protocols are model-checked.

pub mod thread_index;

#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering};

#[cfg(loom)]
pub use loom::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicU64, Ordering};

#[cfg(loom)]
pub use loom::{cell::UnsafeCell, hint::spin_loop};

#[cfg(not(loom))]
pub use std::hint::spin_loop;

/// std's cell with loom's way to it.
#[cfg(not(loom))]
#[derive(Debug, Default)]
#[repr(transparent)]
pub struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

#[cfg(not(loom))]
impl<T> UnsafeCell<T> {
    /// Calls `f` with a pointer to the value. Whether it may be written through is the caller's to
    /// know.
    #[inline(always)]
    pub fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        f(self.0.get())
    }
}

/// Lets others have the processor for a while.
#[cfg(not(loom))]
pub fn nap(time: std::time::Duration) {
    // Woken early is as good: whoever naps looks round again.
    std::thread::park_timeout(time);
}

/// Lets others have the processor for a while.
#[cfg(loom)]
pub fn nap(_time: std::time::Duration) {
    loom::thread::yield_now();
}

/// Where the threads sleep that wait for a word to change: a futex, as the system or the browser has it.
/// Nothing of its own natively and in wasm; under loom what a futex does, in terms that loom knows.
#[derive(Debug, Default)]
pub struct Sleepers {
    #[cfg(loom)]
    asleep: loom::sync::Mutex<Vec<(usize, loom::sync::Arc<loom::sync::Notify>)>>,
}

#[cfg(not(loom))]
impl Sleepers {
    /// Sleeps until woken, but only where `word` still is `expected`; may return for no reason.
    pub fn sleep(&self, word: &AtomicU32, expected: u32) {
        #[cfg(not(target_arch = "wasm32"))]
        atomic_wait::wait(word, expected);
        #[cfg(target_arch = "wasm32")]
        // SAFETY: the word is aligned and lives in the shared memory, as long as it is borrowed; the
        // thread is a worker, which may block.
        unsafe {
            // Below 0 there is no limit to the time.
            let for_ever = -1;
            let word = word.as_ptr().cast();
            core::arch::wasm32::memory_atomic_wait32(word, expected.cast_signed(), for_ever);
        }
    }

    /// Wakes one who sleeps at `word`, if anyone does. It need not be there any more: where it was
    /// is enough.
    pub fn wake_one(&self, word: *const AtomicU32) {
        #[cfg(not(target_arch = "wasm32"))]
        atomic_wait::wake_one(word);
        #[cfg(target_arch = "wasm32")]
        // SAFETY: memory never shrinks, so the place where the word was is memory still; nothing is
        // read or written there.
        unsafe {
            core::arch::wasm32::memory_atomic_notify(word.cast_mut().cast(), 1);
        }
    }
}

#[cfg(loom)]
impl Sleepers {
    pub fn sleep(&self, word: &AtomicU32, expected: u32) {
        let woken = loom::sync::Arc::new(loom::sync::Notify::new());
        {
            // The look at the word and the falling asleep are one step, as they are in a futex.
            let mut asleep = self.asleep.lock().unwrap();
            if word.load(Ordering::SeqCst) != expected {
                return;
            }
            let place = std::ptr::from_ref(word).addr();
            asleep.push((place, loom::sync::Arc::clone(&woken)));
        }
        woken.wait();
        // loom wakes for no reason as well: then nobody else's waking may be spent on this one.
        let mut asleep = self.asleep.lock().unwrap();
        asleep.retain(|(_, other)| !loom::sync::Arc::ptr_eq(other, &woken));
    }

    pub fn wake_one(&self, word: *const AtomicU32) {
        let mut asleep = self.asleep.lock().unwrap();
        if let Some(first) = asleep.iter().position(|(place, _)| *place == word.addr()) {
            asleep.remove(first).1.notify();
        }
    }
}
