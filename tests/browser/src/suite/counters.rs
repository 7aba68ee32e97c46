//! Counters that browsers have their own way with: those that sleep, the one that is served by a thread more, and JavaScript's own.

use serde_json::{Value, json};

use super::{Case, cases};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_whole, list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    counters_that_sleep_are_served_or_are_javascripts_lose_nothing,
    a_price_list_has_javascripts_rows_beside_those_of_wasm,
];

/// Those that are tried here; the others are tried wherever figures are.
const EACH: [&str; 7] =
    ["parking-lot", "mcs", "futex", "robust", "js-atomics", "js-futex", "channel"];

fn counters_that_sleep_are_served_or_are_javascripts_lose_nothing(page: &Page) {
    page.stage(r#"<lock-lab threads="4" times="20" wait-ms="0" loops="10"></lock-lab>"#);
    page.wait_state(FIGURE, "ready");
    for counter in EACH {
        page.set(FIGURE, "counter", counter);
        let report = &page.run();
        is_whole(report);
        let counter = &report["config"]["counter"];
        assert_eq!(report["runs"][1]["finalValue"], json!(80), "{counter}");
        let side = text(&report["prices"][0]["side"]);
        assert_eq!(side == "js", text(counter).starts_with("js-"), "{counter}");
        assert!(number(&report["prices"][0]["nsPerOp"]) > 0.0, "{counter}");
    }
    assert_eq!(page.complaints(), Vec::<Value>::new());
}

fn a_price_list_has_javascripts_rows_beside_those_of_wasm(page: &Page) {
    page.stage(r#"<lock-lab figure="price-list" budget-ms="500"></lock-lab>"#);
    let report = page.run();
    let has_locks = page.js("return 'locks' in navigator") == json!(true);
    let priced = |counter: &str| {
        let mut rows = list(&report["prices"]).iter();
        rows.find(|row| row["counter"] == counter)
    };
    for (counter, side, is_there) in [
        ("atomic", "wasm", true),
        ("channel", "wasm", true),
        ("js-atomics", "js", true),
        ("js-futex", "js", true),
        ("js-message", "js", true),
        ("js-locks", "js", has_locks),
    ] {
        let row = priced(counter);
        assert_eq!(row.is_some(), is_there, "{counter}: {report}");
        if let Some(row) = row {
            assert_eq!(row["side"], json!(side), "{counter}");
            assert!(number(&row["rawNs"]) > 0.0, "{counter}: {row}");
        }
    }
    assert_eq!(page.complaints(), Vec::<Value>::new());
}
