//! Where everything on the board lies, for who reads it from outside: offsets come from the compiler
//! and are written nowhere else. Not here: what it means.

use std::mem::offset_of;

use serde::Serialize;

use super::rows::Row;
use super::{
    COORDINATOR, COUNT_BITS, COUNT_SHIFT, Header, MasterEvent, STATE_BITS, STATE_SHIFT, Slot,
    State, StatusBoard, TICK_BITS, TICK_NS, Table,
};
use crate::runtime::trace::EventLayout;

/// Where everything lies; addresses are bytes in the module's memory, fields are offsets in bytes.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Layout {
    /// Nanoseconds in a tick.
    pub tick_ns: u32,
    /// The [`Header`].
    pub header: HeaderLayout,
    /// The [`Slot`]s.
    pub slots: SlotLayout,
    /// The bits of a slot's [`SlotState`].
    pub word: WordLayout,
    /// The bits of an [`Event`](crate::runtime::trace::Event).
    pub event: EventLayout,
    /// The names of the states, in the order of their numbers.
    pub states: Vec<&'static str>,
    /// What the events in a master's ring mean, in the order of their numbers.
    pub master_events: Vec<MasterEventLayout>,
    /// The results that are written as they come.
    pub rows: RowLayout,
}

/// Where a [`Row`]'s fields lie, and what may stand in them.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RowLayout {
    /// Bytes from one row to the next.
    pub stride: usize,
    /// The version, odd while the row is written.
    pub version: usize,
    /// The first of its numbers, 64-bit floats.
    pub values: usize,
    /// The tables that there are; the header says which one is being written.
    pub tables: &'static [Table],
    /// What the numbers in a column "counter" stand for.
    pub counters: Vec<&'static str>,
}

/// One kind of event in a master's ring.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MasterEventLayout {
    /// What it is called.
    pub name: &'static str,
    /// What the post's program prints then, with `{n}` for the event's value; nothing for most.
    pub line: Option<&'static str>,
}

impl MasterEventLayout {
    fn of(event: MasterEvent) -> MasterEventLayout {
        MasterEventLayout {
            name: event.name(),
            line: event.line(),
        }
    }
}

/// Where the [`Header`]'s fields lie.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of Header")]
pub struct HeaderLayout {
    pub address: usize,
    pub stop: usize,
    pub serial: usize,
    pub phase: usize,
    pub workers: usize,
    pub planned: usize,
    pub ring_address: usize,
    pub ring_capacity: usize,
    pub master_ring: usize,
    pub rows_address: usize,
    pub rows_used: usize,
    pub rows_table: usize,
    pub rows_changes: usize,
    pub origin_ms: usize,
}

/// Where the [`Slot`]s and their fields lie.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of Slot")]
pub struct SlotLayout {
    pub address: usize,
    /// How many, the master's included.
    pub count: usize,
    /// Bytes from one to the next.
    pub stride: usize,
    pub word: usize,
    pub beat: usize,
    pub kill: usize,
    /// The index of the master's.
    pub master: usize,
}

/// The bits of a [`SlotState`]; the time is in the lowest.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the fields are those of SlotState")]
pub struct WordLayout {
    pub state_shift: u32,
    pub state_bits: u32,
    pub count_shift: u32,
    pub count_bits: u32,
    pub tick_bits: u32,
}

impl StatusBoard {
    /// Where everything lies in memory, for who reads it from outside; `tables` and `counters` are what
    /// the experiments write into rows.
    pub fn layout(&self, tables: &'static [Table], counters: Vec<&'static str>) -> Layout {
        Layout {
            tick_ns: TICK_NS,
            header: HeaderLayout {
                address: std::ptr::from_ref(&self.header).addr(),
                stop: offset_of!(Header, stop),
                serial: offset_of!(Header, serial),
                phase: offset_of!(Header, phase),
                workers: offset_of!(Header, workers),
                planned: offset_of!(Header, planned),
                ring_address: offset_of!(Header, ring_address),
                ring_capacity: offset_of!(Header, ring_capacity),
                master_ring: offset_of!(Header, master_ring),
                rows_address: offset_of!(Header, rows_address),
                rows_used: offset_of!(Header, rows_used),
                rows_table: offset_of!(Header, rows_table),
                rows_changes: offset_of!(Header, rows_changes),
                origin_ms: offset_of!(Header, origin_ms),
            },
            slots: SlotLayout {
                address: self.slots.as_ptr().addr(),
                count: self.slots.len(),
                stride: size_of::<Slot>(),
                word: offset_of!(Slot, word),
                beat: offset_of!(Slot, beat),
                kill: offset_of!(Slot, kill),
                master: COORDINATOR,
            },
            word: WordLayout {
                state_shift: STATE_SHIFT,
                state_bits: STATE_BITS,
                count_shift: COUNT_SHIFT,
                count_bits: COUNT_BITS,
                tick_bits: TICK_BITS,
            },
            event: EventLayout::new(),
            states: State::ALL.map(State::name).to_vec(),
            master_events: MasterEvent::ALL.map(MasterEventLayout::of).to_vec(),
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
