//! What a figure consists of, and what one lacks: its two folders, its words, its recorded run, its place in the article, and a test.

use std::collections::BTreeSet;

use super::Source;

/// What is missing around each figure; `names` are those that Rust registers: `lock-cost`.
pub fn check(sources: &[Source], names: &[String]) -> Vec<String> {
    names.iter().flat_map(|name| missing(sources, name)).collect()
}

fn missing(sources: &[Source], name: &str) -> Vec<String> {
    let find = |path: &str| sources.iter().find(|source| source.path == path);
    let mut complaints = Vec::new();
    let rust = format!("src/experiments/{}", name.replace('-', "_"));
    let rust = [format!("{rust}/mod.rs"), format!("{rust}.rs")];
    let rust = rust.iter().find(|path| find(path).is_some()).unwrap_or(&rust[0]).clone();
    let figure = format!("www/figures/{name}/figure.js");
    for path in [&rust, &figure] {
        match find(path).map(|source| source.text.lines().next().unwrap_or_default()) {
            None => complaints.push(format!("{path}: is missing: the figure {name} is a folder of that name in Rust and one in the page")),
            Some(first) if !first.contains('?') => complaints.push(format!("{path}:1: the first line must be the question that it answers")),
            Some(_) => {}
        }
    }
    for part in ["view.js", "en.js", "zh.js", "recording.json"] {
        let path = format!("www/figures/{name}/{part}");
        if find(&path).is_none() {
            complaints
                .push(format!("{path}: is missing: www/shell/manifest.js tells what it holds"));
        }
    }
    let mentions = [("index.html", format!("\"{name}\"")), ("README.md", format!("`{name}`"))];
    for (path, mention) in mentions {
        if !find(path).is_some_and(|source| source.text.contains(&mention)) {
            complaints.push(format!("{path}: has no place for {mention}"));
        }
    }
    if !sources
        .iter()
        .any(|source| source.path.starts_with("tests/browser/") && source.text.contains(name))
    {
        complaints.push(format!("tests/browser: has no test that names {name}"));
    }
    complaints
}

/// Whether a text names a figure, or its Rust folder: as a string, in a path or as a module. The word alone
/// may be English: an interleaving, contention.
fn is_named_in(text: &str, name: &str) -> bool {
    text.match_indices(name).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + name.len()..]);
        before.ends_with(['"', '\'', '`', '/', '=', '{']) || after.starts_with("::")
    })
}

/// The hand-written files outside of a figure's two folders that name it; all of its tests are one place, and so is the article.
pub fn places_of(sources: &[Source], name: &str) -> Vec<String> {
    let rust = name.replace('-', "_");
    let own = [format!("src/experiments/{rust}"), format!("www/figures/{name}/")];
    let is_own = |path: &str| own.iter().any(|start| path.starts_with(start));
    let is_written = |path: &str| !path.starts_with("docs/") && !path.starts_with("data/");
    let named = sources
        .iter()
        .filter(|source| is_named_in(&source.text, name) || is_named_in(&source.text, &rust));
    let elsewhere =
        named.map(|source| &*source.path).filter(|path| !is_own(path) && is_written(path));
    let place = |path: &str| match path {
        _ if path.contains("tests/") => "its tests".to_owned(),
        _ if path == "index.html" || path.ends_with("/article.js") => "the article".to_owned(),
        _ => path.to_owned(),
    };
    let places: BTreeSet<_> = elsewhere.map(place).collect();
    places.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_english_word_names_no_figure() {
        for text in ["every race is tried", "(race)", "mod races;"] {
            assert!(!is_named_in(text, "race"), "{text}");
        }
        for text in ["race::Race,", "figure=race", "`race` | Two threads"] {
            assert!(is_named_in(text, "race"), "{text}");
        }
    }
}
