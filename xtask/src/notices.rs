//! The licence texts that go with the page: ours, and those of everything that was compiled or bundled into it. Judges none; licences.rs does.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::describe::native_cargo;
use crate::error::{Error, Result};
use crate::tools::Toolchain;
use crate::{digest, place, program};

/// Where the module runs: other targets' crates are no part of it.
const TARGET: &str = "wasm32-unknown-unknown";

/// How a file is named that holds a licence's text.
const NAMES: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "UNLICENSE", "NOTICE"];

/// A work of others that is in the page.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Work {
    name: String,
    version: String,
    licence: String,
    texts: Vec<String>,
}

/// Where the bundler finds the texts, as files for the top of `dist/`.
pub fn folder() -> PathBuf {
    place::target().join("notices")
}

/// Writes the texts. The same sources and compiler give the same bytes.
///
/// # Errors
/// When the works can't be listed, or a text can't be read or written.
pub fn write(toolchain: &Toolchain) -> Result<()> {
    let ours = |name: &str| {
        let path = place::root().join(name);
        fs::read_to_string(&path).map_err(Error::at(&path))
    };
    let mut works = crates()?;
    works.extend(npm()?);
    works.push(library(toolchain)?);
    works.sort();
    let folder = folder();
    fs::create_dir_all(&folder).map_err(Error::at(&folder))?;
    for (name, text) in [
        ("LICENSE-MIT.txt", ours("LICENSE-MIT")?),
        ("LICENSE-APACHE.txt", ours("LICENSE-APACHE")?),
        ("THIRD-PARTY.txt", written(&works)),
    ] {
        let path = folder.join(name);
        fs::write(&path, text).map_err(Error::at(&path))?;
    }
    Ok(())
}

/// Every text once, and for each work which texts are its own.
fn written(works: &[Work]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    let mut list = String::new();
    for work in works {
        let numbers: Vec<_> = work
            .texts
            .iter()
            .map(|text| {
                let known = texts.iter().position(|one| one == text);
                let at = known.unwrap_or_else(|| {
                    texts.push(text);
                    texts.len() - 1
                });
                (at + 1).to_string()
            })
            .collect();
        let which = if numbers.is_empty() {
            // Nothing came with it but its word.
            "no text of its own: see LICENSE-APACHE.txt and LICENSE-MIT.txt".to_owned()
        } else {
            format!("text {}", numbers.join(", "))
        };
        // Writing to a String can't fail.
        let _ = writeln!(
            list,
            "{} {}: {} ({which})",
            work.name, work.version, work.licence
        );
    }
    let mut all = format!(
        "Lock Lab is licensed under MIT (LICENSE-MIT.txt) or Apache-2.0 (LICENSE-APACHE.txt), as you like.\n\
         It holds these works of others, each under its own licence, whose texts follow:\n\n{list}"
    );
    for (at, text) in texts.iter().enumerate() {
        let _ = write!(
            all,
            "\n{:-<78}\n\n{text}\n",
            format!("--- text {} ", at + 1)
        );
    }
    all
}

/// The crates that are compiled into the module: not those that only make code at build time.
fn crates() -> Result<Vec<Work>> {
    let mut metadata = Command::new(native_cargo());
    metadata
        .args(["metadata", "--format-version", "1", "--locked"])
        .args(["--no-default-features", "--filter-platform", TARGET])
        .current_dir(place::root());
    let told = program::ask(&mut metadata).and_then(|text| serde_json::from_str(&text).ok());
    let told: Value =
        told.ok_or_else(|| Error::Wrong("cargo can't list the crates of the module".to_owned()))?;
    let of = |list: &Value, key: &'static str| -> BTreeMap<String, Value> {
        let entries = list.as_array().into_iter().flatten();
        entries
            .map(|one| (text_of(&one[key]), one.clone()))
            .collect()
    };
    let packages = of(&told["packages"], "id");
    let nodes = of(&told["resolve"]["nodes"], "id");
    let ours = packages.iter().find(|(_, one)| one["name"] == "locklab");
    let mut open: Vec<String> = ours.map(|(id, _)| id.clone()).into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        for needed in nodes[&id]["deps"].as_array().into_iter().flatten() {
            let name = text_of(&needed["pkg"]);
            if is_compiled_in(needed) && !is_macro(&packages[&name]) && seen.insert(name.clone()) {
                open.push(name);
            }
        }
    }
    seen.iter()
        .map(|id| {
            let package = &packages[id];
            let manifest = PathBuf::from(text_of(&package["manifest_path"]));
            Ok(Work {
                name: text_of(&package["name"]),
                version: text_of(&package["version"]),
                licence: text_of(&package["license"]),
                texts: texts_in(manifest.parent().unwrap_or(&manifest))?,
            })
        })
        .collect()
}

