//! What everything that we build on may be licensed as: the list of deny.toml, held against what crates and npm's packages say of
//! themselves. Reads no licence texts; cargo-deny does (audit.rs).

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::describe::native_cargo;
use crate::error::{Error, Result};
use crate::{place, program};

/// Tools that are used and never given away: no part of them gets into the page.
const TOOLS: [(&str, &str); 1] = [("node_modules/axe-core", "MPL-2.0")];

/// Holds every crate and package against the list.
///
/// # Errors
/// [`Error::Wrong`] that names those whose licence is not on it; others when they can't be listed.
pub fn check() -> Result<()> {
    let allowed = allowed()?;
    let mut packages = crates()?;
    packages.extend(npm()?);
    let strangers: Vec<_> = packages
        .into_iter()
        .filter(|(name, licence)| {
            !is_allowed(licence, &allowed) && !TOOLS.contains(&(name.as_str(), licence.as_str()))
        })
        .map(|(name, licence)| format!("{name} ({licence})"))
        .collect();
    if strangers.is_empty() {
        return Ok(());
    }
    Err(Error::Wrong(format!(
        "deny.toml does not allow the licence of {}",
        strangers.join(", ")
    )))
}

/// The licences that deny.toml lists.
fn allowed() -> Result<Vec<String>> {
    let path = place::root().join("deny.toml");
    let text = fs::read_to_string(&path).map_err(Error::at(&path))?;
    let list = text
        .lines()
        .skip_while(|line| !line.starts_with("allow = ["))
        .skip(1);
    let names: Vec<_> = list
        .take_while(|line| !line.starts_with(']'))
        .map(|line| line.trim().trim_matches([',', '"']).to_owned())
        .collect();
    if names.is_empty() {
        return Err(Error::Wrong(
            "deny.toml has no list `allow = [` of licences, one a line".to_owned(),
        ));
    }
    Ok(names)
}

/// Every crate of the lock file with its licence, our own among them.
fn crates() -> Result<Vec<(String, String)>> {
    let mut metadata = Command::new(native_cargo());
    metadata
        .args(["metadata", "--format-version", "1", "--locked"])
        .current_dir(place::root());
    let told = program::ask(&mut metadata).and_then(|text| serde_json::from_str(&text).ok());
    let told: Value =
        told.ok_or_else(|| Error::Wrong("cargo can't list the crates it builds on".to_owned()))?;
    Ok(named(
        told["packages"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|package| (package["name"].as_str(), package["license"].as_str())),
    ))
}

/// Every package of npm's lock file with its licence.
fn npm() -> Result<Vec<(String, String)>> {
    let path = place::root().join("package-lock.json");
    let text = fs::read_to_string(&path).map_err(Error::at(&path))?;
    let lock: Value = serde_json::from_str(&text)
        .map_err(|error| Error::Wrong(format!("{}: {error}", path.display())))?;
    let packages = lock["packages"].as_object().into_iter().flatten();
    Ok(named(packages.map(|(name, package)| {
        (Some(name.as_str()), package["license"].as_str())
    })))
}

fn named<'a>(
    packages: impl Iterator<Item = (Option<&'a str>, Option<&'a str>)>,
) -> Vec<(String, String)> {
    let or_none = |text: Option<&str>| text.unwrap_or("none").to_owned();
    packages
        .map(|(name, licence)| (or_none(name), or_none(licence)))
        .collect()
}

/// Whether an SPDX expression can be met with licences of the list alone; `/` is what old crates write for `OR`.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut rest = &words[..];
    any(&mut rest, allowed) && rest.is_empty()
}

/// Alternatives: one of them is enough.
fn any(rest: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = all(rest, allowed);
    while rest.first() == Some(&"OR") {
        *rest = &rest[1..];
        // Read in any case: what follows must not be left over.
        met |= all(rest, allowed);
    }
    met
}

/// What holds together.
fn all(rest: &mut &[&str], allowed: &[String]) -> bool {
    let mut met = one(rest, allowed);
    while rest.first() == Some(&"AND") {
        *rest = &rest[1..];
        met &= one(rest, allowed);
    }
    met
}

fn one(rest: &mut &[&str], allowed: &[String]) -> bool {
    match **rest {
        ["(", ..] => {
            *rest = &rest[1..];
            let met = any(rest, allowed);
            let closes = rest.first() == Some(&")");
            *rest = rest.get(1..).unwrap_or_default();
            met && closes
        }
        [name, "WITH", exception, ..] => {
            *rest = &rest[3..];
            allowed.contains(&format!("{name} WITH {exception}"))
        }
        [name, ..] => {
            *rest = &rest[1..];
            allowed.iter().any(|one| one == name)
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_met_by_licences_of_the_list() {
        let allowed = ["MIT", "ISC", "Apache-2.0 WITH LLVM-exception"].map(str::to_owned);
        for fine in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/GPL-2.0",
            "(GPL-3.0 OR MIT) AND ISC",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0",
        ] {
            assert!(is_allowed(fine, &allowed), "{fine}");
        }
        for wrong in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "Apache-2.0",
            "none",
            "",
            "(MIT",
            "MIT GPL-3.0",
        ] {
            assert!(!is_allowed(wrong, &allowed), "{wrong}");
        }
    }

    #[test]
    fn the_list_of_deny_toml_is_read() {
        let allowed = allowed().unwrap();
        assert!(allowed.contains(&"MIT".to_owned()), "{allowed:?}");
        assert!(!allowed.iter().any(|name| name.starts_with("GPL")));
    }
}
