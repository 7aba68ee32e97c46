//! What must be true of every report of `lock-cost`, whatever was set: the published schema, and the sums. Knows no page.

use std::sync::LazyLock;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::engine::root;

/// How far two times of one run may disagree, in ms: a coarse clock's step, and the rounding of what is written.
const SLACK_MS: f64 = 1.0;

static SCHEMA: LazyLock<Result<Validator, String>> = LazyLock::new(|| {
    let path = root().join("docs/report.schema.json");
    let text =
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let schema: Value =
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    jsonschema::validator_for(&schema).map_err(|error| format!("{}: {error}", path.display()))
});

/// Holds a report against the published schema.
#[track_caller]
pub fn is_valid(report: &Value) {
    let schema = SCHEMA
        .as_ref()
        .unwrap_or_else(|error| panic!("the published schema can't be used: {error}"));
    let wrong: Vec<_> = schema
        .iter_errors(report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(
        wrong.is_empty(),
        "the report is not what docs/report.schema.json promises:\n{}\n{report:#}",
        wrong.join("\n")
    );
}

/// A whole run of lock-cost: four runs in the post's order, every increment made, and every figure in agreement with the others.
#[track_caller]
pub fn is_whole(report: &Value) {
    is_valid(report);
    assert_eq!(report["schema"], "locklab-report/1");
    assert_eq!(report["figure"], "lock-cost");
    assert_eq!(report["outcome"], "done", "{report:#}");
    let config = &report["config"];
    let runs = list(&report["runs"]);
    let order: Vec<_> = runs.iter().map(|run| (text(&run["busy"]), run["lock"] == true)).collect();
    assert_eq!(
        order,
        [("io", false), ("io", true), ("cpu", false), ("cpu", true)],
        "the post's order"
    );
    let planned = number(&config["threads"]) * number(&config["times"]);
    for run in runs {
        let name = format!("the {} run with lock {}", run["busy"], run["lock"]);
        assert_eq!(number(&run["increments"]), planned, "{name}: increments are threads × times");
        let locked = run["lock"] == true;
        assert_eq!(
            run["counter"],
            if locked { config["counter"].clone() } else { json!("none") },
            "{name}: its counter"
        );
        if !locked || config["counter"] == "none" {
            assert!(
                run["finalValue"].is_null(),
                "{name}: nothing counted, so there is no final value: {}",
                run["finalValue"]
            );
        } else if loses_count(&config["counter"]) {
            let left = number(&run["finalValue"]);
            assert!((1.0..=planned).contains(&left), "{name}: {left} of {planned}");
        } else {
            assert_eq!(
                number(&run["finalValue"]),
                planned,
                "{name}: an exact counter misses nothing"
            );
        }
        times_agree(run, config, &name);
    }
    text_matches(report);
}

/// Whether a counter may miss what was counted.
pub fn loses_count(counter: &Value) -> bool {
    counter == "racy" || counter == "js-plain"
}

/// A run that was cut short: nothing claimed that was not done, and what is there adds up.
#[track_caller]
pub fn is_partial(report: &Value, outcome: &str) {
    is_valid(report);
    assert_eq!(report["outcome"], outcome, "{report:#}");
    let config = &report["config"];
    let planned = number(&config["threads"]) * number(&config["times"]);
    let runs = list(&report["runs"]);
    for (index, run) in runs.iter().enumerate() {
        let name = format!("run {index}");
        let made: f64 =
            list(&run["workers"]).iter().map(|worker| number(&worker["increments"])).sum();
        assert_eq!(
            number(&run["increments"]),
            made,
            "{name}: its increments are the workers' together"
        );
        assert!(made <= planned, "{name}: more increments than there were to be");
        if let Some(left) = run["finalValue"].as_f64() {
            // One who died may have counted without living to say so.
            let agrees = loses_count(&config["counter"])
                || left == made
                || (outcome == "failed" && left > made);
            assert!(agrees, "{name}: the counter knows of {left}, the workers of {made}");
        }
        if run["outcome"] == "done" {
            times_agree(run, config, &name);
        } else {
            assert_eq!(index + 1, runs.len(), "a run that was cut short is the last");
        }
    }
    assert!(
        runs.iter().any(|run| run["outcome"] != "done") || runs.len() < 4,
        "a report that is {outcome} lacks something: {report:#}"
    );
    text_matches(report);
}

/// Every time of a run lies inside the run.
#[track_caller]
fn times_agree(run: &Value, config: &Value, name: &str) {
    let wall = number(&run["wallMs"]);
    let workers = list(&run["workers"]);
    assert_eq!(workers.len() as f64, number(&config["threads"]), "{name}: one row a worker");
    if run["busy"] == "io" {
        let ideal = number(&config["times"]) * number(&config["waitMs"]);
        assert_eq!(number(&run["idealMs"]), ideal, "{name}: the ideal is times × waitMs");
        assert!(wall >= ideal - SLACK_MS, "{name}: {wall} ms is less than its waits, {ideal} ms");
    }
    let mut last = 0_f64;
    for (index, worker) in workers.iter().enumerate() {
        assert_eq!(worker["name"], format!("worker-{index}"), "{name}: the post's names, in order");
        assert_eq!(worker["increments"], config["times"], "{name}: {worker}");
        let (start, end) = (number(&worker["startMs"]), number(&worker["endMs"]));
        let (busy, waited) = (number(&worker["busyMs"]), number(&worker["lockWaitMs"]));
        assert!(0.0 <= start && start <= end, "{name}: {worker}");
        assert!(
            end <= wall + SLACK_MS,
            "{name}: a worker ended at {end} ms, after the wall time of {wall} ms: {worker}"
        );
        assert!(
            busy >= 0.0 && waited >= 0.0 && busy + waited <= end - start + SLACK_MS,
            "{name}: busy and waiting for longer than it lived: {worker}"
        );
        if run["busy"] == "io" {
            assert!(
                busy >= number(&run["idealMs"]) - SLACK_MS,
                "{name}: busy for less than its waits: {worker}"
            );
        }
        last = last.max(end);
    }
    assert!(
        wall - last <= 10.0 + wall * 0.2,
        "{name}: the wall time is {wall} ms, but the last worker ended at {last} ms"
    );
}

/// What the post's program would have printed of the runs that finished, line by line.
#[track_caller]
fn text_matches(report: &Value) {
    let finished = list(&report["runs"]).iter().filter(|run| run["outcome"] == "done");
    let mut printed = String::new();
    let mut results = Vec::new();
    for run in finished {
        let mode = text(&run["busy"]).to_uppercase();
        let lock = if run["lock"] == true { "True" } else { "False" };
        let title = format!("busy mode BusyMode.{mode}_BUSY, use lock {lock}");
        let line = format!("{title}, time cost {:.3}s", number(&run["wallMs"]).round() / 1e3);
        printed += &format!("{title} >>>\n{line}\n\n");
        results.push(line);
    }
    if results.len() == 4 {
        printed += &format!("\n\nresult:\n{}\n", results.join("\n"));
    }
    assert_eq!(text(&report["text"]), printed.strip_suffix('\n').unwrap_or_default());
}

/// A list, which must be one.
#[track_caller]
pub fn list(value: &Value) -> &Vec<Value> {
    value.as_array().unwrap_or_else(|| panic!("should be a list: {value}"))
}

/// A number, which must be one.
#[track_caller]
pub fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("should be a number: {value}"))
}

/// A text, which must be one.
#[track_caller]
pub fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("should be a text: {value}"))
}
