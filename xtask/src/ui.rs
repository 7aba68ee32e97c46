//! What a person at the terminal reads while a task works: which step it is at, and how long that took.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Announces a step, does it, and says how long it took.
pub fn step<T>(name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("▸ {name}");
    let since = Instant::now();
    let result = work();
    let outcome = if result.is_ok() { "done" } else { "FAILED" };
    eprintln!("  {name}: {outcome} in {}", duration(since.elapsed()));
    result
}

/// One line beside the steps.
pub fn note(line: &str) {
    eprintln!("  {line}");
}

/// A line that must not be overlooked.
pub fn warn(line: &str) {
    eprintln!("\n!!! {line}\n");
}

/// `0.4 s`, `12 s`, `1 min 26 s`.
pub fn duration(time: Duration) -> String {
    match time.as_secs() {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        seconds @ 10..60 => format!("{seconds} s"),
        seconds => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}
