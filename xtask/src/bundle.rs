//! Hands the finished module to bundle.mjs, which puts the page together, and names this build. Knows nothing of the page's files.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::error::{Error, Result};
use crate::policy::POLICY;
use crate::tools::Toolchain;
use crate::{node, notices, place, program};

/// Writes `dist/` from the page's sources and a finished module, for that address where it is known; with `sizes`, prints what a reader has to fetch.
///
/// # Errors
/// When a script can't be bundled; the bundler has said why.
pub fn write(module: &Path, toolchain: &Toolchain, site: Option<&str>, sizes: bool) -> Result<()> {
    let mut order = json!({
        "module": module,
        "dist": place::dist(),
        "build": build_name(toolchain)?,
        "policy": POLICY,
        "notices": notices::folder(),
        "sizes": sizes,
    });
    if let Some(site) = site {
        order["site"] = site.into();
    }
    program::show(
        node::command("xtask/bundle.mjs").arg(order.to_string()),
        "bundling the page",
    )
}

/// The version that is being built: `0.1.0`.
///
/// # Errors
/// When the manifest can't be read.
pub fn version() -> Result<String> {
    let manifest = place::root().join("Cargo.toml");
    let text = fs::read_to_string(&manifest).map_err(Error::at(&manifest))?;
    let version = text
        .lines()
        .find_map(|line| line.strip_prefix("version = "));
    Ok(version.unwrap_or_default().trim_matches('"').to_owned())
}

/// What every report says of the code that made it: `0.1.0 (abc1234, rustc 1.96)`; a plus behind the commit tells of changes since.
///
/// # Errors
/// When the manifest can't be read.
pub fn build_name(toolchain: &Toolchain) -> Result<String> {
    let version = version()?;
    let commit = git(&["rev-parse", "--short=7", "HEAD"]);
    let changed = git(&["status", "--porcelain"]).is_some_and(|lines| !lines.is_empty());
    let commit = commit.map_or_else(
        || "no commit".to_owned(),
        |name| if changed { name + "+" } else { name },
    );
    let rustc: Vec<_> = toolchain.version.split('.').take(2).collect();
    Ok(format!("{version} ({commit}, rustc {})", rustc.join(".")))
}

/// Git's answer about this repository, if it is one. It may belong to another user, as in a container.
pub fn git(args: &[&str]) -> Option<String> {
    program::ask(
        Command::new("git")
            .args(["-c", "safe.directory=*"])
            .args(args)
            .current_dir(place::root()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_is_named_by_version_commit_and_compiler() {
        let toolchain = Toolchain {
            rustc: "r".into(),
            cargo: "c".into(),
            library: "l".into(),
            version: "1.96.0".into(),
            linker: None,
        };
        let name = build_name(&toolchain).unwrap();
        assert!(
            name.ends_with(", rustc 1.96)")
                && name.starts_with(|first: char| first.is_ascii_digit()),
            "{name}"
        );
    }
}
