//! `cargo xtask test` and `lint`: every check of the project, one step after the other. A step that fails hides none behind it.

use std::thread;
use std::time::Instant;

use anyhow::{Result, bail};

use crate::browser_tasks::{fuzz_readers, harness, page_modules};
use crate::build::Page;
use crate::describe::Description;
use crate::process::{self, cargo};
use crate::{browsers, licences, node, sizes, tidy, toolchain, ui, wasm};

/// What the person asked for.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Test the page in this engine only; may be given more than once
    #[arg(long, value_parser = browsers::ALL, value_name = "ENGINE", conflicts_with = "no_browser")]
    browser: Vec<String>,
    /// Leave out the browser suite
    #[arg(long)]
    no_browser: bool,
    /// Show the browsers at work
    #[arg(long)]
    headed: bool,
    /// Run only tests whose names contain this, and no lints; with an engine: only that engine's
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
pub struct Steps {
    /// How many passed.
    pub passed: usize,
    failed: Vec<String>,
}

impl Steps {
    /// Does a step; gives what came of it, if it did not fail.
    pub fn run<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Option<T> {
        let result = ui::step(name, work);
        match &result {
            Ok(_) => self.passed += 1,
            Err(error) => {
                ui::note(&format!("{error:#}"));
                self.failed.push(format!("{name}: {error:#}"));
            }
        }
        result.ok()
    }

    /// How it ends.
    pub fn finish(self) -> Result<()> {
        if self.failed.is_empty() {
            return Ok(());
        }
        bail!("FAILED:\n  {}", self.failed.join("\n  "));
    }
}

/// Runs the checks. Each test runner prints its own count.
pub fn test(args: &Args) -> Result<()> {
    let since = Instant::now();
    let mut steps = Steps::default();
    let filter = args.filter.as_deref();
    let mut engines: Vec<_> = browsers::ALL.into_iter().filter(|_| !args.no_browser).collect();
    if !args.browser.is_empty() {
        engines.retain(|engine| args.browser.iter().any(|named| named == engine));
    }
    // Bringing missing engines is mostly waiting, and the steps before the tests do without.
    let needed = engines.clone();
    let installing = thread::spawn(move || browsers::ensure(&needed));
    if filter.is_none() {
        lint_steps(&mut steps);
    }
    let page = steps.run("Release build", || Page::build(None, true));
    if let Ok(Err(missing)) = installing.join() {
        // The suite runs what is there; a missing engine is a failure on CI, and a loud line elsewhere.
        ui::warn(&missing.to_string());
    }
    if filter.is_none() || args.browser.is_empty() {
        steps.run("Native tests, documentation's included", || {
            process::run(
                cargo("test --no-fail-fast").args(filter).args(["--", "--include-ignored"]),
            )
        });
    }
    if filter.is_none_or(|filter| filter.contains("loom")) {
        let mut loom = cargo("test --lib --features locklab/loom");
        steps.run("Every interleaving of the shared-memory protocols (loom)", || {
            process::run(&mut loom)
        });
    }
    if filter.is_none() {
        steps.run("The page's modules in Node", page_modules);
        steps.run("Random queries, messages and reports (fuzz)", || fuzz_readers(1, 5_000));
    }
    if page.is_some() && !engines.is_empty() {
        steps.run("The page in real browsers", || {
            // One after the other: a page with 64 busy threads leaves no core to another engine's test.
            let mut suite = harness(&engines);
            suite.args(args.headed.then_some("--headed")).args(filter);
            process::run(&mut suite)
        });
    }
    ui::note(&format!("all of it took {}", ui::duration(since.elapsed())));
    steps.finish()
}

/// Looks at the code without running it; with `--sizes` measures it.
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
        process::run(&mut cargo("fmt --all -- --check"))
    });
    steps.run("Lints, native (clippy)", || {
        toolchain::ensure_component("clippy", "clippy")?;
        process::run(&mut cargo("clippy --all-targets -- -D warnings"))
    });
    steps.run("Lints, WebAssembly (clippy)", || {
        let toolchain = toolchain::find_or_install()?;
        toolchain::ensure_clippy(&toolchain)?;
        wasm::clippy(&toolchain)
    });
    steps.run("Licences of what we build on", licences::check);
    // The page's scripts import what Rust says of the settings.
    let description = steps.run("What Rust says of the settings, for the page", || {
        node::ensure()?;
        let description = Description::read()?;
        description.write_for_page()?;
        Ok(description)
    });
    let Some(description) = description else {
        return;
    };
    steps.run("Schema and settings in docs/", || description.check_docs());
    for project in [".", "xtask"] {
        let mut tsc =
            node::command(&format!("node_modules/typescript/bin/tsc --project {project}"));
        steps.run(&format!("Types in JavaScript (tsc --project {project})"), || {
            process::run(&mut tsc)
        });
    }
    steps.run("Words in every language", || process::run(&mut node::command("xtask/words.mjs")));
    steps.run("Words a figure, a sentence, a reader", || {
        process::run(&mut node::command("xtask/prose.mjs"))
    });
    steps.run("House rules (tidy)", || tidy::check(&description.figures()));
}
