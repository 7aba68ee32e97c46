//! On a host that fails as told: workers without a thread, late, silent or stuck end the phase, and the runtime
//! says which.

use std::sync::atomic::Ordering::Relaxed;

use super::*;
use crate::runtime::fake::{self, Fault, SHORT};

fn harness(fault: Fault) -> Harness {
    fake::harness(fault, "worker-1")
}

/// Three workers that work until they are asked to stop; worker 1 has a fault. Without one they work for a while
/// only, and with a stuck one they are asked to stop at once.
fn run(harness: &Harness, fault: Fault) -> PhaseResult<usize> {
    let config = PhaseConfig { number: Some(0), workers: 3, ..PhaseConfig::default() };
    let poll = &mut || {
        if fault == Fault::Stuck && !harness.is_stopping() {
            harness.runtime.stop();
        }
        Duration::from_millis(5)
    };
    let length = match fault {
        Fault::None => Duration::from_millis(20),
        _ => 4 * SHORT,
    };
    harness.run_workers(&config, poll, move |context| {
        let fault = if context.index() == 1 { fault } else { Fault::None };
        if fault == Fault::Panics {
            panic!("worker 1 fails");
        }
        while context.origin().elapsed() < length && (fault == Fault::Stuck || !context.is_over()) {
            if fault != Fault::Silent {
                context.slot().beat();
            }
            thread::sleep(Duration::from_millis(1));
        }
        context.index()
    })
}

/// A run's times would contradict each other: busy for longer than it lived, as one thread of 128 said once.
#[test]
fn a_thread_whose_clock_is_off_counts_from_between_its_own_readings() {
    let (opened, ms) = (Instant::now() + Duration::from_secs(1), Duration::from_millis(1));
    let [soon, late] = [opened - 30 * ms, opened + 2 * ms];
    assert_eq!(by_own_clock(opened, soon, late), opened, "nothing speaks against it");
    let behind = opened - ms;
    assert_eq!(by_own_clock(opened, soon, behind), behind, "it has seen the latch open");
    let ahead = opened + ms;
    assert_eq!(by_own_clock(opened, ahead, late), ahead, "the latch was closed still");
}

fn said(harness: &Harness) -> Vec<(String, String)> {
    let failures = harness.runtime.failures().into_iter();
    failures.map(|failure| (failure.worker, failure.message)).collect()
}

fn of_worker_1(message: &str) -> Vec<(String, String)> {
    vec![("worker-1".to_owned(), message.to_owned())]
}

#[test]
fn workers_are_released_together_and_all_results_are_collected() {
    let harness = harness(Fault::None);
    let result = run(&harness, Fault::None);
    assert_eq!(result.workers, [Ok(0), Ok(1), Ok(2)]);
    assert!(result.started.is_some() && result.lock_is_free);
    assert!(said(&harness).is_empty() && !result.has_stuck);
    assert_eq!(harness.runtime.board().header.serial.load(Relaxed), 1);
}

#[test]
fn a_warm_up_leaves_no_trace_on_the_board() {
    let harness = harness(Fault::None);
    run(&harness, Fault::None);
    let board = harness.runtime.board();
    let counted = SlotState { state: State::Done, count: 20, ticks: 7 };
    board.slot(0).write(counted);
    let config = PhaseConfig { workers: 1, ..PhaseConfig::default() };
    let result = harness.run_workers(&config, &mut || Duration::MAX, |context| {
        context.show(State::Cpu, 1000, context.origin());
        context.slot().read().count
    });
    assert_eq!(result.workers, [Ok(1000)]);
    assert_eq!(board.slot(0).read(), counted, "what the run before had counted");
    assert_eq!(board.header.serial.load(Relaxed), 1);
}

#[test]
fn a_worker_without_a_thread_lets_none_be_released() {
    let harness = harness(Fault::Refused);
    let result = run(&harness, Fault::Refused);
    assert!(result.started.is_none());
    assert_eq!(said(&harness), of_worker_1("no thread left"));
    assert!(!result.has_stuck, "the others go at once");
}

#[test]
fn a_late_worker_lets_none_be_released_and_touches_the_board_no_more() {
    let harness = harness(Fault::Late);
    let result = run(&harness, Fault::Late);
    assert!(result.started.is_none());
    assert_eq!(said(&harness), of_worker_1("did not start within 0 s"));
    thread::sleep(SHORT * 2);
    let slot = harness.runtime.board().slot(1).read();
    assert_eq!(slot.state, State::Idle, "by now its thread has come");
}

#[test]
fn a_panic_stops_the_others_and_says_where_it_was() {
    let harness = harness(Fault::Panics);
    let result = run(&harness, Fault::Panics);
    assert_eq!(said(&harness), of_worker_1("worker 1 fails"));
    let place = harness.runtime.failures()[0].place.clone();
    assert!(place.is_some_and(|place| place.contains("workers/tests.rs:")));
    let last = result.workers[1].as_ref().expect_err("it has no result");
    assert_eq!(last.state, State::Failed);
    assert_eq!(result.workers[2], Ok(2), "the others have stopped");
    assert!(!result.lock_is_free, "it may have died holding the lock");
}

#[test]
fn a_silent_worker_stops_all() {
    let harness = harness(Fault::Silent);
    let result = run(&harness, Fault::Silent);
    let message = "gave no sign of life for 0 s";
    assert_eq!(said(&harness), of_worker_1(message));
    assert!(harness.is_stopping() && !result.has_stuck);
}

#[test]
fn a_worker_that_waits_in_a_queue_that_moves_is_waited_for() {
    let harness = harness(Fault::Silent);
    let config = PhaseConfig { number: Some(0), workers: 2, ..PhaseConfig::default() };
    // The other is served again and again, longer than a worker may be silent.
    let result = harness.run_workers(&config, &mut || Duration::from_millis(5), |context| {
        let is_served = context.index() == 0;
        if !is_served {
            context.show(State::Waiting, 0, context.origin());
        }
        while context.origin().elapsed() < 3 * SHORT && !context.is_over() {
            if is_served {
                context.slot().beat();
            }
            thread::sleep(Duration::from_millis(1));
        }
        context.is_over()
    });
    assert_eq!(said(&harness), [], "a long wait is a result");
    assert_eq!(result.workers, [Ok(false), Ok(false)]);
}

#[test]
fn a_stuck_worker_is_named() {
    let harness = harness(Fault::Stuck);
    let result = run(&harness, Fault::Stuck);
    assert_eq!(harness.runtime.stuck(), ["worker-1"]);
    assert!(result.has_stuck && !result.lock_is_free);
    assert!(result.workers[1].is_err(), "it is still at work");
}

#[test]
fn a_stop_before_the_start_lets_none_be_released() {
    let harness = harness(Fault::None);
    harness.runtime.stop();
    let result = run(&harness, Fault::None);
    assert!(result.started.is_none() && said(&harness).is_empty());
}

#[test]
fn a_killed_worker_never_finishes_and_is_not_waited_for() {
    let harness = harness(Fault::Stuck);
    let config = PhaseConfig { workers: 3, ..PhaseConfig::default() };
    let body: WorkerFn = Arc::new(|context| {
        while !context.is_over() {
            thread::park_timeout(Duration::from_millis(1));
        }
        if context.index() == 1 { Err(Killed) } else { Ok(()) }
    });
    let workers = harness.start_workers(&config, &body);
    workers.stop(|index| index == 1);
    assert!(workers.is_finished(0) && !workers.is_finished(1));
    assert!(harness.runtime.stuck().is_empty());
    workers.stop(|_| false);
    assert_eq!(harness.runtime.stuck(), ["worker-1"]);
}
