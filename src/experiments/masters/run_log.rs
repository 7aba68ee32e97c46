//! The [`RunLog`]: what masters write down of a run, each going on where the last one ended.

use std::collections::VecDeque;

use super::report::{LogLine, MasterPart, Round, WeakTally};
use crate::measure::rounded;

/// Milliseconds are given to the step of the board's ticks.
pub(crate) fn ms(value: f64) -> f64 {
    rounded(value, 4)
}

/// Lines that a log keeps of its beginning, and as many of its end.
const KEPT: usize = 10_000;

/// The lines that were printed, and when. A long log loses its middle.
#[derive(Debug, Default)]
pub(crate) struct PrintedLines {
    head: Vec<LogLine>,
    tail: VecDeque<LogLine>,
    pub skipped: u64,
}

impl PrintedLines {
    pub fn push(&mut self, at_ms: f64, line: String) {
        let line = LogLine { at_ms, line };
        if self.head.len() < KEPT {
            self.head.push(line);
            return;
        }
        if self.tail.len() == KEPT {
            self.tail.pop_front();
            self.skipped += 1;
        }
        self.tail.push_back(line);
    }

    pub fn iter(&self) -> impl Iterator<Item = &LogLine> {
        self.head.iter().chain(&self.tail)
    }
}

/// A worker's death.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Death {
    pub worker: u8,
    /// What it had.
    pub job: Option<u32>,
    pub at_ms: f64,
    pub silent_ms: f64,
}

/// All of it. Times are in milliseconds since the run's start, unless said otherwise.
#[derive(Debug, Default)]
pub(crate) struct RunLog {
    pub lines: PrintedLines,
    /// As the report has them, but for their jobs.
    pub rounds: Vec<Round>,
    pub deaths: Vec<Death>,
    /// Jobs that were revoked from a worker for another.
    pub retried: u32,
    pub polls: u64,
    /// What one poll of a round takes.
    pub poll_us: Option<f64>,
    /// How long masters slept, and how long they led.
    pub parked_ms: f64,
    pub led_ms: f64,
    /// When the first round's first job was assigned.
    pub first_store_ms: Option<f64>,
    pub weak: WeakTally,
    /// As the report has it, but for the jobs.
    pub master: MasterPart,
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_long_log_loses_its_middle_and_says_how_much() {
        let mut log = PrintedLines::default();
        for line in 0..25_000 {
            log.push(f64::from(line), String::new());
        }
        let lines: Vec<_> = log.iter().map(|line| line.at_ms).collect();
        assert_eq!(lines.len(), 20_000);
        assert_eq!(log.skipped, 5_000);
        assert_eq!((lines[9_999], lines[10_000]), (9_999.0, 15_000.0));
        assert_eq!(lines.last(), Some(&24_999.0));
    }
}
