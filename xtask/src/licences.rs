//! The licences of what we build on: whether they are on the list, and their texts, which go with the page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::toolchain::Toolchain;
use crate::{files, paths, process};

/// What everything may be licensed as.
const ALLOWED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BlueOak-1.0.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// A tool that is used and never given away: no part of it gets into the page.
const TOOL: (&str, &str) = ("axe-core", "MPL-2.0");

/// How a file is named that holds a licence's text.
const TEXTS: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "UNLICENSE", "NOTICE"];

/// A work of others: a crate or a package of npm's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Work {
    name: String,
    version: String,
    licence: String,
    folder: PathBuf,
    /// Whether it is in the page itself, not in the tools around it.
    in_page: bool,
}

/// Holds every crate and package against the list.
///
/// # Errors
/// When one is not on it; the error names all of them.
pub fn check() -> Result<()> {
    let disallowed: Vec<_> = works()?
        .into_iter()
        .filter(|work| !is_allowed(&work.licence) && (&*work.name, &*work.licence) != TOOL)
        .map(|work| format!("{} ({})", work.name, work.licence))
        .collect();
    let names = disallowed.join(", ");
    ensure!(
        disallowed.is_empty(),
        "xtask/src/licences.rs does not allow the licence of {names}"
    );
    Ok(())
}

/// Where the bundler finds the texts, as files for the top of `dist/`.
pub fn folder() -> PathBuf {
    paths::target().join("notices")
}

/// Writes the texts that go with the page. The same sources and compiler give the same bytes.
///
/// # Errors
/// When the works can't be listed, or a text can't be read or written.
pub fn write_notices(toolchain: &Toolchain) -> Result<()> {
    let mut texts = Vec::new();
    for work in works()?.into_iter().filter(|work| work.in_page) {
        texts.push((heading(&work), texts_in(&work.folder)?));
    }
    texts.push(library(toolchain)?);
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        files::write(
            &folder().join(format!("{name}.txt")),
            fs::read(paths::root().join(name))?,
        )?;
    }
    files::write(&folder().join("THIRD-PARTY.txt"), third_party(&texts))
}

fn heading(work: &Work) -> String {
    format!("{} {}: {}", work.name, work.version, work.licence)
}

/// Rust's own library, which is compiled into every module.
fn library(toolchain: &Toolchain) -> Result<(String, Vec<String>)> {
    let inner = ["", "compiler-builtins", "compiler-builtins/libm", "stdarch"];
    let folders = inner.map(|inner| toolchain.library.join(inner));
    let texts = folders
        .iter()
        .filter(|folder| folder.is_dir())
        .map(|folder| texts_in(folder));
    let mut texts = texts.collect::<Result<Vec<_>>>()?.concat();
    texts.sort();
    texts.dedup();
    let licence = "MIT OR Apache-2.0, with compiler-builtins: MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)";
    Ok((
        format!("Rust’s standard library {}: {licence}", toolchain.version),
        texts,
    ))
}

/// Every crate of the lock file, our own among them, and every package of npm's.
fn works() -> Result<Vec<Work>> {
    let mut metadata = process::cargo(["metadata", "--format-version", "1", "--locked"]);
    let metadata: Value = serde_json::from_str(&process::output_of(&mut metadata)?)?;
    // What is compiled into the module: not what only makes code at build time.
    let mut tree = process::cargo([
        "tree",
        "--package",
        "locklab",
        "--no-default-features",
        "--locked",
    ]);
    tree.args([
        "--target",
        "wasm32-unknown-unknown",
        "--edges",
        "normal,no-proc-macro",
    ]);
    tree.args(["--no-dedupe", "--prefix", "none", "--format", "{p}"]);
    let tree = process::output_of(&mut tree)?;
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let mut works: Vec<_> = packages
        .map(|package| {
            let (name, version) = (text(&package["name"]), text(&package["version"]));
            let line = format!("{name} v{version}");
            Work {
                in_page: name != "locklab" && tree.lines().any(|one| one.trim_end() == line),
                folder: Path::new(&text(&package["manifest_path"])).with_file_name(""),
                licence: text(&package["license"]),
                name,
                version,
            }
        })
        .collect();
    let lock = fs::read_to_string(paths::root().join("package-lock.json"))?;
    let lock: Value = serde_json::from_str(&lock)?;
    let packages = lock["packages"]
        .as_object()
        .context("package-lock.json has no packages")?;
    works.extend(packages.iter().map(|(folder, package)| Work {
        name: folder.trim_start_matches("node_modules/").to_owned(),
        version: text(&package["version"]),
        licence: text(&package["license"]),
        folder: paths::root().join(folder),
        in_page: !folder.is_empty() && package["dev"] != true,
    }));
    works.sort();
    Ok(works)
}

