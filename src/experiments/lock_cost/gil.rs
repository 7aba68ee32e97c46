//! A [`Gil`]: one big lock around all that workers calculate, passed on every 5 ms.
//!
//! It is CPython's (`Python/ceval_gil.c`, `take_gil` and `drop_gil`). A waiter that has not seen it change hands
//! for an interval asks for it. The holder learns of that at its next look, releases it, and waits until another
//! has taken it: else it would be the quickest itself. Nobody spins.

use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use web_time::Instant;

use crate::runtime::board::State;
use crate::runtime::lock;
use crate::runtime::record::Recorder;

/// CPython's `sys.getswitchinterval()`, unless somebody has changed it.
pub const SWITCH_INTERVAL: Duration = Duration::from_millis(5);

/// The lock. Invariant: at most one thread is between [`take`](Gil::take) and [`release`](Gil::release).
#[derive(Debug)]
pub struct Gil {
    interval: Duration,
    state: Mutex<Ownership>,
    /// The holder has released it.
    released: Condvar,
    /// Another holds it now.
    switched: Condvar,
    /// A waiter asks for it.
    is_wanted: AtomicBool,
}

#[derive(Debug, Default)]
struct Ownership {
    is_held: bool,
    last_holder: Option<usize>,
    switches: u64,
}

impl Gil {
    /// A free one, whose waiters wait this long before they ask for it.
    pub fn new(interval: Duration) -> Gil {
        Gil {
            interval,
            state: Mutex::default(),
            released: Condvar::new(),
            switched: Condvar::new(),
            is_wanted: AtomicBool::new(false),
        }
    }

    /// Takes it for thread `me`, if it is free.
    pub fn try_take(&self, me: usize) -> bool {
        self.take_free(&mut lock(&self.state), me)
    }

    /// Waits for it; `false` once `go_on` returns that, which is called at the start and every interval at least.
    pub fn take(&self, me: usize, go_on: &mut impl FnMut() -> bool) -> bool {
        // Never asked with the mutex held: it may end the thread.
        while go_on() {
            let mut state = lock(&self.state);
            if state.is_held {
                let switches = state.switches;
                let timed_out;
                (state, timed_out) = self.wait(&self.released, state);
                if timed_out && state.is_held && state.switches == switches {
                    self.is_wanted.store(true, Ordering::Release);
                }
            }
            if self.take_free(&mut state, me) {
                return true;
            }
        }
        false
    }

    fn take_free(&self, state: &mut Ownership, me: usize) -> bool {
        if state.is_held {
            return false;
        }
        state.is_held = true;
        if state.last_holder.replace(me) != Some(me) {
            state.switches += 1;
            self.switched.notify_one();
        }
        self.is_wanted.store(false, Ordering::Release);
        true
    }

    /// Lets it go.
    pub fn release(&self) {
        lock(&self.state).is_held = false;
        self.released.notify_one();
    }

    /// The holder's look: whether another asks for it.
    pub fn is_wanted(&self) -> bool {
        self.is_wanted.load(Ordering::Acquire)
    }

    /// Lets it go, and waits until another has it, or an interval is over: who asked may have gone.
    pub fn pass_on(&self) {
        let mut state = lock(&self.state);
        state.is_held = false;
        self.released.notify_one();
        // Whoever takes it needs the mutex, which this gives up only by waiting.
        let (_state, _) = self.wait(&self.switched, state);
    }

    /// How often it has come to another thread.
    pub fn switches(&self) -> u64 {
        lock(&self.state).switches
    }

    /// Waits for an interval at most; whether it was over.
    fn wait<'a>(
        &self,
        condition: &Condvar,
        state: MutexGuard<'a, Ownership>,
    ) -> (MutexGuard<'a, Ownership>, bool) {
        let waited = condition.wait_timeout(state, self.interval);
        let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        (state, timeout.timed_out())
    }
}

/// A worker's turns at a [`Gil`]: whether it has it, and how long it has waited for it, which is recorded. It
/// lets it go when it is dropped.
#[derive(Debug)]
pub struct Turns<'a> {
    gil: &'a Gil,
    me: usize,
    /// What it is recorded as while it has its turn.
    busy: State,
    holds: bool,
    /// All waits together.
    pub waited: Duration,
}

