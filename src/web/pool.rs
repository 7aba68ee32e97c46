//! The pool: threads that each take work from one queue, until their workers end.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use wasm_bindgen::prelude::*;

use crate::runtime::ThreadFn;

/// What no thread has taken yet.
struct Queue {
    work: VecDeque<ThreadFn>,
    /// Whether every thread must end.
    quits: bool,
}

static QUEUE: Mutex<Queue> = Mutex::new(Queue { work: VecDeque::new(), quits: false });

/// There is something new in [`QUEUE`].
static NEWS: Condvar = Condvar::new();

fn queue() -> MutexGuard<'static, Queue> {
    // A thread that dies does so in its work, without the queue.
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has a free thread do this, or the next that is.
pub fn spawn(work: ThreadFn) {
    queue().work.push_back(work);
    NEWS.notify_one();
}

/// A thread's life. Called in a worker of the pool once it has its instance; never returns.
#[wasm_bindgen(js_name = takeWork)]
pub fn take_work() {
    loop {
        let mut queue = queue();
        let work = loop {
            if queue.quits {
                // A trap gives nothing back: the others would wait for the queue.
                drop(queue);
                core::arch::wasm32::unreachable();
            }
            match queue.work.pop_front() {
                Some(work) => break work,
                None => queue = NEWS.wait(queue).unwrap_or_else(PoisonError::into_inner),
            }
        };
        drop(queue);
        work();
    }
}

/// Ends every thread of the pool, each at once if it has nothing to do: it traps, and its worker closes itself. Chromium takes two seconds
/// to end a worker that sleeps. Called in the owner worker; the group is good for nothing afterwards.
#[wasm_bindgen]
pub fn quit() {
    queue().quits = true;
    NEWS.notify_all();
}
