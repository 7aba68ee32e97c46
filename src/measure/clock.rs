//! The clock's resolution, which limits every measurement. Browsers make it coarse on purpose.

use std::time::Duration;

use web_time::Instant;

use super::bootstrap::median;

/// Steps to take, at most.
const STEPS: usize = 64;
/// How long they may take, if three are there and alike.
const ENOUGH: Duration = Duration::from_millis(20);
/// The same if they are not.
const AT_MOST: Duration = Duration::from_millis(200);

/// The smallest difference between two readings of the clock, found by reading it until it moves.
///
/// Takes at most 20 ms, or three steps where that is longer (a browser may have steps of 100 ms), and up to 200 ms where
/// the thread is interrupted. If a reading takes longer than a step, as natively, the result is a
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
    step_of(|| begin.elapsed())
}

fn step_of(mut read: impl FnMut() -> Duration) -> Duration {
    let begin = read();
    let mut last = begin;
    let mut steps = Vec::with_capacity(STEPS);
    while steps.len() < STEPS {
        let now = read();
        if now > last {
            steps.push((now - last).as_secs_f64());
            last = now;
            let spent = now - begin;
            if steps.len() > 2 && spent > if are_alike(&steps) { ENOUGH } else { AT_MOST } {
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

/// Whether they are a clock's: interruptions are as long as it happens.
fn are_alike(steps: &[f64]) -> bool {
    let [short, long] = [f64::min, f64::max].map(|end| steps.iter().copied().fold(steps[0], end));
    long <= 3.0 * short
}

/// How long one reading of the clock takes. Every timed batch contains about one, which doesn't average out.
///
/// As many readings as fit into a millisecond, three times: the quickest, as whatever interrupts the thread is no part
/// of a reading. Once, where a step of the clock takes longer than all that.
pub fn reading() -> Duration {
    let begin = Instant::now();
    reading_of(|| begin.elapsed())
}

fn reading_of(mut read: impl FnMut() -> Duration) -> Duration {
    const EACH: Duration = Duration::from_millis(1);
    let begin = read();
    let mut quickest = Duration::MAX;
    for _ in 0..3 {
        let (mut readings, from) = (1, read());
        let mut to = read();
        while to < from + EACH {
            readings += 1;
            to = read();
        }
        quickest = quickest.min((to - from) / readings);
        if to > begin + AT_MOST {
            break;
        }
    }
    quickest
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

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// A clock of this step, read every microsecond, by a thread that loses its processor at these readings.
    fn read(step_us: u64, interruptions: &[(u64, u64)]) -> (Duration, Duration) {
        let (mut readings, mut us) = (0, 0);
        let step = step_of(|| {
            readings += 1;
            us += 1;
            let lost = interruptions.iter().find(|(at, _)| *at == readings);
            us += lost.map_or(0, |(_, long)| *long);
            Duration::from_micros(us / step_us * step_us)
        });
        (step, Duration::from_micros(us))
    }

    #[test]
    fn interruptions_are_no_steps() {
        let (step, _) = read(20, &[(2, 1100), (3, 1100), (4, 19_000)]);
        assert_eq!(step, Duration::from_micros(20));
    }

    #[test]
    fn interruptions_are_no_part_of_a_reading() {
        for at in [2, 1500] {
            let (mut readings, mut us) = (0, 0);
            let found = reading_of(|| {
                readings += 1;
                us += if readings == at { 20_000 } else { 1 };
                Duration::from_micros(us / 5 * 5)
            });
            assert!((900..1100).contains(&found.as_nanos()), "{found:?} a reading");
        }
    }

    #[test]
    fn a_coarse_clock_is_known_after_three_steps() {
        for step_us in [16_700, 100_000] {
            let (step, spent) = read(step_us, &[]);
            assert_eq!(step, Duration::from_micros(step_us));
            assert_eq!(spent, 3 * step);
        }
    }
}
