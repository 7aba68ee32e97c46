//! What is measured on the master's own thread before the runs: the price of a lock, of a
//! multiplication, and of recording. Not here: how a price is found (`measure::price`).

use std::hint::black_box;
use std::time::Duration;

use web_time::Instant;

use super::Harness;
use super::board::{State, StatusBoard};
use super::record::RingRecorder;
use super::trace::Rings;
use crate::busy;
use crate::counter::{Kind, Side};
use crate::experiment::report::PriceRow;
use crate::measure::price::{self, Plan};
use crate::measure::rounded;
use crate::worker::Recorder;

fn plan(step: Duration, budget_ms: u64, samples: usize) -> Plan {
    Plan {
        step,
        warm_up: Duration::from_millis(budget_ms),
        budget: Duration::from_millis(budget_ms),
        samples,
    }
}

/// The price of one increment of a counter of this kind, one thread alone; in about 0.1 to 0.2 s.
/// `None` where it lost count though it must not, or a stop came in between.
pub fn counter_price(harness: &Harness, kind: &Kind, step: Duration) -> Option<PriceRow> {
    let counter = harness.counter(kind);
    let mut made: u64 = 0;
    let price = price::price(
        plan(step, 80, 60),
        &mut |operations| {
            made += counter.inc_many(operations);
        },
        &|| !harness.is_stopping(),
    )?;
    let lost = if kind.shared {
        made as i64 - counter.value()
    } else {
        0
    };
    (!kind.exact || lost == 0).then(|| PriceRow {
        counter: kind.name.to_owned(),
        side: match kind.side {
            Side::Wasm => harness.host().side(),
            Side::Js => Side::Js.name(),
        }
        .to_owned(),
        threads: 1,
        ns_per_op: rounded(price.ns.median, 3),
        low_ns: rounded(price.ns.low, 3),
        high_ns: rounded(price.ns.high, 3),
        samples: price.samples as u32,
        operations: price.operations,
        lost,
        ..PriceRow::default()
    })
}

/// The same, roughly and in some 20 ms: nanoseconds.
pub fn quick_price_ns(harness: &Harness, kind: &Kind, step: Duration) -> Option<f64> {
    let counter = harness.counter(kind);
    let mut increment = |operations| {
        counter.inc_many(operations);
    };
    let price = price::price(plan(step, 10, 9), &mut increment, &|| {
        !harness.is_stopping()
    })?;
    Some(price.ns.median)
}

/// Nanoseconds one multiplication of the CPU loop takes, one thread alone. It also lets a browser
/// optimise the loop before anyone is timed in it.
pub fn multiplication_ns(harness: &Harness, step: Duration) -> Option<f64> {
    let mut multiply = |times| {
        black_box(busy::multiply(black_box(3), times));
    };
    let price = price::price(plan(step, 40, 20), &mut multiply, &|| {
        !harness.is_stopping()
    })?;
    Some(price.ns.median)
}

/// Nanoseconds that recording adds to one event, on a board and a ring of its own: an increment with
/// a free lock is two, that the lock is held and that it is given back. `None` where nothing is
/// recorded.
pub fn event_ns(harness: &Harness, step: Duration) -> Option<f64> {
    if !harness.recording {
        return None;
    }
    const EVENTS: u64 = 2;
    let board = Box::new(StatusBoard::new());
    let rings = Rings::new(1, 256);
    let origin = Instant::now();
    let mut recording = RingRecorder::new(board.slot(0), rings.writer(0), origin);
    let mut increments = |times| {
        for count in 0..times {
            // Not a number that the compiler could see through.
            let at = black_box(origin);
            recording.holding(count as u32, at);
            recording.released(State::Io, count as u32, at);
        }
    };
    let price = price::price(plan(step, 15, 20), &mut increments, &|| {
        !harness.is_stopping()
    })?;
    Some(rounded(price.ns.median / EVENTS as f64, 3))
}
