//! `cargo xtask test` and `lint`: every check of the project, one step after the other. A step that fails hides none behind it.

use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::browsers::{self, Browser};
use crate::build::Page;
use crate::describe::Description;
use crate::{browser_tasks, licences, node, process, sizes, tidy, toolchain, ui, wasm};

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

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct LintArgs {
    /// Print how large the house is instead: lines, circles, places for a figure, dependencies
    #[arg(long)]
    sizes: bool,
}

/// The steps so far.
#[derive(Debug, Default)]
struct Steps {
    passed: usize,
    failed: Vec<String>,
}

impl Steps {
    /// Does a step; gives what came of it, if it did not fail.
    fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        match ui::step(name, work) {
            Ok(value) => {
                self.passed += 1;
                Some(value)
            }
            Err(error) => {
                ui::note(&format!("{error:#}"));
                self.failed.push(format!("{name}: {error:#}"));
                None
            }
        }
    }

    fn finish(self) -> Result<()> {
        if self.failed.is_empty() {
            return Ok(());
        }
        bail!("FAILED:\n  {}", self.failed.join("\n  "));
    }
}

/// Runs the checks. Each test runner prints its own count.
///
/// # Errors
/// When one of them failed; the error names all that did.
pub fn test(args: &Args) -> Result<()> {
    let since = Instant::now();
    let mut steps = Steps::default();
    let filter = args.filter.as_deref();
    let browsers = if args.browser.is_empty() {
        &Browser::ALL[..]
    } else {
        &args.browser
    };
    // Bringing missing engines is mostly waiting, and the steps before the tests do without.
    let installing = (!args.no_browser).then(|| {
        let browsers = browsers.to_owned();
        thread::spawn(move || browsers::ensure(&browsers))
    });
    if filter.is_none() {
        lint_steps(&mut steps);
    }
    let page = steps.run("Release build", || Page::build(None, true));
    if let Some(Ok(Err(missing))) = installing.map(thread::JoinHandle::join) {
        // The suite runs what is there; a missing engine is a failure on CI, and a loud line elsewhere.
        ui::warn(&missing.to_string());
    }
    // A filter together with an engine asks for that engine's tests.
    if filter.is_none() || args.browser.is_empty() {
        steps.run("Native tests, documentation's included", || {
            process::run(
                process::cargo(["test", "--no-fail-fast"])
                    .args(filter)
                    .args(["--", "--include-ignored"]),
            )
        });
        if filter.is_none_or(|filter| filter.contains("loom")) {
            steps.run(
                "Every interleaving of the shared-memory protocols (loom)",
                || {
                    process::run(
                        process::cargo(["test", "--lib", "--features", "locklab/loom"])
                            .args(filter),
                    )
                },
            );
        }
    }
    if filter.is_none() {
        steps.run("Random queries, messages and reports (fuzz)", || {
            browser_tasks::fuzz_scripts("1", [50_000, 5_000])
        });
    }
    if !args.no_browser && page.is_some() {
        steps.run("The page in real browsers", || {
            let mut suite = browser_tasks::harness(browsers);
            process::run(suite.args(args.headed.then_some("--headed")).args(filter))
        });
    }
    ui::note(&format!("all of it took {}", ui::duration(since.elapsed())));
    steps.finish()
}

/// Looks at the code without running it; with `--sizes` measures it.
///
/// # Errors
/// When something is wrong with it; the error names every step that found something.
pub fn lint(args: &LintArgs) -> Result<()> {
    if args.sizes {
        return sizes::print();
    }
    let mut steps = Steps::default();
    lint_steps(&mut steps);
    println!("\n{} passed, {} failed", steps.passed, steps.failed.len());
    steps.finish()
}

fn lint_steps(steps: &mut Steps) {
    steps.run("Formatting (cargo fmt)", || {
        toolchain::ensure_component("fmt", "rustfmt")?;
        process::run(&mut process::cargo(["fmt", "--all", "--", "--check"]))
    });
    steps.run("Lints, native (clippy)", || {
        toolchain::ensure_component("clippy", "clippy")?;
        let args = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ];
        process::run(&mut process::cargo(args))
    });
    steps.run("Lints, WebAssembly (clippy)", || {
        let toolchain = toolchain::find_or_install()?;
        toolchain::ensure_clippy(&toolchain)?;
        wasm::clippy(&toolchain)
    });
    steps.run("Licences of what we build on", licences::check);
    let description = steps.run("What Rust says of the settings, for the page", || {
        let description = Description::read()?;
        description.write_for_page()?;
        node::ensure()?;
        Ok(description)
    });
    let Some(description) = description else {
        return;
    };
    steps.run("Schema and settings in docs/", || description.check_docs());
    for project in [".", "xtask"] {
        steps.run(
            &format!("Types in JavaScript (tsc --project {project})"),
            || {
                let mut tsc = node::command("node_modules/typescript/bin/tsc");
                process::run(tsc.args(["--project", project]))
            },
        );
    }
    steps.run("Words in every language", || {
        process::run(&mut node::command("xtask/words.mjs"))
    });
    steps.run("House rules (tidy)", || tidy::check(&description.figures()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failing_step_does_not_hide_the_next_and_is_named() {
        let mut steps = Steps::default();
        assert_eq!(steps.run("one", || -> Result<()> { bail!("broken") }), None);
        assert_eq!(steps.run("two", || Ok(2)), Some(2));
        assert_eq!(steps.passed, 1);
        let error = steps.finish().unwrap_err().to_string();
        assert!(
            error.contains("one: broken") && !error.contains("two"),
            "{error}"
        );
    }
}
