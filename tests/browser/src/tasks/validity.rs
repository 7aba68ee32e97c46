//! Do the figures say what is so? The table of checks that docs/measuring.md quotes: the native half is `examples/validity.rs`, here is what
//! only a page can show, each run on a fresh one.

use std::sync::atomic::{AtomicBool, Ordering};

use super::bench::{Goal, row};
use super::native;
use crate::page::Page;
use crate::report::number;
use crate::suite::Case;

pub const CASES: &[Case] = &[
    Case::new("validity-lock-cost", lock_cost).within(590),
    Case::new("validity-price-list", price_list).within(300),
];

/// Whether there is time for as many experiments as the goals are about.
pub static FULL: AtomicBool = AtomicBool::new(false);

fn experiments(few: usize, many: usize) -> usize {
    if FULL.load(Ordering::Relaxed) { many } else { few }
}

fn share(of: &[bool]) -> f64 {
    of.iter().filter(|is| **is).count() as f64 / of.len().max(1) as f64 * 100.0
}

/// Two equal CPU runs, as the page calls them with a lock and without: which was the shorter one, and was a difference claimed?
fn lock_cost(page: &Page) {
    for threads in [1, 4, 20] {
        let (mut shorter, mut claimed, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..experiments(10, 40) {
            page.open_figure(&format!(
                "figure=lock-cost&counter=none&threads={threads}&times=20&wait-ms=5&loops=1000000"
            ));
            let report = page.run();
            let wall = |run: usize| number(&report["runs"][run]["wallMs"]);
            shorter.push(wall(3) < wall(2));
            ratios.push(wall(3) / wall(2));
            claimed.push(report["verdict"]["cpu"]["shows"] == true);
        }
        let what = |what: &str| {
            format!("lock-cost, {threads} threads, two equal runs: {what} (of {})", shorter.len())
        };
        let aside = (share(&shorter) - 50.0).abs();
        ratios.sort_by(f64::total_cmp);
        eprintln!(
            "  {threads} threads: the second was the shorter one in {:.0} %, {:.3} times as long in the median, a difference claimed in {:.0} %",
            share(&shorter),
            ratios[ratios.len() / 2],
            share(&claimed),
        );
        page.row(what("second shorter, beside 50 %"), "%", Goal::Most(20.0), [aside]);
        page.row(what("a difference claimed"), "%", Goal::Most(5.0), [share(&claimed)]);
    }
}

/// The empty loop against itself.
fn price_list(page: &Page) {
    let same = |_| {
        page.open_figure("figure=price-list&budget-ms=1000");
        page.run()["control"]["shows"] == false
    };
    let same: Vec<_> = (0..experiments(10, 100)).map(same).collect();
    let what = format!("price list, the empty loop against itself: nothing (of {})", same.len());
    page.row(what, "%", Goal::Least(95.0), [share(&same)]);
}

/// What needs no page.
///
/// # Errors
/// A sentence, when the example can't be built or run.
pub fn natively() -> Result<(), String> {
    for (what, right, of, least) in native::validity(experiments(10, 100))? {
        row(
            format!("{what} (of {of})"),
            "native",
            "%",
            Goal::Least(least),
            [right / of.max(1.0) * 100.0],
        );
    }
    Ok(())
}
