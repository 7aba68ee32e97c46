//! Node and npm's packages: the page's libraries, and the tools that bundle, check and shrink it. Runs none of those tools.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::{digest, place, program, say};

/// The oldest Node that the tools run on.
const OLDEST: u32 = 20;

/// Some 150 MB have to come.
const LIMIT: Duration = Duration::from_secs(10 * 60);

/// Holds the digest of the lock file that the packages were installed by.
const STAMP: &str = ".locklab-lock";

/// A command that runs a script with Node.
pub fn command(script: &str) -> Command {
    let mut command = Command::new("node");
    command
        .arg(place::root().join(script))
        .current_dir(place::root());
    command
}

/// Makes sure of Node, and of the packages exactly as the lock file names them.
///
/// # Errors
/// [`Error::Missing`] without Node or npm; [`Error::Failed`] when packages can't be had.
pub fn ensure() -> Result<()> {
    let remedy = || format!("Install Node.js {OLDEST} or later with npm, and try again.");
    let missing = |what: &str| Error::Missing {
        what: what.to_owned(),
        remedy: remedy(),
    };
    let version =
        program::ask(Command::new("node").arg("--version")).ok_or_else(|| missing("Node.js"))?;
    if major(&version) < OLDEST {
        return Err(Error::Missing {
            what: format!("Node.js {OLDEST} (this one is {version})"),
            remedy: remedy(),
        });
    }
    let root = place::root();
    let lock = root.join("package-lock.json");
    let wanted = digest::of_file(&lock)?;
    let stamp = root.join("node_modules").join(STAMP);
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let npm = program::find("npm").ok_or_else(|| missing("npm"))?;
    say::step("Installing npm's packages (npm ci)", || {
        let mut install = Command::new(&npm);
        // No script of a package is run: what we use works without. `--include=dev` also where NODE_ENV says "production".
        install
            .args([
                "ci",
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--include=dev",
            ])
            .current_dir(&root);
        program::run(&mut install, "npm ci", LIMIT)
    })?;
    fs::write(&stamp, wanted).map_err(Error::at(&stamp))
}

/// `v20.20.2` → 20.
fn major(version: &str) -> u32 {
    let digits = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .unwrap_or_default();
    digits.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_known_by_its_first_number() {
        assert_eq!(major("v20.20.2"), 20);
        assert_eq!(major("nonsense"), 0);
    }
}
