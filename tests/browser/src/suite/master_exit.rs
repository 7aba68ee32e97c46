//! The figure `master-exit`: the master ends, or the lock's holder does; who lives on, and what becomes of every job.

use serde_json::Value;

use super::master_worker::comes_with_its_module;
use super::{Case, ONE, cases};
use crate::lab::FIGURE;
use crate::master::{adds_up, count, jobs, master_died, was_hidden};
use crate::page::Page;
use crate::report::{is_valid, list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    workers_of_the_page_live_on_and_a_new_master_adopts_their_jobs,
    without_a_successor_the_jobs_are_finished_as_orphans.only(ONE),
    workers_of_the_master_die_with_it,
    jobs_that_calculate_outlive_their_master_too.only(ONE),
    a_job_that_ends_at_once_is_done_before_anybody_dies.only(ONE),
    workers_killed_after_the_death_are_missed_by_the_successor,
    workers_killed_while_the_threads_start_do_no_harm,
    an_interval_longer_than_the_run_delays_the_successors_word_only.only(ONE),
    another_number_of_workers_right_after_the_death_is_for_the_next_run.only(ONE),
    another_number_of_workers_after_the_run_works.only(ONE),
    a_run_in_a_hidden_page_ends_and_says_that_it_was_hidden,
    a_stop_is_heard_at_any_moment_and_the_next_run_works.within(120),
    after_a_death_the_figure_runs_again_and_no_thread_is_left_over.within(120),
    a_plain_mutex_is_never_free_again_when_its_holder_dies,
    a_run_that_is_stopped_before_its_holder_dies_says_so.only(ONE),
    a_robust_lock_is_recovered_when_its_holder_dies,
    another_figure_runs_after_a_lock_was_lost.only(ONE),
    kills_deaths_and_adoptions_leave_nothing_behind.within(180),
];

/// Stages the figure with small numbers, as far as the attributes say nothing else.
fn stage(page: &Page, attributes: &str) {
    page.stage_small("master-exit", &[("threads", "4"), ("wait-ms", "1500")], attributes);
}

/// What a figure shows once its master is gone.
const GONE: &str = "/force exit/.test(words())";

/// Begins a run, and waits until its master is gone.
#[track_caller]
fn begin_orphaned(page: &Page) -> u64 {
    let call = page.begin(FIGURE, "run");
    page.wait("the master is gone", GONE);
    call
}

/// Runs with these attributes until the master has died and everything is over.
#[track_caller]
fn run_with(page: &Page, attributes: &str) -> Value {
    stage(page, attributes);
    let report = page.run();
    master_died(&report);
    report
}

/// The survivors, and how many jobs were finished after the death and how many lost.
fn account(report: &Value) -> [u64; 3] {
    ["survivors", "finished", "lost"].map(|name| number(&report["master"][name]) as u64)
}

fn workers_of_the_page_live_on_and_a_new_master_adopts_their_jobs(page: &Page) {
    let report = run_with(page, "");
    let master = &report["master"];
    assert_eq!([account(&report)[0], account(&report)[2]], [4, 0], "survivors, lost");
    assert!(number(&master["adoptedAtMs"]) > number(&master["diedAtMs"]));
    assert_eq!(master["epoch"], 2);
    assert_eq!(count(&report, "outcome", "done"), 4);
    let lines = text(&report["text"]);
    assert!(
        lines.trim_end().ends_with("4, True\nall thread done"),
        "the successor finishes the round: {lines}"
    );
    page.wait(
        "the death, the survivors and the adoption are said",
        "/master ended itself/.test(words()) && /heart\\S* went on beating|heartbeats? went on/.test(words()) && /new master took over/.test(words())",
    );
    assert_eq!(list(&report["rounds"]).len(), 1);
}

fn without_a_successor_the_jobs_are_finished_as_orphans(page: &Page) {
    let report = run_with(page, "adopt='off'");
    assert!(report["master"]["adoptedAtMs"].is_null(), "{report:#}");
    assert_eq!(account(&report), [4, 4, 0]);
    assert_eq!(count(&report, "fate", "as-orphan"), 4);
    assert!(!text(&report["text"]).contains("all thread done"));
}

