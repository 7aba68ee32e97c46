//! One worker's life: increment, be busy, again. The same code natively and in wasm. Not here: who
//! starts it, and where its moments are written down.

use std::time::Duration;

use web_time::Instant;

use crate::busy::Busy;
use crate::counter::{Counter, Probe};
use crate::runtime::board::State;
use crate::runtime::record::{NoopRecorder, Recorder};
use crate::runtime::workers::WorkerContext;

/// Parts that a life's time is cut into, to see how steadily the work went on.
pub const LAPS: usize = 8;

/// What a worker has to do.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// How often to increment and be busy.
    pub times: u32,
    /// What being busy is.
    pub busy: Busy,
    /// Whether the counter is one that others share: only then is there a lock to be seen waiting
    /// for.
    pub shared: bool,
}

impl Task {
    /// The state that being busy is shown as.
    pub fn busy_state(&self) -> State {
        match self.busy {
            Busy::Io(_) => State::Io,
            Busy::Cpu(_) => State::Cpu,
        }
    }
}

/// Into how many parts so many increments can be cut: [`LAPS`], or one each.
pub fn laps(times: u32) -> usize {
    LAPS.min(times as usize)
}

/// After how many of `times` increments the first `lap` parts are done; they are as equal as whole
/// increments allow.
pub fn lap_end(times: u32, lap: usize) -> u32 {
    // At most `times`, so it fits.
    (u64::from(times) * lap as u64).div_ceil(laps(times).max(1) as u64) as u32
}

/// What became of a worker.
#[derive(Debug, Clone, Copy)]
pub struct Life {
    /// Increments done.
    pub increments: u32,
    /// When it was released.
    pub started: Instant,
    /// When its last turn of being busy ended.
    pub ended: Instant,
    /// Time spent being busy.
    pub busy: Duration,
    /// Time from wanting the lock to being inside, all increments together; without a lock, what
    /// two readings of the clock cost.
    pub lock_wait: Duration,
    /// When each of [`LAPS`] equal parts of the work was done; only as many as there were
    /// increments, and only those that came to their end.
    pub laps: [Option<Instant>; LAPS],
    /// Whether it was asked to stop before it was through.
    pub stopped: bool,
}

impl Life {
    /// How it ended.
    pub fn end(&self) -> State {
        if self.stopped {
            State::Stopped
        } else {
            State::Done
        }
    }
}

/// Notes when the critical section was entered.
struct Entry<'a, R> {
    recorder: &'a mut R,
    count: u32,
    /// When the lock was wanted, and from [`Probe::acquired`] on when it was had.
    at: Instant,
    shared: bool,
}

impl<R: Recorder> Probe for Entry<'_, R> {
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

/// Lives one worker's life on the calling thread, recorded where the phase is.
pub fn live(task: &Task, counter: &dyn Counter, context: &WorkerContext) -> Life {
    let life = match context.recorder() {
        Some(mut recorder) => repeat(task, counter, context, &mut recorder),
        None => repeat(task, counter, context, &mut NoopRecorder),
    };
    context.show(life.end(), life.increments, life.ended);
    life
}

/// Increments, is busy, and again.
///
/// The clock is read three times an increment, with a lock or without: inside the critical section,
/// after it, and after being busy, which is also the moment before the next increment. Nothing here
/// allocates.
///
/// # Panics
/// Where the board says that this worker is to die; never inside the critical section.
fn repeat<R: Recorder>(
    task: &Task,
    counter: &dyn Counter,
    context: &WorkerContext,
    recorder: &mut R,
) -> Life {
    let (board, slot) = (context.board(), context.slot());
    let mut go_on = || {
        slot.beat();
        if slot.is_killed() {
            die();
        }
        !board.is_stopping()
    };
    let busy_state = task.busy_state();
    let mut laps_done = 0;
    let started = Instant::now();
    recorder.entered(State::Starting, 0, started);
    let mut life = Life {
        increments: 0,
        started,
        ended: started,
        busy: Duration::ZERO,
        lock_wait: Duration::ZERO,
        laps: [None; LAPS],
        stopped: false,
    };
    while life.increments < task.times {
        if !go_on() {
            life.stopped = true;
            break;
        }
        let wanted = life.ended;
        let mut entry = Entry {
            recorder: &mut *recorder,
            count: life.increments,
            at: wanted,
            shared: task.shared,
        };
        if counter.inc_probed(&mut entry).is_err() {
            // Only a stop cancels it.
            life.ended = Instant::now();
            life.stopped = true;
            break;
        }
        let acquired = entry.at;
        let released = Instant::now();
        life.increments += 1;
        life.lock_wait += acquired - wanted;
        if task.shared {
            recorder.released(busy_state, life.increments, released);
        } else {
            recorder.entered(busy_state, life.increments, released);
        }
        let turn = task.busy.run(released, &mut go_on);
        life.busy += turn.ended - released;
        life.ended = turn.ended;
        if turn.cut {
            life.stopped = true;
            break;
        }
        if life.increments >= lap_end(task.times, laps_done + 1) {
            // The last part ends with the last increment, so there is never one more.
            life.laps[laps_done] = Some(turn.ended);
            laps_done += 1;
        }
    }
    recorder.entered(life.end(), life.increments, life.ended);
    life
}

#[cold]
#[inline(never)]
pub(crate) fn die() -> ! {
    panic!("killed by the reader");
}
