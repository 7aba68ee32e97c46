//! The post's own numbers, whole: 20 threads, 20 times, waits of a second, 1,000,000 multiplications. Takes three quarters of a minute.

use std::time::Duration;

use super::bench::add;
use super::table::Row;
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{is_whole, number};
use crate::suite::Case;

/// What is measured.
pub const CASE: Case = Case::new("post", post).within(120);

const RUNS: [&str; 4] = [
    "the post's numbers: IO, no lock (CPython: 20.066 s)",
    "IO, lock (CPython: 20.056 s)",
    "CPU, no lock (CPython: 32.659 s)",
    "CPU, lock (CPython: 30.786 s)",
];

fn post(page: &Page) {
    page.open_figure("figure=lock-cost&threads=20&times=20&wait-ms=1000&loops=1000000");
    let call = page.begin(FIGURE, "run");
    let report = page.settled_within(Duration::from_secs(110), call).report();
    is_whole(&report);
    for (run, what) in RUNS.into_iter().enumerate() {
        let seconds = number(&report["runs"][run]["wallMs"]) / 1e3;
        add(Row::most(what, page.engine.name(), "s", None, vec![seconds]));
    }
}
