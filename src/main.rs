//! `locklab bench`: the experiments on native threads, from a terminal. It prints what the post's program prints, or, with `--json`, the
//! report that the page takes in `src` and beside a reader's own. What can't be used ends in a sentence and status 2.

use std::fs;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use locklab::experiment::Experiment;
use locklab::experiment::report::{Outcome, Report};
use locklab::experiment::settings::{RawKind, RawValue, SettingInfo};
use locklab::experiments::contention::Contention;
use locklab::experiments::master_exit::MasterExit;
use locklab::experiments::master_worker::MasterWorker;
use locklab::experiments::masters::report::JobOutcome;
use locklab::experiments::price_list::PriceList;
use locklab::experiments::{self, Body, EXPERIMENTS, Entry};
use locklab::native;
use locklab::runtime::Runtime;
use locklab::runtime::board::{MAX_WORKERS, State};
use serde_json::{Value, json};

/// What runs where no figure is named: what the page can lay beside a reader's own run.
const OF_A_MACHINE: [&str; 2] = [PriceList::NAME, Contention::NAME];
/// The figures whose workers can be killed.
const MORTAL: [&str; 2] = [MasterWorker::NAME, MasterExit::NAME];
/// What nobody draws beside another run, and what is long.
const LEFT_OUT: [&str; 5] = ["versus", "shares", "histogram", "turns", "predicted"];
/// Characters of a machine's name; with "native, " before it, the page reads no more.
const LONGEST_NAME: usize = 70;

const USAGE: &str = "\
Usage: locklab bench [FIGURE] [OPTIONS]

Runs a figure of Lock Lab on this machine's own threads. Without a FIGURE: price-list and contention, which
the page can lay beside a run of its own. It wants the machine for itself.

Figures: ";

/// What was asked for.
struct Options {
    figures: Vec<&'static Entry>,
    config: Vec<(String, RawValue)>,
    machine: String,
    killed: Vec<usize>,
    json: bool,
}

fn main() -> ExitCode {
    start(std::env::args().skip(1).collect())
}

/// The command with these arguments, as the examples call it as well.
pub fn start(args: Vec<String>) -> ExitCode {
    match run(&args) {
        Ok(status) => status,
        Err(message) => {
            eprintln!("{message}\n`locklab bench --help` lists what can be said.");
            ExitCode::from(2)
        }
    }
}

fn run(args: &[String]) -> Result<ExitCode, String> {
    let rest = match args.split_first() {
        Some((first, rest)) if first == "bench" => rest,
        Some((first, _)) if first == "--version" => {
            println!("locklab {}", env!("CARGO_PKG_VERSION"));
            return Ok(ExitCode::SUCCESS);
        }
        Some((first, _)) if first == "--help" || first == "-h" => args,
        Some((first, _)) => return Err(format!("“{first}” is no command: there is only `bench`.")),
        None => return Err("There is no command: what can be done is `locklab bench`.".to_owned()),
    };
    let Some(options) = read(rest)? else { return Ok(ExitCode::SUCCESS) };
    let mut reports = Vec::new();
    let mut status = ExitCode::SUCCESS;
    for entry in &options.figures {
        let report = bench(entry, &options)?;
        if report.outcome != Outcome::Done {
            eprintln!("{} did not come to its end: {:?}", entry.name, report.outcome);
            status = ExitCode::FAILURE;
        }
        let mut report = serde_json::to_value(&report).map_err(|error| error.to_string())?;
        if options.figures.len() > 1 {
            shorten(&mut report);
        }
        reports.push(report);
    }
    if options.json {
        // One report where one figure was named, else a machine's.
        let all = if reports.len() == 1 { reports.remove(0) } else { Value::Array(reports) };
        println!("{all}");
    }
    Ok(status)
}

/// Reads the options behind `bench`; `None` where help was asked for, and given.
fn read(args: &[String]) -> Result<Option<Options>, String> {
    let named = args.first().filter(|arg| !arg.starts_with('-'));
    let names = named.map_or(OF_A_MACHINE.to_vec(), |name| vec![name.as_str()]);
    let figures: Result<Vec<_>, _> = names.into_iter().map(experiments::find).collect();
    let figures = figures.map_err(|invalid| invalid.to_string())?;
    let settings: Vec<_> = figures.iter().flat_map(|entry| entry.settings()).collect();
    let mut options = Options {
        figures,
        config: Vec::new(),
        machine: processor(),
        killed: Vec::new(),
        json: false,
    };
    let is_mortal = options.figures.iter().all(|entry| MORTAL.contains(&entry.name));
    let mut args = args.iter().skip(named.iter().len());
    while let Some(arg) = args.next() {
        let setting = arg
            .strip_prefix("--")
            .and_then(|name| settings.iter().find(|setting| setting.attribute == name));
        let takes = match (arg.as_str(), setting) {
            ("-h" | "--help", _) => {
                println!("{}", usage(&settings, is_mortal));
                return Ok(None);
            }
            ("--json", _) => {
                options.json = true;
                continue;
            }
            ("--machine", _) => format!("a name of at most {LONGEST_NAME} characters"),
            ("--kill", _) if is_mortal => format!("0–{}", MAX_WORKERS - 1),
            (_, Some(setting)) => setting.allowed.text(),
            (_, None) => return Err(format!("“{arg}” is no option here.")),
        };
        let Some(value) = args.next().cloned() else {
            return Err(format!("{arg} needs a value: {takes}."));
        };
        let wrong = || format!("{arg} is “{value}”, but may be: {takes}.");
        match (arg.as_str(), setting) {
            (_, Some(setting)) => {
                // What is no number is handed on as text: the experiment names it.
                let kind = value.parse().map_or(RawKind::Text, RawKind::Number);
                options.config.push((setting.name.to_owned(), RawValue { kind, text: value }));
            }
            ("--kill", _) => {
                let worker = value.parse().ok().filter(|worker| *worker < MAX_WORKERS);
                options.killed.push(worker.ok_or_else(wrong)?);
            }
            _ if (1..=LONGEST_NAME).contains(&value.chars().count()) => options.machine = value,
            _ => return Err(wrong()),
        }
    }
    Ok(Some(options))
}

