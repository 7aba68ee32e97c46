//! The figure `master-worker` where workers die: by a call, by Delete, by a click or a tap on their lane, and at whatever moment.

use std::time::Duration;

use serde_json::{Value, json};
use thirtyfour::Key;

use super::master_worker::{runs_again, stage};
use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::master::{adds_up, all_rounds_done, count, jobs};
use crate::page::Page;
use crate::report::{list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    a_killed_workers_job_is_done_by_another,
    without_retry_a_killed_workers_job_is_lost,
    two_workers_killed_at_once_are_both_missed,
    the_last_worker_may_be_killed,
    a_worker_killed_while_the_threads_start_does_no_harm,
    a_kill_between_jobs_loses_none,
    a_killed_workers_thread_really_ends,
    delete_on_a_lane_kills_its_worker,
    a_click_on_a_lane_kills_its_worker,
    a_tap_on_a_lane_kills_its_worker.only(&[Engine::Chromium]),
    a_drag_over_lanes_kills_nobody,
    a_click_on_a_lane_after_the_run_only_reads_it,
    another_number_of_workers_right_after_a_death_works,
    a_stop_while_a_dead_worker_is_not_missed_yet_is_heard,
];

/// A run of one long round with a kill in it, as soon as all jobs run.
#[track_caller]
fn with_killed(page: &Page, attributes: &str, workers: &[usize]) -> Value {
    stage(page, attributes);
    page.set(FIGURE, "wait-ms", "900");
    page.set(FIGURE, "times", "1");
    page.set(FIGURE, "timeout-ms", "300");
    let call = page.begin(FIGURE, "run");
    page.wait("the jobs are out", "/4 thread start/.test(words())");
    for worker in workers {
        page.js_with("lab().kill(arguments[0])", vec![json!(worker)]);
    }
    let report = page.settled(call).report();
    adds_up(&report);
    let named: Vec<_> =
        list(&report["deaths"]).iter().map(|death| text(&death["worker"]).to_owned()).collect();
    for worker in workers {
        assert!(
            named.contains(&format!("worker-{worker}")),
            "worker-{worker} is missed: {named:?}"
        );
    }
    assert_eq!(named.len(), workers.len(), "and nobody else: {named:?}");
    for death in list(&report["deaths"]) {
        assert!(number(&death["silentMs"]) >= 300.0, "{death}");
    }
    report
}

fn a_killed_workers_job_is_done_by_another(page: &Page) {
    let report = with_killed(page, "retry='on'", &[1]);
    assert_eq!(report["outcome"], "done");
    assert_eq!(count(&report, "outcome", "done"), 4);
    assert_eq!(number(&report["jobs"]["retried"]), 1.0);
    let death = &report["deaths"][0];
    let job = jobs(&report).find(|job| job["name"] == death["job"]).expect("the job");
    assert_eq!(job["attempts"], 2);
    assert_eq!(job["worker"], death["retriedBy"]);
    assert_ne!(job["worker"], "worker-1");
    page.wait("a reader is told", "/worker-1 died/.test(words())");
}

fn without_retry_a_killed_workers_job_is_lost(page: &Page) {
    let report = with_killed(page, "retry='off'", &[2]);
    assert_eq!(count(&report, "outcome", "done"), 3);
    assert_eq!(count(&report, "outcome", "lost"), 1);
    assert_eq!(report["deaths"][0]["retriedBy"], Value::Null);
}

fn two_workers_killed_at_once_are_both_missed(page: &Page) {
    let report = with_killed(page, "retry='on'", &[0, 3]);
    assert_eq!(count(&report, "outcome", "done"), 4);
    assert_eq!(number(&report["jobs"]["retried"]), 2.0);
}

fn the_last_worker_may_be_killed(page: &Page) {
    let report = with_killed(page, "retry='on'", &[0, 1, 2, 3]);
    assert_eq!(count(&report, "outcome", "done"), 0);
    assert_eq!(count(&report, "outcome", "lost"), 4, "nobody is left");
    page.set(FIGURE, "wait-ms", "50");
    all_rounds_done(&page.run());
}

fn a_worker_killed_while_the_threads_start_does_no_harm(page: &Page) {
    stage(page, "times='1' timeout-ms='300'");
    let call = page.begin(FIGURE, "run");
    page.js("for (let worker = 0; worker < 4; worker++) lab().kill(worker)");
    let report = page.settled(call).report();
    adds_up(&report);
    all_rounds_done(&page.run());
}

fn a_kill_between_jobs_loses_none(page: &Page) {
    stage(page, "times='3' timeout-ms='300'");
    page.set(FIGURE, "poll-ms", "700");
    let call = page.begin(FIGURE, "run");
    page.wait("the jobs are out", "/4 thread start/.test(words())");
    // The jobs of 60 ms are done long before the master looks: the worker that dies is idle.
    page.js("return new Promise((resolve) => setTimeout(resolve, 250))");
    page.js("lab().kill(1)");
    let report = page.settled(call).report();
    adds_up(&report);
    assert_eq!(count(&report, "outcome", "done"), 12, "{report:#}");
}

