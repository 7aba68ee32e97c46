//! The page stays alive while many threads have the processors: scripts are answered, frames are drawn, Stop is heard.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use super::{Case, cases};
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_partial, is_whole};

/// The tests.
pub const CASES: &[Case] = cases![
    the_page_answers_while_64_threads_calculate.within(90),
    frames_are_drawn_while_64_threads_calculate.within(90),
    many_threads_come_and_go_while_others_have_the_processors.within(150)
];

/// As many threads as that, all calculating until they are stopped.
const BUSY: &str = r#"<lock-lab threads="64" times="5" wait-ms="0" loops="1000000000"></lock-lab>"#;

fn the_page_answers_while_64_threads_calculate(page: &Page) {
    page.stage(BUSY);
    let call = page.begin_phase(FIGURE, 2);
    // How soon is the bench's to say: here, that it does while nobody has stopped yet.
    for _ in 0..2 {
        assert_eq!(page.js("return 6 * 7"), 42);
        assert_eq!(page.state(FIGURE), "running");
    }
    page.click("stopButton()");
    let report = page.settled(call).report();
    is_partial(&report, "stopped");
    assert_eq!(page.state(FIGURE), "stopped");
}

fn frames_are_drawn_while_64_threads_calculate(page: &Page) {
    page.stage(BUSY);
    let call = page.begin_phase(FIGURE, 2);
    page.js("suite.frames = 0; (function count() { suite.frames += 1; requestAnimationFrame(count); })()");
    // How many a second is the bench's to say: with two processors, 64 busy threads and a software renderer they are few.
    page.wait("twelve frames have been drawn", "suite.frames >= 12");
    assert_eq!(page.state(FIGURE), "running");
    is_partial(&page.stop(FIGURE), "stopped");
    page.settled(call).report();
}

/// A lock that spins turns a thread that loses its processor inside into a standstill of all: 128 threads that
/// start, allocate and end show it within a run.
fn many_threads_come_and_go_while_others_have_the_processors(page: &Page) {
    page.stage(r#"<lock-lab threads="128" times="3" wait-ms="5" loops="1000"></lock-lab>"#);
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let _end = OnDrop(&over);
        for _ in 0..4 {
            scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    spin_loop();
                }
            });
        }
        for _ in 0..2 {
            let call = page.begin(FIGURE, "run");
            is_whole(&page.settled_within(Duration::from_secs(40), call).report());
        }
    });
}

/// Ends the others also where the test fails: they would be waited for.
struct OnDrop<'a>(&'a AtomicBool);

impl Drop for OnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
