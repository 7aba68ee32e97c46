//! Builds the page again whenever one of its sources changes, and no more of it than has to be. Serves nothing.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use notify::{EventKind, RecursiveMode, Watcher};

use crate::build::Page;
use crate::error::{Error, Result};
use crate::server::Reload;
use crate::{node, place, say};

/// An editor's one save is several events.
const PAUSE: Duration = Duration::from_millis(30);

/// What a change of a file asks for; the greater includes the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    Scripts,
    Rust,
    Packages,
}

/// Watches the sources until the process is ended.
///
/// # Errors
/// When the files can't be watched. What does not compile is said and waited out.
pub fn rebuild_for_ever(mut page: Page, reload: &Reload) -> Result<()> {
    let unwatchable =
        |error: notify::Error| Error::Wrong(format!("the sources can't be watched: {error}"));
    let (changed, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        for path in event
            .into_iter()
            .filter(|event| !matches!(event.kind, EventKind::Access(_)))
            .flat_map(|event| event.paths)
        {
            // Fails only when nobody builds any more.
            let _ = changed.send(path);
        }
    })
    .map_err(unwatchable)?;
    let root = place::root();
    // Folders, not files: editors put a new file in an old one's place.
    for (name, mode) in [
        ("", RecursiveMode::NonRecursive),
        ("www", RecursiveMode::Recursive),
        ("src", RecursiveMode::Recursive),
    ] {
        watcher.watch(&root.join(name), mode).map_err(unwatchable)?;
    }
    for name in ["examples", "xtask"] {
        watcher
            .watch(&root.join(name), RecursiveMode::NonRecursive)
            .map_err(unwatchable)?;
    }
    say::note("watching for changes");
    loop {
        let (work, path) = next(&root, &changes)?;
        let since = Instant::now();
        let name = path.strip_prefix(&root).unwrap_or(&path).display();
        match rebuild(&mut page, work) {
            Ok(()) => {
                reload.all();
                say::note(&format!(
                    "{name}: on the page after {}",
                    say::took(since.elapsed())
                ));
            }
            Err(error) => say::loudly(&format!("{name}: {error}. The page stays as it was.")),
        }
    }
}

fn rebuild(page: &mut Page, work: Work) -> Result<()> {
    match work {
        Work::Packages => {
            node::ensure()?;
            page.rebuild_rust()
        }
        Work::Rust => page.rebuild_rust(),
        Work::Scripts => page.rebuild_scripts(),
    }
}

/// Waits for changes, and for an end of changes: the work that they ask for, and the first file that asks for it.
fn next(root: &Path, changes: &mpsc::Receiver<PathBuf>) -> Result<(Work, PathBuf)> {
    let ended = || Error::Wrong("the sources are no longer watched".to_owned());
    let mut found: Option<(Work, PathBuf)> = None;
    loop {
        let path = match &found {
            None => changes.recv().map_err(|_| ended())?,
            Some(known) => match changes.recv_timeout(PAUSE) {
                Ok(path) => path,
                Err(RecvTimeoutError::Timeout) => return Ok(known.clone()),
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
            },
        };
        if let Some(work) = work_for(path.strip_prefix(root).unwrap_or(&path))
            && found.as_ref().is_none_or(|(known, _)| work > *known)
        {
            found = Some((work, path));
        }
    }
}

/// What a file's change asks for, by its path in the repository; nothing for what we write ourselves, and for editors' own files.
fn work_for(path: &Path) -> Option<Work> {
    let has_ending = |endings: &[&str]| {
        path.extension()
            .is_some_and(|ending| endings.iter().any(|one| ending == *one))
    };
    if path.starts_with("www/generated") {
        None
    } else if path.starts_with("www") {
        has_ending(&["js", "css", "svg", "json"]).then_some(Work::Scripts)
    } else if path.starts_with("src") || path.starts_with("examples") {
        has_ending(&["rs"]).then_some(Work::Rust)
    } else {
        match path.to_str()? {
            "index.html" | "xtask/bundle.mjs" => Some(Work::Scripts),
            "Cargo.toml" | "Cargo.lock" => Some(Work::Rust),
            "package-lock.json" => Some(Work::Packages),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_asks_for_no_more_than_it_must() {
        let cases = [
            ("www/figures/lock-cost.js", Some(Work::Scripts)),
            ("index.html", Some(Work::Scripts)),
            ("src/web/mod.rs", Some(Work::Rust)),
            ("Cargo.lock", Some(Work::Rust)),
            ("package-lock.json", Some(Work::Packages)),
            ("www/generated/settings.js", None),
            ("www/.article.js.swp", None),
            ("README.md", None),
        ];
        for (path, work) in cases {
            assert_eq!(work_for(Path::new(path)), work, "{path}");
        }
    }

    #[test]
    fn many_changes_at_once_are_one_rebuild() {
        let (changed, changes) = mpsc::channel();
        for path in ["/r/www/a.js", "/r/src/lib.rs", "/r/www/b.js"] {
            changed.send(PathBuf::from(path)).unwrap();
        }
        assert_eq!(
            next(Path::new("/r"), &changes).unwrap(),
            (Work::Rust, PathBuf::from("/r/src/lib.rs"))
        );
        assert!(changes.try_recv().is_err(), "a change was left behind");
    }
}
