//! The atomics of what threads share (board, rings, jobs, our own locks), and how a thread waits at
//! them: the standard library's, or loom's when the protocols are model-checked.

#[cfg(not(loom))]
pub use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

#[cfg(loom)]
pub use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

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

/// Where the threads sleep that wait for one word to change: a futex, as the system or the browser has
/// it. Nothing of its own natively and in wasm; under loom what a futex does, in terms that loom
/// knows.
#[derive(Debug, Default)]
pub struct Sleepers {
    #[cfg(loom)]
    asleep: (loom::sync::Mutex<()>, loom::sync::Condvar),
}

impl Sleepers {
    /// Sleeps until woken, but only where `word` still is `expected`; may return for no reason.
    pub fn sleep(&self, word: &AtomicU32, expected: u32) {
        #[cfg(loom)]
        {
            // The look at the word and the falling asleep are one step, as they are in a futex.
            let guard = self.asleep.0.lock().unwrap();
            if word.load(Ordering::SeqCst) == expected {
                drop(self.asleep.1.wait(guard).unwrap());
            }
        }
        #[cfg(all(not(loom), not(target_arch = "wasm32")))]
        atomic_wait::wait(word, expected);
        #[cfg(all(not(loom), target_arch = "wasm32"))]
        // SAFETY: the word is aligned and lives in the shared memory, as long as it is borrowed; the
        // thread is a worker, which may block.
        unsafe {
            core::arch::wasm32::memory_atomic_wait32(
                word.as_ptr().cast(),
                expected.cast_signed(),
                FOR_EVER,
            );
        }
    }

    /// Wakes one who sleeps at `word`, if anyone does. It need not be there any more: where it was
    /// is enough.
    pub fn wake_one(&self, word: *const AtomicU32) {
        #[cfg(loom)]
        {
            let _ = word;
            drop(self.asleep.0.lock().unwrap());
            self.asleep.1.notify_one();
        }
        #[cfg(all(not(loom), not(target_arch = "wasm32")))]
        atomic_wait::wake_one(word);
        #[cfg(all(not(loom), target_arch = "wasm32"))]
        // SAFETY: memory never shrinks, so the place where the word was is memory still; nothing is
        // read or written there.
        unsafe {
            core::arch::wasm32::memory_atomic_notify(word.cast_mut().cast(), 1);
        }
    }
}

/// How long a sleep lasts at most, in nanoseconds; below 0 there is no limit.
#[cfg(all(not(loom), target_arch = "wasm32"))]
const FOR_EVER: i64 = -1;
