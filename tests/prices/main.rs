//! The price list and contention, natively, through the report alone. Not here: the browser's half.

use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use locklab::experiment::Experiment;
use locklab::experiment::report::{Outcome, Report, Warning};
use locklab::experiments::contention::Contention;
use locklab::experiments::contention::report::{PointRow, Unpredicted};
use locklab::experiments::price_list::PriceList;
use locklab::{counter, experiments, native};
use serde_json::{Value, json};

/// One run at a time has the machine, as on a page.
static MACHINE: Mutex<()> = Mutex::new(());

fn machine() -> MutexGuard<'static, ()> {
    MACHINE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn run<E: Experiment>(config: &Value) -> Report<E::Body> {
    let _mine = machine();
    experiments::run::<E>(&native::harness(), &native::fields(config)).expect("a report")
}

/// Runs, and stops as soon as the first row stands on the board; says how long the stop took.
fn stopped<E: Experiment>(config: &Value) -> (Report<E::Body>, Duration) {
    let _mine = machine();
    let harness = native::harness();
    let runtime = harness.runtime();
    let asked = std::thread::spawn(move || {
        while runtime.board().header.rows_used.load(Ordering::Acquire) == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        runtime.stop();
        Instant::now()
    });
    let report = experiments::run::<E>(&harness, &native::fields(config)).expect("a report");
    let ended = Instant::now();
    (report, ended - asked.join().expect("the one who stops"))
}

#[test]
fn every_counter_has_one_price_and_an_interval_around_it() {
    let begun = Instant::now();
    let report = run::<PriceList>(&json!({ "budgetMs": 1000 }));
    assert_eq!(report.outcome, Outcome::Done);
    let first = report.body.first_pass_ms.expect("when all had their first");
    let all = begun.elapsed().as_secs_f64() * 1e3;
    assert!(0.0 < first && first < all, "it is a part of the run: {first} of {all} ms");
    let rows = report.body.prices.expect("prices");
    let shared: Vec<_> = counter::KINDS.iter().filter(|kind| kind.shared).collect();
    for row in &rows {
        assert_eq!(row.threads, 1, "nobody competes");
        assert!(row.low_ns <= row.ns_per_op && row.ns_per_op <= row.high_ns, "{row:?}");
        assert!(row.samples >= 5 && row.operations > 0, "{row:?}");
        assert!(
            row.raw_ns.is_some_and(|raw| raw >= row.ns_per_op),
            "the loop is taken off: {row:?}"
        );
        assert_eq!(row.lost, 0, "nobody is there to lose anything to");
        assert_eq!(rows.iter().filter(|other| other.counter == row.counter).count(), 1);
    }
    assert!(shared.iter().filter(|kind| kind.exact).all(|kind| {
        rows.iter().any(|row| row.counter == kind.name) || kind.name.starts_with("js-")
    }));
    for row in &rows {
        let others = row.versus.as_ref().expect("comparisons");
        assert_eq!(others.len(), rows.len() - 1, "each with every other");
    }
}

#[test]
fn a_stopped_price_list_keeps_what_it_measured() {
    let (report, took) = stopped::<PriceList>(&json!({ "budgetMs": 60_000 }));
    assert_eq!(report.outcome, Outcome::Stopped);
    assert!(report.body.prices.is_some_and(|rows| !rows.is_empty()));
    assert!(took < Duration::from_secs(20), "long before its minute is over: {took:?}");
}

#[test]
fn every_counter_has_a_point_for_every_number_of_threads() {
    let report = run::<Contention>(&json!({ "threads": 5, "sampleMs": 20, "counters": "common" }));
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    let points = report.body.points.expect("points");
    for counter in ["std-mutex", "atomic", "racy"] {
        let mut threads: Vec<_> = points
            .iter()
            .filter(|point| point.counter == counter)
            .map(|point| point.threads)
            .collect();
        threads.sort_unstable();
        assert_eq!(threads, [1, 2, 4, 5], "{counter}");
    }
    for point in points.iter().filter(|point| point.gave_up_after_ms.is_none()) {
        let shares = point.shares.as_ref().expect("shares");
        assert_eq!(shares.len(), point.threads as usize);
        assert!(point.ops_per_second.is_some_and(|rate| rate > 0.0));
        assert!(point.low_ops_per_second <= point.high_ops_per_second);
        let fair = point.fairness.expect("fairness");
        assert!(fair <= 1.0 && fair >= 1.0 / f64::from(point.threads) - 1e-3, "{point:?}");
        if point.counter != "racy" {
            assert_eq!(point.lost, 0, "{point:?}");
        }
        // Whoever hands on slowly has been waited for until somebody got through.
        let wait = point.wait_ns.as_ref().expect("waits");
        assert!(
            wait.step <= wait.p50
                && wait.p50 <= wait.p90
                && wait.p90 <= wait.p99
                && wait.p99 <= wait.max
        );
    }
}

#[test]
fn who_holds_the_lock_long_has_few_turns() {
    let rate = |hold: u32| {
        let config = json!({ "threads": 1, "sampleMs": 30, "counters": "one", "holdNs": hold });
        let report = run::<Contention>(&config);
        report.body.points.expect("points")[0].ops_per_second.expect("a rate")
    };
    let (empty, long) = (rate(0), rate(200_000));
    assert!(
        empty > 100.0 * long,
        "an empty critical section is thousands of times as short: {empty} and {long}"
    );
}

