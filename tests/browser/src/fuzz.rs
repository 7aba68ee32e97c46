//! Texts and messages of chance against a figure at work in a frame: what a reader sees of them is text, and nothing is thrown. The
//! code that reads them is tried by itself in tests/fuzz, without a browser and far more often.

use serde_json::{Value, json};

use crate::page::Page;

/// Opens a page with a figure in a frame.
#[track_caller]
pub fn open(page: &Page) {
    page.open_framed("", 0);
    page.wait(
        "the framed figure is ready",
        "frames[0]?.document.querySelector('lock-lab')?.state === 'ready'",
    );
}

/// Throws so many at it, and panics with what went wrong.
#[track_caller]
pub fn throw(page: &Page, seed: u64, count: u64) {
    let script = format!("return (async (given) => {{ {} }})(arguments)", include_str!("fuzz.js"));
    let wrong = page.js_with(&script, vec![seed.into(), count.into()]);
    assert_eq!(wrong, json!([]), "seed {seed}");
    assert_eq!(page.js("return window.hacked ?? null"), Value::Null);
}
