//! Any figure's experiment natively, for programs: its name and its settings as a JSON object in, its
//! report as JSON out. Not for people, who have `post` and `master`.
//!
//! `cargo run --release --example report -- price-list '{"budgetMs":2000}'`

use std::process::ExitCode;

use locklab::experiment::report::Outcome;
use locklab::{experiments, native};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let figure = args.next().unwrap_or_default();
    let config = args.next().unwrap_or_else(|| "{}".to_owned());
    let config = match serde_json::from_str(&config) {
        Ok(config) => config,
        Err(error) => {
            eprintln!(
                "the settings are no JSON object: {error}; they are given as '{{\"budgetMs\":2000}}'"
            );
            return ExitCode::from(2);
        }
    };
    let report = experiments::find(&figure)
        .and_then(|entry| entry.run(&native::harness(), &native::fields(&config)));
    let report = match report {
        Ok(report) => report,
        Err(invalid) => {
            eprintln!("{invalid}");
            return ExitCode::from(2);
        }
    };
    match serde_json::to_string(&report) {
        Ok(report) => println!("{report}"),
        Err(error) => {
            eprintln!("the report could not be written: {error}");
            return ExitCode::FAILURE;
        }
    }
    if report.outcome == Outcome::Done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
