//! The trace: who did what when, one ring of events a worker, read by others while it is written.
//!
//! One event is one 64-bit word, so it is never seen half written. Each carries the number of the lap in
//! which it was written: a reader at some place and lap sees from the word there whether it has been
//! written (its own lap), not yet (the lap before), or written over (any other), and needs no index from the
//! writer. The idea is the sequence number in each cell of Vyukov's bounded queue, with the data in the same
//! word.

use super::board::{State, TICK_BITS};
use crate::sync::{AtomicU64, Ordering};

/// The most events a ring holds.
pub const MAX_CAPACITY: usize = 4096;

pub(super) const KIND_BITS: u32 = 4;
pub(super) const VALUE_BITS: u32 = 8;
pub(super) const LAP_BITS: u32 = 12;
pub(super) const KIND_SHIFT: u32 = TICK_BITS;
pub(super) const VALUE_SHIFT: u32 = KIND_SHIFT + KIND_BITS;
pub(super) const LAP_SHIFT: u32 = VALUE_SHIFT + VALUE_BITS;
const TICK_MASK: u64 = (1 << TICK_BITS) - 1;
/// Laps count 1, 2, … up to this, then 1 again; 0 is a place never written.
const LAPS: u64 = (1 << LAP_BITS) - 1;

/// A worker entered a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// The state entered.
    pub state: State,
    /// 0, or one more than the ticks for which the lock had been held right before: a hold that short
    /// is no event of its own.
    pub value: u8,
    /// When, in ticks since the phase's start.
    pub ticks: u64,
}

/// The lap of the event at `position`, the number of events written before it.
fn lap_of(position: u64, capacity: u64) -> u64 {
    (position / capacity) % LAPS + 1
}

#[inline]
fn pack(lap: u64, kind: u8, value: u8, ticks: u64) -> u64 {
    lap << LAP_SHIFT
        | u64::from(value) << VALUE_SHIFT
        | u64::from(kind) << KIND_SHIFT
        | ticks.min(TICK_MASK)
}

impl Event {
    /// The value for a hold of this many ticks; `None` if it is too long for that.
    #[inline]
    pub fn held(ticks: u64) -> Option<u8> {
        u8::try_from(ticks).ok()?.checked_add(1)
    }

    #[inline]
    fn pack(self, lap: u64) -> u64 {
        pack(lap, self.state as u8, self.value, self.ticks)
    }

    fn unpack(word: u64) -> (u64, Event) {
        let event = Event {
            state: State::from_number(word >> KIND_SHIFT & ((1 << KIND_BITS) - 1)),
            // Masked to 8 bits, so it fits.
            value: (word >> VALUE_SHIFT & 0xff) as u8,
            ticks: word & TICK_MASK,
        };
        (word >> LAP_SHIFT, event)
    }
}

/// All workers' rings, one after the other in one block of memory. By default there are none.
#[derive(Debug, Default)]
pub struct Rings {
    words: Box<[AtomicU64]>,
    /// Events written by each worker in the phases that are over.
    written: Box<[AtomicU64]>,
    capacity: usize,
}

impl Rings {
    /// Room for `events` events of each of `workers` workers, rounded up to a power of two, at most
    /// [`MAX_CAPACITY`]; if more happen, the oldest go.
    ///
    /// ```
    /// assert_eq!(locklab::runtime::trace::Rings::new(20, 168).capacity(), 256);
    /// ```
    pub fn new(workers: usize, events: usize) -> Rings {
        let capacity = events.clamp(1, MAX_CAPACITY).next_power_of_two();
        Rings {
            words: (0..workers * capacity).map(|_| AtomicU64::new(0)).collect(),
            written: (0..workers).map(|_| AtomicU64::new(0)).collect(),
            capacity,
        }
    }

