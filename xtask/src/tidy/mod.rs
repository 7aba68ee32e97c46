//! `tidy`: the house rules that a program can check, beyond what compilers and linters do.

mod figures;
mod graph;
mod rooms;

use std::fs;

use anyhow::{Context as _, Result, ensure};

use crate::process::{self, git};
use crate::{paths, ui};
pub use figures::places_of;
pub use graph::{imports_of_page, imports_of_rust, in_circles};

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

    fn ends_with(&self, extensions: &[&str]) -> bool {
        let (_, extension) = self.path.rsplit_once('.').unwrap_or_default();
        extensions.contains(&extension)
    }
}

/// Holds the repository against the house rules; `figures` are those that Rust registers.
///
/// # Errors
/// When a rule is broken: the complaints have then been printed.
pub fn check(figures: &[String]) -> Result<()> {
    let sources = sources()?;
    let mut complaints: Vec<String> = sources
        .iter()
        .flat_map(|source| [opening(source), length(source)])
        .flatten()
        .collect();
    for words in &FORBIDDEN {
        complaints.extend(words.search()?);
    }
    complaints.extend(tests_named_in_docs(&sources));
    complaints.extend(figures::check(&sources, figures));
    for complaint in rooms::check("src", &imports_of_rust()?, rooms::RUST) {
        ui::note(&format!("not held yet: {complaint}"));
    }
    complaints.extend(rooms::check("www", &imports_of_page()?, rooms::PAGE));
    complaints.sort();
    for complaint in &complaints {
        eprintln!("  {complaint}");
    }
    ensure!(
        complaints.is_empty(),
        "{} house rules are broken",
        complaints.len()
    );
    Ok(())
}

/// The text files that git tracks, or would if they were added.
///
/// # Errors
/// Outside of a checkout.
pub fn sources() -> Result<Vec<Source>> {
    let mut list = git(["ls-files", "--cached", "--others", "--exclude-standard"]);
    let list = process::output_of(&mut list).context("tidy works in a checkout only")?;
    // What is no text (a picture) has no rules here.
    let read = |path: &str| {
        let text = fs::read_to_string(paths::root().join(path)).ok()?;
        Some(Source {
            path: path.to_owned(),
            text,
        })
    };
    Ok(list.lines().filter_map(read).collect())
}

/// The first line says what a file is for.
fn opening(source: &Source) -> Option<String> {
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

fn length(source: &Source) -> Option<String> {
    let lines = source.lines_of_code();
    let is_long = source.ends_with(&["rs", "js", "mjs", "css"]) && lines > CROWDED;
    is_long.then(|| {
        format!(
            "{}: {lines} lines: beyond {CROWDED} a file is two",
            source.path
        )
    })
}

/// Words that may not stand in some files.
struct Forbidden {
    /// An extended regular expression, as `git grep` takes it.
    pattern: &'static str,
    /// A line that has this as well is fine.
    unless: &'static str,
    /// Where: pathspecs of git.
    paths: &'static [&'static str],
    reason: &'static str,
}

const NOTHING: &str = "^.{0}$a";

// Words in pieces, so that this file may hold them.
const FORBIDDEN: [Forbidden; 7] = [
    Forbidden {
        pattern: concat!(
            r"registry\.npm",
            r"js|static\.rust",
            r"-lang|index\.crates",
            r"\.io|deb\.deb",
            r"ian|pypi",
            r"\.org"
        ),
        unless: NOTHING,
        // Cargo writes its registry's name, not a download's address.
        paths: &[":!Cargo.lock"],
        reason: "packages come from wherever a machine is set up to take them",
    },
    Forbidden {
        pattern: r#"(^|[[:space:]"'`=(])/(home|root|Users|work|tmp)/[[:alnum:]_]|(^|[[:space:]"'`=(])[A-Z]:\\[[:alnum:]_]"#,
        unless: NOTHING,
        paths: &["."],
        reason: "a folder of one machine",
    },
    Forbidden {
        pattern: r#""resolved""#,
        unless: NOTHING,
        paths: &["package-lock.json"],
        reason: "a download's address: .npmrc should have kept it out; run npm install here",
    },
    Forbidden {
        pattern: concat!("TO", "DO|FIX", "ME"),
        unless: r"(DO|ME)[(: ]*#[0-9]",
        paths: &["*.rs", "*.js", "*.mjs", "*.css", "*.html"],
        reason: "something left to do, without an issue's number",
    },
    Forbidden {
        pattern: r#"\b(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|DOMParser|createContextualFragment|setHTMLUnsafe|parseHTMLUnsafe|cssText)\b|\bdocument\.write|\beval\(|\bnew Function\b|javascript:|\bset(Timeout|Interval)\([[:space:]]*["'`]|\bsetAttribute(NS)?\([[:space:]]*["'](style|on)"#,
        unless: NOTHING,
        paths: &["www/*.js"],
        reason: "text stays text, and code comes from files (views/dom.js builds elements)",
    },
    Forbidden {
        pattern: r"new Worker\(|serviceWorker\.register\(",
        unless: r"(new Worker|serviceWorker\.register)\(trusted\(",
        paths: &["www/*.js"],
        reason: "takes an address that `trusted` (www/trust.js) has passed",
    },
    // What the page's policy forbids in HTML: scripts and style in its midst.
    Forbidden {
        pattern: r"<script([[:space:]][^>]*)?>[[:space:]]*[^<[:space:]]|<style|[[:space:]]style[[:space:]]*=|[[:space:]]on[a-z]+[[:space:]]*=",
        unless: NOTHING,
        paths: &["index.html"],
        reason: "the page's policy forbids scripts and style in its midst",
    },
];

