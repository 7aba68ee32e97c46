//! What is fetched when: the module's bytes are the reader's, who may only have come to read.

use std::time::Duration;

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::{FIGURE, QUICK};
use crate::page::Page;
use crate::report::is_whole;
use crate::site::Fault;

/// The tests.
pub const CASES: &[Case] = cases![
    nothing_is_fetched_for_a_run_before_the_press_of_a_reader_who_saves,
    the_module_comes_when_a_reader_turns_to_the_figure_and_no_sooner,
    // Safari tells nothing of its connection.
    the_module_comes_by_itself_where_the_connection_is_good
        .only(&[Engine::Chromium, Engine::Firefox]),
    a_stop_does_not_wait_for_the_module,
];

/// Opens a figure on a page whose browser says this of its connection, in a folder that no cache knows, and waits until it is ready.
#[track_caller]
fn open(page: &Page, connection: &str) {
    let html = format!(
        "<!doctype html><script>Object.defineProperty(navigator, 'connection', {{ value: {connection} }})</script>\
         <script type='module' src='lock-lab.js'></script>{QUICK}"
    );
    let staged = page.site.stage_whole(&page.site.isolated, &html);
    page.site.isolated.asked();
    page.open(&page.site.isolated.fresh(staged.rsplit('/').next().unwrap_or_default()));
    page.wait_state(FIGURE, "ready");
    // The recorded run comes last.
    page.wait("the figure shows a run", "words().includes('Recorded')");
}

/// Which of the files have been asked for that only a run needs, or nobody.
fn for_runs(page: &Page) -> Vec<String> {
    let mut asked = page.site.isolated.asked();
    // Its picture is for paper.
    let needless = ["wasm", "worker", "cards/"];
    asked.retain(|path| needless.iter().any(|part| path.contains(part)));
    asked
}

#[track_caller]
fn module_comes(page: &Page) {
    page.until_some(Duration::from_secs(10), "the module is asked for", || {
        let asked = for_runs(page);
        let comes = asked.iter().any(|path| path.ends_with(".wasm"));
        if comes { Ok(()) } else { Err(format!("{asked:?}")) }
    });
}

fn nothing_is_fetched_for_a_run_before_the_press_of_a_reader_who_saves(page: &Page) {
    for connection in
        ["{ saveData: true, effectiveType: '4g', downlink: 10 }", "{ effectiveType: '3g' }"]
    {
        open(page, connection);
        page.hover("runButton()", [0, 0]);
        page.js("runButton().focus()");
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(for_runs(page).join(" "), "", "{connection}");
        page.click("runButton()");
        page.wait_state(FIGURE, "done");
        is_whole(&page.get(FIGURE, "report"));
    }
}

fn the_module_comes_when_a_reader_turns_to_the_figure_and_no_sooner(page: &Page) {
    for connection in ["undefined", "{ effectiveType: '4g', downlink: 1.6 }"] {
        open(page, connection);
        std::thread::sleep(Duration::from_millis(500));
        assert_eq!(for_runs(page).join(" "), "", "{connection}");
        // A pointer that stands where it stood before has not moved.
        for x in [2, 9] {
            page.hover("control('range', /thread/i)", [x, 2]);
        }
        module_comes(page);
        is_whole(&page.run());
    }
}

fn the_module_comes_by_itself_where_the_connection_is_good(page: &Page) {
    open(page, "{ effectiveType: '4g', downlink: 10 }");
    module_comes(page);
}

/// It is pressed while the module is held back, and after that the figure runs as any other.
fn a_stop_does_not_wait_for_the_module(page: &Page) {
    page.open(&page.site.isolated.broken(
        Fault::WasmSlow,
        "index.html?figure=lock-cost&threads=4&times=2&wait-ms=5&loops=1000",
    ));
    page.wait_state(FIGURE, "ready");
    let run = page.begin(FIGURE, "run");
    page.wait("it says what it waits for", "words().includes('Fetching')");
    page.begin(FIGURE, "stop");
    let (code, _) = page.settled_within(Duration::from_secs(5), run).refusal();
    assert_eq!(code, "cancelled");
    assert_eq!(page.state(FIGURE), "stopped");
    page.site.isolated.mend();
    is_whole(&page.run());
}
