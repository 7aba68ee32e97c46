//! A master listens to its workers' hearts, and does about the silent and the dead what the rules say. Not
//! here: when it does so (`chief`), and what silence means (`jobs::watch`).

use super::MasterEvent;
use super::master_thread::MasterThread;
use super::run_log::Death;
use super::{HEARTBEAT, Owner};
use crate::jobs::LeaseError;
use crate::jobs::failure_detector::{DeathCause, Evidence, Health};
use crate::jobs::leadership::FIRST;
use crate::jobs::master::Change;
use crate::runtime::board::State;

impl MasterThread<'_> {
    /// Listens to all hearts, now and then, and does about the silent what the rules say.
    pub(super) fn check_workers(&mut self) -> Result<(), LeaseError> {
        let now_ms = self.state.now_ms();
        let every_ms = (self.state.plan.rules.timeout_ms / 4.0).min(HEARTBEAT.as_secs_f64() * 1e3);
        if now_ms - self.checked_ms < every_ms {
            return Ok(());
        }
        self.checked_ms = now_ms;
        for worker in 0..self.state.workers() {
            let beats = self.runtime.board().slot(worker).beats();
            let pulse = &mut self.pulses[worker];
            if pulse.beats != beats {
                pulse.beats = beats;
                pulse.at_ms = now_ms;
            }
            self.deaths[worker] = self.death_evidence(worker);
        }
        let MasterThread {
            master,
            pulses,
            deaths,
            ..
        } = self;
        let changes = master.look(now_ms, |worker| Evidence {
            beats: pulses[usize::from(worker)].beats,
            death: deaths[usize::from(worker)],
        })?;
        for notice in changes {
            self.handle(notice, now_ms);
        }
        if self.master.is_alone() {
            let death = if self.has_lost_owner() {
                DeathCause::WithOwner
            } else {
                DeathCause::Killed
            };
            self.master.give_up(death)?;
        }
        Ok(())
    }

    /// Whether the workers' owner is dead: a master that owned them, and is not this one.
    fn has_lost_owner(&self) -> bool {
        self.state.plan.owner == Owner::Master && self.master.epoch() > FIRST
    }

    /// What proves that a worker is dead. Silence alone does not; but one that was to be killed, or whose
    /// owner died, and is silent, is.
    fn death_evidence(&self, worker: usize) -> Option<DeathCause> {
        let slot = self.runtime.board().slot(worker);
        let silent = match self.master.health(worker as u8) {
            Health::Dead(death) => return Some(death),
            Health::Suspected => true,
            Health::Alive => false,
        };
        if slot.read().state == State::Failed || silent && slot.is_killed() {
            return Some(DeathCause::Killed);
        }
        (silent && self.has_lost_owner()).then_some(DeathCause::WithOwner)
    }

    fn handle(&mut self, notice: Change, now_ms: f64) {
        match notice {
            Change::Health(worker, Health::Suspected) => {
                self.show(MasterEvent::Suspect, worker.into());
            }
            Change::Health(worker, Health::Alive) => {
                self.pulses[usize::from(worker)].taken = None;
            }
            Change::Health(worker, Health::Dead(_)) => self.mark_dead(worker, now_ms),
            Change::Requeued(lease) => {
                self.pulses[usize::from(lease.worker)].taken = Some(lease.job);
                self.log(|log| log.retried += 1);
                self.show(MasterEvent::Requeue, lease.worker.into());
            }
            Change::Lost(lease) => {
                self.log(|log| {
                    let mut deaths = log.deaths.iter_mut().rev();
                    if let Some(death) = deaths.find(|death| death.worker == lease.worker) {
                        death.job = Some(lease.job);
                    }
                });
                self.show(MasterEvent::Lost, lease.worker.into());
            }
        }
    }

    /// A worker is dead: that is written onto its slot.
    fn mark_dead(&mut self, worker: u8, now_ms: f64) {
        let pulse = self.pulses[usize::from(worker)];
        let slot = self.runtime.board().slot(worker.into());
        slot.mark_dead(self.state.ticks());
        self.runtime.mark_unusable();
        self.log(|log| {
            log.deaths.push(Death {
                worker,
                job: pulse.taken,
                at_ms: now_ms,
                silent_ms: now_ms - pulse.at_ms,
            });
        });
        self.show(MasterEvent::Dead, worker.into());
    }
}
