//! One trial: a number of threads at one counter for a fixed time, and what they got out of it.
//!
//! All threads start together and go on until they are stopped; the coordinator moves them through the
//! [`Stage`]s by one word that all of them read. First they warm up. Then, in a window, their increments are
//! counted and nothing else is done. In most trials that is all. In a point's first one they then time each wait, and
//! at last they note who owns the lock: reading the clock costs a multiple of an increment, so that it has a time of its own.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use web_time::Instant;

use super::report::HoldInterval;
use super::worker::{self, MAX_HANDOVERS, ThreadStats};
use super::workload::{STAGES, Stage, ThroughputTrial, TrialConfig};
use crate::measure::latency::LatencyHistogram;
use crate::measure::rounded;
use crate::runtime::Harness;
use crate::runtime::workers::{PhaseConfig, PhaseResult};

const WINDOW: usize = 1;
const STOP: usize = STAGES.len() - 1;

/// How long ownership is noted.
pub(super) const OWNERSHIP_WINDOW: Duration = Duration::from_millis(5);
/// How much longer that may take if the lock has changed hands only once yet.
const GRACE: Duration = Duration::from_millis(200);
/// How long threads may take to leave once they are stopped; and how much longer a stage takes as long as
/// no thread has acquired the lock in it.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// What came of it.
#[derive(Debug)]
pub struct TrialResult {
    /// Increments in the window of each thread that did not fail.
    pub made: Vec<u64>,
    /// How long the window was.
    pub length: Duration,
    /// All waits.
    pub waits: Option<LatencyHistogram>,
    /// Who held the lock when.
    pub hold_intervals: Vec<HoldInterval>,
    /// All increments that anybody made.
    pub increments: u64,
    /// Increments of these that the counter misses; none if it may still be locked, so that nobody knows.
    pub lost: i64,
    /// How long threads were waited for in vain.
    pub timed_out_after: Option<Duration>,
    /// Whether every thread came to its end by itself.
    pub all_finished: bool,
    /// Whether there are threads that did not even stop.
    pub has_stuck: bool,
}

impl TrialConfig {
    /// How long a stage lasts at least. Each counts from when it did begin: if the coordinator came late to
    /// one, the next is no shorter for it.
    fn length(&self, stage: Stage) -> Duration {
        match stage {
            Stage::WarmUp => Duration::from_millis(1) + Duration::from_micros(100) * self.threads,
            Stage::Window => self.window,
            Stage::WaitTimes if self.is_first => self.waits,
            Stage::Ownership if self.is_first && self.ownership => OWNERSHIP_WINDOW,
            Stage::WaitTimes | Stage::Ownership => Duration::ZERO,
            Stage::Stop => STOP_TIMEOUT,
        }
    }
}

/// Runs a trial to its end, in a round of this many `planned`, which is the run's phase. Its counter is its own, so
/// that each has another place in memory.
pub fn run(harness: &Harness, config: TrialConfig, round: u32, planned: u32) -> TrialResult {
    let counter = harness.counter(config.kind);
    let trial = Arc::new(ThroughputTrial::new(config, Arc::clone(&counter)));
    let workers = config.threads;
    let phase = PhaseConfig { number: Some(round), workers, planned, ..PhaseConfig::default() };
    let mut schedule = Schedule::new(&trial);
    let runtime = harness.runtime();
    let mut poll = || {
        let soon = schedule.advance(runtime.board().is_stopping());
        schedule.leave_out(runtime.look(false));
        soon
    };
    let result = if harness.is_alone() {
        harness.run_alone(&phase, |context| worker::run(&trial, context, Some(&mut poll)))
    } else {
        let theirs = Arc::clone(&trial);
        harness.run_workers(&phase, &mut poll, move |context| worker::run(&theirs, context, None))
    };
    schedule.collect(result)
}

/// The coordinator's part: moves the stages on, and notes when each began.
struct Schedule<'a> {
    trial: &'a ThroughputTrial,
    /// When each stage began.
    began: [Option<Instant>; STAGES.len()],
    is_cancelled: bool,
    timed_out_after: Option<Duration>,
}

