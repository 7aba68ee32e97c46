//! Finds out what becomes of a figure on every host in every engine, and writes that into docs/embedding.md, between its marks.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs;
use std::sync::{Mutex, PoisonError};

use crate::engine::{Engine, root};
use crate::hosts::{HOSTS, outcome};
use crate::page::Page;
use crate::runner::Runner;
use crate::suite::Case;

const BEGIN: &str = "<!-- hosts:begin -->\n";
const END: &str = "<!-- hosts:end -->";

/// What each host came to, by its name and the engine's.
static FOUND: Mutex<Option<HashMap<(&str, &str), String>>> = Mutex::new(None);

/// Fills the table.
///
/// # Errors
/// A sentence about what could not be found out or written.
pub fn hosts(runner: &mut Runner) -> Result<(), String> {
    let case = Case::new("hosts", look).within(240);
    for engine in Engine::ALL {
        runner.run(engine, case)?;
    }
    let found = FOUND.lock().unwrap_or_else(PoisonError::into_inner);
    let mut table = "| where | Chromium | Firefox | WebKitGTK |\n|---|---|---|---|\n".to_owned();
    for host in HOSTS {
        let _ = write!(table, "| {} |", host.name);
        for engine in Engine::ALL {
            let said = found.as_ref().and_then(|found| found.get(&(host.name, engine.name())));
            let _ = write!(table, " {} |", said.map_or("–", String::as_str));
        }
        table.push('\n');
    }
    let path = root().join("docs/embedding.md");
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let (before, rest) =
        text.split_once(BEGIN).ok_or_else(|| format!("{} has no {BEGIN}", path.display()))?;
    let (_, after) =
        rest.split_once(END).ok_or_else(|| format!("{} has no {END}", path.display()))?;
    fs::write(&path, format!("{before}{BEGIN}{table}{END}{after}"))
        .map_err(|error| format!("{} could not be written: {error}", path.display()))
}

fn look(page: &Page) {
    for host in HOSTS {
        let said = outcome(page, host);
        eprintln!("  {}: {said}", host.name);
        FOUND
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get_or_insert_default()
            .insert((host.name, page.engine.name()), said);
    }
}
