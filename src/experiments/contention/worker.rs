//! One thread's part of a bout: increment, hold, pause, again, and in the later stages note how that
//! went. Not here: when a stage begins, which the master says.

use std::hint::black_box;
use std::sync::atomic::Ordering;
use std::time::Duration;

use web_time::Instant;

use super::trial::{
    Bout, GETTING_GOING, MOST_TURNS, OVER, PART_OF_STAGE, SPURT, TURNS, WAITS, Work,
};
use crate::busy;
use crate::counter::Probe;
use crate::measure::latency::Waits;
use crate::runtime::board::State;
use crate::runtime::workers::WorkerContext;

/// What one thread brings home.
pub(super) struct Tally {
    pub(super) made: [u64; OVER as usize],
    pub(super) waits: Option<Waits>,
    pub(super) turns: Vec<(u32, Instant)>,
}

impl Bout {
    pub(super) fn work(&self, context: &WorkerContext) -> Tally {
        let me = context.index();
        let work = self.plan.work(me);
        let mut tally = Tally {
            made: [0; OVER as usize],
            waits: Waits::new(),
            turns: Vec::with_capacity(MOST_TURNS as usize),
        };
        let slot = context.slot();
        let bare = work.hold == 0 && work.pause == 0;
        let mut row = 0;
        let mut counted = false;
        // From here on nothing allocates.
        let mut wanted = Instant::now();
        let mut before = GETTING_GOING;
        loop {
            let stage = self.stage.load(Ordering::Relaxed);
            if stage == OVER {
                break;
            }
            if stage != before && stage >= WAITS {
                wanted = Instant::now();
            }
            before = stage;
            slot.check_alive();
            let made = match stage {
                WAITS => {
                    let mut probe = Timing {
                        wanted,
                        waits: tally.waits.as_mut(),
                        hold: work.hold,
                    };
                    self.counter.inc_probed(&mut probe)
                }
                TURNS => {
                    let mut probe = Turning {
                        bout: self,
                        me: me as u32,
                        turns: &mut tally.turns,
                        hold: work.hold,
                    };
                    self.counter.inc_probed(&mut probe)
                }
                _ if bare => {
                    let spurt = (tally.made[stage as usize] / PART_OF_STAGE).clamp(1, SPURT);
                    let made = self.counter.inc_while(spurt, &self.stage, stage);
                    tally.made[stage as usize] += made;
                    if made > 0 {
                        self.count_first(stage, &mut counted);
                    }
                    if made < spurt && self.counter.is_cancelled() {
                        break;
                    }
                    continue;
                }
                _ => self.counter.inc_probed(&mut Holding(work.hold)),
            };
            if made.is_err() {
                break;
            }
            tally.made[stage as usize] += 1;
            self.count_first(stage, &mut counted);
            row += 1;
            if stage == WAITS {
                self.waited.store(true, Ordering::Relaxed);
            }
            if stage >= WAITS {
                // A wait is counted from when the lock would have been wanted: a thread that lost its
                // processor in the pause has waited as well.
                wanted = Instant::now() + Duration::from_nanos(self.pause_ns(work, row));
            }
            if row >= work.row {
                row = 0;
                calculate(work.pause);
            }
        }
        let increments = u32::try_from(tally.made.iter().sum::<u64>()).unwrap_or(u32::MAX);
        let end = if context.board().is_stopping() {
            State::Stopped
        } else {
            State::Done
        };
        context.show(end, increments, Instant::now());
        tally
    }

    /// Says once that something was done in the counted time.
    #[inline]
    fn count_first(&self, stage: u32, counted: &mut bool) {
        if !*counted && stage > GETTING_GOING {
            *counted = true;
            self.counted.store(true, Ordering::Relaxed);
        }
    }

    /// Nanoseconds until the next increment is due.
    fn pause_ns(&self, work: Work, row: u32) -> u64 {
        if row < work.row {
            return 0;
        }
        (work.pause as f64 * self.plan.multiplication_ns) as u64
    }
}

/// The multiplications of the post's loop, as many as a while is long.
#[inline]
fn calculate(times: u64) {
    if times > 0 {
        black_box(busy::multiply(black_box(3), times));
    }
}

/// Holds the lock for a while.
struct Holding(u64);

impl Probe for Holding {
    fn blocked(&mut self) {}

    #[inline]
    fn acquired(&mut self) {
        calculate(self.0);
    }
}

/// Times the wait, then holds the lock for a while.
struct Timing<'a> {
    wanted: Instant,
    waits: Option<&'a mut Waits>,
    hold: u64,
}

impl Probe for Timing<'_> {
    fn blocked(&mut self) {}

    fn acquired(&mut self) {
        let waited = Instant::now().saturating_duration_since(self.wanted);
        if let Some(waits) = &mut self.waits {
            // Beyond a minute all is the same to the histogram.
            waits.add(waited.as_secs() * 1_000_000_000 + u64::from(waited.subsec_nanos()));
        }
        calculate(self.hold);
    }
}

/// Notes whose turn it is, then holds the lock for a while.
struct Turning<'a> {
    bout: &'a Bout,
    me: u32,
    turns: &'a mut Vec<(u32, Instant)>,
    hold: u64,
}

impl Probe for Turning<'_> {
    fn blocked(&mut self) {}

    fn acquired(&mut self) {
        if self.bout.holder.swap(self.me, Ordering::Relaxed) != self.me {
            let number = self.bout.turn.fetch_add(1, Ordering::Relaxed);
            if number < MOST_TURNS && self.turns.len() < self.turns.capacity() {
                self.turns.push((number, Instant::now()));
            }
        }
        calculate(self.hold);
    }
}
