//! From table, records and log to the report. Not here: how any of it came about.

use super::report::{
    Body, DeathRow, JobOutcome, JobRow, JobTally, LogLine, MasterPart, Noticing, Round, WeakTally,
};
use super::run_log::{Death, RoundTimes, RunLog};
use super::shared_state::SharedState;
use super::{HEARTBEAT, Owner};
use crate::experiment::report::{Outcome, RecordingCost, Report};
use crate::jobs::counts::JobCounts;
use crate::jobs::failure_detector::DeathCause;
use crate::jobs::leadership::FIRST_EPOCH;
use crate::jobs::lease::{JobState, Lease};
use crate::jobs::log::{text, thread_name};
use crate::measure::rounded;
use crate::runtime::Harness;
use crate::runtime::board::TICK_NS;
use crate::runtime::lock;
use crate::runtime::workers::worker_name;

/// Milliseconds are given to the step of the board's ticks.
fn ms(value: f64) -> f64 {
    rounded(value, 4)
}

pub(crate) fn ticks_ms(ticks: u64) -> f64 {
    ms(ticks as f64 * f64::from(TICK_NS) / 1e6)
}

/// Fills in what the state tells. `is_dead` says who is known to be dead where no master is left to
/// know it.
#[inline(never)]
pub(crate) fn fill_in(
    harness: &Harness,
    state: &SharedState,
    report: &mut Report<Body>,
    is_dead: impl Fn(u8) -> Option<DeathCause>,
) {
    let log = lock(&state.log);
    let leases = state.table.leases();
    let leases: Vec<Lease> = leases.map(|lease| lease.at_the_end(&is_dead)).collect();
    let counts: JobCounts = leases.iter().copied().collect();
    let jobs = state.table.jobs_per_round() as usize;
    let rounds = log.rounds.iter().zip(leases.chunks(jobs));
    let rounds: Vec<_> = rounds
        .map(|(times, leases)| round_of(state, times, leases))
        .collect();
    report.body.noticing = noticing(state, &log, &rounds);
    report.body.rounds = Some(rounds);
    let lines = log.lines.iter().map(|(at_ms, line)| LogLine {
        at_ms: ms(at_ms),
        line: line.to_string(),
    });
    report.body.log = Some(lines.collect());
    report.body.log_skipped = (log.lines.skipped > 0).then_some(log.lines.skipped);
    report.text = text(log.lines.iter().map(|(_, line)| line));
    report.body.jobs = Some(JobTally {
        done: counts.done(),
        lost: counts.lost(),
        late: state.table.stale(),
        retried: log.retried,
        queued: counts.queued,
    });
    let deaths = log.deaths.iter().map(|death| death_of(state, death));
    let deaths: Vec<_> = deaths.collect();
    report.body.deaths = Some(deaths).filter(|deaths| !deaths.is_empty());
    report.body.weak = state.plan.weak.then_some(WeakTally {
        gone: log.weak.0,
        upgraded: log.weak.1,
    });
    report.body.scheduling_ms = scheduling(state, &log);
    report.body.master = Some(master(state, &log, &counts));
    report.recording = state
        .rings
        .as_ref()
        .map(|rings| RecordingCost::of(rings, None));
    if harness.is_stopping() {
        report.outcome = Outcome::Stopped;
    }
}

fn round_of(state: &SharedState, times: &RoundTimes, leases: &[Lease]) -> Round {
    let jobs = leases.iter().map(|lease| job(state, *lease));
    let workers: Vec<JobRow> = jobs.collect();
    let ends = workers.iter().filter_map(|job| job.end_ms);
    let last_done_ms = ends.max_by(f64::total_cmp);
    Round {
        start_ms: ms(times.start_ms),
        end_ms: times.end_ms.map(ms),
        last_done_ms: last_done_ms.filter(|_| times.known_ms.is_some()),
        known_ms: times.known_ms.map(ms),
        workers,
    }
}

fn job(state: &SharedState, lease: Lease) -> JobRow {
    let (begun, ended) = state.records[lease.job as usize].of(lease.attempt);
    let had = lease.attempt > 0;
    let (outcome, fate) = match lease.state {
        JobState::Done if lease.epoch <= FIRST_EPOCH => (JobOutcome::Done, Some("under-old")),
        JobState::Done => (JobOutcome::Done, Some("under-new")),
        JobState::DoneAsOrphan => (JobOutcome::Done, Some("as-orphan")),
        JobState::LostWithOwner => (JobOutcome::Lost, Some("lost-with-owner")),
        JobState::LostWithWorker => (JobOutcome::Lost, Some("lost-with-worker")),
        JobState::Queued | JobState::Leased => (JobOutcome::Stopped, None),
    };
    JobRow {
        name: thread_name(state.table.place_of(lease.job)),
        start_ms: begun.filter(|_| had).map(ticks_ms),
        end_ms: ended.filter(|_| lease.state.is_done()).map(ticks_ms),
        outcome,
        worker: had.then(|| worker_name(lease.worker.into())),
        attempts: lease.attempt.into(),
        fate,
    }
}

