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
