//! Threads come with a run and go again: seen from outside the browser, by the system's own list.

use std::time::Duration;

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::{FIGURE, QUICK};
use crate::page::Page;
use crate::report::is_whole;
use crate::site::Fault;

/// Workers that every group has beside its threads: the owner and the coordinator.
const STAFF: usize = 2;

/// The tests.
pub const CASES: &[Case] = cases![
    no_thread_is_started_before_someone_reaches_for_run,
    each_thread_count_gets_its_own_threads_and_the_old_ones_go.within(120),
    dragging_a_slider_starts_neither_threads_nor_a_run,
    threads_start_while_the_module_comes,
    threads_are_kept_for_the_next_run_of_the_same_number,
    one_group_of_workers_is_all_that_chromium_lists.only(&[Engine::Chromium]),
];

fn no_thread_is_started_before_someone_reaches_for_run(page: &Page) {
    page.stage(QUICK);
    assert_eq!(page.js("return workersStarted"), serde_json::json!([]));
    is_whole(&page.run());
    assert_eq!(
        page.js("return workersStarted.length"),
        STAFF,
        "an owner and a coordinator, and nothing else by the page itself"
    );
}

fn each_thread_count_gets_its_own_threads_and_the_old_ones_go(page: &Page) {
    page.stage(QUICK);
    page.set(FIGURE, "times", "1");
    let before = page.worker_threads();
    for threads in [4, 20, 64, 1] {
        page.set(FIGURE, "threads", &threads.to_string());
        let report = page.run();
        is_whole(&report);
        assert_eq!(report["runs"][0]["workers"].as_array().map(Vec::len), Some(threads));
        page.wait_threads(before + threads + STAFF);
    }
}

/// The module is held back meanwhile.
fn threads_start_while_the_module_comes(page: &Page) {
    page.open(&page.site.isolated.broken(
        Fault::WasmSlow,
        "index.html?figure=lock-cost&threads=32&times=2&wait-ms=5&loops=1000",
    ));
    page.wait_state(FIGURE, "ready");
    let run = page.begin(FIGURE, "run");
    page.until_some(Duration::from_secs(20), "all threads are there", || {
        match page.worker_threads() {
            now if now >= 32 + STAFF => Ok(()),
            now => Err(format!("{now} worker threads")),
        }
    });
    assert!(!page.is_settled(run), "the module was not held back: this test shows nothing");
    page.site.isolated.mend();
    is_whole(&page.settled(run).report());
}

fn dragging_a_slider_starts_neither_threads_nor_a_run(page: &Page) {
    page.stage(QUICK);
    let before = page.get(FIGURE, "config")["threads"].clone();
    page.drag("control('range', /thread/i)", &[8, 8, 8, 8, 8, 8, 8, 8, -8, 8, 8, 8]);
    let after = page.get(FIGURE, "config")["threads"].clone();
    assert_ne!(before, after, "the drag moved the slider");
    // Had the drag set anything off, that would be there beside this run.
    let report = page.run();
    is_whole(&report);
    assert_eq!(report["config"]["threads"], after);
    let started = page.js("return workersStarted.length").as_u64().unwrap_or_default() as usize;
    assert!(
        started <= 2 * STAFF,
        "a group when the pointer came near, and one for the run, but none for each step: {started} workers"
    );
    assert_eq!(page.heard("lab-report").len(), 1);
}

fn threads_are_kept_for_the_next_run_of_the_same_number(page: &Page) {
    page.stage(QUICK);
    page.run();
    page.set(FIGURE, "times", "5");
    is_whole(&page.run());
    assert_eq!(
        page.js("return workersStarted.length"),
        STAFF,
        "the second run had the first one's threads"
    );
}

fn one_group_of_workers_is_all_that_chromium_lists(page: &Page) {
    page.stage(QUICK);
    page.set(FIGURE, "threads", "9");
    page.run();
    page.set(FIGURE, "threads", "5");
    page.run();
    page.until_some(
        Duration::from_secs(15),
        "Chromium lists five workers, an owner and a coordinator",
        || match page.worker_targets() {
            targets if targets == 5 + STAFF => Ok(()),
            targets => Err(format!("{targets} worker targets")),
        },
    );
}
