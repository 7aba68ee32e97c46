//! One worker of a master: takes the job that lies on its mailbox, does it, and says so in the table,
//! whether anybody is master or not. Not here: who gives it what (`chief`).

use std::thread;

use web_time::Instant;

use super::shared_state::{Assignment, SharedState};
use super::{HEARTBEAT, crash};
use crate::busy::{Busy, Turn};
use crate::jobs::lease::LeaseToken;
use crate::runtime::board::State;
use crate::runtime::lock;
use crate::runtime::trace::Writer;
use crate::runtime::workers::{Killed, WorkerContext};

/// A worker, as its thread knows it.
pub(super) struct Worker<'a> {
    pub context: &'a WorkerContext,
    pub state: &'a SharedState,
}

impl Worker<'_> {
    /// Waits for jobs and does them, until there is nothing to stay for.
    pub fn serve(&self) -> Result<(), Killed> {
        let mut ring = self.context.ring();
        let mut done = 0;
        self.context
            .record(ring.as_mut(), State::Idle, 0, done, Instant::now());
        loop {
            self.check_alive()?;
            if self.context.is_over() {
                break;
            }
            let assignment = lock(&self.state.mailboxes[self.context.index()].assignment).take();
            match assignment {
                Some(assignment) => self.run_job(assignment, ring.as_mut(), &mut done)?,
                None => thread::park_timeout(HEARTBEAT),
            }
        }
        let end = if self.context.board().is_stopping() {
            State::Stopped
        } else {
            State::Done
        };
        self.context
            .record(ring.as_mut(), end, 0, done, Instant::now());
        Ok(())
    }

    /// Shows that it lives, unless it is to die.
    fn check_alive(&self) -> Result<(), Killed> {
        if self.context.slot().is_killed() {
            crash();
            return Err(Killed);
        }
        self.context.slot().beat();
        Ok(())
    }

    /// Takes a job and does it. A job that is another's by now is let be.
    fn run_job(
        &self,
        assignment: Assignment,
        mut ring: Option<&mut Writer<'_>>,
        done: &mut u32,
    ) -> Result<(), Killed> {
        let table = &self.state.table;
        // At most 128 workers.
        let Ok(token) = table.take(assignment.offer, self.context.index() as u8) else {
            return Ok(());
        };
        let state = match self.state.plan.busy {
            Busy::Io(_) => State::Io,
            Busy::Cpu(_) => State::Cpu,
        };
        let record = &self.state.records[token.job as usize];
        let begun = Instant::now();
        record.begin(token, self.context.ticks(begun));
        let round = (table.place_of(token.job).0 & 0xff) as u8;
        self.context
            .record(ring.as_deref_mut(), state, round, *done, begun);
        let turn = self.execute(begun)?;
        if turn.cut {
            return Ok(());
        }
        record.end(token, self.context.ticks(turn.ended));
        // Who sees the job done must see its object gone, as far as it hung on this worker.
        drop(assignment.object);
        *done += u32::from(self.complete(token));
        self.context.record(ring, State::Idle, 0, *done, turn.ended);
        Ok(())
    }

    /// Does the work itself, beating all the while; cut short by a stop.
    fn execute(&self, begun: Instant) -> Result<Turn, Killed> {
        let mut killed = false;
        let mut go_on = || {
            killed = self.check_alive().is_err();
            !killed && !self.context.board().is_stopping()
        };
        let mut turn = Turn {
            ended: begun,
            cut: false,
        };
        match self.state.plan.busy {
            Busy::Io(wait) => {
                let deadline = begun + wait;
                loop {
                    let left = deadline.saturating_duration_since(turn.ended);
                    // No longer without a beat than anybody else.
                    turn = Busy::Io(left.min(HEARTBEAT)).run(turn.ended, &mut go_on);
                    if turn.cut || turn.ended >= deadline {
                        break;
                    }
                }
            }
            calculation => turn = calculation.run(begun, &mut go_on),
        }
        if killed { Err(Killed) } else { Ok(turn) }
    }

    /// Says that the job is done; whether that counts. The last of a round wakes a master that wants to
    /// be told.
    fn complete(&self, token: LeaseToken) -> bool {
        let Ok(finished) = self.state.table.finish(token) else {
            return false;
        };
        if finished.last && self.state.plan.notified {
            let master = lock(&self.state.mailboxes[self.context.index()].notify).clone();
            if let Some(master) = master {
                master.unpark();
            }
        }
        true
    }
}
