//! The accesses that another thread can notice, as traits: code that is generic over its word can run on a
//! word that does more at each access (a model checker's, or one that waits for permission).

use std::fmt::Debug;

use super::{AtomicI64, AtomicU32, Ordering, SPIN_LIMIT, futex};

/// A word in shared memory. The methods are those of `std::sync::atomic`.
pub trait SharedWord: Debug + Default + Send + Sync {
    /// The number in it.
    type Value: Copy + Eq + Debug;

    /// Reads the word.
    fn load(&self, order: Ordering) -> Self::Value;

    /// Writes the word.
    fn store(&self, value: Self::Value, order: Ordering);

    /// Writes the word and returns what was there.
    fn swap(&self, value: Self::Value, order: Ordering) -> Self::Value;

    /// Writes `new` if the word is `current`.
    ///
    /// # Errors
    /// What the word is instead.
    fn compare_exchange(
        &self,
        current: Self::Value,
        new: Self::Value,
        success: Ordering,
        failure: Ordering,
    ) -> Result<Self::Value, Self::Value>;

    /// Adds to the word, wrapping around, and returns what was there.
    fn fetch_add(&self, value: Self::Value, order: Ordering) -> Self::Value;
}

/// A word at which threads can block.
pub trait FutexWord: SharedWord<Value = u32> {
    /// How often to poll the word before blocking at it.
    const SPIN_LIMIT: u32;

    /// Blocks until woken, if the word is still `expected`; may return for no reason.
    fn wait(&self, expected: u32);

    /// Wakes one thread that waits at the word.
    fn wake_one(&self);
}

macro_rules! shared_words {
    ($($atomic:ty: $value:ty),+) => {
        $(impl SharedWord for $atomic {
            type Value = $value;

            #[inline(always)]
            fn load(&self, order: Ordering) -> $value {
                <$atomic>::load(self, order)
            }

            #[inline(always)]
            fn store(&self, value: $value, order: Ordering) {
                <$atomic>::store(self, value, order);
            }

            #[inline(always)]
            fn swap(&self, value: $value, order: Ordering) -> $value {
                <$atomic>::swap(self, value, order)
            }

            #[inline(always)]
            fn compare_exchange(
                &self,
                current: $value,
                new: $value,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$value, $value> {
                <$atomic>::compare_exchange(self, current, new, success, failure)
            }

            #[inline(always)]
            fn fetch_add(&self, value: $value, order: Ordering) -> $value {
                <$atomic>::fetch_add(self, value, order)
            }
        })+
    };
}

shared_words!(AtomicU32: u32, AtomicI64: i64);

impl FutexWord for AtomicU32 {
    const SPIN_LIMIT: u32 = SPIN_LIMIT;

    #[inline(always)]
    fn wait(&self, expected: u32) {
        futex::wait(self, expected);
    }

    #[inline(always)]
    fn wake_one(&self) {
        futex::wake_one(self);
    }
}
