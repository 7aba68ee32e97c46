//! The same, for many configurations and many moments of stopping.

use std::time::{Duration, Instant};

use locklab::counter::KINDS;
use locklab::experiment::report::Outcome;
use locklab::native;
use locklab::runtime::Runtime;
use proptest::prelude::*;
use serde_json::json;

use super::{assert_adds_up, meddle, run};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_is_asked_the_increments_add_up(
        threads in 1..=8_u32,
        times in 1..=20_u32,
        wait_ms in 0..=2_u32,
        loops in 0..=3000_u32,
        kind in 0..KINDS.len(),
    ) {
        let kind = KINDS[kind];
        prop_assume!(kind.is_here());
        let report = run(&native::harness(), json!({
            "threads": threads, "times": times, "waitMs": wait_ms, "loops": loops, "counter": kind.name,
        }));
        prop_assert_eq!(report.outcome, Outcome::Done);
        assert_adds_up(&report);
        for run in report.body.runs {
            prop_assert_eq!(run.increments, u64::from(threads * times));
            prop_assert_eq!(run.workers.len(), threads as usize);
            if kind.exact && kind.shared && run.lock {
                prop_assert_eq!(run.final_value, Some(i64::from(threads * times)));
            }
        }
    }

    #[test]
    fn whenever_it_is_stopped_the_report_adds_up(
        after_us in 0..60_000_u64,
        threads in 1..=8_u32,
        wait_ms in 0..=3_u32,
    ) {
        let harness = native::harness();
        let begin = Instant::now();
        let after = Duration::from_micros(after_us);
        let stopper = meddle(&harness, move |_| begin.elapsed() >= after, Runtime::stop);
        let config = json!({ "threads": threads, "times": 30, "waitMs": wait_ms, "loops": 50_000 });
        let report = run(&harness, config);
        stopper.join().expect("stopped");
        assert_adds_up(&report);
        prop_assert_ne!(report.outcome, Outcome::Failed, "{:?}", report.failures);
        let runs = &report.body.runs;
        let whole = runs.iter().filter(|run| run.outcome == Outcome::Done).count();
        prop_assert!(whole + 1 >= runs.len(), "only the last run can be a part");
        prop_assert_eq!(report.outcome == Outcome::Done, whole == 4);
    }
}
