//! Runs with settings at the edges of what is allowed: each must still end in a report that adds up.

use std::time::Duration;

use serde_json::Value;

use super::{Case, cases};
use crate::engine::root;
use crate::lab::{FIGURE, QUICK};
use crate::page::Page;
use crate::report::{is_whole, list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    runs_at_the_edges_of_every_setting_add_up.within(150),
    runs_that_take_no_time_draw_nothing_that_is_no_number,
    every_counter_of_the_list_runs.within(90),
    the_racy_counter_never_claims_more_than_it_kept,
];

/// Runs with these attributes, the rest as in `QUICK`.
#[track_caller]
fn run_with(page: &Page, attributes: &[(&str, &str)]) -> Value {
    for (attribute, value) in attributes {
        page.set(FIGURE, attribute, value);
    }
    let call = page.begin(FIGURE, "run");
    let report = page.settled_within(Duration::from_secs(60), call).report();
    is_whole(&report);
    report
}

fn runs_at_the_edges_of_every_setting_add_up(page: &Page) {
    for (attributes, field, expected) in [
        (&[("threads", "1")][..], "/runs/1/finalValue", 3.0),
        (&[("times", "1")], "/runs/3/finalValue", 4.0),
        (&[("wait-ms", "0")], "/runs/0/idealMs", 0.0),
        (&[("loops", "0")], "/runs/1/finalValue", 12.0),
        // A number of threads that fits nothing.
        (&[("threads", "37")], "/runs/1/finalValue", 111.0),
        (&[("times", "1000"), ("wait-ms", "0"), ("loops", "0")], "/runs/3/finalValue", 4000.0),
        (&[("threads", "128"), ("times", "2")], "/runs/3/finalValue", 256.0),
    ] {
        page.stage(QUICK);
        let report = run_with(page, attributes);
        let value = report.pointer(field).and_then(Value::as_f64);
        assert_eq!(value, Some(expected), "{field} with {attributes:?}");
    }
}

/// Some of their times are less than a step of the clock, and 0 then.
fn runs_that_take_no_time_draw_nothing_that_is_no_number(page: &Page) {
    page.stage("<lock-lab threads='1' times='1' wait-ms='0' loops='0'></lock-lab>");
    for _ in 0..8 {
        let report = page.run();
        is_whole(&report);
        let drawn = page.js("return parts().flatMap((one) => [...one.attributes, ...one.childNodes].map((part) => part.nodeValue ?? '')).filter((said) => /NaN|Infinity|∞/.test(said))");
        assert_eq!(drawn, serde_json::json!([]), "{:#}", report["runs"]);
    }
}

fn every_counter_of_the_list_runs(page: &Page) {
    let schema =
        std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap_or_default();
    let schema: Value = serde_json::from_str(&schema).unwrap_or_default();
    let names = schema["properties"]["config"]["properties"]["counter"]["enum"].clone();
    for wanted in ["none", "std-mutex", "atomic", "racy"] {
        assert!(list(&names).iter().any(|name| name == wanted), "the list lacks {wanted}: {names}");
    }
    page.stage("<lock-lab threads='4' times='20' wait-ms='0' loops='10'></lock-lab>");
    for name in list(&names) {
        let report = run_with(page, &[("counter", text(name))]);
        assert_eq!(report["config"]["counter"], *name);
        if name != "none" {
            let price = &report["prices"][0];
            assert_eq!(price["side"] == "js", text(name).starts_with("js-"), "{name}");
            assert!(number(&price["nsPerOp"]) > 0.0, "{name}");
        }
    }
    page.is_quiet();
}

fn the_racy_counter_never_claims_more_than_it_kept(page: &Page) {
    page.stage(QUICK);
    let report = run_with(
        page,
        &[
            ("counter", "racy"),
            ("threads", "8"),
            ("times", "1000"),
            ("wait-ms", "0"),
            ("loops", "0"),
        ],
    );
    for run in list(&report["runs"]).iter().filter(|run| run["lock"] == true) {
        let (made, kept) = (number(&run["increments"]), number(&run["finalValue"]));
        assert_eq!(
            number(&run["lost"]),
            made - kept,
            "what is lost is what was made and not kept: {} {}",
            run["busy"],
            run["lost"]
        );
        assert!(kept <= made);
    }
    let lost: f64 = list(&report["runs"]).iter().filter_map(|run| run["lost"].as_f64()).sum();
    let shown = page.words(FIGURE).to_lowercase();
    assert!(
        lost == 0.0 || shown.contains("lost") || shown.contains("lose"),
        "{lost} updates were lost, and the figure does not say so: {shown}"
    );
}