impl<'a> Turns<'a> {
    /// None yet, of worker `me`.
    pub fn new(gil: &'a Gil, me: usize, busy: State) -> Turns<'a> {
        Turns { gil, me, busy, holds: false, waited: Duration::ZERO }
    }

    /// Waits for a turn; `false` if it may not `go_on`.
    pub fn take(
        &mut self,
        recorder: &mut Recorder,
        count: u32,
        go_on: &mut impl FnMut() -> bool,
    ) -> bool {
        self.holds = self.gil.try_take(self.me);
        self.holds || self.wait(recorder, count, || {}, go_on)
    }

    /// While it sleeps, another may run.
    pub fn release(&mut self) {
        if mem::take(&mut self.holds) {
            self.gil.release();
        }
    }

    /// Passes its turn on if another wants it, and waits for the next; `false` if it may not `go_on`.
    pub fn look(
        &mut self,
        recorder: &mut Recorder,
        count: u32,
        go_on: &mut impl FnMut() -> bool,
    ) -> bool {
        let gil = self.gil;
        if !gil.is_wanted() {
            return go_on();
        }
        self.holds = false;
        self.wait(recorder, count, || gil.pass_on(), go_on)
    }

    fn wait(
        &mut self,
        recorder: &mut Recorder,
        count: u32,
        begin: impl FnOnce(),
        go_on: &mut impl FnMut() -> bool,
    ) -> bool {
        let since = Instant::now();
        recorder.entered(State::Waiting, count, since);
        begin();
        self.holds = self.gil.take(self.me, go_on);
        let ended = Instant::now();
        self.waited += ended - since;
        recorder.entered(self.busy, count, ended);
        self.holds
    }
}

impl Drop for Turns<'_> {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use std::sync::atomic::AtomicU32;
    use std::thread;

    use super::*;

    #[test]
    fn one_runs_at_a_time_and_each_has_its_turns() {
        let gil = Gil::new(Duration::from_millis(1));
        let inside = AtomicU32::new(0);
        let turns: Vec<u32> = thread::scope(|scope| {
            let thread = |me| {
                let (gil, inside) = (&gil, &inside);
                scope.spawn(move || {
                    let (begin, mut turns) = (Instant::now(), 0);
                    while begin.elapsed() < Duration::from_millis(400) {
                        assert!(gil.take(me, &mut || true));
                        turns += 1;
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0, "two at a time");
                        while !gil.is_wanted() && begin.elapsed() < Duration::from_millis(400) {
                            std::hint::spin_loop();
                        }
                        inside.fetch_sub(1, Ordering::SeqCst);
                        gil.pass_on();
                    }
                    turns
                })
            };
            let threads: Vec<_> = (0..4).map(thread).collect();
            threads.into_iter().map(|thread| thread.join().expect("turns")).collect()
        });
        assert!(turns.iter().all(|turns| *turns >= 2), "{turns:?}");
        assert!(gil.switches() >= 8, "{gil:?}");
    }

    #[test]
    fn it_is_asked_for_after_an_interval_and_not_before() {
        let gil = Gil::new(Duration::from_millis(50));
        assert!(gil.try_take(0) && !gil.try_take(1));
        let begin = Instant::now();
        thread::scope(|scope| {
            scope.spawn(|| assert!(gil.take(1, &mut || true)));
            while !gil.is_wanted() {
                thread::sleep(Duration::from_millis(1));
            }
            assert!(begin.elapsed() >= Duration::from_millis(50));
            gil.pass_on();
        });
        assert!(!gil.is_wanted() && gil.switches() == 2, "{gil:?}");
    }

    #[test]
    fn a_waiter_that_may_not_go_on_leaves_and_keeps_nobody_waiting() {
        let gil = Gil::new(Duration::from_millis(1));
        assert!(gil.try_take(0));
        let mut asked = 0;
        let taken = gil.take(1, &mut || {
            asked += 1;
            asked < 5
        });
        assert!(!taken && asked == 5 && gil.is_wanted());
        gil.pass_on();
        assert!(gil.take(0, &mut || true), "who asked has gone");
        assert_eq!(gil.switches(), 1);
    }
}
