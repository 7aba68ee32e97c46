//! The distribution of many waits, in a histogram of fixed size.
//!
//! The histogram is HdrHistogram's (Tene; crate `hdrhistogram`): buckets whose width grows with the value, so
//! that every value is known to within 1 % in a few kilobytes, from a nanosecond to a minute.

use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Serializer, V2Serializer};

/// The longest wait that is distinguished, in nanoseconds: a minute.
const LONGEST_NS: u64 = 60_000_000_000;
/// Decimal digits that are kept of a value.
const DIGITS: u8 = 2;

/// Waits, by their length.
#[derive(Debug, Clone)]
pub struct LatencyHistogram(Histogram<u32>);

impl LatencyHistogram {
    /// An empty histogram. `None` if it can't be made, which its fixed bounds rule out.
    pub fn new() -> Option<LatencyHistogram> {
        Histogram::new_with_bounds(1, LONGEST_NS, DIGITS).ok().map(LatencyHistogram)
    }

    /// Adds a wait; one longer than a minute counts as a minute. Allocates nothing.
    #[inline]
    pub fn record(&mut self, ns: u64) {
        self.0.saturating_record(ns.max(1));
    }

    /// Adds all waits of another.
    pub fn merge(&mut self, others: &LatencyHistogram) {
        // Both have the same bounds, so nothing is outside of them.
        let _ = self.0.add(&others.0);
    }

    /// How many waits.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The wait that a fraction of all did not exceed.
    pub fn quantile(&self, fraction: f64) -> u64 {
        self.0.value_at_quantile(fraction)
    }

    /// The longest wait.
    pub fn max(&self) -> u64 {
        self.0.max()
    }

    /// HdrHistogram's own V2 encoding, not compressed; empty if it fails.
    pub fn encoded(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        if V2Serializer::new().serialize(&self.0, &mut bytes).is_err() {
            bytes.clear();
        }
        bytes
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use hdrhistogram::serialization::Deserializer;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_quantile_is_within_one_per_cent_of_the_sorted_list(mut list in prop::collection::vec(1u64..10_000_000_000, 1..400), fraction in 0.0..1.0) {
            let mut waits = LatencyHistogram::new().expect("fixed bounds");
            for wait in &list {
                waits.record(*wait);
            }
            list.sort_unstable();
            let rank = f64::ceil(fraction * list.len() as f64).max(1.0) as usize - 1;
            let (found, exact) = (waits.quantile(fraction) as f64, list[rank] as f64);
            prop_assert!((found - exact).abs() <= exact * 0.0101 + 1.0, "{found} for {exact}");
        }
    }

    #[test]
    fn the_encoding_can_be_read_and_a_wait_beyond_the_last_bucket_counts_as_the_longest() {
        let mut waits = LatencyHistogram::new().expect("fixed bounds");
        for wait in [9, 60, 900, u64::MAX] {
            waits.record(wait);
        }
        let read: Histogram<u64> =
            Deserializer::new().deserialize(&mut &waits.encoded()[..]).expect("V2");
        assert_eq!((read.len(), read.value_at_quantile(0.25)), (4, 9));
        assert!(read.max() >= LONGEST_NS && waits.max() >= LONGEST_NS);
    }
}
