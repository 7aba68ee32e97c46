//! One worker of a master: takes the job that lies on its desk, does it, and says so in the ledger,
//! whether anybody is master or not. Not here: who gives it what (`chief`).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;

use web_time::Instant;

use super::estate::{Estate, Mail, failure};
use super::{HEART, fall};
use crate::busy::{Busy, Turn};
use crate::jobs::lease::Ticket;
use crate::runtime::board::{COORDINATOR, Slot, SlotState, State};
use crate::runtime::panics;
use crate::runtime::record::ticks;
use crate::runtime::trace::{Event, Writer};
use crate::runtime::{Runtime, lock};

/// A worker, as its thread knows it.
#[derive(Clone)]
pub(super) struct Hand {
    pub index: usize,
    pub runtime: Arc<Runtime>,
    pub estate: Arc<Estate>,
}

/// It was killed, and must be gone.
struct Killed;

impl panics::PanicObserver for Hand {
    fn fail(&self, message: String, place: Option<String>) {
        let mut failure = failure(self.index, message);
        failure.place = place;
        self.runtime.record_failure(failure);
        let word = self.slot().read();
        self.slot().write(SlotState {
            state: State::Failed,
            ..word
        });
    }
}

impl Hand {
    fn slot(&self) -> &Slot {
        self.runtime.board().slot(self.index)
    }

    /// Shows what it does now, on the board and in its ring.
    fn show(
        &self,
        ring: Option<&mut Writer<'_>>,
        state: State,
        value: u8,
        count: u32,
        at: Instant,
    ) {
        let ticks = ticks(self.estate.origin(), at);
        self.slot().write(SlotState {
            state,
            count,
            ticks,
        });
        if let Some(ring) = ring {
            ring.push(Event {
                state,
                value,
                ticks,
            });
        }
    }

    /// The thread's whole work.
    pub fn work(&self) {
        lock(&self.runtime.threads)[self.index] = Some(thread::current());
        self.slot().write(SlotState {
            state: State::Starting,
            count: 0,
            ticks: 0,
        });
        self.runtime.unpark(COORDINATOR);
        if !self.estate.wait_for_start() || self.serve().is_ok() {
            self.estate.desks[self.index]
                .left
                .store(true, Ordering::Release);
        }
    }

    /// Waits for jobs and does them, until there is nothing to stay for.
    fn serve(&self) -> Result<(), Killed> {
        let rings = self.estate.rings.clone();
        let mut ring = rings.as_ref().map(|rings| rings.writer(self.index));
        let mut done = 0;
        self.show(ring.as_mut(), State::Idle, 0, done, Instant::now());
        loop {
            self.live()?;
            if self.runtime.board().is_stopping() || self.estate.is_over() {
                break;
            }
            let mail = lock(&self.estate.desks[self.index].mail).take();
            match mail {
                Some(mail) => self.perform(mail, ring.as_mut(), &mut done)?,
                None => thread::park_timeout(HEART),
            }
        }
        let end = if self.runtime.board().is_stopping() {
            State::Stopped
        } else {
            State::Done
        };
        self.show(ring.as_mut(), end, 0, done, Instant::now());
        Ok(())
    }

    /// Shows that it lives, unless it is to die.
    fn live(&self) -> Result<(), Killed> {
        if self.slot().is_killed() {
            fall();
            return Err(Killed);
        }
        self.slot().beat();
        Ok(())
    }

    /// Takes a job and does it. A job that is another's by now is let be.
    fn perform(
        &self,
        mail: Mail,
        mut ring: Option<&mut Writer<'_>>,
        done: &mut u32,
    ) -> Result<(), Killed> {
        let ledger = &self.estate.ledger;
        // At most 128 workers.
        let Ok(ticket) = ledger.take(mail.offer, self.index as u8) else {
            return Ok(());
        };
        let state = match self.estate.plan.busy {
            Busy::Io(_) => State::Io,
            Busy::Cpu(_) => State::Cpu,
        };
        let record = &self.estate.records[ticket.job as usize];
        let begun = Instant::now();
        record.begin(ticket, ticks(self.estate.origin(), begun));
        let round = (ledger.round_of(ticket.job) & 0xff) as u8;
        self.show(ring.as_deref_mut(), state, round, *done, begun);
        let turn = self.toil(begun)?;
        if turn.cut {
            return Ok(());
        }
        record.end(ticket, ticks(self.estate.origin(), turn.ended));
        // Who sees the job done must see its object gone, as far as it hung on this worker.
        drop(mail.object);
        *done += u32::from(self.hand_in(ticket));
        self.show(ring, State::Idle, 0, *done, turn.ended);
        Ok(())
    }

    /// Does the work itself, beating all the while; cut short by a stop.
    fn toil(&self, begun: Instant) -> Result<Turn, Killed> {
        let mut killed = false;
        let mut go_on = || {
            killed = self.live().is_err();
            !killed && !self.runtime.board().is_stopping()
        };
        let mut turn = Turn {
            ended: begun,
            cut: false,
        };
        match self.estate.plan.busy {
            Busy::Io(wait) => {
                let deadline = begun + wait;
                loop {
                    let left = deadline.saturating_duration_since(turn.ended);
                    // No longer without a beat than anybody else.
                    turn = Busy::Io(left.min(HEART)).run(turn.ended, &mut go_on);
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
    fn hand_in(&self, ticket: Ticket) -> bool {
        let Ok(finished) = self.estate.ledger.finish(ticket) else {
            return false;
        };
        if finished.last && self.estate.plan.told {
            let master = lock(&self.estate.desks[self.index].tell).clone();
            if let Some(master) = master {
                master.unpark();
            }
        }
        true
    }
}
