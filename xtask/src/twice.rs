//! `cargo xtask build --twice`: builds the page here and in a fresh copy elsewhere, and compares every file of the two. Changes nothing here.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::Page;
use crate::bundle::git;
use crate::describe::native_cargo;
use crate::error::{Error, Result};
use crate::{digest, place, program, say};

/// Builds twice.
///
/// # Errors
/// [`Error::Wrong`] that names what differs, or where there are changes that the copy would lack; others when a build fails.
pub fn build_twice() -> Result<()> {
    if git(&["status", "--porcelain"]).is_none_or(|changes| !changes.is_empty()) {
        return Err(Error::Wrong(
            "a copy is made from the last commit: commit what has changed, and try again"
                .to_owned(),
        ));
    }
    Page::build(false)?;
    // At once: whoever works on meanwhile may build again.
    let ours = files(&place::dist())?;
    // Deeper than the original, and under another name: no path of either may leave a trace.
    let copy = place::target().join("twice/of/another/name");
    if copy.is_dir() {
        fs::remove_dir_all(&copy).map_err(Error::at(&copy))?;
    }
    let mut clone = Command::new("git");
    clone
        .args(["-c", "safe.directory=*", "clone", "--quiet", "--local"])
        .arg(place::root())
        .arg(&copy);
    program::show(&mut clone, "copying the last commit")?;
    say::step("Building the copy, from nothing", || {
        let mut build = Command::new(native_cargo());
        program::forget_outer_cargo(&mut build)
            .args(["xtask", "build"])
            .current_dir(&copy)
            .env("CARGO_TARGET_DIR", copy.join("target"));
        program::show(&mut build, "building the copy")
    })?;
    let theirs = files(&copy.join("dist"))?;
    let differing = differences(&ours, &theirs);
    if !differing.is_empty() {
        return Err(Error::Wrong(format!(
            "two builds differ in {} (compare {} with {})",
            differing.join(", "),
            place::dist().display(),
            copy.join("dist").display()
        )));
    }
    say::note(&format!(
        "{} files, all the same in both; together {}",
        ours.len(),
        digest::of(
            &ours
                .iter()
                .flat_map(|(name, digest)| [name.as_bytes(), digest.as_bytes()])
                .collect::<Vec<_>>()
        )
    ));
    fs::remove_dir_all(&copy).map_err(Error::at(&copy))
}

/// The digest of each file of a folder, by its path in there.
///
/// # Errors
/// When one can't be read.
pub fn files(folder: &Path) -> Result<BTreeMap<String, String>> {
    let mut paths: Vec<PathBuf> = Vec::new();
    digest::collect(folder, &mut paths)?;
    paths
        .iter()
        .map(|path| {
            let name = path.strip_prefix(folder).unwrap_or(path);
            Ok((name.display().to_string(), digest::of_file(path)?))
        })
        .collect()
}

/// The names of files that are not the same in both, or are in one only.
pub fn differences(
    ours: &BTreeMap<String, String>,
    theirs: &BTreeMap<String, String>,
) -> Vec<String> {
    let names = ours.keys().chain(theirs.keys());
    let mut differing: Vec<_> = names
        .filter(|name| ours.get(*name) != theirs.get(*name))
        .cloned()
        .collect();
    differing.sort();
    differing.dedup();
    differing
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_or_is_missing_is_named_once() {
        let folder = |files: &[(&str, &str)]| {
            files
                .iter()
                .map(|(name, digest)| ((*name).to_owned(), (*digest).to_owned()))
                .collect::<BTreeMap<_, _>>()
        };
        let ours = folder(&[("a", "1"), ("b", "2"), ("c", "3")]);
        let theirs = folder(&[("a", "1"), ("b", "4"), ("d", "5")]);
        assert_eq!(differences(&ours, &theirs), ["b", "c", "d"]);
        assert!(differences(&ours, &ours).is_empty());
    }
}
