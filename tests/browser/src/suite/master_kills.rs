//! The figure `master-worker` where workers die: by a call, by Delete, by a click or a tap on their lane, and at whatever moment.

use serde_json::Value;
use thirtyfour::Key;

use super::master_worker::{begin_jobs, runs_again, stage};
use super::{Case, ONE, cases};
use crate::lab::FIGURE;
use crate::master::{adds_up, all_rounds_done, count, jobs};
use crate::page::Page;
use crate::report::{list, number, text};

/// The tests.
pub const CASES: &[Case] = cases![
    killed_workers_jobs_are_done_by_others_where_they_are_retried.within(120),
    a_worker_killed_while_the_threads_start_does_no_harm,
    a_kill_between_jobs_loses_none,
    a_killed_workers_thread_really_ends,
    delete_on_a_lane_kills_its_worker,
    a_click_on_a_lane_kills_its_worker,
    a_tap_on_a_lane_kills_its_worker.only(ONE),
    a_drag_over_lanes_kills_nobody,
    a_click_on_a_lane_after_the_run_only_reads_it,
    another_number_of_workers_right_after_a_death_works.only(ONE),
    a_stop_while_a_dead_worker_is_not_missed_yet_is_heard.only(ONE),
];

/// A run of one long round with kills in it, as soon as all jobs run: these are missed and nobody else, and so many jobs are done, lost, retried.
#[track_caller]
fn with_killed(
    page: &Page,
    retry: &str,
    workers: &[usize],
    [done, lost, retried]: [usize; 3],
) -> Value {
    stage(page, &format!("retry='{retry}' times='1' wait-ms='900' timeout-ms='300'"));
    let call = begin_jobs(page);
    page.js_with("arguments[0].forEach((worker) => lab().kill(worker))", vec![workers.into()]);
    let report = page.settled(call).report();
    adds_up(&report);
    let deaths = list(&report["deaths"]);
    let mut named: Vec<_> = deaths.iter().map(|death| text(&death["worker"])).collect();
    named.sort_unstable();
    let expected: Vec<_> = workers.iter().map(|worker| format!("worker-{worker}")).collect();
    assert_eq!(named, expected);
    assert!(deaths.iter().all(|death| number(&death["silentMs"]) >= 300.0), "{report:#}");
    assert_eq!(report["outcome"], "done");
    assert_eq!(count(&report, "outcome", "done"), done, "{report:#}");
    assert_eq!(count(&report, "outcome", "lost"), lost, "{report:#}");
    if done > 0 {
        assert_eq!(number(&report["jobs"]["retried"]) as usize, retried, "{report:#}");
    }
    report
}

fn killed_workers_jobs_are_done_by_others_where_they_are_retried(page: &Page) {
    let report = with_killed(page, "on", &[1], [4, 0, 1]);
    let death = &report["deaths"][0];
    let job = jobs(&report).find(|job| job["name"] == death["job"]).expect("the job");
    assert_eq!(job["attempts"], 2);
    assert_eq!(job["worker"], death["retriedBy"]);
    assert_ne!(job["worker"], "worker-1");
    page.wait("a reader is told", "/worker-1 died/.test(words())");
    let report = with_killed(page, "off", &[2], [3, 1, 0]);
    assert_eq!(report["deaths"][0]["retriedBy"], Value::Null);
    with_killed(page, "on", &[0, 3], [4, 0, 2]);
    // And nobody is left.
    with_killed(page, "on", &[0, 1, 2, 3], [0, 4, 0]);
    page.set(FIGURE, "wait-ms", "50");
    all_rounds_done(&page.run());
}

fn a_worker_killed_while_the_threads_start_does_no_harm(page: &Page) {
    stage(page, "times='1' timeout-ms='300'");
    let call = page.begin(FIGURE, "run");
    page.js("for (let worker = 0; worker < 4; worker++) lab().kill(worker)");
    adds_up(&page.settled(call).report());
    all_rounds_done(&page.run());
}

fn a_kill_between_jobs_loses_none(page: &Page) {
    stage(page, "times='3' timeout-ms='300' poll-ms='700'");
    let call = begin_jobs(page);
    // The jobs of 60 ms are done long before the master polls: the worker that dies is idle.
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
    page.wait_threads(before - 2);
    assert_eq!(page.state(FIGURE), "running", "and not because all are");
    let report = page.settled(call).report();
    adds_up(&report);
    assert_eq!(count(&report, "outcome", "done"), 4);
}

fn delete_on_a_lane_kills_its_worker(page: &Page) {
    let call = begin_long(page);
    page.js("parts().find((one) => one.localName === 'canvas').focus()");
    // The first lane is the master's, and nothing happens to it.
    page.keys(Key::Down);
    page.keys(Key::Delete);
    only_missed(&page.settled(call).report(), "worker-0");
}

/// The picture of the lanes.
const LANES: &str = "parts().find((one) => one.localName === 'canvas')";

/// A place in the middle of a lane; the first is the master's. Above the lanes are the rounds' names; few lanes are as high as a lane may be (www/views/lanes.js).
fn place_of(lane: i64) -> [i64; 2] {
    const HEAD: i64 = 18;
    const HEIGHT: i64 = 11;
    [200, HEAD + lane * HEIGHT + HEIGHT / 2]
}

/// Begins a run of one round that is long enough to do something to its lanes, and waits until its jobs are out.
#[track_caller]
fn begin_long(page: &Page) -> u64 {
    stage(page, "times='1' timeout-ms='300' wait-ms='2500'");
    begin_jobs(page)
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
    with_killed(page, "on", &[1], [4, 0, 1]);
    page.set(FIGURE, "wait-ms", "50");
    page.set(FIGURE, "threads", "7");
    let report = page.run();
    all_rounds_done(&report);
    assert_eq!(count(&report, "outcome", "done"), 7);
}

fn a_stop_while_a_dead_worker_is_not_missed_yet_is_heard(page: &Page) {
    stage(page, "times='1' timeout-ms='10000' wait-ms='60000'");
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
