//! Settings that more than one experiment has. Those of one experiment stand with it.

use super::{Allowed, ConfigReader, Domain, OneOf, Range, RawValue, Setting, Value};
use crate::counter::{KINDS, Kind, kind};
use crate::prose;
use crate::runtime::board::MAX_WORKERS;

/// Worker threads.
pub const THREADS: Setting<Range> = Setting {
    name: "threads",
    attribute: "threads",
    domain: Range(1, MAX_WORKERS as u32),
    default: 20,
    unit: "threads",
    meaning: prose("How many worker threads share the counter."),
};

/// Increments of a worker.
pub const TIMES: Setting<Range> = Setting {
    name: "times",
    attribute: "times",
    domain: Range(1, 1000),
    default: 20,
    unit: "increments",
    meaning: prose("How often each worker increments the counter and is busy."),
};

/// Milliseconds of an IO wait.
pub const WAIT_MS: Setting<Range> = Setting {
    name: "waitMs",
    attribute: "wait-ms",
    domain: Range(0, 60_000),
    default: 50,
    unit: "ms",
    meaning: prose("How long one simulated IO wait takes."),
};

/// Multiplications of a CPU burst.
pub const LOOPS: Setting<Range> = Setting {
    name: "loops",
    attribute: "loops",
    domain: Range(0, 1_000_000_000),
    default: 1_000_000,
    unit: "multiplications",
    meaning: prose("How many multiplications one CPU burst makes."),
};

/// Nanoseconds in the critical section.
pub const HOLD_NS: Setting<Range> = Setting {
    name: "holdNs",
    attribute: "hold-ns",
    domain: Range(0, 10_000_000),
    default: 0,
    unit: "ns",
    meaning: prose("How long a worker calculates inside the critical section, besides counting."),
};

/// The counter of the runs with a lock; read by [`counter`].
pub const COUNTER: Setting<Counters> = Setting {
    name: "counter",
    attribute: "counter",
    domain: Counters,
    // The list begins with the standard library's mutex.
    default: &KINDS[0],
    unit: "",
    meaning: prose("Which counter the runs with a lock use."),
};

/// What can be switched on and off.
pub const ON_OFF: OneOf<bool> = OneOf(&["on", "off"], &[true, false]);

/// Every kind of counter that a thread can wait for.
#[derive(Debug, Clone, Copy)]
pub struct Counters;

impl Domain for Counters {
    type Value = &'static Kind;

    fn allowed(&self) -> Allowed {
        let counters = KINDS.iter().filter(|kind| kind.is_counter());
        Allowed::Choice(counters.map(|kind| kind.name).collect())
    }

    fn parse(&self, raw: &RawValue) -> Option<&'static Kind> {
        let found = kind(&raw.text).filter(|kind| kind.is_counter());
        found.filter(|kind| raw.is_text(kind.name))
    }

    fn value(&self, value: &'static Kind) -> Value {
        Value::Text(value.name.into())
    }
}

/// The chosen counter. One that only a browser has is refused if there is none.
pub fn counter(reader: &mut ConfigReader) -> &'static Kind {
    let kind = reader.get(&COUNTER);
    if !kind.is_here() {
        let here = KINDS.iter().filter(|kind| kind.is_here());
        let here: Vec<_> = here.map(|kind| kind.name).collect();
        let allowed = format!("one that needs no browser's JavaScript: {}", here.join(", "));
        reader.reject(COUNTER.name, COUNTER.attribute, allowed);
    }
    kind
}
