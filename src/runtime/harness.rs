//! What an experiment is handed: a [`Runtime`] on a [`Host`], where this is, and how much is recorded.

use std::sync::Arc;
use std::time::Duration;

use super::Runtime;
use super::board::State;
use super::host::{Environment, Host};
use super::trace::Rings;
use crate::counter::Kind;
use crate::measure::clock;

/// Called with all that the post's program prints, when it would print it: a line or more, the last without
/// its end.
pub type OnLine = Arc<dyn Fn(&str) + Send + Sync>;

/// A place to run experiments in, one at a time.
pub struct Harness {
    pub(crate) runtime: Arc<Runtime>,
    host: Box<dyn Host>,
    /// Where this is.
    pub environment: Environment,
    /// Whether an experiment that can be stepped takes its steps as the page permits them.
    pub stepped: bool,
    /// Called with the lines of the post's program.
    pub on_line: Option<OnLine>,
}

impl Harness {
    /// A harness whose workers are `host`'s threads and write to `runtime`'s board.
    pub fn new(runtime: Arc<Runtime>, host: Box<dyn Host>, environment: Environment) -> Harness {
        Harness { runtime, host, environment, stepped: false, on_line: None }
    }

    /// The runtime, to stop or wake its threads from another one.
    pub fn runtime(&self) -> Arc<Runtime> {
        Arc::clone(&self.runtime)
    }

    /// What this stands on.
    pub fn host(&self) -> &dyn Host {
        &*self.host
    }

    /// Whether a stop was asked for. Not for where time is taken: a thread that is alone looks up for that.
    pub fn is_stopping(&self) -> bool {
        self.runtime.is_stopping(false)
    }

    /// Does `work` on the coordinator, which the board shows.
    pub fn compute<T>(&self, work: impl FnOnce() -> T) -> T {
        self.runtime.show_coordinator(State::Cpu);
        let result = work();
        self.runtime.show_coordinator(State::Idle);
        result
    }

    /// Where operations of this kind run here: "wasm", "native" or "js".
    pub fn side(&self, kind: &Kind) -> &'static str {
        if kind.is_js() { "js" } else { self.host.side() }
    }

    /// Shows these rings to the page, until the next run's.
    pub fn publish_rings(&self, rings: Arc<Rings>) {
        self.runtime.publish_rings(rings, false);
    }

    /// The same if the last of them is a master's.
    pub fn publish_rings_with_master(&self, rings: Arc<Rings>) {
        self.runtime.publish_rings(rings, true);
    }

    /// The clock's step.
    pub fn clock_step(&self) -> Duration {
        self.compute(clock::step)
    }

    /// A seed for a run's random order: it differs from run to run.
    pub fn seed(&self) -> u32 {
        // The milliseconds of some fifty days.
        (self.host.epoch_ms() as u64 % u64::from(u32::MAX)) as u32
    }

    /// Says what the post's program prints at once.
    pub fn print(&self, lines: &str) {
        if let Some(print) = &self.on_line {
            print(lines);
        }
    }
}
