//! `cargo xtask`: hands each task to its file. Does nothing itself.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::build::{self, Page};
use xtask::{audit, desk, package, serve, test, twice};

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
    Package(package::Args),
    /// Build the page and serve it on 127.0.0.1, with the headers that threads need
    Serve(serve::Args),
    /// Check everything: lints, types, native tests, and the page in three browser engines
    ///
    /// Browsers and drivers that are missing are installed where that is allowed. With CI=true a missing engine is a failure,
    /// else a loud line. The last line is the count; without one test run, that too is a failure.
    Test(test::Args),
    /// Look at the code without running it: formatting, lints, types, the house's rules
    ///
    /// The first part of `cargo xtask test`, alone: what to do before a small commit.
    Lint,
    /// Ask what is known against the crates and packages that the page is built on
    Audit,
    /// Measure what the README promises, in real browsers, and print it beside what is to be reached
    Bench(desk::BenchArgs),
    /// Kill workers and masters a thousand times over, in real browsers, and count what became of their jobs
    Soak(desk::SoakArgs),
    /// Throw 100,000 texts and messages of chance at a figure, other ones every time
    Fuzz,
    /// Paste a figure on every host that authors have, and write what becomes of it into docs/embedding.md
    Hosts,
    /// Record a run of every figure, for readers who can't make their own yet
    Record(desk::MakeArgs),
    /// Take the README's picture of the page at work
    Picture(desk::MakeArgs),
}

fn main() -> ExitCode {
    let done = match Cli::parse().task {
        Task::Build(args) if args.twice => twice::build_twice(),
        Task::Build(args) => Page::build_for(args.site, true).map(drop),
        Task::Package(args) => package::package(args),
        Task::Audit => audit::audit(),
        Task::Serve(args) => serve::serve(&args),
        Task::Bench(args) => desk::bench(&args),
        Task::Soak(args) => desk::soak(&args),
        Task::Fuzz => desk::fuzz(),
        Task::Hosts => desk::hosts(),
        Task::Record(args) => desk::chromium("record", &args),
        Task::Picture(args) => desk::chromium("picture", &args),
        // These have said by their count what failed.
        Task::Lint => return exit(test::lint_alone()),
        Task::Test(args) => return exit(test::test(&args)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\n{error}");
            ExitCode::FAILURE
        }
    }
}

fn exit(is_well: bool) -> ExitCode {
    if is_well {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
