//! What the runtime stands on: the operating system, a browser, or a fake in tests.

use std::time::Duration;

use serde::Serialize;
use serde_with::skip_serializing_none;

/// A thread's whole work.
pub type ThreadFn = Box<dyn FnOnce() + Send>;

/// Spawns threads and tells the time of day.
pub trait Host: Send + Sync {
    /// Where code runs here: "native" or "wasm".
    fn side(&self) -> &'static str;

    /// Runs `work` on a thread of its own.
    ///
    /// # Errors
    /// Why there is no thread for it.
    fn spawn(&self, name: &str, work: ThreadFn) -> Result<(), String>;

    /// Now, in milliseconds since the Unix epoch, as finely as the page's own clock tells.
    fn epoch_ms(&self) -> f64;

    /// Now, as ISO 8601 in UTC.
    fn iso_now(&self) -> String;

    /// Does the multiplications of the CPU loop in the host's other language, for what this processor can do; `false` if
    /// there is none.
    fn multiply(&self, _times: u64) -> bool {
        false
    }

    /// Lets JavaScript do `operations` of a kind that no thread can block in (there is no
    /// [`Counter`](crate::counter::Counter) of it), one after the other where an event loop is free, and
    /// returns how long they took. `None` if the host has no such operation, or after a stop.
    fn probe(&self, _kind: &str, _operations: u64) -> Option<Duration> {
        None
    }
}

/// Where an experiment ran.
#[skip_serializing_none]
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Environment {
    /// The browser engine and its version, or "native".
    pub engine: String,
    /// Logical processors, as the browser tells.
    pub cores: Option<u32>,
    /// Whether the page was cross-origin isolated.
    pub isolated: bool,
    /// What isolated it: "headers", "service-worker", …
    pub isolated_by: Option<String>,
    /// The smallest difference that two readings of the clock showed.
    pub clock_step_ms: Option<f64>,
    /// Version, commit and compiler.
    pub build: String,
    /// Whether the machine ran on its battery when the run began: processors are slower then. Absent where the
    /// browser does not tell.
    pub on_battery: Option<bool>,
}
