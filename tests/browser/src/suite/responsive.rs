//! The page stays alive while many threads have the processors: scripts are answered, frames are drawn, Stop is heard.

use std::time::{Duration, Instant};

use super::{Case, cases};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_partial, number};

/// The tests.
pub const CASES: &[Case] = cases![
    the_page_answers_while_64_threads_calculate.within(90),
    frames_are_drawn_while_64_threads_calculate.within(90)
];

/// As many threads as that, all calculating until they are stopped.
const BUSY: &str = r#"<lock-lab threads="64" times="5" wait-ms="0" loops="1000000000"></lock-lab>"#;

fn the_page_answers_while_64_threads_calculate(page: &Page) {
    page.stage(BUSY);
    let call = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 2);
    for _ in 0..2 {
        let asked = Instant::now();
        assert_eq!(page.js("return 6 * 7"), 42);
        assert!(
            asked.elapsed() < Duration::from_secs(2),
            "the page took {:.1} s to answer",
            asked.elapsed().as_secs_f32()
        );
    }
    page.click("stopButton()");
    let report = page.settled(call).report();
    is_partial(&report, "stopped");
    assert_eq!(page.state(FIGURE), "stopped");
}

fn frames_are_drawn_while_64_threads_calculate(page: &Page) {
    page.stage(BUSY);
    let call = page.begin(FIGURE, "run");
    page.wait_phase(FIGURE, 2);
    page.js("suite.frames = 0; (function count() { suite.frames += 1; requestAnimationFrame(count); })()");
    let begun = Instant::now();
    page.wait("thirty frames have been drawn", "suite.frames >= 30");
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "thirty frames took {:.1} s",
        begun.elapsed().as_secs_f32()
    );
    assert!(number(&page.js("return suite.frames")) >= 30.0);
    let stopping = page.begin(FIGURE, "stop");
    is_partial(&page.settled(stopping).report(), "stopped");
    page.settled(call).report();
}