fn workers_of_the_master_die_with_it(page: &Page) {
    // Longer than the two seconds that Chromium takes to end them.
    let report = run_with(page, "owner='master' wait-ms='6000'");
    assert_eq!(account(&report), [0, 0, 4]);
    assert_eq!(count(&report, "fate", "lost-with-owner"), 4);
}

fn jobs_that_calculate_outlive_their_master_too(page: &Page) {
    let report = run_with(page, "job='cpu' loops='300000000'");
    assert_eq!(count(&report, "outcome", "done"), 4);
    assert_eq!(report["master"]["survivors"], 4);
}

fn a_job_that_ends_at_once_is_done_before_anybody_dies(page: &Page) {
    stage(page, "wait-ms='0'");
    let report = page.run();
    is_valid(&report);
    assert_eq!(count(&report, "outcome", "done"), 4, "{report:#}");
}

fn workers_killed_after_the_death_are_missed_by_the_successor(page: &Page) {
    for killed in [&[2][..], &[0, 1, 2, 3]] {
        stage(page, "timeout-ms='300' wait-ms='4000'");
        let call = begin_orphaned(page);
        page.js_with("arguments[0].forEach((worker) => lab().kill(worker))", vec![killed.into()]);
        let report = page.settled(call).report();
        adds_up(&report);
        assert_eq!(report["master"]["survivors"], 4 - killed.len(), "{report:#}");
        if killed.len() == 1 {
            assert_eq!(report["deaths"][0]["worker"], "worker-2", "{report:#}");
        } else {
            assert_eq!(count(&report, "outcome", "done"), 0, "{report:#}");
        }
    }
    page.set(FIGURE, "wait-ms", "300");
    assert_eq!(page.run()["outcome"], "done");
}

fn workers_killed_while_the_threads_start_do_no_harm(page: &Page) {
    stage(page, "wait-ms='300' timeout-ms='300'");
    let call = page.begin(FIGURE, "run");
    page.js("lab().kill(0); lab().kill(3)");
    adds_up(&page.settled(call).report());
    master_died(&page.run());
}

fn an_interval_longer_than_the_run_delays_the_successors_word_only(page: &Page) {
    let report = run_with(page, "poll-ms='4000'");
    assert_eq!(count(&report, "outcome", "done"), 4, "{report:#}");
    for job in jobs(&report) {
        let took = number(&job["endMs"]) - number(&job["startMs"]);
        assert!(took < 3500.0, "no job waits for a poll: {job}");
    }
}

fn another_number_of_workers_right_after_the_death_is_for_the_next_run(page: &Page) {
    stage(page, "");
    let call = begin_orphaned(page);
    page.set(FIGURE, "threads", "6");
    let report = page.settled(call).report();
    master_died(&report);
    assert_eq!(report["config"]["threads"], 4);
    let report = page.run();
    master_died(&report);
    assert_eq!(count(&report, "outcome", "done"), 6);
}

fn another_number_of_workers_after_the_run_works(page: &Page) {
    stage(page, "wait-ms='300'");
    for threads in ["4", "7", "2"] {
        page.set(FIGURE, "threads", threads);
        let report = page.run();
        master_died(&report);
        assert_eq!(count(&report, "outcome", "done").to_string(), threads);
    }
}

fn a_run_in_a_hidden_page_ends_and_says_that_it_was_hidden(page: &Page) {
    stage(page, "wait-ms='4000'");
    let call = page.begin(FIGURE, "run");
    page.wait("the jobs are out", "/4 thread start/.test(words())");
    page.hide();
    let report = page.settled(call).report();
    page.unhide();
    master_died(&report);
    was_hidden(&report);
    assert_eq!(count(&report, "outcome", "done"), 4, "{report:#}");
}

/// When the figure is stopped: with which attributes, once this holds, and whether that is tried in all engines.
const STOPS: [(&str, &str, bool); 6] = [
    ("", "true", true),
    // 5 ms later, while the threads start: too short a time to be read of on every machine.
    ("", "(suite.asked = (suite.asked ?? 0) + 1) > 1", false),
    ("", GONE, true),
    ("adopt='off'", GONE, false),
    ("owner='master'", GONE, false),
    ("", "/new master has taken over/.test(words())", true),
];

