//! The small parts of the tasks, each alone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::json;
use xtask::describe::{Description, with_table};
use xtask::licences::{is_allowed, works};
use xtask::test::Steps;
use xtask::tidy::rooms::{self, PAGE, RUST};
use xtask::tidy::{self, CROWDED, FORBIDDEN, Graph, Source};
use xtask::toolchain::{self, field, lld_package, numbers};
use xtask::watch::{self, Work, work_for};
use xtask::{build, process, ui};

fn shell(script: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    command
}

#[test]
fn durations_read_as_people_say_them() {
    for (ms, text) in [(420, "0.4 s"), (12_000, "12 s"), (86_000, "1 min 26 s")] {
        assert_eq!(ui::duration(Duration::from_millis(ms)), text);
    }
}

#[test]
fn a_failure_and_a_missing_program_are_named() {
    let error = process::run(&mut shell("exit 3")).unwrap_err().to_string();
    assert!(error.contains("`sh -c exit 3` failed (exit status: 3)"), "{error}");
    let error = process::output_of(&mut Command::new("no-such-program")).unwrap_err();
    assert!(error.to_string().contains("no-such-program"), "{error}");
}

#[test]
fn output_is_stdout_alone_and_a_failed_query_is_none() {
    assert_eq!(process::output_of(&mut shell("echo err >&2; echo out")).unwrap(), "out\n");
    assert_eq!(process::query(&mut shell("echo out; exit 1")), None);
    assert_eq!(process::query(&mut shell("echo out")).as_deref(), Some("out"));
}

#[test]
fn a_failing_step_does_not_hide_the_next_and_is_named() {
    let mut steps = Steps::default();
    assert_eq!(steps.run("one", || -> Result<()> { bail!("broken") }), None);
    assert_eq!(steps.run("two", || Ok(2)), Some(2));
    assert_eq!(steps.passed, 1);
    let error = steps.finish().unwrap_err().to_string();
    assert!(error.contains("one: broken") && !error.contains("two"), "{error}");
}

#[test]
fn a_compiler_says_which_linker_it_needs_and_how_old_it_is() {
    let info = "rustc 1.96.0\nrelease: 1.96.0\nLLVM version: 22.1.8";
    assert_eq!(field(info, "release"), Some("1.96.0"));
    assert_eq!(lld_package(info).as_deref(), Some("lld-22"));
    assert!(numbers("1.63.0") < numbers("1.95") && numbers("1.100.0") > numbers("1.95"));
    assert!(numbers("1.95.0-nightly") >= numbers("1.95"));
    assert!(numbers(toolchain::OLDEST) >= numbers("1.95"), "{}", toolchain::OLDEST);
}

#[test]
fn a_sites_address_has_one_slash_at_its_end_and_others_are_refused_with_an_example() {
    for text in ["https://example.org/lab", "https://example.org/lab/"] {
        assert_eq!(build::site(text).unwrap(), "https://example.org/lab/");
    }
    for text in [
        "example.org",
        "ftp://example.org/",
        "https://",
        "https:///lab",
        "https://example.org/?figure=lock-cost",
        "https://example.org/\"onload",
        "https://example.org/index.html",
    ] {
        let error = build::site(text).unwrap_err().to_string();
        assert!(error.contains("https://example.org/lock-lab/"), "{error}");
    }
}

#[test]
fn a_change_asks_for_no_more_than_it_must() {
    for (path, work) in [
        ("www/figures/lock-cost/figure.js", Some(Work::Scripts)),
        ("index.html", Some(Work::Scripts)),
        ("xtask/bundle.mjs", Some(Work::Scripts)),
        ("src/web/mod.rs", Some(Work::Rust)),
        ("Cargo.lock", Some(Work::Rust)),
        ("www/generated/settings.js", None),
        ("www/.article.js.swp", None),
        ("README.md", None),
        ("data/machines/a.json", Some(Work::Scripts)),
    ] {
        assert_eq!(work_for(Path::new(path)), work, "{path}");
    }
}

