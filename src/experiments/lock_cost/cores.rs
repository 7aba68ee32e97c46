//! Whether the cores on which workers calculated are alike, by each worker's best burst: what else a machine does lengthens some
//! bursts, hardly all of one worker's.

use std::time::Duration;

use crate::experiment::report::Warning;
use crate::measure::rounded;
use crate::runtime::workers::worker_name;

/// Bursts of a worker in a run, at least.
const BURSTS: u32 = 8;
/// How long a burst is: many steps of the clock, and shorter than what a system lets a thread run at a stretch.
const MIN_STEPS: u32 = 50;
const MAX_BURST: Duration = Duration::from_micros(2500);
/// How many times as long the worst of the workers' best bursts takes where cores are unlike: twice is usual. If it is far more, that
/// worker hardly had a core.
const MIN_RATIO: f64 = 1.3;
const MAX_RATIO: f64 = 4.0;

/// By the best burst of each worker in both CPU runs, of which each worker made so many. Where there are more workers than cores, all
/// are on all cores in turn, and nothing is seen of them.
pub(super) fn unlike(
    runs: &[Vec<Duration>],
    bursts: u32,
    cores: Option<u32>,
    step: Duration,
) -> Option<Warning> {
    let found = runs.iter().map(|bests| {
        let bests = bests.iter().enumerate();
        let (quick, best) = bests.clone().min_by_key(|(_, best)| **best)?;
        let (slow, worst) = bests.max_by_key(|(_, best)| **best)?;
        let can_tell = (step * MIN_STEPS..=MAX_BURST).contains(best);
        can_tell.then(|| (quick, slow, worst.as_secs_f64() / best.as_secs_f64()))
    });
    let found = found.collect::<Option<Vec<_>>>()?;
    let &(quick, slow, _) = found.first()?;
    let ratio = found.iter().map(|(_, _, ratio)| *ratio).fold(f64::MAX, f64::min);
    let is_told = runs.iter().all(|bests| cores.is_some_and(|cores| bests.len() <= cores as usize))
        && bursts >= BURSTS
        && (MIN_RATIO..=MAX_RATIO).contains(&ratio);
    is_told.then(|| Warning::UnlikeCores {
        quick: worker_name(quick),
        slow: worker_name(slow),
        ratio: rounded(ratio, 2),
    })
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn runs(us: [[u64; 3]; 2]) -> Vec<Vec<Duration>> {
        us.map(|run| run.map(Duration::from_micros).to_vec()).to_vec()
    }

    const STEP: Duration = Duration::from_micros(5);

    #[test]
    fn two_kinds_of_cores_are_told_by_the_best_bursts_of_both_runs() {
        let found = unlike(&runs([[1000, 1010, 1800], [1900, 1005, 1000]]), 20, Some(4), STEP);
        let told = Warning::UnlikeCores {
            quick: "worker-0".to_owned(),
            slow: "worker-2".to_owned(),
            ratio: 1.8,
        };
        assert_eq!(found, Some(told));
    }

    #[test]
    fn nothing_is_said_of_what_else_may_lengthen_a_workers_bursts() {
        let unlike_us = [[1000, 1000, 1800]; 2];
        for (why, us, bursts, cores) in [
            ("noise", [[1000, 1100, 1250]; 2], 20, Some(4)),
            ("one run only", [[1000, 1000, 1800], [1000, 1000, 1000]], 20, Some(4)),
            ("a worker without a core", [[1000, 1000, 9000]; 2], 20, Some(4)),
            ("more workers than cores", unlike_us, 20, Some(2)),
            ("nobody knows how many", unlike_us, 20, None),
            ("few bursts", unlike_us, 7, Some(4)),
            ("short ones", [[100, 100, 180]; 2], 20, Some(4)),
            ("long ones", [[9000, 9000, 16_000]; 2], 20, Some(4)),
        ] {
            assert_eq!(unlike(&runs(us), bursts, cores, STEP), None, "{why}");
        }
        assert_eq!(unlike(&[], 20, Some(4), STEP), None);
    }
}
