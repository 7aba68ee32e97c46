//! Whatever the guides say is held by a test is held by one: each `theme::its_name` in them is a function of the browser suite. Runs none.

use std::collections::BTreeMap;

use regex::Regex;

use super::{Complaint, Source};

/// Where the suite's themes lie, a file each.
const SUITE: &str = "tests/browser/src/suite/";
/// What a theme's name and a test's look like; `…` ends a name that is not written out.
const MENTION: &str = r"`(?:(\w+)::|…)(\w+?)_?(…)?`";

/// Every test in the guides that is none.
pub fn check(files: &[Source]) -> Vec<Complaint> {
    let themes: BTreeMap<&str, &str> = files
        .iter()
        .filter_map(|file| {
            let theme = file.path.strip_prefix(SUITE)?.strip_suffix(".rs")?;
            Some((theme, file.text.as_str()))
        })
        .collect();
    let Ok(mention) = Regex::new(MENTION) else {
        return vec![Complaint::new(
            "xtask/src/tidy/docs.rs",
            "the pattern is none",
        )];
    };
    let guides = files
        .iter()
        .filter(|file| file.path.starts_with("docs/") && file.path.ends_with(".md"));
    let mut complaints = Vec::new();
    for guide in guides {
        for (number, line) in (1..).zip(guide.text.lines()) {
            // Further names of a line are of the theme before.
            let mut theme = "";
            for found in mention.captures_iter(line) {
                theme = found.get(1).map_or(theme, |theme| theme.as_str());
                let Some(tests) = themes.get(theme) else {
                    continue;
                };
                let end = if found.get(3).is_some() { "" } else { "(" };
                if !tests.contains(&format!("\nfn {}{end}", &found[2])) {
                    let what = format!("{SUITE}{theme}.rs has no test {}", &found[2]);
                    complaints.push(Complaint::new(format!("{}:{number}", guide.path), what));
                }
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(guide: &str) -> usize {
        let source = |path: &str, text: &str| Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let suite =
            "//! Guests.\n\nfn it_takes_no_focus(page: &Page) {}\n\nfn it_stays(page: &Page) {}\n";
        check(&[
            source("tests/browser/src/suite/guest.rs", suite),
            source("docs/safety.md", guide),
        ])
        .len()
    }

    #[test]
    fn a_test_that_is_named_and_not_there_is_complained_of() {
        assert_eq!(
            complaints("by `guest::it_takes_no_focus`, `…it_stays`\n"),
            0
        );
        assert_eq!(complaints("by `guest::it_takes_…` and `page::open`\n"), 0);
        assert_eq!(complaints("by `guest::it_takes_no`\n"), 1);
        assert_eq!(complaints("by `guest::it_goes_…`, `…it_stays_away`\n"), 2);
    }
}
