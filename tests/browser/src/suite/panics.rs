//! A worker that dies in mid-run: the report says who and where, nothing hangs, and the next run works.

use serde_json::Value;

use super::{Case, cases};
use crate::lab::{ENDLESS, FIGURE, GRINDING, QUICK};
use crate::page::Page;
use crate::report::{is_partial, is_whole, list, text};

/// The tests.
pub const CASES: &[Case] = cases![
    workers_that_die_are_named_and_the_next_run_works,
    a_kill_that_meets_nobody_is_harmless,
];

/// Kills these workers, and gives the report of the failed run.
#[track_caller]
fn kill(page: &Page, run: u64, workers: &[usize]) -> Value {
    for worker in workers {
        page.js_with("lab().kill(arguments[0])", vec![(*worker).into()]);
    }
    let report = page.settled(run).report();
    is_partial(&report, "failed");
    assert_eq!(page.state(FIGURE), "failed");
    let error = page.get(FIGURE, "error");
    assert_eq!(error["code"], "worker-failed", "{error}");
    let named: Vec<_> =
        list(&report["failures"]).iter().map(|failure| text(&failure["worker"])).collect();
    assert!(!named.is_empty());
    for (failure, name) in list(&report["failures"]).iter().zip(&named) {
        assert!(
            workers.iter().any(|worker| *name == format!("worker-{worker}")),
            "{name} was not killed: {failure}"
        );
        assert!(!text(&failure["message"]).is_empty(), "{failure}");
        assert!(text(&failure["where"]).contains(".rs:"), "where in the source: {failure}");
        assert!(text(&error["message"]).contains(name), "the sentence names {name}: {error}");
        page.wait("a reader sees who failed", &format!("words().includes('{name}')"));
    }
    assert_eq!(
        page.heard("lab-error").last().map(|event| event["detail"]["code"].clone()),
        Some("worker-failed".into())
    );
    assert_eq!(
        page.heard("lab-report").last().map(|event| event["detail"].clone()),
        Some(report.clone())
    );
    report
}

fn workers_that_die_are_named_and_the_next_run_works(page: &Page) {
    for (figure, threads, phase, workers) in [
        (ENDLESS, 4, 0, &[2][..]),
        (GRINDING, 4, 2, &[1]),
        // Some of them may be stopped before they die.
        (ENDLESS, 4, 0, &[0, 1, 2, 3]),
        (ENDLESS, 1, 0, &[0]),
    ] {
        page.stage(figure);
        page.set(FIGURE, "threads", &threads.to_string());
        let run = page.begin_phase(FIGURE, phase);
        let failed = kill(page, run, workers);
        let runs = list(&failed["runs"]);
        assert_eq!(runs.len(), phase + 1, "{failed:#}");
        assert_eq!(runs[phase]["busy"], if phase == 0 { "io" } else { "cpu" });
        assert!(runs[..phase].iter().all(|run| run["outcome"] == "done"), "what was over stays");
        if workers.len() == 1 {
            assert_eq!(list(&failed["failures"]).len(), 1, "{failed:#}");
        }
        page.set(FIGURE, "wait-ms", "5");
        page.set(FIGURE, "loops", "1000");
        let report = page.run();
        is_whole(&report);
        assert!(report["failures"].is_null());
        assert_ne!(report["startedAt"], failed["startedAt"]);
        assert_eq!(page.state(FIGURE), "done");
        assert!(page.get(FIGURE, "error").is_null());
    }
}

fn a_kill_that_meets_nobody_is_harmless(page: &Page) {
    page.stage(QUICK);
    page.js("lab().kill(0)");
    is_whole(&page.run());
    page.js("lab().kill(0)");
    is_whole(&page.run());
    page.set(FIGURE, "times", "10");
    page.set(FIGURE, "wait-ms", "60");
    let run = page.begin_phase(FIGURE, 0);
    page.js("for (const nobody of [-1, 4, 128, 1e9, NaN, undefined]) { try { lab().kill(nobody) } catch (error) { if (!(error instanceof RangeError || error instanceof TypeError)) throw error } }");
    is_whole(&page.settled(run).report());
}
