//! `cargo xtask test`: every check of the project, one step after the other. A step that fails hides none behind it.

use std::process::Command;
use std::thread;
use std::time::Instant;

use crate::browsers::{self, Browser};
use crate::build::Page;
use crate::count::Count;
use crate::describe::{Description, native_cargo};
use crate::error::{Error, Result};
use crate::{licences, node, place, program, say, tidy, tools, wasm};

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Test the page in this engine only; may be given more than once
    #[arg(long, value_enum, value_name = "ENGINE", conflicts_with = "no_browser")]
    browser: Vec<Browser>,
    /// Leave out the browser suite
    #[arg(long)]
    no_browser: bool,
    /// Show the browsers at work
    #[arg(long)]
    headed: bool,
    /// Run only tests whose names contain this, and no lints
    filter: Option<String>,
}

/// The steps so far: what came of them.
#[derive(Debug, Default)]
struct Outcome {
    count: Count,
    failed: Vec<String>,
}

/// Runs the checks; gives whether all is well. The last line printed is the count.
pub fn test(args: &Args) -> bool {
    let since = Instant::now();
    let mut outcome = Outcome::default();
    let browsers = if args.browser.is_empty() {
        Browser::ALL.to_vec()
    } else {
        args.browser.clone()
    };
    // Where they are missing, bringing them is mostly waiting, and the steps before the tests do without.
    let engines = (!args.no_browser).then(|| {
        let browsers = browsers.clone();
        thread::spawn(move || browsers::ensure(&browsers))
    });
    if args.filter.is_none() {
        lint(&mut outcome);
    }
    let built = outcome.need("Release build", || Page::build(true).map(drop));
    if let Some(Ok(Err(missing))) = engines.map(thread::JoinHandle::join) {
        // The suite runs what is there; of an engine that is not it makes a failure on CI, a loud line elsewhere.
        say::loudly(&missing.to_string());
    }
    outcome.tests(
        "Native tests, documentation's included",
        native_tests(args.filter.as_deref()),
    );
    // A filter that means them says so.
    if args
        .filter
        .as_ref()
        .is_none_or(|filter| filter.contains("loom"))
    {
        outcome.tests(
            "Every interleaving of the shared-memory protocols (loom)",
            loom_tests(args.filter.as_deref()),
        );
    }
    if !args.no_browser {
        browser_suite(args, &browsers, built, &mut outcome);
    }
    say::note(&format!("all of it took {}", say::took(since.elapsed())));
    outcome.close()
}

/// The steps that look at the code without running it, alone; gives whether all is well.
pub fn lint_alone() -> bool {
    let mut outcome = Outcome::default();
    lint(&mut outcome);
    outcome.close()
}

/// The steps that look at the code without running it.
fn lint(outcome: &mut Outcome) {
    outcome.step("Formatting (cargo fmt)", || {
        tools::ensure_component("fmt", "rustfmt")?;
        program::show(cargo().args(["fmt", "--all", "--", "--check"]), "cargo fmt")
    });
    outcome.step("Lints, native (clippy)", || {
        tools::ensure_component("clippy", "clippy")?;
        program::show(
            cargo().args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ]),
            "clippy",
        )
    });
    outcome.step("Lints, WebAssembly (clippy)", || {
        let toolchain = tools::find_or_install()?;
        tools::find_or_install_clippy(&toolchain)?;
        wasm::clippy(&toolchain)
    });
    outcome.step("Schema and settings in docs/", || {
        let outdated = Description::ask()?.outdated()?;
        let names: Vec<_> = outdated
            .iter()
            .filter_map(|path| path.file_name())
            .map(|name| name.to_string_lossy())
            .collect();
        if names.is_empty() {
            return Ok(());
        }
        Err(Error::Wrong(format!(
            "{} is not as Rust says it: `cargo xtask build` writes it anew",
            names.join(", ")
        )))
    });
    outcome.step("Types in JavaScript (tsc)", || {
        node::ensure()?;
        // The page's scripts import what Rust says of the settings.
        Description::ask()?.write_for_page()?;
        let check = |project| {
            let mut tsc = node::command("node_modules/typescript/bin/tsc");
            program::show(
                tsc.args(["--project", project]),
                &format!("tsc --project {project}"),
            )
        };
        // Both, also where the first has something to complain about.
        let (page, bundler) = (check("."), check("xtask"));
        page.and(bundler)
    });
    // It reads what the step before has written of the settings.
    outcome.step("Words in every language", || {
        program::show(&mut node::command("xtask/words.mjs"), "words.mjs")
    });
    outcome.step("Licences of what we build on", licences::check);
    outcome.step("House rules (tidy)", || tidy::check(&Description::ask()?));
}