impl Schedule<'_> {
    fn new(trial: &ThroughputTrial) -> Schedule<'_> {
        Schedule { trial, began: Default::default(), is_cancelled: false, timed_out_after: None }
    }

    /// Moves on to the next stage if it is due. Returns when there is something to do next.
    fn advance(&mut self, stopping: bool) -> Duration {
        let now = Instant::now();
        let config = &self.trial.config;
        let place = self.trial.stage.0.load(Ordering::Relaxed) as usize;
        let began = *self.began[place].get_or_insert(now);
        if place == STOP {
            return self.enforce_stop(now - began, stopping);
        }
        if stopping {
            self.begin(STOP, now);
            return self.enforce_stop(Duration::ZERO, stopping);
        }
        let due = began + config.length(STAGES[place]);
        if now < due {
            return due - now;
        }
        // On a busy machine no thread may have got that far: then it takes longer, within limits.
        let (is_empty, longer) = match STAGES[place] {
            Stage::WarmUp => (
                self.trial.progress.0.arrived.load(Ordering::Relaxed) < config.threads,
                STOP_TIMEOUT,
            ),
            Stage::Window if config.is_first => {
                (!self.trial.progress.0.has_counted.load(Ordering::Relaxed), STOP_TIMEOUT)
            }
            Stage::WaitTimes => {
                (!self.trial.progress.0.has_waited.load(Ordering::Relaxed), STOP_TIMEOUT)
            }
            Stage::Ownership if config.ownership => {
                (self.trial.progress.0.handovers.load(Ordering::Relaxed) < 2, GRACE)
            }
            _ => (false, Duration::ZERO),
        };
        if is_empty && now < due + longer {
            return Duration::from_millis(2);
        }
        let next = (place + 1..STOP).find(|next| !config.length(STAGES[*next]).is_zero());
        let next = next.unwrap_or(STOP);
        self.begin(next, now);
        if next == STOP {
            return self.enforce_stop(Duration::ZERO, stopping);
        }
        config.length(STAGES[next])
    }

    fn begin(&mut self, place: usize, now: Instant) {
        self.began[place] = Some(now);
        // A handful of stages.
        self.trial.stage.0.store(place as u32, Ordering::Release);
    }

    /// The stage that is on is none the longer for a time in which nobody worked.
    fn leave_out(&mut self, time: Duration) {
        let place = self.trial.stage.0.load(Ordering::Relaxed) as usize;
        if let Some(began) = &mut self.began[place] {
            *began += time;
        }
    }

    /// Cancels the lock for threads that don't leave in time, which is a result; or at once if a stop was asked for, or
    /// an earlier trial has shown that they do leave.
    fn enforce_stop(&mut self, elapsed: Duration, stopping: bool) -> Duration {
        let at_once = stopping || !self.trial.config.is_first;
        if (elapsed >= STOP_TIMEOUT || at_once) && !self.is_cancelled {
            self.is_cancelled = true;
            self.timed_out_after = (!at_once).then_some(elapsed);
            self.trial.counter.cancel();
        }
        let left = STOP_TIMEOUT.saturating_sub(elapsed);
        left.max(Duration::from_millis(1))
    }

    fn collect(self, result: PhaseResult<ThreadStats>) -> TrialResult {
        let threads: Vec<&ThreadStats> = result.workers.iter().flatten().collect();
        let mut waits: Option<LatencyHistogram> = None;
        for one in threads.iter().filter_map(|thread| thread.waits.as_ref()) {
            match &mut waits {
                Some(all) => all.merge(one),
                None => waits = Some(one.clone()),
            }
        }
        let is_locked = !self.trial.config.kind.shared || !result.lock_is_free;
        let increments = threads.iter().flat_map(|thread| thread.made).sum();
        TrialResult {
            made: threads.iter().map(|thread| thread.made[WINDOW]).collect(),
            length: self.window_length(),
            waits: waits.filter(|waits| waits.count() > 0),
            hold_intervals: hold_intervals(&threads),
            increments,
            lost: if is_locked { 0 } else { self.trial.counter.missing(increments) },
            timed_out_after: self.timed_out_after,
            all_finished: result.started.is_some() && result.workers.iter().all(Result::is_ok),
            has_stuck: result.has_stuck,
        }
    }

    /// How long the window was.
    fn window_length(&self) -> Duration {
        let end = self.began[WINDOW + 1..].iter().flatten().next();
        match (self.began[WINDOW], end) {
            (Some(begin), Some(end)) => *end - begin,
            _ => Duration::ZERO,
        }
    }
}

