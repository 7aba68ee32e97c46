//! `tidy`: the house rules that a program can check, beyond what compilers and linters do.

mod figures;
mod graph;
pub mod rooms;

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::paths;
use crate::process::{self, git};
pub use figures::places_of;
pub use graph::{Graph, imports_of_page, imports_of_rust, in_circles};

/// How long a file may be, its tests not counted: about 200 lines are a comfortable room, 400 a crowded one.
pub const CROWDED: usize = 400;

/// A file of the repository.
#[derive(Debug)]
pub struct Source {
    /// Its path from the top, with `/` between the parts.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Source {
    /// Its lines up to a module of tests.
    pub fn lines_of_code(&self) -> usize {
        let is_test = |line: &str| line.starts_with("#[cfg(") && line.contains("test");
        self.text.lines().take_while(|line| !is_test(line)).count()
    }

    /// Whether a person has written it, in one of our languages.
    pub fn is_code(&self) -> bool {
        [".rs", ".js", ".mjs", ".css"].iter().any(|end| self.path.ends_with(end))
    }
}

/// Holds the repository against the house rules; `figures` are those that Rust registers.
pub fn check(figures: &[String]) -> Result<()> {
    let sources = sources()?;
    let mut complaints: Vec<String> =
        sources.iter().flat_map(|source| [opening(source), length(source)]).flatten().collect();
    for words in FORBIDDEN {
        complaints.extend(forbidden_words(words)?);
    }
    complaints.extend(tests_named_in_docs(&sources));
    complaints.extend(lost_links(&sources, |path| paths::root().join(path).exists()));
    complaints.extend(figures::check(&sources, figures));
    let (rust, page) = (imports_of_rust()?, imports_of_page()?);
    complaints.extend(rooms::check("src", &rust, rooms::RUST));
    complaints.extend(rooms::check("www", &page, rooms::PAGE));
    complaints.extend(rooms::circles("src", &rust));
    complaints.extend(rooms::circles("www", &page));
    complaints.sort();
    for complaint in &complaints {
        eprintln!("  {complaint}");
    }
    ensure!(complaints.is_empty(), "{} house rules are broken", complaints.len());
    Ok(())
}

/// The text files that git tracks, or would if they were added.
pub fn sources() -> Result<Vec<Source>> {
    let mut list = git("ls-files --cached --others --exclude-standard");
    let list = process::output_of(&mut list).context("tidy works in a checkout only")?;
    // What is no text (a picture) has no rules here.
    let read = |path: &str| {
        let text = fs::read_to_string(paths::root().join(path)).ok()?;
        Some(Source { path: path.to_owned(), text })
    };
    Ok(list.lines().filter_map(read).collect())
}

/// The first line says what a file is for.
pub fn opening(source: &Source) -> Option<String> {
    let starts: &[&str] = match source.path.rsplit_once('.')?.1 {
        "rs" => &["//! "],
        "js" | "mjs" => &["/** ", "/**\n"],
        "css" => &["/* "],
        "yml" => &["# "],
        _ => return None,
    };
    let has_opening = starts.iter().any(|start| source.text.starts_with(start));
    (!has_opening).then(|| {
        format!(
            "{}:1: the first line must be a doc comment that says what the file is for",
            source.path
        )
    })
}

/// A file is not too long.
pub fn length(source: &Source) -> Option<String> {
    let lines = source.lines_of_code();
    let is_long = source.is_code() && lines > CROWDED;
    is_long.then(|| format!("{}: {lines} lines: beyond {CROWDED} a file is two", source.path))
}

/// Words that may not stand in some files: an extended regular expression, another for lines that may have them, the files as git's
/// pathspecs, and the reason. A letter in brackets keeps them from meeting themselves here.
pub const FORBIDDEN: [[&str; 4]; 7] = [
    [
        r"registry\.npm[j]s|static\.rust[-]lang|index\.crates[.]io|deb\.deb[i]an|pypi[.]org",
        NEVER,
        // Cargo writes its registry's name, not a download's address.
        ":!Cargo.lock",
        "packages come from wherever a machine is set up to take them",
    ],
    [
        r#"(^|[[:space:]"'`=(])(/(home|root|Users|work|tmp)/|[A-Z]:\\)[[:alnum:]_]"#,
        NEVER,
        ".",
        "a folder of one machine",
    ],
    [
        r#""resolved""#,
        NEVER,
        "package-lock.json",
        "a download's address: .npmrc should have kept it out; run npm install here",
    ],
    [
        "TO[D]O|FIX[M]E",
        r"(DO|ME)[(: ]*#[0-9]",
        "*.rs *.js *.mjs *.css *.html",
        "something left to do, without an issue's number",
    ],
    [
        r#"\b(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|DOMParser|createContextualFragment|setHTMLUnsafe|parseHTMLUnsafe|cssText)\b|\bdocument\.write|\beval\(|\bnew Function\b|javascript:|\bset(Timeout|Interval)\([[:space:]]*["'`]|\bsetAttribute(NS)?\([[:space:]]*["'](style|on)"#,
        NEVER,
        "www/*.js",
        "text stays text, and code comes from files (views/dom.js builds elements)",
    ],
    [
        r"new Worker\(|serviceWorker\.register\(",
        // Or in a comment.
        r"(new Worker|serviceWorker\.register)\(trusted\(|^/\*\*",
        "www/*.js",
        "takes an address that `trusted` (www/trust.js) has passed",
    ],
    [
        r"<script([[:space:]][^>]*)?>[[:space:]]*[^<[:space:]]|<style|[[:space:]]style[[:space:]]*=|[[:space:]]on[a-z]+[[:space:]]*=",
        NEVER,
        "index.html",
        "the page's policy forbids scripts and style in its midst",
    ],
];

