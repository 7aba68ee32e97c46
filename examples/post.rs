//! The post's program in a terminal: the four runs on native threads, and its very lines. Not the
//! report, of which this is the `text`.

use std::process::ExitCode;

use locklab::experiment::report::Outcome;
use locklab::experiment::settings::{self, Given, GivenValue};
use locklab::experiment::{self, lock_cost};
use locklab::native;

fn main() -> ExitCode {
    let config = match read(std::env::args().skip(1)) {
        Ok(Some(config)) => config,
        Ok(None) => {
            println!("{}", usage());
            return ExitCode::SUCCESS;
        }
        Err(message) => {
            eprintln!("{message}\n\n{}", usage());
            return ExitCode::from(2);
        }
    };
    let mut lab = native::lab();
    lab.on_run = Some(Box::new(|run| {
        if let Some(line) = lock_cost::line(run) {
            println!("{line}");
        }
    }));
    let report = match experiment::run(&lab, lock_cost::EXPERIMENT.name, &config) {
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

/// The settings given as `--name value`; `None` where help is asked for.
fn read(mut args: impl Iterator<Item = String>) -> Result<Option<Vec<(String, Given)>>, String> {
    let mut config = Vec::new();
    while let Some(arg) = args.next() {
        if arg == "--help" || arg == "-h" {
            return Ok(None);
        }
        let name = arg.strip_prefix("--").unwrap_or_default();
        let known = lock_cost::EXPERIMENT.settings.iter().find_map(|used| {
            settings::setting(used.name).filter(|setting| setting.attribute == name)
        });
        let Some(setting) = known else {
            return Err(format!("“{arg}” is no option"));
        };
        let Some(value) = args.next() else {
            return Err(format!(
                "--{name} needs a value: {}",
                setting.allowed_text()
            ));
        };
        let given = Given {
            // What is no number is handed on as text: the check names it.
            value: value.parse().map_or(GivenValue::Text, GivenValue::Number),
            text: value,
        };
        config.push((setting.name.to_owned(), given));
    }
    Ok(Some(config))
}

fn usage() -> String {
    let mut usage = "Runs the post's experiment natively.\n\nOptions:\n  -h, --help".to_owned();
    for setting in lock_cost::EXPERIMENT
        .settings
        .iter()
        .filter_map(|used| settings::setting(used.name))
    {
        usage += &format!(
            "\n  --{} <{}>\n      {} Default: {}",
            setting.attribute,
            setting.allowed_text(),
            setting.meaning,
            serde_json::json!(setting.default),
        );
    }
    usage
}
