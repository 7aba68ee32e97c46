//! Node and npm's packages: the page's libraries, and the tools that bundle, check and shrink it.

use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{paths, process, ui};

/// The oldest Node that the tools run on.
const OLDEST: u32 = 20;

/// The lock file as it was when the packages were installed.
const INSTALLED: &str = "node_modules/.locklab-lock.json";

/// Runs a script with Node: its path in the repository, and arguments.
pub fn command(words: &str) -> Command {
    process::at_root("node", words)
}

/// Makes sure of Node, and of the packages exactly as the lock file names them.
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
        let words = "ci --ignore-scripts --no-audit --no-fund --include=dev";
        process::run(&mut process::at_root("npm", words)).with_context(hint)
    })?;
    Ok(fs::write(root.join(INSTALLED), wanted)?)
}
