//! The experiment as a whole, natively: what its report says is true, whatever is asked and whenever it
//! is stopped. Not the parts of it.

mod ending;
mod properties;

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use locklab::counter::KINDS;
use locklab::experiment::report::{Outcome, Report, Warning};
use locklab::experiments;
use locklab::experiments::lock_cost::LockCost;
use locklab::experiments::lock_cost::report::{self, Body, Run};
use locklab::native;
use locklab::runtime::Harness;
use locklab::runtime::Runtime;
use locklab::runtime::board::State;
use serde_json::{Value, json};

fn run(harness: &Harness, config: Value) -> Report<Body> {
    experiments::run::<LockCost>(harness, &native::fields(&config)).expect("a valid configuration")
}

/// The same in a harness of its own.
fn once(config: Value) -> Report<Body> {
    run(&native::harness(), config)
}

/// Does something to a run from outside, once `when` holds.
fn meddle(
    harness: &Harness,
    when: impl Fn(&Runtime) -> bool + Send + 'static,
    act: impl FnOnce(&Runtime) + Send + 'static,
) -> thread::JoinHandle<Instant> {
    let runtime: Arc<Runtime> = harness.runtime();
    thread::spawn(move || {
        while !when(&runtime) {
            thread::sleep(Duration::from_millis(1));
        }
        act(&runtime);
        Instant::now()
    })
}

fn all_in(state: State, workers: usize) -> impl Fn(&Runtime) -> bool + Send + 'static {
    move |runtime| {
        (0..workers).all(|index| runtime.board().slot(index).read().state == state)
            && runtime.board().header.serial.load(Ordering::Acquire) > 0
    }
}

fn assert_adds_up(report: &Report<Body>) {
    for run in report.body.runs.iter() {
        let made: u64 = run.workers.iter().map(|worker| u64::from(worker.increments)).sum();
        assert_eq!(run.increments, made, "a run is the sum of its workers: {run:?}");
        if let Some(value) = run.final_value
            && run.counter != "racy"
        {
            assert_eq!(u64::try_from(value), Ok(made), "the counter agrees: {run:?}");
        }
    }
}

#[test]
fn a_second_run_measures_no_price_anew_but_another_counters() {
    let harness = native::harness();
    let run = |counter: &str| {
        let config =
            json!({ "threads": 1, "times": 1, "waitMs": 0, "loops": 0, "counter": counter });
        json!(run(&harness, config).body.prices)
    };
    // Batches are found by trying: no two measurements have the same operations, times and interval.
    let first = run("std-mutex");
    assert!(first[0]["measuredAt"].is_string(), "{first}");
    assert_eq!(run("std-mutex"), first);
    assert_eq!(run("atomic")[0]["counter"], "atomic");
    assert_eq!(run("std-mutex"), first);
}

#[test]
fn the_four_runs_come_in_the_posts_order() {
    let report = once(json!({ "threads": 3, "times": 4, "waitMs": 2, "loops": 5000 }));
    assert_eq!(report.outcome, Outcome::Done);
    let runs = report.body.runs;
    let order: Vec<_> = runs.iter().map(|run| json!([run.busy, run.lock, run.counter])).collect();
    let expected = json!([
        ["io", false, "none"],
        ["io", true, "std-mutex"],
        ["cpu", false, "none"],
        ["cpu", true, "std-mutex"],
    ]);
    assert_eq!(json!(order), expected);
    for run in &runs {
        assert_eq!(run.increments, 12);
        assert_eq!(run.final_value, run.lock.then_some(12));
        assert_eq!(run.workers[2].name, "worker-2");
    }
    for run in &runs[..2] {
        let (wall, ideal) = (run.wall_ms.expect("wall"), run.ideal_ms.expect("ideal"));
        assert!(ideal == 8.0 && wall >= ideal, "no wait is cut short: {wall} of {ideal}");
    }
}

#[test]
fn a_worker_lives_within_its_run_and_is_busy_within_its_life() {
    let report = once(json!({ "threads": 4, "times": 5, "waitMs": 1, "loops": 20000 }));
    for run in report.body.runs {
        let wall = run.wall_ms.expect("wall");
        for worker in run.workers {
            let (start, end) = (worker.start_ms.expect("start"), worker.end_ms.expect("end"));
            let (busy, wait) = (worker.busy_ms.expect("busy"), worker.lock_wait_ms.expect("wait"));
            assert!(0.0 <= start && start <= end && end <= wall, "{start} {end} {wall}");
            // Each is rounded for itself.
            assert!(busy + wait <= end - start + 0.001, "{busy} + {wait} in {start}–{end}");
        }
    }
}

