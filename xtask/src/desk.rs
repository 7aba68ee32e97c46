//! `cargo xtask bench`, `record` and `picture`: builds the page and lets the browser suite's harness do something else than testing.

use std::process::Command;

use clap::Args;

use crate::browsers::{self, Browser};
use crate::build::Page;
use crate::error::Result;
use crate::{place, program};

/// What to measure in.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Only this engine; may be given more than once
    #[arg(long, value_enum, value_name = "ENGINE")]
    browser: Vec<Browser>,
}

/// Measures in the engines that are asked for, or in all.
///
/// # Errors
/// When the page can't be built, a browser is missing, or something could not be measured.
pub fn bench(args: &BenchArgs) -> Result<()> {
    let browsers = if args.browser.is_empty() {
        Browser::ALL.to_vec()
    } else {
        args.browser.clone()
    };
    work("bench", &browsers)
}

/// A task that one engine is enough for.
///
/// # Errors
/// As [`bench`].
pub fn chromium(task: &str) -> Result<()> {
    work(task, &[Browser::Chromium])
}

fn work(task: &str, browsers: &[Browser]) -> Result<()> {
    Page::build(false)?;
    browsers::ensure(browsers)?;
    let mut command = Command::new("cargo");
    command.current_dir(place::root());
    command.args([
        "run",
        "--quiet",
        "--package",
        "browser-tests",
        "--",
        "--task",
        task,
    ]);
    for browser in browsers {
        command.args(["--browser", browser.name()]);
    }
    program::show(&mut command, task)
}
