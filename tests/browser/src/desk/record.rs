//! Records a run for those who can't make their own yet, and takes the picture that stands in the README. Measures nothing.

use std::time::Duration;

use crate::engine::{Engine, root};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::suite::Case;

/// Records every figure.
pub const RECORD: Case = Case::new("record", record)
    .only(&[Engine::Chromium])
    .within(120);
/// Takes the picture.
pub const PICTURE: Case = Case::new("picture", picture)
    .only(&[Engine::Chromium])
    .within(60);

fn record(page: &Page) {
    page.open(&page.site.isolated.url("index.html"));
    page.wait_state(FIGURE, "ready");
    let call = page.begin(FIGURE, "run");
    page.settled_within(Duration::from_secs(90), call).report();
    let recording = page.js("return lab().recording");
    let path = root().join("www/recordings/lock-cost.json");
    let written = std::fs::create_dir_all(root().join("www/recordings"))
        .and_then(|()| std::fs::write(&path, recording.to_string()));
    assert!(
        written.is_ok(),
        "{} could not be written: {written:?}",
        path.display()
    );
}

fn picture(page: &Page) {
    assert!(
        page.set_viewport(1280, 1180),
        "the window can't be made large enough"
    );
    page.open(&page.site.isolated.url("index.html?theme=light"));
    page.wait_state(FIGURE, "ready");
    page.begin(FIGURE, "run");
    page.wait("the third run is on", "/3 of 4/.test(words())");
    let path = root().join("docs/picture.png");
    let written = std::fs::write(&path, page.picture());
    assert!(
        written.is_ok(),
        "{} could not be written: {written:?}",
        path.display()
    );
    let stopping = page.begin(FIGURE, "stop");
    page.settled(stopping);
}
