//! A phase as an experiment knows it: what it is to be, and how it ended.

use std::sync::Arc;

use web_time::Instant;

use super::super::board::SlotState;
use super::super::trace::Rings;

/// What a phase is to be: workers that start together.
#[derive(Debug, Clone, Default)]
pub struct PhaseConfig {
    /// Which phase of the run, from 0; `None` for a warm-up, of which the board shows nothing.
    pub number: Option<u32>,
    /// Workers.
    pub workers: u32,
    /// Increments planned, all workers together.
    pub planned: u32,
    /// Where their events go, if there are rings.
    pub rings: Arc<Rings>,
}

/// How a phase ended.
pub struct PhaseResult<T> {
    /// When the workers were released; `None` if they never were.
    pub started: Option<Instant>,
    /// Each worker's result, or what the board knew last of one that failed.
    pub workers: Vec<Result<T, SlotState>>,
    /// Whether nobody can still be in the critical section, so that the lock may be taken.
    pub lock_is_free: bool,
    /// Whether there are workers that did not stop.
    pub has_stuck: bool,
}

/// The name of the worker with this index, as in the post.
pub fn worker_name(index: usize) -> String {
    format!("worker-{index}")
}
