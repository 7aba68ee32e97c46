//! `cargo xtask bench`, `soak`, `fuzz`, `record` and `picture`: builds the page and lets the browser suite's harness do something else than testing.

use std::ffi::OsString;
use std::path::{self, PathBuf};
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Args;

use crate::apt::Apt;
use crate::browsers::{self, Browser};
use crate::build::Page;
use crate::error::{Error, Result};
use crate::{native, node, place, program};

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
    what: Option<String>,
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
    if args.native {
        return match args.what.as_deref() {
            None => native::twin(args.machine.as_deref()),
            Some("validity") => native::validity(),
            Some(other) => Err(Error::Wrong(format!(
                "\"{other}\" is not measured without a browser; \"validity\" is, and without a name the page's native twin"
            ))),
        };
    }
    let what: Vec<_> = args.what.iter().map(OsString::from).collect();
    work("bench", &or_all(&args.browser), &what)
}

/// Kills workers and masters in the engines that are asked for, or in all.
///
/// # Errors
/// As [`bench`]; and where an account does not add up.
pub fn soak(args: &SoakArgs) -> Result<()> {
    work("soak", &or_all(&args.browser), &[])
}

/// Throws texts, messages and reports of chance at the code that reads them, and at a figure.
///
/// # Errors
/// As [`bench`]; and where something was thrown, or passed that should not.
pub fn fuzz() -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = now.map_or(1, |since| since.as_secs() % 1_000_000_000);
    work("fuzz", &[Browser::Chromium], &[])?;
    for script in ["fuzz.mjs", "reports.mjs"] {
        let mut throw = node::command(&format!("tests/fuzz/{script}"));
        program::show(throw.arg(seed.to_string()), script)?;
    }
    Ok(())
}

/// Pastes a figure on every host, in all engines, and writes what becomes of it into docs/embedding.md.
///
/// # Errors
/// As [`bench`]; and where a figure hangs or fails.
pub fn hosts() -> Result<()> {
    work("hosts", &Browser::ALL, &[])
}

fn or_all(browsers: &[Browser]) -> Vec<Browser> {
    if browsers.is_empty() {
        Browser::ALL.to_vec()
    } else {
        browsers.to_vec()
    }
}

/// A task that one engine is enough for.
///
/// # Errors
/// As [`bench`].
pub fn chromium(task: &str, args: &MakeArgs) -> Result<()> {
    if task == "picture" {
        ensure_letters();
    }
    let mut into = Vec::new();
    if let Some(folder) = &args.into {
        // The harness is started in the project's folder.
        let folder = path::absolute(folder)
            .map_err(|error| Error::Wrong(format!("{}: {error}", folder.display())))?;
        into.extend([OsString::from("--into"), folder.into()]);
    }
    work(task, &[Browser::Chromium], &into)
}

/// Pictures have words in them, of each language. Where their letters can't be had, the harness says so.
fn ensure_letters() {
    let chinese = program::ask(Command::new("fc-list").arg(":lang=zh"));
    if chinese.is_none_or(|fonts| fonts.is_empty())
        && let Some(apt) = Apt::if_allowed()
    {
        let _ = apt.install(&["fontconfig", "fonts-wqy-microhei"]);
    }
}

fn work(task: &str, browsers: &[Browser], args: &[OsString]) -> Result<()> {
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
    command.args(args);
    program::show(&mut command, task)
}
