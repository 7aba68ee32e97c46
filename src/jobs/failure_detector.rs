//! The [`FailureDetector`]: which workers are alive, by their heartbeats, with the time passed in.
//!
//! Silence is a suspicion, never a proof: a thread that was not given the processor is as silent as a
//! dead one (Chandra and Toueg, "Unreliable failure detectors for reliable distributed systems",
//! 1996). So suspected and dead are two things, and a worker is dead only on evidence.

/// How a worker is known to have died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeathCause {
    /// Alone: it panicked or was killed.
    Killed,
    /// With the master, which owned it.
    WithOwner,
}

/// What can be observed of a worker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Its heartbeats so far; only whether they change counts.
    pub beats: u32,
    /// How it died, if that is certain.
    pub death: Option<DeathCause>,
    /// How it must have died once it is silent: it was to be killed, or its owner is dead.
    pub if_silent: Option<DeathCause>,
}

/// What the detector thinks of a worker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Health {
    /// It beats, or had no time to miss a beat.
    #[default]
    Alive,
    /// It has not beaten for longer than the timeout. It may be dead, or slow.
    Suspected,
    /// It is dead, and stays so.
    Dead(DeathCause),
}

/// Counts each worker's silence.
#[derive(Debug, Clone)]
pub struct FailureDetector {
    timeout_ms: f64,
    checked_ms: f64,
    workers: Box<[WorkerHealth]>,
}

#[derive(Debug, Clone, Copy)]
struct WorkerHealth {
    beats: Option<u32>,
    beat_ms: f64,
    silent_ms: f64,
    health: Health,
}

impl FailureDetector {
    /// For workers 0 to `workers` - 1, none of them checked yet.
    pub fn new(workers: u8, timeout_ms: f64, now_ms: f64) -> FailureDetector {
        let worker =
            WorkerHealth { beats: None, beat_ms: now_ms, silent_ms: 0.0, health: Health::Alive };
        FailureDetector {
            timeout_ms: timeout_ms.max(0.0),
            checked_ms: now_ms,
            workers: vec![worker; workers.into()].into(),
        }
    }

    /// A worker's health at the last check; a worker that there is not is alive.
    pub fn health(&self, worker: u8) -> Health {
        let worker = self.workers.get(usize::from(worker));
        worker.map(|worker| worker.health).unwrap_or_default()
    }

    /// When a check last found that a worker had beaten.
    ///
    /// # Panics
    /// If there is no such worker.
    pub fn beat_ms(&self, worker: u8) -> f64 {
        self.workers[usize::from(worker)].beat_ms
    }

    /// Whether every worker is dead.
    pub fn all_dead(&self) -> bool {
        self.workers.iter().all(WorkerHealth::is_dead)
    }

    /// Checks all workers, and returns those whose health has changed. `must_beat` says of whom a beat is
    /// expected, which it is not of an idle worker.
    ///
    /// One check adds at most half the timeout to a silence, however long ago the last one was: a
    /// master that was asleep itself must check again before it suspects anybody.
    pub fn check(
        &mut self,
        now_ms: f64,
        must_beat: impl Fn(u8) -> bool,
        mut evidence: impl FnMut(u8) -> Evidence,
    ) -> Vec<(u8, Health)> {
        // Not `clamp`, whose panic would bring the formatting of fractions into the module.
        let passed = (now_ms - self.checked_ms).min(self.timeout_ms / 2.0).max(0.0);
        self.checked_ms = now_ms.max(self.checked_ms);
        let mut changed = Vec::new();
        for (index, worker) in (0..).zip(&mut self.workers) {
            let before = worker.health;
            let silence = if must_beat(index) { Some(passed) } else { None };
            worker.check(evidence(index), now_ms, silence, self.timeout_ms);
            if worker.health != before {
                changed.push((index, worker.health));
            }
        }
        changed
    }
}

impl WorkerHealth {
    /// `silence` is the time since the last check, if a beat was expected in it.
    fn check(&mut self, evidence: Evidence, now_ms: f64, silence: Option<f64>, timeout_ms: f64) {
        let presumed = evidence.if_silent.filter(|_| self.health == Health::Suspected);
        if self.is_dead() {
        } else if let Some(cause) = evidence.death.or(presumed) {
            self.health = Health::Dead(cause);
        } else if self.beats.replace(evidence.beats) != Some(evidence.beats) {
            self.beat_ms = now_ms;
            self.silent_ms = 0.0;
            self.health = Health::Alive;
        } else if let Some(passed) = silence {
            self.silent_ms += passed;
            if self.silent_ms >= timeout_ms {
                self.health = Health::Suspected;
            }
        } else if self.health == Health::Alive {
            self.silent_ms = 0.0;
        }
    }

    fn is_dead(&self) -> bool {
        matches!(self.health, Health::Dead(_))
    }
}
