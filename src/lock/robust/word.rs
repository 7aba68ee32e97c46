//! The word of a lock that knows its holder: should the holder die, another thread takes the lock over, and
//! every holder after that learns whose critical section was left unfinished, until one repairs it. Who is
//! dead, and how to wait, is for the caller to know.
//!
//! A POSIX robust mutex gives the next locker `EOWNERDEAD`; if that one unlocks without
//! `pthread_mutex_consistent`, the mutex is lost. Rust's mutex tells each locker that it is poisoned until
//! `clear_poison`, but only an unwinding thread poisons it: one that is killed, or whose panic aborts, leaves
//! it locked. This one survives what POSIX's does, and reports as Rust's does.

use crate::sync::{AtomicU64, Ordering};

/// `owner` and `owner_died` are a thread's number plus one.
const THREAD_BITS: u32 = 9;
const THREAD_MASK: u64 = (1 << THREAD_BITS) - 1;
const OWNER_DIED_SHIFT: u32 = THREAD_BITS;
const WAITERS: u64 = 1 << (2 * THREAD_BITS);
const GENERATION_SHIFT: u32 = 32;

/// What the word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// The thread that holds the lock.
    pub owner: Option<u8>,
    /// The last thread that died as the owner, until its critical section is repaired.
    pub owner_died: Option<u8>,
    /// Whether a thread may be asleep until the lock is free.
    pub has_waiters: bool,
    /// How often the lock was acquired, so that no two holds look alike; wraps around.
    pub generation: u32,
}

impl State {
    /// The state as one number.
    pub(super) fn pack(self) -> u64 {
        let thread = |thread: Option<u8>| thread.map_or(0, |thread| u64::from(thread) + 1);
        thread(self.owner)
            | thread(self.owner_died) << OWNER_DIED_SHIFT
            | if self.has_waiters { WAITERS } else { 0 }
            | u64::from(self.generation) << GENERATION_SHIFT
    }

    /// The state from one number.
    pub(super) fn unpack(word: u64) -> State {
        // At most 256, so one less fits.
        let thread = |bits: u64| (bits & THREAD_MASK).checked_sub(1).map(|thread| thread as u8);
        State {
            owner: thread(word),
            owner_died: thread(word >> OWNER_DIED_SHIFT),
            has_waiters: word & WAITERS != 0,
            generation: (word >> GENERATION_SHIFT) as u32,
        }
    }

    /// The state after `thread` has acquired the lock.
    fn acquired_by(self, thread: u8) -> State {
        State { owner: Some(thread), generation: self.generation.wrapping_add(1), ..self }
    }

    fn is(self, hold: Hold) -> bool {
        self.owner == Some(hold.owner) && self.generation == hold.generation
    }
}

/// One time that the lock is held, as other threads see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    /// The thread that holds it.
    pub owner: u8,
    /// Which acquisition it was.
    pub generation: u32,
}

/// The right to be inside, given back by [`RobustWord::unlock`]. A thread that dies with it leaves the lock
/// locked.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the lock stays locked until this is given back"]
pub struct HoldToken {
    hold: Hold,
    owner_died: Option<u8>,
}

impl HoldToken {
    fn new(owner: u8, state: State) -> HoldToken {
        let generation = state.generation;
        HoldToken { hold: Hold { owner, generation }, owner_died: state.owner_died }
    }

    /// The thread that died inside and left its critical section unfinished; `None` where all is consistent.
    pub fn owner_died(&self) -> Option<u8> {
        self.owner_died
    }

    /// What other threads see of it.
    pub fn hold(&self) -> Hold {
        self.hold
    }
}

/// Another thread took this one for dead and has the lock. Since then this one's critical section was not
/// protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("another thread took this one for dead and has the lock")]
pub struct LockStolen;

/// The lock's word.
#[derive(Debug)]
#[repr(transparent)]
pub struct RobustWord(AtomicU64);

