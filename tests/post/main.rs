//! The post's own programs, read out of the post and run small by CPython where there is one: ours print the
//! same, line by line, numbers aside.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use locklab::{experiments, native};
use serde_json::{Value, json};

const POST: &str = include_str!("../data/post.md");

/// A listing of the post, with what makes it long replaced.
fn program(number: usize, changes: &[(&str, &str)]) -> String {
    let starts = POST.match_indices("```python\n").map(|(at, fence)| at + fence.len());
    let start = starts.clone().nth(number).expect("a listing");
    let listing = POST[start..].split("\n```").next().unwrap_or_default();
    changes.iter().fold(listing.to_owned(), |program, (from, to)| {
        assert!(program.contains(from), "the post has no {from}");
        program.replace(from, to)
    })
}

/// What CPython prints that runs it, with these arguments before the file's name or module; `None` where
/// there is no CPython.
fn python(name: &str, program: &str, args: &[&str]) -> Option<String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::write(folder.join(format!("{name}.py")), program).expect("a file");
    let mut command = Command::new("python3");
    // What goes on after its end keeps its standard error open.
    command.current_dir(folder).args(args).stderr(Stdio::null());
    let output = command.output().ok()?;
    Some(String::from_utf8(output.stdout).expect("text"))
}

/// What an example prints.
fn example(name: &str, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--example", name, "--"]).args(args);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("cargo");
    String::from_utf8(output.stdout).expect("text")
}

/// The text of a figure's report: what the page shows.
fn text(figure: &str, config: &Value) -> String {
    let entry = experiments::find(figure).expect("a figure");
    let report = entry.run(&native::harness(), &native::fields(config)).expect("a configuration");
    report.common.text.clone() + "\n"
}

/// With # for each number.
fn without_numbers(printed: &str) -> String {
    let is_numeric = |c: char| c.is_ascii_digit();
    let mut text = String::new();
    for c in printed.chars() {
        let in_number = text.ends_with('#') && (is_numeric(c) || c == '.');
        match c {
            _ if in_number => {}
            c if is_numeric(c) => text.push('#'),
            c => text.push(c),
        }
    }
    text
}

/// The same, and each line once however often it is repeated: how many polls a round has is up to the machine.
fn kinds(printed: &str) -> Vec<String> {
    let mut lines: Vec<_> = without_numbers(printed).lines().map(str::to_owned).collect();
    lines.dedup();
    lines
}

#[test]
fn the_four_runs_print_what_the_posts_program_prints() {
    let small = [
        ("range(20)", "range(3)"),
        ("times=20", "times=2"),
        ("time.sleep(1)", "time.sleep(0.01)"),
        ("range(1000000)", "range(1000)"),
    ];
    let args = ["--threads", "3", "--times", "2", "--wait-ms", "10", "--loops", "1000"];
    let native = without_numbers(&example("post", &args));
    let config = json!({ "threads": 3, "times": 2, "waitMs": 10, "loops": 1000 });
    assert_eq!(without_numbers(&text("lock-cost", &config)), native, "the report's text");
    let title = |mode: &str, lock: &str| format!("busy mode BusyMode.{mode}, use lock {lock}");
    let modes = ["IO_BUSY", "CPU_BUSY"];
    let titles = modes.iter().flat_map(|mode| ["False", "True"].map(|lock| title(mode, lock)));
    let titles: Vec<_> = titles.collect();
    let runs = titles.iter().map(|title| format!("{title} >>>\n{title}, time cost #s\n\n"));
    let results = titles.iter().map(|title| format!("{title}, time cost #s\n"));
    let results: String = results.collect();
    assert_eq!(native, runs.collect::<String>() + "\n\nresult:\n" + &results);
    if let Some(printed) = python("post_runs", &program(0, &small), &["post_runs.py"]) {
        assert_eq!(native, without_numbers(&printed), "CPython, of the post's own program");
    }
}

#[test]
fn a_master_prints_what_the_posts_program_prints() {
    let small = [
        ("range(10)", "range(2)"),
        ("sleep_time = 3", "sleep_time = 1"),
        ("count = 10", "count = 3"),
        ("time.sleep(1)", "time.sleep(0.3)"),
    ];
    let args = ["--threads", "3", "--times", "2", "--wait-ms", "300", "--poll-ms", "100"];
    let native = kinds(&example("master", &args));
    let config = json!({ "threads": 3, "times": 2, "waitMs": 300, "pollMs": 100 });
    assert_eq!(kinds(&text("master-worker", &config)), native, "the report's text");
    let round = ["# thread start", "#, False", "#, True", "all thread done"];
    assert_eq!(native, [round, round].concat());
    let unittest = ["-m", "unittest", "post_master.TestThread.testMasterWorker"];
    if let Some(printed) = python("post_master", &program(1, &small), &unittest) {
        assert_eq!(native, kinds(&printed), "CPython, of the post's own program");
    }
}

/// The interpreter and its daemon threads are gone at once; the processes that these waited for go on.
#[test]
fn a_master_that_exits_prints_what_the_posts_program_prints_and_its_child_processes_go_on() {
    let args = ["--figure", "master-exit", "--threads", "3", "--wait-ms", "300", "--adopt", "off"];
    let native = kinds(&example("master", &args));
    let config = json!({ "threads": 3, "waitMs": 300, "adopt": "off" });
    assert_eq!(kinds(&text("master-exit", &config)), native, "the report's text");
    assert_eq!(native, ["# thread start", "#, False", "force exit: sys.exit(#)"]);
    let done = Path::new(env!("CARGO_TARGET_TMPDIR")).join("post_exit.done");
    let _ = fs::remove_file(&done);
    let job = r#""""sleep {}; echo done >>post_exit.done""""#;
    let small = [
        ("sleep_time = 60", "sleep_time = 2"),
        ("count = 10", "count = 3"),
        ("time.sleep(1)", "time.sleep(0.3)"),
        (r#""""sleep {}""""#, job),
    ];
    let unittest = ["-m", "unittest", "post_exit.TestThread.testMasterWorkerMasterExit"];
    let Some(printed) = python("post_exit", &program(1, &small), &unittest) else { return };
    assert_eq!(native, kinds(&printed), "CPython, of the post's own program");
    assert!(!done.exists(), "it is gone before its jobs are done");
    let begin = Instant::now();
    while fs::read_to_string(&done).unwrap_or_default() != "done\n".repeat(3) {
        assert!(begin.elapsed() < Duration::from_secs(30), "its child processes did not go on");
        thread::sleep(Duration::from_millis(50));
    }
}
