//! Lives of elements by chance, each to be had again by its seed: nothing blank, nothing unsettled, nothing said to the console.

use serde_json::json;

use crate::page::Page;

/// Opens a page without a figure.
#[track_caller]
pub fn open(page: &Page) {
    page.open(&page.site.stage(""));
    page.wait("the element is known", "customElements.get('lock-lab')");
}

/// Lives so many, and panics with what went wrong.
#[track_caller]
pub fn live(page: &Page, seed: u64, count: u64) {
    let script = format!("return (async (given) => {{ {} }})(arguments)", include_str!("lives.js"));
    let wrong = page.js_with(&script, vec![seed.into(), count.into()]);
    assert_eq!(wrong, json!([]), "seed {seed}");
    assert_eq!(page.complaints(), Vec::<serde_json::Value>::new(), "seed {seed}");
}
