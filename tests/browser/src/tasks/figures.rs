//! Writes what a whole bench has measured into docs/figures.md, between its marks: a line a thing, a column an engine.

use std::process::Command;

use serde_json::Value;

use super::fill;
use crate::engine::Engine;

/// Writes the rows of `target/bench.json`; `load` says how busy the machine was.
///
/// # Errors
/// A sentence about what could not be written.
pub fn write(rows: &[Value], cores: usize, load: &str) -> Result<(), String> {
    let date = Command::new("date").arg("+%F").output().map_err(|error| error.to_string())?;
    let date = String::from_utf8_lossy(&date.stdout).trim().to_owned();
    let about = format!("Measured on {date}, on {cores} cores{load}.");
    fill("docs/figures.md", "bench", &format!("{about}\n\n{}", table(rows)))
}

/// Medians beside their goals, in bold where one is not reached.
fn table(rows: &[Value]) -> String {
    let columns = Engine::ALL.map(Engine::name);
    let mut table = format!(
        "| | goal | {} | without a browser |\n|---|---|---|---|---|---|\n",
        columns.join(" | ")
    );
    for (i, row) in rows.iter().enumerate() {
        let same = |other: &&Value| other["what"] == row["what"];
        if rows[..i].iter().any(|before| same(&before)) {
            continue;
        }
        let all: Vec<_> = rows.iter().filter(same).collect();
        let unit = row["unit"].as_str().unwrap_or_default();
        let goal = all.iter().find_map(|row| {
            let sign = if row["atLeast"] == true { "≥" } else { "≤" };
            Some(format!("{sign} {} {unit}", digits(row["goal"].as_f64()?)))
        });
        let cell = |row: Option<&&Value>| {
            let median = row.and_then(|row| row["median"].as_f64());
            let text = median.map_or("–".to_owned(), |one| format!("{} {unit}", digits(one)));
            let text = text.trim_end();
            if row.is_some_and(|row| row["met"] == false) {
                format!("**{text}**")
            } else {
                text.to_owned()
            }
        };
        let mut cells: Vec<_> = columns
            .iter()
            .map(|name| cell(all.iter().find(|row| row["engine"] == *name)))
            .collect();
        let is_inside = |row: &&&Value| columns.iter().any(|name| row["engine"] == *name);
        cells.push(cell(all.iter().find(|row| !is_inside(row))));
        let what = row["what"].as_str().unwrap_or_default().replace('|', "\\|");
        let goal = goal.unwrap_or_else(|| "–".to_owned());
        table += &format!("| {what} | {} | {} |\n", goal.trim_end(), cells.join(" | "));
    }
    table
}

/// Three digits.
pub fn digits(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::table;

    #[test]
    fn a_thing_has_one_line_and_what_is_not_reached_is_bold() {
        let row = |what: &str, engine: &str, median: f64, met: bool| json!({ "what": what, "engine": engine, "unit": "ms", "median": median, "goal": 9.5, "atLeast": false, "met": met });
        let rows = [
            row("start", "chromium", 8.0, true),
            row("the wasm module", "", 60.0, false),
            row("start", "webkit", 12.0, false),
        ];
        let lines = table(&rows);
        assert!(lines.ends_with(
            "| start | ≤ 9.50 ms | 8.00 ms | – | **12.0 ms** | – |\n| the wasm module | ≤ 9.50 ms | – | – | – | **60.0 ms** |\n"
        ), "{lines}");
    }
}
