//! What happens to a page while a figure runs: it is hidden, left and come back to, resized; and what it says to its console.

use super::{Case, cases};
use crate::engine::Engine;
use crate::lab::{ENDLESS, FIGURE, QUICK};
use crate::master::was_hidden;
use crate::page::Page;
use crate::report::{is_valid, is_whole, list, number};

/// The tests.
pub const CASES: &[Case] = cases![
    a_run_in_a_hidden_page_ends_and_says_that_it_was_hidden,
    a_run_that_was_seen_all_the_time_has_no_warning,
    a_run_in_a_frame_that_is_scrolled_away_says_so,
    events_that_a_busy_page_could_not_read_are_counted_and_told,
    a_page_left_in_mid_run_can_be_used_when_the_reader_is_back,
    of_two_figures_the_one_that_ran_has_its_partial_report_on_the_way_back,
    after_a_sleep_the_live_view_moves_with_what_happens,
    a_page_left_at_rest_can_be_used_when_the_reader_is_back,
    a_window_resized_in_mid_run_does_not_disturb_it,
    the_console_stays_quiet_through_runs_stops_and_resizes
        .only(&[Engine::Chromium, Engine::Firefox]),
    no_layout_shifts_when_a_run_begins_and_ends,
];

fn a_run_in_a_hidden_page_ends_and_says_that_it_was_hidden(page: &Page) {
    page.stage(r#"<lock-lab threads="4" times="10" wait-ms="100" loops="1000"></lock-lab>"#);
    let call = page.begin_phase(FIGURE, 0);
    page.hide();
    let report = page.settled(call).report();
    page.unhide();
    is_whole(&report);
    was_hidden(&report);
    page.wait(
        "a reader sees it",
        "/hidden|background|another (tab|window)|out of sight/i.test(words())",
    );
}

fn a_run_that_was_seen_all_the_time_has_no_warning(page: &Page) {
    // Four increments are enough to tell noise from a difference.
    page.stage(r#"<lock-lab threads="4" times="4" wait-ms="5" loops="1000"></lock-lab>"#);
    let report = page.run();
    assert!(report["warnings"].as_array().is_none_or(Vec::is_empty), "{}", report["warnings"]);
}

fn a_run_in_a_frame_that_is_scrolled_away_says_so(page: &Page) {
    page.open_framed("threads=2&times=10&wait-ms=100&loops=1000", 0);
    page.js("document.body.style.height = '9000px'; order('lab-run')");
    page.told_state("running");
    page.js("scrollTo(0, 6000)");
    let report = &page.told("lab-report")["report"];
    is_whole(report);
    let warnings = list(&report["warnings"]);
    assert!(warnings.iter().any(|one| one["code"] == "frame-unseen"), "{warnings:?}");
}

fn events_that_a_busy_page_could_not_read_are_counted_and_told(page: &Page) {
    // A reply has to be waited for each time, and a wait is an event.
    page.stage(
        r#"<lock-lab threads="4" times="1000" wait-ms="0" loops="0" counter="channel"></lock-lab>"#,
    );
    // From the moment on at which the threads are told to run, the page does something else.
    page.js(
        "const { postMessage } = Worker.prototype;
        Worker.prototype.postMessage = function (message, ...rest) {
            postMessage.call(this, message, ...rest);
            if (message?.type === 'run') for (const end = performance.now() + 2500; performance.now() < end; );
        };",
    );
    let report = page.run();
    let recording = &report["recording"];
    assert!(number(&recording["overwritten"]) > 0.0, "a ring is overrun: {recording}");
    let warnings = list(&report["warnings"]);
    let found = warnings.iter().find(|warning| warning["code"] == "events-overwritten");
    let found = found.unwrap_or_else(|| panic!("nothing is said of it: {}", report["warnings"]));
    // Not a whole lap more than what is gone.
    assert_eq!(found["lost"], recording["overwritten"], "{found}, {recording}");
    assert_eq!(found["events"], recording["events"], "{found}, {recording}");
    page.wait("a reader sees it", "/came too fast to be read/.test(words())");
}

/// Goes to another page and back. Whether the browser kept the page or loads it anew is its own affair.
#[track_caller]
fn leave_and_return(page: &Page) {
    page.open(&page.site.stage("<p>Another page</p>"));
    page.back();
    page.wait("nothing is left running", "['ready', 'stopped', 'done'].includes(lab()?.state)");
}

fn a_page_left_in_mid_run_can_be_used_when_the_reader_is_back(page: &Page) {
    page.stage(ENDLESS);
    page.begin_phase(FIGURE, 0);
    leave_and_return(page);
    page.set(FIGURE, "wait-ms", "5");
    is_whole(&page.run());
}

/// A browser that keeps the page keeps it as it was left: what one of its figures had measured is there.
fn of_two_figures_the_one_that_ran_has_its_partial_report_on_the_way_back(page: &Page) {
    page.stage(&format!("{ENDLESS}{}", QUICK.replace("<lock-lab", "<lock-lab id='other'")));
    page.wait_state("#other", "ready");
    page.js("addEventListener('pageshow', ({ persisted }) => (window.kept = persisted))");
    page.begin_phase(FIGURE, 0);
    leave_and_return(page);
    if page.is("window.kept") {
        page.wait_state(FIGURE, "stopped");
        assert_eq!(page.get(FIGURE, "report")["outcome"], "stopped");
    }
    is_whole(&page.run_of("#other"));
}

/// The page's clock stands while the machine sleeps, its workers' goes on, or the other way round.
fn after_a_sleep_the_live_view_moves_with_what_happens(page: &Page) {
    page.stage(
        r#"<lock-lab figure="master-worker" threads="2" times="12" wait-ms="200"></lock-lab>"#,
    );
    page.js("Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin - 3600000 })");
    let call = page.begin(FIGURE, "run");
    const SHARE: &str = "lab().shadowRoot.querySelector('progress').value";
    let before = page.wait("something has happened", SHARE);
    page.wait("and more has", &format!("{SHARE} > {before}"));
    let report = page.settled(call).report();
    assert_eq!(report["outcome"], "done");
    let warnings = list(&report["warnings"]);
    let shifted = warnings.iter().find(|one| one["code"] == "clock-shifted");
    let ms = number(&shifted.expect("a page with another clock says so")["ms"]);
    assert!((3_500_000.0..3_700_000.0).contains(&ms), "{ms}");
    assert!(page.words(FIGURE).contains("from the machine’s"), "in words as well");
}

fn a_page_left_at_rest_can_be_used_when_the_reader_is_back(page: &Page) {
    page.stage(QUICK);
    page.run();
    leave_and_return(page);
    assert_ne!(page.state(FIGURE), "stopped");
    is_whole(&page.run());
    page.is_quiet();
}

fn a_window_resized_in_mid_run_does_not_disturb_it(page: &Page) {
    page.stage(r#"<lock-lab threads="8" times="10" wait-ms="100" loops="1000"></lock-lab>"#);
    let call = page.begin_phase(FIGURE, 0);
    for (width, height) in [(900, 700), (600, 800), (1280, 800)] {
        assert!(page.set_viewport(width, height), "the window can't be made {width} × {height}");
        let fits = page.is("document.scrollingElement.scrollWidth <= innerWidth");
        assert!(fits, "it scrolls sideways at {width}");
    }
    let report = page.settled(call).report();
    is_whole(&report);
    page.is_quiet();
}

fn the_console_stays_quiet_through_runs_stops_and_resizes(page: &Page) {
    page.open_page("index.html?threads=4&times=3&wait-ms=5&loops=1000");
    is_whole(&page.run());
    page.set(FIGURE, "threads", "6");
    is_whole(&page.run());
    page.set(FIGURE, "wait-ms", "60000");
    page.begin_phase(FIGURE, 0);
    is_valid(&page.stop(FIGURE));
    // The log is read in the order in which it was written: what stands behind this line was said later.
    page.js("console.info('the suite has seen enough')");
    page.until_some(std::time::Duration::from_secs(5), "the console has come so far", || {
        if page.console().iter().any(|line| line.text.contains("seen enough")) {
            Ok(())
        } else {
            Err("not yet".to_owned())
        }
    });
    let complaints: Vec<_> =
        page.console().into_iter().filter(|line| line.is_complaint).map(|line| line.text).collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
}

fn no_layout_shifts_when_a_run_begins_and_ends(page: &Page) {
    page.stage(QUICK);
    page.js(
        "suite.tops = new Set(); suite.top = () => Math.round(parts().find((one) => one.localName === 'button' && isSeen(one) && /^(run|stop)/i.test(one.textContent.trim())).getBoundingClientRect().top + scrollY);
         suite.tops.add(suite.top()); (function look() { suite.tops.add(suite.top()); requestAnimationFrame(look); })()",
    );
    page.run();
    page.run();
    let tops = page.js("return [...suite.tops]");
    assert_eq!(
        list(&tops).len(),
        1,
        "the Run button moved: {tops} pixels from the top of the page"
    );
}
