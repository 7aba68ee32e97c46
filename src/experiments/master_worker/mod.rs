//! A master hands out jobs and wants to know when all are done: should it ask, or be told?
//!
//! The post's rounds of ten threads, polled once a second; and what if a worker dies.

use crate::experiment::report::Report;
use crate::experiment::settings::{
    ConfigReader, LOOPS, ON_OFF, OneOf, Setting, THREADS, TIMES, WAIT_MS,
};
use crate::experiment::{Experiment, RunOutcome};
use crate::experiments::masters::report::Body;
use crate::experiments::masters::{
    self, JOB, MasterConfig, MasterThread, OWNER, POLL_MS, TIMEOUT_MS,
};
use crate::jobs::master::Rules;
use crate::prose;
use crate::runtime::Harness;

/// The experiment.
#[derive(Debug)]
pub struct MasterWorker;

const NOTICE: Setting<OneOf<bool>> = Setting {
    name: "notice",
    attribute: "notice",
    domain: OneOf(&["poll", "told"], &[false, true]),
    default: false,
    unit: "",
    meaning: prose(
        "How the master learns that a round is over: it asks, or the last worker tells it.",
    ),
};

const HANDLES: Setting<OneOf<bool>> = Setting {
    name: "handles",
    attribute: "handles",
    domain: OneOf(&["strong", "weak"], &[false, true]),
    default: false,
    unit: "",
    meaning: prose("Whether the master's handles keep the jobs that it started alive."),
};

const RETRY: Setting<OneOf<bool>> = Setting {
    name: "retry",
    attribute: "retry",
    domain: ON_OFF,
    default: true,
    unit: "",
    meaning: prose("Whether a silent worker's job is given to another."),
};

impl Experiment for MasterWorker {
    const NAME: &'static str = "master-worker";
    const QUESTION: &'static str = prose(
        "A master hands out jobs and wants to know when all are done: should it ask, or be told?",
    );

    type Config = MasterConfig;
    type Body = Body;

    fn config(reader: &mut ConfigReader) -> MasterConfig {
        // In the order of the controls.
        let threads = reader.get(&THREADS.with_default(10));
        let rounds = reader.get(&TIMES.with_default(10));
        let job = reader.get(&JOB);
        let busy = job.busy(reader.get(&WAIT_MS.with_default(300)), reader.get(&LOOPS));
        let notified = reader.get(&NOTICE);
        let poll_ms = reader.get(&POLL_MS);
        let weak = reader.get(&HANDLES);
        let rules = Rules { timeout_ms: reader.get(&TIMEOUT_MS).into(), retry: reader.get(&RETRY) };
        MasterConfig {
            threads,
            rounds,
            busy,
            notified,
            poll_ms,
            weak,
            rules,
            owner: reader.get(&OWNER),
        }
    }

    fn run(
        harness: &Harness,
        config: &MasterConfig,
        report: &mut Report<Body>,
    ) -> RunOutcome<Body> {
        if let Some(state) = masters::start(harness, config, report) {
            let end = MasterThread::start(harness, &state).and_then(|master| master.run(false));
            masters::finish(harness, &state, report, end.err(), &|_| None, true);
        }
        RunOutcome::Finished
    }
}
