//! Measured figures beside what is to be reached: as a table for a person, as JSON for a program. Measures nothing.

use std::borrow::Cow;

use serde_json::{Value, json};

/// One measured figure.
#[derive(Debug, Clone)]
pub struct Row {
    /// What was measured.
    pub what: Cow<'static, str>,
    /// Where.
    pub engine: String,
    /// Every value, in the order in which they were measured.
    pub values: Vec<f64>,
    /// Of the values.
    pub unit: &'static str,
    /// The most that the median may be, or the least where it is negative; `None` where nothing is asked.
    pub goal: Option<f64>,
    /// Whether the goal is a least.
    pub at_least: bool,
}

impl Row {
    /// A figure that should be at most `goal`.
    pub fn most(
        what: impl Into<Cow<'static, str>>,
        engine: &str,
        unit: &'static str,
        goal: Option<f64>,
        values: Vec<f64>,
    ) -> Row {
        Row { what: what.into(), engine: engine.to_owned(), values, unit, goal, at_least: false }
    }

    /// A figure that should be at least `goal`.
    pub fn least(
        what: impl Into<Cow<'static, str>>,
        engine: &str,
        unit: &'static str,
        goal: Option<f64>,
        values: Vec<f64>,
    ) -> Row {
        Row { at_least: true, ..Row::most(what, engine, unit, goal, values) }
    }

    fn median(&self) -> Option<f64> {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        sorted.get(sorted.len() / 2).copied()
    }

    fn met(&self) -> Option<bool> {
        let (median, goal) = (self.median()?, self.goal?);
        Some(if self.at_least { median >= goal } else { median <= goal })
    }
}

/// The rows as a person reads them.
pub fn print(rows: &[Row]) {
    println!(
        "\n{:<52} {:<9} {:>12} {:>24}  {:<14} reached",
        "what", "where", "median", "of", "goal"
    );
    for row in rows {
        let median = row
            .median()
            .map_or("–".to_owned(), |median| format!("{} {}", figure(median), row.unit));
        let (low, high) =
            row.values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| {
                (low.min(value), high.max(value))
            });
        let spread = if row.values.len() > 1 {
            format!("{} ({}–{})", row.values.len(), figure(low), figure(high))
        } else {
            String::new()
        };
        let goal = row.goal.map_or(String::new(), |goal| {
            format!("{} {} {}", if row.at_least { "≥" } else { "≤" }, figure(goal), row.unit)
        });
        let met = match row.met() {
            Some(true) => "yes",
            Some(false) => "NO",
            None => "",
        };
        println!("{:<52} {:<9} {median:>12} {spread:>24}  {goal:<14} {met}", row.what, row.engine);
    }
}

/// The rows as a program reads them.
pub fn json(rows: &[Row]) -> Value {
    rows.iter()
        .map(|row| json!({ "what": row.what, "engine": row.engine, "unit": row.unit, "values": row.values, "median": row.median(), "goal": row.goal, "atLeast": row.at_least, "met": row.met() }))
        .collect()
}

fn figure(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
