//! The post's program in a terminal: the four runs on native threads, and its very lines, which are the
//! report's `text`.

mod options;

use std::process::ExitCode;
use std::sync::Arc;

use locklab::experiment::Experiment;
use locklab::experiment::report::Outcome;
use locklab::experiments;
use locklab::experiments::lock_cost::LockCost;
use locklab::native;

fn main() -> ExitCode {
    let args = std::env::args().skip(1);
    let config = match options::read(&[LockCost::NAME], &[], args) {
        Ok(Some(options)) => options.config,
        Ok(None) => {
            println!("{}", usage());
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("{message}\n\n{}", usage());
            return ExitCode::from(2);
        }
    };
    let mut harness = native::harness();
    harness.on_line = Some(Arc::new(|line| println!("{line}")));
    let report = match experiments::run::<LockCost>(&harness, &config) {
        Ok(report) => report,
        Err(invalid) => {
            eprintln!("{invalid}");
            return ExitCode::from(2);
        }
    };
    for failure in report.failures.iter().flatten() {
        eprintln!("{}: {}", failure.worker, failure.message);
    }
    if report.outcome == Outcome::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn usage() -> String {
    options::usage("Runs the post's experiment natively.", &[LockCost::NAME], &[])
}
