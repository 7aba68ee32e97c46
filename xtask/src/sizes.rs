//! `cargo xtask lint --sizes`: how large the house is, beside what it should be at most.

use std::fs;

use anyhow::Result;

use crate::describe::Description;
use crate::tidy::{self, CROWDED, Graph, Source};
use crate::{bundle, process};

/// Prints the table.
pub fn print() -> Result<()> {
    let sources = tidy::sources()?;
    let lines = |folder: &str, extension: &str| -> usize {
        let is_in = |path: &str| path.starts_with(folder) && path.ends_with(extension);
        let counted = sources.iter().filter(|source| is_in(&source.path));
        counted.map(|source| source.text.lines().count()).sum()
    };
    let (src, www) = (lines("src/", ".rs"), lines("www/", ".js"));
    let xtask = lines("xtask/src/", ".rs") + lines("xtask/", ".mjs");
    let tests = lines("tests/", ".rs") + lines("tests/", ".mjs") + lines("xtask/tests/", ".rs");
    println!("hand-written lines: src {src}, www {www}, xtask {xtask}");
    row("together", src + www + xtask, 25_000);
    row("xtask", xtask, 3_000);
    row("tests beside them", tests, 12_000);
    let metadata = process::json_of(&mut process::cargo("metadata --format-version 1 --no-deps"))?;
    let mut packages = metadata["packages"].as_array().into_iter().flatten();
    let own = packages.find(|package| package["name"] == "xtask");
    let dependencies = own.and_then(|package| package["dependencies"].as_array());
    row("dependencies of xtask", dependencies.map_or(0, Vec::len), 12);
    let in_circles =
        |graph: Graph| tidy::in_circles(&graph).iter().map(|&file| file.to_owned()).collect();
    list("files in circles (src)", in_circles(tidy::imports_of_rust()?), 0);
    list("files in circles (www)", in_circles(tidy::imports_of_page()?), 0);
    let is_crowded = |source: &&Source| source.is_code() && source.lines_of_code() > CROWDED;
    let crowded = sources.iter().filter(is_crowded).map(|source| source.path.clone());
    list(&format!("files over {CROWDED} lines of code"), crowded.collect(), 0);
    for figure in Description::read()?.figures() {
        list(
            &format!("places outside its folders for {figure}"),
            tidy::places_of(&sources, &figure),
            4,
        );
    }
    let table = fs::read_to_string(bundle::table_of_sizes());
    let table = table.unwrap_or_else(|_| "(none)".to_owned());
    let sums: Vec<_> = table.lines().rev().take(5).collect();
    println!("the last build:{:48}raw    gzip  brotli (KB)", "");
    sums.iter().rev().for_each(|line| println!("{line}"));
    Ok(())
}

fn row(name: &str, value: usize, most: usize) {
    let mark = if value <= most { "" } else { "  ←" };
    println!("{name:54}{value:8}  (at most {most}){mark}");
}

fn list(name: &str, found: Vec<String>, most: usize) {
    row(name, found.len(), most);
    for one in found {
        println!("    {one}");
    }
}
