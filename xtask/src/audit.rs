//! `cargo xtask audit`: what is known against the crates and packages that we build on. Needs the network for what is known today, and
//! says so where it has none. The licences alone are checked by every `cargo xtask lint`.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use crate::describe::native_cargo;
use crate::error::{Error, Result};
use crate::{node, place, program, say};

/// cargo-deny and what it depends on are compiled here.
const INSTALL_LIMIT: Duration = Duration::from_secs(30 * 60);
const ASK_LIMIT: Duration = Duration::from_secs(5 * 60);

/// What is said where a database is out of reach, in the words of cargo-deny and of npm.
const UNREACHED: [&str; 5] = [
    "failed to fetch advisory database",
    "audit endpoint returned an error",
    "ENOTFOUND",
    "ENOAUDIT",
    "EAI_AGAIN",
];

/// Holds crates and packages against deny.toml, and against the databases of known weaknesses where they can be reached.
///
/// # Errors
/// When something is found, or cargo-deny can't be had.
pub fn audit() -> Result<()> {
    node::ensure()?;
    let deny = find_or_install()?;
    let check = |what: &[&str]| {
        let mut command = Command::new(&deny);
        command
            .args(["--workspace", "--all-features", "check"])
            .args(what)
            .current_dir(place::root());
        command
    };
    say::step("Licences, sources, bans (cargo deny)", || {
        program::run(
            check(&["--hide-inclusion-graph", "licenses", "sources", "bans"])
                .env("RUST_LOG", "error"),
            "cargo deny",
            ASK_LIMIT,
        )
        .map(drop)
    })?;
    let crates = reached(
        "Known weaknesses of crates (RustSec)",
        check(&["advisories"]),
    );
    let mut npm = Command::new(program::find("npm").unwrap_or_else(|| PathBuf::from("npm")));
    npm.arg("audit").current_dir(place::root());
    let packages = reached("Known weaknesses of packages (npm audit)", npm);
    crates.and(packages)
}

/// Asks a database; that it can't be reached is said aloud, but is no finding.
fn reached(what: &str, mut command: Command) -> Result<()> {
    let told = say::step(what, || program::told(&mut command, what, ASK_LIMIT))?;
    if told.is_well {
        return Ok(());
    }
    if UNREACHED.iter().any(|words| told.text.contains(words)) {
        say::loudly(&format!(
            "NOT CHECKED: {what}. The database can't be reached from here."
        ));
        return Ok(());
    }
    for line in told.text.lines() {
        say::note(line);
    }
    Err(Error::Failed {
        what: what.to_owned(),
        how: "something is known against what we build on; see above".to_owned(),
    })
}

/// cargo-deny: on PATH, or installed for this project alone.
fn find_or_install() -> Result<PathBuf> {
    let ours = place::tools().join("bin");
    let find = || {
        program::find("cargo-deny")
            .or_else(|| program::find_in("cargo-deny", std::iter::once(ours.clone())))
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    say::step(
        "Installing cargo-deny (cargo install: it is compiled here, which takes some minutes)",
        || {
            let mut install = Command::new(native_cargo());
            install
                .args(["install", "cargo-deny", "--locked", "--root"])
                .arg(place::tools());
            program::run(&mut install, "cargo install cargo-deny", INSTALL_LIMIT).map(drop)
        },
    )?;
    find().ok_or_else(|| Error::Missing {
        what: "cargo-deny".to_owned(),
        remedy: "Run `cargo install cargo-deny --locked`, and try again.".to_owned(),
    })
}
