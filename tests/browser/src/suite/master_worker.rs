//! The figure `master-worker`: rounds and their lines, asking and being told, handles, stops. Workers that die are in `master_kills`.

use serde_json::json;

use super::{Case, ONE, cases};
use crate::lab::FIGURE;
use crate::master::{adds_up, all_rounds_done, count, was_hidden};
use crate::page::Page;
use crate::report::{is_valid, list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    a_master_that_polls_prints_the_lines_of_the_post,
    a_master_that_is_told_looks_once_a_round,
    jobs_that_calculate_or_take_no_time_are_done.only(ONE),
    an_interval_longer_than_the_run_costs_what_is_left_of_it.only(ONE),
    workers_may_be_nested_under_their_master,
    a_hundred_and_twenty_eight_workers_do_their_jobs.within(90),
    rounds_out_of_range_are_refused.only(ONE),
    weak_handles_lead_nowhere_once_their_job_is_done,
    another_number_of_workers_chosen_in_mid_run_is_for_the_next_one.only(ONE),
    a_stop_is_heard_at_any_moment_and_the_next_run_works,
    a_stop_between_two_rounds_keeps_the_first.only(ONE),
    a_run_in_a_hidden_page_does_all_rounds_and_says_that_it_was_hidden,
    the_log_is_shown_line_by_line_and_can_be_copied.only(ONE),
    what_came_out_is_said_in_sentences.only(ONE),
];

/// What a figure shows once its first jobs are out.
pub(super) const OUT: &str = "/4 thread start/.test(words())";

/// Stages the figure with small numbers, as far as the attributes say nothing else.
pub(super) fn stage(page: &Page, attributes: &str) {
    let small = [("threads", "4"), ("times", "2"), ("wait-ms", "60"), ("poll-ms", "20")];
    page.stage_small("master-worker", &small, attributes);
}

fn a_master_that_polls_prints_the_lines_of_the_post(page: &Page) {
    stage(page, "");
    let report = page.run();
    all_rounds_done(&report);
    let noticing = &report["noticing"];
    assert_eq!(noticing["mode"], "poll");
    assert_eq!(noticing["expectedMs"], 10.0);
    let looks = text(&report["text"]).lines().filter(|line| line.contains(", ")).count();
    assert_eq!(number(&noticing["polls"]) as usize, looks, "each poll is a line");
    assert_eq!(page.state(FIGURE), "done");
}

fn a_master_that_is_told_looks_once_a_round(page: &Page) {
    stage(page, "notice='told' times='3'");
    let report = page.run();
    all_rounds_done(&report);
    assert_eq!(report["noticing"]["mode"], "told");
    assert_eq!(report["noticing"]["polls"], 3);
    assert!(report["noticing"]["expectedMs"].is_null());
}

fn jobs_that_calculate_or_take_no_time_are_done(page: &Page) {
    for attributes in ["job='cpu' loops='2000000'", "times='5' wait-ms='0'"] {
        stage(page, attributes);
        all_rounds_done(&page.run());
    }
}

fn an_interval_longer_than_the_run_costs_what_is_left_of_it(page: &Page) {
    stage(page, "poll-ms='1500' times='1'");
    let report = page.run();
    all_rounds_done(&report);
    let delay = number(&report["noticing"]["delaysMs"][0]);
    assert!(delay > 700.0, "the master slept on for {delay} ms");
}

fn workers_may_be_nested_under_their_master(page: &Page) {
    stage(page, "owner='master'");
    let report = page.run();
    all_rounds_done(&report);
    assert_eq!(report["master"]["owner"], "master");
    page.set(FIGURE, "owner", "page");
    all_rounds_done(&page.run());
}

fn a_hundred_and_twenty_eight_workers_do_their_jobs(page: &Page) {
    stage(page, "notice='told' threads='128'");
    all_rounds_done(&page.run());
}

fn rounds_out_of_range_are_refused(page: &Page) {
    stage(page, "");
    for (attribute, value, allowed) in [
        ("times", "0", "1–1000"),
        ("poll-ms", "0", "1–10000"),
        ("owner", "nobody", "page"),
        ("notice", "guess", "told"),
    ] {
        page.set(FIGURE, attribute, value);
        let (code, message) = page.refused();
        assert_eq!(code, "bad-config");
        assert!(
            message.contains(attribute) && message.contains(value) && message.contains(allowed),
            "{message}"
        );
        page.js_with("lab().removeAttribute(arguments[0])", vec![attribute.into()]);
    }
}

