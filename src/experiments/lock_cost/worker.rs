//! A worker of lock-cost: increment, be busy, again. The same code natively and in wasm.

use std::time::Duration;

use web_time::Instant;

use super::gil::{Gil, Turns};
use super::workload::Workload;
use crate::busy::Busy;
use crate::counter::{Counter, Probe};
use crate::measure::clock::ms;
use crate::runtime::board::State;
use crate::runtime::record::Recorder;
use crate::runtime::workers::WorkerContext;

/// Segments that a worker's increments are cut into, to see how steadily the work went on.
pub const SEGMENTS: usize = 8;

/// Into how many segments `times` increments can be cut: [`SEGMENTS`], or one each.
pub fn segments(times: u32) -> usize {
    SEGMENTS.min(times as usize)
}

/// After how many of `times` increments the first `segment` segments are done; they are as equal as whole
/// increments allow.
pub fn segment_end(times: u32, segment: usize) -> u32 {
    // At most `times`, so it fits.
    (u64::from(times) * segment as u64).div_ceil(segments(times).max(1) as u64) as u32
}

/// What a worker did.
#[derive(Debug, Clone, Copy)]
pub struct WorkerResult {
    /// Increments done.
    pub increments: u32,
    /// When all were released, by this thread's clock.
    pub origin: Instant,
    /// When it began.
    pub started: Instant,
    /// When it was last busy, at the end.
    pub ended: Instant,
    /// Time spent being busy.
    pub busy: Duration,
    /// The shortest of these times that was not cut short.
    pub best: Duration,
    /// Time from wanting the lock to holding it, all increments together; without a lock, what two readings
    /// of the clock cost.
    pub lock_wait: Duration,
    /// The longest of these times.
    pub longest_wait: Duration,
    /// Time waiting for the GIL; it is in none of the others. `None` without one.
    pub gil_wait: Option<Duration>,
    /// When each segment of the work was done; only those that were.
    pub segments: [Option<Instant>; SEGMENTS],
    /// Whether it was asked to stop before it was through.
    pub stopped: bool,
}

impl WorkerResult {
    /// Milliseconds from the release to `at`.
    pub fn since_release(&self, at: Instant) -> f64 {
        ms(at.saturating_duration_since(self.origin))
    }
}

/// Runs one worker on the calling thread; under a GIL, if there is one.
///
/// # Panics
/// If this worker is killed; never inside the critical section.
pub fn run(
    workload: &Workload,
    counter: &dyn Counter,
    gil: Option<&Gil>,
    context: &WorkerContext,
) -> WorkerResult {
    let result = repeat(workload, counter, gil, context, &mut context.recorder());
    context.show(end_of(&result), result.increments, result.ended);
    result
}

fn end_of(result: &WorkerResult) -> State {
    if result.stopped { State::Stopped } else { State::Done }
}

/// The clock is read three times an increment, with a lock or without: inside the critical section,
/// after it, and after being busy, which is also the moment before the next increment. Nothing here
/// allocates. A GIL is held but while the worker waits, for IO or for the GIL.
fn repeat(
    workload: &Workload,
    counter: &dyn Counter,
    gil: Option<&Gil>,
    context: &WorkerContext,
    recorder: &mut Recorder,
) -> WorkerResult {
    let Workload { times, busy, deadline, .. } = *workload;
    let shared = workload.kind.shared;
    let (board, slot) = (context.board(), context.slot());
    // Nothing comes later for what is done in a wait.
    let is_timed = matches!(busy, Busy::Cpu(_));
    let mut go_on = || {
        slot.check_alive();
        !context.is_stopping(is_timed)
    };
    let busy_state = match busy {
        Busy::Io(_) => State::Io,
        Busy::Cpu(_) => State::Cpu,
    };
    let started = Instant::now();
    recorder.entered(State::Starting, 0, started);
    let mut segment = 0;
    let mut result = WorkerResult {
        increments: 0,
        origin: context.origin(),
        started,
        ended: started,
        busy: Duration::ZERO,
        best: Duration::MAX,
        lock_wait: Duration::ZERO,
        longest_wait: Duration::ZERO,
        gil_wait: None,
        segments: [None; SEGMENTS],
        stopped: false,
    };
    let mut turns = gil.map(|gil| Turns::new(gil, context.index(), busy_state));
    if let Some(turns) = &mut turns {
        result.stopped = !turns.take(recorder, 0, &mut go_on);
        result.ended = Instant::now();
    }
    while !result.stopped && result.increments < times {
        slot.check_alive();
        if board.is_stopping() || deadline.is_some_and(|deadline| result.ended >= deadline) {
            result.stopped = true;
            break;
        }
        let wanted = result.ended;
        let mut probe =
            AcquireProbe { recorder: &mut *recorder, count: result.increments, at: wanted, shared };
        if counter.inc_probed(&mut probe).is_err() {
            // Only a stop cancels it.
            result.ended = Instant::now();
            result.stopped = true;
            break;
        }
        let acquired = probe.at;
        let released = Instant::now();
        result.increments += 1;
        result.lock_wait += acquired - wanted;
        result.longest_wait = result.longest_wait.max(acquired - wanted);
        if shared {
            recorder.released(busy_state, result.increments, released);
        } else {
            recorder.entered(busy_state, result.increments, released);
        }
        let count = result.increments;
        let mut turn;
        if let Some(turns) = &mut turns {
            let waited = turns.waited;
            if matches!(busy, Busy::Io(_)) {
                turns.release();
                turn = busy.run(released, &mut go_on);
                result.busy += turn.ended - released;
                turn.cut = turn.cut || !turns.take(recorder, count, &mut go_on);
                turn.ended = Instant::now();
            } else {
                turn = busy.run(released, &mut || turns.look(recorder, count, &mut go_on));
                result.busy += (turn.ended - released).saturating_sub(turns.waited - waited);
            }
            result.gil_wait = Some(turns.waited);
        } else {
            turn = busy.run(released, &mut go_on);
            result.busy += turn.ended - released;
        }
        result.ended = turn.ended;
        if turn.cut {
            result.stopped = true;
            break;
        }
        result.best = result.best.min(turn.ended - released);
        if result.increments >= segment_end(times, segment + 1) {
            // The last segment ends with the last increment, so there is never one more.
            result.segments[segment] = Some(turn.ended);
            segment += 1;
        }
    }
    recorder.entered(end_of(&result), result.increments, result.ended);
    result
}

/// Notes when the lock was acquired.
struct AcquireProbe<'a, 'ring> {
    recorder: &'a mut Recorder<'ring>,
    count: u32,
    /// When the lock was wanted, and from [`Probe::acquired`] on when it was acquired.
    at: Instant,
    /// Only then is there a lock to be seen waiting for.
    shared: bool,
}

impl Probe for AcquireProbe<'_, '_> {
    #[cold]
    fn blocked(&mut self) {
        self.recorder.waiting(self.count, self.at);
    }

    #[inline]
    fn acquired(&mut self) {
        self.at = Instant::now();
        if self.shared {
            self.recorder.holding(self.count, self.at);
        }
    }
}
