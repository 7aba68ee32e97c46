//! The post's program in a terminal: the four runs on native threads, and its very lines. Not the
//! report, of which this is the `text`.

mod options;

use std::process::ExitCode;
use std::sync::Arc;

use locklab::experiment;
use locklab::experiment::report::Outcome;
use locklab::experiments::lock_cost;
use locklab::native;

fn main() -> ExitCode {
    let args = std::env::args().skip(1);
    let config = match options::read(&[lock_cost::EXPERIMENT], &[], args) {
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
    let report = match experiment::run(&harness, lock_cost::EXPERIMENT.name, &config) {
        Ok(report) => report,
        Err(refused) => {
            eprintln!("{refused}");
            return ExitCode::from(2);
        }
    };
    for failure in report.failures.iter().flatten() {
        eprintln!("{}: {}", failure.worker, failure.message);
    }
    if let Some(result) = lock_cost::result(report.runs.as_deref().unwrap_or_default()) {
        println!("{result}");
    }
    if report.outcome == Outcome::Done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn usage() -> String {
    options::usage(
        "Runs the post's experiment natively.",
        &[lock_cost::EXPERIMENT],
        &[],
    )
}
