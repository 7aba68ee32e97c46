//! A counter as an experiment uses it: a [`CounterHandle`]. If its kind needs a server, a thread of its own
//! serves it as long as the handle lives.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::panics::{self, PanicObserver};
use super::{Failure, Harness, Runtime};
use crate::counter::{self, Counter, Kind};

/// How often the coordinator looks whether the server is ready, or gone.
const POLL_INTERVAL: Duration = Duration::from_millis(1);

/// A counter of some kind. One that is served is [cancelled](Counter::cancel) when this is dropped; others
/// can still read its value.
pub struct CounterHandle {
    counter: Arc<dyn Counter>,
    server: Option<Arc<Server>>,
}

/// The thread that serves a counter.
struct Server {
    name: String,
    runtime: Arc<Runtime>,
    started: AtomicBool,
    finished: AtomicBool,
}

impl PanicObserver for Server {
    fn panicked(&self, message: String, place: Option<String>) {
        self.runtime.record_failure(Failure { worker: self.name.clone(), message, place });
        self.finished.store(true, Ordering::Release);
    }
}

impl Harness {
    /// A counter of this kind, at 0, ready to be used: one that needs a server takes a thread beside the
    /// workers'. If there is none, that is a failure of the run, and the counter is cancelled.
    pub fn counter(&self, kind: &Kind) -> CounterHandle {
        let (counter, serve) = kind.make();
        let server = serve.map(|serve| self.spawn_server(kind, &counter, serve));
        CounterHandle { counter, server }
    }

    fn spawn_server(
        &self,
        kind: &Kind,
        counter: &Arc<dyn Counter>,
        serve: counter::Server,
    ) -> Arc<Server> {
        let runtime = self.runtime();
        let server = Arc::new(Server {
            name: format!("server of {}", kind.name),
            runtime: Arc::clone(&runtime),
            started: AtomicBool::new(false),
            finished: AtomicBool::new(false),
        });
        let theirs = Arc::clone(&server);
        let work = Box::new(move || {
            theirs.started.store(true, Ordering::Release);
            let observer = Arc::clone(&theirs);
            panics::observe(observer, serve);
            theirs.finished.store(true, Ordering::Release);
        });
        let spawned = self.host().spawn(&server.name, work);
        if spawned.is_err() {
            server.finished.store(true, Ordering::Release);
        }
        let timeout = runtime.timeouts.start;
        let ready = spawned.and_then(|()| {
            let is_started = || server.started.load(Ordering::Acquire);
            let in_time = runtime.wait(timeout, POLL_INTERVAL, is_started);
            let late = || format!("did not start within {} s", timeout.as_secs());
            in_time.then_some(()).ok_or_else(late)
        });
        if let Err(message) = ready {
            counter.cancel();
            runtime.record_failure(Failure::new(&server.name, message));
        }
        server
    }
}

impl Deref for CounterHandle {
    type Target = Arc<dyn Counter>;

    fn deref(&self) -> &Arc<dyn Counter> {
        &self.counter
    }
}

impl Drop for CounterHandle {
    fn drop(&mut self) {
        let Some(server) = &self.server else { return };
        self.counter.cancel();
        let runtime = &server.runtime;
        let is_finished = || server.finished.load(Ordering::Acquire);
        if !runtime.wait(runtime.timeouts.stop, POLL_INTERVAL, is_finished) {
            // It has a thread that the next run would miss.
            runtime.mark_unusable();
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::counter;
    use crate::runtime::Timeouts;
    use crate::runtime::fake::{Fault, SHORT, harness_within};

    /// Makes a counter whose server has a fault, and increments it.
    fn increments(fault: Fault) -> (Harness, i64) {
        let timeouts = match fault {
            Fault::Late => Timeouts { start: SHORT, stop: Duration::ZERO, ..Timeouts::default() },
            _ => Timeouts::default(),
        };
        let harness = harness_within(timeouts, fault, "server of channel");
        let counter = harness.counter(counter::kind("channel").expect("a kind"));
        counter.inc_many(5);
        let value = counter.value();
        drop(counter);
        (harness, value)
    }

    fn said(harness: &Harness) -> Vec<String> {
        let failures = harness.runtime.failures().into_iter();
        failures.map(|failure| failure.message).collect()
    }

    #[test]
    fn a_counter_is_served_as_long_as_its_handle_lives() {
        let (harness, value) = increments(Fault::None);
        assert_eq!(value, 5);
        assert!(said(&harness).is_empty() && !harness.runtime.is_unusable());
    }

    #[test]
    fn a_counter_without_a_server_fails_the_run_and_keeps_nobody_waiting() {
        let (harness, value) = increments(Fault::Refused);
        assert_eq!(value, 0);
        assert_eq!(said(&harness), ["no thread left"]);
        assert!(!harness.runtime.is_unusable(), "no thread is left behind");
    }

    #[test]
    fn a_server_that_comes_too_late_fails_the_run_and_its_thread_is_not_used_again() {
        let (harness, value) = increments(Fault::Late);
        assert_eq!(value, 0);
        assert_eq!(said(&harness), ["did not start within 0 s"]);
        assert!(harness.runtime.is_unusable(), "a thread is on its way");
    }
}
