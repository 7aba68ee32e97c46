//! A thread of a trial: increment, hold, pause, again, and in the later stages note how that went.
//!
//! In every stage the lock is acquired in the same way, and what is noted is noted after it was released: inside, the
//! later stages read the clock and do nothing else.

use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use web_time::Instant;

use super::workload::{STAGES, Stage, ThroughputTrial, Work};
use crate::busy;
use crate::counter::Cancelled;
use crate::measure::latency::LatencyHistogram;
use crate::runtime::board::State;
use crate::runtime::workers::WorkerContext;
use crate::sync::load_relaxed;

/// Increments between two looks at the board, if nothing else is done: at most this many, …
const BATCH: u64 = 128;
/// … at most this fraction of what the stage has seen already, so that no batch lasts far into the next, …
const MAX_STAGE_FRACTION: u64 = 8;
/// … and at most so many multiplications' worth of them, some 0.1 ms.
const MAX_BATCH_WORK: u64 = 100_000;
/// Handovers that are kept of each thread, and of all together.
pub(super) const MAX_HANDOVERS: usize = 400;

/// What one thread did.
pub(super) struct ThreadStats {
    /// Increments in each of [`STAGES`].
    pub made: [u64; STAGES.len()],
    pub waits: Option<LatencyHistogram>,
    /// When all threads were released, by this one's clock.
    pub origin: Instant,
    /// When it got the lock from another thread, and the counter's value then, which is their order.
    pub handovers: Vec<(i64, Instant)>,
}

/// A thread, as it knows itself.
struct Worker<'a> {
    trial: &'a ThroughputTrial,
    work: Work,
    stats: ThreadStats,
    /// Increments between two looks at the board, at most.
    batch: u64,
    /// Increments since the last pause.
    row: u32,
    /// The counter's value after this thread's last increment whose owner was noted.
    last: Option<i64>,
}

/// What the coordinator has to do now and then; returns how soon again.
type Poll<'a> = &'a mut dyn FnMut() -> Duration;

/// Runs one thread until the trial stops it. Where it is the only one, it is given the coordinator's part as well.
///
/// # Panics
/// If this worker is killed; never inside the critical section.
pub(super) fn run(
    trial: &ThroughputTrial,
    context: &WorkerContext,
    mut poll: Option<Poll<'_>>,
) -> ThreadStats {
    let mut worker = Worker {
        trial,
        work: trial.config.work(context.index()),
        stats: ThreadStats {
            made: [0; STAGES.len()],
            waits: LatencyHistogram::new(),
            origin: context.origin(),
            handovers: Vec::with_capacity(MAX_HANDOVERS),
        },
        // Reading the clock for the poll must not weigh on them.
        batch: if poll.is_some() { MAX_BATCH_WORK } else { BATCH },
        row: 0,
        last: None,
    };
    let mut due = Instant::now();
    // Until it leaves it is at the lock, and in a long queue nobody may take it for dead.
    context.show(State::Waiting, 0, Instant::now());
    // From here on nothing allocates.
    let (mut has_counted, mut has_waited) = (false, false);
    let progress = &trial.progress.0;
    progress.arrived.fetch_add(1, Relaxed);
    loop {
        if let Some(poll) = &mut poll
            && Instant::now() >= due
        {
            due = Instant::now() + poll();
        }
        let place = load_relaxed(&trial.stage.0);
        let stage = STAGES[place as usize];
        if stage == Stage::Stop {
            break;
        }
        context.slot().check_alive();
        let done = match stage {
            Stage::WaitTimes => worker.time_wait(),
            Stage::Ownership => worker.note_owner(),
            _ => worker.count(place),
        };
        let made = &mut worker.stats.made[place as usize];
        *made += done;
        if *made > 0 && stage == Stage::Window && !has_counted {
            has_counted = true;
            progress.has_counted.store(true, Relaxed);
        }
        if *made > 0 && stage == Stage::WaitTimes && !has_waited {
            has_waited = true;
            progress.has_waited.store(true, Relaxed);
        }
        if done == 0 && trial.counter.is_cancelled() {
            break;
        }
    }
    let stats = worker.stats;
    let increments = u32::try_from(stats.made.iter().sum::<u64>()).unwrap_or(u32::MAX);
    let end = if context.board().is_stopping() { State::Stopped } else { State::Done };
    context.show(end, increments, Instant::now());
    stats
}

impl Worker<'_> {
    /// A batch of increments, of which nothing is noted but how many they are.
    fn count(&mut self, place: u32) -> u64 {
        let Work { hold, pause, row } = self.work;
        let word = &self.trial.stage.0;
        let each = hold + pause / u64::from(row);
        let most = (MAX_BATCH_WORK / each.max(1)).clamp(1, self.batch);
        let batch = (self.stats.made[place as usize] / MAX_STAGE_FRACTION).clamp(1, most);
        if pause == 0 {
            return self.trial.counter.inc_while(batch, hold, word, place);
        }
        let mut made = 0;
        while made < batch && load_relaxed(word) == place {
            let wanted = batch.min((row - self.row).into());
            let done = self.trial.counter.inc_while(wanted, hold, word, place);
            made += done;
            // At most a row.
            self.pause_after(done as u32);
            if done < wanted {
                break;
            }
        }
        made
    }

    /// One increment, whose wait is noted: from this thread's arrival to its being in.
    fn time_wait(&mut self) -> u64 {
        let arrived = Instant::now();
        let Ok((_, entered)) = self.enter() else {
            return 0;
        };
        if let Some(waits) = &mut self.stats.waits {
            let waited = entered.saturating_duration_since(arrived);
            // Beyond a minute all is the same to the histogram.
            waits.record(waited.as_secs() * 1_000_000_000 + u64::from(waited.subsec_nanos()));
        }
        self.pause_after(1);
        1
    }

    /// One increment, which is noted if another thread's was right before it.
    fn note_owner(&mut self) -> u64 {
        let Ok((value, entered)) = self.enter() else {
            return 0;
        };
        let handovers = &mut self.stats.handovers;
        if self.last.is_none_or(|last| value != last + 1) && handovers.len() < MAX_HANDOVERS {
            handovers.push((value, entered));
            if handovers.len() <= 2 {
                self.trial.progress.0.handovers.fetch_add(1, Relaxed);
            }
        }
        self.last = Some(value);
        self.pause_after(1);
        1
    }

    /// One increment: the value after it, and when it was in.
    fn enter(&self) -> Result<(i64, Instant), Cancelled> {
        let mut at = None;
        let value = self.trial.counter.inc_entered(&mut || {
            at = Some(Instant::now());
            busy::compute(self.work.hold);
        })?;
        Ok((value, at.unwrap_or_else(Instant::now)))
    }

    /// The pause after so many increments, if it is its turn.
    fn pause_after(&mut self, increments: u32) {
        self.row += increments;
        if self.row >= self.work.row {
            self.row = 0;
            busy::compute(self.work.pause);
        }
    }
}
