//! JavaScript's own counters: those that a thread can block in implement [`Counter`]; those that can only be
//! awaited are probed in the owner worker, whose event loop is free. Their code is
//! `www/engine/js-counters.js` and `js-probes.js`.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicU64};
use std::thread;
use std::time::Duration;

use wasm_bindgen::prelude::*;
use web_time::Instant;

use crate::counter::{Cancelled, Counter, Probe, js};

#[wasm_bindgen(js_namespace = lockLabCounters)]
extern "C" {
    #[wasm_bindgen(js_name = atomicsAdd)]
    fn atomics_add(address: u32, times: u32);
    #[wasm_bindgen(js_name = plainAdd)]
    fn plain_add(address: u32, times: u32);
    #[wasm_bindgen(js_name = futexAdd)]
    fn futex_add(address: u32, times: u32);
    #[wasm_bindgen(js_name = futexTryLock)]
    fn futex_try_lock(address: u32) -> bool;
    #[wasm_bindgen(js_name = futexLockContended)]
    fn futex_lock_contended(address: u32);
    #[wasm_bindgen(js_name = futexUnlock)]
    fn futex_unlock(address: u32);
    /// Asks for operations; their end is written to the [`ProbeMailbox`] at that address.
    #[wasm_bindgen(js_name = probe)]
    fn request_probe(kind: &str, operations: f64, address: u32, serial: u32);
    #[wasm_bindgen(js_name = multiply)]
    fn multiply_there(times: u32) -> i32;
    #[wasm_bindgen(js_name = look)]
    fn look_up();
}

/// Shows what is on the board, and writes there whether to stop: what a thread that is alone does now and then.
pub fn look() {
    look_up();
}

/// The multiplications of the CPU loop, in JavaScript.
pub fn multiply(times: u64) {
    in_parts(times, |part| {
        black_box(multiply_there(part));
    });
}

/// What JavaScript sees of a counter.
#[derive(Debug, Default)]
#[repr(C, align(128))]
struct Cells {
    /// 32 bits are what JavaScript is quick with; it wraps around.
    value: AtomicI32,
    /// 0 free, 1 taken, 2 taken with waiters.
    lock: AtomicU32,
}

impl Cells {
    fn address(&self) -> u32 {
        // 32 bits are all of a wasm memory.
        (&raw const *self).addr() as u32
    }
}

/// Calls `add` with parts of `times` until all are done: JavaScript counts in 32 bits.
fn in_parts(mut times: u64, add: impl Fn(u32)) {
    while times > 0 {
        let part = times.min(1 << 30);
        // At most 2^30.
        add(part as u32);
        times -= part;
    }
}

/// A number without a lock, to which a function of JavaScript's adds: `Atomics.add`, or an unprotected `+= 1`. As with
/// `atomic`, the probe is called just before.
#[derive(Debug)]
struct Added {
    cells: Cells,
    add: fn(u32, u32),
}

impl Added {
    fn by(add: fn(u32, u32)) -> Arc<dyn Counter> {
        Arc::new(Added { cells: Cells::default(), add })
    }
}

impl Counter for Added {
    fn inc(&self) -> i64 {
        (self.add)(self.cells.address(), 1);
        self.value()
    }

    fn dec(&self) -> i64 {
        i64::from(self.cells.value.fetch_sub(1, Relaxed).wrapping_sub(1))
    }

    fn set(&self, value: i64) -> i64 {
        self.cells.value.store(value as i32, Relaxed);
        value
    }

    fn value(&self) -> i64 {
        i64::from(self.cells.value.load(Relaxed))
    }

    fn missing(&self, increments: u64) -> i64 {
        js::missing(increments, self.cells.value.load(Relaxed))
    }

    fn inc_many(&self, times: u64) -> u64 {
        in_parts(times, |part| (self.add)(self.cells.address(), part));
        times
    }
}

