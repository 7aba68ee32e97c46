//! What an experiment is handed: workers to run, a host to ask, a way to be stopped. Not here: the
//! experiments.

use std::sync::Arc;
use std::time::Duration;

use super::board::State;
use super::record::RingRecorder;
use super::trace::Rings;
use super::workers::{PhaseConfig, PhaseResult, PollFn, WorkerFn};
use super::{Host, Runtime};
use crate::counter::Counter;
use crate::experiment::report::{Environment, Run};
use crate::worker::{self, NoopRecorder, Task};

/// Told each run as it ends.
pub type OnRun = Box<dyn Fn(&Run) + Send + Sync>;

/// Told each line that a master prints, as it prints it.
pub type OnLine = Arc<dyn Fn(&str) + Send + Sync>;

/// A place to run experiments in, one at a time.
pub struct Harness {
    pub(crate) runtime: Arc<Runtime>,
    host: Box<dyn Host>,
    /// Where this is.
    pub environment: Environment,
    /// Whether workers record what they do. Without, nothing can be watched, and a failed worker's
    /// increments are not known.
    pub recording: bool,
    /// Told each run as it ends.
    pub on_run: Option<OnRun>,
    /// Told each line of the post's program, where a master prints it.
    pub on_line: Option<OnLine>,
}

impl Harness {
    /// A harness whose workers are `host`'s threads and write to `runtime`'s board.
    pub fn new(runtime: Arc<Runtime>, host: Box<dyn Host>, environment: Environment) -> Harness {
        Harness {
            runtime,
            host,
            environment,
            recording: true,
            on_run: None,
            on_line: None,
        }
    }

    /// The people, to stop or wake them from another thread.
    pub fn runtime(&self) -> Arc<Runtime> {
        Arc::clone(&self.runtime)
    }

    /// What this stands on.
    pub fn host(&self) -> &dyn Host {
        &*self.host
    }

    /// Whether a stop was asked for.
    pub fn is_stopping(&self) -> bool {
        self.runtime.board().is_stopping()
    }

    /// Does `what` as the master's own work, so shown on the board.
    pub fn compute<T>(&self, what: impl FnOnce() -> T) -> T {
        self.runtime.show_coordinator(State::Cpu);
        let result = what();
        self.runtime.show_coordinator(State::Idle);
        result
    }

    /// Makes rings for `events` events of each of `workers` workers; `None` where nothing is recorded.
    pub fn rings(&self, workers: u32, events: usize) -> Option<Arc<Rings>> {
        let rings = || Arc::new(Rings::new(workers as usize, events));
        self.recording.then(rings)
    }

    /// Shows these rings to the page, until the next run's.
    pub fn publish_rings(&self, rings: Option<&Arc<Rings>>) {
        self.runtime.publish_rings(rings.cloned(), false);
    }

    /// The same where the last of them is the master's own.
    pub(crate) fn publish_rings_with_master(&self, rings: Option<&Arc<Rings>>) {
        self.runtime.publish_rings(rings.cloned(), true);
    }

    /// Runs a phase: all workers have the same task, but for their index, and are released together.
    /// Whoever waits for the counter's lock is let go where a stop is asked for.
    pub fn phase(&self, plan: PhaseConfig, task: Task, counter: &Arc<dyn Counter>) -> PhaseResult {
        let tend = {
            let (counter, runtime) = (Arc::clone(counter), self.runtime());
            PollFn(Arc::new(move || {
                if runtime.board().is_stopping() {
                    counter.abandon();
                }
                Duration::MAX
            }))
        };
        let plan = PhaseConfig {
            tend: Some(tend),
            ..plan
        };
        let counter = Arc::clone(counter);
        let body: WorkerFn = Arc::new(move |context, origin| {
            let index = context.index();
            let task = Task { index, ..task };
            let board = context.board();
            match context.rings() {
                Some(rings) => {
                    let mut recording =
                        RingRecorder::new(board.slot(index), rings.writer(index), origin);
                    worker::live(&task, &*counter, board, &mut recording)
                }
                None => worker::live(&task, &*counter, board, &mut NoopRecorder),
            }
        });
        self.runtime.phase(self.host(), plan, &body)
    }

    /// The clock's step.
    pub fn clock_step(&self) -> Duration {
        self.compute(crate::measure::clock::step)
    }
}