/// A thread that trapped but stayed was forgotten by Chromium now and then when its group was let go, and its owner with it.
fn a_killed_workers_thread_really_ends(page: &Page) {
    let call = begin_long(page);
    let before = page.worker_threads();
    page.js("lab().kill(0); lab().kill(3)");
    page.until_some(Duration::from_secs(2), "two threads are gone", || {
        match page.worker_threads() {
            now if now + 2 <= before => Ok(()),
            now => Err(format!("{now} worker threads, {before} before")),
        }
    });
    assert_eq!(page.state(FIGURE), "running", "and not because all are");
    let report = page.settled(call).report();
    adds_up(&report);
    assert_eq!(count(&report, "outcome", "done"), 4);
}

fn delete_on_a_lane_kills_its_worker(page: &Page) {
    stage(page, "times='1' timeout-ms='300'");
    page.set(FIGURE, "wait-ms", "3000");
    let call = page.begin(FIGURE, "run");
    page.wait("the jobs are out", "/4 thread start/.test(words())");
    page.js("parts().find((one) => one.localName === 'canvas').focus()");
    // The first lane is the master's, and nothing happens to it.
    page.keys(Key::Down);
    page.keys(Key::Delete);
    let report = page.settled(call).report();
    adds_up(&report);
    assert_eq!(list(&report["deaths"]).len(), 1, "{report:#}");
    assert_eq!(count(&report, "outcome", "done"), 4);
}

/// The picture of the lanes.
const LANES: &str = "parts().find((one) => one.localName === 'canvas')";

/// A place in the middle of a lane; the first is the master's. Above the lanes are the rounds' names, and four workers' lanes are so high.
fn place_of(lane: i64) -> [i64; 2] {
    const HEAD: i64 = 18;
    const HEIGHT: i64 = 14;
    [200, HEAD + lane * HEIGHT + HEIGHT / 2]
}

/// Starts a run of one round that is long enough to do something to its lanes, and waits until its jobs are out.
#[track_caller]
fn begin_long(page: &Page) -> u64 {
    stage(page, "times='1' timeout-ms='300'");
    page.set(FIGURE, "wait-ms", "2500");
    let call = page.begin(FIGURE, "run");
    page.wait("the jobs are out", "/4 thread start/.test(words())");
    call
}

/// The run has one dead, this one, and its job was done by another.
#[track_caller]
fn only_missed(report: &Value, worker: &str) {
    adds_up(report);
    let deaths = list(&report["deaths"]);
    assert_eq!(deaths.len(), 1, "{report:#}");
    assert_eq!(deaths[0]["worker"], worker);
    assert_eq!(count(report, "outcome", "done"), 4);
}

fn a_click_on_a_lane_kills_its_worker(page: &Page) {
    let call = begin_long(page);
    page.hover(LANES, place_of(3));
    page.wait("it is said who would die", "/A click kills worker-2/.test(words())");
    let cursor = format!("getComputedStyle({LANES}).cursor");
    assert_eq!(page.js(&format!("return {cursor}")), "pointer");
    page.hover(LANES, place_of(0));
    page.wait(
        "the master is safe",
        &format!("!/A click kills/.test(words()) && {cursor} === 'crosshair'"),
    );
    page.press_at(LANES, place_of(0), &[]);
    page.press_at(LANES, place_of(3), &[]);
    page.press_at(LANES, place_of(3), &[]);
    only_missed(&page.settled(call).report(), "worker-2");
}

fn a_tap_on_a_lane_kills_its_worker(page: &Page) {
    let call = begin_long(page);
    let [x, y] = place_of(2);
    let corner = page.js(&format!(
        "{LANES}.scrollIntoView({{ block: 'center' }}); const {{ left, top }} = {LANES}.getBoundingClientRect(); return [left, top]"
    ));
    page.tap(number(&corner[0]) + x as f64, number(&corner[1]) + y as f64);
    only_missed(&page.settled(call).report(), "worker-1");
}

fn a_drag_over_lanes_kills_nobody(page: &Page) {
    let call = begin_long(page);
    page.press_at(LANES, place_of(2), &[[40, 0]]);
    page.press_at(LANES, place_of(2), &[[40, 0], [-40, 0]]);
    page.press_at(LANES, place_of(2), &[[0, 14]]);
    let report = page.settled(call).report();
    all_rounds_done(&report);
}

fn a_click_on_a_lane_after_the_run_only_reads_it(page: &Page) {
    stage(page, "");
    let report = page.run();
    page.press_at(LANES, place_of(3), &[]);
    page.wait("the moment is read", "/worker-2: .* for /.test(words())");
    assert_eq!(page.js("return /A click kills/.test(words())"), false);
    assert_eq!(page.get(FIGURE, "report"), report);
    all_rounds_done(&page.run());
}

fn another_number_of_workers_right_after_a_death_works(page: &Page) {
    with_killed(page, "retry='on'", &[1]);
    page.set(FIGURE, "wait-ms", "50");
    page.set(FIGURE, "threads", "7");
    let report = page.run();
    all_rounds_done(&report);
    assert_eq!(count(&report, "outcome", "done"), 7);
}

fn a_stop_while_a_dead_worker_is_not_missed_yet_is_heard(page: &Page) {
    stage(page, "times='1' timeout-ms='10000'");
    page.set(FIGURE, "wait-ms", "60000");
    let report = page.stopped_once(
        "a worker is dead",
        "/4 thread start/.test(words()) && (lab().kill(1), true)",
    );
    adds_up(&report);
    assert_eq!(count(&report, "outcome", "stopped"), 4, "{report:#}");
    assert!(
        report["deaths"].as_array().is_none_or(Vec::is_empty),
        "nobody has missed it yet: {report:#}"
    );
    runs_again(page);
}
