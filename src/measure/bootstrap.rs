//! An interval around a median, without assuming anything of how the samples are spread: the
//! percentile bootstrap of Efron and Tibshirani, *An Introduction to the Bootstrap* (1993), ch. 13.

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
/// The same samples give the same interval: the random numbers start from a fixed seed.
///
/// ```
/// let samples: Vec<f64> = (0..101).map(f64::from).collect();
/// let estimate = locklab::measure::bootstrap::median(&samples).unwrap();
/// assert_eq!(estimate.median, 50.0);
/// assert!(estimate.low < 50.0 && estimate.high > 50.0);
/// ```
pub fn median(samples: &[f64]) -> Option<Estimate> {
    let mut scratch = samples.to_vec();
    let median = middle(&mut scratch)?;
    let mut random = SplitMix(samples.len() as u64);
    let mut medians: Vec<f64> = (0..RESAMPLES)
        .filter_map(|_| {
            for place in &mut scratch {
                *place = samples[random.below(samples.len())];
            }
            middle(&mut scratch)
        })
        .collect();
    sort(&mut medians);
    Some(Estimate {
        median,
        low: medians[RESAMPLES * 25 / 1000],
        high: medians[RESAMPLES * 975 / 1000],
    })
}

/// The median; sorts the samples.
pub fn middle(samples: &mut [f64]) -> Option<f64> {
    sort(samples);
    let half = samples.len() / 2;
    let upper = *samples.get(half)?;
    let even = samples.len().is_multiple_of(2);
    Some(if even {
        f64::midpoint(samples[half - 1], upper)
    } else {
        upper
    })
}

/// Sorts, smallest first.
pub fn sort(samples: &mut [f64]) {
    samples.sort_unstable_by(f64::total_cmp);
}

/// SplitMix64 (Steele, Lea, Flood: *Fast Splittable Pseudorandom Number Generators*, 2014): small,
/// and random enough to draw samples.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`, by the high half of a product (Lemire); its bias is far below what matters.
    fn below(&mut self, bound: usize) -> usize {
        (((self.next() >> 32) * bound as u64) >> 32) as usize
    }
}
