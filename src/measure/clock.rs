//! The clock's resolution, which limits every measurement. Browsers make it coarse on purpose.

use std::time::Duration;

use web_time::Instant;

use super::bootstrap::median;

/// Steps to take, at most.
const STEPS: usize = 64;

/// The smallest difference between two readings of the clock, found by reading it until it moves.
///
/// Takes at most 20 ms, or two steps where that is longer (a page without isolation may see steps of
/// a whole millisecond). If a reading takes longer than a step, as natively, the result is a
/// reading's time: no finer difference can be seen either way.
///
/// A browser's steps are jittered multiples of the true one, and a thread may be interrupted: the result is the
/// mean of the differences near their median.
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
            steps.push((now - last).as_secs_f64());
            last = now;
            if steps.len() > 2 && now - begin > Duration::from_millis(20) {
                break;
            }
        }
    }
    let median = median(&mut steps).unwrap_or_default();
    let near = |step: &&f64| (0.5..=1.5).contains(&(**step / median));
    let (count, sum) =
        steps.iter().filter(near).fold((0.0, 0.0), |(count, sum), step| (count + 1.0, sum + step));
    // Of an even number of steps the median may have no step near it.
    let mean = if count > 0.0 { sum / count } else { median };
    Duration::from_secs_f64(mean).max(Duration::from_nanos(1))
}

/// How long one reading of the clock takes, by as many as fit into 2 ms. Every timed batch contains about one,
/// which doesn't average out.
pub fn reading() -> Duration {
    let begin = Instant::now();
    let mut readings = 1;
    loop {
        let spent = Instant::now() - begin;
        if spent >= Duration::from_millis(2) {
            return spent / readings;
        }
        readings += 1;
    }
}

/// A duration in milliseconds, to a tenth of a microsecond: finer than any browser's clock.
pub fn ms(duration: Duration) -> f64 {
    super::rounded(duration.as_secs_f64() * 1e3, 4)
}

/// The clock's step in milliseconds: as [`ms`], but to the nanosecond if it is below a microsecond, as natively.
///
/// ```
/// use locklab::measure::clock::step_ms;
/// use std::time::Duration;
/// assert_eq!(step_ms(Duration::from_nanos(5_012)), 0.005);
/// assert_eq!(step_ms(Duration::from_nanos(34)), 0.000_034);
/// ```
pub fn step_ms(step: Duration) -> f64 {
    let digits = if step < Duration::from_micros(1) { 6 } else { 4 };
    super::rounded(step.as_secs_f64() * 1e3, digits)
}
