//! Several figures on one page: one run has the machine, the others wait where a reader can see it, and none costs threads while it rests.

use serde_json::{Value, json};

use super::{Case, cases};
use crate::lab::{ENDLESS, QUICK};
use crate::page::Page;
use crate::report::{is_partial, is_whole};

/// The tests.
pub const CASES: &[Case] = cases![
    one_of_two_figures_runs_while_the_other_waits_and_says_so,
    two_figures_end_one_after_the_other,
    a_waiting_figure_can_be_stopped,
    a_figure_removed_in_mid_run_lets_the_next_one_run,
    a_waiting_figure_that_is_removed_is_forgotten,
    five_figures_share_one_group_of_threads,
    a_figure_that_fails_lets_the_next_one_run,
];

fn named(name: &str, figure: &str) -> String {
    figure.replace("<lock-lab", &format!("<lock-lab id='{name}'"))
}

#[track_caller]
fn stage_two(page: &Page, first: &str, second: &str) {
    page.open(&page.site.stage(&format!("{}{}", named("first", first), named("second", second))));
    page.js("lab('#second').scrollIntoView()");
    page.wait_state("#second", "ready");
    page.js("lab('#first').scrollIntoView()");
    page.wait_state("#first", "ready");
}

fn one_of_two_figures_runs_while_the_other_waits_and_says_so(page: &Page) {
    stage_two(page, ENDLESS, QUICK);
    let first = page.begin("#first", "run");
    page.wait_phase("#first", 0);
    let before = page.words("#second");
    let second = page.begin("#second", "run");
    page.wait(
        "the second says that it waits",
        "/wait(s|ing)? (for|until)|another figure|its turn/i.test(words(lab('#second')))",
    );
    assert_ne!(page.words("#second"), before);
    assert!(!page.is_settled(second), "it waits");
    let stopping = page.begin("#first", "stop");
    is_partial(&page.settled(stopping).report(), "stopped");
    page.settled(first).report();
    is_whole(&page.settled(second).report());
    assert_eq!(
        (page.state("#first").as_str(), page.state("#second").as_str()),
        ("stopped", "done")
    );
}

fn two_figures_end_one_after_the_other(page: &Page) {
    stage_two(page, QUICK, QUICK);
    let calls = page.js("return [begin(lab('#first').run()), begin(lab('#second').run())]");
    let reports: Vec<_> = [0, 1]
        .iter()
        .filter_map(|&at: &usize| calls[at].as_u64())
        .map(|call| page.settled(call).report())
        .collect();
    for report in &reports {
        is_whole(report);
    }
    let heard = page.heard("lab-report");
    assert_eq!(
        heard.iter().map(|event| event["id"].clone()).collect::<Vec<_>>(),
        [json!("first"), json!("second")]
    );
    // The second one's own clock begins when it has the machine.
    let overlap = page.js_with(
        "const [first, second] = arguments; const walls = first.runs.reduce((sum, run) => sum + run.wallMs, 0);
         return Date.parse(first.startedAt) + walls - Date.parse(second.startedAt)",
        reports.clone(),
    );
    assert!(
        overlap.as_f64().is_some_and(|overlap| overlap <= 2.0),
        "the second began {overlap} ms before the first had ended"
    );
}

fn a_waiting_figure_can_be_stopped(page: &Page) {
    stage_two(page, ENDLESS, QUICK);
    page.begin("#first", "run");
    page.wait_phase("#first", 0);
    let waiting = page.begin("#second", "run");
    page.wait_state("#second", "running");
    let stopping = page.begin("#second", "stop");
    assert!(page.settled(stopping).report().is_null(), "nothing had begun");
    assert_eq!(page.settled(waiting).refusal().0, "cancelled");
    assert_eq!(
        (page.state("#first").as_str(), page.state("#second").as_str()),
        ("running", "stopped")
    );
    let stopping = page.begin("#first", "stop");
    is_partial(&page.settled(stopping).report(), "stopped");
    let call = page.begin("#second", "run");
    is_whole(&page.settled(call).report());
}

fn a_figure_removed_in_mid_run_lets_the_next_one_run(page: &Page) {
    stage_two(page, ENDLESS, QUICK);
    page.begin("#first", "run");
    page.wait_phase("#first", 0);
    let second = page.begin("#second", "run");
    page.js("lab('#first').remove()");
    is_whole(&page.settled(second).report());
    assert_eq!(page.complaints(), Vec::<Value>::new());
}

fn a_waiting_figure_that_is_removed_is_forgotten(page: &Page) {
    stage_two(page, ENDLESS, QUICK);
    page.begin("#first", "run");
    page.wait_phase("#first", 0);
    let second = page.begin("#second", "run");
    page.wait_state("#second", "running");
    page.js("lab('#second').remove()");
    assert_eq!(page.settled(second).refusal().0, "cancelled");
    let stopping = page.begin("#first", "stop");
    is_partial(&page.settled(stopping).report(), "stopped");
    page.set("#first", "wait-ms", "5");
    let call = page.begin("#first", "run");
    is_whole(&page.settled(call).report());
    assert_eq!(page.heard("lab-report").len(), 2, "the one that was removed never ran");
}

fn five_figures_share_one_group_of_threads(page: &Page) {
    page.open(&page.site.stage(&QUICK.repeat(5)));
    page.js("document.querySelectorAll('lock-lab').forEach((one, at) => { one.id = `at${at}` })");
    for at in 0..5 {
        page.js_with("lab(arguments[0]).scrollIntoView()", vec![format!("#at{at}").into()]);
        page.wait_state(&format!("#at{at}"), "ready");
    }
    assert_eq!(page.js("return hired.length"), 0, "five figures at rest have no threads");
    let calls =
        page.js("return [...document.querySelectorAll('lock-lab')].map((one) => begin(one.run()))");
    for at in 0..5 {
        let call = calls[at].as_u64().unwrap_or(u64::MAX);
        is_whole(&page.settled(call).report());
    }
    assert_eq!(page.js("return hired.length"), 2, "one owner and one coordinator for all five");
}

fn a_figure_that_fails_lets_the_next_one_run(page: &Page) {
    stage_two(page, ENDLESS, QUICK);
    let first = page.begin("#first", "run");
    page.wait_phase("#first", 0);
    let second = page.begin("#second", "run");
    page.js("lab('#first').kill(0)");
    is_partial(&page.settled(first).report(), "failed");
    is_whole(&page.settled(second).report());
    assert_eq!((page.state("#first").as_str(), page.state("#second").as_str()), ("failed", "done"));
}
