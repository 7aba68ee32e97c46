//! Builds the page again whenever one of its sources changes, and no more of it than has to be.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::Result;
use notify::{EventKind, RecursiveMode, Watcher};

use crate::build::Page;
use crate::server::Server;
use crate::{node, paths, ui};

/// An editor's one save is several events.
const PAUSE: Duration = Duration::from_millis(30);

/// What a change of a file asks for; the greater includes the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Work {
    Scripts,
    Rust,
    Packages,
}

/// Watches the sources until the process ends. What does not compile is reported, and the next change waited for.
///
/// # Errors
/// When the files can't be watched.
pub fn rebuild_on_changes(mut page: Page, server: &Server) -> Result<()> {
    use RecursiveMode::{NonRecursive, Recursive};
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let events = event
            .into_iter()
            .filter(|event| !matches!(event.kind, EventKind::Access(_)));
        for path in events.flat_map(|event| event.paths) {
            // Fails only when nobody builds any more.
            let _ = sender.send(path);
        }
    })?;
    let root = paths::root();
    // Folders, not files: editors put a new file in an old one's place.
    for (name, mode) in [
        ("", NonRecursive),
        ("www", Recursive),
        ("src", Recursive),
        ("examples", NonRecursive),
        ("xtask", NonRecursive),
    ] {
        watcher.watch(&root.join(name), mode)?;
    }
    ui::note("watching for changes");
    while let Some((work, path)) = next(&root, &changes) {
        let since = Instant::now();
        let name = path.strip_prefix(&root).unwrap_or(&path).display();
        match rebuild(&mut page, work) {
            Ok(()) => {
                server.reload();
                ui::note(&format!(
                    "{name}: on the page after {}",
                    ui::duration(since.elapsed())
                ));
            }
            Err(error) => ui::warn(&format!("{name}: {error:#}. The page stays as it was.")),
        }
    }
    Ok(())
}

fn rebuild(page: &mut Page, work: Work) -> Result<()> {
    if work == Work::Packages {
        node::ensure()?;
    }
    match work {
        Work::Scripts => page.rebuild_scripts(),
        Work::Rust | Work::Packages => page.rebuild_rust(),
    }
}

/// Waits for changes, and for an end of changes: the work that they ask for, and the first file that asks for it.
fn next(root: &Path, changes: &mpsc::Receiver<PathBuf>) -> Option<(Work, PathBuf)> {
    let mut found: Option<(Work, PathBuf)> = None;
    loop {
        let path = match &found {
            None => changes.recv().ok()?,
            Some(known) => match changes.recv_timeout(PAUSE) {
                Ok(path) => path,
                Err(RecvTimeoutError::Timeout) => return Some(known.clone()),
                Err(RecvTimeoutError::Disconnected) => return None,
            },
        };
        let work = work_for(path.strip_prefix(root).unwrap_or(&path));
        if let Some(work) = work.filter(|work| found.as_ref().is_none_or(|(known, _)| work > known))
        {
            found = Some((work, path));
        }
    }
}

/// What a file's change asks for, by its path in the repository; nothing for what we write ourselves, and for editors' own files.
fn work_for(path: &Path) -> Option<Work> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let first = path.iter().next()?.to_str()?;
    match (first, extension) {
        ("www", _) if path.starts_with("www/generated") => None,
        ("www", Some("js" | "css" | "svg" | "json")) => Some(Work::Scripts),
        ("index.html", _) | ("xtask", Some("mjs")) => Some(Work::Scripts),
        ("src" | "examples", Some("rs")) | ("Cargo.toml" | "Cargo.lock", _) => Some(Work::Rust),
        ("package-lock.json", _) => Some(Work::Packages),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_asks_for_no_more_than_it_must() {
        let cases = [
            ("www/figures/lock-cost/figure.js", Some(Work::Scripts)),
            ("index.html", Some(Work::Scripts)),
            ("xtask/bundle.mjs", Some(Work::Scripts)),
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
        let (sender, changes) = mpsc::channel();
        for path in ["/r/www/a.js", "/r/src/lib.rs", "/r/www/b.js"] {
            sender.send(PathBuf::from(path)).unwrap();
        }
        let found = next(Path::new("/r"), &changes);
        assert_eq!(found, Some((Work::Rust, PathBuf::from("/r/src/lib.rs"))));
        assert!(changes.try_recv().is_err(), "a change was left behind");
    }
}
