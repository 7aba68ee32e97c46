//! A number that one thread owns, its server: the others send it requests and wait for the replies.
//!
//! Hoare, "Communicating Sequential Processes" (CACM 1978); "share memory by communicating", as Go says it.
//! Requests go through `std::sync::mpsc`, bounded, so that sending allocates nothing; a reply comes back in one
//! word for each thread.

use std::sync::atomic::{AtomicBool, AtomicU32 as Word};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Cancelled, Counter, Probe, Server};
use crate::busy;
use crate::sync::Ordering::{AcqRel, Acquire, Relaxed, Release};
use crate::sync::{
    AtomicI64, AtomicU32, CachePadded, SPIN_LIMIT, futex, load_relaxed, spin_loop, thread_index,
};

/// Slots for replies, and requests under way: as many as there can be threads. More threads share a slot, one
/// after the other.
const SLOTS: usize = 128;

const PENDING: u32 = 0;
const REPLIED: u32 = 1;
const CANCELLED: u32 = 2;

/// Where a thread waits for its reply.
#[derive(Debug, Default)]
#[repr(align(128))]
struct ReplySlot {
    /// Held by the thread that has a request under way.
    in_use: Mutex<()>,
    value: AtomicI64,
    /// [`PENDING`]; [`REPLIED`], and `value` is there; or [`CANCELLED`].
    state: AtomicU32,
}

#[derive(Debug, Clone, Copy)]
enum Op {
    Add(i64),
    Set(i64),
}

/// An operation under way. It always ends in a reply: one that is dropped unanswered is cancelled.
#[derive(Debug)]
struct Request {
    op: Op,
    slot: Arc<ReplySlot>,
    reply: Result<i64, Cancelled>,
}

impl Drop for Request {
    fn drop(&mut self) {
        let state = match self.reply {
            Ok(value) => {
                self.slot.value.store(value, Relaxed);
                REPLIED
            }
            Err(Cancelled) => CANCELLED,
        };
        self.slot.state.store(state, Release);
        futex::wake_one(&raw const self.slot.state);
    }
}

/// The number and the way to its server. The probe is called as blocked where the reply is not there at once,
/// and as acquired when it is: the wait is the whole way there and back.
///
/// Once cancelled, or without a server, an increment is cancelled, and the four operations are done by the
/// thread that asks.
#[derive(Debug)]
#[repr(align(128))]
pub(super) struct Channel {
    /// Apart from what the others read: the server writes it each time.
    value: CachePadded<AtomicI64>,
    /// `None` only wakes the server.
    sender: SyncSender<Option<Request>>,
    slots: Box<[Arc<ReplySlot>]>,
    cancelled: AtomicBool,
}

impl Channel {
    pub(super) fn with_server() -> (Arc<dyn Counter>, Server) {
        let (sender, receiver) = sync_channel::<Option<Request>>(SLOTS);
        let channel = Arc::new(Channel {
            value: CachePadded(AtomicI64::new(0)),
            sender,
            slots: (0..SLOTS).map(|_| Arc::default()).collect(),
            cancelled: AtomicBool::new(false),
        });
        let served = Arc::clone(&channel);
        // Dropping the receiver, here or without ever being run, cancels the requests that are left.
        let server = move || {
            while !served.is_cancelled()
                && let Ok(Some(mut request)) = receiver.recv()
            {
                request.reply = Ok(served.apply(request.op));
            }
        };
        (channel, Box::new(server))
    }

    /// Sends a request and waits for its reply.
    fn call(&self, op: Op, blocked: impl FnOnce()) -> Result<i64, Cancelled> {
        if self.is_cancelled() {
            return Err(Cancelled);
        }
        let slot = &self.slots[thread_index() % SLOTS];
        let _in_use = slot.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        slot.state.store(PENDING, Relaxed);
        let request = Request { op, slot: Arc::clone(slot), reply: Err(Cancelled) };
        // Without a server the request comes back, and is dropped.
        drop(self.sender.send(Some(request)));
        let is_pending = || slot.state.load(Acquire) == PENDING;
        if is_pending() {
            blocked();
            let spins = (0..SPIN_LIMIT).any(|_| {
                spin_loop();
                !is_pending()
            });
            while !spins && is_pending() {
                futex::wait(&slot.state, PENDING);
            }
        }
        match slot.state.load(Acquire) {
            REPLIED => Ok(slot.value.load(Relaxed)),
            _ => Err(Cancelled),
        }
    }

    fn apply(&self, op: Op) -> i64 {
        match op {
            Op::Add(by) => self.value.0.fetch_add(by, AcqRel) + by,
            Op::Set(to) => {
                self.value.0.store(to, Release);
                to
            }
        }
    }

    fn call_or_apply(&self, op: Op) -> i64 {
        self.call(op, || ()).unwrap_or_else(|_| self.apply(op))
    }
}

impl Counter for Channel {
    fn inc(&self) -> i64 {
        self.call_or_apply(Op::Add(1))
    }

    fn dec(&self) -> i64 {
        self.call_or_apply(Op::Add(-1))
    }

    fn set(&self, value: i64) -> i64 {
        self.call_or_apply(Op::Set(value))
    }

    fn value(&self) -> i64 {
        self.value.0.load(Acquire)
    }

    fn inc_probed(&self, probe: &mut dyn Probe) -> Result<i64, Cancelled> {
        let value = self.call(Op::Add(1), || probe.blocked())?;
        probe.acquired();
        Ok(value)
    }

    fn inc_many(&self, times: u64) -> u64 {
        let cancelled = |_: &u64| self.call(Op::Add(1), || ()).is_err();
        (0..times).find(cancelled).unwrap_or(times)
    }

    fn inc_while(&self, times: u64, hold: u64, word: &Word, value: u32) -> u64 {
        for done in 0..times {
            if self.call(Op::Add(1), || ()).is_err() {
                return done;
            }
            busy::compute(hold);
            if load_relaxed(word) != value {
                return done + 1;
            }
        }
        times
    }

    fn cancel(&self) {
        self.cancelled.store(true, Release);
        // If the channel is full, the server is awake and sees the flag anyway.
        let _ = self.sender.try_send(None);
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Acquire)
    }
}
