//! The word of a lock that knows its holder: should the holder die inside, another can take the lock
//! over, and everyone after it is told whose critical section was left broken. Not here: waiting for
//! it, and finding out who is dead.
//!
//! How others do it: a POSIX robust mutex gives the next locker `EOWNERDEAD`, and where that one
//! unlocks without `pthread_mutex_consistent`, nobody can lock it ever again. Rust's mutex tells each
//! locker that it is poisoned until somebody calls `clear_poison`, but only an unwinding thread can
//! poison it: one that is killed, or whose panic aborts, leaves it locked for ever. This one is like
//! POSIX's in what it survives, and like Rust's in how it reports.

use crate::sync::{AtomicU64, Ordering};

/// Owner and breaker are workers' numbers, plus one.
const NAME_BITS: u32 = 9;
const NAME_MASK: u64 = (1 << NAME_BITS) - 1;
const BROKEN_SHIFT: u32 = NAME_BITS;
const WAITERS: u64 = 1 << (2 * NAME_BITS);
/// The lower half is all that a sleeper need watch; the upper counts.
const HOLD_SHIFT: u32 = 32;

/// What the lock's word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Who holds it.
    pub owner: Option<u8>,
    /// Who died inside, where nobody has mended it yet; the last, where there were several.
    pub broken_by: Option<u8>,
    /// Whether somebody may sleep until it is free.
    pub has_waiters: bool,
    /// Counts how often it was taken, so that no two holds look alike; wraps around.
    pub hold: u32,
}

impl View {
    /// As one number.
    ///
    /// ```
    /// use locklab::lock::robust::word::View;
    ///
    /// let view = View { owner: Some(0), broken_by: Some(255), has_waiters: true, hold: 7 };
    /// assert_eq!(View::unpack(view.pack()), view);
    /// ```
    pub fn pack(self) -> u64 {
        let name = |worker: Option<u8>| worker.map_or(0, |worker| u64::from(worker) + 1);
        name(self.owner)
            | name(self.broken_by) << BROKEN_SHIFT
            | if self.has_waiters { WAITERS } else { 0 }
            | u64::from(self.hold) << HOLD_SHIFT
    }

    /// From one number.
    pub fn unpack(word: u64) -> View {
        // A name is at most 256, so what is left of it fits.
        let name = |name: u64| (name & NAME_MASK).checked_sub(1).map(|worker| worker as u8);
        View {
            owner: name(word),
            broken_by: name(word >> BROKEN_SHIFT),
            has_waiters: word & WAITERS != 0,
            hold: (word >> HOLD_SHIFT) as u32,
        }
    }

    fn is(self, holding: Holding) -> bool {
        self.owner == Some(holding.owner) && self.hold == holding.hold
    }
}

/// That a worker holds the lock, as others see it: one time that it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holding {
    /// Who.
    pub owner: u8,
    /// For which time the lock was taken.
    pub hold: u32,
}

/// The lock is held by whoever has this. It has to be given back by [`release`](RobustWord::release);
/// a holder that dies with it leaves the lock locked.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "the lock stays locked until this is released"]
pub struct Guard {
    holding: Holding,
    broken_by: Option<u8>,
}

impl Guard {
    /// Who died inside and left behind whatever it was just doing; `None` where all is whole.
    pub fn broken_by(&self) -> Option<u8> {
        self.broken_by
    }

    /// What others see of this.
    pub fn holding(&self) -> Holding {
        self.holding
    }
}

/// The lock was taken away: another took its holder for dead. What the holder did since then it did
/// without a lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the lock was taken away from a holder thought dead")]
pub struct Displaced;

/// The lock's word, for every thread to see.
#[derive(Debug)]
#[repr(transparent)]
pub struct RobustWord(AtomicU64);

impl RobustWord {
    /// A free lock around what is whole.
    #[allow(clippy::new_without_default, reason = "a lock is made once, knowingly")]
    pub fn new() -> RobustWord {
        RobustWord(AtomicU64::new(0))
    }

