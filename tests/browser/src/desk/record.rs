//! Records a run for those who can't make their own yet, and takes the picture that stands in the README. Measures nothing.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::engine::{Engine, root};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::runner::Runner;
use crate::suite::Case;

const RECORD: Case = Case::new("record", run)
    .only(&[Engine::Chromium])
    .within(120);
const PICTURE: Case = Case::new("picture", look)
    .only(&[Engine::Chromium])
    .within(60);

/// What the case at work has made.
static MADE: Mutex<Vec<u8>> = Mutex::new(Vec::new());

/// Records a run of every figure, into www/recordings/ or another folder.
///
/// # Errors
/// A sentence about what could not be recorded or written.
pub fn record(runner: &mut Runner, into: Option<&Path>) -> Result<(), String> {
    runner.run(Engine::Chromium, RECORD)?;
    write(
        &into.map_or_else(|| root().join("www/recordings"), Path::to_path_buf),
        "lock-cost.json",
    )
}

/// Takes the README's picture, into docs/ or another folder.
///
/// # Errors
/// A sentence about what could not be taken or written.
pub fn picture(runner: &mut Runner, into: Option<&Path>) -> Result<(), String> {
    runner.run(Engine::Chromium, PICTURE)?;
    write(
        &into.map_or_else(|| root().join("docs"), Path::to_path_buf),
        "picture.png",
    )
}

fn write(folder: &Path, file: &str) -> Result<(), String> {
    let made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(folder.join(file), &*made))
        .map_err(|error| {
            format!(
                "{} could not be written: {error}",
                folder.join(file).display()
            )
        })
}

fn keep(made: Vec<u8>) {
    *MADE.lock().unwrap_or_else(PoisonError::into_inner) = made;
}

fn run(page: &Page) {
    page.open(&page.site.isolated.url("index.html"));
    page.wait_state(FIGURE, "ready");
    let call = page.begin(FIGURE, "run");
    page.settled_within(Duration::from_secs(90), call).report();
    keep(page.js("return lab().recording").to_string().into_bytes());
}

fn look(page: &Page) {
    assert!(
        page.set_viewport(1280, 930),
        "the window can't be made large enough"
    );
    page.open(
        &page
            .site
            .isolated
            .url("index.html?theme=light&loops=8000000"),
    );
    page.wait_state(FIGURE, "ready");
    page.begin(FIGURE, "run");
    page.wait(
        "the third run is well on its way",
        "/Run 3 of 4/.test(words()) && /\\b[23]\\d\\d of 400/.test(words())",
    );
    keep(page.picture());
    let stopping = page.begin(FIGURE, "stop");
    page.settled(stopping);
}