    /// Whether there are none: nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.written.is_empty()
    }

    /// Events a ring.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Where worker 0's ring begins.
    pub fn address(&self) -> usize {
        self.words.as_ptr().addr()
    }

    /// The writing end of a worker's ring, going on where its last one ended.
    ///
    /// There must be one at a time: two would write over each other's events, though never a torn one.
    ///
    /// # Panics
    /// If there is no such worker.
    pub fn writer(&self, worker: usize) -> Writer<'_> {
        let position = self.written[worker].load(Ordering::Acquire);
        let capacity = self.capacity as u64;
        Writer {
            ring: self.ring(worker),
            // Smaller than the capacity, a usize.
            place: (position % capacity) as usize,
            lap: lap_of(position, capacity),
            position,
            written: &self.written[worker],
        }
    }

    /// The writing end of a ring whose writer is gone without having stored its position: reading finds it.
    /// Only for when the writer is surely gone.
    ///
    /// # Panics
    /// If there is no such worker.
    pub fn resume(&self, worker: usize) -> Writer<'_> {
        let mut reader = self.reader(worker);
        while reader.next_event().is_some() {}
        self.written[worker].store(reader.position, Ordering::Release);
        self.writer(worker)
    }

    /// A reading end of a worker's ring, at its first event.
    ///
    /// # Panics
    /// If there is no such worker.
    pub fn reader(&self, worker: usize) -> Reader<'_> {
        Reader { ring: self.ring(worker), position: 0, lost: 0 }
    }

    /// Events written by all workers, and how many of them have been written over; counted when a
    /// worker's writer is dropped.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        for written in &self.written {
            let written = written.load(Ordering::Acquire);
            totals.events += written;
            totals.overwritten += written.saturating_sub(self.capacity as u64);
        }
        totals
    }

    fn ring(&self, worker: usize) -> &[AtomicU64] {
        &self.words[worker * self.capacity..][..self.capacity]
    }
}

/// How many events there were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Events written.
    pub events: u64,
    /// Events gone because newer ones took their place.
    pub overwritten: u64,
}

/// A worker's end of its ring.
#[derive(Debug)]
pub struct Writer<'a> {
    ring: &'a [AtomicU64],
    /// Where the next event goes, and its lap; both follow from `position`, without a division.
    place: usize,
    lap: u64,
    position: u64,
    written: &'a AtomicU64,
}

impl Writer<'_> {
    /// Writes one event, over the oldest if the ring is full.
    #[inline]
    pub fn push(&mut self, event: Event) {
        self.put(event.pack(self.lap));
    }

    /// Writes one event of another kind than a worker's, likewise: `ticks` since the phase's start.
    pub fn push_kind(&mut self, kind: u8, value: u8, ticks: u64) {
        self.put(pack(self.lap, kind, value, ticks));
    }

    #[inline]
    fn put(&mut self, word: u64) {
        self.ring[self.place].store(word, Ordering::Release);
        self.place += 1;
        if self.place == self.ring.len() {
            self.place = 0;
            self.lap = self.lap % LAPS + 1;
        }
        self.position += 1;
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        self.written.store(self.position, Ordering::Release);
    }
}

/// A reading end of a worker's ring.
#[derive(Debug)]
pub struct Reader<'a> {
    ring: &'a [AtomicU64],
    position: u64,
    lost: u64,
}

impl Reader<'_> {
    /// The next event, or `None` if there is none yet.
    ///
    /// Events that were written over before they were read are skipped and counted as [lost](Reader::lost).
    /// Laps can be told apart unless the writer is 4094 of them ahead.
    pub fn next_event(&mut self) -> Option<Event> {
        let capacity = self.ring.len() as u64;
        loop {
            let place = (self.position & (capacity - 1)) as usize;
            let (lap, event) = Event::unpack(self.ring[place].load(Ordering::Acquire));
            let own = lap_of(self.position, capacity);
            if lap == own {
                self.position += 1;
                return Some(event);
            }
            let ahead = if lap == 0 { LAPS - 1 } else { (lap + LAPS - own) % LAPS };
            if ahead == LAPS - 1 {
                return None;
            }
            // The writer is `ahead` laps further at this very place, so all that it wrote up to one
            // lap before this place is gone.
            let oldest = self.position + (ahead - 1) * capacity + 1;
            self.lost += oldest - self.position;
            self.position = oldest;
        }
    }

    /// Events that were gone before they could be read.
    pub fn lost(&self) -> u64 {
        self.lost
    }
}

#[cfg(test)]
mod tests;
