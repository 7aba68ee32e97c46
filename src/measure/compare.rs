//! Whether a difference between two runs is more than noise. Not here: the sentence that says so.

use std::time::Duration;

/// Student's t at 97.5 %, by degrees of freedom from 3 to 7: a table is all that [`judge`] needs.
const T: [f64; 5] = [3.182, 2.776, 2.571, 2.447, 2.365];

/// What a difference is worth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// Milliseconds that two equal runs may well differ by; `None` where the runs are too short to
    /// tell.
    pub noise_ms: Option<f64>,
    /// Whether the difference is larger than the noise.
    pub shows: bool,
}

/// Judges that a run took `difference_ms` longer than another that did the same work. `first` and
/// `second` are the milliseconds that each took for each of some equal parts of it.
///
/// The method is that of *batch means* (Law: *Simulation Modeling and Analysis*, ch. 9): a run is the
/// sum of its n parts, so if its parts scatter by s, it scatters by s·√n, and the difference of two
/// runs by √(n(s₁² + s₂²)). Times Student's t for 95 %, plus two steps of the clock a run, that is
/// how far two equal runs may well lie apart. With fewer than four parts a run there is no telling.
/// What makes a whole run slower than another (a processor that gets hot in between) does not show
/// in its parts: only more runs do.
///
/// ```
/// use std::time::Duration;
/// use locklab::measure::compare::judge;
///
/// let step = Duration::from_micros(5);
/// let parts = ([50.0, 50.4, 50.1, 50.3], [50.2, 50.2, 50.4, 50.1]);
/// assert!(!judge(0.1, &parts.0, &parts.1, step).shows);
/// assert!(judge(40.0, &parts.0, &parts.1, step).shows);
/// ```
pub fn judge(difference_ms: f64, first: &[f64], second: &[f64], step: Duration) -> Judgement {
    let parts = first.len().min(second.len());
    let noise_ms = (parts >= 4).then(|| {
        let scatter = variance(first) * first.len() as f64 + variance(second) * second.len() as f64;
        let t = T[(parts - 4).min(T.len() - 1)];
        t * scatter.sqrt() + 4.0 * step.as_secs_f64() * 1e3
    });
    Judgement {
        noise_ms,
        shows: noise_ms.is_some_and(|noise| difference_ms.abs() > noise),
    }
}

fn variance(parts: &[f64]) -> f64 {
    let count = parts.len() as f64;
    let mean = parts.iter().sum::<f64>() / count;
    let squares: f64 = parts.iter().map(|part| (part - mean).powi(2)).sum();
    squares / (count - 1.0)
}

/// How long a run took for each part of its work. `laps` are the moments, in milliseconds since the
/// run's start, at which a worker had done another part of its own share; all workers' together, in
/// any order. A part of the run ends when so many such parts are done as there are workers, whoever
/// did them; so the last one ends with the run.
///
/// `ends` are the fractions of a share, from 0 to 1, at which its parts end: where they are not quite
/// equal, times are scaled to what equal ones would have taken.
///
/// ```
/// use locklab::measure::compare::parts;
///
/// assert_eq!(parts(vec![1.0, 2.0, 2.5, 4.0], &[0.5, 1.0]), [2.0, 2.0]);
/// assert_eq!(parts(vec![6.0, 10.0], &[0.6, 1.0]), [5.0, 5.0]);
/// ```
pub fn parts(mut laps: Vec<f64>, ends: &[f64]) -> Vec<f64> {
    super::bootstrap::sort(&mut laps);
    let count = ends.len();
    let (mut before, mut done) = (0.0, 0.0);
    (1..=count)
        .zip(ends)
        .filter_map(|(part, fraction)| {
            let end = *laps.get((laps.len() * part / count).checked_sub(1)?)?;
            let took = (end - before) / ((fraction - done) * count as f64);
            (before, done) = (end, *fraction);
            Some(took)
        })
        .collect()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::measure::random::SplitMix;

    const STEP: Duration = Duration::from_micros(5);

    /// The first run's parts scatter by √(20/3), the second's not at all: 3.182 × √(4 × 20/3), and four steps.
    #[test]
    fn noise_is_what_one_reckons_by_hand() {
        let parts = ([10.0, 12.0, 14.0, 16.0], [10.0; 4]);
        let judged = |difference| judge(difference, &parts.0, &parts.1, STEP);
        let noise = judged(0.0).noise_ms.expect("four parts are enough");
        assert!((noise - 16.4518).abs() < 1e-3, "{noise}");
        for (difference, shows) in [
            (16.44, false),
            (16.46, true),
            (-16.44, false),
            (-16.46, true),
        ] {
            assert_eq!(judged(difference).shows, shows, "{difference}");
        }
    }

    #[test]
    fn three_parts_tell_nothing_however_large_the_difference() {
        let judged = judge(1e9, &[1.0; 3], &[1.0; 8], STEP);
        assert_eq!((judged.noise_ms, judged.shows), (None, false));
    }

    /// Two equal runs of parts that scatter: the sum of three even numbers by lot is nearly normal.
    #[test]
    fn equal_runs_differ_once_in_twenty_at_the_most_and_unequal_ones_show_it() {
        const TRIALS: u32 = 2000;
        let mut random = SplitMix::new(7);
        let mut part = || {
            100.0
                + (0..3)
                    .map(|_| random.below(1000) as f64 / 1000.0)
                    .sum::<f64>()
        };
        let (mut by_chance, mut found) = (0, 0);
        for _ in 0..TRIALS {
            let runs: [[f64; 8]; 2] = std::array::from_fn(|_| std::array::from_fn(|_| part()));
            let difference = runs[0].iter().sum::<f64>() - runs[1].iter().sum::<f64>();
            by_chance += u32::from(judge(difference, &runs[0], &runs[1], STEP).shows);
            // Three times what two equal runs scatter by: √(2 × 8 × 3 / 12) = 2.
            found += u32::from(judge(difference + 6.0, &runs[0], &runs[1], STEP).shows);
        }
        assert!(
            (TRIALS / 200..=TRIALS / 20).contains(&by_chance),
            "{by_chance}"
        );
        assert!(found > TRIALS * 6 / 10, "{found}");
    }

    /// Of two workers, the first is done with its half after 1 s, the second after 3 s: whoever did them, two of the four
    /// halves are done after 2.5 s.
    #[test]
    fn a_part_ends_with_as_many_laps_as_there_are_workers() {
        assert_eq!(parts(vec![3.0, 1.0, 4.0, 2.5], &[0.5, 1.0]), [2.5, 1.5]);
        assert!(
            parts(Vec::new(), &[0.5, 1.0]).is_empty(),
            "nobody had a lap"
        );
    }
}
