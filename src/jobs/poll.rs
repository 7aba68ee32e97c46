//! What a master sees when it polls a round, and when it polls next.

use super::lease::Lease;

/// What a poll of a round's jobs found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Poll {
    /// Jobs with a result; never goes down from one poll to the next.
    pub done: u32,
    /// Jobs that may still get one.
    pub open: u32,
}

impl Poll {
    /// Whether the round is over. Lost jobs do not keep it open, nor count as done.
    pub fn all_done(&self) -> bool {
        self.open == 0
    }
}

impl FromIterator<Lease> for Poll {
    fn from_iter<T: IntoIterator<Item = Lease>>(leases: T) -> Poll {
        let mut poll = Poll::default();
        for lease in leases {
            poll.done += u32::from(lease.state.is_done());
            poll.open += u32::from(lease.state.is_open());
        }
        poll
    }
}

/// When a round is polled, in milliseconds since its start: at once, and then once an interval.
///
/// Jobs of a fixed length all end at the same place between two polls if the polls stand still as
/// well, and the wait for the next poll would then show the remainder of the two settings and not what
/// polling costs. So the second poll of each round comes a little earlier than the interval says: by
/// multiples of the golden ratio, whose fractions lie more evenly than chance would have them, for
/// any number of rounds. The first round keeps the whole interval, as the post does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PollSchedule {
    interval_ms: f64,
    second_ms: f64,
}

impl PollSchedule {
    /// Of a round's polls, `interval_ms` apart (at least 1 µs).
    ///
    /// ```
    /// use locklab::jobs::poll::PollSchedule;
    ///
    /// let schedule = PollSchedule::new(0, 100.0);
    /// assert_eq!(schedule.next_ms(0.0), 100.0);
    /// assert_eq!(schedule.next_ms(250.0), 300.0);
    /// ```
    pub fn new(round: u32, interval_ms: f64) -> PollSchedule {
        /// The golden ratio's fraction.
        const STEP: f64 = 0.618_033_988_749_894_9;
        let interval_ms = interval_ms.max(1e-3);
        PollSchedule {
            interval_ms,
            second_ms: interval_ms * (1.0 - (f64::from(round) * STEP).fract()),
        }
    }

    /// The first poll after `now_ms`. Polls that a busy master has missed are skipped.
    pub fn next_ms(&self, now_ms: f64) -> f64 {
        if now_ms < self.second_ms {
            return self.second_ms;
        }
        let passed = ((now_ms - self.second_ms) / self.interval_ms).floor();
        self.second_ms + (passed + 1.0) * self.interval_ms
    }
}