fn native_tests(filter: Option<&str>) -> Command {
    let mut command = cargo();
    command
        .args(["test", "--workspace", "--no-fail-fast"])
        .args(filter);
    command
}

/// Loom takes the place of atomics and threads throughout, so everything is built apart for it.
fn loom_tests(filter: Option<&str>) -> Command {
    let mut command = cargo();
    command
        .args([
            "test",
            "--package",
            "locklab",
            "--profile",
            "loom",
            "--lib",
            "--target-dir",
        ])
        .arg(place::target().join("loom"));
    command.args(filter).env("RUSTFLAGS", "--cfg loom");
    command
}

fn browser_suite(args: &Args, browsers: &[Browser], built: bool, outcome: &mut Outcome) {
    const NAME: &str = "The page in real browsers";
    if !built {
        outcome.fail(&format!("{NAME}: there is no page to test"));
        return;
    }
    let mut suite = cargo();
    suite.args(["run", "--quiet", "--package", "browser-tests", "--"]);
    for browser in browsers {
        suite.args(["--browser", browser.name()]);
    }
    suite
        .args(args.headed.then_some("--headed"))
        .args(args.filter.as_deref());
    outcome.tests(NAME, suite);
}

fn cargo() -> Command {
    let mut command = Command::new(native_cargo());
    command.current_dir(place::root());
    command
}

impl Outcome {
    /// A step that passes or fails as a whole.
    fn step(&mut self, name: &str, work: impl FnOnce() -> Result<()>) {
        if self.need(name, work) {
            self.count.add_step(true);
        }
    }

    /// A step that others need: counted where it fails only.
    fn need(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> bool {
        match say::step(name, work) {
            Ok(()) => true,
            Err(error) => {
                self.fail(&format!("{name}: {error}"));
                false
            }
        }
    }

    /// A step that runs tests: their numbers count, and they are read from its output.
    fn tests(&mut self, name: &str, mut command: Command) {
        let mut count = Count::default();
        let done = say::step(name, || {
            program::show_lines(&mut command, name, |line| count.add_line(line))
        });
        self.count.add(count);
        match done {
            Ok(()) => {}
            // Its own count has the failures already.
            Err(_) if count.failed > 0 => self.failed.push(format!("{name}: {count}")),
            // It broke before or beside its tests: it did not compile, for one.
            Err(error) => self.fail(&error.to_string()),
        }
    }

    /// Says what failed and, last, the count; gives whether all is well.
    fn close(&self) -> bool {
        eprintln!();
        for name in &self.failed {
            say::note(&format!("FAILED: {name}"));
        }
        if self.count == Count::default() {
            say::note("no test was run");
        }
        println!("{}", self.count);
        self.count.is_well()
    }

    fn fail(&mut self, sentence: &str) {
        say::note(sentence);
        self.failed.push(sentence.to_owned());
        self.count.add_step(false);
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failing_step_does_not_hide_the_next() {
        let mut outcome = Outcome::default();
        outcome.step("one", || Err(Error::Wrong("broken".to_owned())));
        outcome.step("two", || Ok(()));
        assert_eq!(
            outcome.count,
            Count {
                passed: 1,
                failed: 1
            }
        );
        assert_eq!(outcome.failed, ["one: broken"]);
    }

    #[test]
    fn failed_tests_are_counted_once() {
        let mut outcome = Outcome::default();
        outcome.tests(
            "some",
            shell("echo 'test result: FAILED. 2 passed; 1 failed; 0 ignored'; exit 101"),
        );
        assert_eq!(
            outcome.count,
            Count {
                passed: 2,
                failed: 1
            }
        );
    }

    #[test]
    fn tests_that_do_not_compile_are_a_failure() {
        let mut outcome = Outcome::default();
        outcome.tests(
            "some",
            shell("echo 'test result: ok. 2 passed; 0 failed; 0 ignored'; exit 101"),
        );
        assert_eq!(
            outcome.count,
            Count {
                passed: 2,
                failed: 1
            }
        );
    }
}
