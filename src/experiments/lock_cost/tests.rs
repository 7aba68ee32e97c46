//! How a pair of runs is rehearsed.

use std::sync::atomic::Ordering;

use super::*;
use crate::counter::kind;
use crate::runtime::fake::{Fault, harness};

/// By counting: how long they take is the machine's business.
#[test]
fn calculating_is_rehearsed_by_all_workers_until_it_has_settled_or_its_time_is_over() {
    let config = Config {
        threads: 2,
        times: 20,
        wait_ms: 0,
        loops: 1000,
        gil: false,
        counter: kind("spin").expect("a kind"),
    };
    let pair = [false, true].map(|lock| config.workload((BusyMode::Cpu, lock)));
    let fresh = || harness(Fault::None, "");
    let harness = fresh();
    let (pairs, count, settled) = settle(&harness, &pair, true);
    assert!(count >= 6 || !settled, "{count}");
    assert!(!pairs.is_empty() && pairs.iter().flatten().all(|ms| *ms > 0.0), "{pairs:?}");
    let seen = harness.runtime().board().header.serial.load(Ordering::Relaxed);
    assert!(count >= 1 && seen == 0, "nobody sees them");
    let stopped = fresh();
    stopped.runtime().stop();
    assert_eq!(settle(&stopped, &pair, true), (Vec::new(), 0, false), "a stop ends them");
}

#[test]
fn a_warm_up_shows_engines_as_many_calls_whatever_the_number_of_threads() {
    for threads in 1..=128 {
        let Rehearsal { times, loops, deadline } = warm_up(threads);
        let increments = threads * times;
        assert!((WARM_UP_INCREMENTS..2 * WARM_UP_INCREMENTS).contains(&increments), "{threads}");
        assert!(loops < 1000 && deadline <= Instant::now() + WARM_UP, "little time goes by");
    }
}

#[test]
fn a_rehearsal_that_would_take_minutes_is_cut_short() {
    let config = Config {
        threads: 2,
        times: 1,
        wait_ms: 0,
        loops: 1_000_000,
        gil: false,
        counter: kind("mcs").expect("a kind"),
    };
    let workload = config.workload((BusyMode::Cpu, true));
    let begin = Instant::now();
    let deadline = begin + Duration::from_millis(50);
    let rehearsal = Rehearsal { times: 100_000, loops: REHEARSED_LOOPS, deadline };
    assert_eq!(rehearse(&harness(Fault::None, ""), &[workload], &rehearsal), None);
    assert!(begin.elapsed() < Duration::from_secs(10));
}
