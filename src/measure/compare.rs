//! Whether a difference between two runs is more than noise.

use std::time::Duration;

/// Student's t at 97.5 %, for 3 to 7 degrees of freedom.
const T: [f64; 5] = [3.182, 2.776, 2.571, 2.447, 2.365];

/// A difference against its noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Comparison {
    /// Milliseconds that two equal runs may differ by; `None` if the runs are too short to tell.
    pub noise_ms: Option<f64>,
    /// Whether the difference is larger than the noise.
    pub shows: bool,
}

/// Compares two runs of the same work, of which one took `difference_ms` longer. `first` and `second` are the
/// milliseconds that each took for each of the work's equal segments.
///
/// `rehearsals` are the milliseconds that shorter versions of the two took before, one after the other; none if there were none.
///
/// The method is that of *batch means* (Law: *Simulation Modeling and Analysis*, ch. 9): a run is the
/// sum of its n segments, so if they have standard deviation s, it has s·√n, and the difference of two
/// runs √(n(s₁² + s₂²)). Student's t for 95 % times that, plus two steps of the clock a run, is how far two
/// equal runs may lie apart. Fewer than four segments can't tell. What slows a whole run (another core, a processor that
/// gets hot) does not show in its segments. If rehearsals differ more from pair to pair than segments as long would, that much is added:
/// a random effect of the run (Searle, Casella, McCulloch, *Variance Components*, 1992, ch. 3).
///
/// ```
/// use std::time::Duration;
/// use locklab::measure::compare::compare;
///
/// let step = Duration::from_micros(5);
/// let segments = ([50.0, 50.4, 50.1, 50.3], [50.2, 50.2, 50.4, 50.1]);
/// assert!(!compare(0.1, &segments.0, &segments.1, &[], step).shows);
/// assert!(compare(40.0, &segments.0, &segments.1, &[], step).shows);
/// ```
pub fn compare(
    difference_ms: f64,
    first: &[f64],
    second: &[f64],
    rehearsals: &[[f64; 2]],
    step: Duration,
) -> Comparison {
    let segments = first.len().min(second.len());
    let noise_ms = (segments >= 4).then(|| {
        let within = variance(first) * first.len() as f64 + variance(second) * second.len() as f64;
        let length = (first.iter().sum::<f64>() + second.iter().sum::<f64>()) / 2.0;
        let between = between(rehearsals, within, length);
        // As if there were one rehearsal less: a part of what they tell was known.
        let told_by = if between > 0.0 { segments.min(rehearsals.len() - 1) } else { segments };
        let t = T[(told_by - 4).min(T.len() - 1)];
        t * (within + between).sqrt() + 4.0 * step.as_secs_f64() * 1e3
    });
    Comparison { noise_ms, shows: noise_ms.is_some_and(|noise| difference_ms.abs() > noise) }
}

/// The variance of the difference of two runs of this `length` that comes on top of what their segments tell (`within`), by how
/// their rehearsals differed. Fewer than five can't tell.
fn between(rehearsals: &[[f64; 2]], within: f64, length: f64) -> f64 {
    if rehearsals.len() < 5 {
        return 0.0;
    }
    let relative = rehearsals.iter().map(|[one, two]| 2.0 * (one - two) / (one + two));
    let short = rehearsals.iter().flatten().sum::<f64>() / (2 * rehearsals.len()) as f64;
    // Independent segments scatter the more, relatively, the fewer they are.
    let expected = within / (length * short);
    (variance(&relative.collect::<Vec<_>>()) - expected).max(0.0) * length * length
}

fn variance(samples: &[f64]) -> f64 {
    let count = samples.len() as f64;
    let mean = samples.iter().sum::<f64>() / count;
    let squares: f64 = samples.iter().map(|sample| (sample - mean).powi(2)).sum();
    squares / (count - 1.0)
}

