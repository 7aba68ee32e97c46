//! Where everything lies that the page reads while a run goes on: a [`Layout`]. Offsets come from the compiler
//! and are written nowhere else.

use std::mem::offset_of;

use serde::{Serialize, Serializer};

use super::board::{
    COORDINATOR, COUNT_BITS, COUNT_SHIFT, Header, STATE_BITS, STATE_SHIFT, Slot, State,
    StatusBoard, TICK_BITS, TICK_NS,
};
use super::live::{Row, Table};
use super::trace::{KIND_BITS, KIND_SHIFT, LAP_BITS, LAP_SHIFT, VALUE_BITS, VALUE_SHIFT};

/// Addresses are bytes in the module's memory, fields are offsets in bytes.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Layout {
    /// Nanoseconds in a tick.
    tick_ns: u32,
    /// The [`Header`].
    header: Fields,
    /// The [`Slot`]s: how many, and how far apart.
    slots: Fields,
    /// The bits of a slot's [`SlotState`](super::board::SlotState); the time is in the lowest.
    word: Fields,
    /// The bits of an [`Event`](super::trace::Event); the time is in the lowest.
    event: Fields,
    /// The states, in the order of their numbers.
    states: [State; State::ALL.len()],
    /// What the events in a master's ring mean, in the order of their numbers.
    master_events: Vec<EventKind>,
    /// The results that are written as they come.
    rows: RowLayout,
}

/// Where a [`Row`]'s fields lie, and what may stand in them.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RowLayout {
    /// Bytes from one row to the next.
    stride: usize,
    /// The version, odd while the row is written.
    version: usize,
    /// The first of its numbers, 64-bit floats.
    values: usize,
    /// The table that each experiment writes, if it does; the header says which one is being written.
    tables: Vec<Option<Table>>,
    /// What the numbers in a column "counter" stand for.
    counters: Vec<&'static str>,
}

/// One kind of event in a master's ring.
#[derive(Debug, Clone, Serialize)]
pub struct EventKind {
    /// What it is called.
    pub name: &'static str,
    /// What the post's program prints then, with `{n}` for the event's value; nothing for most.
    pub line: Option<&'static str>,
}

/// Numbers under the names that the page knows them by.
#[derive(Debug)]
struct Fields(Vec<(&'static str, usize)>);

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

impl Layout {
    /// Of this board; `tables`, `counters` and `master_events` are what experiments write.
    pub fn new(
        board: &StatusBoard,
        tables: Vec<Option<Table>>,
        counters: Vec<&'static str>,
        master_events: Vec<EventKind>,
    ) -> Layout {
        let bits = |name, bits: u32| (name, bits as usize);
        Layout {
            tick_ns: TICK_NS,
            header: Fields(vec![
                ("address", std::ptr::from_ref(&board.header).addr()),
                ("stop", offset_of!(Header, stop)),
                ("serial", offset_of!(Header, serial)),
                ("phase", offset_of!(Header, phase)),
                ("planned", offset_of!(Header, planned)),
                ("ringAddress", offset_of!(Header, ring_address)),
                ("ringCapacity", offset_of!(Header, ring_capacity)),
                ("masterRing", offset_of!(Header, master_ring)),
                ("rowsAddress", offset_of!(Header, rows_address)),
                ("rowsUsed", offset_of!(Header, rows_used)),
                ("rowsTable", offset_of!(Header, rows_table)),
                ("rowsChanges", offset_of!(Header, rows_changes)),
                ("originMs", offset_of!(Header, origin_ms)),
            ]),
            slots: Fields(vec![
                ("address", std::ptr::from_ref(board.slot(0)).addr()),
                ("stride", size_of::<Slot>()),
                ("word", offset_of!(Slot, word)),
                ("beat", offset_of!(Slot, beat)),
                ("signal", offset_of!(Slot, signal)),
                ("coordinator", COORDINATOR),
            ]),
            word: Fields(vec![
                bits("stateShift", STATE_SHIFT),
                bits("stateBits", STATE_BITS),
                bits("countShift", COUNT_SHIFT),
                bits("countBits", COUNT_BITS),
                bits("tickBits", TICK_BITS),
            ]),
            event: Fields(vec![
                bits("lapShift", LAP_SHIFT),
                bits("lapBits", LAP_BITS),
                bits("valueShift", VALUE_SHIFT),
                bits("valueBits", VALUE_BITS),
                bits("kindShift", KIND_SHIFT),
                bits("kindBits", KIND_BITS),
                bits("tickBits", TICK_BITS),
            ]),
            states: State::ALL,
            master_events,
            rows: RowLayout {
                stride: size_of::<Row>(),
                version: offset_of!(Row, version),
                values: offset_of!(Row, values),
                tables,
                counters,
            },
        }
    }
}
