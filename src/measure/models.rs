//! What theory predicts for threads that share a lock.

/// How evenly a resource was shared: 1 if all had the same, 1/n if one of n had all; `None` if none had any.
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

/// The speedup of `processors` over one, if the fraction `serial` of the work can't be parallel:
/// 1 / (s + (1 − s) / p). Amdahl: *Validity of the single processor approach to achieving
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

/// The machine-repairman model: cycles a second of `machines` that run for `run_ns` each and then need the one
/// repairman for `repair_ns`, both exponentially distributed. Threads outside the critical section are running
/// machines, the lock is the repairman. Jain: *The Art of Computer Systems Performance Analysis*, 1991, ch. 34;
/// solved exactly by mean value analysis (Reiser and Lavenberg, J. ACM 27, 1980).
///
/// ```
/// use locklab::measure::models::repairman;
/// // One machine never waits: a cycle is its run and its repair.
/// assert!((repairman(1, 900.0, 100.0) - 1e6).abs() < 1e-6);
/// ```
pub fn repairman(machines: u32, run_ns: f64, repair_ns: f64) -> f64 {
    let (mut waiting, mut cycles_a_ns) = (0.0, 0.0);
    for machine in 1..=machines.max(1) {
        let response = repair_ns * (1.0 + waiting);
        cycles_a_ns = f64::from(machine) / (run_ns + response).max(f64::MIN_POSITIVE);
        waiting = cycles_a_ns * response;
    }
    cycles_a_ns * 1e9
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
        fn the_repairman_lies_between_amdahl_and_the_limits_of_machines_and_repair(
            machines in 1u32..129, run in 0.0..1e6, repair in 1.0..1e6,
        ) {
            let cycles = repairman(machines, run, repair) / 1e9;
            prop_assert!(cycles <= 1.0 / repair * (1.0 + 1e-9), "a repair takes its time");
            prop_assert!(cycles <= f64::from(machines) / (run + repair) * (1.0 + 1e-9), "so does a cycle");
            // Amdahl's serial part overlaps nothing, which is the worst that queueing can do.
            let worst = amdahl(repair / (run + repair), machines) / (run + repair);
            prop_assert!(cycles >= worst * (1.0 - 1e-9), "no slower than Amdahl says");
            let fewer = repairman(machines.saturating_sub(1).max(1), run, repair) / 1e9;
            prop_assert!(cycles >= fewer * (1.0 - 1e-9), "another machine takes nothing away");
        }

        #[test]
        fn amdahl_lies_between_one_and_the_processors(serial in 0.0..1.0, processors in 1u32..129) {
            let speed = amdahl(serial, processors);
            prop_assert!((1.0 - 1e-9..=f64::from(processors) + 1e-9).contains(&speed));
        }
    }
}
