//! `cargo xtask bench`, `soak`, `fuzz`, `hosts`, `record` and `picture`: what the browser suite's harness does beside testing, on a fresh page.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;

use crate::build::Page;
use crate::{apt, browsers, node, process};

/// What the harness takes.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// `--browser ENGINE` for this engine only; `--into FOLDER` for what is made; a name: only what has that in its name
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENTS")]
    args: Vec<String>,
}

/// Builds the page and lets the harness do a task.
pub fn run(task: &str, Args { args }: &Args) -> Result<()> {
    let (real, args): (Vec<_>, Vec<_>) = args.iter().partition(|arg| *arg == "--real");
    let task = if real.is_empty() { task } else { "real-hosts" };
    // One engine is enough for what is made, or thrown.
    let engines = match task {
        "bench" | "soak" | "hosts" | "real-hosts" => &browsers::ALL[..],
        _ => &["chromium"],
    };
    let named: Vec<_> =
        browsers::ALL.into_iter().filter(|name| args.iter().any(|arg| arg == name)).collect();
    let engines = if named.is_empty() { engines } else { &named };
    // Pictures have words in them, of each language. Where their letters can't be had, the harness says so.
    let fonts = process::query(Command::new("fc-list").arg(":lang=zh"));
    if task == "picture" && fonts.is_none_or(|fonts| fonts.is_empty()) {
        let _ = apt::install(&["fontconfig", "fonts-wqy-microhei"]);
    }
    Page::build(None, false)?;
    browsers::ensure(engines)?;
    let mut harness = harness(if named.is_empty() { engines } else { &[] });
    process::run(harness.args(["--task", task]).args(args))
}

/// Throws random texts and messages at a figure, then random queries, messages and reports at the page's own readers.
pub fn fuzz() -> Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = now.map_or(1, |since| since.as_secs() % 1_000_000_000);
    run("fuzz", &Args { args: Vec::new() })?;
    fuzz_readers(seed, 10_000)
}

/// Runs the tests of the page's modules that need no page.
pub fn page_modules() -> Result<()> {
    let tests = ["clock", "contention", "frames", "group", "log", "prices", "readers", "words"]
        .map(|name| format!("tests/page/{name}.mjs"));
    process::run(&mut node::command(&format!("--test {}", tests.join(" "))))
}

/// Throws that many random reports at the page's own readers, and ten times as many queries and messages.
pub fn fuzz_readers(seed: u64, count: u32) -> Result<()> {
    for (script, count) in [("fuzz.mjs", 10 * count), ("reports.mjs", count)] {
        process::run(&mut node::command(&format!("tests/fuzz/{script} {seed} {count}")))?;
    }
    Ok(())
}

/// The browser suite's program, for these engines.
pub fn harness(engines: &[&str]) -> Command {
    let mut command = process::cargo("run --quiet --bin browser-tests --");
    command.args(engines.iter().flat_map(|engine| ["--browser", engine]));
    command
}