impl Default for RobustWord {
    /// A free lock around consistent data.
    fn default() -> Self {
        RobustWord(AtomicU64::new(0))
    }
}

impl RobustWord {
    /// What the word says now.
    pub fn state(&self) -> State {
        State::unpack(self.0.load(Ordering::Acquire))
    }

    /// Acquires the lock as the thread `me`, if it is free.
    ///
    /// `was_waiting` is for a thread that has slept for it: its unlock must wake the next sleeper, as the one
    /// that woke it has cleared the waiters' bit for all.
    ///
    /// # Errors
    /// Who holds it. That may be `me`: one thread's holds are not told apart.
    pub fn try_lock(&self, me: u8, was_waiting: bool) -> Result<HoldToken, Hold> {
        self.update(|state| match state.owner {
            Some(owner) => Err(Hold { owner, generation: state.generation }),
            None => {
                Ok(State { has_waiters: state.has_waiters || was_waiting, ..state.acquired_by(me) })
            }
        })
        .map(|state| HoldToken::new(me, state))
    }

    /// Says that a thread sleeps until `seen` ends. `false`: it has ended, so the thread must not sleep.
    pub fn set_waiters(&self, seen: Hold) -> bool {
        let has_waiters = true;
        self.update_if(seen, |state| State { has_waiters, ..state }).is_ok()
    }

    /// Releases the lock. Returns whether a sleeping thread must be woken.
    ///
    /// # Errors
    /// [`LockStolen`]: it stays the other thread's.
    pub fn unlock(&self, token: HoldToken) -> Result<bool, LockStolen> {
        let mut wake = false;
        self.update_if(token.hold, |state| {
            wake = state.has_waiters;
            State { owner: None, has_waiters: false, ..state }
        })
        .map_err(|_| LockStolen)?;
        Ok(wake)
    }

    /// Takes the lock over from a dead holder, as the thread `me`, which then finds its
    /// [death](HoldToken::owner_died). Of several threads that try at once one succeeds.
    ///
    /// The holder must be dead: one that was only slow goes on inside, beside the new holder, and learns of it
    /// at its [`unlock`](RobustWord::unlock). What it did must be visible to any thread that knows of its
    /// death, as after a join.
    ///
    /// # Errors
    /// The lock's state, where `dead` does not hold it any more.
    pub fn recover(&self, dead: Hold, me: u8) -> Result<HoldToken, State> {
        self.update_if(dead, |state| State {
            owner_died: Some(dead.owner),
            ..state.acquired_by(me)
        })
        .map(|state| HoldToken::new(me, state))
    }

    /// Says that what the dead left unfinished is repaired: later holders don't learn of it any more.
    ///
    /// # Errors
    /// [`LockStolen`].
    pub fn make_consistent(&self, token: &mut HoldToken) -> Result<(), LockStolen> {
        let owner_died = None;
        self.update_if(token.hold, |state| State { owner_died, ..state })
            .map_err(|_| LockStolen)?;
        token.owner_died = None;
        Ok(())
    }

    /// Replaces the state while it is `hold`'s; else returns the state.
    fn update_if(&self, hold: Hold, mut next: impl FnMut(State) -> State) -> Result<State, State> {
        self.update(|state| if state.is(hold) { Ok(next(state)) } else { Err(state) })
    }

    fn update<E>(&self, mut next: impl FnMut(State) -> Result<State, E>) -> Result<State, E> {
        // Decides nothing before the swap has confirmed it.
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            let next = next(State::unpack(seen))?;
            // Acquire to see what the holder before did, release to publish what this one did. A dead holder
            // published nothing: its death must be learned in a way that does.
            let (success, failure) = (Ordering::AcqRel, Ordering::Relaxed);
            match self.0.compare_exchange(seen, next.pack(), success, failure) {
                Ok(_) => return Ok(next),
                Err(other) => seen = other,
            }
        }
    }
}