/// How long a run took for each segment of its work. `laps` are the times, in milliseconds from the run's start,
/// at which a worker finished a segment of its own share: all workers' together, in any order. A segment of the
/// run ends when as many such laps are done as there are workers, by any of them; the last ends with the run.
///
/// `ends` are the fractions of a share, from 0 to 1, at which its segments end: if they are not quite equal, times
/// are scaled to what equal ones would have taken.
///
/// ```
/// use locklab::measure::compare::segment_times;
///
/// assert_eq!(segment_times(vec![1.0, 2.0, 2.5, 4.0], &[0.5, 1.0]), [2.0, 2.0]);
/// assert_eq!(segment_times(vec![6.0, 10.0], &[0.6, 1.0]), [5.0, 5.0]);
/// ```
pub fn segment_times(mut laps: Vec<f64>, ends: &[f64]) -> Vec<f64> {
    super::bootstrap::sort(&mut laps);
    let count = ends.len();
    let (mut before, mut done) = (0.0, 0.0);
    (1..=count)
        .zip(ends)
        .filter_map(|(segment, fraction)| {
            let end = *laps.get((laps.len() * segment / count).checked_sub(1)?)?;
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

    /// The first run's variance is 20/3, the second's 0: the noise is 3.182 × √(4 × 20/3) and four steps.
    #[test]
    fn the_noise_is_what_the_method_says_and_needs_four_segments() {
        let runs = ([10.0, 12.0, 14.0, 16.0], [10.0; 4]);
        for (difference, shows) in [(16.44, false), (16.46, true), (-16.44, false), (-16.46, true)]
        {
            let found = compare(difference, &runs.0, &runs.1, &[], STEP);
            let noise = found.noise_ms.expect("four segments are enough");
            assert!((noise - 16.4518).abs() < 1e-3, "{noise}");
            assert_eq!(found.shows, shows, "{difference}");
        }
        let found = compare(1e9, &[1.0; 3], &[1.0; 8], &[[1.0, 2.0]; 8], STEP);
        assert_eq!((found.noise_ms, found.shows), (None, false));
    }

    /// A machine whose runs differ by this much as a whole, and their segments by half a percent more. The sum of three uniform
    /// random numbers is nearly normal, with a variance of a quarter.
    fn by_chance_and_found(run_to_run: f64, rehearsed: usize) -> (u32, u32) {
        let mut random = SplitMix::new(7);
        let mut normal =
            || 2.0 * (0..3).map(|_| random.below(1000) as f64 / 1000.0 - 0.5).sum::<f64>();
        let mut run = |segments: usize| {
            let all = 100.0 * (1.0 + run_to_run * normal());
            (0..segments).map(|_| all * (1.0 + 0.005 * normal())).collect::<Vec<_>>()
        };
        let (mut by_chance, mut found) = (0, 0);
        for _ in 0..TRIALS {
            let short = |_| [(); 2].map(|()| run(2).iter().sum::<f64>());
            let rehearsals: Vec<_> = (0..rehearsed).map(short).collect();
            let (one, two) = (run(8), run(8));
            let difference = one.iter().sum::<f64>() - two.iter().sum::<f64>();
            by_chance += u32::from(compare(difference, &one, &two, &rehearsals, STEP).shows);
            // Three standard deviations of two equal runs.
            let real = 3.0 * (2.0 * (8.0 * 0.25 + (800.0 * run_to_run).powi(2))).sqrt();
            found += u32::from(compare(difference + real, &one, &two, &rehearsals, STEP).shows);
        }
        (by_chance, found)
    }

    const TRIALS: u32 = 2000;

    #[test]
    fn equal_runs_differ_once_in_twenty_at_the_most_and_unequal_ones_show_it() {
        // With few rehearsals, a little more often.
        for (run_to_run, rehearsed, most, least) in [
            (0.0, 0, TRIALS / 20, TRIALS * 6 / 10),
            (0.0, 6, TRIALS / 20, TRIALS * 4 / 10),
            (0.0, 12, TRIALS / 20, TRIALS * 4 / 10),
            (0.01, 6, TRIALS / 16, TRIALS * 6 / 10),
            (0.03, 8, TRIALS / 20, TRIALS * 6 / 10),
        ] {
            let (by_chance, found) = by_chance_and_found(run_to_run, rehearsed);
            let what = format!("{run_to_run}, {rehearsed} rehearsals: {by_chance}, {found}");
            assert!((TRIALS / 200..=most).contains(&by_chance) && found > least, "{what}");
        }
        let (by_chance, _) = by_chance_and_found(0.03, 0);
        assert!(by_chance > TRIALS / 2, "a run's own segments do not tell: {by_chance}");
    }

    /// Of two workers, the first has done half its share after 1 s, the second after 3 s: two of the four halves are
    /// done after 2.5 s.
    #[test]
    fn a_segment_ends_with_as_many_laps_as_there_are_workers() {
        assert_eq!(segment_times(vec![3.0, 1.0, 4.0, 2.5], &[0.5, 1.0]), [2.5, 1.5]);
        assert!(segment_times(Vec::new(), &[0.5, 1.0]).is_empty(), "no laps");
    }
}
