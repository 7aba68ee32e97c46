//! Blocking until a word changes: the operating system's futex, the browser's, or one made of loom's parts.
//!
//! Franke, Russell, Kirkwood, "Fuss, Futexes and Furwocks: Fast Userlevel Locking in Linux" (2002).

#[cfg(not(any(loom, target_arch = "wasm32")))]
pub use atomic_wait::{wait, wake_one};

#[cfg(any(loom, target_arch = "wasm32"))]
pub use platform::{wait, wake_one};

#[cfg(all(target_arch = "wasm32", not(loom)))]
mod platform {
    use core::arch::wasm32::{memory_atomic_notify, memory_atomic_wait32};

    use crate::sync::AtomicU32;

    /// Blocks until woken, if `word` is still `expected`; may return for no reason.
    pub fn wait(word: &AtomicU32, expected: u32) {
        const NO_TIMEOUT: i64 = -1;
        // SAFETY: the word is aligned, and shared memory for as long as it is borrowed; the thread is a
        // worker, which may block.
        unsafe {
            memory_atomic_wait32(word.as_ptr().cast(), expected.cast_signed(), NO_TIMEOUT);
        }
    }

    /// Wakes one thread that waits at this address. The word may be gone.
    pub fn wake_one(word: *const AtomicU32) {
        // SAFETY: memory never shrinks, so the address is valid; nothing is read or written there.
        unsafe {
            memory_atomic_notify(word.cast_mut().cast(), 1);
        }
    }
}

#[cfg(loom)]
mod platform {
    use loom::sync::{Arc, Mutex, Notify};

    use crate::sync::{AtomicU32, Ordering};

    loom::lazy_static! {
        /// Who waits, and at which address; another list in each execution of a model.
        static ref WAITERS: Mutex<Vec<(usize, Arc<Notify>)>> = Mutex::new(Vec::new());
    }

    /// Blocks until woken, if `word` is still `expected`.
    pub fn wait(word: &AtomicU32, expected: u32) {
        let woken = Arc::new(Notify::new());
        {
            // Comparing and falling asleep are one step, as in a futex.
            let mut waiters = WAITERS.lock().unwrap();
            if word.load(Ordering::SeqCst) != expected {
                return;
            }
            waiters.push((std::ptr::from_ref(word).addr(), Arc::clone(&woken)));
        }
        woken.wait();
        // loom wakes for no reason as well; then no later wake-up may be spent on this thread.
        let mut waiters = WAITERS.lock().unwrap();
        waiters.retain(|(_, other)| !Arc::ptr_eq(other, &woken));
    }

    /// Wakes one thread that waits at this address. The word may be gone.
    pub fn wake_one(word: *const AtomicU32) {
        let mut waiters = WAITERS.lock().unwrap();
        if let Some(first) = waiters.iter().position(|(at, _)| *at == word.addr()) {
            waiters.remove(first).1.notify();
        }
    }
}
