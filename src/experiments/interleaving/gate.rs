//! Words that wait for permission before each access, so that real threads can be stepped: the counters and
//! the futex mutex run on them as they run on plain atomics. The main type is [`Gate`], one thread's.
//!
//! An access is announced, then permitted, then made, then recorded. So between two permits nothing moves, and
//! what was recorded is what the thread itself has seen.

use std::cell::RefCell;
use std::sync::Arc;

use super::machine::Op;
use crate::runtime::Runtime;
use crate::sync::Ordering::{self, Acquire, Relaxed, Release};
use crate::sync::{AtomicBool, AtomicI64, AtomicU32, FutexWord, SharedWord, futex};

/// What a thread saw of one access: the number or the lock's word that it read, or else wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// Which it was.
    pub op: Op,
    /// What was there before it; for a store what is there now. 0 for a sleep and a wake, which read nothing.
    pub value: i64,
}

/// One thread's gate. Its permits are the signal word of the worker's slot on the board, which the page can
/// raise as well as the coordinator.
pub struct Gate {
    runtime: Arc<Runtime>,
    worker: usize,
    /// Accesses that the thread has come to.
    announced: AtomicU32,
    /// Accesses that it has made.
    made: AtomicU32,
    /// The last one, as two halves: written before `made`, read after it.
    op: AtomicU32,
    value: AtomicI64,
    /// Whether the thread need not wait any more.
    is_open: AtomicBool,
}

impl Gate {
    /// The gate of this worker, without permits.
    pub fn new(runtime: Arc<Runtime>, worker: usize) -> Arc<Gate> {
        Arc::new(Gate {
            runtime,
            worker,
            announced: AtomicU32::new(0),
            made: AtomicU32::new(0),
            op: AtomicU32::new(0),
            value: AtomicI64::new(0),
            is_open: AtomicBool::new(false),
        })
    }

    fn permits(&self) -> &AtomicU32 {
        self.runtime.board().slot(self.worker).signal()
    }

    /// Counts from the start again. Only while the thread has nothing to do.
    pub fn reset(&self) {
        self.permits().store(0, Relaxed);
        self.announced.store(0, Relaxed);
        self.made.store(0, Release);
    }

    /// Permits one more access.
    pub fn permit(&self) {
        self.permits().fetch_add(1, Release);
        futex::wake_one(self.permits());
    }

    /// Lets the thread run to its end.
    pub fn open(&self) {
        self.is_open.store(true, Release);
        self.permit();
    }

    /// How many accesses the thread has come to.
    pub fn announced(&self) -> u32 {
        self.announced.load(Acquire)
    }

    /// How many accesses it has made.
    pub fn made(&self) -> u32 {
        self.made.load(Acquire)
    }

    /// The last access made. Only between two permits does it stay what it is.
    pub fn last(&self) -> Access {
        Access { op: OPS[self.op.load(Acquire) as usize], value: self.value.load(Relaxed) }
    }

    /// Waits for the permit of the next access.
    fn pass(&self) {
        let number = self.announced.fetch_add(1, Release) + 1;
        self.runtime.wake_coordinator();
        loop {
            let permits = self.permits().load(Acquire);
            if permits >= number || self.is_open.load(Acquire) {
                return;
            }
            futex::wait(self.permits(), permits);
        }
    }

    fn record(&self, op: Op, value: i64) {
        let code = OPS.iter().position(|known| *known == op);
        self.value.store(value, Relaxed);
        self.op.store(code.unwrap_or_default() as u32, Release);
        self.made.fetch_add(1, Release);
        self.runtime.wake_coordinator();
    }
}

const OPS: [Op; 8] =
    [Op::Load, Op::Store, Op::Add, Op::CompareExchange, Op::Swap, Op::Sleep, Op::Unlock, Op::Wake];

thread_local! {
    static GATE: RefCell<Option<Arc<Gate>>> = const { RefCell::new(None) };
}

/// Makes the calling thread pass this gate before each access to a gated word; `None`: none.
pub fn set_gate(gate: Option<Arc<Gate>>) {
    GATE.set(gate);
}

/// Makes one access of the calling thread's. A thread without a gate makes it at once.
fn step<R>(access: impl FnOnce() -> R, seen: impl FnOnce(&R) -> (Op, i64)) -> R {
    let gate = GATE.with_borrow(Clone::clone);
    if let Some(gate) = &gate {
        gate.pass();
    }
    let result = access();
    if let Some(gate) = &gate {
        let (op, value) = seen(&result);
        gate.record(op, value);
    }
    result
}

/// The number that is counted.
#[derive(Debug, Default)]
pub struct GatedNumber(AtomicI64);

impl SharedWord for GatedNumber {
    type Value = i64;

    fn load(&self, order: Ordering) -> i64 {
        step(|| self.0.load(order), |value| (Op::Load, *value))
    }

    fn store(&self, value: i64, order: Ordering) {
        step(|| self.0.store(value, order), |()| (Op::Store, value));
    }

    fn swap(&self, value: i64, order: Ordering) -> i64 {
        step(|| self.0.swap(value, order), |before| (Op::Swap, *before))
    }

    fn compare_exchange(
        &self,
        current: i64,
        new: i64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<i64, i64> {
        step(
            || self.0.compare_exchange(current, new, success, failure),
            |before| (Op::CompareExchange, before.unwrap_or_else(|other| other)),
        )
    }

    fn fetch_add(&self, value: i64, order: Ordering) -> i64 {
        step(|| self.0.fetch_add(value, order), |before| (Op::Add, *before))
    }
}

/// The word of a lock. A thread that comes to a taken one sleeps at once: polling is not a step that leads
/// anywhere.
#[derive(Debug, Default)]
pub struct GatedLockWord(AtomicU32);

impl SharedWord for GatedLockWord {
    type Value = u32;

    fn load(&self, order: Ordering) -> u32 {
        step(|| self.0.load(order), |value| (Op::Load, (*value).into()))
    }

    fn store(&self, value: u32, order: Ordering) {
        step(|| self.0.store(value, order), |()| (Op::Store, value.into()));
    }

    fn swap(&self, value: u32, order: Ordering) -> u32 {
        let op = if value == 0 { Op::Unlock } else { Op::Swap };
        step(|| self.0.swap(value, order), |before| (op, (*before).into()))
    }

    fn compare_exchange(
        &self,
        current: u32,
        new: u32,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u32, u32> {
        step(
            || self.0.compare_exchange(current, new, success, failure),
            |before| (Op::CompareExchange, before.unwrap_or_else(|other| other).into()),
        )
    }

    fn fetch_add(&self, value: u32, order: Ordering) -> u32 {
        step(|| self.0.fetch_add(value, order), |before| (Op::Add, (*before).into()))
    }
}

impl FutexWord for GatedLockWord {
    const SPIN_LIMIT: u32 = 0;

    /// The step is made once the thread falls asleep, which nobody sees from outside: so it is recorded just
    /// before. The word can't change in between, as nothing else is permitted.
    fn wait(&self, expected: u32) {
        step(|| (), |()| (Op::Sleep, 0));
        futex::wait(&self.0, expected);
    }

    fn wake_one(&self) {
        step(|| futex::wake_one(&raw const self.0), |()| (Op::Wake, 0));
    }
}