#[test]
fn the_text_is_what_the_posts_program_prints() {
    let mut harness = native::harness();
    let printed = Arc::new(Mutex::new(String::new()));
    let theirs = Arc::clone(&printed);
    harness.on_line = Some(Arc::new(move |lines| {
        let mut printed = theirs.lock().expect("printed");
        *printed = [&**printed, lines].join(if printed.is_empty() { "" } else { "\n" });
    }));
    let report = run(&harness, json!({ "threads": 2, "times": 3, "waitMs": 5, "loops": 1000 }));
    let seconds: Vec<String> = report
        .body
        .runs
        .iter()
        .map(|run| format!("{:.3}", (run.wall_ms.expect("wall")).round() / 1e3))
        .collect();
    let [io, io_lock, cpu, cpu_lock] = &seconds[..] else {
        panic!("four runs");
    };
    let result = format!(
        "\n\n\nresult:\n\
         busy mode BusyMode.IO_BUSY, use lock False, time cost {io}s\n\
         busy mode BusyMode.IO_BUSY, use lock True, time cost {io_lock}s\n\
         busy mode BusyMode.CPU_BUSY, use lock False, time cost {cpu}s\n\
         busy mode BusyMode.CPU_BUSY, use lock True, time cost {cpu_lock}s"
    );
    assert!(report.text.ends_with(&result), "{}", report.text);
    assert_eq!(*printed.lock().expect("printed"), report.text);
}

#[test]
fn a_line_has_three_decimals_whatever_the_time() {
    let mut report = once(json!({ "threads": 1, "times": 1, "waitMs": 0, "loops": 0 }));
    let mut run = report.body.runs.remove(0);
    for (ms, printed) in
        [(0.0, "0.000"), (20_066.4, "20.066"), (999.6, "1.000"), (1_000_000.0, "1000.000")]
    {
        run.wall_ms = Some(ms);
        let line = report::line(&run).expect("a line");
        assert!(line.ends_with(&format!("time cost {printed}s")), "{line}");
    }
}

#[test]
fn every_wrong_field_is_named_with_its_attribute_and_range() {
    let wrong = json!({
        "threads": 129, "times": 0.5, "waitMs": "50", "loops": null, "counter": "gil", "colour": 1,
    });
    let refused = experiments::run::<LockCost>(&native::harness(), &native::fields(&wrong))
        .expect_err("nothing of it is right");
    let mut named: Vec<_> =
        refused.0.iter().map(|field| (&*field.attribute, &*field.got, &*field.allowed)).collect();
    named.sort_unstable();
    let counters: Vec<_> =
        KINDS.iter().filter(|kind| kind.is_counter()).map(|kind| kind.name).collect();
    let others = "no such setting; there are threads, times, waitMs, loops, counter, gil";
    assert_eq!(
        named,
        [
            ("colour", "1", others),
            ("counter", "gil", &counters.join(", ")),
            ("loops", "null", "0–1000000000"),
            ("threads", "129", "1–128"),
            ("times", "0.5", "1–1000"),
            ("wait-ms", "50", "0–60000"),
        ]
    );
    for field in &refused.0 {
        assert!(field.message.contains(&field.attribute) && field.message.contains(&field.allowed));
    }
}

#[test]
fn other_figures_settings_are_let_pass() {
    let config =
        json!({ "threads": 1, "times": 1, "waitMs": 0, "loops": 0, "pollMs": 0, "owner": 7 });
    let report = once(config);
    let shown = json!({ "threads": 1, "times": 1, "waitMs": 0, "loops": 0, "counter": "std-mutex", "gil": "off" });
    assert_eq!(json!(report.config), shown);
}

#[test]
fn a_racy_counter_loses_updates_and_the_report_says_how_many() {
    let config = json!({ "threads": 8, "times": 1000, "waitMs": 0, "loops": 0, "counter": "racy", "gil": "off" });
    // Whether two threads meet is up to the machine; ten thousand chances are enough for any.
    let met = (0..20).any(|_| {
        let report = once(config.clone());
        assert_eq!(report.outcome, Outcome::Done, "losing is what racy is for");
        report.body.runs.iter().filter(|run| run.lock).any(|run| {
            let value = run.final_value.expect("value");
            assert_eq!(run.lost, Some(8000 - value));
            value < 8000
        })
    });
    assert!(met, "not one update was lost in 20 × 2 × 8000");
}

