//! What a trial and its threads share: its stages, what each thread does, and the words that they write.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::time::Duration;

use crate::counter::{Counter, Kind};
use crate::sync::CachePadded;

/// What the threads do, beside incrementing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing, until all have come: on few processors it takes a while until the last thread has been on one, and until then
    /// fewer compete than the point is about.
    WarmUp,
    /// Nothing: their increments are counted.
    Window,
    /// They time their waits.
    WaitTimes,
    /// They note who owns the lock.
    Ownership,
    /// They leave.
    Stop,
}

/// The stages in their order; the place of the one that is on is what all threads read.
pub(super) const STAGES: [Stage; 5] =
    [Stage::WarmUp, Stage::Window, Stage::WaitTimes, Stage::Ownership, Stage::Stop];

/// Increments of a burst.
const BURST: u32 = 50;
/// How many times as long a hog holds the lock.
const HOG: u32 = 10;
/// How long a hog holds it at least, and how long one of a burst's pauses is at least, in nanoseconds.
const MIN_PATTERN_NS: u32 = 2000;

/// Who does what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pattern {
    /// All do the same.
    Even,
    /// The first one holds the lock ten times as long, and never pauses.
    Hog,
    /// Fifty increments in a row, then fifty pauses.
    Bursts,
}

/// What a trial is to be.
#[derive(Debug, Clone, Copy)]
pub struct TrialConfig {
    /// What is incremented.
    pub kind: &'static Kind,
    /// Threads.
    pub threads: u32,
    /// Nanoseconds of calculating inside the critical section.
    pub hold_ns: u32,
    /// Nanoseconds of calculating between two.
    pub pause_ns: u32,
    /// Who does what.
    pub pattern: Pattern,
    /// How long increments are counted.
    pub window: Duration,
    /// Whether it is a point's first: only then waits are timed, and ownership is noted.
    pub is_first: bool,
    /// How long waits are timed; not at all where it is zero.
    pub waits: Duration,
    /// Nanoseconds that one multiplication takes here.
    pub multiplication_ns: f64,
    /// Whether ownership is noted as well.
    pub ownership: bool,
}

/// What one thread does, in multiplications.
#[derive(Debug, Clone, Copy)]
pub(super) struct Work {
    pub hold: u64,
    pub pause: u64,
    /// Increments in a row before the pause.
    pub row: u32,
}

impl TrialConfig {
    pub(super) fn work(&self, worker: usize) -> Work {
        let times = |ns: u32| (f64::from(ns) / self.multiplication_ns.max(0.01)).round() as u64;
        let even = Work { hold: times(self.hold_ns), pause: times(self.pause_ns), row: 1 };
        match self.pattern {
            Pattern::Hog if worker == 0 => Work {
                hold: times(self.hold_ns.saturating_mul(HOG).max(MIN_PATTERN_NS)),
                pause: 0,
                row: 1,
            },
            Pattern::Bursts => Work {
                pause: times(self.pause_ns.max(MIN_PATTERN_NS)) * u64::from(BURST),
                row: BURST,
                ..even
            },
            _ => even,
        }
    }
}

/// What all threads of a trial share.
pub(super) struct ThroughputTrial {
    pub config: TrialConfig,
    pub counter: Arc<dyn Counter>,
    /// The place of the stage that is on, in [`STAGES`]. All threads read it all the time, so that nothing that
    /// is written may lie beside it.
    pub stage: CachePadded<AtomicU32>,
    /// What threads have told the coordinator.
    pub progress: CachePadded<Progress>,
}

/// What threads tell the coordinator, each of them a few times a trial.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// How many threads have come to the lock.
    pub arrived: AtomicU32,
    /// Whether any thread has incremented yet in the counted time.
    pub has_counted: AtomicBool,
    /// Whether any thread has timed a wait yet.
    pub has_waited: AtomicBool,
    /// How often the lock has changed hands; each thread tells of its first two times.
    pub handovers: AtomicU32,
}

impl ThroughputTrial {
    pub(super) fn new(config: TrialConfig, counter: Arc<dyn Counter>) -> ThroughputTrial {
        ThroughputTrial {
            config,
            counter,
            stage: CachePadded::default(),
            progress: CachePadded::default(),
        }
    }
}
