//! Stopping: whatever the workers are at, soon, and with a report of what was done.

use std::time::{Duration, Instant};

use serde_json::Value;

use super::{Case, cases};
use crate::lab::{ENDLESS, FIGURE, GRINDING, QUICK};
use crate::page::Page;
use crate::report::{is_partial, is_whole, list};

/// Far more than a stop needs, far less than the waits and loops that it cuts short.
const SOON: Duration = Duration::from_secs(3);

/// The tests.
pub const CASES: &[Case] = cases![
    stop_ends_an_io_wait_of_a_minute_and_the_next_run_is_whole,
    stop_ends_a_cpu_loop_of_a_billion_and_keeps_the_runs_that_were_over,
    stop_without_a_run_is_harmless,
    stop_right_after_run_leaves_nothing_running,
    stop_while_the_threads_start_is_heard,
    stop_twice_gives_the_same_report,
    settings_changed_during_a_run_are_for_the_next_one,
    stopping_again_and_again_leaves_no_threads_behind.within(90),
];

/// Stops within this time, and gives the report that both promises agree on.
#[track_caller]
fn stop_within(page: &Page, run: u64, soon: Duration) -> Value {
    let begun = Instant::now();
    let report = page.stop(FIGURE);
    assert!(begun.elapsed() < soon, "the stop took {:.1?}", begun.elapsed());
    assert_eq!(page.settled(run).report(), report, "run() and stop() give the same report");
    assert_eq!(page.state(FIGURE), "stopped");
    is_partial(&report, "stopped");
    assert_eq!(page.get(FIGURE, "report"), report);
    report
}

/// Begins a run, and stops it in this part of it.
#[track_caller]
fn stopped_in(page: &Page, phase: usize) -> Value {
    let run = page.begin_phase(FIGURE, phase);
    stop_within(page, run, SOON)
}

fn stop_ends_an_io_wait_of_a_minute_and_the_next_run_is_whole(page: &Page) {
    page.stage(ENDLESS);
    let stopped = stopped_in(page, 0);
    assert_eq!(list(&stopped["runs"]).len(), 1);
    assert_eq!(stopped["runs"][0]["busy"], "io");
    page.set(FIGURE, "wait-ms", "5");
    let report = page.run();
    is_whole(&report);
    assert_ne!(report["startedAt"], stopped["startedAt"]);
    assert_eq!(page.state(FIGURE), "done");
}

fn stop_ends_a_cpu_loop_of_a_billion_and_keeps_the_runs_that_were_over(page: &Page) {
    page.stage(GRINDING);
    let report = stopped_in(page, 2);
    let runs = list(&report["runs"]);
    assert_eq!(runs.len(), 3, "{report:#}");
    assert_eq!((&runs[2]["busy"], &runs[2]["outcome"]), (&"cpu".into(), &"stopped".into()));
    for run in &runs[..2] {
        assert_eq!((&run["outcome"], &run["increments"]), (&"done".into(), &20.into()));
    }
}

fn stop_without_a_run_is_harmless(page: &Page) {
    page.stage(QUICK);
    assert!(page.stop(FIGURE).is_null(), "nothing has run, so there is nothing to report");
    assert_eq!(page.state(FIGURE), "ready");
    let report = page.run();
    is_whole(&report);
    assert_eq!(page.stop(FIGURE), report, "after a run, its report");
    assert_eq!(page.state(FIGURE), "done");
}

fn stop_right_after_run_leaves_nothing_running(page: &Page) {
    page.stage(ENDLESS);
    let calls = page.js("return [begin(lab().run()), begin(lab().stop())]");
    page.wait_state(FIGURE, "stopped");
    for call in list(&calls) {
        page.wait("the promise settles", &format!("suite.runs[{call}].settled"));
    }
    page.set(FIGURE, "wait-ms", "5");
    is_whole(&page.run());
}

fn stop_while_the_threads_start_is_heard(page: &Page) {
    page.stage(&ENDLESS.replace("threads=\"4\"", "threads=\"64\""));
    let before = page.worker_threads();
    let run = page.begin(FIGURE, "run");
    page.until_some(Duration::from_secs(20), "threads begin to start", || {
        if page.worker_threads() > before { Ok(()) } else { Err("none yet".to_owned()) }
    });
    stop_within(page, run, Duration::from_secs(10));
}

fn stop_twice_gives_the_same_report(page: &Page) {
    page.stage(ENDLESS);
    page.begin_phase(FIGURE, 0);
    let [first, second] = page.reports_of("lab().stop(), lab().stop()");
    assert_eq!(first, second);
    is_partial(&first, "stopped");
    assert_eq!(page.heard("lab-report").len(), 1);
}

fn settings_changed_during_a_run_are_for_the_next_one(page: &Page) {
    page.stage(ENDLESS);
    let run = page.begin_phase(FIGURE, 0);
    page.set(FIGURE, "threads", "3");
    page.set(FIGURE, "wait-ms", "5");
    assert_eq!(page.state(FIGURE), "running");
    let settings = |report: &Value| {
        ["threads", "waitMs"].map(|name| report["config"][name].as_u64().unwrap_or_default())
    };
    assert_eq!(settings(&stop_within(page, run, SOON)), [4, 60_000]);
    let report = page.run();
    is_whole(&report);
    assert_eq!(settings(&report), [3, 5]);
}

fn stopping_again_and_again_leaves_no_threads_behind(page: &Page) {
    page.stage(ENDLESS);
    let before = page.worker_threads();
    for _ in 0..5 {
        stopped_in(page, 0);
    }
    // Four workers, their owner and the coordinator.
    page.wait_threads(before + 6);
}
