//! Writes a worker's moments to its slot on the board and to its event ring. Not here: what the two
//! look like (`board`, `trace`).

use web_time::Instant;

use super::board::{Slot, SlotState, State, TICK_NS};
use super::trace::{Event, Writer};
use crate::worker::Recorder;

/// Ticks from `origin` to `at`; 0 where another worker's clock runs a little behind.
#[inline]
pub fn ticks(origin: Instant, at: Instant) -> u64 {
    let since = at.saturating_duration_since(origin);
    // Not `as_nanos`: its 128-bit division costs more than the event.
    let per_second = u64::from(1_000_000_000 / TICK_NS);
    since.as_secs() * per_second + u64::from(since.subsec_nanos() / TICK_NS)
}

/// The recorder that a run uses.
///
/// An atomic store costs wasm some five nanoseconds, whatever its ordering, so there are few: where
/// the lock is free an increment makes one inside the critical section (the board says "holding")
/// and two after it (the board says "busy", the ring gets its event, which tells how long the lock was
/// held). Only a wait, or a hold too long to tell so, is an event of its own.
#[derive(Debug)]
pub struct RingRecorder<'a> {
    slot: &'a Slot,
    ring: Writer<'a>,
    origin: Instant,
    waiting: Option<u64>,
    holding: u64,
}

impl<'a> RingRecorder<'a> {
    /// Writes to `slot` and `ring`, with times since `origin`.
    pub fn new(slot: &'a Slot, ring: Writer<'a>, origin: Instant) -> RingRecorder<'a> {
        RingRecorder {
            slot,
            ring,
            origin,
            waiting: None,
            holding: 0,
        }
    }

    #[inline]
    fn show(&self, state: State, count: u32, ticks: u64) {
        self.slot.write(SlotState {
            state,
            count,
            ticks,
        });
    }

    #[inline]
    fn push_event(&mut self, state: State, value: u8, ticks: u64) {
        self.ring.push(Event {
            state,
            value,
            ticks,
        });
    }
}

impl Recorder for RingRecorder<'_> {
    #[inline]
    fn entered(&mut self, state: State, count: u32, at: Instant) {
        let ticks = ticks(self.origin, at);
        self.push_event(state, 0, ticks);
        // The end is shown on the board by the runtime, once all that the worker leaves behind is in
        // place: who sees it may take that away.
        if !state.is_over() {
            self.show(state, count, ticks);
        }
    }

    #[inline]
    fn waiting(&mut self, count: u32, at: Instant) {
        let ticks = ticks(self.origin, at);
        self.waiting = Some(ticks);
        self.show(State::Waiting, count, ticks);
    }

    #[inline]
    fn holding(&mut self, count: u32, at: Instant) {
        self.holding = ticks(self.origin, at);
        self.show(State::Holding, count, self.holding);
    }

    #[inline]
    fn released(&mut self, busy: State, count: u32, at: Instant) {
        let released = ticks(self.origin, at);
        self.show(busy, count, released);
        if let Some(waiting) = self.waiting.take() {
            self.push_event(State::Waiting, 0, waiting);
        }
        let held = Event::held(released.saturating_sub(self.holding));
        if held.is_none() {
            self.push_event(State::Holding, 0, self.holding);
        }
        self.push_event(busy, held.unwrap_or(0), released);
    }
}
