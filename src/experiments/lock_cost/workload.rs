//! One run: a number of workers, one way of being busy, one counter; and the check that what it says is
//! true.

use std::sync::Arc;
use std::time::Duration;

use web_time::Instant;

use super::report::{BusyMode, Run, Worker};
use crate::busy::Busy;
use crate::counter::Kind;
use crate::experiment::report::Outcome;
use crate::measure::clock::ms;
use crate::measure::compare;
use crate::runtime::Harness;
use crate::runtime::board::SlotState;
use crate::runtime::trace::Rings;
use crate::runtime::workers::{PhaseConfig, PhaseResult, worker_name};
use crate::worker::{self, Life, Task};

/// Workers, and what they do.
#[derive(Debug, Clone, Copy)]
pub struct Workload<'a> {
    /// Workers.
    pub threads: u32,
    /// Increments of each.
    pub times: u32,
    /// What they do in between.
    pub busy: Busy,
    /// What they increment.
    pub kind: &'a Kind,
    /// Whether this is called a run with a lock.
    pub lock: bool,
}

/// How it went.
#[derive(Debug)]
pub struct WorkloadResult {
    /// The run, as the report has it; without an ideal, which is the experiment's to know. `None`
    /// where the workers were never released.
    pub run: Option<Run>,
    /// Milliseconds that each equal segment of the work took, for [`compare::judge`].
    pub segments: Vec<f64>,
    /// Workers that did not stop.
    pub stuck: Vec<String>,
    /// What the run says that can't be true.
    pub violation: Option<String>,
}

impl Workload<'_> {
    /// The same with very little to do. A browser compiles each function when it is first called: run
    /// first, this keeps that out of the times.
    pub fn warm_up(&self) -> Self {
        Workload {
            times: 2,
            busy: match self.busy {
                Busy::Io(_) => Busy::Io(Duration::from_millis(1)),
                Busy::Cpu(_) => Busy::Cpu(1),
            },
            ..*self
        }
    }

    /// Increments of all.
    pub fn planned(&self) -> u64 {
        u64::from(self.threads) * u64::from(self.times)
    }

    /// Events of one worker, at most: a start, an end, and an increment's.
    pub fn events(&self) -> usize {
        2 + self.times as usize * if self.kind.shared { 3 } else { 1 }
    }

    /// Runs it as phase `number`, or unannounced, and holds what the workers say against the counter.
    ///
    /// A run that proves wrong has no wall time: a number that rests on an error is none.
    pub fn run(
        &self,
        harness: &Harness,
        number: Option<u32>,
        rings: Option<&Arc<Rings>>,
    ) -> WorkloadResult {
        let counter = harness.counter(self.kind);
        let task = Task {
            times: self.times,
            busy: self.busy,
            shared: self.kind.shared,
        };
        let plan = PhaseConfig {
            number,
            workers: self.threads,
            // At most 128 × 1000.
            planned: self.threads * self.times,
            rings: rings.cloned(),
        };
        // Whoever waits for the lock is let go where a stop is asked for.
        let mut poll = || {
            if harness.is_stopping() {
                counter.cancel();
            }
            Duration::MAX
        };
        let theirs = Arc::clone(&counter);
        let end = harness.run_workers(&plan, &mut poll, move |context| {
            worker::live(&task, &*theirs, context)
        });
        let Some(started) = end.started else {
            return WorkloadResult {
                run: None,
                segments: Vec::new(),
                stuck: end.stuck,
                violation: None,
            };
        };
        let value = (self.kind.shared && end.lock_is_free).then(|| counter.value());
        let run = self.report(started, &end, value);
        let violation = self.check(&run);
        WorkloadResult {
            segments: self.segments(started, &end),
            run: Some(Run {
                outcome: if violation.is_some() {
                    Outcome::Failed
                } else {
                    run.outcome
                },
                wall_ms: run.wall_ms.filter(|_| violation.is_none()),
                ..run
            }),
            stuck: end.stuck,
            violation,
        }
    }

    fn report(&self, started: Instant, end: &PhaseResult<Life>, final_value: Option<i64>) -> Run {
        let workers: Vec<Worker> = (0..)
            .zip(&end.workers)
            .map(|(index, life)| worker(index, life, started))
            .collect();
        let increments = workers
            .iter()
            .map(|worker| u64::from(worker.increments))
            .sum();
        let any = |test: fn(&Result<Life, SlotState>) -> bool| end.workers.iter().any(test);
        Run {
            busy: match self.busy {
                Busy::Io(_) => BusyMode::Io,
                Busy::Cpu(_) => BusyMode::Cpu,
            },
            lock: self.lock,
            counter: self.kind.name.to_owned(),
            outcome: if any(Result::is_err) {
                Outcome::Failed
            } else if any(|life| life.is_ok_and(|life| life.stopped)) {
                Outcome::Stopped
            } else {
                Outcome::Done
            },
            wall_ms: workers
                .iter()
                .filter_map(|worker| worker.end_ms)
                .max_by(f64::total_cmp),
            ideal_ms: None,
            increments,
            final_value,
            // A counter of 63 bits holds what 128 workers can count.
            lost: final_value.map(|value| increments as i64 - value),
            workers,
        }
    }

    /// What can't be true of a run in which nobody failed.
    fn check(&self, run: &Run) -> Option<String> {
        let made = run.increments;
        let planned = self.planned();
        if run.outcome == Outcome::Done && made != planned {
            return Some(format!(
                "{made} increments were made, but {planned} planned"
            ));
        }
        let lost = run.lost.filter(|lost| self.kind.exact && *lost != 0);
        lost.filter(|_| run.outcome != Outcome::Failed).map(|lost| {
            format!(
                "{made} increments were made, but the counter {} misses {lost}",
                run.counter
            )
        })
    }

    fn segments(&self, started: Instant, end: &PhaseResult<Life>) -> Vec<f64> {
        let lives = end.workers.iter().flatten();
        let laps = lives.flat_map(|life| life.laps).flatten();
        let laps = laps
            .map(|lap| ms(lap.saturating_duration_since(started)))
            .collect();
        let times = self.times;
        let fraction = |lap| f64::from(worker::lap_end(times, lap)) / f64::from(times);
        let ends: Vec<f64> = (1..=worker::laps(times)).map(fraction).collect();
        compare::parts(laps, &ends)
    }
}

fn worker(index: usize, life: &Result<Life, SlotState>, started: Instant) -> Worker {
    let life = life.as_ref();
    let since = |at: Instant| ms(at.saturating_duration_since(started));
    Worker {
        name: worker_name(index),
        increments: life.map_or_else(|word| word.count, |life| life.increments),
        start_ms: life.ok().map(|life| since(life.started)),
        end_ms: life.ok().map(|life| since(life.ended)),
        busy_ms: life.ok().map(|life| ms(life.busy)),
        lock_wait_ms: life.ok().map(|life| ms(life.lock_wait)),
    }
}
