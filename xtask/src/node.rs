//! Node and npm's packages: the page's libraries, and the tools that bundle, check and shrink it.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{paths, process, ui};

/// The oldest Node that the tools run on.
const OLDEST: u32 = 20;

/// The lock file as it was when the packages were installed.
const INSTALLED: &str = "node_modules/.locklab-lock.json";

/// A command that runs a script with Node, in the repository.
pub fn command(script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(script).current_dir(paths::root());
    command
}

/// Makes sure of Node, and of the packages exactly as the lock file names them.
///
/// # Errors
/// Without Node or npm, or when packages can't be had.
pub fn ensure() -> Result<()> {
    let hint = || format!("Install Node.js {OLDEST} or later with npm, and try again.");
    let version = process::query(Command::new("node").arg("--version"));
    let version = version.with_context(|| format!("Node.js is missing. {}", hint()))?;
    let major = version.trim_start_matches('v').split('.').next();
    if major.and_then(|major| major.parse().ok()) < Some(OLDEST) {
        bail!("Node.js is {version}. {}", hint());
    }
    let root = paths::root();
    let wanted = fs::read(root.join("package-lock.json"))?;
    if fs::read(root.join(INSTALLED)).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    ui::step("Installing npm's packages (npm ci)", || {
        // No script of a package is run: what we use works without. `--include=dev` also where NODE_ENV says "production".
        let args = [
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--include=dev",
        ];
        process::run(Command::new("npm").args(args).current_dir(&root)).with_context(hint)
    })?;
    Ok(fs::write(root.join(INSTALLED), wanted)?)
}