/// Matches no line.
const NEVER: &str = "$.^";

/// Every line with words that may not be there: `www/a.js:3: …`.
fn forbidden_words([pattern, unless, files, reason]: [&str; 4]) -> Result<Vec<String>> {
    let mut grep = git("grep --untracked -nIE");
    grep.args(["-e", pattern, "--and", "--not", "-e", unless, "--"]).args(files.split(' '));
    let output = grep.output()?;
    // 1: nothing was found.
    ensure!(
        output.status.code() < Some(2),
        "git grep: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8_lossy(&output.stdout);
    Ok(lines.lines().map(|line| format!("{line}: {reason}")).collect())
}

/// Links in the guides that lead to no file, or to no heading of one.
pub fn lost_links(sources: &[Source], exists: impl Fn(&str) -> bool) -> Vec<String> {
    // As GitHub makes them: letters, digits and hyphens of what a heading says.
    let anchor = |heading: &str| -> String {
        let said = heading.trim_start_matches('#').trim().to_lowercase();
        said.replace(' ', "-")
            .chars()
            .filter(|c| c.is_alphanumeric() || "-_".contains(*c))
            .collect()
    };
    let has_heading = |path: &str, wanted: &str| {
        let guide = sources.iter().find(|source| source.path == path);
        guide.is_none_or(|guide| {
            guide.text.lines().any(|line| line.starts_with('#') && anchor(line) == wanted)
        })
    };
    let mut complaints = Vec::new();
    let is_guide =
        |path: &str| path.ends_with(".md") && (path.starts_with("docs/") || !path.contains('/'));
    for guide in sources.iter().filter(|source| is_guide(&source.path)) {
        let folder = guide.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for link in guide.text.split("](").skip(1).filter_map(|rest| rest.split_once(')')) {
            let (file, heading) = link.0.split_once('#').unwrap_or((link.0, ""));
            if link.0.contains("://") {
                continue;
            }
            let mut path: Vec<_> = folder.split('/').filter(|part| !part.is_empty()).collect();
            for part in file.split('/').filter(|part| !part.is_empty()) {
                match part {
                    ".." => path.truncate(path.len().saturating_sub(1)),
                    part => path.push(part),
                }
            }
            let path = if file.is_empty() { guide.path.clone() } else { path.join("/") };
            if !exists(&path) || !(heading.is_empty() || has_heading(&path, heading)) {
                complaints.push(format!("{}: ({}) leads nowhere", guide.path, link.0));
            }
        }
    }
    complaints
}

/// Each `theme::its_name` in the guides is a test of the browser suite; `…` ends a name that is not written out, or stands for the theme
/// before.
pub fn tests_named_in_docs(sources: &[Source]) -> Vec<String> {
    let suite = |theme: &str| {
        let path = format!("tests/browser/src/suite/{theme}.rs");
        sources.iter().find(|source| source.path == path)
    };
    let is_guide =
        |source: &&Source| source.path.starts_with("docs/") && source.path.ends_with(".md");
    let mut complaints = Vec::new();
    for guide in sources.iter().filter(is_guide) {
        let mut theme = None;
        for code in guide.text.lines().flat_map(|line| line.split('`').skip(1).step_by(2)) {
            let name = match code.split_once("::") {
                Some((named, name)) => {
                    theme = suite(named);
                    name
                }
                None => code.strip_prefix('…').unwrap_or_default(),
            };
            let start = match name.strip_suffix('…') {
                Some(begun) => format!("\nfn {begun}"),
                None => format!("\nfn {name}("),
            };
            if let Some(theme) =
                theme.filter(|theme| !name.is_empty() && !theme.text.contains(&start))
            {
                complaints.push(format!("{}: {} has no test {name}", guide.path, theme.path));
            }
        }
    }
    complaints
}
