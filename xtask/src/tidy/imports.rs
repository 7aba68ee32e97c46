//! Who may know whom: the house's plan as two tables, and the imports held against them. Knows imports only, not what is done with them.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use super::{Complaint, Source};

/// A room, and the rooms that it may know. Every room may know itself.
type Plan = [(&'static str, &'static [&'static str])];

/// The rooms of `src/`: a file or a folder right below it.
const RUST: &Plan = &[
    // What everything is made of.
    ("sync", &[]),
    ("lock", &["sync"]),
    ("counter", &["sync", "lock"]),
    ("busy", &["sync"]),
    ("jobs", &["sync"]),
    ("measure", &["sync", "counter"]),
    ("runtime", &["sync", "counter", "busy", "measure"]),
    ("worker", &["counter", "busy", "runtime"]),
    // The contract, then those that keep it.
    ("experiment", &["counter", "runtime"]),
    (
        "experiments",
        &[
            "experiment",
            "worker",
            "jobs",
            "measure",
            "runtime",
            "lock",
            "counter",
            "busy",
        ],
    ),
    // The two worlds that experiments run in; nobody knows them.
    ("web", &["experiments", "experiment", "counter", "runtime"]),
    ("native", &["experiment", "runtime"]),
    (
        "describe",
        &["experiments", "experiment", "runtime", "counter"],
    ),
];

/// The rooms of `www/`; `npm` stands for every package.
const JAVASCRIPT: &Plan = &[
    ("generated", &[]),
    ("text", &[]),
    ("recording.js", &[]),
    ("pause.js", &[]),
    // What browsers ask before they start a worker.
    ("trust.js", &[]),
    // Runs by itself, before everything.
    ("boot.js", &["text"]),
    ("translate.js", &["text"]),
    ("settings.js", &["generated", "text"]),
    // Views know plain data only.
    ("views", &["npm", "pause.js"]),
    // The engine knows wasm, and nothing of figures.
    ("engine", &["trust.js"]),
    // The way to shared memory, and the frame that stands in for a figure.
    ("reach", &["settings.js", "text", "trust.js"]),
    // Figures are handed an engine, and their words.
    ("figures", &["settings.js", "views", "npm"]),
    // What all figures share. It finds them by their names.
    ("shell", &["figures", "pause.js", "settings.js", "views"]),
    (
        "host.js",
        &[
            "engine",
            "generated",
            "reach",
            "recording.js",
            "settings.js",
            "shell",
            "text",
        ],
    ),
    // The one door: nothing behind it knows it.
    ("lock-lab.js", &["host.js", "reach", "settings.js"]),
    (
        "article.js",
        &[
            "lock-lab.js",
            "reach",
            "settings.js",
            "text",
            "translate.js",
        ],
    ),
];

/// Everything in the sources that the plan does not allow, and every circle of scripts.
pub fn check(files: &[Source]) -> Vec<Complaint> {
    let mut complaints = Vec::new();
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files {
        if let Some(inner) = file
            .path
            .strip_prefix("src/")
            .filter(|inner| inner.ends_with(".rs"))
        {
            let known = rust_imports(&file.text);
            complaints.extend(hold(
                RUST,
                &file.path,
                room(inner, ".rs"),
                known.iter().map(String::as_str),
            ));
        } else if let Some(inner) = file
            .path
            .strip_prefix("www/")
            .filter(|inner| inner.ends_with(".js"))
        {
            let known: BTreeSet<_> = script_imports(&file.text)
                .iter()
                .filter_map(|import| resolve(inner, import))
                .collect();
            complaints.extend(hold(
                JAVASCRIPT,
                &file.path,
                room(inner, ""),
                known.iter().map(|known| room(known, "")),
            ));
            graph.insert(inner.to_owned(), known);
        }
    }
    complaints.extend(circles(&graph));
    complaints
}

/// The room a file is in: `counter/mod.rs` → `counter`, `busy.rs` → `busy` (without the ending).
fn room<'a>(inner: &'a str, ending: &str) -> &'a str {
    let first = inner.split('/').next().unwrap_or(inner);
    first.strip_suffix(ending).unwrap_or(first)
}

fn hold<'a>(
    plan: &Plan,
    path: &str,
    room: &str,
    known: impl Iterator<Item = &'a str>,
) -> Vec<Complaint> {
    // The crate's front door knows every room.
    if room == "lib" {
        return Vec::new();
    }
    let Some((_, allowed)) = plan.iter().find(|(name, _)| *name == room) else {
        return vec![Complaint::new(
            path,
            format!(
                "the room {room} is not in the plan of xtask/src/tidy/imports.rs: who may it know?"
            ),
        )];
    };
    let known: BTreeSet<_> = known.collect();
    let strangers = known
        .into_iter()
        .filter(|name| *name != room && !allowed.contains(name));
    strangers
        .map(|name| {
            Complaint::new(
                path,
                format!("{room} may not know {name} (xtask/src/tidy/imports.rs)"),
            )
        })
        .collect()
}

