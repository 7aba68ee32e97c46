//! The post's second program in a terminal: `locklab bench master-worker`, whose options it takes; with
//! `--figure master-exit`, a master that dies.

use std::env;
use std::process::ExitCode;

#[path = "../src/main.rs"]
#[allow(dead_code, reason = "it has a main of its own")]
mod command;

fn main() -> ExitCode {
    let mut args: Vec<String> = env::args().skip(1).collect();
    let named = args.iter().position(|arg| arg == "--figure").filter(|at| at + 1 < args.len());
    let figure = named.map(|at| args.drain(at..at + 2).nth(1).unwrap_or_default());
    let figure = figure.unwrap_or_else(|| "master-worker".to_owned());
    command::start(["bench".to_owned(), figure].into_iter().chain(args).collect())
}
