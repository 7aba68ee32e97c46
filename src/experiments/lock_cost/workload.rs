//! What the workers of a run do: a number of them, one way of being busy, one counter.

use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use crate::busy::Busy;
use crate::counter::Kind;
use crate::runtime::trace::Rings;

/// Workers, and what they do.
#[derive(Debug, Clone, Copy)]
pub struct Workload {
    /// Workers.
    pub threads: u32,
    /// Increments of each.
    pub times: u32,
    /// What they do in between.
    pub busy: Busy,
    /// What they increment.
    pub kind: &'static Kind,
    /// Whether this is called a run with a lock.
    pub lock: bool,
    /// Whether only one of them runs at a time.
    pub gil: bool,
    /// When they stop, done or not; `None` for a run that is to be seen.
    pub deadline: Option<Instant>,
}

/// How much of a workload is done before it counts.
#[derive(Debug, Clone, Copy)]
pub struct Rehearsal {
    /// Increments of each worker.
    pub times: u32,
    /// Multiplications between two of them, at most.
    pub loops: u64,
    /// When it stops, done or not.
    pub deadline: Instant,
}

impl Workload {
    /// The same with little to do.
    pub fn rehearsal(&self, rehearsal: &Rehearsal) -> Workload {
        Workload {
            times: rehearsal.times,
            deadline: Some(rehearsal.deadline),
            busy: match self.busy {
                Busy::Io(_) => Busy::Io(Duration::from_millis(1)),
                Busy::Cpu(loops) => Busy::Cpu(loops.min(rehearsal.loops)),
            },
            ..*self
        }
    }

    /// Rings for its workers alone.
    pub fn rings(&self) -> Arc<Rings> {
        Arc::new(Rings::new(self.threads as usize, self.events()))
    }

    /// Events of one worker, at most: a start, an end, and an increment's. Under a GIL there are two more a
    /// turn: the page reads them while they come.
    pub fn events(&self) -> usize {
        let turns = if self.gil { 1024 } else { 0 };
        2 + self.times as usize * if self.kind.shared { 3 } else { 1 } + turns
    }
}
