//! Records a run of each figure for those who can't make their own yet, and takes the picture that stands in the README. Measures nothing.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::engine::{Engine, figures, root};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::runner::Runner;
use crate::site::SOURCES;
use crate::suite::Case;

const RECORD: Case = Case::new("record", run).only(&[Engine::Chromium]).within(240);
const PICTURE: Case = Case::new("picture", look).only(&[Engine::Chromium]).within(60);

/// A file's name and what is to be in it.
type Made = (String, Vec<u8>);

/// What the case at work has made.
static MADE: Mutex<Vec<Made>> = Mutex::new(Vec::new());

/// Records a run of every figure, into its folder below www/figures/ or another one's.
///
/// # Errors
/// A sentence about what could not be recorded or written.
pub fn record(runner: &mut Runner, into: Option<&Path>) -> Result<(), String> {
    runner.run(Engine::Chromium, RECORD)?;
    write(into.map_or_else(|| root().join("www/figures"), Path::to_path_buf))
}

/// Takes the README's picture, into docs/ or another folder.
///
/// # Errors
/// A sentence about what could not be taken or written.
pub fn picture(runner: &mut Runner, into: Option<&Path>) -> Result<(), String> {
    runner.run(Engine::Chromium, PICTURE)?;
    write(into.map_or_else(|| root().join("docs"), Path::to_path_buf))
}

fn write(folder: impl AsRef<Path>) -> Result<(), String> {
    let folder = folder.as_ref();
    let made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    for (name, contents) in &*made {
        let file = folder.join(name);
        let parent = file.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&file, contents))
            .map_err(|error| format!("{} could not be written: {error}", file.display()))?;
    }
    Ok(())
}

fn keep(file: String, contents: Vec<u8>) {
    MADE.lock().unwrap_or_else(PoisonError::into_inner).push((file, contents));
}

fn run(page: &Page) {
    for figure in figures() {
        page.open_figure(&format!("figure={figure}"));
        // Where a manifest says nothing of its own, as its first preset.
        page.js_with(
            &format!(
                "const {{ figure }} = await import(`./{SOURCES}figures/${{arguments[0]}}/figure.js`);
                 lab().config = figure.recorded ?? figure.presets[0].config"
            ),
            vec![figure.as_str().into()],
        );
        let call = page.begin(FIGURE, "run");
        let report = page.settled_within(Duration::from_secs(90), call).report();
        assert_eq!(report["outcome"], "done", "{report:#}");
        let recording = page.js("return lab().recording").to_string();
        keep(format!("{figure}/recording.json"), recording.into_bytes());
    }
}

fn look(page: &Page) {
    assert!(page.set_viewport(1280, 930), "the window can't be made large enough");
    page.open(&page.site.isolated.url("index.html?theme=light&loops=8000000"));
    page.wait_state(FIGURE, "ready");
    page.begin(FIGURE, "run");
    page.wait(
        "the third run is well on its way",
        "/Run 3 of 4/.test(words()) && /\\b[23]\\d\\d of 400/.test(words())",
    );
    keep("picture.png".to_owned(), page.picture());
    let stopping = page.begin(FIGURE, "stop");
    page.settled(stopping);
}
