//! What the two threads add to: the racy and the atomic counter and the futex mutex, over whatever words they
//! are to run on.

use super::machine::Protection;
use crate::counter::Counter;
use crate::counter::atomic::Atomic;
use crate::counter::racy::Racy;
use crate::lock::futex::FutexLock;
use crate::lock::{Lock, LockObserver};
use crate::sync::{FutexWord, SharedWord};

/// A number, and what protects it. `N` is the number's word, `L` the lock's.
#[derive(Debug)]
pub enum Subject<N, L> {
    /// Nothing.
    Racy(Racy<N>),
    /// The processor.
    Atomic(Atomic<N>),
    /// A lock around the racy number.
    Futex(FutexLock<L>, Racy<N>),
}

impl<N: SharedWord<Value = i64>, L: FutexWord> Subject<N, L> {
    /// With the number at 0.
    pub fn new(protection: Protection) -> Subject<N, L> {
        match protection {
            Protection::Racy => Subject::Racy(Racy::default()),
            Protection::Atomic => Subject::Atomic(Atomic::default()),
            Protection::Futex => Subject::Futex(FutexLock::default(), Racy::default()),
        }
    }

    /// Adds one, with `hold` between reading and writing where there is a between, and returns what was read.
    #[inline]
    pub fn add_one(&self, observer: &mut impl LockObserver, hold: impl Fn()) -> i64 {
        let read_and_write = |number: &Racy<N>| {
            let read = number.value();
            hold();
            number.set(read + 1);
            read
        };
        match self {
            Subject::Racy(number) => read_and_write(number),
            Subject::Atomic(number) => number.inc() - 1,
            // Without a way to cancel, a lock is always acquired.
            Subject::Futex(lock, number) => {
                lock.lock_with(observer, None, || read_and_write(number)).unwrap_or_default()
            }
        }
    }

    /// Sets the number.
    pub fn set(&self, value: i64) {
        match self {
            Subject::Racy(number) | Subject::Futex(_, number) => number.set(value),
            Subject::Atomic(number) => number.set(value),
        };
    }
}
