//! The status board: who does what now, a [`Header`] and one [`Slot`] a worker in memory that the page reads
//! while they work. A slot's state is one word, so that nobody sees it half written.

use serde::Serialize;

use crate::sync::{AtomicU32, AtomicU64, Ordering};

/// The most workers that can work at once.
pub const MAX_WORKERS: usize = 128;

/// The coordinator's slot, after all the workers'.
pub const COORDINATOR: usize = MAX_WORKERS;

/// Nanoseconds in a tick, the unit of time on the board and in the rings.
pub const TICK_NS: u32 = 100;

/// Bits of a time, in ticks since the phase's start: 30 hours.
pub const TICK_BITS: u32 = 40;
/// Bits of a number of increments; it saturates.
pub const COUNT_BITS: u32 = 20;
/// Bits of a state.
pub const STATE_BITS: u32 = 4;

pub(super) const COUNT_SHIFT: u32 = TICK_BITS;
pub(super) const STATE_SHIFT: u32 = TICK_BITS + COUNT_BITS;
const TICK_MASK: u64 = (1 << TICK_BITS) - 1;
const COUNT_MASK: u64 = (1 << COUNT_BITS) - 1;

/// What a worker is doing. The page knows it by its name: "idle", "starting", …
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum State {
    /// There is no worker in this slot.
    Idle,
    /// It has a thread and waits to be released, or was just released.
    Starting,
    /// It wants the lock.
    Waiting,
    /// It is in the critical section.
    Holding,
    /// It waits, as for a disk.
    Io,
    /// It calculates.
    Cpu,
    /// It has done all it had to.
    Done,
    /// It was asked to stop and did.
    Stopped,
    /// It panicked.
    Failed,
    /// It is known to be dead: another thread found that out and wrote it.
    Gone,
}

impl State {
    /// All states; a state's place in this list is its number in shared memory.
    pub const ALL: [State; 10] = [
        State::Idle,
        State::Starting,
        State::Waiting,
        State::Holding,
        State::Io,
        State::Cpu,
        State::Done,
        State::Stopped,
        State::Failed,
        State::Gone,
    ];

    /// The state with this number, or `Idle` if there is none.
    pub fn from_number(number: u64) -> State {
        usize::try_from(number)
            .ok()
            .and_then(|number| Self::ALL.get(number).copied())
            .unwrap_or(State::Idle)
    }

    /// Whether the worker will do nothing more in this phase.
    pub const fn is_over(self) -> bool {
        matches!(self, State::Done | State::Stopped | State::Failed | State::Gone)
    }
}

/// All that a slot says of its worker, in one 64-bit word: one store writes it and one load reads
/// it, so it can never be half old and half new.
///
/// ```
/// use locklab::runtime::board::{State, SlotState};
///
/// let word = SlotState { state: State::Holding, count: 7, ticks: 12_345 };
/// assert_eq!(SlotState::unpack(word.pack()), word);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotState {
    /// What it does.
    pub state: State,
    /// Increments so far, in this phase.
    pub count: u32,
    /// When it began to do that, in ticks since the phase's start.
    pub ticks: u64,
}

impl SlotState {
    /// As one number; counts and times too large for their bits saturate.
    #[inline]
    pub fn pack(self) -> u64 {
        (self.state as u64) << STATE_SHIFT
            | u64::from(self.count).min(COUNT_MASK) << COUNT_SHIFT
            | self.ticks.min(TICK_MASK)
    }

    /// From one number.
    pub fn unpack(word: u64) -> SlotState {
        SlotState {
            state: State::from_number(word >> STATE_SHIFT),
            // Masked to 20 bits, so it fits.
            count: (word >> COUNT_SHIFT & COUNT_MASK) as u32,
            ticks: word & TICK_MASK,
        }
    }
}

/// What the page reads before it looks at any slot.
#[derive(Debug, Default)]
#[repr(C, align(128))]
pub struct Header {
    /// Not 0: every thread is asked to stop.
    pub stop: AtomicU32,
    /// Counts phase starts; increased last, when all else here is set.
    pub serial: AtomicU32,
    /// Which phase of the run, from 0.
    pub phase: AtomicU32,
    /// Increments planned in this phase, all workers together.
    pub planned: AtomicU32,
    /// Address of worker 0's event ring, the others' behind it; 0 if nothing is recorded.
    pub ring_address: AtomicU32,
    /// Events a ring.
    pub ring_capacity: AtomicU32,
    /// Not 0: behind the workers' rings there is one more, the master's.
    pub master_ring: AtomicU32,
    /// Address of the first row of results; 0 if there are none.
    pub rows_address: AtomicU32,
    /// Rows that have been written at least once; they are the first ones.
    pub rows_used: AtomicU32,
    /// Whose they are: the number of the experiment.
    pub rows_table: AtomicU32,
    /// Counts writes of rows.
    pub rows_changes: AtomicU32,
    /// When the phase began: milliseconds since the Unix epoch, the bits of an `f64`.
    pub origin_ms: AtomicU64,
}

