//! From table, records and log to the report. Not here: how any of it came about.

use super::run_log::{Death, RoundTimes, RunLog};
use super::shared_state::SharedState;
use super::{HEARTBEAT, Owner};
use crate::experiment::report::{
    DeathRow, JobOutcome, JobRow, JobTally, LogLine, MasterPart, Noticing, Outcome, RecordingCost,
    Report, Round, WeakTally,
};
use crate::jobs::counts::{Fate, JobCounts};
use crate::jobs::failure_detector::DeathCause;
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
    report: &mut Report,
    is_dead: impl Fn(u8) -> Option<DeathCause>,
) {
    let log = lock(&state.log);
    let fates: Vec<(Lease, Fate)> = state
        .table
        .leases()
        .map(|lease| (lease, Fate::at_the_end(lease, &is_dead)))
        .collect();
    let counts: JobCounts = fates.iter().map(|(_, fate)| *fate).collect();
    let jobs = state.table.jobs_a_round() as usize;
    let rounds = log.rounds.iter().zip(fates.chunks(jobs)).zip(0..);
    report.rounds = Some(
        rounds
            .map(|((times, fates), round)| round_of(state, times, fates, round))
            .collect(),
    );
    report.log = Some(
        log.log
            .lines()
            .map(|(at_ms, line)| LogLine {
                at_ms: ms(at_ms),
                line: line.to_string(),
            })
            .collect(),
    );
    report.log_skipped = (log.log.skipped > 0).then_some(log.log.skipped);
    report.text = text(log.log.lines().map(|(_, line)| line));
    report.jobs = Some(JobTally {
        done: counts.done(),
        lost: counts.lost(),
        late: state.table.late(),
        retried: log.retried,
        queued: counts.queued,
    });
    let deaths: Vec<_> = log
        .deaths
        .iter()
        .map(|death| death_of(state, death))
        .collect();
    report.deaths = Some(deaths).filter(|deaths| !deaths.is_empty());
    report.weak = state.plan.weak.then_some(WeakTally {
        gone: log.weak.0,
        upgraded: log.weak.1,
    });
    report.noticing = noticing(state, &log, report.rounds.as_deref().unwrap_or_default());
    report.scheduling_ms = scheduling(state, &log);
    report.master = Some(master(state, &log, &counts));
    report.recording = state
        .rings
        .as_ref()
        .map(|rings| RecordingCost::of(rings, None));
    if harness.is_stopping() {
        report.outcome = Outcome::Stopped;
    }
}

fn round_of(state: &SharedState, times: &RoundTimes, fates: &[(Lease, Fate)], round: u32) -> Round {
    let workers: Vec<JobRow> = fates
        .iter()
        .map(|(lease, fate)| job(state, *lease, *fate, round))
        .collect();
    let last_done_ms = workers
        .iter()
        .filter(|job| job.outcome == JobOutcome::Done)
        .filter_map(|job| job.end_ms)
        .max_by(f64::total_cmp);
    Round {
        start_ms: ms(times.start_ms),
        end_ms: times.end_ms.map(ms),
        last_done_ms: last_done_ms.filter(|_| times.known_ms.is_some()),
        known_ms: times.known_ms.map(ms),
        workers,
    }
}

fn job(state: &SharedState, lease: Lease, fate: Fate, round: u32) -> JobRow {
    let (begun, ended) = state.records[lease.job as usize].of(lease.attempt);
    let had = lease.attempt > 0;
    let outcome = match fate {
        Fate::UnderOld | Fate::AsOrphan | Fate::UnderNew => JobOutcome::Done,
        Fate::LostWithOwner | Fate::LostWithWorker => JobOutcome::Lost,
        Fate::Queued | Fate::Running => JobOutcome::Stopped,
    };
    JobRow {
        name: thread_name(round, lease.job % state.table.jobs_a_round()),
        start_ms: begun.filter(|_| had).map(ticks_ms),
        end_ms: ended
            .filter(|_| had && outcome == JobOutcome::Done)
            .map(ticks_ms),
        outcome,
        worker: had.then(|| worker_name(lease.worker.into())),
        attempts: lease.attempt.into(),
        fate: match fate {
            Fate::UnderOld => Some("under-old"),
            Fate::AsOrphan => Some("as-orphan"),
            Fate::UnderNew => Some("under-new"),
            Fate::LostWithOwner => Some("lost-with-owner"),
            Fate::LostWithWorker => Some("lost-with-worker"),
            Fate::Queued | Fate::Running => None,
        },
    }
}

fn death_of(state: &SharedState, death: &Death) -> DeathRow {
    let jobs = state.table.jobs_a_round();
    let lease = death.job.and_then(|job| state.table.lease(job));
    DeathRow {
        worker: worker_name(death.worker.into()),
        job: death
            .job
            .map(|job| thread_name(state.table.round_of(job), job % jobs)),
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
        mode: if state.plan.told { "told" } else { "poll" },
        mean_ms: ms(delays.iter().sum::<f64>() / delays.len() as f64),
        p50_ms: rank(0.5)?,
        p99_ms: rank(0.99)?,
        expected_ms: (!state.plan.told).then(|| f64::from(state.plan.poll_ms) / 2.0),
        delays_ms: delays,
        polls: log.polls,
        poll_us: log.poll_us,
        cpu_share: (log.in_charge_ms > 0.0)
            .then(|| rounded((1.0 - log.parked_ms / log.in_charge_ms).max(0.0), 5)),
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
