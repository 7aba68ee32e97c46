//! What the two figures about masters share: a master that is a thread, its workers, and what it
//! leaves behind. Not here: who may do which job (`jobs`), and which figure asks what.
//!
//! All that must outlive a master is its [`SharedState`], in shared memory: the table of jobs, a mailbox a
//! worker, and the log. The master itself is a `MasterThread`, made anew by each successor.

mod event;
mod master_thread;
pub mod report;
pub(crate) mod reporting;
mod run_log;
pub(crate) mod shared_state;
mod worker;

use std::time::Duration;

pub(crate) use event::MasterEvent;
pub(crate) use master_thread::{MasterEnd, MasterThread};
pub(crate) use reporting::fill_in;
pub(crate) use shared_state::SharedState;

use crate::busy::Busy;
use crate::experiment::settings::{OneOf, Range, Setting};
use crate::jobs::master::Rules;
use crate::runtime::workers::{Killed, WorkerContext};

/// A master beats at least this often, and so does everyone else in these figures.
pub(crate) const HEARTBEAT: Duration = Duration::from_millis(50);

/// Who owns the workers: with whom they die.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Page,
    Master,
}

/// What a worker's job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Job {
    Io,
    Cpu,
}

pub(crate) const JOB: Setting<OneOf<Job>> = Setting {
    name: "job",
    attribute: "job",
    domain: OneOf(&[("io", Job::Io), ("cpu", Job::Cpu)]),
    default: Job::Io,
    unit: "",
    meaning: "What a worker's job is: to wait (waitMs) or to calculate (loops).",
};

pub(crate) const OWNER: Setting<OneOf<Owner>> = Setting {
    name: "owner",
    attribute: "owner",
    domain: OneOf(&[("page", Owner::Page), ("master", Owner::Master)]),
    default: Owner::Page,
    unit: "",
    meaning: "Who owns the workers: the page, or the master, with whom they die.",
};

pub(crate) const POLL_MS: Setting<Range> = Setting {
    name: "pollMs",
    attribute: "poll-ms",
    domain: Range(1, 10_000),
    default: 100,
    unit: "ms",
    meaning: "How often the master asks whether its workers are done.",
};

pub(crate) const TIMEOUT_MS: Setting<Range> = Setting {
    name: "timeoutMs",
    attribute: "timeout-ms",
    domain: Range(100, 10_000),
    default: 1000,
    unit: "ms",
    meaning: "How long a worker may give no sign of life before it is suspected.",
};

/// What a run is to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// Workers, and jobs of a round.
    pub threads: u32,
    pub rounds: u32,
    /// What a job is.
    pub busy: Busy,
    /// Whether the last worker of a round notifies the master, which polls otherwise.
    pub notified: bool,
    /// How often it asks.
    pub poll_ms: u32,
    /// Whether its handles are weak.
    pub weak: bool,
    pub rules: Rules,
    pub owner: Owner,
    /// Whether it ends itself after its first look.
    pub exits: bool,
    /// Whether another takes over then.
    pub adopt: bool,
}

impl Job {
    pub fn busy(self, wait_ms: u32, loops: u32) -> Busy {
        match self {
            Job::Io => Busy::Io(Duration::from_millis(wait_ms.into())),
            Job::Cpu => Busy::Cpu(loops.into()),
        }
    }
}

impl Plan {
    /// How long a job takes at least; `None` where only the machine knows.
    pub fn job_ms(&self) -> Option<f64> {
        match self.busy {
            Busy::Io(wait) => Some(wait.as_secs_f64() * 1e3),
            Busy::Cpu(_) => None,
        }
    }
}

/// Gives a worker's heartbeat, unless it was killed.
pub(crate) fn check_alive(context: &WorkerContext) -> Result<(), Killed> {
    if context.slot().is_killed() {
        return Err(crash());
    }
    context.slot().beat();
    Ok(())
}

/// Ends a worker's thread without a word to anybody.
///
/// In wasm it traps, which runs no panic hook and no destructor: the thread is gone as if its process
/// had been killed. Natively a thread can't be ended like that; there the caller must return at
/// once, and forget whatever would release something.
pub(crate) fn crash() -> Killed {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    Killed
}
