//! Who still lives: heartbeats, looked at now and then, with the time passed in. Not here: what is
//! done about the silent and the dead (`master`).
//!
//! Silence is a suspicion, never a proof: a thread that was not given the processor is as silent as
//! a dead one (Chandra and Toueg, "Unreliable failure detectors for reliable distributed systems",
//! 1996). So the two are told apart here, and only who can prove it calls a worker dead.

/// How a worker is known to have died.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeathCause {
    /// It alone: it panicked or was ended.
    Killed,
    /// Together with the master, who owned it.
    WithOwner,
}

/// What there is to see of a worker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Evidence {
    /// How often it has beaten; only whether it changes is looked at.
    pub beats: u32,
    /// Its death, where that is known for sure.
    pub death: Option<DeathCause>,
}

/// What is thought of a worker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Health {
    /// It beats, or had no time to miss a beat.
    #[default]
    Alive,
    /// It has not beaten for longer than the timeout. It may be dead, or slow.
    Suspected,
    /// It is known to be dead.
    Dead(DeathCause),
}

/// A master's view of its workers' hearts.
#[derive(Debug, Clone)]
pub struct FailureDetector {
    timeout_ms: f64,
    looked_ms: f64,
    pulses: Box<[Pulse]>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Pulse {
    beats: Option<u32>,
    silent_ms: f64,
    health: Health,
}

impl FailureDetector {
    /// Over workers 0 to `workers` - 1, none of whom has been looked at.
    pub fn new(workers: u8, timeout_ms: f64, now_ms: f64) -> FailureDetector {
        FailureDetector {
            timeout_ms: timeout_ms.max(0.0),
            looked_ms: now_ms,
            pulses: vec![Pulse::default(); workers.into()].into(),
        }
    }

    /// What was thought of a worker at the last look; of one that there is not, that it is well.
    pub fn health(&self, worker: u8) -> Health {
        self.pulses
            .get(usize::from(worker))
            .map(|pulse| pulse.health)
            .unwrap_or_default()
    }

    /// Looks at all. `sign` is what there is to see of a worker; `expected` is whether it must beat, which
    /// an idle one need not. `changed` is told of whom something else is thought than before.
    ///
    /// One look never adds more than half the timeout to a silence, however long ago the last one
    /// was: a master that was asleep itself must look again before it suspects anybody.
    pub fn look(
        &mut self,
        now_ms: f64,
        mut expected: impl FnMut(u8) -> bool,
        mut sign: impl FnMut(u8) -> Evidence,
        mut changed: impl FnMut(u8, Health),
    ) {
        // Not `clamp`, whose panic would bring the formatting of fractions into the module.
        let passed = (now_ms - self.looked_ms)
            .min(self.timeout_ms / 2.0)
            .max(0.0);
        self.looked_ms = now_ms.max(self.looked_ms);
        for (worker, pulse) in (0..).zip(&mut self.pulses) {
            let before = pulse.health;
            pulse.look(sign(worker), expected(worker), passed, self.timeout_ms);
            if pulse.health != before {
                changed(worker, pulse.health);
            }
        }
    }
}

impl Pulse {
    fn look(&mut self, sign: Evidence, expected: bool, passed_ms: f64, timeout_ms: f64) {
        if let Some(death) = sign.death {
            self.health = Health::Dead(death);
            return;
        }
        if self.beats.replace(sign.beats) != Some(sign.beats) || self.is_dead() {
            // It beats; or another has the place of a dead one.
            self.silent_ms = 0.0;
            self.health = Health::Alive;
        } else if expected {
            self.silent_ms += passed_ms;
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
