//! Builds the page again whenever one of its sources changes, and no more of it than has to be.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;
use notify::{EventKind, RecursiveMode, Watcher};

use crate::build::Page;
use crate::server::Server;
use crate::{paths, ui};

/// An editor's one save is several events.
const PAUSE: Duration = Duration::from_millis(50);

/// What a change of a file asks for; the greater includes the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Work {
    /// The page's scripts, bundled again.
    Scripts,
    /// The wasm module and the settings, and the page around them.
    Rust,
}

/// Watches the sources until the process ends. What does not compile is reported, and the next change waited for.
pub fn rebuild_on_changes(mut page: Page, server: &Server) -> Result<()> {
    use RecursiveMode::{NonRecursive, Recursive};
    let (sender, changes) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let events = event.into_iter().filter(|event| !matches!(event.kind, EventKind::Access(_)));
        for path in events.flat_map(|event| event.paths) {
            // Fails only when nobody builds any more.
            let _ = sender.send(path);
        }
    })?;
    let root = paths::root();
    // Folders, not files: editors put a new file in an old one's place.
    for (name, mode) in
        [("", NonRecursive), ("www", Recursive), ("src", Recursive), ("xtask", NonRecursive)]
    {
        watcher.watch(&root.join(name), mode)?;
    }
    ui::note("watching for changes");
    loop {
        let (work, path) = next(&root, &changes)?;
        let since = Instant::now();
        let rebuilt = match work {
            Work::Scripts => page.rebuild_scripts(),
            Work::Rust => page.rebuild_rust(),
        };
        let name = path.strip_prefix(&root).unwrap_or(&path).display();
        match rebuilt {
            Ok(()) => {
                server.reload();
                ui::note(&format!("{name}: on the page after {}", ui::duration(since.elapsed())));
            }
            Err(error) => ui::warn(&format!("{name}: {error:#}. The page stays as it was.")),
        }
    }
}

/// Waits for changes: the work that they ask for, and a file that asks for it.
pub fn next(root: &Path, changes: &mpsc::Receiver<PathBuf>) -> Result<(Work, PathBuf)> {
    loop {
        let first = changes.recv()?;
        thread::sleep(PAUSE);
        let paths = std::iter::once(first).chain(changes.try_iter());
        let asked = paths
            .filter_map(|path| Some((work_for(path.strip_prefix(root).unwrap_or(&path))?, path)));
        if let Some(most) = asked.max_by_key(|(work, _)| *work) {
            return Ok(most);
        }
    }
}

/// What a file's change asks for, by its path in the repository; nothing for what we write ourselves, and for editors' own files.
pub fn work_for(path: &Path) -> Option<Work> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match (path.iter().next()?.to_str()?, extension) {
        ("www", _) if path.starts_with("www/generated") => None,
        ("www", Some("js" | "css" | "svg" | "json")) => Some(Work::Scripts),
        ("index.html", _) | ("xtask", Some("mjs")) | ("data", _) => Some(Work::Scripts),
        ("src", Some("rs")) | ("Cargo.toml" | "Cargo.lock", _) => Some(Work::Rust),
        _ => None,
    }
}