fn is_compiled_in(needed: &Value) -> bool {
    let kinds = needed["dep_kinds"].as_array().into_iter().flatten();
    kinds.into_iter().any(|kind| kind["kind"].is_null())
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().into_iter().flatten();
    targets
        .filter_map(|target| target["kind"].as_array())
        .flatten()
        .any(|kind| kind == "proc-macro")
}

/// npm's packages that get into the page: all that are no tools.
fn npm() -> Result<Vec<Work>> {
    let path = place::root().join("package-lock.json");
    let text = fs::read_to_string(&path).map_err(Error::at(&path))?;
    let lock: Value = serde_json::from_str(&text)
        .map_err(|error| Error::Wrong(format!("{}: {error}", path.display())))?;
    let packages = lock["packages"].as_object().into_iter().flatten();
    packages
        .filter(|(folder, package)| !folder.is_empty() && package["dev"] != true)
        .map(|(folder, package)| {
            Ok(Work {
                name: folder.trim_start_matches("node_modules/").to_owned(),
                version: text_of(&package["version"]),
                licence: text_of(&package["license"]),
                texts: texts_in(&place::root().join(folder))?,
            })
        })
        .collect()
}

/// Rust's own library, which is compiled into every module.
fn library(toolchain: &Toolchain) -> Result<Work> {
    let inner = ["", "compiler-builtins", "compiler-builtins/libm", "stdarch"];
    let mut texts = Vec::new();
    for folder in inner.map(|inner| toolchain.library.join(inner)) {
        if folder.is_dir() {
            texts.extend(texts_in(&folder)?);
        }
    }
    texts.sort();
    texts.dedup();
    Ok(Work {
        name: "Rust’s standard library".to_owned(),
        version: toolchain.version.clone(),
        licence: "MIT OR Apache-2.0, with compiler-builtins: MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)".to_owned(),
        texts,
    })
}

/// The licence texts that lie in a folder, by their names.
fn texts_in(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::at(folder))? {
        let path = entry.map_err(Error::at(folder))?.path();
        let name = path.file_name().unwrap_or_default().to_ascii_uppercase();
        let name = name.to_string_lossy();
        if NAMES.iter().any(|start| name.starts_with(start)) {
            digest::collect(&path, &mut files)?;
        }
    }
    files.sort();
    files
        .iter()
        .map(|file| {
            let text = fs::read_to_string(file).map_err(Error::at(file))?;
            Ok(text.replace("\r\n", "\n").trim_end().to_owned())
        })
        .collect()
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(name: &str, texts: &[&str]) -> Work {
        Work {
            name: name.to_owned(),
            version: "1.0".to_owned(),
            licence: "MIT".to_owned(),
            texts: texts.iter().map(|&text| text.to_owned()).collect(),
        }
    }

    #[test]
    fn a_text_that_several_share_stands_there_once() {
        let all = written(&[
            work("a", &["shared"]),
            work("b", &["own", "shared"]),
            work("c", &[]),
        ]);
        assert_eq!(all.matches("shared").count(), 1, "{all}");
        assert!(all.contains("a 1.0: MIT (text 1)\n"), "{all}");
        assert!(all.contains("b 1.0: MIT (text 2, 1)\n"), "{all}");
        assert!(all.contains("c 1.0: MIT (no text of its own"), "{all}");
    }

    #[test]
    fn what_is_compiled_in_is_named_and_what_only_builds_is_not() {
        let works = crates().unwrap();
        let named = |name: &str| works.iter().any(|work| work.name == name);
        assert!(named("rayon") && named("parking_lot"), "{works:#?}");
        assert!(
            !named("serde_derive") && !named("schemars") && !named("axum"),
            "{works:#?}"
        );
        for work in works.iter().chain(&npm().unwrap()) {
            assert!(!work.licence.is_empty(), "{work:?}");
            // That one's package has none.
            assert!(
                !work.texts.is_empty() || work.name == "wasm_sync",
                "{work:?}"
            );
        }
    }
}
