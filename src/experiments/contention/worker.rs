//! A thread of a trial: increment, hold, pause, again, and in the later stages note how that went.

use std::hint::black_box;
use std::sync::atomic::Ordering;
use std::time::Duration;

use web_time::Instant;

use super::workload::{STAGES, Stage, ThroughputTrial, Work};
use crate::busy;
use crate::counter::Probe;
use crate::measure::latency::LatencyHistogram;
use crate::runtime::board::State;
use crate::runtime::workers::WorkerContext;

/// Increments between two looks at the stage, if nothing else is done: at most this many, …
const BATCH: u64 = 128;
/// … and at most this fraction of what the stage has seen already, so that no batch lasts far into the next.
const MAX_STAGE_FRACTION: u64 = 8;
/// Handovers that are kept of all threads together.
const MAX_HANDOVERS: u32 = 400;

/// What one thread did.
pub(super) struct ThreadStats {
    /// Increments in each of [`STAGES`].
    pub made: [u64; STAGES.len()],
    pub waits: Option<LatencyHistogram>,
    /// When it got the lock from another thread; numbered over all threads.
    pub handovers: Vec<(u32, Instant)>,
}

/// Runs one thread until the trial stops it.
///
/// # Panics
/// If this worker is killed; never inside the critical section.
pub(super) fn run(trial: &ThroughputTrial, context: &WorkerContext) -> ThreadStats {
    let me = context.index();
    let counter = &*trial.counter;
    let work = trial.config.work(me);
    let mut stats = ThreadStats {
        made: [0; STAGES.len()],
        waits: LatencyHistogram::new(),
        handovers: Vec::with_capacity(MAX_HANDOVERS as usize),
    };
    let slot = context.slot();
    let empty_section = work.hold == 0 && work.pause == 0;
    let mut row = 0;
    let mut has_counted = false;
    // From here on nothing allocates.
    let mut wanted = Instant::now();
    let mut before = Stage::WarmUp;
    loop {
        let word = trial.stage.load(Ordering::Relaxed);
        let place = word as usize;
        let stage = STAGES[place];
        if stage == Stage::Stop {
            break;
        }
        let is_observed = matches!(stage, Stage::WaitTimes | Stage::Ownership);
        if stage != before && is_observed {
            wanted = Instant::now();
        }
        before = stage;
        slot.check_alive();
        let is_plain = empty_section && !is_observed;
        let batch = if is_plain {
            (stats.made[place] / MAX_STAGE_FRACTION).clamp(1, BATCH)
        } else {
            1
        };
        let made = match stage {
            _ if is_plain => counter.inc_while(batch, &trial.stage, word),
            Stage::WaitTimes => made_one(counter.inc_probed(&mut OnAcquired(|| {
                let waited = Instant::now().saturating_duration_since(wanted);
                if let Some(waits) = &mut stats.waits {
                    // Beyond a minute all is the same to the histogram.
                    waits.record(
                        waited.as_secs() * 1_000_000_000 + u64::from(waited.subsec_nanos()),
                    );
                }
                calculate(work.hold);
            }))),
            Stage::Ownership => made_one(counter.inc_probed(&mut OnAcquired(|| {
                // At most 128 workers.
                note_owner(trial, me as u32, &mut stats.handovers);
                calculate(work.hold);
            }))),
            _ => made_one(counter.inc_probed(&mut OnAcquired(|| calculate(work.hold)))),
        };
        stats.made[place] += made;
        if made > 0 && !has_counted && stage != Stage::WarmUp {
            has_counted = true;
            trial.has_counted.store(true, Ordering::Relaxed);
        }
        if made < batch && counter.is_cancelled() {
            break;
        }
        if is_plain {
            continue;
        }
        row += 1;
        if stage == Stage::WaitTimes {
            trial.has_waited.store(true, Ordering::Relaxed);
        }
        if is_observed {
            // A wait is counted from when the lock would have been wanted: a thread that lost its
            // processor in the pause has waited as well.
            wanted = Instant::now() + Duration::from_nanos(pause_ns(trial, work, row));
        }
        if row >= work.row {
            row = 0;
            calculate(work.pause);
        }
    }
    let increments = u32::try_from(stats.made.iter().sum::<u64>()).unwrap_or(u32::MAX);
    let end = if context.board().is_stopping() {
        State::Stopped
    } else {
        State::Done
    };
    context.show(end, increments, Instant::now());
    stats
}

fn made_one<T, E>(result: Result<T, E>) -> u64 {
    u64::from(result.is_ok())
}

/// Notes it if this thread is another owner of the lock than the last one.
fn note_owner(trial: &ThroughputTrial, me: u32, handovers: &mut Vec<(u32, Instant)>) {
    if trial.holder.swap(me, Ordering::Relaxed) != me {
        let number = trial.handovers.fetch_add(1, Ordering::Relaxed);
        if number < MAX_HANDOVERS && handovers.len() < handovers.capacity() {
            handovers.push((number, Instant::now()));
        }
    }
}

/// Nanoseconds until the next increment is due.
fn pause_ns(trial: &ThroughputTrial, work: Work, row: u32) -> u64 {
    if row < work.row {
        return 0;
    }
    (work.pause as f64 * trial.config.multiplication_ns) as u64
}

/// This many of the post's multiplications.
#[inline]
fn calculate(times: u64) {
    if times > 0 {
        black_box(busy::multiply(black_box(3), times));
    }
}

/// Does something in the critical section.
struct OnAcquired<F>(F);

impl<F: FnMut()> Probe for OnAcquired<F> {
    fn blocked(&mut self) {}

    #[inline]
    fn acquired(&mut self) {
        (self.0)();
    }
}
