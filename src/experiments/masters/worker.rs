//! A master's [`Worker`]: leases the job that lies in its mailbox, does it and says so in the table, whether
//! there is a master or not.

use std::thread;

use web_time::Instant;

use super::config::HEARTBEAT;
use super::shared_state::{Assignment, Mailbox, SharedState};
use crate::busy::{Busy, BusyEnd};
use crate::runtime::board::State;
use crate::runtime::lock;
use crate::runtime::trace::Writer;
use crate::runtime::workers::{Killed, WorkerContext};

/// A worker, as its thread knows it.
pub(super) struct Worker<'a> {
    context: &'a WorkerContext,
    state: &'a SharedState,
    ring: Writer<'a>,
    /// Jobs of which it delivered the accepted result.
    done: u32,
}

impl<'a> Worker<'a> {
    pub fn new(context: &'a WorkerContext, state: &'a SharedState) -> Worker<'a> {
        let ring = context.ring();
        Worker { context, state, ring, done: 0 }
    }

    /// Waits for jobs and does them, until the run is over.
    pub fn run(mut self) -> Result<(), Killed> {
        self.record(State::Idle, 0, Instant::now());
        loop {
            check_alive(self.context)?;
            if self.context.is_over() {
                break;
            }
            let assignment = lock(&self.mailbox().assignment).take();
            match assignment {
                Some(assignment) => self.run_job(assignment)?,
                None => thread::park_timeout(HEARTBEAT),
            }
        }
        let stopped = self.context.board().is_stopping();
        let end = if stopped { State::Stopped } else { State::Done };
        self.record(end, 0, Instant::now());
        Ok(())
    }

    fn mailbox(&self) -> &'a Mailbox {
        &self.state.mailboxes[self.context.index()]
    }

    fn record(&mut self, state: State, value: u8, at: Instant) {
        self.context.record(&mut self.ring, state, value, self.done, at);
    }

    /// Leases a job and does it. A job that another has by now is left alone.
    fn run_job(&mut self, assignment: Assignment) -> Result<(), Killed> {
        let SharedState { table, times, .. } = self.state;
        // At most 128 workers.
        let Ok(token) = table.take(assignment.offer, self.context.index() as u8) else {
            return Ok(());
        };
        let began = Instant::now();
        let times = &times[token.job as usize];
        times.begin(token, self.context.ticks(began));
        let state = match self.state.config.busy {
            Busy::Io(_) => State::Io,
            Busy::Cpu(_) => State::Cpu,
        };
        let round = (table.place_of(token.job).0 & 0xff) as u8;
        self.record(state, round, began);
        let turn = self.execute(began)?;
        if turn.cut {
            return Ok(());
        }
        times.end(token, self.context.ticks(turn.ended));
        // A thread that sees the job done must see its object gone, as far as this worker kept it alive.
        drop(assignment.object);
        if let Ok(is_last) = table.finish(token) {
            self.done += 1;
            if is_last && self.state.config.notified {
                let master = lock(&self.mailbox().notify).clone();
                master.inspect(thread::Thread::unpark);
            }
        }
        self.record(State::Idle, 0, turn.ended);
        Ok(())
    }

    /// Does the work itself, with heartbeats; cut short by a stop.
    fn execute(&self, began: Instant) -> Result<BusyEnd, Killed> {
        let mut alive = Ok(());
        let mut go_on = || {
            alive = check_alive(self.context);
            alive.is_ok() && !self.context.board().is_stopping()
        };
        let mut turn = BusyEnd { ended: began, cut: false };
        match self.state.config.busy {
            Busy::Io(wait) => {
                let deadline = began + wait;
                loop {
                    let left = deadline.saturating_duration_since(turn.ended);
                    turn = Busy::Io(left.min(HEARTBEAT)).run(turn.ended, &mut go_on);
                    if turn.cut || turn.ended >= deadline {
                        break;
                    }
                }
            }
            calculation => turn = calculation.run(began, &mut go_on),
        }
        alive.map(|()| turn)
    }
}

/// Gives a worker's heartbeat, unless it was killed.
pub(crate) fn check_alive(context: &WorkerContext) -> Result<(), Killed> {
    if context.slot().is_killed() {
        return Err(crash());
    }
    context.slot().beat();
    Ok(())
}

/// Ends a worker's thread without a word to anybody.
///
/// In wasm it traps, which runs no panic hook and no destructor: the thread is gone as if its process
/// had been killed. Natively a thread can't be ended like that; there the caller must return at
/// once, and forget whatever would release something.
pub(crate) fn crash() -> Killed {
    #[cfg(target_arch = "wasm32")]
    core::arch::wasm32::unreachable();
    #[cfg(not(target_arch = "wasm32"))]
    Killed
}
