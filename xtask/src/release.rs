//! `cargo xtask release --dry-run`: all that the workflow of a release does before it publishes: version and notes, packages, and what their readers'
//! tools say of them. Publishes nothing: a tag does, by way of .github/workflows/release.yml.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::files::{self, Files};
use crate::{package, paths, process, ui};

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Publish nothing; there is no other way: a tag publishes
    #[arg(long, required = true)]
    dry_run: bool,
    /// The tag that is released: `v`, and the version that Cargo.toml has
    #[arg(long)]
    tag: Option<String>,
}

/// npm takes more; a blog's author waits for it.
const MOST_KB: u64 = 900;

/// Makes all of a release in `target/package/`, and says what would be published.
pub fn release(args: &Args) -> Result<()> {
    let changes = fs::read_to_string(paths::root().join("CHANGELOG.md"))?;
    let notes = notes(&changes, package::VERSION, args.tag.as_deref())?;
    let made = package::package(None)?;
    let size = fs::metadata(&made[0])?.len().div_ceil(1000);
    ensure!(size <= MOST_KB, "npm's tarball has {size} KB; {MOST_KB} at most");
    ui::step("What tools of authors say of the package (tsc, publint, attw)", || check(&made[0]))?;
    fs::write(paths::target().join("release-notes.md"), &notes)?;
    println!(
        "Nothing was published. The tag v{} would publish, with these notes:",
        package::VERSION
    );
    made.iter().for_each(|file| println!("  {}", file.display()));
    println!("\n{notes}");
    Ok(())
}

/// What a version's release says: its section of the changelog. Before there is a tag, what is not released yet may be it.
pub fn notes(changes: &str, version: &str, tag: Option<&str>) -> Result<String> {
    if let Some(tag) = tag {
        ensure!(
            tag == format!("v{version}"),
            "the tag {tag} is not of the version in Cargo.toml, {version}"
        );
    }
    let section = |name: &str| {
        let mut sections = changes.split("\n## ").skip(1);
        let found = sections.find(|section| section.starts_with(&format!("[{name}]")))?;
        Some(found.split_once('\n')?.1.trim().to_owned())
    };
    let unreleased = if tag.is_none() { section("Unreleased") } else { None };
    let notes = section(version).or(unreleased);
    let notes = notes.filter(|notes| !notes.is_empty());
    notes.with_context(|| {
        format!("CHANGELOG.md says nothing of {version}: its section is missing or empty")
    })
}

/// Installs the tarball into projects of authors, and runs their checkers.
pub fn check(tarball: &Path) -> Result<()> {
    let folder = paths::tools().join("consumers");
    let consumers: Files = files::read(&paths::root().join("xtask/consumers"))?;
    for (name, contents) in &consumers {
        files::write(&folder.join(name), contents)?;
    }
    let npm = |words: &str| {
        let mut npm = process::at_root("npm", words);
        npm.current_dir(&folder);
        npm
    };
    let install =
        "install --silent --ignore-scripts --no-audit --no-fund --no-save --no-package-lock";
    process::run(npm(install).arg(tarball))?;
    process::run(npm("run --silent check").arg(format!("--tarball={}", tarball.display())))
}