fn death_of(state: &SharedState, death: &Death) -> DeathRow {
    let table = &state.table;
    let lease = death.job.and_then(|job| table.lease(job));
    DeathRow {
        worker: worker_name(death.worker.into()),
        job: death.job.map(|job| thread_name(table.place_of(job))),
        at_ms: ms(death.at_ms),
        silent_ms: ms(death.silent_ms),
        retried_by: lease
            .filter(|lease| lease.state.is_done() && lease.worker != death.worker)
            .map(|lease| worker_name(lease.worker.into())),
    }
}

/// How long the master went without knowing, round by round; `None` where no round came to its end.
fn noticing(state: &SharedState, log: &RunLog, rounds: &[Round]) -> Option<Noticing> {
    let delays: Vec<f64> = rounds
        .iter()
        .filter_map(|round| Some(ms((round.known_ms? - round.last_done_ms?).max(0.0))))
        .collect();
    let mut sorted = delays.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    // The nearest rank.
    let rank = |share: f64| {
        let place = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(place.saturating_sub(1)).copied()
    };
    Some(Noticing {
        mode: if state.plan.notified { "told" } else { "poll" },
        mean_ms: ms(delays.iter().sum::<f64>() / delays.len() as f64),
        p50_ms: rank(0.5)?,
        p99_ms: rank(0.99)?,
        expected_ms: (!state.plan.notified).then(|| f64::from(state.plan.poll_ms) / 2.0),
        delays_ms: delays,
        polls: log.polls,
        poll_us: log.poll_us,
        cpu_share: (log.led_ms > 0.0)
            .then(|| rounded((1.0 - log.parked_ms / log.led_ms).max(0.0), 5)),
    })
}

/// From the first store to the last start of the first round's jobs, where all have started.
fn scheduling(state: &SharedState, log: &RunLog) -> Option<f64> {
    let starts = state.table.round(0).map(|lease| {
        let (begun, _) = state.records[lease.job as usize].of(1);
        begun.map(ticks_ms)
    });
    let starts: Option<Vec<f64>> = starts.collect();
    let last = starts?.into_iter().max_by(f64::total_cmp)?;
    Some(ms((last - log.first_store_ms?).max(0.0)))
}

fn master(state: &SharedState, log: &RunLog, counts: &JobCounts) -> MasterPart {
    let died = log.died_ms.is_some();
    let seen = log.seen.filter(|_| died);
    MasterPart {
        owner: match state.plan.owner {
            Owner::Page => "page",
            Owner::Master => "master",
        },
        epoch: state.table.leadership().epoch.into(),
        died_at_ms: log.died_ms.map(ms),
        death_seen_ms: seen.map(|seen| ms(seen.death_seen_ms)),
        answered: seen.map(|seen| seen.answered),
        adopted_at_ms: log.adopted_ms.map(ms),
        first_poll_ms: log
            .first_poll_ms
            .and_then(|poll| Some(ms((poll - log.adopted_ms?).max(0.0)))),
        survivors: log.survivors,
        finished: died.then(|| counts.after_death()),
        lost: died.then(|| counts.lost()),
    }
}

impl SharedState {
    /// Counts whose hearts beat within a few heartbeats from now on; `None` where a stop came first.
    pub(crate) fn count_survivors(&self, harness: &Harness) -> Option<u32> {
        let runtime = harness.runtime();
        let beats = |index| runtime.board().slot(index).beats();
        let before: Vec<u32> = (0..self.workers()).map(beats).collect();
        let begin = web_time::Instant::now();
        while begin.elapsed() < HEARTBEAT * 4 {
            runtime.park(HEARTBEAT);
            if harness.is_stopping() {
                return None;
            }
        }
        let alive = (0..)
            .zip(&before)
            .filter(|(index, was)| beats(*index) != **was && !self.is_finished(*index));
        // At most 128.
        Some(alive.count() as u32)
    }

    /// Whether no job runs any more, but for those whose workers `is_dead` knows to be dead.
    pub(crate) fn is_quiet(&self, is_dead: impl Fn(u8) -> Option<DeathCause>) -> bool {
        let mut leases = self.table.leases();
        leases.all(|lease| lease.state != JobState::Leased || is_dead(lease.worker).is_some())
    }
}
