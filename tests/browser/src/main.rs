//! `cargo run -p browser-tests`: the page in three real browser engines, driven as a person and as an embedding page would.
//!
//! The output is libtest's. A trial's name is its engine and the behaviour that it holds the page to. What the product promises stands
//! in `docs/api.md`; the suite knows nothing else of it but what a person sees.

mod browser;
mod engine;
mod fuzz;
mod hosts;
mod lab;
mod lives;
mod master;
mod netlog;
mod outside;
mod page;
mod process;
mod report;
mod runner;
mod site;
mod soak;
mod suite;
mod tasks;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};

use clap::Parser;
use libtest_mimic::{Arguments, Trial};

use crate::engine::{Engine, root};
use crate::runner::Runner;

/// Runs the page in real browsers.
#[derive(Debug, Parser)]
#[command(name = "browser-tests")]
struct Options {
    /// Only this engine; may be given more than once.
    #[arg(long, value_enum)]
    browser: Vec<Engine>,
    /// Shows the browsers.
    #[arg(long)]
    headed: bool,
    /// The built folder to test; dist/ where nothing is said.
    #[arg(long)]
    dist: Option<PathBuf>,
    /// Says at the end how long each trial took, the longest first.
    #[arg(long)]
    times: bool,
    /// Does something else with the browsers than testing.
    #[arg(long, value_enum)]
    task: Option<tasks::Task>,
    /// The folder for what a task makes, instead of its usual place.
    #[arg(long, requires = "task")]
    into: Option<PathBuf>,
    /// As often as the goals of `validity` are about, which takes an hour.
    #[arg(long, requires = "task")]
    full: bool,
    #[command(flatten)]
    tests: Arguments,
}

fn main() -> ExitCode {
    let mut options = Options::parse();
    // One browser at a time: two would take each other's processors, and the figures measure time.
    options.tests.test_threads = Some(1);
    let engines =
        if options.browser.is_empty() { Engine::ALL.to_vec() } else { options.browser.clone() };
    let folder = options.dist.clone().unwrap_or_else(|| root().join("dist"));
    if !options.tests.list && !folder.join("index.html").is_file() {
        eprintln!(
            "There is no page to test in {}: run `cargo xtask build` first.",
            folder.display()
        );
        return ExitCode::FAILURE;
    }
    process::end_all_on_signal();
    runner::keep_panics();
    let runner = match Runner::new(folder, options.headed) {
        Ok(runner) => Arc::new(Mutex::new(runner)),
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    if let Some(task) = options.task {
        let mut runner = runner.lock().unwrap_or_else(PoisonError::into_inner);
        let order = tasks::Order {
            engines: &engines,
            what: options.tests.filter.as_deref().unwrap_or_default(),
            full: options.full,
            into: options.into.as_deref(),
        };
        let done = tasks::perform(task, &mut runner, &order);
        runner.close();
        return done.map_or_else(
            |error| {
                eprintln!("{error}");
                ExitCode::FAILURE
            },
            |()| ExitCode::SUCCESS,
        );
    }
    let trials = engines.iter().flat_map(|&engine| trials_on(engine, &options, &runner)).collect();
    let conclusion = libtest_mimic::run(&options.tests, trials);
    let mut runner = runner.lock().unwrap_or_else(PoisonError::into_inner);
    runner.close();
    if options.times {
        runner.print_times();
    }
    conclusion.exit_code()
}

/// The trials of one engine, or one trial that fails, or none with a loud line, where the engine is missing.
fn trials_on(engine: Engine, options: &Options, runner: &Arc<Mutex<Runner>>) -> Vec<Trial> {
    let missing = match engine.locate(options.headed) {
        Err(missing) if !options.tests.list => missing,
        _ => {
            return suite::all_cases()
                .filter(|case| case.engines.contains(&engine))
                .map(|case| trial(engine, case, runner))
                .collect();
        }
    };
    if on_ci() {
        return vec![Trial::test(format!("{}::is_installed", engine.name()), move || {
            Err(missing.into())
        })];
    }
    eprintln!("\n!!! NOT TESTED in {}: {missing}\n", engine.name());
    Vec::new()
}

/// What is not there is a failure there, and a loud line elsewhere.
fn on_ci() -> bool {
    std::env::var_os("CI").is_some_and(|value| value == "true")
}

fn trial(engine: Engine, case: suite::Case, runner: &Arc<Mutex<Runner>>) -> Trial {
    let runner = Arc::clone(runner);
    let missing = case.variant.missing();
    let skip = !missing.is_empty() && !on_ci();
    let remedy = format!("fonts are missing: apt-get install {}", missing.join(" "));
    let name = format!("{}::{}", engine.name(), case.title());
    if skip {
        eprintln!("!!! NOT TESTED: {name}: {remedy}");
    }
    let trial = Trial::test(name, move || {
        if !missing.is_empty() {
            return Err(remedy.into());
        }
        runner.lock().unwrap_or_else(PoisonError::into_inner).run(engine, case).map_err(Into::into)
    });
    trial.with_ignored_flag(skip)
}
