//! Runs a [`Workload`], and checks that what its report says is true.

use std::sync::Arc;
use std::time::Duration;

use super::gil::{Gil, SWITCH_INTERVAL};
use super::report::{BusyMode, Run, Worker};
use super::worker::{self, WorkerResult};
use super::workload::Workload;
use crate::busy::Busy;
use crate::experiment::report::Outcome;
use crate::measure::clock::ms;
use crate::measure::compare;
use crate::runtime::Harness;
use crate::runtime::board::SlotState;
use crate::runtime::trace::Rings;
use crate::runtime::workers::{PhaseConfig, PhaseResult, worker_name};

/// How a run went.
#[derive(Debug)]
pub struct WorkloadResult {
    /// As the report has it; without an ideal, which is the experiment's to know. `None` if the workers
    /// were never released.
    pub run: Option<Run>,
    /// Milliseconds that each equal segment of the work took, for [`compare::compare`].
    pub segments: Vec<f64>,
    /// The time of each worker's best burst, if none failed.
    pub bests: Vec<Duration>,
    /// What the run says that can't be true.
    pub violation: Option<String>,
    /// How often the GIL came to another worker; `None` without one.
    pub switches: Option<u64>,
    /// Who waited longest for the lock, and how long, if that was [starving](STARVING).
    pub starved: Option<(String, Duration)>,
}

/// A single wait for the lock that is worth a word.
const STARVING: Duration = Duration::from_secs(2);

impl Workload {
    /// Runs it as phase `number`, or unannounced, and holds what the workers say against the counter.
    ///
    /// A run that proves wrong has no wall time: a number that rests on an error is none.
    pub fn run(
        &self,
        harness: &Harness,
        number: Option<u32>,
        rings: &Arc<Rings>,
    ) -> WorkloadResult {
        let counter = harness.counter(self.kind);
        let phase = PhaseConfig {
            number,
            workers: self.threads,
            // At most 128 × 1000.
            planned: self.threads * self.times,
            rings: Arc::clone(rings),
        };
        let mut poll = || {
            if harness.is_stopping() {
                counter.cancel();
            }
            Duration::MAX
        };
        let gil = self.gil.then(|| Arc::new(Gil::new(SWITCH_INTERVAL)));
        let (workload, theirs, their_gil) = (*self, Arc::clone(&counter), gil.clone());
        let result = harness.run_workers(&phase, &mut poll, move |context| {
            worker::run(&workload, &*theirs, their_gil.as_deref(), context)
        });
        if result.started.is_none() {
            return WorkloadResult {
                run: None,
                segments: Vec::new(),
                bests: Vec::new(),
                violation: None,
                switches: None,
                starved: None,
            };
        }
        let value = (self.kind.shared && result.lock_is_free).then(|| counter.value());
        let mut run = self.report(&result, value);
        let violation = self.violation(&run);
        if violation.is_some() {
            run.outcome = Outcome::Failed;
            run.wall_ms = None;
        }
        WorkloadResult {
            segments: self.segments(&result),
            bests: result.workers.iter().flatten().map(|worker| worker.best).collect(),
            switches: gil.map(|gil| gil.switches()),
            starved: starved(&result),
            run: Some(run),
            violation,
        }
    }

    fn report(&self, result: &PhaseResult<WorkerResult>, final_value: Option<i64>) -> Run {
        let workers = (0..).zip(&result.workers);
        let workers: Vec<Worker> =
            workers.map(|(index, result)| worker_of(index, result)).collect();
        let increments = workers.iter().map(|worker| u64::from(worker.increments));
        let increments = increments.sum();
        Run {
            busy: match self.busy {
                Busy::Io(_) => BusyMode::Io,
                Busy::Cpu(_) => BusyMode::Cpu,
            },
            lock: self.lock,
            counter: self.kind.name.to_owned(),
            outcome: if result.workers.iter().any(Result::is_err) {
                Outcome::Failed
            } else if result.workers.iter().flatten().any(|worker| worker.stopped) {
                Outcome::Stopped
            } else {
                Outcome::Done
            },
            wall_ms: workers.iter().filter_map(|worker| worker.end_ms).max_by(f64::total_cmp),
            ideal_ms: None,
            increments,
            final_value,
            // A counter of 63 bits holds what 128 workers can count.
            lost: final_value.map(|value| increments as i64 - value),
            workers,
        }
    }

    /// What can't be true of a run in which nobody failed.
    fn violation(&self, run: &Run) -> Option<String> {
        let made = run.increments;
        let planned = u64::from(self.threads) * u64::from(self.times);
        if run.outcome == Outcome::Done && made != planned {
            return Some(format!("{made} increments were made, but {planned} planned"));
        }
        let lost = run.lost.filter(|lost| self.kind.exact && *lost != 0)?;
        (run.outcome != Outcome::Failed).then(|| {
            format!("{made} increments were made, but the counter {} misses {lost}", run.counter)
        })
    }

    fn segments(&self, result: &PhaseResult<WorkerResult>) -> Vec<f64> {
        let workers = result.workers.iter().flatten();
        let ends =
            workers.flat_map(|worker| worker.segments.map(|end| Some(worker.since_release(end?))));
        let fraction =
            |segment| f64::from(worker::segment_end(self.times, segment)) / f64::from(self.times);
        let fractions: Vec<f64> = (1..=worker::segments(self.times)).map(fraction).collect();
        compare::segment_times(ends.flatten().collect(), &fractions)
    }
}

fn starved(result: &PhaseResult<WorkerResult>) -> Option<(String, Duration)> {
    let workers = result.workers.iter().enumerate();
    let waits = workers.filter_map(|(index, result)| {
        Some((worker_name(index), result.as_ref().ok()?.longest_wait))
    });
    waits.max_by_key(|(_, wait)| *wait).filter(|(_, wait)| *wait >= STARVING)
}

fn worker_of(index: usize, result: &Result<WorkerResult, SlotState>) -> Worker {
    let known = result.as_ref().ok();
    Worker {
        name: worker_name(index),
        increments: match result {
            Ok(worker) => worker.increments,
            Err(last) => last.count,
        },
        start_ms: known.map(|worker| worker.since_release(worker.started)),
        end_ms: known.map(|worker| worker.since_release(worker.ended)),
        busy_ms: known.map(|worker| ms(worker.busy)),
        lock_wait_ms: known.map(|worker| ms(worker.lock_wait)),
        gil_wait_ms: known.and_then(|worker| worker.gil_wait).map(ms),
    }
}