/// The futex mutex. Its waiters sleep, so none need be cancelled.
#[derive(Debug, Default)]
struct Futex(Cells);

impl Futex {
    fn change_and_unlock(&self, change: impl FnOnce(i32) -> i32) -> i64 {
        let value = change(self.0.value.load(Relaxed));
        self.0.value.store(value, Relaxed);
        futex_unlock(self.0.address());
        i64::from(value)
    }

    fn lock(&self) {
        if !futex_try_lock(self.0.address()) {
            futex_lock_contended(self.0.address());
        }
    }
}

impl Counter for Futex {
    fn inc(&self) -> i64 {
        self.lock();
        self.change_and_unlock(|value| value.wrapping_add(1))
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> Result<i64, Cancelled> {
        if !futex_try_lock(self.0.address()) {
            probe.blocked();
            futex_lock_contended(self.0.address());
        }
        probe.acquired();
        Ok(self.change_and_unlock(|value| value.wrapping_add(1)))
    }

    fn dec(&self) -> i64 {
        self.lock();
        self.change_and_unlock(|value| value.wrapping_sub(1))
    }

    fn set(&self, value: i64) -> i64 {
        self.lock();
        self.change_and_unlock(|_| value as i32)
    }

    fn value(&self) -> i64 {
        self.lock();
        self.change_and_unlock(|value| value)
    }

    fn missing(&self, increments: u64) -> i64 {
        // It holds 32 bits, of which none are cut off here.
        js::missing(increments, self.value() as i32)
    }

    fn inc_many(&self, times: u64) -> u64 {
        in_parts(times, |part| futex_add(self.0.address(), part));
        times
    }
}

/// The counter called `name`, if JavaScript has one that a thread can block in.
pub fn make(name: &str) -> Option<Arc<dyn Counter>> {
    match name {
        "js-atomics" => Some(Added::by(atomics_add)),
        "js-plain" => Some(Added::by(plain_add)),
        "js-futex" => Some(Arc::new(Futex::default())),
        _ => None,
    }
}

/// Where JavaScript writes the result of a probe.
#[repr(C)]
struct ProbeMailbox {
    /// The serial number of the probe that is wanted; one with another number stops.
    wanted: AtomicU32,
    /// That of the last probe that was done.
    done: AtomicU32,
    /// Whether it could be done.
    worked: AtomicU32,
    _padding: u32,
    /// How many milliseconds it took, the bits of an `f64`.
    ms: AtomicU64,
}

static MAILBOX: ProbeMailbox = ProbeMailbox {
    wanted: AtomicU32::new(0),
    done: AtomicU32::new(0),
    worked: AtomicU32::new(0),
    _padding: 0,
    ms: AtomicU64::new(0),
};

/// How often the coordinator looks for a stop, unless it is woken.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// How long a probe may take: the worker that does it may be gone.
const TIMEOUT: Duration = Duration::from_secs(10);

/// See `Host::probe`.
pub fn probe(kind: &str, operations: u64, is_stopping: &dyn Fn() -> bool) -> Option<Duration> {
    let serial = MAILBOX.wanted.fetch_add(1, Relaxed).wrapping_add(1);
    let begin = Instant::now();
    // Far fewer than an f64 counts exactly; a static's address has 32 bits.
    request_probe(kind, operations as f64, (&raw const MAILBOX).addr() as u32, serial);
    while MAILBOX.done.load(Acquire) != serial {
        if is_stopping() || begin.elapsed() > TIMEOUT {
            MAILBOX.wanted.fetch_add(1, Release);
            return None;
        }
        // The owner worker wakes every thread when the probe is done.
        thread::park_timeout(POLL_INTERVAL);
    }
    let ms = f64::from_bits(MAILBOX.ms.load(Relaxed));
    (MAILBOX.worked.load(Relaxed) == 1).then(|| Duration::from_secs_f64(ms.max(0.0) / 1e3))
}