/// The rooms that a Rust file names by `crate::`, its comments and tests not counted.
fn rust_imports(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let code: String = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .fold(String::new(), |code, line| code + line + "\n");
    all(r"\bcrate::\{?([a-z_]+)\b", &code)
}

/// What a script imports when it runs; types in comments are no imports.
fn script_imports(text: &str) -> Vec<String> {
    let code = Regex::new(r"(?s)/\*.*?\*/|(?m:^\s*//.*$)")
        .map(|comments| comments.replace_all(text, "").into_owned())
        .unwrap_or_default();
    let mut found = all(
        r#"(?m)^\s*(?:import|export)\b[^"';]*?\bfrom\s*["']([^"']+)["']"#,
        &code,
    );
    found.extend(all(r#"(?m)^\s*import\s*["']([^"']+)["']"#, &code));
    found.extend(all(r#"\bimport\(\s*["'`]([^"'`$]+)"#, &code));
    found
}

fn all(pattern: &str, text: &str) -> Vec<String> {
    let found = |pattern: Regex| {
        pattern
            .captures_iter(text)
            .filter_map(|found| Some(found.get(1)?.as_str().to_owned()))
            .collect()
    };
    Regex::new(pattern).map(found).unwrap_or_default()
}

/// An import as a path in `www/`: `("figures/a.js", "../views/b.js")` → `views/b.js`. Packages are all one: `npm`.
fn resolve(from: &str, import: &str) -> Option<String> {
    if !import.starts_with('.') {
        return Some("npm".to_owned());
    }
    let mut parts: Vec<_> = from.split('/').collect();
    parts.pop();
    for part in import.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// Each script that imports itself by way of others.
fn circles(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<Complaint> {
    let reaches_itself = |start: &String| {
        let mut seen = BTreeSet::new();
        let mut next: Vec<_> = graph.get(start).into_iter().flatten().collect();
        while let Some(file) = next.pop() {
            if seen.insert(file) {
                next.extend(graph.get(file).into_iter().flatten());
            }
        }
        seen.contains(start)
    };
    let circular = graph.keys().filter(|file| reaches_itself(file));
    circular
        .map(|file| {
            Complaint::new(
                format!("www/{file}"),
                "imports itself by way of others: no circle anywhere",
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<_> = files
            .iter()
            .map(|(path, text)| Source {
                path: (*path).to_owned(),
                text: (*text).to_owned(),
            })
            .collect();
        check(&files)
            .into_iter()
            .map(|one| format!("{}: {}", one.place, one.what))
            .collect()
    }

    #[test]
    fn a_view_that_knows_a_figure_is_named() {
        let found = complaints(&[(
            "www/views/chart.js",
            "import { x } from \"../figures/lock-cost.js\";\n",
        )]);
        assert_eq!(
            found,
            ["www/views/chart.js: views may not know figures (xtask/src/tidy/imports.rs)"]
        );
    }

    #[test]
    fn types_in_comments_are_no_imports() {
        let text = "/** @typedef {import(\"../figures/a.js\").A} A */\nimport { scaleLinear } from \"d3-scale\";\n";
        assert!(complaints(&[("www/views/chart.js", text)]).is_empty());
    }

    #[test]
    fn imports_are_seen_in_every_form() {
        let text = "import \"./a.js\";\nimport {\n  b,\n} from \"./b.js\";\nexport * from './c.js';\nconst d = await import(\"./d.js\");\n";
        assert_eq!(
            script_imports(text),
            ["./b.js", "./c.js", "./a.js", "./d.js"]
        );
    }

    #[test]
    fn a_circle_is_named_at_each_of_its_files() {
        let found = complaints(&[
            ("www/views/a.js", "import \"./b.js\";\n"),
            ("www/views/b.js", "import \"./a.js\";\n"),
            ("www/views/c.js", "import \"./a.js\";\n"),
        ]);
        assert_eq!(found.len(), 2, "{found:?}");
    }

    #[test]
    fn nothing_knows_the_browser_but_web() {
        let found = complaints(&[("src/worker.rs", "//! Works.\nuse crate::web::stop;\n")]);
        assert_eq!(
            found,
            ["src/worker.rs: worker may not know web (xtask/src/tidy/imports.rs)"]
        );
    }

    #[test]
    fn a_new_room_must_be_planned() {
        let found = complaints(&[("src/attic.rs", "//! Old things.\n")]);
        assert!(
            found
                .first()
                .is_some_and(|one| one.contains("not in the plan")),
            "{found:?}"
        );
    }
}
