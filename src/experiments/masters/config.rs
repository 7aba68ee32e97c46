//! The settings that both experiments have, and the [`MasterConfig`] that they come to.

use std::time::Duration;

use crate::busy::Busy;
use crate::experiment::settings::{OneOf, Range, Setting};
use crate::jobs::master::Rules;
use crate::prose;

/// Masters and workers beat at least this often.
pub(crate) const HEARTBEAT: Duration = Duration::from_millis(50);

/// Who owns the workers, which die with their owner. The post's program has both: a daemon thread, which
/// ends with its interpreter, waits for a child process, which goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owner {
    /// The page: the child process.
    Page,
    /// The master: the daemon thread.
    Master,
}

/// What kind of job a worker does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// A wait.
    Io,
    /// A calculation.
    Cpu,
}

impl JobKind {
    /// The job itself.
    pub fn busy(self, wait_ms: u32, loops: u32) -> Busy {
        match self {
            JobKind::Io => Busy::Io(Duration::from_millis(wait_ms.into())),
            JobKind::Cpu => Busy::Cpu(loops.into()),
        }
    }
}

/// What a worker does.
pub const JOB: Setting<OneOf<JobKind>> = Setting {
    name: "job",
    attribute: "job",
    domain: OneOf(&["io", "cpu"], &[JobKind::Io, JobKind::Cpu]),
    default: JobKind::Io,
    unit: "",
    meaning: prose("What a worker's job is: to wait (waitMs) or to calculate (loops)."),
};

/// Who owns the workers.
pub const OWNER: Setting<OneOf<Owner>> = Setting {
    name: "owner",
    attribute: "owner",
    domain: OneOf(&["page", "master"], &[Owner::Page, Owner::Master]),
    default: Owner::Page,
    unit: "",
    meaning: prose(
        "Who owns the workers: the page, and they go on like the post's child processes; or the master, and they die with it like its daemon threads.",
    ),
};

/// How often the master polls.
pub const POLL_MS: Setting<Range> = Setting {
    name: "pollMs",
    attribute: "poll-ms",
    domain: Range(1, 10_000),
    default: 100,
    unit: "ms",
    meaning: prose("How often the master asks whether its workers are done."),
};

/// When a silent worker is suspected.
pub const TIMEOUT_MS: Setting<Range> = Setting {
    name: "timeoutMs",
    attribute: "timeout-ms",
    domain: Range(100, 10_000),
    default: 1000,
    unit: "ms",
    meaning: prose("How long a worker may give no sign of life before it is suspected."),
};

/// Masters, their workers, and their jobs.
#[derive(Debug, Clone, Copy)]
pub struct MasterConfig {
    /// Workers, and jobs of a round.
    pub threads: u32,
    /// Rounds.
    pub rounds: u32,
    /// What a job is.
    pub busy: Busy,
    /// Whether the last worker of a round notifies the master, which polls otherwise.
    pub notified: bool,
    /// How often the master polls, in milliseconds.
    pub poll_ms: u32,
    /// Whether the master's handles of its jobs are weak.
    pub weak: bool,
    /// How it treats silent and dead workers.
    pub rules: Rules,
    /// Who owns the workers.
    pub owner: Owner,
}
