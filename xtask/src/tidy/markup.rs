//! Text never becomes markup or code: the ways in which a page could do that are not used at all. Knows words only, not what is done with them.

use regex::Regex;

use super::{Complaint, Source};

/// What makes markup of text, or code. Comments that name one of them would be complained of as well.
const SINKS: &str = r#"\b(innerHTML|outerHTML|insertAdjacentHTML|srcdoc|DOMParser|createContextualFragment|setHTMLUnsafe|parseHTMLUnsafe|cssText)\b|\bdocument\.write|\beval\(|\bnew Function\b|javascript:|\bset(Timeout|Interval)\(\s*["'`]|\bsetAttribute(NS)?\(\s*["'](style|on)"#;

/// What the page's policy forbids in HTML: scripts and style in its midst.
const INLINE: &str = r#"<script(\s[^>]*)?>\s*[^<\s]|<style|\sstyle\s*=|\son[a-z]+\s*="#;

/// Places that take a script's address: it must have passed the lab's policy.
const STARTS: [&str; 2] = ["new Worker(", "serviceWorker.register("];

/// Every place in the page's sources where text could turn into something else.
pub fn check(files: &[Source]) -> Vec<Complaint> {
    files.iter().flat_map(about).collect()
}

fn about(file: &Source) -> Vec<Complaint> {
    let is_script = file.path.starts_with("www/") && file.path.ends_with(".js");
    let pattern = match file.path.as_str() {
        _ if is_script => SINKS,
        "index.html" => INLINE,
        _ => return Vec::new(),
    };
    let Ok(pattern) = Regex::new(pattern) else {
        return vec![Complaint::new(
            "xtask/src/tidy/markup.rs",
            "a pattern is none",
        )];
    };
    let mut complaints = Vec::new();
    for (number, line) in (1..).zip(file.text.lines()) {
        let place = format!("{}:{number}", file.path);
        let seen = if is_script {
            line.to_owned()
        } else {
            line.to_lowercase()
        };
        if let Some(found) = pattern.find(&seen) {
            let what = format!(
                "has `{}`: text stays text, and code comes from files (views/dom.js builds elements)",
                found.as_str().trim()
            );
            complaints.push(Complaint::new(place.clone(), what));
        }
        for start in STARTS.into_iter().filter(|_| is_script) {
            let bare = line
                .split(start)
                .skip(1)
                .any(|rest| !rest.starts_with("trusted("));
            if bare {
                complaints.push(Complaint::new(
                    place.clone(),
                    format!("`{start}…` takes an address that `trusted` (www/trust.js) has passed"),
                ));
            }
        }
    }
    complaints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(path: &str, text: &str) -> usize {
        about(&Source {
            path: path.to_owned(),
            text: text.to_owned(),
        })
        .len()
    }

    #[test]
    fn ways_from_text_to_markup_or_code_are_named() {
        for line in [
            "one.innerHTML = said;",
            "document.write(said);",
            "setTimeout('run()', 5);",
            "eval(said);",
            "one.setAttribute(\"style\", said);",
            "one.setAttribute('onclick', said);",
            "new Worker(url)",
        ] {
            assert_eq!(complaints("www/views/a.js", line), 1, "{line}");
        }
        for line in [
            "one.textContent = said;",
            "one.style.setProperty(\"--columns\", said);",
            "setTimeout(run, 5);",
            "new Worker(trusted(url))",
        ] {
            assert_eq!(complaints("www/views/a.js", line), 0, "{line}");
        }
        assert_eq!(complaints("tests/a.js", "one.innerHTML = said;"), 0);
    }

    #[test]
    fn the_page_holds_no_script_and_no_style_of_its_own() {
        for line in [
            "<script>run()</script>",
            "<script type=\"module\">run()</script>",
            "<style>p {}</style>",
            "<p style=\"color: red\">",
            "<p onclick=\"run()\">",
        ] {
            assert_eq!(complaints("index.html", line), 1, "{line}");
        }
        let fine = "<script type=\"module\" src=\"./a.js\"></script><link rel=\"stylesheet\">";
        assert_eq!(complaints("index.html", fine), 0);
    }
}
