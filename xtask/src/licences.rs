//! The licences of what we build on: whether they are on the list, and their texts, which go with the page.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::files::{self, Files};
use crate::toolchain::Toolchain;
use crate::{paths, process};

/// What everything may be licensed as.
const ALLOWED: &str = "0BSD, Apache-2.0, Apache-2.0 WITH LLVM-exception, BlueOak-1.0.0, BSD-2-Clause, BSD-3-Clause, BSL-1.0, \
    CC0-1.0, ISC, MIT, MIT-0, Unicode-3.0, Unlicense, Zlib";

/// A tool that is used and never given away: no part of it gets into the page.
const TOOL: (&str, &str) = ("axe-core", "MPL-2.0");

/// How a file or folder is named that holds a licence's text.
const TEXTS: [&str; 5] = ["LICENSE", "LICENCE", "COPYING", "UNLICENSE", "NOTICE"];

/// A crate or a package of npm's.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Work {
    /// Its name.
    pub name: String,
    version: String,
    /// Its licence, as it says itself.
    pub licence: String,
    folder: PathBuf,
    /// Whether it is in the page, not in the tools around it.
    pub in_page: bool,
}

/// Holds every crate and package against the list.
pub fn check() -> Result<()> {
    let mut disallowed = works()?;
    disallowed.retain(|work| !is_allowed(&work.licence) && (&*work.name, &*work.licence) != TOOL);
    ensure!(
        disallowed.is_empty(),
        "xtask/src/licences.rs does not allow the licences of {disallowed:#?}"
    );
    Ok(())
}

/// Whether an SPDX expression can be met with licences of the list: one of its alternatives, or, where some hold together, all that it
/// names. `/` is what old crates write for `OR`.
pub fn is_allowed(expression: &str) -> bool {
    let plain = expression.replace(['(', ')'], "").replace('/', " OR ");
    let mut alternatives = plain.split(" OR ").map(|part| {
        part.split(" AND ").all(|name| ALLOWED.split(", ").any(|allowed| allowed == name.trim()))
    });
    if plain.contains(" AND ") { alternatives.all(|met| met) } else { alternatives.any(|met| met) }
}

/// Where the bundler finds the texts, as files for the top of `dist/`.
pub fn folder() -> PathBuf {
    paths::target().join("notices")
}

/// Writes the texts that go with the page: every text once, under the names of those that have it.
pub fn write_notices(toolchain: &Toolchain) -> Result<()> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut list = String::new();
    for work in works()?.into_iter().filter(|work| work.in_page).chain(library(toolchain)) {
        list += &format!("{} {}: {}\n", work.name, work.version, work.licence);
        for text in work.texts()? {
            texts.entry(text).or_default().push(work.name.clone());
        }
    }
    let rule = "-".repeat(78);
    let texts =
        texts.iter().map(|(text, names)| format!("\n{rule}\n{}:\n\n{text}\n", names.join(", ")));
    let third_party = format!(
        "Lock Lab is licensed under MIT (LICENSE-MIT.txt) or Apache-2.0 (LICENSE-APACHE.txt), as you like.\n\
         It holds these works of others, each under its own licence, whose texts follow as they came with them:\n\n{list}{}",
        texts.collect::<String>()
    );
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let own = fs::read(paths::root().join(name))?;
        files::write(&folder().join(format!("{name}.txt")), own)?;
    }
    files::write(&folder().join("THIRD-PARTY.txt"), third_party)
}

/// Rust's own library and its parts, which are compiled into every module.
fn library(toolchain: &Toolchain) -> impl Iterator<Item = Work> {
    let parts = ["", "compiler-builtins", "compiler-builtins/libm", "stdarch"].into_iter();
    parts.filter(|part| toolchain.library.join(part).is_dir()).map(|part| Work {
        name: format!("Rust’s standard library {part}").trim_end().to_owned(),
        version: toolchain.version.clone(),
        licence: "MIT OR Apache-2.0, with compiler-builtins: MIT AND Apache-2.0 WITH LLVM-exception AND (MIT OR Apache-2.0)".to_owned(),
        folder: toolchain.library.join(part),
        in_page: true,
    })
}

/// Every crate of the lock file, our own among them, and every package of npm's.
pub fn works() -> Result<Vec<Work>> {
    let metadata = process::json_of(&mut process::cargo("metadata --format-version 1 --locked"))?;
    // What is compiled into the module: not what only makes code at build time.
    let mut tree = process::cargo(
        "tree --package locklab --no-default-features --locked --target wasm32-unknown-unknown \
         --edges normal,no-proc-macro --no-dedupe --prefix none --format {p}",
    );
    let tree = process::output_of(&mut tree)?;
    let lock = files::json(&paths::root().join("package-lock.json"))?;
    let text = |value: &Value| value.as_str().unwrap_or("none").to_owned();
    let work = |name: String, package: &Value, folder: &Path| Work {
        name,
        version: text(&package["version"]),
        licence: text(&package["license"]),
        folder: folder.to_owned(),
        in_page: false,
    };
    let mut works = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        let mut one = work(text(&package["name"]), package, manifest.parent().unwrap_or(&manifest));
        let line = format!("{} v{}", one.name, one.version);
        one.in_page = one.name != "locklab" && tree.lines().any(|other| other.trim_end() == line);
        works.push(one);
    }
    for (folder, package) in lock["packages"].as_object().into_iter().flatten() {
        let name = folder.trim_start_matches("node_modules/").to_owned();
        let mut one = work(name, package, &paths::root().join(folder));
        one.in_page = !folder.is_empty() && package["dev"] != true;
        works.push(one);
    }
    works.sort();
    Ok(works)
}

impl Work {
    /// The licence texts that came with it, in the order of their files' names.
    pub fn texts(&self) -> Result<Vec<String>> {
        let mut found = Files::new();
        for entry in
            fs::read_dir(&self.folder).with_context(|| self.folder.display().to_string())?
        {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
            if !TEXTS.iter().any(|start| name.starts_with(start)) {
                continue;
            }
            if path.is_dir() {
                found.extend(files::read(&path)?);
            } else {
                found.insert(name, fs::read(&path)?);
            }
        }
        let plain = |text: &Vec<u8>| String::from_utf8_lossy(text).replace("\r\n", "\n");
        Ok(found.values().map(plain).map(|text| text.trim_end().to_owned()).collect())
    }
}
