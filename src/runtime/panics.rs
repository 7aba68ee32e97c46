//! Reports a thread's panic before the thread is lost.
//!
//! It must be a hook: where panics abort, as in wasm, nothing of the thread runs after it.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Once};

/// Is told of the panic of a thread that works for it.
pub(crate) trait PanicObserver: Send + Sync {
    /// Called on the panicking thread, whose work does not go on. `place` is file and line.
    fn panicked(&self, message: String, place: Option<String>);
}

thread_local! {
    /// Whom this thread works for.
    static CURRENT: RefCell<Option<Arc<dyn PanicObserver>>> = const { RefCell::new(None) };
}

/// Does `work` on the calling thread for `observer`; `None` if it panicked, which the observer knows by then.
pub(crate) fn observe<T>(observer: Arc<dyn PanicObserver>, work: impl FnOnce() -> T) -> Option<T> {
    CURRENT.set(Some(observer));
    let result = catch_unwind(AssertUnwindSafe(work)).ok();
    CURRENT.set(None);
    result
}

/// Installs the hook, once. A panic goes to the hook that was there before if nobody observes its thread, or
/// in any case if `chain`.
pub fn install_hook(chain: bool) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let observer = CURRENT.try_with(|current| current.try_borrow().ok()?.clone());
            let observer = observer.ok().flatten();
            if chain || observer.is_none() {
                before(info);
            }
            if let Some(observer) = observer {
                let message = info.payload_as_str().unwrap_or("panicked");
                let place = info.location();
                let place = place.map(|at| format!("{}:{}", at.file(), at.line()));
                observer.panicked(message.to_owned(), place);
            }
        }));
    });
}
