//! A host for tests that fails as told.

use std::thread;
use std::time::{Duration, Instant};

use super::{Environment, Harness, Host, Runtime, ThreadFn, Timeouts, panics};

/// What is wrong with one thread. The host sees to the first two, the thread itself to the others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Fault {
    None,
    /// The host has no thread for it.
    Refused,
    /// It comes when the start timeout is over.
    Late,
    /// It panics once it runs.
    Panics,
    /// It gives no heartbeat, but stops when asked to.
    Silent,
    /// It does not stop when asked to.
    Stuck,
}

/// Long enough for a healthy thread on a busy machine, short enough to wait for one of them in a test.
pub(crate) const SHORT: Duration = Duration::from_millis(500);

impl Fault {
    /// Short only where the fault is to be noticed: on a busy machine, healthy threads are slow as well.
    fn timeouts(self) -> Timeouts {
        let mut timeouts = Timeouts::default();
        match self {
            Fault::Late => timeouts.start = SHORT,
            Fault::Silent => timeouts.heartbeat = SHORT,
            Fault::Stuck => timeouts.stop = SHORT,
            Fault::None | Fault::Refused | Fault::Panics => {}
        }
        timeouts
    }
}

/// Spawns threads; the one called `victim` has a fault.
struct FakeHost {
    fault: Fault,
    victim: &'static str,
    /// How long its other language needs for a multiplication, if it has one.
    multiplication: Option<Duration>,
}

impl Host for FakeHost {
    fn side(&self) -> &'static str {
        "fake"
    }

    fn spawn(&self, name: &str, work: ThreadFn) -> Result<(), String> {
        let delay = match self.fault {
            Fault::Refused if name == self.victim => return Err("no thread left".to_owned()),
            Fault::Late if name == self.victim => SHORT * 2,
            _ => Duration::ZERO,
        };
        thread::spawn(move || {
            thread::sleep(delay);
            work();
        });
        Ok(())
    }

    fn multiply(&self, times: u64) -> bool {
        let begin = Instant::now();
        // Less than seconds.
        while self.multiplication.is_some_and(|each| begin.elapsed() < each * times as u32) {}
        self.multiplication.is_some()
    }

    fn epoch_ms(&self) -> f64 {
        0.0
    }

    fn iso_now(&self) -> String {
        String::new()
    }
}

/// A harness whose thread `victim` has a fault, in a run.
pub(crate) fn harness(fault: Fault, victim: &'static str) -> Harness {
    harness_within(fault.timeouts(), fault, victim)
}

/// The same with other timeouts.
pub(crate) fn harness_within(timeouts: Timeouts, fault: Fault, victim: &'static str) -> Harness {
    harness_on(FakeHost { fault, victim, multiplication: None }, timeouts)
}

/// A harness without faults, on a host whose other language needs this long for a multiplication, if it has one.
pub(crate) fn harness_that_multiplies(multiplication: Option<Duration>) -> Harness {
    let host = FakeHost { fault: Fault::None, victim: "", multiplication };
    harness_on(host, Timeouts::default())
}

fn harness_on(host: FakeHost, timeouts: Timeouts) -> Harness {
    panics::install_hook(false);
    let runtime = Runtime::new(timeouts);
    runtime.begin_run();
    Harness::new(runtime, Box::new(host), Environment::default())
}
