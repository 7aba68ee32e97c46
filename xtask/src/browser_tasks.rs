//! `cargo xtask bench`, `soak`, `fuzz`, `hosts`, `record` and `picture`: what the browser suite's harness does beside testing, on a fresh page.

use std::path::{self, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use clap::Args;

use crate::browsers::{self, Browser};
use crate::build::Page;
use crate::{apt, native, node, process};

/// What to measure in.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Only this engine; may be given more than once
    #[arg(long, value_enum, value_name = "ENGINE")]
    browser: Vec<Browser>,
    /// Without a browser: the price list and contention of this machine, into www/data/ for the page; with "validity" instead
    /// whether the method finds a cost that is known, and none where there is none
    #[arg(long, conflicts_with = "browser")]
    native: bool,
    /// How the page calls this machine [default: its processor's name]
    #[arg(long, value_name = "NAME", requires = "native")]
    machine: Option<String>,
    /// Only what has this in its name: waits, calculations, start, stop, main-thread, soak, post, told, polled, scheduling, death,
    /// costs (costs-prices, costs-contention, costs-queues, costs-load, costs-own-locks), first-load, sizes
    name: Option<String>,
}

/// What to kill in.
#[derive(Debug, Args)]
pub struct SoakArgs {
    /// Only this engine; may be given more than once
    #[arg(long, value_enum, value_name = "ENGINE")]
    browser: Vec<Browser>,
}

/// Where to put what is made.
#[derive(Debug, Args)]
pub struct MakeArgs {
    /// Into this folder instead of the one that the page or the README takes it from
    #[arg(long, value_name = "FOLDER")]
    into: Option<PathBuf>,
}

/// Measures in the engines that are asked for, or in all.
///
/// # Errors
/// When the page can't be built, a browser is missing, or something could not be measured.
pub fn bench(args: &BenchArgs) -> Result<()> {
    match (args.native, args.name.as_deref()) {
        (false, name) => run("bench", &args.browser, name.as_slice()),
        (true, None) => native::record(args.machine.as_deref()),
        (true, Some("validity")) => native::validity(),
        (true, Some(other)) => {
            bail!("\"{other}\" is not measured without a browser; \"validity\" is")
        }
    }
}

/// Kills workers and masters in the engines that are asked for, or in all.
///
/// # Errors
/// As [`bench`]; and where the counts of jobs don't add up.
pub fn soak(args: &SoakArgs) -> Result<()> {
    run("soak", &args.browser, &[])
}

/// Throws random texts, messages and reports at the code that reads them, and at a figure.
///
/// # Errors
/// As [`bench`]; and where something was thrown, or passed that should not.
pub fn fuzz() -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = now
        .map_or(1, |since| since.as_secs() % 1_000_000_000)
        .to_string();
    run("fuzz", &[Browser::Chromium], &[])?;
    fuzz_scripts(&seed, [100_000, 10_000])
}

/// Throws that many random queries and messages, and reports, at the page's own readers.
///
/// # Errors
/// When one was thrown, or passed that should not.
pub fn fuzz_scripts(seed: &str, counts: [u32; 2]) -> Result<()> {
    for (script, count) in ["fuzz.mjs", "reports.mjs"].into_iter().zip(counts) {
        let mut node = node::command(&format!("tests/fuzz/{script}"));
        process::run(node.args([seed, &count.to_string()]))?;
    }
    Ok(())
}

/// Pastes a figure on every host, in all engines, and writes the outcomes into docs/embedding.md.
///
/// # Errors
/// As [`bench`]; and where a figure hangs or fails.
pub fn hosts() -> Result<()> {
    run("hosts", &[], &[])
}

/// A recording or a picture, for which one engine is enough.
///
/// # Errors
/// As [`bench`].
pub fn make(task: &str, args: &MakeArgs) -> Result<()> {
    // Pictures have words in them, of each language. Where their letters can't be had, the harness says so.
    let fonts = process::query(Command::new("fc-list").arg(":lang=zh"));
    if task == "picture" && fonts.is_none_or(|fonts| fonts.is_empty()) {
        let _ = apt::install(&["fontconfig", "fonts-wqy-microhei"]);
    }
    // The harness is started in the project's folder.
    let folder = args.into.as_ref().map(path::absolute).transpose()?;
    let folder = folder.map(|folder| folder.display().to_string());
    let into = folder.iter().flat_map(|folder| ["--into", folder]);
    run(task, &[Browser::Chromium], &into.collect::<Vec<_>>())
}

/// Builds the page and lets the harness do a task in these engines; in all where none is named.
fn run(task: &str, browsers: &[Browser], args: &[&str]) -> Result<()> {
    let browsers = if browsers.is_empty() {
        &Browser::ALL
    } else {
        browsers
    };
    Page::build(None, false)?;
    browsers::ensure(browsers)?;
    process::run(harness(browsers).args(["--task", task]).args(args))
}

/// The browser suite's program, for these engines.
pub fn harness(browsers: &[Browser]) -> Command {
    let mut command = process::cargo(["run", "--quiet", "--bin", "browser-tests", "--"]);
    for browser in browsers {
        command.args(["--browser", browser.name()]);
    }
    command
}
