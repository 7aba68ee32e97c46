//! Suspects workers whose heartbeat stands still.

use std::time::Duration;

/// Takes heartbeats of some workers. For the coordinator of a phase; the masters' own is another.
pub(super) struct FailureDetector {
    timeout: Duration,
    /// Each worker's last heartbeat count, and for how long it has been the same.
    workers: Vec<(u32, Duration)>,
}

impl FailureDetector {
    pub(super) fn new(timeout: Duration, workers: usize) -> FailureDetector {
        FailureDetector {
            timeout,
            workers: vec![(0, Duration::ZERO); workers],
        }
    }

    /// Takes a worker's heartbeat count, `elapsed` after the last one; returns whether the worker has just
    /// become suspect, once for each silence.
    pub(super) fn suspects(&mut self, index: usize, beats: u32, elapsed: Duration) -> bool {
        let (last, silence) = &mut self.workers[index];
        if beats != *last {
            (*last, *silence) = (beats, Duration::ZERO);
        }
        let before = *silence;
        *silence += elapsed;
        before < self.timeout && *silence >= self.timeout
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn a_failure_detector_suspects_each_silence_once() {
        let second = Duration::from_secs(1);
        let mut detector = FailureDetector::new(2 * second, 1);
        let mut suspects = |beats| detector.suspects(0, beats, second);
        assert!(!suspects(7), "it beats");
        assert!(suspects(7), "two seconds without a beat");
        assert!(!suspects(7), "that has been said");
        assert!(!suspects(8) && suspects(8), "and again after another beat");
    }
}
