//! A master listens to its workers' hearts, and does about the silent and the dead what the rules say. Not
//! here: when it does so (`chief`), and what silence means (`jobs::watch`).

use super::chief::Chief;
use super::diary::Fall;
use super::{HEART, Owner};
use crate::jobs::Refusal;
use crate::jobs::master::Notice;
use crate::jobs::term::FIRST;
use crate::jobs::watch::{Death, Health, Sign};
use crate::runtime::board::{MasterEvent, State};

impl Chief<'_> {
    /// Listens to all hearts, now and then, and does about the silent what the rules say.
    pub(super) fn watch(&mut self) -> Result<(), Refusal> {
        let now_ms = self.estate.now_ms();
        let every_ms = (self.estate.plan.rules.timeout_ms / 4.0).min(HEART.as_secs_f64() * 1e3);
        if now_ms - self.watched_ms < every_ms {
            return Ok(());
        }
        self.watched_ms = now_ms;
        for worker in 0..self.estate.workers() {
            let beats = self.runtime.board().slot(worker).beats();
            let pulse = &mut self.pulses[worker];
            if pulse.beats != beats {
                pulse.beats = beats;
                pulse.at_ms = now_ms;
            }
            self.deaths[worker] = self.proof(worker);
        }
        let Chief {
            master,
            pulses,
            deaths,
            ..
        } = self;
        let notices = master.look(now_ms, |worker| Sign {
            beats: pulses[usize::from(worker)].beats,
            death: deaths[usize::from(worker)],
        })?;
        for notice in notices {
            self.heed(notice, now_ms);
        }
        if self.master.is_alone() {
            let death = if self.has_lost_owner() {
                Death::WithOwner
            } else {
                Death::Killed
            };
            self.master.give_up(death)?;
        }
        Ok(())
    }

    /// Whether the workers' owner is dead: a master that owned them, and is not this one.
    fn has_lost_owner(&self) -> bool {
        self.estate.plan.owner == Owner::Master && self.master.epoch() > FIRST
    }

    /// What proves that a worker is dead. Silence alone does not; but one that was to be killed, or whose
    /// owner died, and is silent, is.
    fn proof(&self, worker: usize) -> Option<Death> {
        let slot = self.runtime.board().slot(worker);
        let silent = match self.master.health(worker as u8) {
            Health::Dead(death) => return Some(death),
            Health::Silent => true,
            Health::Well => false,
        };
        if slot.read().state == State::Failed || silent && slot.is_killed() {
            return Some(Death::Killed);
        }
        (silent && self.has_lost_owner()).then_some(Death::WithOwner)
    }

    fn heed(&mut self, notice: Notice, now_ms: f64) {
        match notice {
            Notice::Health(worker, Health::Silent) => {
                self.show(MasterEvent::Suspect, worker.into());
            }
            Notice::Health(worker, Health::Well) => {
                self.pulses[usize::from(worker)].taken = None;
            }
            Notice::Health(worker, Health::Dead(_)) => self.bury(worker, now_ms),
            Notice::Requeued(lease) => {
                self.pulses[usize::from(lease.worker)].taken = Some(lease.job);
                self.diary(|diary| diary.retried += 1);
                self.show(MasterEvent::Requeue, lease.worker.into());
            }
            Notice::Lost(lease) => {
                self.diary(|diary| {
                    let mut falls = diary.falls.iter_mut().rev();
                    if let Some(fall) = falls.find(|fall| fall.worker == lease.worker) {
                        fall.job = Some(lease.job);
                    }
                });
                self.show(MasterEvent::Lost, lease.worker.into());
            }
        }
    }

    /// A worker is dead: that is written onto its slot.
    fn bury(&mut self, worker: u8, now_ms: f64) {
        let pulse = self.pulses[usize::from(worker)];
        let slot = self.runtime.board().slot(worker.into());
        slot.mark_dead(self.estate.ticks());
        self.runtime.mark_unusable();
        self.diary(|diary| {
            diary.falls.push(Fall {
                worker,
                job: pulse.taken,
                at_ms: now_ms,
                silent_ms: now_ms - pulse.at_ms,
            });
        });
        self.show(MasterEvent::Dead, worker.into());
    }
}
