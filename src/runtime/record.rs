//! Records what a worker does: a [`Recorder`] is called at each step, and writes it to the worker's slot on the
//! board and to its event ring.

use web_time::Instant;

use super::board::{Slot, SlotState, State, TICK_NS};
use super::trace::{Event, Writer};

/// Ticks from `origin` to `at`; 0 if another worker's clock runs a little behind.
#[inline]
pub fn ticks(origin: Instant, at: Instant) -> u64 {
    let since = at.saturating_duration_since(origin);
    // Not `as_nanos`: its 128-bit division costs more than the event.
    let per_second = u64::from(1_000_000_000 / TICK_NS);
    since.as_secs() * per_second + u64::from(since.subsec_nanos() / TICK_NS)
}

/// Notes what a worker does, when it does it.
///
/// An atomic store costs wasm some five nanoseconds, whatever its ordering, so there are few: if the lock is
/// free, an increment makes one inside the critical section (the board says "holding") and two after it (the
/// board says "busy", the ring gets its event, which has in it how long the lock was held). Only a wait, or
/// a hold too long for that, is an event of its own.
#[derive(Debug)]
pub struct Recorder<'a> {
    slot: &'a Slot,
    ring: Writer<'a>,
    origin: Instant,
    waiting: Option<u64>,
    holding: u64,
}

impl<'a> Recorder<'a> {
    /// Writes to `slot` and `ring`, with times since `origin`.
    pub fn new(slot: &'a Slot, ring: Writer<'a>, origin: Instant) -> Recorder<'a> {
        Recorder { slot, ring, origin, waiting: None, holding: 0 }
    }

    #[inline]
    fn show(&self, state: State, count: u32, ticks: u64) {
        self.slot.write(SlotState { state, count, ticks });
    }

    #[inline]
    fn push_event(&mut self, state: State, value: u8, ticks: u64) {
        self.ring.push(Event { state, value, ticks });
    }

    /// It began, ended, or began to be busy without having touched a counter.
    #[inline]
    pub fn entered(&mut self, state: State, count: u32, at: Instant) {
        let ticks = ticks(self.origin, at);
        self.push_event(state, 0, ticks);
        // The board shows the end once the ring is closed.
        if !state.is_over() {
            self.show(state, count, ticks);
        }
    }

    /// It wants the lock, and another has it.
    #[inline]
    pub fn waiting(&mut self, count: u32, at: Instant) {
        let ticks = ticks(self.origin, at);
        self.waiting = Some(ticks);
        self.show(State::Waiting, count, ticks);
    }

    /// It is in the critical section: others wait meanwhile.
    #[inline]
    pub fn holding(&mut self, count: u32, at: Instant) {
        self.holding = ticks(self.origin, at);
        self.show(State::Holding, count, self.holding);
    }

    /// It is out again, and busy: the time to write what the two before only noted.
    #[inline]
    pub fn released(&mut self, busy: State, count: u32, at: Instant) {
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

#[cfg(all(test, not(loom)))]
mod tests {
    use std::time::Duration;

    use super::super::board::StatusBoard;
    use super::super::trace::Rings;
    use super::*;

    #[test]
    fn what_a_worker_does_is_recorded_as_it_happened_and_in_its_order() {
        let (board, rings) = (Box::new(StatusBoard::new()), Rings::new(1, 16));
        let origin = Instant::now();
        let at = |us| origin + Duration::from_micros(us);
        let mut recorder = Recorder::new(board.slot(0), rings.writer(0), origin);
        let shown = || board.slot(0).read();
        recorder.entered(State::Starting, 0, at(1));
        recorder.holding(0, at(5));
        assert_eq!(shown(), SlotState { state: State::Holding, count: 0, ticks: 50 });
        recorder.released(State::Cpu, 1, at(7));
        assert_eq!(shown(), SlotState { state: State::Cpu, count: 1, ticks: 70 });
        recorder.waiting(1, at(10));
        assert_eq!(shown().state, State::Waiting);
        recorder.holding(1, at(20));
        // Too long for the event behind it.
        recorder.released(State::Cpu, 2, at(900));
        recorder.entered(State::Done, 2, at(1000));
        assert_eq!(shown().state, State::Cpu, "the end is shown once the ring is closed");
        drop(recorder);
        let mut reader = rings.reader(0);
        let read: Vec<_> = std::iter::from_fn(|| reader.next_event())
            .map(|event| (event.state, event.value, event.ticks))
            .collect();
        let written = [
            (State::Starting, 0, 10),
            (State::Cpu, 21, 70),
            (State::Waiting, 0, 100),
            (State::Holding, 0, 200),
            (State::Cpu, 0, 9000),
            (State::Done, 0, 10_000),
        ];
        assert_eq!(read, written);
    }
}
