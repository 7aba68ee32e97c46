//! What else the harness is good for, at a desk: measuring the page, recording a run, taking the README's picture. Judges nothing; the suite does.

use clap::ValueEnum;

use crate::engine::Engine;
use crate::runner::Runner;

mod bench;
mod native;
mod record;
mod table;

/// A task at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Task {
    /// Measure what the README promises; writes target/bench.json.
    Bench,
    /// Record a run of every figure into www/recordings/.
    Record,
    /// Take the README's picture of the page at work.
    Picture,
}

/// Does the task in these engines.
///
/// # Errors
/// A sentence about what went wrong.
pub fn work(task: Task, runner: &mut Runner, engines: &[Engine]) -> Result<(), String> {
    match task {
        Task::Bench => bench::bench(runner, engines),
        Task::Record => runner.run(Engine::Chromium, record::RECORD),
        Task::Picture => runner.run(Engine::Chromium, record::PICTURE),
    }
}
