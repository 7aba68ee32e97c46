//! Counts what passed and what failed: steps, and the tests that a step reports. Runs nothing.

/// How many passed and how many failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    /// Tests and steps that passed.
    pub passed: u32,
    /// Tests and steps that failed.
    pub failed: u32,
}

impl Count {
    /// Adds what a line of output says, if it is a test runner's last word: `test result: ok. 12 passed; 0 failed; …`.
    pub fn add_line(&mut self, line: &str) {
        if let Some(count) = Count::in_line(line) {
            self.add(count);
        }
    }

    /// Adds another count.
    pub fn add(&mut self, other: Count) {
        self.passed += other.passed;
        self.failed += other.failed;
    }

    /// Adds a step as a whole.
    pub fn add_step(&mut self, passed: bool) {
        if passed {
            self.passed += 1
        } else {
            self.failed += 1
        }
    }

    /// Whether all is well: something was tested, and nothing failed.
    pub fn is_well(self) -> bool {
        self.passed > 0 && self.failed == 0
    }

    fn in_line(line: &str) -> Option<Count> {
        let plain = without_colours(line);
        let (_, numbers) = plain
            .trim()
            .strip_prefix("test result: ")?
            .split_once(". ")?;
        let mut parts = numbers.split("; ");
        let mut number = |what: &str| parts.next()?.strip_suffix(what)?.trim().parse().ok();
        Some(Count {
            passed: number("passed")?,
            failed: number("failed")?,
        })
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// A line without the terminal's colour codes: `ESC [ … m`.
fn without_colours(line: &str) -> String {
    let mut parts = line.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').map_or(part, |(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(lines: &[&str]) -> Count {
        let mut count = Count::default();
        lines.iter().for_each(|line| count.add_line(line));
        count
    }

    #[test]
    fn the_last_words_of_all_runners_are_added_up() {
        let lines = [
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s",
        ];
        assert_eq!(
            counted(&lines),
            Count {
                passed: 5,
                failed: 1
            }
        );
    }

    #[test]
    fn colours_do_not_hide_a_count() {
        let line = "test result: \u{1b}[32mok\u{1b}[m. 4 passed; 0 failed; 0 ignored";
        assert_eq!(
            counted(&[line]),
            Count {
                passed: 4,
                failed: 0
            }
        );
    }

    #[test]
    fn other_lines_that_speak_of_tests_are_not_counted() {
        assert_eq!(
            counted(&[
                "the test result: ok. 4 passed; 0 failed",
                "4 passed; 0 failed",
                "test result: ok."
            ]),
            Count::default()
        );
    }

    #[test]
    fn nothing_tested_is_not_well() {
        let mut count = Count::default();
        assert!(!count.is_well());
        count.add_step(true);
        assert!(count.is_well());
        count.add_step(false);
        assert!(!count.is_well());
        assert_eq!(count.to_string(), "1 passed, 1 failed");
    }
}
