//! What the harness does other than testing: measuring the page, recording a run, taking the README's picture. Judges nothing; the suite does.

use std::fs;
use std::path::Path;

use clap::ValueEnum;

use crate::engine::{Engine, figures, root};
use crate::runner::Runner;

mod bench;
mod cards;
mod costs;
mod editor;
mod embeds;
mod figures;
mod fuzz;
mod hosts;
mod masters;
mod native;
mod real;
mod record;
mod sites;
mod validity;

/// A task other than testing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Task {
    /// Measure what docs/figures.md promises; writes target/bench.json, and, measured whole, that guide.
    Bench,
    /// Record a run of every figure into www/figures/.
    Record,
    /// Take the README's picture of the page at work.
    Picture,
    /// Kill workers and masters a thousand times over.
    Soak,
    /// Throw texts and messages of chance at a figure.
    Fuzz,
    /// Find out what becomes of a figure on every host, and write it into docs/hosting.md.
    Hosts,
    /// The same on real sites, which their own generators make.
    RealHosts,
}

/// What exactly is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// To measure in.
    pub engines: &'a [Engine],
    /// Only what has this in its name.
    pub what: &'a str,
    /// Whether everything is to be measured as often as its goal is about.
    pub full: bool,
    /// The folder for what is made; where it belongs, if absent.
    pub into: Option<&'a Path>,
}

impl Order<'_> {
    /// The figures that are wanted.
    fn figures(&self) -> Vec<String> {
        let mut figures = figures();
        figures.retain(|figure| figure.contains(self.what));
        figures
    }
}

/// Performs the task.
///
/// # Errors
/// A sentence about what went wrong.
pub fn perform(task: Task, runner: &mut Runner, order: &Order<'_>) -> Result<(), String> {
    match task {
        Task::Bench => bench::bench(runner, order),
        Task::Record => record::record(runner, order),
        Task::Picture => {
            if order.what.is_empty() {
                record::picture(runner, order.into)?;
            }
            cards::take(runner, order)
        }
        Task::Fuzz => fuzz::fuzz(runner, order),
        Task::Hosts => hosts::hosts(runner),
        Task::RealHosts => real::real_hosts(runner, order),
        Task::Soak => masters::soak(runner, order.engines),
    }
}

/// Puts a text between its marks in a guide.
fn fill(guide: &str, mark: &str, text: &str) -> Result<(), String> {
    let path = root().join(guide);
    let wrong = |error: std::io::Error| format!("{guide}: {error}");
    let old = fs::read_to_string(&path).map_err(wrong)?;
    let [begin, end] = ["begin", "end"].map(|side| format!("<!-- {mark}:{side} -->"));
    let parts =
        old.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
    let (before, after) = parts.ok_or_else(|| format!("{guide} has no {begin} and {end}"))?;
    fs::write(&path, format!("{before}{begin}\n{text}{end}{after}")).map_err(wrong)
}

/// A file's name and what is to be in it.
type Made = (String, Vec<u8>);

fn write(folder: &Path, made: &[Made]) -> Result<(), String> {
    for (name, contents) in made {
        let file = folder.join(name);
        let folder = file.parent().unwrap_or(folder);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&file, contents))
            .map_err(|error| format!("{} could not be written: {error}", file.display()))?;
    }
    Ok(())
}
