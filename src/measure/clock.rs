//! How fine the clock is that everything else is measured with. Browsers make it coarse on purpose.

use std::time::Duration;

use web_time::Instant;

/// Steps to look at, at most.
const STEPS: usize = 64;

/// The smallest difference that two readings of the clock show, found by reading until it moves.
///
/// Takes at most 20 ms, or two steps where that is longer (a page without isolation may see steps of
/// a whole millisecond). Where reading the clock takes longer than its step, as natively, the result
/// is what reading takes: no finer difference can be seen either way.
///
/// A browser's steps are jittered multiples of the true one and now and then a thread is interrupted,
/// so the result is the mean of those differences that lie near their median.
///
/// ```
/// let step = locklab::measure::clock::step();
/// assert!(step > std::time::Duration::ZERO);
/// ```
pub fn step() -> Duration {
    let begin = Instant::now();
    let mut last = begin;
    let mut steps = Vec::with_capacity(STEPS);
    while steps.len() < STEPS {
        let now = Instant::now();
        if now > last {
            steps.push(now - last);
            last = now;
            if steps.len() > 2 && now - begin > Duration::from_millis(20) {
                break;
            }
        }
    }
    steps.sort_unstable();
    let median = steps[steps.len() / 2];
    let near = steps.iter().filter(|step| **step >= median / 2 && **step <= median * 3 / 2);
    let (count, sum) = near.fold((0_u32, Duration::ZERO), |(count, sum), step| (count + 1, sum + *step));
    // The median itself is near the median, so the count is not 0.
    (sum / count.max(1)).max(Duration::from_nanos(1))
}

/// A duration in milliseconds, to a tenth of a microsecond: finer than any browser's clock.
pub fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e7).round() / 1e4
}
