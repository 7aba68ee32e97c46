//! `locklab bench`: what it prints is a report, and what can't be used is a sentence; and the runs of other machines in data/machines,
//! each a file that it wrote: the published schema, and the sums.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use locklab::counter;
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn locklab(args: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locklab"));
    command.args(args.split(' ')).output().expect("locklab")
}

fn json(path: &Path) -> Value {
    let text = fs::read_to_string(path).expect("a file");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Holds a report against the published schema.
fn is_valid(report: &Value, whose: &str) {
    let schema = jsonschema::validator_for(&json(&root().join("docs/report.schema.json")));
    let schema = schema.expect("a schema");
    let wrong: Vec<_> =
        schema.iter_errors(report).map(|one| format!("{}: {one}", one.instance_path())).collect();
    assert!(wrong.is_empty(), "{whose}: {wrong:#?}");
}

fn rows(report: &Value, name: &str) -> Vec<Value> {
    report[name].as_array().cloned().unwrap_or_default()
}

/// Whether nothing may be missing from what this row's counter has counted.
fn is_exact(row: &Value) -> bool {
    counter::kind(row["counter"].as_str().unwrap_or_default()).expect("a counter").exact
}

#[test]
fn bench_prints_a_report_that_names_its_machine() {
    let output = locklab(
        "bench lock-cost --json --threads 2 --times 3 --wait-ms 1 --loops 100 --machine Mine",
    );
    assert!(output.status.success(), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("one report");
    is_valid(&report, "what it prints");
    assert_eq!(report["environment"]["engine"], "native, Mine");
    assert_eq!(report["runs"][1]["finalValue"], 6);
}

#[test]
fn what_bench_cannot_use_ends_in_a_sentence() {
    for (args, said) in [
        ("bench lock-price", "figure is “lock-price”, but may be: lock-cost,"),
        (
            "bench lock-cost --threads 0 --times x",
            "threads is “0”, but may be: 1–128; times is “x”",
        ),
        ("bench master-worker --times 0", "times is “0”, but may be: 1–1000"),
        ("bench lock-cost --thread 1", "“--thread” is no option here"),
        ("bench lock-cost --budget-ms 500", "“--budget-ms” is no option here"),
        ("bench lock-cost --kill 1", "“--kill” is no option here"),
        ("bench lock-cost --threads", "--threads needs a value: 1–128"),
        ("bench master-worker --kill 128", "--kill is “128”, but may be: 0–127"),
        ("run", "“run” is no command"),
    ] {
        let output = locklab(args);
        let printed = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{args}: {printed}");
        assert!(printed.contains(said) && printed.contains("--help"), "{args}: {printed}");
        assert!(output.stdout.is_empty(), "{args} runs nothing");
    }
}

/// What `locklab bench --json` wrote on another machine: both figures, done, in the schema, and each sum as it must be.
#[test]
fn every_machines_file_is_in_the_schema_and_its_sums_hold() {
    let files = fs::read_dir(root().join("data/machines")).expect("a folder");
    let mut count = 0;
    for file in files.map(|file| file.expect("a file").path()) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        count += 1;
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let stem = name.strip_suffix(".json").unwrap_or_default();
        assert!(
            !stem.is_empty() && stem.chars().all(is_plain),
            "{name}: a name like amd-epyc.json"
        );
        let reports = json(&file);
        let reports = reports.as_array().unwrap_or_else(|| panic!("{name} is no list of reports"));
        let figures: Vec<_> = reports.iter().map(|report| &report["figure"]).collect();
        assert_eq!(
            figures,
            ["price-list", "contention"],
            "{name}: what `locklab bench --json` writes"
        );
        for report in reports {
            is_valid(report, &name);
            assert_eq!(report["outcome"], "done", "{name}");
            let engine = report["environment"]["engine"].as_str().unwrap_or_default();
            assert!(
                engine.starts_with("native, "),
                "{name}: made outside of any browser: {engine}"
            );
            assert_eq!(engine, reports[0]["environment"]["engine"], "{name}: one machine");
        }
        let number = |row: &Value, field: &str| row[field].as_f64();
        for row in rows(&reports[0], "prices") {
            let [low, price, high] =
                ["lowNs", "nsPerOp", "highNs"].map(|field| number(&row, field));
            assert!(low <= price && price <= high, "{name}: a price lies in its interval: {row}");
            assert!(row["operations"].as_u64() >= row["samples"].as_u64(), "{name}: {row}");
            assert!(
                !is_exact(&row) || row["lost"] == 0,
                "{name}: an exact counter misses nothing: {row}"
            );
        }
        for row in rows(&reports[1], "points") {
            let fairness = number(&row, "fairness").unwrap_or(1.0);
            let threads = number(&row, "threads").expect("threads");
            assert!(
                (1.0 / threads - 1e-3..=1.0).contains(&fairness),
                "{name}: Jain's index: {row}"
            );
            assert!(row["lost"].as_u64() <= row["increments"].as_u64(), "{name}: {row}");
            assert!(
                !is_exact(&row) || row["lost"] == 0,
                "{name}: an exact counter misses nothing: {row}"
            );
            let waits = ["p50", "p90", "p99", "max"].map(|part| row["waitNs"][part].as_f64());
            assert!(waits.is_sorted(), "{name}: {row}");
            let [low, rate, high] = ["lowOpsPerSecond", "opsPerSecond", "highOpsPerSecond"]
                .map(|field| number(&row, field));
            assert!(low.is_none() || low <= rate && rate <= high, "{name}: {row}");
        }
    }
    assert!(count > 0, "there are machines to compare with");
}
