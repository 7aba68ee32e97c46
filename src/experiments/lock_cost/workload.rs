//! What the workers of a run do: a number of them, one way of being busy, one counter.

use std::sync::Arc;
use std::time::Duration;

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
}

impl Workload {
    /// The same with very little to do. A browser compiles each function when it is first called: run
    /// first, this keeps that out of the times.
    pub fn warm_up(&self) -> Workload {
        Workload {
            times: 2,
            busy: match self.busy {
                Busy::Io(_) => Busy::Io(Duration::from_millis(1)),
                Busy::Cpu(_) => Busy::Cpu(1),
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