#[test]
fn many_changes_at_once_are_one_rebuild() {
    let (sender, changes) = mpsc::channel();
    for path in ["/r/www/a.js", "/r/src/lib.rs", "/r/www/b.js"] {
        sender.send(PathBuf::from(path)).unwrap();
    }
    let found = watch::next(Path::new("/r"), &changes).unwrap();
    assert_eq!(found, (Work::Rust, PathBuf::from("/r/src/lib.rs")));
    assert!(changes.try_recv().is_err(), "a change was left behind");
}

fn description() -> Description {
    Description(json!({
        "reservedPages": 4,
        "reportSchema": { "type": "object" },
        "figures": { "a": { "settings": ["waitMs"], "defaults": { "waitMs": 50 } }, "b": { "defaults": { "waitMs": 300 } } },
        "settings": { "waitMs": { "attribute": "wait-ms", "min": 0, "max": 60000, "default": 50, "meaning": "one wait" } },
    }))
}

#[test]
fn the_page_gets_no_more_than_it_needs() {
    let module = description().settings_module();
    let is_short = !module.contains("reportSchema") && !module.contains("reservedPages");
    assert!(module.contains("wait-ms") && is_short, "{module}");
}

#[test]
fn the_table_names_each_figure_that_differs_and_stands_between_its_marks() {
    let before = "intro\n<!-- settings:begin -->\nold\n<!-- settings:end -->\nrest\n";
    let after = with_table(before, &description().table()).unwrap();
    let end =
        "| `wait-ms` | one wait | 0–60000 | `50` (`b`: `300`) |\n<!-- settings:end -->\nrest\n";
    assert!(after.starts_with("intro\n<!-- settings:begin -->\n| attribute"), "{after}");
    assert!(after.ends_with(end), "{after}");
    assert!(with_table("no marks", "").is_err());
}

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
    for wrong in
        ["GPL-3.0", "MIT AND GPL-3.0", "(GPL-3.0 OR MIT) AND GPL-2.0", "none", "", "MIT GPL-3.0"]
    {
        assert!(!is_allowed(wrong), "{wrong}");
    }
}

#[test]
fn what_is_compiled_in_is_named_and_what_only_builds_is_not() {
    let works: Vec<_> = works().unwrap().into_iter().filter(|work| work.in_page).collect();
    let names: Vec<_> = works.iter().map(|work| &*work.name).collect();
    for name in ["hdrhistogram", "parking_lot"] {
        assert!(names.contains(&name), "{names:?}");
    }
    for name in ["serde_derive", "schemars", "axum", "locklab", "typescript"] {
        assert!(!names.contains(&name), "{names:?}");
    }
    for work in works {
        assert!(!work.texts().unwrap().is_empty() && work.licence != "none", "{work:?}");
    }
}

fn source(path: &str, text: &str) -> Source {
    Source { path: path.to_owned(), text: text.to_owned() }
}

#[test]
fn a_file_says_what_it_is_for_and_is_too_long_by_its_code_not_by_its_tests() {
    assert!(tidy::opening(&source("src/lib.rs", "use std::fs;\n")).is_some());
    assert_eq!(tidy::opening(&source("src/lib.rs", "//! The tour.\n")), None);
    assert_eq!(tidy::opening(&source("www/a.js", "/** What it is for. */\n")), None);
    let long = "fn a() {}\n".repeat(CROWDED + 1);
    assert!(tidy::length(&source("src/a.rs", &long)).is_some());
    let tested = source("src/a.rs", &format!("#[cfg(all(test, unix))]\n{long}"));
    assert_eq!(tidy::length(&tested), None);
}

