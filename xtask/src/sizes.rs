//! `cargo xtask lint --sizes`: how large the house is, beside what it should be at most.

use std::fs;

use anyhow::Result;
use serde_json::Value;

use crate::describe::Description;
use crate::tidy::{self, CROWDED, Source};
use crate::{paths, process};

/// Prints the table.
///
/// # Errors
/// When something can't be counted.
pub fn print() -> Result<()> {
    let sources = tidy::sources()?;
    let lines = |top: &[&str], extensions: &[&str]| -> usize {
        let counted = sources.iter().filter(|source| {
            let (_, extension) = source.path.rsplit_once('.').unwrap_or_default();
            top.iter().any(|top| source.path.starts_with(top)) && extensions.contains(&extension)
        });
        counted.map(|source| source.text.lines().count()).sum()
    };
    let xtask = lines(&["xtask/src/"], &["rs"]) + lines(&["xtask/"], &["mjs"]);
    let (src, www) = (lines(&["src/"], &["rs"]), lines(&["www/"], &["js"]));
    let tests = lines(&["tests/", "xtask/tests/"], &["rs", "mjs"]);
    row(
        "hand-written lines: src + www + xtask",
        src + www + xtask,
        25_000,
    );
    println!("  {:52}{src} + {www} + {xtask}", "");
    row("lines of xtask (rs + mjs)", xtask, 3_000);
    row("lines of tests beside them", tests, 12_000);
    row("dependencies of xtask", dependencies()?, 12);
    let circles = [tidy::imports_of_rust()?, tidy::imports_of_page()?];
    row(
        "files in circles of imports",
        circles
            .iter()
            .map(|graph| tidy::in_circles(graph).len())
            .sum(),
        0,
    );
    let is_code = |source: &&Source| {
        [".rs", ".js", ".mjs", ".css"]
            .iter()
            .any(|end| source.path.ends_with(end))
    };
    let crowded: Vec<_> = sources
        .iter()
        .filter(is_code)
        .filter(|source| source.lines_of_code() > CROWDED)
        .collect();
    row(
        &format!("files over {CROWDED} lines of code"),
        crowded.len(),
        0,
    );
    let figures = Description::read()?.figures();
    let places: Vec<_> = figures
        .iter()
        .map(|figure| (tidy::places_of(&sources, figure), figure))
        .collect();
    if let Some((places, figure)) = places.iter().min_by_key(|(places, _)| places.len()) {
        row(
            &format!("places outside its folders that name {figure}"),
            places.len(),
            4,
        );
        println!("  {}", places.join(", "));
    }
    for (what, bytes) in compressed()? {
        println!("{what:54}{:8.1} KB brotli", bytes as f64 / 1000.0);
    }
    Ok(())
}

fn row(what: &str, is: usize, most: usize) {
    let verdict = if is <= most { "" } else { "  ←" };
    println!("{what:54}{is:8}  (at most {most}){verdict}");
}

fn dependencies() -> Result<usize> {
    let mut metadata = process::cargo(["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&process::output_of(&mut metadata)?)?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let xtask = packages.find(|package| package["name"] == "xtask");
    Ok(xtask
        .and_then(|package| package["dependencies"].as_array())
        .map_or(0, Vec::len))
}

/// What a reader fetches, as the last `cargo xtask build` left it.
fn compressed() -> Result<Vec<(String, u64)>> {
    let Ok(text) = fs::read_to_string(paths::target().join("sizes.json")) else {
        println!("(sizes of the page: after `cargo xtask build`)");
        return Ok(Vec::new());
    };
    let sizes: Value = serde_json::from_str(&text)?;
    let sizes = sizes.as_object().into_iter().flatten();
    Ok(sizes
        .map(|(what, bytes)| (what.clone(), bytes.as_u64().unwrap_or(0)))
        .collect())
}