/// Whether an SPDX expression can be met with licences of the list: one of its alternatives, or, where some hold together, all that it
/// names. `/` is what old crates write for `OR`.
fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    let all_of = |part: &str| {
        part.split(" AND ")
            .all(|name| ALLOWED.contains(&name.trim()))
    };
    if plain.contains(" AND ") {
        plain.split(" OR ").all(all_of)
    } else {
        plain.split(" OR ").any(all_of)
    }
}

/// The licence texts in a folder, in the order of their files' names.
fn texts_in(folder: &Path) -> Result<Vec<String>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .to_uppercase();
        if !TEXTS.iter().any(|start| name.starts_with(start)) {
            continue;
        }
        if path.is_dir() {
            let inner = files::read(&path)?.into_iter();
            found.extend(inner.map(|(inner, text)| (format!("{name}/{inner}"), text)));
        } else {
            found.insert(name, fs::read(&path)?);
        }
    }
    let plain = |text: &Vec<u8>| {
        String::from_utf8_lossy(text)
            .replace("\r\n", "\n")
            .trim_end()
            .to_owned()
    };
    Ok(found.values().map(plain).collect())
}

/// Every text once, and for each work which texts are its own.
fn third_party(works: &[(String, Vec<String>)]) -> String {
    let mut texts: Vec<&str> = Vec::new();
    let mut list = String::new();
    for (heading, own) in works {
        let numbers = own.iter().map(|text| {
            let known = texts.iter().position(|one| one == text);
            let index = known.unwrap_or_else(|| {
                texts.push(text);
                texts.len() - 1
            });
            (index + 1).to_string()
        });
        let which = match numbers.collect::<Vec<_>>() {
            none if none.is_empty() => {
                "no text of its own: see LICENSE-APACHE.txt and LICENSE-MIT.txt".to_owned()
            }
            numbers => format!("text {}", numbers.join(", ")),
        };
        list += &format!("{heading} ({which})\n");
    }
    let texts = (1..).zip(texts).map(|(number, text)| {
        let line = format!("{:-<78}", format!("--- text {number} "));
        format!("\n{line}\n\n{text}\n")
    });
    format!(
        "Lock Lab is licensed under MIT (LICENSE-MIT.txt) or Apache-2.0 (LICENSE-APACHE.txt), as you like.\n\
         It holds these works of others, each under its own licence, whose texts follow:\n\n{list}{}",
        texts.collect::<String>()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_met_by_licences_of_the_list() {
        for fine in [
            "MIT",
            "GPL-3.0 OR MIT",
            "MIT/GPL-2.0",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-3.0",
        ] {
            assert!(is_allowed(fine), "{fine}");
        }
        for wrong in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "(GPL-3.0 OR MIT) AND GPL-2.0",
            "none",
            "",
            "MIT GPL-3.0",
        ] {
            assert!(!is_allowed(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_text_that_several_share_stands_there_once() {
        let work = |name: &str, texts: &[&str]| {
            (
                name.to_owned(),
                texts.iter().map(|&text| text.to_owned()).collect(),
            )
        };
        let all = third_party(&[
            work("a", &["shared"]),
            work("b", &["own", "shared"]),
            work("c", &[]),
        ]);
        assert_eq!(all.matches("shared").count(), 1, "{all}");
        for line in ["a (text 1)\n", "b (text 2, 1)\n", "c (no text of its own"] {
            assert!(all.contains(line), "{all}");
        }
    }

    #[test]
    fn what_is_compiled_in_is_named_and_what_only_builds_is_not() {
        let works: Vec<_> = works()
            .unwrap()
            .into_iter()
            .filter(|work| work.in_page)
            .collect();
        let names: Vec<_> = works.iter().map(|work| &*work.name).collect();
        for name in ["rayon", "parking_lot", "d3-scale"] {
            assert!(names.contains(&name), "{names:?}");
        }
        for name in ["serde_derive", "schemars", "axum", "locklab", "typescript"] {
            assert!(!names.contains(&name), "{names:?}");
        }
        for work in works {
            // That one's package has no text.
            let has_text = work.name == "wasm_sync" || !texts_in(&work.folder).unwrap().is_empty();
            assert!(has_text && work.licence != "none", "{work:?}");
        }
    }
}
