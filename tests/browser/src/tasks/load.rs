//! Measures what a reader's browser fetches for the article: what it asks for, weighed as hosts send it.

use std::collections::BTreeSet;
use std::time::Duration;

use super::bench::add;
use super::native;
use super::table::Row;
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::page::Page;
use crate::suite::Case;

/// What is asked for. What a file weighs does not depend on the engine.
pub const CASE: Case = Case::new("first-load", first_load).only(&[Engine::Chromium]);

/// What the wasm module weighs, which every first run needs.
///
/// # Errors
/// A sentence, when there is none or Node can't be asked.
pub fn sizes() -> Result<(), String> {
    let wasm = native::wasm()?;
    add(Row::most("the wasm module, brotli", "", "KB", Some(60.0), vec![wasm / 1e3]));
    Ok(())
}

/// What a browser that knows nothing yet asks for: until the article's first figure is ready, and until it has run. By the host's own
/// record, which has what workers ask for as well.
fn first_load(page: &Page) {
    let origin = &page.site.isolated;
    origin.asked();
    page.open(&origin.fresh("index.html"));
    page.wait_state(FIGURE, "ready");
    // Its recorded run and native ones come after it.
    std::thread::sleep(Duration::from_secs(1));
    let mut asked = origin.asked();
    let mut weigh = |what: &'static str, more: Vec<String>| {
        asked.extend(more);
        let files: BTreeSet<_> = asked.iter().filter_map(|path| in_dist(path)).collect();
        let files: Vec<_> = files.into_iter().collect();
        let bytes = native::brotli(&files).unwrap_or_else(|error| panic!("{error}"));
        eprintln!("  {what}: {}", files.join(", "));
        add(Row::most(what, page.engine.name(), "KB", Some(150.0), vec![bytes / 1e3]));
    };
    weigh("first load of the article, brotli: until its figure is ready", Vec::new());
    page.run();
    weigh("the same, until it has run", origin.asked());
}

/// The file of the built folder that such a path of [`Origin::fresh`](crate::site::Origin::fresh) stands for.
fn in_dist(path: &str) -> Option<String> {
    let (_, file) = path.strip_prefix("/fault/none-")?.split_once('/')?;
    Some(file.to_owned())
}