#[test]
fn forbidden_words_are_found_and_their_like_is_not() {
    let mark = concat!("TO", "DO");
    let (left, open) = (format!("// {mark}: later"), format!("// {mark}(#12): later"));
    let cases: [(usize, &[&str], &[&str]); 5] = [
        (1, &[concat!("read(\"/ho", "me/me/file\")")], &["see example.org/home/page"]),
        (3, &[&left], &[&open]),
        (
            4,
            &[
                "one.innerHTML = text;",
                "document.write(text);",
                "setTimeout('run()', 5);",
                "eval(text);",
                "a.setAttribute('onclick', b);",
            ],
            &[
                "one.textContent = text;",
                "one.style.setProperty(\"--columns\", text);",
                "setTimeout(run, 5);",
            ],
        ),
        (5, &["new Worker(url)"], &["new Worker(trusted(url))"]),
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
    let is_found = |[pattern, unless, ..]: [&str; 4], line: &str| {
        let script = "printf '%s\\n' \"$1\" | grep -E -e \"$2\" | grep -qvE -e \"$3\"";
        let mut grep = shell(script);
        grep.args(["sh", line, pattern, unless]).status().unwrap().success()
    };
    for (index, wrong, fine) in cases {
        for line in wrong.iter().chain(fine) {
            assert_eq!(is_found(FORBIDDEN[index], line), wrong.contains(line), "{line}");
        }
    }
}

#[test]
fn a_test_that_is_named_and_not_there_is_complained_of() {
    let suite =
        "//! Guests.\n\nfn it_takes_no_focus(page: &Page) {}\n\nfn it_stays(page: &Page) {}\n";
    for (guide, count) in [
        ("by `guest::it_takes_no_focus`, `…it_stays`\n", 0),
        ("by `guest::it_takes_…` and `page::open`\n", 0),
        ("by `guest::it_takes_no`\n", 1),
        ("by `guest::it_goes_…`, `…it_stays_away`\n", 2),
    ] {
        let sources = [
            source("tests/browser/src/suite/guest.rs", suite),
            source("docs/develop/safety.md", guide),
        ];
        assert_eq!(tidy::tests_named_in_docs(&sources).len(), count, "{guide}");
    }
}

#[test]
fn a_link_that_leads_nowhere_is_complained_of() {
    let guides = |link: &str| {
        [
            source("docs/develop/safety.md", &format!("# Safe\n\nSee [it]({link}).\n")),
            source("docs/api.md", "# Api\n\n## What the page needs\n"),
        ]
    };
    let exists = |path: &str| ["docs/develop/safety.md", "docs/api.md"].contains(&path);
    for fine in ["../api.md", "../api.md#what-the-page-needs", "#safe", "https://example.org/no.md"]
    {
        assert!(tidy::lost_links(&guides(fine), exists).is_empty(), "{fine}");
    }
    for lost in ["api.md", "../../api.md", "../api.md#what-it-needs", "#sound", "../gone.png"] {
        assert_eq!(tidy::lost_links(&guides(lost), exists).len(), 1, "{lost}");
    }
}

fn graph(edges: &[(&str, &str)]) -> Graph {
    let mut graph = Graph::new();
    for (from, to) in edges {
        graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        graph.entry((*to).to_owned()).or_default();
    }
    graph
}

fn complaints(edges: &[(&str, &str)], plan: &str) -> usize {
    rooms::check("top", &graph(edges), plan).len()
}

#[test]
fn what_the_plan_of_rooms_forbids_is_complained_of() {
    for (from, to) in [
        ("lock/mod.rs", "counter/mod.rs"),
        ("busy.rs", "web/mod.rs"),
        ("experiments/contention/mod.rs", "experiments/price_list/mod.rs"),
        ("experiments/price_list/mod.rs", "experiments/masters/mod.rs"),
        ("experiment.rs", "experiments/mod.rs"),
    ] {
        assert_eq!(complaints(&[(from, to)], RUST), 1, "{from} → {to}");
    }
    for (from, to) in [
        ("counter/mod.rs", "lock/spin.rs"),
        ("experiments/master_exit/mod.rs", "experiments/masters/worker.rs"),
        ("experiments/mod.rs", "experiments/contention/mod.rs"),
        ("lib.rs", "web/mod.rs"),
    ] {
        assert_eq!(complaints(&[(from, to)], RUST), 0, "{from} → {to}");
    }
    assert_eq!(complaints(&[("views/chart.js", "figures/lock-cost/figure.js")], PAGE), 1);
    assert_eq!(complaints(&[("figures/a/figure.js", "figures/b/figure.js")], PAGE), 1);
    assert_eq!(complaints(&[("attic.js", "text/en.js")], PAGE), 1, "a new room must be planned");
}

#[test]
fn a_circle_is_named_at_each_of_its_files() {
    let edges =
        [("views/a.js", "views/b.js"), ("views/b.js", "views/a.js"), ("views/c.js", "views/a.js")];
    assert_eq!(rooms::circles("www", &graph(&edges)).len(), 2);
}
