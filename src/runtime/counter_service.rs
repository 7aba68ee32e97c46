//! A counter as an experiment uses it: made, and where it needs an owner, served by a thread of its own for
//! as long as it is held. Not here: how kinds are served (`counter`).

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use web_time::Instant;

use super::Harness;
use super::workers::{START_TIMEOUT, STOP_TIMEOUT};
use crate::counter::{Counter, Kind};
use crate::experiment::report::Failure;

/// How often the master looks whether the owner has come, or gone.
const POLL_INTERVAL: Duration = Duration::from_millis(1);

/// A counter of some kind. Where it is served, it is [abandoned](Counter::abandon) when this is dropped; its
/// value can be read by others all the same.
pub struct CounterHandle<'a> {
    harness: &'a Harness,
    counter: Arc<dyn Counter>,
    /// Set by the owner as it leaves; `None` where there is none.
    left: Option<Arc<AtomicBool>>,
}

impl Harness {
    /// A counter of this kind, at 0, ready to be used: for one that needs an owner, a thread more than
    /// the workers is taken. Where there is none, that is a failure of the run, and the counter gives up.
    pub fn counter(&self, kind: &Kind) -> CounterHandle<'_> {
        let counter = kind.make();
        let left = kind.server.then(|| self.spawn_server(kind, &counter));
        CounterHandle {
            harness: self,
            counter,
            left,
        }
    }

    fn spawn_server(&self, kind: &Kind, counter: &Arc<dyn Counter>) -> Arc<AtomicBool> {
        let left = Arc::new(AtomicBool::new(false));
        let job = {
            let (counter, left) = (Arc::clone(counter), Arc::clone(&left));
            move || {
                counter.serve();
                left.store(true, Ordering::Release);
            }
        };
        let name = format!("owner of {}", kind.name);
        let spawned = self.host().spawn(&name, Box::new(job));
        if spawned.is_err() {
            left.store(true, Ordering::Release);
        }
        let came = spawned.and_then(|()| {
            let in_time = wait(START_TIMEOUT, &|| counter.is_ready());
            in_time.ok_or_else(|| format!("did not start within {} s", START_TIMEOUT.as_secs()))
        });
        if let Err(message) = came {
            let worker = name;
            self.runtime.record_failure(Failure {
                worker,
                message,
                place: None,
            });
        }
        left
    }
}

/// Waits until something is so; `None` where that takes longer than it may.
fn wait(limit: Duration, is_so: &dyn Fn() -> bool) -> Option<()> {
    let begin = Instant::now();
    while !is_so() {
        if begin.elapsed() > limit {
            return None;
        }
        thread::park_timeout(POLL_INTERVAL);
    }
    Some(())
}

impl Deref for CounterHandle<'_> {
    type Target = Arc<dyn Counter>;

    fn deref(&self) -> &Arc<dyn Counter> {
        &self.counter
    }
}

impl Drop for CounterHandle<'_> {
    fn drop(&mut self) {
        let Some(left) = &self.left else { return };
        self.counter.abandon();
        if wait(STOP_TIMEOUT, &|| left.load(Ordering::Acquire)).is_none() {
            // It has a thread that the next run would miss.
            self.harness.runtime.mark_unusable();
        }
    }
}
