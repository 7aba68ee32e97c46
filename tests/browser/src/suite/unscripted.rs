//! The page without JavaScript: the text, and each figure's recorded run in its place. What stands there is held by xtask/tests/bundle.rs;
//! here, that a browser shows it.

use serde_json::json;

use super::{Case, cases};
use crate::engine::figures;
use crate::page::Page;

/// The tests.
pub const CASES: &[Case] = cases![without_scripts_every_figure_is_a_picture_and_a_table];

/// A frame whose sandbox lets in no scripts is such a reader; the page around it may look inside.
fn without_scripts_every_figure_is_a_picture_and_a_table(page: &Page) {
    let html = "<!doctype html><html lang='en'><meta charset='utf-8'><title>A page</title><link rel='icon' href='data:,'>\
        <body><iframe title='unscripted' sandbox='allow-same-origin' src='index.html' style='width: 390px; height: 6000px; border: 0'></iframe>\
        <iframe id='alone' title='one alone' sandbox='allow-same-origin' src='index.html?figure=contention&threads=4#still-contention' style='width: 390px; height: 1200px; border: 0'></iframe>";
    page.open(&page.site.stage_whole(&page.site.plain, html));
    page.wait(
        "the first picture is there",
        "document.querySelector('iframe').contentDocument?.querySelector('.still img')?.naturalWidth",
    );
    page.wait(
        "one alone is there",
        "document.querySelector('#alone').contentDocument?.querySelector('#still-contention img')?.naturalWidth",
    );
    let alone = page.js(
        "const inside = document.querySelector('#alone').contentDocument;
        const shown = [...inside.querySelectorAll('h1, h2, p, img, tr, footer')].filter((one) => one.getClientRects().length);
        return { strange: shown.filter((one) => !one.closest('#still-contention')).map((one) => one.textContent), rows: shown.filter((one) => one.localName === 'tr').length, top: inside.querySelector('#still-contention').getBoundingClientRect().top }",
    );
    assert_eq!(alone["strange"], json!([]), "what an address asks for behind its # stands alone");
    assert!(alone["rows"].as_u64() > Some(2) && alone["top"].as_f64() < Some(200.0), "{alone}");
    let seen = page.js(
        "const inside = document.querySelector('iframe').contentDocument;
        return [...inside.querySelectorAll('.still')].map((still) => {
            const { top, right, bottom } = still.getBoundingClientRect();
            const figure = still.closest('.figure');
            return {
                name: still.dataset.still, tall: bottom - top, room: figure.getBoundingClientRect().height, right,
                picture: still.querySelector('img').getBoundingClientRect().height, rows: still.querySelectorAll('tbody tr').length,
            };
        })",
    );
    let stills = seen.as_array().expect("a list");
    assert_eq!(stills.len(), figures().len(), "{seen:#}");
    for still in stills {
        let number = |name: &str| still[name].as_f64().unwrap_or_default();
        assert!(number("right") <= 390.0, "it is no wider than a phone: {still}");
        assert!(number("picture") > 100.0 && number("rows") > 2.0, "{still}");
        assert!(
            number("room") < number("tall") + 80.0,
            "no empty room is kept for a figure that does not come: {still}"
        );
    }
}
