//! Several figures on one page: one run has the machine, the others wait where a reader can see it, and none costs threads while it rests.

use serde_json::Value;

use super::{Case, cases};
use crate::lab::{ENDLESS, QUICK};
use crate::page::Page;
use crate::report::{is_partial, is_whole, number};

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

/// The endless first figure runs, and the second one is asked to: gives both calls.
#[track_caller]
fn begin_two(page: &Page) -> [u64; 2] {
    stage_two(page, ENDLESS, QUICK);
    let first = page.begin_phase("#first", 0);
    let second = page.begin("#second", "run");
    page.wait_state("#second", "running");
    [first, second]
}

#[track_caller]
fn are_in_state(page: &Page, first: &str, second: &str) {
    assert_eq!([page.state("#first"), page.state("#second")], [first, second]);
}

fn one_of_two_figures_runs_while_the_other_waits_and_says_so(page: &Page) {
    stage_two(page, ENDLESS, QUICK);
    let first = page.begin_phase("#first", 0);
    let before = page.words("#second");
    let second = page.begin("#second", "run");
    page.wait(
        "the second says that it waits",
        "/wait(s|ing)? (for|until)|another figure|its turn/i.test(words(lab('#second')))",
    );
    assert_ne!(page.words("#second"), before);
    assert!(!page.is_settled(second), "it waits");
    is_partial(&page.stop("#first"), "stopped");
    page.settled(first).report();
    is_whole(&page.settled(second).report());
    are_in_state(page, "stopped", "done");
}

fn two_figures_end_one_after_the_other(page: &Page) {
    stage_two(page, QUICK, QUICK);
    let reports: [Value; 2] = page.reports_of("lab('#first').run(), lab('#second').run()");
    reports.iter().for_each(is_whole);
    let heard: Vec<_> = page.heard("lab-report").iter().map(|event| event["id"].clone()).collect();
    assert_eq!(heard, ["first", "second"]);
    // The second one's own clock begins when it has the machine.
    let overlap = page.js_with(
        "const [first, second] = arguments; const walls = first.runs.reduce((sum, run) => sum + run.wallMs, 0);
         return Date.parse(first.startedAt) + walls - Date.parse(second.startedAt)",
        reports.to_vec(),
    );
    assert!(number(&overlap) <= 2.0, "the second began {overlap} ms before the first had ended");
}

fn a_waiting_figure_can_be_stopped(page: &Page) {
    let [_, waiting] = begin_two(page);
    assert!(page.stop("#second").is_null(), "nothing had begun");
    assert_eq!(page.settled(waiting).refusal().0, "cancelled");
    are_in_state(page, "running", "stopped");
    is_partial(&page.stop("#first"), "stopped");
    is_whole(&page.run_of("#second"));
}

fn a_figure_removed_in_mid_run_lets_the_next_one_run(page: &Page) {
    let [_, second] = begin_two(page);
    page.js("lab('#first').remove()");
    is_whole(&page.settled(second).report());
    page.is_quiet();
}

fn a_waiting_figure_that_is_removed_is_forgotten(page: &Page) {
    let [_, second] = begin_two(page);
    page.js("lab('#second').remove()");
    assert_eq!(page.settled(second).refusal().0, "cancelled");
    is_partial(&page.stop("#first"), "stopped");
    page.set("#first", "wait-ms", "5");
    is_whole(&page.run_of("#first"));
    assert_eq!(page.heard("lab-report").len(), 2, "the one that was removed never ran");
}

fn five_figures_share_one_group_of_threads(page: &Page) {
    let five: String = (0..5).map(|at| named(&format!("at{at}"), QUICK)).collect();
    page.open(&page.site.stage(&five));
    for at in 0..5 {
        page.js(&format!("lab('#at{at}').scrollIntoView()"));
        page.wait_state(&format!("#at{at}"), "ready");
    }
    let started = || page.js("return workersStarted.length");
    assert_eq!(started(), 0, "five figures at rest have no threads");
    let all = "...[...document.querySelectorAll('lock-lab')].map((one) => one.run())";
    page.reports_of::<5>(all).iter().for_each(is_whole);
    assert_eq!(started(), 2, "one owner and one coordinator for all five");
}

fn a_figure_that_fails_lets_the_next_one_run(page: &Page) {
    let [first, second] = begin_two(page);
    page.js("lab('#first').kill(0)");
    is_partial(&page.settled(first).report(), "failed");
    is_whole(&page.settled(second).report());
    are_in_state(page, "failed", "done");
}
