//! The only thread there is looks up from its work now and then.
//!
//! A page that is not isolated lends its memory to no second thread. So nobody can write to that memory while the thread
//! works: between two slices of work it shows what it has, and learns whether it is to stop.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use web_time::Instant;

/// How long the thread works at least before it looks up, …
pub(super) const INTERVAL: Duration = Duration::from_millis(100);
/// … while it is timed, how many times as long as looking up took, so that it takes half a percent longer, …
const RARITY: u32 = 200;
/// … and how long at most: a stop must be seen.
const LONGEST: Duration = Duration::from_secs(2);

/// How a thread that is alone looks up.
pub(super) struct Alone {
    look: fn(),
    /// When it looked up last, and how long that took.
    last: Mutex<(Instant, Duration)>,
}

impl Alone {
    pub(super) fn new(look: fn()) -> Alone {
        Alone { look, last: Mutex::new((Instant::now(), Duration::ZERO)) }
    }

    /// Looks up if it is time to. Returns how long that took.
    pub(super) fn look(&self, is_timed: bool) -> Duration {
        let begin = Instant::now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (ended, took) = *last;
        let rest = if is_timed { (took * RARITY).clamp(INTERVAL, LONGEST) } else { INTERVAL };
        if begin < ended + rest {
            return Duration::ZERO;
        }
        (self.look)();
        *last = (Instant::now(), begin.elapsed());
        last.1
    }
}