fn weak_handles_lead_nowhere_once_their_job_is_done(page: &Page) {
    stage(page, "handles='weak' times='2'");
    let report = page.run();
    all_rounds_done(&report);
    assert!(number(&report["weak"]["gone"]) >= 1.0, "{}", report["weak"]);
    page.wait("a reader is told", "/weak handle/.test(words())");
}

/// Begins a run, and waits until its first jobs are out.
#[track_caller]
pub(super) fn begin_jobs(page: &Page) -> u64 {
    let call = page.begin(FIGURE, "run");
    page.wait("the jobs are out", OUT);
    call
}

fn another_number_of_workers_chosen_in_mid_run_is_for_the_next_one(page: &Page) {
    stage(page, "wait-ms='400'");
    let call = begin_jobs(page);
    page.set(FIGURE, "threads", "6");
    let report = page.settled(call).report();
    all_rounds_done(&report);
    assert_eq!(report["config"]["threads"], 4);
    let report = page.run();
    all_rounds_done(&report);
    assert_eq!(report["config"]["threads"], 6);
}

/// After a stop the figure is as good as new.
#[track_caller]
pub(super) fn runs_again(page: &Page) {
    page.set(FIGURE, "wait-ms", "30");
    all_rounds_done(&page.run());
}

/// A run before the one that is stopped at once: a stop that comes before the module has nothing to report.
pub(super) fn comes_with_its_module(page: &Page) {
    page.set(FIGURE, "wait-ms", "60");
    page.run();
    page.set(FIGURE, "wait-ms", "60000");
}

fn a_stop_is_heard_at_any_moment_and_the_next_run_works(page: &Page) {
    for moment in ["true", "/getting ready|Round 1/.test(words())", OUT] {
        // A page of its own: what the stop before has left to be read is no sign of this run.
        stage(page, "wait-ms='60000' times='3'");
        if moment == "true" {
            comes_with_its_module(page);
        }
        let report = page.stopped_once(moment, moment);
        is_valid(&report);
        if report["log"].is_array() {
            adds_up(&report);
        }
        if moment == OUT {
            assert_eq!(count(&report, "outcome", "stopped"), 4, "{report:#}");
        }
        runs_again(page);
    }
}

fn a_stop_between_two_rounds_keeps_the_first(page: &Page) {
    stage(page, "times='50'");
    // Until its own run begins, the figure shows a recorded one.
    let over = "/all thread done/.test(words()) && !lab().shadowRoot.querySelector('.recorded')";
    let report = page.stopped_once("a round is over", over);
    adds_up(&report);
    let rounds = list(&report["rounds"]);
    assert!((1..50).contains(&rounds.len()), "{report:#}");
    for job in list(&rounds[0]["workers"]) {
        assert_eq!(job["outcome"], "done", "{job}");
    }
    runs_again(page);
}

fn a_run_in_a_hidden_page_does_all_rounds_and_says_that_it_was_hidden(page: &Page) {
    stage(page, "times='3' wait-ms='700'");
    let call = begin_jobs(page);
    page.hide();
    let report = page.settled(call).report();
    page.unhide();
    all_rounds_done(&report);
    was_hidden(&report);
    page.wait("all lines are there", "/all thread done/.test(words())");
}

fn the_log_is_shown_line_by_line_and_can_be_copied(page: &Page) {
    stage(page, "");
    let report = page.run();
    let shown = page.words(FIGURE);
    for line in ["4 thread start", "4, True", "all thread done"] {
        assert!(shown.contains(line), "{line:?} is missing in: {shown}");
    }
    assert!(page.js("return button(/copy/i) !== null") == json!(true), "{report}");
}

fn what_came_out_is_said_in_sentences(page: &Page) {
    stage(page, "");
    page.run();
    page.wait("the price of asking", "/went on asking for/.test(words())");
    page.set(FIGURE, "notice", "told");
    page.run();
    page.wait(
        "the price of being told, beside it",
        "/woke the master/.test(words()) && /more than being told/.test(words())",
    );
}
