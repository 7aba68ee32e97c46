//! Measures what masters and workers promise: what asking costs, what being told costs, and how soon a death is seen and mended.

use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::bench::{add, goal, timing};
use super::table::Row;
use crate::engine::Engine;
use crate::lab::FIGURE;
use crate::page::Page;
use crate::report::{list, number};
use crate::runner::Runner;
use crate::soak::{self, Tally};
use crate::suite::Case;

/// What is measured.
pub const CASES: &[Case] = &[
    Case::new("told", told).within(120),
    Case::new("polled", polled).within(120),
    Case::new("scheduling", scheduling).within(120),
    Case::new("death", death).within(120),
];

fn delays(report: &Value) -> impl Iterator<Item = f64> {
    list(&report["noticing"]["delaysMs"]).iter().map(number)
}

/// A round over its ideal, and how long the master goes without knowing.
fn told(page: &Page) {
    page.open_figure("figure=master-worker&threads=10&times=5&wait-ms=300&notice=told");
    let mut over = Vec::new();
    for _ in 0..3 {
        let report = page.run();
        over.extend(list(&report["rounds"]).iter().map(|round| {
            ((number(&round["endMs"]) - number(&round["startMs"])) / 300.0 - 1.0) * 100.0
        }));
    }
    let name = page.engine.name();
    add(Row::most(
        "a round over its ideal, told, 10 jobs of 300 ms",
        name,
        "%",
        goal(page, 3.0, 3.0),
        over,
    ));
    page.set(FIGURE, "wait-ms", "10");
    page.set(FIGURE, "times", "200");
    let mut knew: Vec<_> = delays(&page.run()).collect();
    knew.sort_by(f64::total_cmp);
    let last = knew.len() - 1;
    add(Row::most(
        "last job done → master knows, told, median of 200",
        name,
        "ms",
        Some(0.2),
        vec![knew[last / 2]],
    ));
    add(Row::most("the same, 99th percentile", name, "ms", Some(5.0), vec![knew[last * 99 / 100]]));
}

/// The same when the master asks: jobs end at all moments between two looks, which half of the interval is meant for.
fn polled(page: &Page) {
    page.open_figure("figure=master-worker&threads=10&times=2&notice=poll&poll-ms=100");
    let mut all = Vec::new();
    for wait in (205..=295).step_by(10) {
        page.set(FIGURE, "wait-ms", &wait.to_string());
        all.extend(delays(&page.run()));
    }
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    add(Row::most(
        "polled every 100 ms: mean delay off half the interval",
        page.engine.name(),
        "%",
        Some(15.0),
        vec![(mean / 50.0 - 1.0).abs() * 100.0],
    ));
}

/// What 128 workers cost their master.
fn scheduling(page: &Page) {
    page.open_figure("figure=master-worker&threads=128&times=3&wait-ms=200&notice=poll&poll-ms=20");
    let (mut going, mut look) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let report = page.run();
        going.push(number(&report["schedulingMs"]));
        look.push(number(&report["noticing"]["pollUs"]));
    }
    let name = page.engine.name();
    add(Row::most("first store to the last of 128 jobs' start", name, "ms", Some(20.0), going));
    add(Row::most("one look at 128 workers", name, "µs", Some(20.0), look));
}

/// How soon a master's death is seen, and how soon its heir looks.
fn death(page: &Page) {
    page.open_figure("figure=master-exit&threads=10&wait-ms=1000");
    let (mut seen, mut adopted) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let report = page.run();
        seen.push(number(&report["master"]["deathSeenMs"]));
        adopted.push(timing(page, "lock-lab adoption"));
    }
    let name = page.engine.name();
    add(Row::most(
        "a master's death to the page's knowing (2 heartbeats)",
        name,
        "ms",
        Some(100.0),
        seen,
    ));
    add(Row::most(
        "adoption to the heir's first look, warm",
        name,
        "ms",
        Some(if page.engine == Engine::Webkit { 500.0 } else { 50.0 }),
        adopted,
    ));
}

/// Kills, deaths and adoptions of the whole soak, on one engine.
const EVENTS: usize = 1000;
const SOAK: Case = Case::new("soak", endure).within(3000);

/// What the soak on the engine at hand came to.
static TALLY: Mutex<Option<Tally>> = Mutex::new(None);

fn endure(page: &Page) {
    *TALLY.lock().unwrap_or_else(PoisonError::into_inner) = Some(soak::soak(page, EVENTS));
}

/// Kills workers and masters a thousand times over, and prints what became of the jobs.
///
/// # Errors
/// A sentence about the first account that did not add up.
pub fn soak(runner: &mut Runner, engines: &[Engine]) -> Result<(), String> {
    for &engine in engines {
        eprintln!("▸ {EVENTS} kills, deaths and adoptions in {}", engine.name());
        runner.run(engine, SOAK)?;
        let tally = TALLY.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Tally { kills, deaths, adoptions, jobs, late, threads, mb }) = tally {
            println!(
                "{}: {kills} kills, {deaths} deaths, {adoptions} adoptions, {jobs} jobs: none done twice, none lost while somebody could do it, \
                 {late} results too late and refused; {threads} worker threads and {mb:.1} MB more than before",
                engine.name()
            );
        }
    }
    Ok(())
}
