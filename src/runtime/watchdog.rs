//! The [`Watchdog`] of a phase: workers whose heartbeat stands still have failed.

use std::time::Duration;

use super::board::{Slot, State};

/// Takes heartbeats of some workers. The masters under study have a failure detector, which is not so sure.
///
/// A thread that waits for a lock gives no heartbeat, and in a queue of many it may wait for long: that is a result,
/// not a death. So a waiting worker is suspected only once nobody gets on any more.
pub(super) struct Watchdog {
    timeout: Duration,
    workers: Vec<Silence>,
    /// How long nobody has given a heartbeat or finished.
    quiet: Duration,
    unfinished: usize,
}

/// A worker's last heartbeat count, and for how long it has been the same.
#[derive(Debug, Clone, Copy, Default)]
struct Silence {
    beats: u32,
    length: Duration,
    is_told: bool,
}

/// What is known of a worker that has not finished.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sign {
    pub index: usize,
    pub beats: u32,
    /// Whether it waits for a lock.
    pub is_waiting: bool,
}

impl Sign {
    /// What its slot says.
    pub(super) fn of(index: usize, slot: &Slot) -> Sign {
        Sign { index, beats: slot.beats(), is_waiting: slot.read().state == State::Waiting }
    }
}

impl Watchdog {
    pub(super) fn new(timeout: Duration, workers: usize) -> Watchdog {
        Watchdog {
            timeout,
            workers: vec![Silence::default(); workers],
            quiet: Duration::ZERO,
            unfinished: workers,
        }
    }

    /// Takes the signs of all workers that have not finished, `elapsed` after the last ones; returns those that
    /// have just become suspect, once for each silence.
    pub(super) fn suspects(
        &mut self,
        elapsed: Duration,
        signs: impl Iterator<Item = Sign>,
    ) -> Vec<usize> {
        let signs: Vec<Sign> = signs.collect();
        let mut is_quiet = self.unfinished == signs.len();
        self.unfinished = signs.len();
        for sign in &signs {
            let silence = &mut self.workers[sign.index];
            if silence.beats != sign.beats {
                is_quiet = false;
                *silence = Silence { beats: sign.beats, ..Silence::default() };
            }
            silence.length += elapsed;
        }
        if !is_quiet {
            self.quiet = Duration::ZERO;
        }
        self.quiet += elapsed;
        let mut suspects = Vec::new();
        for sign in signs {
            let silence = &mut self.workers[sign.index];
            let is_excused = sign.is_waiting && self.quiet < self.timeout;
            if silence.length >= self.timeout && !silence.is_told && !is_excused {
                silence.is_told = true;
                suspects.push(sign.index);
            }
        }
        suspects
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const NOBODY: [usize; 0] = [];

    /// Whoever is suspect a second later.
    fn suspects(watchdog: &mut Watchdog, signs: &[(usize, u32, bool)]) -> Vec<usize> {
        let signs =
            signs.iter().map(|&(index, beats, is_waiting)| Sign { index, beats, is_waiting });
        watchdog.suspects(SECOND, signs)
    }

    #[test]
    fn a_watchdog_suspects_each_silence_once() {
        let mut watchdog = Watchdog::new(2 * SECOND, 1);
        let mut is_suspect = |beats| !suspects(&mut watchdog, &[(0, beats, false)]).is_empty();
        assert!(!is_suspect(7), "it beats");
        assert!(is_suspect(7), "two seconds without a beat");
        assert!(!is_suspect(7), "that has been said");
        assert!(!is_suspect(8) && is_suspect(8), "and again after another beat");
    }

    #[test]
    fn who_waits_in_a_queue_is_not_dead_as_long_as_the_queue_moves() {
        let mut watchdog = Watchdog::new(2 * SECOND, 3);
        for turn in 1..100 {
            // Somebody is always served.
            let signs = [(0, turn, false), (1, 0, true), (2, turn / 9, true)];
            assert_eq!(suspects(&mut watchdog, &signs), NOBODY);
        }
        let still = [(0, 99, false), (1, 0, true), (2, 11, true)];
        assert_eq!(suspects(&mut watchdog, &still), [0, 1, 2], "nobody gets on");
    }

    #[test]
    fn a_worker_that_finishes_was_served_and_one_that_does_not_wait_has_no_excuse() {
        let mut watchdog = Watchdog::new(2 * SECOND, 3);
        let three = [(0, 0, true), (1, 0, true), (2, 0, false)];
        assert_eq!(suspects(&mut watchdog, &three), NOBODY);
        let two = [(1, 0, true), (2, 0, false)];
        assert_eq!(suspects(&mut watchdog, &two), [2]);
        assert_eq!(suspects(&mut watchdog, &two), [1]);
    }
}
