//! `tidy`: the house rules that a program can check, beyond what compilers and linters do. Each rule is a function from files to complaints.

mod docs;
mod experiments;
mod imports;
mod markup;

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use crate::bundle::git;
use crate::describe::Description;
use crate::error::{Error, Result};
use crate::place;

/// How long a file may be, its tests not counted: about 200 lines are a comfortable room, 400 a crowded one.
const CROWDED: usize = 400;

/// A file of the repository.
#[derive(Debug)]
pub struct Source {
    /// Its path from the top, with `/` between the parts.
    pub path: String,
    /// What stands in it.
    pub text: String,
}

/// Something that breaks a rule.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Complaint {
    /// The file, and the line where there is one: `src/lib.rs:3`.
    pub place: String,
    /// The sentence: what is wrong, and what would be right.
    pub what: String,
}

impl Complaint {
    fn new(place: impl Into<String>, what: impl Into<String>) -> Complaint {
        Complaint {
            place: place.into(),
            what: what.into(),
        }
    }
}

/// Holds the repository against the house rules.
///
/// # Errors
/// [`Error::Wrong`] that counts the complaints, which have then been printed; other errors when files can't be read.
pub fn check(description: &Description) -> Result<()> {
    let files = files()?;
    let mut complaints: Vec<_> = files.iter().flat_map(rules_for_one).collect();
    complaints.extend(imports::check(&files));
    complaints.extend(markup::check(&files));
    complaints.extend(docs::check(&files));
    complaints.extend(experiments::check(&files, &description.figures()));
    if complaints.is_empty() {
        return Ok(());
    }
    complaints.sort();
    for Complaint { place, what } in &complaints {
        eprintln!("  {place}: {what}");
    }
    Err(Error::Wrong(format!(
        "{} house rules are broken",
        complaints.len()
    )))
}

/// The text files that git tracks, or would if they were added.
fn files() -> Result<Vec<Source>> {
    let listed = git(&["ls-files", "--cached", "--others", "--exclude-standard"]);
    let listed = listed.ok_or_else(|| {
        Error::Wrong(
            "git can't list the repository's files: tidy works in a checkout only".to_owned(),
        )
    })?;
    let root = place::root();
    let paths = listed
        .lines()
        .map(PathBuf::from)
        .filter(|path| root.join(path).is_file());
    let read = |path: PathBuf| {
        let bytes = fs::read(root.join(&path)).map_err(Error::at(&path))?;
        // What is no text (a picture) has no rules here.
        Ok(String::from_utf8(bytes).ok().map(|text| Source {
            path: path.display().to_string(),
            text,
        }))
    };
    paths.filter_map(|path| read(path).transpose()).collect()
}

fn rules_for_one(source: &Source) -> Vec<Complaint> {
    [opening, length, hosts_and_folders, promises]
        .iter()
        .flat_map(|rule| rule(source))
        .collect()
}

fn ending(path: &str) -> &str {
    Path::new(path)
        .extension()
        .and_then(|ending| ending.to_str())
        .unwrap_or_default()
}

/// The first line says what a file is for.
fn opening(source: &Source) -> Vec<Complaint> {
    let wanted: &[&str] = match ending(&source.path) {
        "rs" => &["//! "],
        "js" | "mjs" => &["/** ", "/**"],
        "css" => &["/* "],
        "yml" => &["# "],
        _ => return Vec::new(),
    };
    let first = source.text.lines().next().unwrap_or_default();
    if wanted.iter().any(|start| first.starts_with(start)) {
        return Vec::new();
    }
    vec![Complaint::new(
        format!("{}:1", source.path),
        "the first line must be a doc comment that says what the file is for",
    )]
}

fn length(source: &Source) -> Vec<Complaint> {
    if !["rs", "js", "mjs", "css"].contains(&ending(&source.path)) {
        return Vec::new();
    }
    let lines = source
        .text
        .lines()
        .take_while(|line| !line.starts_with("#[cfg(test)]") && !line.starts_with("#[cfg(all(test"))
        .count();
    if lines <= CROWDED {
        return Vec::new();
    }
    vec![Complaint::new(
        &source.path,
        format!("{lines} lines: beyond {CROWDED} a file is two"),
    )]
}

