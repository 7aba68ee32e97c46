//! Measures what masters and workers promise: what polling costs, what being notified costs, and how soon a death is seen and repaired.

use std::time::Duration;

use serde_json::Value;

use super::bench::Goal;
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
        let times = |round: &Value| number(&round["endMs"]) - number(&round["startMs"]);
        let rounds = list(&report["rounds"]).iter();
        over.extend(rounds.map(|round| (times(round) / 300.0 - 1.0) * 100.0));
    }
    page.row("a round over its ideal, told, 10 jobs of 300 ms", "%", page.most(3.0, 3.0), over);
    page.set(FIGURE, "wait-ms", "10");
    page.set(FIGURE, "times", "200");
    let mut knew: Vec<_> = delays(&page.run()).collect();
    knew.sort_by(f64::total_cmp);
    let last = knew.len() - 1;
    let what = "last job done → master knows, told, median of 200";
    page.row(what, "ms", Goal::Most(0.2), [knew[last / 2]]);
    page.row("the same, 99th percentile", "ms", Goal::Most(5.0), [knew[last * 99 / 100]]);
}

/// The same when the master polls: jobs end at all moments between two polls, which half of the interval is meant for.
fn polled(page: &Page) {
    page.open_figure("figure=master-worker&threads=10&times=2&notice=poll&poll-ms=100");
    let mut all = Vec::new();
    for wait in (205..=295).step_by(10) {
        page.set(FIGURE, "wait-ms", &wait.to_string());
        all.extend(delays(&page.run()));
    }
    let mean = all.iter().sum::<f64>() / all.len() as f64;
    let what = "polled every 100 ms: mean delay off half the interval";
    page.row(what, "%", Goal::Most(15.0), [(mean / 50.0 - 1.0).abs() * 100.0]);
}

/// What 128 workers cost their master.
fn scheduling(page: &Page) {
    page.open_figure("figure=master-worker&threads=128&times=3&wait-ms=200&notice=poll&poll-ms=20");
    let measure = |_| {
        let report = page.run();
        (number(&report["schedulingMs"]), number(&report["noticing"]["pollUs"]))
    };
    let (starts, polls): (Vec<_>, Vec<_>) = (0..5).map(measure).unzip();
    page.row("first store to the last of 128 jobs' start", "ms", Goal::Most(20.0), starts);
    page.row("one look at 128 workers", "µs", Goal::Most(20.0), polls);
}

/// How soon a master's death is seen, and how soon its successor polls.
fn death(page: &Page) {
    page.open_figure("figure=master-exit&threads=10&wait-ms=1000");
    let measure = |_| {
        let report = page.run();
        (number(&report["master"]["deathSeenMs"]), page.timing("lock-lab adoption"))
    };
    let (seen, adopted): (Vec<_>, Vec<_>) = (0..5).map(measure).unzip();
    let what = "a master's death to the page's knowing (2 heartbeats)";
    page.row(what, "ms", Goal::Most(100.0), seen);
    let most = if page.engine == Engine::Webkit { 500.0 } else { 50.0 };
    page.row("adoption to the successor's first poll, warm", "ms", Goal::Most(most), adopted);
}

/// Kills, deaths and adoptions of the whole soak, on one engine.
const EVENTS: usize = 1000;

/// Kills workers and masters a thousand times over, and prints what became of the jobs.
///
/// # Errors
/// A sentence about the first account that did not add up.
pub fn soak(runner: &mut Runner, engines: &[Engine]) -> Result<(), String> {
    for &engine in engines {
        let name = engine.name();
        eprintln!("▸ {EVENTS} kills, deaths and adoptions in {name}");
        let limit = Duration::from_secs(3000);
        let tally = runner.with_page(engine, "soak", limit, |page| soak::soak(page, EVENTS))?;
        let Tally { kills, deaths, adoptions, jobs, late, threads, mb } = tally;
        println!(
            "{name}: {kills} kills, {deaths} deaths, {adoptions} adoptions, {jobs} jobs: none done twice, none lost while a worker could do it, \
             {late} results too late and refused; {threads} worker threads and {mb:.1} MB more than before"
        );
    }
    Ok(())
}
