//! What must be true of every report of the figures with a master, whatever was set: the published schema, the post's lines, and the
//! accounts. Knows no page.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::report::{is_valid, list, number, text};

/// How far two times of one run may disagree, in ms: a coarse clock's step, and the rounding of what is written.
const SLACK_MS: f64 = 1.0;

/// All jobs of a report, round by round.
pub fn jobs(report: &Value) -> impl Iterator<Item = &Value> {
    list(&report["rounds"]).iter().flat_map(|round| list(&round["workers"]))
}

/// How many jobs have this value in this field.
pub fn count(report: &Value, field: &str, value: &str) -> usize {
    jobs(report).filter(|job| job[field] == value).count()
}

/// Whether the report tells that the page was out of sight.
#[track_caller]
pub fn was_hidden(report: &Value) {
    let warnings = report["warnings"].as_array().cloned().unwrap_or_default();
    assert!(
        warnings.iter().any(|warning| warning["code"] == "tab-hidden"),
        "the report does not say that the page was hidden: {report:#}"
    );
}

/// What holds of every report with rounds, to whatever end its run came.
#[track_caller]
pub fn adds_up(report: &Value) {
    is_valid(report);
    let lines: Vec<_> = list(&report["log"]).iter().map(|entry| text(&entry["line"])).collect();
    assert_eq!(text(&report["text"]).trim_end(), lines.join("\n"), "the text is the log");
    let moments: Vec<_> = list(&report["log"]).iter().map(|entry| number(&entry["atMs"])).collect();
    assert!(moments.is_sorted(), "the log is in its order: {moments:?}");
    let tally = &report["jobs"];
    let of = |outcome: &str| count(report, "outcome", outcome) as f64;
    assert_eq!(of("done"), number(&tally["done"]), "{report:#}");
    assert_eq!(of("lost"), number(&tally["lost"]), "{report:#}");
    for (at, round) in list(&report["rounds"]).iter().enumerate() {
        let names: Vec<_> =
            list(&round["workers"]).iter().map(|job| text(&job["name"]).to_owned()).collect();
        let expected: Vec<_> = (0..names.len()).map(|job| format!("Thread-{at}-{job}")).collect();
        assert_eq!(names, expected, "jobs are called as the post calls them");
        for job in list(&round["workers"]) {
            if job["outcome"] == "done" {
                assert!(number(&job["startMs"]) <= number(&job["endMs"]) + SLACK_MS, "{job}");
            }
        }
    }
}

/// The lines of one round, as the post prints them: the start, looks that never find fewer done than before, the end.
#[track_caller]
fn read_round<'a>(lines: &mut impl Iterator<Item = &'a str>, threads: usize, polled: bool) {
    assert_eq!(lines.next(), Some(format!("{threads} thread start").as_str()));
    let mut before = 0;
    loop {
        let line = lines.next().unwrap_or("nothing");
        let all = format!("{threads}, True");
        if line == all {
            break;
        }
        assert!(polled, "a master that is told looks once: {line}");
        let done = line
            .strip_suffix(", False")
            .and_then(|done| done.parse().ok())
            .unwrap_or_else(|| panic!("not a line of the post: {line}"));
        assert!((before..=threads).contains(&done), "{done} done after {before}");
        before = done;
    }
    assert_eq!(lines.next(), Some("all thread done"));
}

/// A run of `master-worker` in which nobody died: every job done, every line there, every figure in agreement.
#[track_caller]
pub fn all_rounds_done(report: &Value) {
    adds_up(report);
    assert_eq!(report["figure"], "master-worker");
    assert_eq!(report["outcome"], "done", "{report:#}");
    let config = &report["config"];
    let (threads, rounds) =
        (number(&config["threads"]) as usize, number(&config["times"]) as usize);
    assert_eq!(list(&report["rounds"]).len(), rounds);
    assert_eq!(count(report, "outcome", "done"), threads * rounds);
    let polled = config["notice"] == "poll";
    let mut lines = text(&report["text"]).lines();
    for _ in 0..rounds {
        read_round(&mut lines, threads, polled);
    }
    assert_eq!(lines.next(), None, "and nothing else");
    let delays = list(&report["noticing"]["delaysMs"]);
    assert_eq!(delays.len(), rounds, "one delay a round");
    for (round, delay) in list(&report["rounds"]).iter().zip(delays) {
        times_agree(round, number(delay), config);
    }
}

/// A round's times: its jobs within it, none shorter than told, the end no earlier than the last of them.
#[track_caller]
fn times_agree(round: &Value, delay: f64, config: &Value) {
    let (start, end) = (number(&round["startMs"]), number(&round["endMs"]));
    let ends: Vec<_> = list(&round["workers"]).iter().map(|job| number(&job["endMs"])).collect();
    let last = ends.iter().copied().fold(f64::MIN, f64::max);
    assert!(
        (number(&round["lastDoneMs"]) - last).abs() <= SLACK_MS,
        "the last job's end is the last of the ends: {round}"
    );
    let known = number(&round["knownMs"]);
    assert!(
        (known - last - delay).abs() <= SLACK_MS && delay >= -SLACK_MS,
        "known {delay} ms after the last job's end: {round}"
    );
    for job in list(&round["workers"]) {
        let (from, to) = (number(&job["startMs"]), number(&job["endMs"]));
        assert!(
            start - SLACK_MS <= from && to <= end + SLACK_MS,
            "{job} lies in its round: {start}–{end}"
        );
        if config["job"] == "io" {
            assert!(
                to - from >= number(&config["waitMs"]) - SLACK_MS,
                "a job takes as long as it is told to: {job}"
            );
        }
        assert_eq!(job["attempts"], 1, "{job}");
    }
}

/// A run of `master-exit` in which the master died: its last words, and an account of every job.
#[track_caller]
pub fn master_died(report: &Value) {
    adds_up(report);
    assert_eq!(report["figure"], "master-exit");
    assert_eq!(report["outcome"], "done", "{report:#}");
    let threads = number(&report["config"]["threads"]) as usize;
    let lines: Vec<_> = text(&report["text"]).lines().collect();
    assert_eq!(
        lines[..3],
        [format!("{threads} thread start").as_str(), "0, False", "force exit: sys.exit(1)"],
        "the post's last words: {lines:?}"
    );
    let master = &report["master"];
    assert_eq!(master["owner"], report["config"]["owner"]);
    assert!(number(&master["diedAtMs"]) > 0.0);
    assert!(number(&master["deathSeenMs"]) > 0.0);
    assert_eq!(master["answered"], false, "the dead don't answer");
    let fates: BTreeSet<_> = jobs(report).map(|job| text(&job["fate"])).collect();
    assert!(
        fates.iter().all(|fate| [
            "under-old",
            "as-orphan",
            "under-new",
            "lost-with-owner",
            "lost-with-worker"
        ]
        .contains(fate)),
        "every job has come to an end: {fates:?}"
    );
    let after = count(report, "fate", "as-orphan") + count(report, "fate", "under-new");
    assert_eq!(number(&master["finished"]) as usize, after, "{report:#}");
    assert_eq!(number(&master["lost"]) as usize, count(report, "outcome", "lost"), "{report:#}");
}
