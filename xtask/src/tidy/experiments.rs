//! Every experiment has its question, its figure, its words and a test in the browser. Reads no report.

use super::{Complaint, Source};

/// What is missing around each experiment; `names` are those that Rust registers: `lock-cost`.
pub fn check(files: &[Source], names: &[String]) -> Vec<Complaint> {
    names.iter().flat_map(|name| about(files, name)).collect()
}

fn about(files: &[Source], name: &str) -> Vec<Complaint> {
    let find = |path: &str| files.iter().find(|file| file.path == path);
    let rust = format!("src/experiments/{}/mod.rs", name.replace('-', "_"));
    let figure = format!("www/figures/{name}/figure.js");
    let mut complaints = Vec::new();
    for path in [&rust, &figure] {
        match find(path).map(|file| file.text.lines().next().unwrap_or_default()) {
            None => complaints.push(Complaint::new(
                path,
                format!(
                    "is missing: the experiment {name} is one Rust file and one folder www/figures/{name}"
                ),
            )),
            Some(first) if !first.contains('?') => complaints.push(Complaint::new(
                format!("{path}:1"),
                "the first line must be the question that it answers",
            )),
            Some(_) => {}
        }
    }
    if !find("www/text/en.js").is_some_and(|words| words.text.contains(&format!("\"{name}\""))) {
        complaints.push(Complaint::new(
            "www/text/en.js",
            format!("has no words for \"{name}\""),
        ));
    }
    if !files
        .iter()
        .any(|file| file.path.starts_with("tests/browser/") && file.text.contains(name))
    {
        complaints.push(Complaint::new(
            "tests/browser",
            format!("has no test that names {name}"),
        ));
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_experiment_lacks_is_named_piece_by_piece() {
        let file = |path: &str, text: &str| Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        let mut files = vec![file(
            "src/experiments/price_list/mod.rs",
            "//! What does one operation cost?\n",
        )];
        let names = ["price-list".to_owned()];
        assert_eq!(check(&files, &names).len(), 3);
        files.push(file(
            "www/figures/price-list/figure.js",
            "/** What does one operation cost? */\n",
        ));
        files.push(file("www/text/en.js", "\"price-list\": {}"));
        files.push(file("tests/browser/src/suite/runs.rs", "price-list"));
        assert_eq!(check(&files, &names), []);
    }

    #[test]
    fn a_figure_must_open_with_its_question() {
        let files = [Source {
            path: "www/figures/a/figure.js".to_owned(),
            text: "/** A figure. */\n".to_owned(),
        }];
        let found = check(&files, &["a".to_owned()]);
        assert!(
            found.iter().any(|one| one.what.contains("question")),
            "{found:?}"
        );
    }
}
