//! The post's second half in a terminal: a master that starts rounds of jobs, polls, and may die, on native
//! threads, and its very lines. A worker that is killed is simulated by its thread's end, without a word to
//! anybody; a master that dies, by the end of its run on this thread. Its lines are the report's
//! `text`.

mod options;

use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use locklab::experiment::Experiment;
use locklab::experiment::report::{Outcome, Report};
use locklab::experiments;
use locklab::experiments::master_exit::MasterExit;
use locklab::experiments::master_worker::MasterWorker;
use locklab::experiments::masters::report::{Body, JobOutcome};
use locklab::native;
use locklab::runtime::Runtime;
use locklab::runtime::board::State;
use options::Own;

const FIGURES: &[&str] = &[MasterWorker::NAME, MasterExit::NAME];

const OWN: &[Own] = &[
    (
        "figure",
        "master-worker, master-exit",
        "Which of the two: rounds of jobs, or a master that dies after its first poll. Default: \"master-worker\"",
    ),
    (
        "kill",
        "0–127",
        "Kills this worker in the middle of its first job. May be given more than once.",
    ),
];

fn main() -> ExitCode {
    let usage = || options::usage("Runs the post's master natively.", FIGURES, OWN);
    let options = match options::read(FIGURES, OWN, std::env::args().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            println!("{}", usage());
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("{message}\n\n{}", usage());
            return ExitCode::from(2);
        }
    };
    let mut figure = MasterWorker::NAME.to_owned();
    let mut killed = Vec::new();
    for (name, value) in options.own {
        match (name.as_str(), value.parse::<usize>()) {
            ("figure", _) if FIGURES.contains(&&*value) => figure = value,
            ("kill", Ok(worker)) if worker < locklab::runtime::board::MAX_WORKERS => {
                killed.push(worker)
            }
            _ => {
                let own = OWN.iter().find(|(own, _, _)| *own == name);
                let takes = own.map_or("", |(_, takes, _)| takes);
                eprintln!("--{name} is “{value}”, but may be: {takes}");
                return ExitCode::from(2);
            }
        }
    }
    let mut harness = native::harness();
    harness.on_line = Some(Arc::new(|line| println!("{line}")));
    for worker in killed {
        let runtime = harness.runtime();
        // Left to itself: where the worker never gets a job, there is nobody to kill.
        thread::spawn(move || kill(&runtime, worker));
    }
    let report = if figure == MasterWorker::NAME {
        experiments::run::<MasterWorker>(&harness, &options.config)
    } else {
        experiments::run::<MasterExit>(&harness, &options.config)
    };
    match report {
        Ok(report) => tell(&report),
        Err(invalid) => {
            eprintln!("{invalid}");
            ExitCode::from(2)
        }
    }
}

/// Kills a worker as soon as it has a job.
fn kill(runtime: &Runtime, worker: usize) {
    let slot = runtime.board().slot(worker);
    while !matches!(slot.read().state, State::Io | State::Cpu) {
        thread::sleep(Duration::from_millis(1));
    }
    slot.kill();
    runtime.wake();
}

/// What the post's program has no lines for.
fn tell(report: &Report<Body>) -> ExitCode {
    for death in report.body.deaths.iter().flatten() {
        let retried = death.retried_by.as_deref();
        let then = retried
            .map_or("nobody does its job again".to_owned(), |by| format!("{by} does its job"));
        eprintln!("{} is dead; {then}", death.worker);
    }
    for failure in report.failures.iter().flatten() {
        eprintln!("{}: {}", failure.worker, failure.message);
    }
    let jobs = report.body.rounds.iter().flatten().flat_map(|round| &round.workers);
    let lost = jobs.filter(|job| job.outcome == JobOutcome::Lost).count();
    if lost > 0 {
        eprintln!("{lost} jobs are lost");
    }
    if report.outcome == Outcome::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