/// All threads' intervals at the lock, in their order: the first so many. The last one's end is not known.
fn hold_intervals(threads: &[&ThreadStats]) -> Vec<HoldInterval> {
    let mut all: Vec<(i64, u32, Duration)> = Vec::new();
    for (worker, thread) in (0..).zip(threads) {
        let handovers = thread.handovers.iter();
        let since = |at: Instant| at.saturating_duration_since(thread.origin);
        all.extend(handovers.map(|(value, at)| (*value, worker, since(*at))));
    }
    all.sort_unstable_by_key(|(value, _, at)| (*value, *at));
    // What came in between was another's, in the stage before.
    all.dedup_by_key(|(_, worker, _)| *worker);
    // Of each thread so many are kept, so that the first so many of all are.
    all.truncate(MAX_HANDOVERS);
    let Some((_, _, first)) = all.first().copied() else {
        return Vec::new();
    };
    let us = |at: Duration| rounded(at.saturating_sub(first).as_secs_f64() * 1e6, 1);
    all.windows(2)
        .map(|pair| HoldInterval {
            worker: pair[0].1,
            start_us: us(pair[0].2),
            length_us: rounded((us(pair[1].2) - us(pair[0].2)).max(0.0), 1),
        })
        .collect()
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::workload::Pattern;
    use super::*;
    use crate::counter;
    use crate::runtime::fake::{self, Fault};

    fn one_thread(name: &str, window: Duration) -> ThroughputTrial {
        let kind = counter::kind(name).expect("a kind");
        let config = TrialConfig {
            kind,
            threads: 1,
            hold_ns: 0,
            pause_ns: 0,
            pattern: Pattern::Even,
            window,
            is_first: true,
            waits: Duration::from_millis(10),
            multiplication_ns: 1.0,
            ownership: false,
        };
        let trial = ThroughputTrial::new(config, kind.make().0);
        trial.progress.0.arrived.store(1, Ordering::Relaxed);
        trial.progress.0.has_counted.store(true, Ordering::Relaxed);
        trial.progress.0.has_waited.store(true, Ordering::Relaxed);
        trial
    }

    /// Does the coordinator's part until something is so.
    fn advance_until(schedule: &mut Schedule, is_so: impl Fn(&ThroughputTrial) -> bool) {
        while !is_so(schedule.trial) {
            std::thread::sleep(schedule.advance(false).min(Duration::from_millis(50)));
        }
    }

    fn is_stopped(trial: &ThroughputTrial) -> bool {
        trial.stage.0.load(Ordering::Relaxed) as usize == STOP
    }

    /// A coordinator that comes late to everything once, as on a busy machine, gives the window
    /// its time all the same: in no time at all everyone would be infinitely quick.
    #[test]
    fn a_window_has_its_time_however_late_the_coordinator_comes() {
        let length = Duration::from_millis(20);
        let trial = one_thread("atomic", length);
        let mut schedule = Schedule::new(&trial);
        schedule.advance(false);
        std::thread::sleep(10 * length);
        advance_until(&mut schedule, is_stopped);
        assert!(schedule.window_length() >= length, "{:?}", schedule.window_length());
    }

    /// Else the first thread would have the lock for itself while the others wait for a processor: of a ticket lock with twenty
    /// threads on two, most increments of ten windows came from such moments.
    #[test]
    fn a_window_begins_when_all_threads_have_come() {
        let mut trial = one_thread("ticket", Duration::from_millis(5));
        trial.config.threads = 2;
        let mut schedule = Schedule::new(&trial);
        let begin = Instant::now();
        while begin.elapsed() < 10 * trial.config.length(Stage::WarmUp) {
            std::thread::sleep(schedule.advance(false));
        }
        assert_eq!(schedule.began[WINDOW], None, "one is still on its way");
        trial.progress.0.arrived.fetch_add(1, Ordering::Relaxed);
        schedule.advance(false);
        assert!(schedule.began[WINDOW].is_some());
    }

    #[test]
    fn a_lock_whose_threads_do_not_leave_times_out_and_that_is_its_result() {
        let trial = one_thread("ticket", Duration::from_millis(10));
        let mut schedule = Schedule::new(&trial);
        advance_until(&mut schedule, is_stopped);
        assert!(!trial.counter.is_cancelled(), "it has its time to end");
        advance_until(&mut schedule, |trial| trial.counter.is_cancelled());
        let after = schedule.timed_out_after;
        assert!(after >= Some(STOP_TIMEOUT), "{after:?}");
    }

    #[test]
    fn a_lock_that_is_stopped_is_cancelled_at_once_which_is_no_result() {
        let trial = one_thread("ticket", Duration::from_secs(60));
        let mut schedule = Schedule::new(&trial);
        schedule.advance(true);
        assert!(is_stopped(&trial));
        assert!(trial.counter.is_cancelled());
        assert_eq!(schedule.timed_out_after, None);
    }

    /// Else a queue of twenty spinning threads on two cores would take a quarter of a second to leave, ten times a point.
    #[test]
    fn once_it_is_known_to_end_a_trial_is_a_window_and_its_threads_leave_at_once() {
        let mut trial = one_thread("ticket", Duration::from_millis(5));
        (trial.config.is_first, trial.config.ownership) = (false, true);
        let mut schedule = Schedule::new(&trial);
        advance_until(&mut schedule, |trial| trial.counter.is_cancelled());
        let places = schedule.began.iter().map(Option::is_some).collect::<Vec<_>>();
        assert_eq!(
            places,
            [true, true, false, false, true],
            "no waits are timed, and no owners noted"
        );
        assert_eq!(schedule.timed_out_after, None);
    }

    /// A thread that does nothing but pause for a long time has not waited for it: only the lock can be waited for.
    #[test]
    fn a_pause_that_takes_longer_than_planned_is_no_wait() {
        let pause = TrialConfig {
            pause_ns: 1_000_000,
            // Ten times as slow as was calibrated, as where the processor is taken away.
            multiplication_ns: 0.1,
            ..one_thread("atomic", Duration::from_millis(30)).config
        };
        let result = run(&fake::harness(Fault::None, ""), pause, 0, 1);
        let waits = result.waits.expect("waits");
        assert!(waits.count() > 0 && waits.quantile(0.5) < 1_000_000, "{}", waits.quantile(0.5));
    }

    fn noted(handovers: &[(i64, u64)], start: Instant) -> ThreadStats {
        ThreadStats {
            made: [0; STAGES.len()],
            waits: None,
            origin: start,
            handovers: handovers
                .iter()
                .map(|(value, us)| (*value, start + Duration::from_micros(*us)))
                .collect(),
        }
    }

    #[test]
    fn turns_are_in_the_order_of_the_counter_s_values() {
        let start = Instant::now();
        let threads =
            [noted(&[(1, 0), (9, 40)], start), noted(&[(4, 10), (7, 30), (12, 60)], start)];
        let turns = hold_intervals(&threads.each_ref());
        let told: Vec<_> =
            turns.iter().map(|turn| (turn.worker, turn.start_us, turn.length_us)).collect();
        assert_eq!(told, [(0, 0.0, 10.0), (1, 10.0, 30.0), (0, 40.0, 20.0)]);
    }
}
