//! `cargo xtask`: hands each task to its file.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::build::Page;
use xtask::{browser_tasks, build, package, release, serve, test};

/// The project's tasks. Each looks for the tools that it needs, installs what it may, and says what to do about the rest.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true, after_help = AFTER)]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

const AFTER: &str = "\
Examples:
  cargo xtask serve --watch                     work on the page: every change shows at once
  cargo xtask test --no-browser                 all but the browser suite
  cargo xtask test --browser firefox keyboard   one engine, tests with \"keyboard\" in their names";

#[derive(Debug, Subcommand)]
enum Task {
    /// Build the page into dist/: a folder for any static host, at any path
    Build(build::Args),
    /// Build the page and pack it for authors: a zip and an npm tarball in target/package/, with licences and checksums
    Package(build::Args),
    /// Make a release's packages and notes, and have them checked by what authors' tools use; says what a tag would publish
    Release(release::Args),
    /// Build the page and serve it on 127.0.0.1, with the headers that threads need
    Serve(serve::Args),
    /// Check everything: lints, types, native tests, and the page in three browser engines
    ///
    /// Missing browsers and drivers are installed where that is allowed. With CI=true a missing engine is a failure, else a loud line.
    Test(test::Args),
    /// Look at the code without running it: formatting, lints, types, the house's rules
    Lint(test::LintArgs),
    /// Measure what docs/figures.md promises, in real browsers, and print it beside the goals. A name measures only what has it in its name:
    /// waits, calculations, start, stop, main-thread, soak, post, told, polled, scheduling, death, costs (costs-prices, costs-contention,
    /// costs-queues, costs-load, costs-own-locks), first-load
    Bench(browser_tasks::Args),
    /// Kill workers and masters a thousand times over, in real browsers, and count what became of their jobs
    Soak(browser_tasks::Args),
    /// Throw 110,000 random texts, messages and reports at the page, with another seed every time
    Fuzz,
    /// Paste a figure on every host that authors have, and write the outcomes into docs/hosting.md; `--real [NAME]`: on sites that real
    /// generators make
    Hosts(browser_tasks::Args),
    /// Record a run of every figure, for readers who can't make their own yet
    Record(browser_tasks::Args),
    /// Take the README's picture of the page at work
    Picture(browser_tasks::Args),
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Build(args) => Page::build(args.site, true).map(drop),
        Task::Package(args) => package::package(args.site).map(drop),
        Task::Release(args) => release::release(&args),
        Task::Serve(args) => serve::serve(&args),
        Task::Test(args) => test::test(&args),
        Task::Lint(args) => test::lint(&args),
        Task::Bench(args) => browser_tasks::run("bench", &args),
        Task::Soak(args) => browser_tasks::run("soak", &args),
        Task::Fuzz => browser_tasks::fuzz(),
        Task::Hosts(args) => browser_tasks::run("hosts", &args),
        Task::Record(args) => browser_tasks::run("record", &args),
        Task::Picture(args) => browser_tasks::run("picture", &args),
    };
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    eprintln!("\n{error:#}");
    ExitCode::FAILURE
}
