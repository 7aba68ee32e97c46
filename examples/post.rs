//! The post's first program in a terminal, and its very lines: `locklab bench lock-cost`, whose options it takes.

use std::env;
use std::process::ExitCode;

#[path = "../src/main.rs"]
#[allow(dead_code, reason = "it has a main of its own")]
mod command;

fn main() -> ExitCode {
    let bench = ["bench", "lock-cost"].map(str::to_owned);
    command::start(bench.into_iter().chain(env::args().skip(1)).collect())
}
