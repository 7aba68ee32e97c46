//! Kills, deaths and adoptions, again and again in one tab: no job done twice, none lost while somebody could do it, nothing left over.

use serde_json::{Value, json};

use crate::master::{adds_up, count, jobs};
use crate::page::Page;
use crate::report::{number, text};

/// Workers of a run, and how many of them are killed in one that kills.
const WORKERS: usize = 8;
const KILLED: usize = 4;
/// One in so many deaths happens to a master whose workers die with it.
const NESTED: usize = 5;

/// What happened.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    /// Workers killed in mid-job.
    pub kills: usize,
    /// Masters that ended themselves.
    pub deaths: usize,
    /// Heirs that took over.
    pub adoptions: usize,
    /// Jobs that were given out, whatever became of them.
    pub jobs: usize,
    /// Results that came too late, and were refused.
    pub late: usize,
    /// Worker threads more than before.
    pub threads: usize,
    /// What all processes have in use, over before, in MB.
    pub mb: f64,
}

/// Makes at least so many kills, deaths and adoptions together, in turns.
///
/// # Panics
/// Where an account does not add up, or threads are left over.
#[track_caller]
pub fn soak(page: &Page, events: usize) -> Tally {
    let mut tally = Tally::default();
    page.stage(
        r#"<lock-lab id="kills" figure="master-worker" threads="8" times="1" wait-ms="250" poll-ms="20" timeout-ms="100"></lock-lab>
           <lock-lab id="deaths" figure="master-exit" threads="8" wait-ms="400" poll-ms="20"></lock-lab>"#,
    );
    page.js("lab('#deaths').scrollIntoView()");
    page.wait_state("#deaths", "ready");
    kill(page, &mut tally);
    let (threads, mb) = (page.worker_threads(), page.resident_mb());
    let mut round = 0;
    while tally.kills + tally.deaths + tally.adoptions < events {
        kill(page, &mut tally);
        die(page, &mut tally, round % NESTED == NESTED - 1);
        round += 1;
    }
    page.set("#deaths", "owner", "page");
    kill(page, &mut tally);
    // A group that came through the last run whole, as its killers came late, would be kept for the next one.
    page.js("for (const one of document.querySelectorAll('lock-lab')) one.remove()");
    page.wait_threads(threads);
    tally.threads = page.worker_threads().saturating_sub(threads);
    tally.mb = page.resident_mb() - mb;
    page.is_quiet();
    tally
}

#[track_caller]
fn run(page: &Page, figure: &str, act: impl FnOnce()) -> Value {
    let call = page.begin(figure, "run");
    act();
    let report = page.settled(call).report();
    adds_up(&report);
    assert_eq!(report["outcome"], "done", "{report:#}");
    report
}

/// Half of the workers die in mid-job; the others do it all.
#[track_caller]
fn kill(page: &Page, tally: &mut Tally) {
    let figure = "#kills";
    let report = run(page, figure, || {
        // In the page, and in one go: jobs are short, and a driver may be slow. What it reads must be of this run, not of the one before.
        page.js_with(
            "const kills = lab('#kills'), [killed] = arguments;
            return new Promise((resolve) => (function look() {
                const said = words(kills);
                if (kills.state === 'running' && !(/Round 1 of 1/.test(said) && /8 thread start/.test(said))) return setTimeout(look, 2);
                for (let worker = 0; worker < killed; worker++) kills.kill(worker);
                resolve();
            })())",
            vec![json!(KILLED)],
        );
    });
    assert_eq!(count(&report, "outcome", "done"), WORKERS, "{report:#}");
    // Where the page itself was late, the jobs were done already, and nobody was there to be killed.
    let dead: Vec<_> = report["deaths"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|death| text(&death["worker"]))
        .collect();
    assert!(
        jobs(&report).all(|job| !dead.contains(&text(&job["worker"])) || job["attempts"] == 1),
        "nobody's result comes from the dead: {report:#}"
    );
    tally.kills += dead.len();
    tally.jobs += WORKERS;
    tally.late += number(&report["jobs"]["late"]) as usize;
}

/// The master dies; an heir takes over, or all is lost with it.
#[track_caller]
fn die(page: &Page, tally: &mut Tally, nested: bool) {
    let figure = "#deaths";
    page.set(figure, "owner", if nested { "master" } else { "page" });
    // Long enough that Chromium, too, has ended nested workers before their jobs are.
    page.set(figure, "wait-ms", if nested { "4000" } else { "400" });
    let report = run(page, figure, || {});
    let lost = count(&report, "outcome", "lost");
    assert_eq!(lost, if nested { WORKERS } else { 0 }, "{report:#}");
    tally.deaths += 1;
    tally.adoptions += usize::from(!report["master"]["adoptedAtMs"].is_null());
    tally.jobs += WORKERS;
    tally.late += number(&report["jobs"]["late"]) as usize;
}