fn a_stop_is_heard_at_any_moment_and_the_next_run_works(page: &Page) {
    for (attributes, moment, everywhere) in STOPS {
        if !everywhere && !ONE.contains(&page.engine) {
            continue;
        }
        // A page of its own: what the stop before has left to be read is no sign of this run.
        stage(page, &format!("{attributes} wait-ms='60000'"));
        if !moment.starts_with('/') {
            comes_with_its_module(page);
        }
        let report = page.stopped_once(moment, moment);
        is_valid(&report);
        let master = &report["master"];
        if moment == GONE {
            adds_up(&report);
            assert!(number(&master["diedAtMs"]) > 0.0, "{report:#}");
            assert_eq!(count(&report, "outcome", "done"), 0, "{report:#}");
            let owner = if attributes.contains("owner") { "master" } else { "page" };
            assert_eq!(master["owner"], owner);
        } else if moment.contains("taken over") {
            adds_up(&report);
            assert!(number(&master["adoptedAtMs"]) > 0.0, "{report:#}");
        }
        page.set(FIGURE, "owner", "page");
        page.set(FIGURE, "wait-ms", "300");
        master_died(&page.run());
    }
}

fn after_a_death_the_figure_runs_again_and_no_thread_is_left_over(page: &Page) {
    stage(page, "wait-ms='300'");
    let before = page.worker_threads();
    page.run();
    // Four workers, an owner, a coordinator; a group that saw a death may have gone as a whole.
    page.wait_threads(before + 6);
    for owner in ["master", "page", "master"] {
        page.set(FIGURE, "owner", owner);
        assert_eq!(page.run()["outcome"], "done");
    }
    page.wait_threads(before + 6);
    page.is_quiet();
}

fn a_plain_mutex_is_never_free_again_when_its_holder_dies(page: &Page) {
    stage(page, "dies='holder' lock='plain' timeout-ms='300'");
    let report = page.run();
    is_valid(&report);
    let holder = &report["holder"];
    assert_eq!((&holder["lock"], &holder["waiting"]), (&"plain".into(), &3.into()));
    assert!(holder["recoveredBy"].is_null());
    assert!(number(&holder["blockedMs"]) >= 300.0);
    assert_eq!(report["outcome"], "done", "that nobody gets on is the result");
    page.wait("a reader is told", "/still be waiting/.test(words())");
    let picture_ms = number(&page.js("return lab().recording.phases[0].endUs / 1000"));
    assert!(
        picture_ms > number(&holder["diedAtMs"]) + 150.0,
        "the picture ends at {picture_ms} ms, with the death, and does not show how they wait: {holder}"
    );
    assert_eq!(page.run()["holder"]["lock"], "plain", "and again");
}

fn a_run_that_is_stopped_before_its_holder_dies_says_so(page: &Page) {
    stage(page, "dies='holder' wait-ms='60000'");
    let report = page.stopped_once(
        "the workers work",
        "/[1-9] of [0-9]+ workers alive/.test(words()) && /compete for the lock/.test(words())",
    );
    is_valid(&report);
    assert_eq!(report["holder"]["diedAtMs"], serde_json::Value::Null, "{report:#}");
    page.wait("a reader is told", "/stopped before worker-0 died/.test(words())");
}

fn a_robust_lock_is_recovered_when_its_holder_dies(page: &Page) {
    stage(page, "dies='holder' lock='robust' timeout-ms='300'");
    let report = page.run();
    is_valid(&report);
    let holder = &report["holder"];
    assert_eq!(holder["lock"], "robust");
    assert_ne!(holder["recoveredBy"], holder["holder"]);
    assert!(number(&holder["recoveredAtMs"]) >= number(&holder["diedAtMs"]));
    assert_eq!(holder["increments"], holder["finalValue"], "nothing is lost with the holder");
}

fn another_figure_runs_after_a_lock_was_lost(page: &Page) {
    let quick = crate::lab::QUICK.replace("<lock-lab", "<lock-lab id='second'");
    stage(
        page,
        &format!("dies='holder' lock='plain' timeout-ms='300'></lock-lab>{quick}<lock-lab hidden"),
    );
    page.run();
    page.js("lab('#second').scrollIntoView()");
    page.wait_state("#second", "ready");
    crate::report::is_whole(&page.run_of("#second"));
}

fn kills_deaths_and_adoptions_leave_nothing_behind(page: &Page) {
    let tally = crate::soak::soak(page, 20);
    assert!(tally.kills > 0 && tally.deaths > 0 && tally.adoptions > 0, "{tally:?}");
}