impl Forbidden {
    /// Every line that has the words: `www/a.js:3: …`.
    fn search(&self) -> Result<Vec<String>> {
        let mut grep = git([
            "grep",
            "--untracked",
            "-nIE",
            "-e",
            self.pattern,
            "--and",
            "--not",
            "-e",
            self.unless,
            "--",
        ]);
        let output = grep.args(self.paths).output()?;
        // 1: nothing was found.
        ensure!(
            output.status.code() < Some(2),
            "git grep: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let lines = String::from_utf8_lossy(&output.stdout);
        let complaint = |line: &str| {
            let mut parts = line.splitn(3, ':');
            let (path, number) = (
                parts.next().unwrap_or_default(),
                parts.next().unwrap_or_default(),
            );
            format!(
                "{path}:{number}: {}: {}",
                self.reason,
                parts.next().unwrap_or_default().trim()
            )
        };
        Ok(lines.lines().map(complaint).collect())
    }
}

/// Each `theme::its_name` in the guides is a test of the browser suite; `…` ends a name that is not written out, or stands for the theme
/// before.
fn tests_named_in_docs(sources: &[Source]) -> Vec<String> {
    let suite = |theme: &str| {
        let path = format!("tests/browser/src/suite/{theme}.rs");
        sources.iter().find(|source| source.path == path)
    };
    let guides = sources
        .iter()
        .filter(|source| source.path.starts_with("docs/") && source.ends_with(&["md"]));
    let mut complaints = Vec::new();
    for (guide, (number, line)) in
        guides.flat_map(|guide| (1..).zip(guide.text.lines()).map(move |line| (guide, line)))
    {
        let mut theme = None;
        for code in line.split('`').skip(1).step_by(2) {
            let name = match (code.split_once("::"), code.strip_prefix('…')) {
                (Some((named, name)), _) => {
                    theme = suite(named);
                    name
                }
                (None, Some(name)) => name,
                (None, None) => continue,
            };
            let Some(theme) = theme else { continue };
            let start = match name.strip_suffix('…') {
                Some(begun) => format!("\nfn {begun}"),
                None => format!("\nfn {name}("),
            };
            if !theme.text.contains(&start) {
                complaints.push(format!(
                    "{}:{number}: {} has no test {name}",
                    guide.path, theme.path
                ));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn source(path: &str, text: &str) -> Source {
        Source {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    #[test]
    fn a_file_says_what_it_is_for_and_is_too_long_by_its_code_not_by_its_tests() {
        assert!(opening(&source("src/lib.rs", "use std::fs;\n")).is_some());
        assert_eq!(opening(&source("src/lib.rs", "//! The tour.\n")), None);
        assert_eq!(
            opening(&source("www/a.js", "/** What it is for. */\n")),
            None
        );
        let long = "fn a() {}\n".repeat(CROWDED + 1);
        assert!(length(&source("src/a.rs", &long)).is_some());
        assert_eq!(
            length(&source(
                "src/a.rs",
                &format!("#[cfg(all(test, unix))]\n{long}")
            )),
            None
        );
    }

    #[test]
    fn forbidden_words_are_found_and_their_like_is_not() {
        let mark = concat!("TO", "DO");
        let cases: [(usize, &[&str], &[&str]); 4] = [
            (
                1,
                &[concat!("read(\"/ho", "me/me/file\")")],
                &["see example.org/home/page"],
            ),
            (
                3,
                &[&format!("// {mark}: later")],
                &[&format!("// {mark}(#12): later")],
            ),
            (
                4,
                &[
                    "one.innerHTML = said;",
                    "document.write(said);",
                    "setTimeout('run()', 5);",
                    "eval(said);",
                    "a.setAttribute('onclick', b);",
                ],
                &[
                    "one.textContent = said;",
                    "one.style.setProperty(\"--columns\", said);",
                    "setTimeout(run, 5);",
                ],
            ),
            (
                6,
                &[
                    "<script>run()</script>",
                    "<style>p {}</style>",
                    "<p style=\"color: red\">",
                    "<p onclick=\"run()\">",
                ],
                &["<script type=\"module\" src=\"./a.js\"></script><link rel=\"stylesheet\">"],
            ),
        ];
        let found = |words: &Forbidden, line: &str| {
            let script = "printf '%s\\n' \"$1\" | grep -E -e \"$2\" | grep -qvE -e \"$3\"";
            let mut grep = Command::new("sh");
            grep.args(["-c", script, "sh", line, words.pattern, words.unless]);
            grep.status().unwrap().success()
        };
        for (index, wrong, fine) in cases {
            for line in wrong {
                assert!(found(&FORBIDDEN[index], line), "{line}");
            }
            for line in fine {
                assert!(!found(&FORBIDDEN[index], line), "{line}");
            }
        }
        assert!(found(&FORBIDDEN[5], "new Worker(url)"));
        assert!(!found(&FORBIDDEN[5], "new Worker(trusted(url))"));
    }

    #[test]
    fn a_test_that_is_named_and_not_there_is_complained_of() {
        let suite =
            "//! Guests.\n\nfn it_takes_no_focus(page: &Page) {}\n\nfn it_stays(page: &Page) {}\n";
        let complaints = |guide: &str| {
            let sources = [
                source("tests/browser/src/suite/guest.rs", suite),
                source("docs/safety.md", guide),
            ];
            tests_named_in_docs(&sources).len()
        };
        assert_eq!(
            complaints("by `guest::it_takes_no_focus`, `…it_stays`\n"),
            0
        );
        assert_eq!(complaints("by `guest::it_takes_…` and `page::open`\n"), 0);
        assert_eq!(complaints("by `guest::it_takes_no`\n"), 1);
        assert_eq!(complaints("by `guest::it_goes_…`, `…it_stays_away`\n"), 2);
    }
}
