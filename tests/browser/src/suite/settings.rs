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
    one_thread_runs_alone,
    one_increment_a_worker_is_enough,
    a_wait_of_nothing_runs,
    a_burst_of_nothing_runs,
    a_thread_count_that_fits_nothing_runs,
    a_thousand_increments_a_worker_all_count,
    the_most_threads_that_are_allowed_run.within(120),
    every_counter_of_the_list_runs,
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

fn one_thread_runs_alone(page: &Page) {
    page.stage(QUICK);
    let report = run_with(page, &[("threads", "1")]);
    assert_eq!(report["runs"][1]["finalValue"], 3);
}

fn one_increment_a_worker_is_enough(page: &Page) {
    page.stage(QUICK);
    let report = run_with(page, &[("times", "1")]);
    assert_eq!(report["runs"][3]["finalValue"], 4);
}

fn a_wait_of_nothing_runs(page: &Page) {
    page.stage(QUICK);
    let report = run_with(page, &[("wait-ms", "0")]);
    assert_eq!(report["runs"][0]["idealMs"], 0.0);
}

fn a_burst_of_nothing_runs(page: &Page) {
    page.stage(QUICK);
    run_with(page, &[("loops", "0")]);
}

fn a_thread_count_that_fits_nothing_runs(page: &Page) {
    page.stage(QUICK);
    let report = run_with(page, &[("threads", "37")]);
    assert_eq!(report["runs"][1]["finalValue"], 37 * 3);
}

fn a_thousand_increments_a_worker_all_count(page: &Page) {
    page.stage(QUICK);
    let report = run_with(page, &[("times", "1000"), ("wait-ms", "0"), ("loops", "0")]);
    assert_eq!(report["runs"][3]["finalValue"], 4000);
}

fn the_most_threads_that_are_allowed_run(page: &Page) {
    page.stage(QUICK);
    let report = run_with(page, &[("threads", "128"), ("times", "2")]);
    assert_eq!(report["runs"][3]["finalValue"], 256);
}

fn every_counter_of_the_list_runs(page: &Page) {
    let schema =
        std::fs::read_to_string(root().join("docs/report.schema.json")).unwrap_or_default();
    let schema: Value = serde_json::from_str(&schema).unwrap_or_default();
    let names = schema["properties"]["config"]["properties"]["counter"]["enum"].clone();
    for wanted in ["none", "std-mutex", "atomic", "racy"] {
        assert!(list(&names).iter().any(|name| name == wanted), "the list lacks {wanted}: {names}");
    }
    page.stage(QUICK);
    for name in list(&names) {
        let report = run_with(page, &[("counter", text(name))]);
        assert_eq!(report["config"]["counter"], *name);
    }
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