fn usage(settings: &[SettingInfo], is_mortal: bool) -> String {
    let figures: Vec<_> = EXPERIMENTS.iter().map(|entry| entry.name).collect();
    let mut usage = format!(
        "{USAGE}{}\n\nOptions:\n  -h, --help\n  --json\n      Print the report, or a JSON array of both, instead of lines.\n  --machine <name>\n      How the report calls this machine. Default: {:?}",
        figures.join(", "),
        processor(),
    );
    if is_mortal {
        usage += "\n  --kill <worker>\n      Kill this worker in the middle of its first job. May be given more than once.";
    }
    for (i, setting) in settings.iter().enumerate() {
        if settings[..i].iter().any(|before| before.name == setting.name) {
            continue;
        }
        let same = settings.iter().filter(|other| other.name == setting.name);
        let mut defaults: Vec<_> = same.map(|other| json!(other.default).to_string()).collect();
        defaults.dedup();
        usage += &format!(
            "\n  --{} <{}>\n      {} Default: {}",
            setting.attribute,
            setting.allowed.text(),
            setting.meaning,
            defaults.join(" or "),
        );
    }
    usage
}

/// What this machine's processor is called, where the system says so.
fn processor() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let named = info.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    named.unwrap_or(std::env::consts::ARCH).chars().take(LONGEST_NAME).collect()
}

/// Runs one figure; its lines are printed as they come, if lines are wanted.
fn bench(entry: &Entry, options: &Options) -> Result<Report<Body>, String> {
    let mut harness = native::harness();
    harness.environment.engine = format!("native, {}", options.machine);
    let has_printed = Arc::new(AtomicBool::new(false));
    if !options.json {
        let has_printed = has_printed.clone();
        harness.on_line = Some(Arc::new(move |line| {
            has_printed.store(true, Ordering::Relaxed);
            println!("{line}");
        }));
    }
    for worker in options.killed.clone() {
        let runtime = harness.runtime();
        // Left to itself: where the worker never gets a job, there is nobody to kill.
        thread::spawn(move || kill(&runtime, worker));
    }
    let report = entry.run(&harness, &options.config).map_err(|invalid| invalid.to_string())?;
    if !options.json && !has_printed.load(Ordering::Relaxed) {
        println!("{}", report.text);
    }
    tell(&report);
    Ok(report)
}

/// Kills a worker as soon as it has a job.
fn kill(runtime: &Runtime, worker: usize) {
    let slot = runtime.board().slot(worker);
    while !matches!(slot.read().state, State::Io | State::Cpu) {
        thread::sleep(Duration::from_millis(1));
    }
    slot.kill();
    runtime.wake();
}

/// What the post's program has no lines for.
fn tell(report: &Report<Body>) {
    for failure in report.failures.iter().flatten() {
        eprintln!("{}: {}", failure.worker, failure.message);
    }
    let (Body::MasterWorker(body) | Body::MasterExit(body)) = &report.body else { return };
    for death in body.deaths.iter().flatten() {
        let then = match &death.retried_by {
            Some(by) => format!("{by} does its job"),
            None => "nobody does its job again".to_owned(),
        };
        eprintln!("{} is dead; {then}", death.worker);
    }
    let jobs = body.rounds.iter().flatten().flat_map(|round| &round.workers);
    let lost = jobs.filter(|job| job.outcome == JobOutcome::Lost).count();
    if lost > 0 {
        eprintln!("{lost} jobs are lost");
    }
}

/// A report that is short: its rows without what may be absent and is long.
fn shorten(report: &mut Value) {
    for rows in ["prices", "points"] {
        let rows = report.get_mut(rows).and_then(Value::as_array_mut);
        for row in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
            row.retain(|name, _| !LEFT_OUT.contains(&name.as_str()));
        }
    }
    // The same again, for people.
    report["text"] = json!("");
}
