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
    stop_ends_an_io_wait_of_a_minute,
    stop_ends_a_cpu_loop_of_a_billion,
    stop_keeps_the_runs_that_were_over,
    stop_without_a_run_is_harmless,
    stop_right_after_run_leaves_nothing_running,
    stop_while_the_threads_start_is_heard,
    stop_twice_gives_the_same_report,
    a_run_after_a_stop_is_whole,
    settings_changed_during_a_run_are_for_the_next_one,
    stopping_again_and_again_leaves_no_threads_behind.within(90),
];

/// Stops, and gives the report that both promises agree on.
#[track_caller]
fn stop(page: &Page, run: u64) -> Value {
    let begun = Instant::now();
    let stopping = page.begin(FIGURE, "stop");
    let report = page.settled(stopping).report();
    assert!(begun.elapsed() < SOON, "the stop took {:.1} s", begun.elapsed().as_secs_f32());
    assert_eq!(page.settled(run).report(), report, "run() and stop() give the same report");
    assert_eq!(page.state(FIGURE), "stopped");
    is_partial(&report, "stopped");
    assert_eq!(page.get(FIGURE, "report"), report);
    report
}

fn stop_ends_an_io_wait_of_a_minute(page: &Page) {
    page.stage(ENDLESS);
    let run = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 0);
    let report = stop(page, run);
    assert_eq!(list(&report["runs"]).len(), 1);
    assert_eq!(report["runs"][0]["busy"], "io");
}

fn stop_ends_a_cpu_loop_of_a_billion(page: &Page) {
    page.stage(GRINDING);
    let run = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 2);
    let report = stop(page, run);
    let runs = list(&report["runs"]);
    assert_eq!(runs.len(), 3, "{report:#}");
    assert_eq!((&runs[2]["busy"], &runs[2]["outcome"]), (&"cpu".into(), &"stopped".into()));
}

fn stop_keeps_the_runs_that_were_over(page: &Page) {
    page.stage(GRINDING);
    let run = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 2);
    let report = stop(page, run);
    for index in 0..2 {
        assert_eq!(report["runs"][index]["outcome"], "done");
        assert_eq!(report["runs"][index]["increments"], 20);
    }
}

fn stop_without_a_run_is_harmless(page: &Page) {
    page.stage(QUICK);
    let call = page.begin(FIGURE, "stop");
    assert!(
        page.settled(call).report().is_null(),
        "nothing has run, so there is nothing to report"
    );
    assert_eq!(page.state(FIGURE), "ready");
    let report = page.run();
    is_whole(&report);
    let call = page.begin(FIGURE, "stop");
    assert_eq!(page.settled(call).report(), report, "after a run, its report");
    assert_eq!(page.state(FIGURE), "done");
}

fn stop_right_after_run_leaves_nothing_running(page: &Page) {
    page.stage(ENDLESS);
    let calls = page.js("return [begin(lab().run()), begin(lab().stop())]");
    page.wait_state(FIGURE, "stopped");
    for call in list(&calls).iter().filter_map(Value::as_u64) {
        page.wait("the promise settles", &format!("suite.runs[{call}].settled"));
    }
    page.js("lab().setAttribute('wait-ms', '5')");
    is_whole(&page.run());
}

fn stop_while_the_threads_start_is_heard(page: &Page) {
    page.stage(&ENDLESS.replace("threads=\"4\"", "threads=\"64\""));
    let before = page.worker_threads();
    let run = page.begin(FIGURE, "run");
    page.until_some(Duration::from_secs(20), "threads begin to start", || {
        if page.worker_threads() > before { Ok(()) } else { Err("none yet".to_owned()) }
    });
    let begun = Instant::now();
    let stopping = page.begin(FIGURE, "stop");
    let report = page.settled(stopping).report();
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "the stop took {:.1} s",
        begun.elapsed().as_secs_f32()
    );
    assert_eq!(page.settled(run).report(), report);
    assert_eq!(page.state(FIGURE), "stopped");
    is_partial(&report, "stopped");
}

fn stop_twice_gives_the_same_report(page: &Page) {
    page.stage(ENDLESS);
    page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 0);
    let calls = page.js("return [begin(lab().stop()), begin(lab().stop())]");
    let reports: Vec<_> = list(&calls)
        .iter()
        .filter_map(Value::as_u64)
        .map(|call| page.settled(call).report())
        .collect();
    assert_eq!(reports[0], reports[1]);
    is_partial(&reports[0], "stopped");
    assert_eq!(page.heard("lab-report").len(), 1);
}

fn a_run_after_a_stop_is_whole(page: &Page) {
    page.stage(ENDLESS);
    let run = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 0);
    let stopped = stop(page, run);
    page.set(FIGURE, "wait-ms", "5");
    let report = page.run();
    is_whole(&report);
    assert_ne!(report["startedAt"], stopped["startedAt"]);
    assert_eq!(page.state(FIGURE), "done");
}

fn settings_changed_during_a_run_are_for_the_next_one(page: &Page) {
    page.stage(ENDLESS);
    let run = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 0);
    page.set(FIGURE, "threads", "3");
    page.set(FIGURE, "wait-ms", "5");
    assert_eq!(page.state(FIGURE), "running");
    let report = stop(page, run);
    assert_eq!(
        (&report["config"]["threads"], &report["config"]["waitMs"]),
        (&4.into(), &60_000.into())
    );
    let report = page.run();
    is_whole(&report);
    assert_eq!((&report["config"]["threads"], &report["config"]["waitMs"]), (&3.into(), &5.into()));
}

fn stopping_again_and_again_leaves_no_threads_behind(page: &Page) {
    page.stage(ENDLESS);
    let before = page.worker_threads();
    for _ in 0..5 {
        let run = page.begin(FIGURE, "run");
        page.wait_phase(FIGURE, 0);
        stop(page, run);
    }
    page.until_some(Duration::from_secs(10), "one group of threads is left at the most", || {
        match page.worker_threads() {
            // Four workers, their owner and the coordinator.
            now if now <= before + 6 => Ok(()),
            now => Err(format!("{now} worker threads, {before} before the first run")),
        }
    });
}
