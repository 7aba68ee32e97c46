//! The master ends itself while its jobs run: who lives on, and who collects what they finish?
//!
//! And what if it is a lock's holder that dies?

mod failover;
mod holder;

use crate::busy::Busy;
use crate::experiment::report::Report;
use crate::experiment::settings::{
    ConfigReader, LOOPS, ON_OFF, OneOf, Setting, THREADS, TIMES, WAIT_MS,
};
use crate::experiment::{Experiment, RunOutcome};
use crate::experiments::masters::report::Body;
use crate::experiments::masters::{
    self, JOB, MasterConfig, MasterEnd, MasterThread, OWNER, POLL_MS, TIMEOUT_MS,
};
use crate::jobs::master::Rules;
use crate::prose;
use crate::runtime::Harness;

/// The experiment.
#[derive(Debug)]
pub struct MasterExit;

/// Who dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Dies {
    Master,
    Holder,
}

/// What a run is to be.
#[derive(Debug)]
pub struct Config {
    dies: Dies,
    masters: MasterConfig,
    /// Whether another master takes over.
    adopt: bool,
    holder: holder::Config,
}

const DIES: Setting<OneOf<Dies>> = Setting {
    name: "dies",
    attribute: "dies",
    domain: OneOf(&["master", "holder"], &[Dies::Master, Dies::Holder]),
    default: Dies::Master,
    unit: "",
    meaning: prose("Who dies: the master, or a worker while it holds the lock."),
};

const ADOPT: Setting<OneOf<bool>> = Setting {
    name: "adopt",
    attribute: "adopt",
    domain: ON_OFF,
    default: true,
    unit: "",
    meaning: prose("Whether a new master takes over from the dead one."),
};

const LOCK: Setting<OneOf<bool>> = Setting {
    name: "lock",
    attribute: "lock",
    domain: OneOf(&["plain", "robust"], &[false, true]),
    default: true,
    unit: "",
    meaning: prose(
        "The lock whose holder dies: one that does not know its holder, or one that does.",
    ),
};

/// When a successor takes over, after the death; or earlier, if little would be left to adopt.
const FAILOVER_DELAY_MS: f64 = 800.0;

impl Experiment for MasterExit {
    const NAME: &'static str = "master-exit";
    const QUESTION: &'static str = prose(
        "The master ends itself while its jobs run: who lives on, and who collects what they finish?",
    );

    type Config = Config;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> Config {
        // In the order of the controls.
        let dies = reader.get(&DIES);
        let threads = reader.get(&THREADS.with_default(10));
        reader.get(&TIMES.with_default(10));
        let job = reader.get(&JOB);
        let wait_ms = reader.get(&WAIT_MS.with_default(3000));
        let loops = reader.get(&LOOPS);
        let owner = reader.get(&OWNER);
        let adopt = reader.get(&ADOPT);
        let robust = reader.get(&LOCK);
        let poll_ms = reader.get(&POLL_MS);
        let timeout_ms = reader.get(&TIMEOUT_MS);
        Config {
            dies,
            masters: MasterConfig {
                threads,
                // The master dies in the first round, and its successor ends that one.
                rounds: 1,
                busy: job.busy(wait_ms, loops),
                notified: false,
                poll_ms,
                weak: false,
                rules: Rules { timeout_ms: timeout_ms.into(), retry: false },
                owner,
            },
            adopt,
            holder: holder::Config { threads, wait_ms, robust, timeout_ms },
        }
    }

    fn run(harness: &Harness, config: &Config, report: &mut Report<Body>) -> RunOutcome<Body> {
        if config.dies == Dies::Holder {
            holder::run(harness, &config.holder, report);
            return RunOutcome::Finished;
        }
        let Some(state) = masters::start(harness, &config.masters, report) else {
            return RunOutcome::Finished;
        };
        let end = MasterThread::start(harness, &state).and_then(|master| master.run(true));
        if end != Ok(MasterEnd::Exited) {
            masters::finish(harness, &state, report, end.err(), &|_| None, true);
            return RunOutcome::Finished;
        }
        RunOutcome::Exited {
            adopt_after_ms: match config.masters.busy {
                Busy::Io(wait) => {
                    let left_ms = wait.as_secs_f64() * 1e3 - f64::from(config.masters.poll_ms);
                    (left_ms / 2.0).clamp(0.0, FAILOVER_DELAY_MS)
                }
                // Only the machine knows how long that takes.
                Busy::Cpu(_) => FAILOVER_DELAY_MS / 2.0,
            },
            rest: failover::rest(state, config.adopt),
        }
    }
}
