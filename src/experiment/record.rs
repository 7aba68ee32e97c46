//! Writes a worker's moments to its slot on the board and to its event ring. Not here: what the two
//! look like (`board`, `trace`).

use web_time::Instant;

use crate::board::{Slot, State, TICK_NS, Word};
use crate::trace::{Event, Writer};
use crate::worker::Recorder;

/// Ticks from `origin` to `at`; 0 where another worker's clock runs a little behind.
#[inline]
pub fn ticks(origin: Instant, at: Instant) -> u64 {
    let since = at.saturating_duration_since(origin);
    // Not `as_nanos`: its 128-bit division costs more than the event.
    let per_second = u64::from(1_000_000_000 / TICK_NS);
    since.as_secs() * per_second + u64::from(since.subsec_nanos() / TICK_NS)
}

/// The recorder that a run uses. Inside the critical section it makes one store; the ring gets its
/// three events an increment after the unlock.
#[derive(Debug)]
pub struct Recording<'a> {
    slot: &'a Slot,
    ring: Writer<'a>,
    origin: Instant,
    waiting: u64,
    holding: u64,
}

impl<'a> Recording<'a> {
    /// Writes to `slot` and `ring`, with times since `origin`.
    pub fn new(slot: &'a Slot, ring: Writer<'a>, origin: Instant) -> Recording<'a> {
        Recording {
            slot,
            ring,
            origin,
            waiting: 0,
            holding: 0,
        }
    }

    #[inline]
    fn show(&self, state: State, count: u32, ticks: u64) {
        self.slot.write(Word {
            state,
            count,
            ticks,
        });
    }

    #[inline]
    fn keep(&mut self, state: State, value: u8, ticks: u64) {
        self.ring.push(Event {
            state,
            value,
            ticks,
        });
    }
}

impl Recorder for Recording<'_> {
    #[inline]
    fn entered(&mut self, state: State, count: u32, at: Instant) {
        let ticks = ticks(self.origin, at);
        self.keep(state, 0, ticks);
        // The end is shown on the board by the crew, once all that the worker leaves behind is in
        // place: who sees it may take that away.
        if !state.is_over() {
            self.show(state, count, ticks);
        }
    }

    #[inline]
    fn waiting(&mut self, count: u32, at: Instant) {
        self.waiting = ticks(self.origin, at);
        self.show(State::Waiting, count, self.waiting);
    }

    #[inline]
    fn holding(&mut self, count: u32, at: Instant) {
        self.holding = ticks(self.origin, at);
        self.show(State::Holding, count, self.holding);
    }

    #[inline]
    fn released(&mut self, busy: State, count: u32, value: i64, at: Instant) {
        let released = ticks(self.origin, at);
        self.show(busy, count, released);
        self.keep(State::Waiting, 0, self.waiting);
        // The lowest bits are meant.
        self.keep(State::Holding, value as u8, self.holding);
        self.keep(busy, 0, released);
    }
}
