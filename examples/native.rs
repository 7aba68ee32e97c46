//! The price list and contention without a browser, as one JSON array of reports: the first is what the page shows
//! beside the reader's own. Takes about half a minute and wants the machine for itself.

use std::process::ExitCode;

use locklab::{experiments, native};
use serde_json::{Value, json};

/// What nobody draws beside another run, and what is long.
const LEFT_OUT: [&str; 5] = ["versus", "shares", "histogram", "turns", "predicted"];

fn main() -> ExitCode {
    // How the machine is called beside the word "native".
    let machine = std::env::args().nth(1);
    let wanted = [
        ("price-list", json!({ "budgetMs": 10_000 })),
        ("contention", json!({ "counters": "common" })),
    ];
    let mut reports = Vec::new();
    for (figure, config) in wanted {
        let mut harness = native::harness();
        if let Some(machine) = &machine {
            harness.environment.engine = format!("native, {machine}");
        }
        let report = match experiments::find(figure)
            .and_then(|entry| entry.run(&harness, &native::fields(&config)))
        {
            Ok(report) => report,
            Err(invalid) => {
                eprintln!("{invalid}");
                return ExitCode::from(2);
            }
        };
        for failure in report.failures.iter().flatten() {
            eprintln!("{}: {}", failure.worker, failure.message);
        }
        if report.outcome != locklab::experiment::report::Outcome::Done {
            eprintln!("{figure} did not come to its end: {:?}", report.outcome);
            return ExitCode::FAILURE;
        }
        match serde_json::to_value(&report) {
            Ok(mut report) => {
                shorten(&mut report);
                reports.push(report);
            }
            Err(error) => {
                eprintln!("the report of {figure} could not be written: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    println!("{}", Value::Array(reports));
    ExitCode::SUCCESS
}

/// A report that is short: its rows without what may be absent and is long.
fn shorten(report: &mut Value) {
    for rows in ["prices", "points"] {
        let rows = report.get_mut(rows).and_then(Value::as_array_mut);
        for row in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
            for name in LEFT_OUT {
                row.remove(name);
            }
        }
    }
    // The same again, for people.
    report["text"] = json!("");
}
