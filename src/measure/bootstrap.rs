//! Confidence intervals of medians, without an assumption about the distribution: the percentile bootstrap of
//! Efron and Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 13.

use super::random::SplitMix;

/// Resamples drawn. 600 place the interval's ends within a few per cent of its own width.
const RESAMPLES: usize = 600;

/// A median and the interval that holds the true one with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The samples' median.
    pub median: f64,
    /// The interval's lower end.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
}

/// The median of `samples` and its 95 % interval, or `None` without samples.
///
/// The same samples give the same interval: the random numbers start from them.
///
/// ```
/// let samples: Vec<f64> = (0..101).map(f64::from).collect();
/// let estimate = locklab::measure::bootstrap::median_ci(&samples).unwrap();
/// assert_eq!(estimate.median, 50.0);
/// assert!(estimate.low < 50.0 && estimate.high > 50.0);
/// ```
pub fn median_ci(samples: &[f64]) -> Option<Estimate> {
    let mut sorted = samples.to_vec();
    let center = median(&mut sorted)?;
    let place = |sample: &f64| sorted.partition_point(|other| other.total_cmp(sample).is_lt());
    let places: Vec<usize> = samples.iter().map(place).collect();
    let seed = samples.iter().fold(0_u64, |seed, sample| seed.rotate_left(7) ^ sample.to_bits());
    let mut random = SplitMix::new(seed);
    // Counting how often each was drawn is quicker than sorting them again.
    let mut drawn = vec![0; samples.len()];
    let mut medians: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            drawn.fill(0);
            for _ in samples {
                drawn[places[random.below(samples.len())]] += 1;
            }
            middle(samples.len(), |rank| {
                let mut seen = 0;
                let place = drawn.iter().position(|times| {
                    seen += times;
                    seen > rank
                });
                sorted[place.unwrap_or_default()]
            })
        })
        .collect();
    sort(&mut medians);
    Some(Estimate {
        median: center,
        low: medians[RESAMPLES * 25 / 1000 - 1].min(center),
        high: medians[RESAMPLES * 975 / 1000].max(center),
    })
}

/// The median, and the interval between two of the samples that misses the true one with at most this `risk`, whatever
/// their distribution; of very few, it is all that there are, and the risk is greater. As far from either end as a coin's
/// throws leave room for (Conover, *Practical Nonparametric Statistics*, ch. 3): exact, where a bootstrap would need very
/// many resamples for a small risk.
///
/// ```
/// let samples: Vec<f64> = (0..10).map(f64::from).collect();
/// let estimate = locklab::measure::bootstrap::median_by_order(&samples, 0.05).unwrap();
/// assert_eq!((estimate.low, estimate.median, estimate.high), (1.0, 4.5, 8.0));
/// ```
pub fn median_by_order(samples: &[f64], risk: f64) -> Option<Estimate> {
    let mut sorted = samples.to_vec();
    let (count, median) = (sorted.len(), median(&mut sorted)?);
    let (mut left_out, mut chance, mut below) = (0, 0.5_f64.powf(count as f64), 0.0);
    while 2.0 * (below + chance) <= risk {
        below += chance;
        left_out += 1;
        chance *= (count + 1 - left_out) as f64 / left_out as f64;
    }
    let place = left_out.max(1) - 1;
    Some(Estimate { median, low: sorted[place], high: sorted[count - 1 - place] })
}

/// The median, or `None` without samples; sorts them.
pub fn median(samples: &mut [f64]) -> Option<f64> {
    sort(samples);
    (!samples.is_empty()).then(|| middle(samples.len(), |rank| samples[rank]))
}

/// The median of so many, of which `at` gives the one of a rank.
fn middle(count: usize, at: impl Fn(usize) -> f64) -> f64 {
    f64::midpoint(at((count - 1) / 2), at(count / 2))
}

/// How many samples are more than three interquartile ranges above the upper quartile (Tukey, *Exploratory Data
/// Analysis*, 1977: "far out"): something interrupted them. They stay among the samples, as a median is robust.
///
/// ```
/// use locklab::measure::bootstrap::far_out;
/// assert_eq!(far_out(&[5.0, 5.1, 5.2, 5.3, 5.4, 9.0]), 1);
/// assert_eq!(far_out(&[5.0, 5.0]), 0);
/// ```
pub fn far_out(samples: &[f64]) -> usize {
    let mut sorted = samples.to_vec();
    sort(&mut sorted);
    let quarter = |part: usize| sorted.get((sorted.len().saturating_sub(1)) * part / 4).copied();
    let (Some(low), Some(high)) = (quarter(1), quarter(3)) else {
        return 0;
    };
    let fence = high + 3.0 * (high - low);
    sorted.iter().filter(|sample| **sample > fence).count()
}

/// Sorts, smallest first.
pub fn sort(samples: &mut [f64]) {
    samples.sort_unstable_by(f64::total_cmp);
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// The binomial distribution gives the same interval without a bootstrap: 1.96 × √n / 2 ranks to either side
    /// (Conover, *Practical Nonparametric Statistics*, ch. 3).
    #[test]
    fn the_interval_is_as_wide_as_the_order_of_the_samples_says() {
        for count in [101, 401, 1001] {
            let samples: Vec<f64> = (0..count).map(f64::from).collect();
            let found = median_ci(&samples).expect("an estimate");
            let half = 1.96 * f64::from(count).sqrt() / 2.0;
            let middle = f64::from(count - 1) / 2.0;
            for (end, expected) in [(found.low, middle - half), (found.high, middle + half)] {
                assert!((end - expected).abs() < 0.15 * half, "{found:?} of {count}");
            }
        }
    }
}
