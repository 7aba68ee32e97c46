//! Finds out what becomes of a figure on every host in every engine, and writes that into docs/hosting.md, between its marks.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use crate::engine::{Engine, root};
use crate::hosts::{HOSTS, outcome};
use crate::runner::Runner;

const BEGIN: &str = "<!-- hosts:begin -->\n";
const END: &str = "<!-- hosts:end -->";

/// Fills the table.
///
/// # Errors
/// A sentence about what could not be found out or written.
pub fn hosts(runner: &mut Runner) -> Result<(), String> {
    let mut rows: Vec<_> = HOSTS.iter().map(|(name, _)| format!("| {name} |")).collect();
    for engine in Engine::ALL {
        let limit = Duration::from_secs(240);
        let found = runner.with_page(engine, "hosts", limit, |page| {
            HOSTS.iter().map(|host| outcome(page, host)).collect::<Vec<_>>()
        })?;
        for (row, said) in rows.iter_mut().zip(found) {
            eprintln!("  {row} {said}");
            let _ = write!(row, " {said} |");
        }
    }
    let head = "| where | Chromium | Firefox | WebKitGTK |\n|---|---|---|---|";
    let table = format!("{head}\n{}\n", rows.join("\n"));
    let path = root().join("docs/hosting.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (before, rest) =
        text.split_once(BEGIN).ok_or_else(|| format!("{} has no {BEGIN}", path.display()))?;
    let (_, after) =
        rest.split_once(END).ok_or_else(|| format!("{} has no {END}", path.display()))?;
    fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}"))
        .map_err(|error| format!("{} could not be written: {error}", path.display()))
}