#[test]
fn one_lock_is_priced_from_batches_far_longer_than_the_clocks_step() {
    let report = once(json!({ "threads": 1, "times": 1, "waitMs": 0, "loops": 0 }));
    let price = &report.body.prices.as_ref().expect("prices")[0];
    assert_eq!((&*price.counter, &*price.side, price.threads), ("std-mutex", "native", 1));
    assert!(price.low_ns <= price.ns_per_op && price.ns_per_op <= price.high_ns, "{price:?}");
    assert!((0.5..5_000.0).contains(&price.ns_per_op), "{price:?}");
    let batch_ms = price.ns_per_op * price.operations as f64 / f64::from(price.samples) / 1e6;
    let step_ms = report.environment.clock_step_ms.expect("step");
    assert!(step_ms > 0.0, "however fine the clock, it has a step");
    assert!(batch_ms > 30.0 * step_ms, "{batch_ms} ms a batch, {step_ms} ms a step");
}

#[test]
fn the_verdict_holds_the_difference_against_the_noise() {
    let report = once(json!({ "threads": 2, "times": 16, "waitMs": 2, "loops": 20000 }));
    let (runs, verdict) = (report.body.runs, report.body.verdict.expect("verdict"));
    for (pair, said) in runs.chunks(2).zip([verdict.io, verdict.cpu]) {
        let said = said.expect("a comparison");
        let difference = pair[1].wall_ms.expect("wall") - pair[0].wall_ms.expect("wall");
        assert!((said.difference_ms - difference).abs() < 1e-3);
        let noise = said.noise_ms.expect("16 increments are enough to tell");
        assert_eq!(said.shows, difference.abs() > noise);
        assert_eq!(said.lock_operations, 32);
    }
}

#[test]
fn too_few_increments_have_no_noise_to_tell() {
    let report = once(json!({ "threads": 2, "times": 3, "waitMs": 1, "loops": 10 }));
    let verdict = report.body.verdict.as_ref().expect("verdict");
    let io = verdict.io.as_ref().expect("a comparison");
    assert_eq!((io.noise_ms, io.shows), (None, false));
    let doubts = ["io", "cpu"].map(|busy| Warning::TooShort { busy });
    assert_eq!(report.warnings, doubts);
}

#[test]
fn under_a_gil_workers_wait_together_but_calculate_one_at_a_time() {
    let config = json!({ "threads": 4, "times": 5, "waitMs": 20, "loops": 1_000_000 });
    let free = once(config.clone());
    assert!(free.body.gil.is_none());
    let mut config = config;
    config["gil"] = json!("on");
    let Body { runs, gil, .. } = once(config).body;
    let wall = |run: &Run| run.wall_ms.expect("wall");
    let busy =
        |run: &Run| -> f64 { run.workers.iter().map(|worker| worker.busy_ms.expect("busy")).sum() };
    let (io, cpu) = runs.split_at(2);
    for run in io {
        assert!(wall(run) < busy(run) / 2.0, "who sleeps lets others run: {run:?}");
    }
    for (run, free) in cpu.iter().zip(&free.body.runs[2..]) {
        assert!(busy(run) <= wall(run) + 0.01, "two at a time: {run:?}");
        let waited: f64 = run.workers.iter().filter_map(|worker| worker.gil_wait_ms).sum();
        assert!(waited > wall(run), "{run:?}");
        let cores = native::harness().environment.cores.map_or(1, |cores| cores.min(4));
        let ratio = run.ideal_ms.expect("ideal") / free.ideal_ms.expect("ideal");
        assert!((0.5..2.0).contains(&(ratio / f64::from(cores))), "one core's ideal: {ratio}");
    }
    let gil = gil.expect("what the GIL takes");
    assert!(gil.switches >= 4 && gil.parallel_ms > 0.0, "{gil:?}");
}

#[test]
fn what_is_recorded_is_all_that_happened() {
    let report = once(json!({ "threads": 2, "times": 1000, "waitMs": 0, "loops": 0 }));
    let recording = report.recording.as_ref().expect("recording");
    // A start, an end and an event an increment in each run; a wait now and then in the locked ones.
    let fewest = 4 * 2 * (1000 + 2);
    assert!((fewest..=fewest + 2 * 2 * 2 * 1000).contains(&recording.events), "{recording:?}");
    assert_eq!(recording.capacity, 4096);
    // Each ring keeps all, or as much as it holds; which worker met more waits is chance.
    let kept = recording.events - recording.overwritten;
    assert!((fewest..=2 * 4096).contains(&kept), "{recording:?}");
}
