//! Makes a worker's panic known to its master. Not here: what the master does about it.

use std::cell::RefCell;
use std::panic;
use std::sync::{Arc, Once};

/// Somebody whose thread may panic.
pub(crate) trait PanicObserver: Send + Sync {
    /// Does what is left to do for it: called on its thread, whose work will not go on.
    fn fail(&self, message: String, place: Option<String>);
}

thread_local! {
    /// Whose thread this is, while it works.
    static CURRENT: RefCell<Option<Arc<dyn PanicObserver>>> = const { RefCell::new(None) };
}

/// The calling thread is this worker from now on, or nobody's.
pub(crate) fn set_current(observer: Option<Arc<dyn PanicObserver>>) {
    CURRENT.set(observer);
}

/// From now on workers' panics are noted. Other threads' panics go to the hook that was there before;
/// workers' too, where `also` says so. Does something the first time only.
///
/// It must be a hook: where panics abort, as in wasm, nothing of the worker runs after it.
pub fn install_hook(also: bool) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let observer = CURRENT.try_with(|observer| observer.try_borrow().ok()?.clone());
            let observer = observer.ok().flatten();
            if also || observer.is_none() {
                before(info);
            }
            if let Some(observer) = observer {
                let message = info.payload_as_str().unwrap_or("panicked");
                let place = info.location();
                let place = place.map(|at| format!("{}:{}", at.file(), at.line()));
                observer.fail(message.to_owned(), place);
            }
        }));
    });
}