/// Where a machine takes its packages from, and where it keeps its files, is its own affair.
fn hosts_and_folders(source: &Source) -> Vec<Complaint> {
    // Cargo writes its registry's name, not a download's address.
    if source.path == "Cargo.lock" {
        return Vec::new();
    }
    // In pieces, so that this file may hold them.
    let hosts = [
        concat!("registry.npm", "js"),
        concat!("static.rust", "-lang"),
        concat!("index.crates", ".io"),
        concat!("deb.deb", "ian"),
        concat!("pypi", ".org"),
    ];
    let folder = Regex::new(r#"(^|[\s"'`=(])(/(home|root|Users|work|tmp)/\w|[A-Z]:\\\w)"#);
    let mut complaints = Vec::new();
    for (number, line) in (1..).zip(source.text.lines()) {
        let place = || format!("{}:{number}", source.path);
        if let Some(host) = hosts.iter().find(|host| line.contains(**host)) {
            complaints.push(Complaint::new(
                place(),
                format!(
                    "names {host}…: packages come from wherever a machine is set up to take them"
                ),
            ));
        }
        if let Some(found) = folder.as_ref().ok().and_then(|folder| folder.find(line)) {
            complaints.push(Complaint::new(
                place(),
                format!("names a folder of one machine ({}…)", found.as_str().trim()),
            ));
        }
    }
    if source.path.ends_with("package-lock.json") && source.text.contains("\"resolved\"") {
        complaints.push(Complaint::new(
            &source.path,
            "records download addresses: .npmrc should have kept them out; run npm install here",
        ));
    }
    complaints
}

/// What is left to do stands in an issue; its number says which.
fn promises(source: &Source) -> Vec<Complaint> {
    if !["rs", "js", "mjs", "css", "html"].contains(&ending(&source.path)) {
        return Vec::new();
    }
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    let broken = |(number, line): (usize, &str)| {
        let open = marks.iter().any(|mark| {
            line.split(mark)
                .skip(1)
                .any(|rest| !rest.trim_start_matches(['(', ' ', ':']).starts_with('#'))
        });
        open.then(|| {
            Complaint::new(
                format!("{}:{number}", source.path),
                "something left to do, without an issue's number",
            )
        })
    };
    (1..).zip(source.text.lines()).filter_map(broken).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> Vec<String> {
        rules_for_one(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
        .into_iter()
        .map(|one| one.what)
        .collect()
    }

    #[test]
    fn a_file_that_does_not_say_what_it_is_for_is_named() {
        assert_eq!(complaints("src/lib.rs", "use std::fs;\n").len(), 1);
        assert!(complaints("src/lib.rs", "//! The tour.\n").is_empty());
        assert!(complaints("www/a.js", "/** What it is for. */\n").is_empty());
    }

    #[test]
    fn a_file_is_too_long_by_its_code_not_by_its_tests() {
        let long = "//! Long.\n".to_owned() + &"fn a() {}\n".repeat(CROWDED);
        assert_eq!(complaints("src/long.rs", &long).len(), 1);
        let tested = "//! Short.\n#[cfg(test)]\n".to_owned() + &"fn a() {}\n".repeat(CROWDED);
        assert!(complaints("src/tested.rs", &tested).is_empty());
    }

    #[test]
    fn a_folder_of_one_machine_is_named() {
        let line = format!("//! Reads.\nread(\"/{}/me/file\")\n", "home");
        assert_eq!(complaints("src/a.rs", &line).len(), 1);
        assert!(complaints("docs/a.md", "see example.org/home/page\n").is_empty());
    }

    #[test]
    fn a_lock_file_with_addresses_is_named() {
        assert_eq!(
            complaints("package-lock.json", "{ \"resolved\": \"x\" }").len(),
            1
        );
    }

    #[test]
    fn what_is_left_to_do_needs_an_issue() {
        let mark = concat!("TO", "DO");
        assert_eq!(
            complaints("src/a.rs", &format!("//! A.\n// {mark}: later\n")).len(),
            1
        );
        assert!(complaints("src/a.rs", &format!("//! A.\n// {mark}(#12): later\n")).is_empty());
    }
}