    /// What it says.
    pub fn view(&self) -> View {
        View::unpack(self.0.load(Ordering::Acquire))
    }

    /// Takes the lock, where it is free.
    ///
    /// `has_slept` is said by one who was woken for it: there may be other sleepers, which its release
    /// must wake then, as whoever woke it has taken down the sign that there are any.
    ///
    /// # Errors
    /// Who holds it. It may be `me`: the lock does not know one hold of a worker from another.
    pub fn try_lock(&self, me: u8, has_slept: bool) -> Result<Guard, Holding> {
        self.change(|view| match view.owner {
            Some(owner) => Err(Holding {
                owner,
                hold: view.hold,
            }),
            None => Ok(View {
                has_waiters: view.has_waiters || has_slept,
                ..taken(view, me)
            }),
        })
        .map(|view| guard(view, me))
    }

    /// Puts up the sign that somebody sleeps until `seen` ends. Returns whether it may: `false`
    /// where it has ended already.
    pub fn announce(&self, seen: Holding) -> bool {
        let announced = self.change(|view| {
            let has_waiters = true;
            view.is(seen)
                .then_some(View {
                    has_waiters,
                    ..view
                })
                .ok_or(())
        });
        announced.is_ok()
    }

    /// Gives the lock back. Returns whether one sleeper is to be woken.
    ///
    /// # Errors
    /// [`Displaced`]; the lock is another's then and stays so.
    pub fn release(&self, guard: Guard) -> Result<bool, Displaced> {
        let mut wake = false;
        self.change(|view| {
            wake = view.has_waiters;
            let free = View {
                owner: None,
                has_waiters: false,
                ..view
            };
            view.is(guard.holding).then_some(free).ok_or(Displaced)
        })?;
        Ok(wake)
    }

    /// Takes the lock over from a holder that is dead; the new one finds it
    /// [broken](Guard::broken_by). Of several who try at once, one succeeds.
    ///
    /// The dead must be dead: one that was only slow goes on in what it takes for its critical section,
    /// beside the new holder, and learns of it only at its [`release`](RobustWord::release). And what
    /// it did must be visible to whoever knows that it is dead, as after a join.
    ///
    /// # Errors
    /// How the lock stands, where `dead` does not hold it any more.
    pub fn recover(&self, dead: Holding, me: u8) -> Result<Guard, View> {
        self.change(|view| {
            let broken_by = Some(dead.owner);
            let recovered = View {
                broken_by,
                ..taken(view, me)
            };
            view.is(dead).then_some(recovered).ok_or(view)
        })
        .map(|view| guard(view, me))
    }

    /// The holder has put right what was left broken: nobody is told of it any more.
    ///
    /// # Errors
    /// [`Displaced`].
    pub fn mend(&self, guard: &mut Guard) -> Result<(), Displaced> {
        self.change(|view| {
            let broken_by = None;
            view.is(guard.holding)
                .then_some(View { broken_by, ..view })
                .ok_or(Displaced)
        })?;
        guard.broken_by = None;
        Ok(())
    }

    fn change<E>(&self, mut next: impl FnMut(View) -> Result<View, E>) -> Result<View, E> {
        // What is seen here decides nothing before the swap has confirmed it.
        let mut seen = self.0.load(Ordering::Relaxed);
        loop {
            let next = next(View::unpack(seen))?;
            // Acquire to see what the holder before did, release to show what this one did. A dead
            // holder showed nothing any more: what makes its end known must show that as well.
            let (done, failed) = (Ordering::AcqRel, Ordering::Relaxed);
            let swap = self.0.compare_exchange(seen, next.pack(), done, failed);
            match swap {
                Ok(_) => return Ok(next),
                Err(other) => seen = other,
            }
        }
    }
}

fn taken(view: View, me: u8) -> View {
    View {
        owner: Some(me),
        hold: view.hold.wrapping_add(1),
        ..view
    }
}

fn guard(view: View, me: u8) -> Guard {
    let holding = Holding {
        owner: me,
        hold: view.hold,
    };
    Guard {
        holding,
        broken_by: view.broken_by,
    }
}
