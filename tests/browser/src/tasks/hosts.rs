//! Finds out what becomes of a figure on every host in every engine, and writes that into docs/hosting.md, between its marks.

use std::fmt::Write as _;
use std::time::Duration;

use super::fill;
use crate::engine::Engine;
use crate::hosts::{HOSTS, outcome};
use crate::runner::Runner;

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
    fill("docs/hosting.md", "hosts", &format!("{head}\n{}\n", rows.join("\n")))
}