/// One worker's cache lines, two of them as in [`CachePadded`](crate::sync::CachePadded): only its worker writes
/// it, but for `signal`, and once it is dead.
#[derive(Debug, Default)]
#[repr(C, align(128))]
pub struct Slot {
    pub(super) word: AtomicU64,
    pub(super) beat: AtomicU32,
    pub(super) signal: AtomicU32,
}

impl Slot {
    /// Says what the worker does. A thread that sees it sees all that the worker wrote before.
    #[inline]
    pub fn write(&self, word: SlotState) {
        self.word.store(word.pack(), Ordering::Release);
    }

    /// What the worker does.
    pub fn read(&self) -> SlotState {
        SlotState::unpack(self.word.load(Ordering::Acquire))
    }

    /// Shows that the worker lives. Only the worker itself calls it.
    #[inline]
    pub fn beat(&self) {
        // Only this worker writes, so no other addition can get lost.
        let beats = self.beat.load(Ordering::Relaxed);
        self.beat.store(beats.wrapping_add(1), Ordering::Relaxed);
    }

    /// How often it showed that it lives; wraps around.
    pub fn beats(&self) -> u32 {
        self.beat.load(Ordering::Relaxed)
    }

    /// What the page or the coordinator tells this worker: a number, whose meaning is the experiment's.
    /// Where workers can be killed, anything but 0 asks for it.
    #[inline]
    pub fn signal(&self) -> &AtomicU32 {
        &self.signal
    }

    /// Asks the worker to die at its next step.
    pub fn kill(&self) {
        self.signal.store(1, Ordering::Release);
    }

    /// Says of a worker that it is dead, as it can't say so itself.
    pub fn mark_dead(&self, ticks: u64) {
        let count = self.read().count;
        self.write(SlotState { state: State::Gone, count, ticks });
    }

    /// Whether it is to die.
    #[inline]
    pub fn is_killed(&self) -> bool {
        self.signal.load(Ordering::Relaxed) != 0
    }

    /// Shows that the worker lives.
    ///
    /// # Panics
    /// If it is killed.
    #[inline]
    pub fn check_alive(&self) {
        self.beat();
        if self.is_killed() {
            panic_killed();
        }
    }
}

#[cold]
#[inline(never)]
fn panic_killed() -> ! {
    panic!("killed by the reader");
}

/// The header and all slots: one block of memory that never moves.
#[derive(Debug)]
#[repr(C, align(128))]
pub struct StatusBoard {
    /// What holds for all.
    pub header: Header,
    slots: [Slot; MAX_WORKERS + 1],
}

impl StatusBoard {
    /// An empty board.
    #[allow(clippy::new_without_default, reason = "a board is made once, knowingly")]
    pub fn new() -> StatusBoard {
        StatusBoard { header: Header::default(), slots: std::array::from_fn(|_| Slot::default()) }
    }

    /// The slot of the worker with this index, or [`COORDINATOR`]'s.
    ///
    /// # Panics
    /// If `index` is larger than [`COORDINATOR`].
    #[inline]
    pub fn slot(&self, index: usize) -> &Slot {
        &self.slots[index]
    }

    /// Empties the workers' slots before a phase's workers take them.
    pub fn clear(&self) {
        for slot in &self.slots[..MAX_WORKERS] {
            slot.word.store(0, Ordering::Release);
            slot.signal.store(0, Ordering::Relaxed);
        }
    }

    /// Announces a phase, just before its workers are released: its number in the run, the increments planned
    /// of all workers together, and now, in milliseconds since the Unix epoch.
    pub fn begin(&self, phase: u32, planned: u32, origin_ms: f64) {
        let header = &self.header;
        header.phase.store(phase, Ordering::Relaxed);
        header.planned.store(planned, Ordering::Relaxed);
        header.origin_ms.store(origin_ms.to_bits(), Ordering::Relaxed);
        header.serial.fetch_add(1, Ordering::Release);
    }

    /// Whether every thread is asked to stop.
    #[inline]
    pub fn is_stopping(&self) -> bool {
        self.header.stop.load(Ordering::Relaxed) != 0
    }

    /// Asks every thread to stop, or takes that back.
    pub fn set_stopping(&self, stop: bool) {
        self.header.stop.store(u32::from(stop), Ordering::Release);
    }
}

#[cfg(test)]
mod tests;
