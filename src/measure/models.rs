//! What theory says of threads that share a lock: numbers to hold measurements against. Not here: the
//! measurements.

/// How evenly a good was shared: 1 where everybody had the same, 1/n where one of n had all.
/// `None` where nobody had anything.
///
/// Jain, Chiu, Hawe: *A Quantitative Measure of Fairness and Discrimination for Resource Allocation
/// in Shared Computer Systems*, DEC-TR-301, 1984.
///
/// ```
/// use locklab::measure::models::fairness;
/// assert_eq!(fairness(&[5, 5, 5, 5]), Some(1.0));
/// assert_eq!(fairness(&[8, 0, 0, 0]), Some(0.25));
/// assert_eq!(fairness(&[0, 0]), None);
/// ```
pub fn fairness(shares: &[u64]) -> Option<f64> {
    let sum: f64 = shares.iter().map(|share| *share as f64).sum();
    let squares: f64 = shares.iter().map(|share| (*share as f64).powi(2)).sum();
    (squares > 0.0).then(|| sum * sum / (shares.len() as f64 * squares))
}

/// How many times as much `processors` do as one does, where the fraction `serial` of the work can't be
/// shared out: 1 / (s + (1 − s) / p). Amdahl: *Validity of the single processor approach to achieving
/// large scale computing capabilities*, AFIPS 1967.
///
/// ```
/// use locklab::measure::models::amdahl;
/// assert_eq!(amdahl(0.0, 4), 4.0);
/// assert_eq!(amdahl(1.0, 4), 1.0);
/// ```
pub fn amdahl(serial: f64, processors: u32) -> f64 {
    1.0 / (serial + (1.0 - serial) / f64::from(processors.max(1)))
}

/// Turns a second of `machines` that run for `run_ns` each and then need the one repairman for
/// `repair_ns`, both spread exponentially: threads outside the critical section are machines that
/// run, the lock is the repairman. Solved exactly by mean value analysis, one machine after the
/// other (Reiser and Lavenberg, J. ACM 27, 1980); the model is in Jain: *The Art of Computer Systems
/// Performance Analysis*, 1991, ch. 34.
///
/// ```
/// use locklab::measure::models::repairman;
/// // One machine waits for nobody: a turn is what it runs and what its repair takes.
/// assert!((repairman(1, 900.0, 100.0) - 1e6).abs() < 1e-6);
/// ```
pub fn repairman(machines: u32, run_ns: f64, repair_ns: f64) -> f64 {
    let (mut waiting, mut turns_a_ns) = (0.0, 0.0);
    for machine in 1..=machines.max(1) {
        let response = repair_ns * (1.0 + waiting);
        turns_a_ns = f64::from(machine) / (run_ns + response).max(f64::MIN_POSITIVE);
        waiting = turns_a_ns * response;
    }
    turns_a_ns * 1e9
}

#[cfg(all(test, not(loom)))]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn fairness_lies_between_one_for_all_and_all_for_one(shares in prop::collection::vec(0u64..1_000_000, 1..129)) {
            if let Some(fair) = fairness(&shares) {
                prop_assert!(fair <= 1.0 + 1e-9 && fair >= 1.0 / shares.len() as f64 - 1e-9);
            }
        }

        #[test]
        fn a_repairman_is_never_busier_than_always_nor_machines_than_alone(
            machines in 1u32..129, run in 0.0..1e6, repair in 1.0..1e6,
        ) {
            let turns = repairman(machines, run, repair) / 1e9;
            prop_assert!(turns <= 1.0 / repair * (1.0 + 1e-9), "a repair takes its time");
            prop_assert!(turns <= f64::from(machines) / (run + repair) * (1.0 + 1e-9), "so does a turn");
            let fewer = repairman(machines.saturating_sub(1).max(1), run, repair) / 1e9;
            prop_assert!(turns >= fewer * (1.0 - 1e-9), "another machine takes nothing away");
        }

        #[test]
        fn amdahl_lies_between_one_and_the_processors(serial in 0.0..1.0, processors in 1u32..129) {
            let speed = amdahl(serial, processors);
            prop_assert!((1.0 - 1e-9..=f64::from(processors) + 1e-9).contains(&speed));
        }
    }
}