#[test]
fn theory_is_told_beside_what_was_measured() {
    let report = run::<Contention>(
        &json!({ "threads": 2, "sampleMs": 30, "counters": "one", "holdNs": 5000, "pauseNs": 15_000 }),
    );
    let points = report.body.points.expect("points");
    assert!(points[0].predicted.is_none(), "one thread alone is where theory starts from");
    let predicted = points[1].predicted.as_ref().expect("a prediction");
    assert!(
        (0.2..0.35).contains(&predicted.serial_share),
        "a quarter of a turn is inside: {predicted:?}"
    );
    let alone = points[0].ops_per_second.expect("a rate");
    // Amdahl lets no serial part overlap anything; the repairman lets both threads run, and one be inside.
    let limit = f64::min(2.0, 1.0 / predicted.serial_share);
    let ascending =
        [alone, predicted.amdahl_ops_per_second, predicted.repairman_ops_per_second, alone * limit];
    assert!(
        ascending.windows(2).all(|pair| pair[0] <= pair[1] * 1.001),
        "alone, Amdahl, repairman, limit: {ascending:?}"
    );
}

#[test]
fn where_the_cores_are_unknown_theory_is_left_out_and_says_why() {
    let _mine = machine();
    let mut harness = native::harness();
    harness.environment.cores = None;
    let config = json!({ "threads": 2, "sampleMs": 10, "counters": "one" });
    let run = |counter: &str| {
        let mut config = config.clone();
        config["counter"] = counter.into();
        let report = experiments::run::<Contention>(&harness, &native::fields(&config));
        let report = report.expect("a report");
        (report.body.points.expect("points"), report.common.warnings)
    };
    let (mutex, warnings) = run("std-mutex");
    assert_eq!(warnings, [Warning::CoresUnknown]);
    assert!(mutex.iter().all(|point| point.predicted.is_none()));
    assert_eq!(
        [mutex[0].unpredicted, mutex[1].unpredicted],
        [None, Some(Unpredicted::CoresUnknown)],
        "one thread alone is what theory starts from"
    );
    let (atomic, warnings) = run("atomic");
    assert_eq!(
        (atomic[1].unpredicted, warnings),
        (None, vec![]),
        "no theory of locks speaks of it anyway"
    );
}

#[test]
fn a_stopped_sweep_keeps_its_points_and_ends_soon() {
    let config = json!({ "threads": 64, "sampleMs": 1000, "counters": "all" });
    let (report, took) = stopped::<Contention>(&config);
    assert_eq!(report.outcome, Outcome::Stopped);
    assert!(report.body.points.is_some_and(|points| !points.is_empty()));
    assert!(took < Duration::from_secs(10), "long before all samples are over: {took:?}");
}

#[test]
fn turns_follow_each_other() {
    let config = json!({ "threads": 3, "sampleMs": 20, "counters": "one", "holdNs": 20_000 });
    // On a busy machine one thread may keep the lock for the whole window: then it is tried again.
    let changes = (0..10).map(|_| {
        let points = run::<Contention>(&config).body.points.expect("points");
        points.iter().map(changes_of_turn).sum::<usize>()
    });
    assert!(changes.into_iter().any(|changes| changes > 0), "the lock never changed hands");
}

/// How often the lock changed hands, by its turns, which must be in their order.
fn changes_of_turn(point: &PointRow) -> usize {
    let turns = point.turns.as_ref().expect("the chosen counter's turns");
    assert!(turns.iter().all(|turn| turn.worker < point.threads));
    let pairs = turns.windows(2);
    pairs
        .inspect(|pair| {
            assert!(pair[0].start_us <= pair[1].start_us, "{turns:?}");
            assert_ne!(pair[0].worker, pair[1].worker, "it were one turn");
        })
        .count()
}

#[test]
fn a_worker_that_dies_in_a_sweep_is_named_and_the_points_before_stay() {
    let _mine = machine();
    let harness = native::harness();
    let runtime = harness.runtime();
    let over = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
    let killer = {
        let over = std::sync::Arc::clone(&over);
        std::thread::spawn(move || {
            while !over.load(Ordering::Acquire) {
                // Each bout begins with nobody to be killed: so it is asked for until it is heard.
                if runtime.board().header.rows_used.load(Ordering::Acquire) > 0 {
                    runtime.board().slot(0).kill();
                }
                std::thread::sleep(Duration::from_millis(2));
            }
        })
    };
    let config = json!({ "threads": 8, "sampleMs": 100, "counters": "one", "counter": "atomic" });
    let report =
        experiments::run::<Contention>(&harness, &native::fields(&config)).expect("a report");
    over.store(true, Ordering::Release);
    killer.join().expect("the one who kills");
    assert_eq!(report.outcome, Outcome::Failed);
    assert!(report.body.points.is_some_and(|points| !points.is_empty()));
    let failures = report.common.failures.expect("who failed");
    assert_eq!(failures[0].worker, "worker-0", "{failures:?}");
}
