//! From table, times and log to the report.

use super::report::{Body, DeathRow, JobOutcome, JobRow, JobTally, MasterPart, Noticing, Round};
use super::run_log::{Death, RunLog, ms};
use super::shared_state::SharedState;
use crate::experiment::report::{RecordingCost, Report};
use crate::jobs::counts::JobCounts;
use crate::jobs::failure_detector::DeathCause;
use crate::jobs::leadership::FIRST_EPOCH;
use crate::jobs::lease::{JobState, Lease};
use crate::jobs::table::JobTable;
use crate::measure::rounded;
use crate::runtime::board::TICK_NS;
use crate::runtime::lock;
use crate::runtime::workers::worker_name;

/// Ticks in milliseconds.
pub(crate) fn ticks_ms(ticks: u64) -> f64 {
    ms(ticks as f64 * f64::from(TICK_NS) / 1e6)
}

/// Fills in what the state tells. `cause` says which workers are known to be dead if no master is left to
/// know it.
pub(super) fn fill_in(
    state: &SharedState,
    report: &mut Report<Body>,
    cause: &dyn Fn(u8) -> Option<DeathCause>,
) {
    let log = lock(&state.log);
    let leases = state.table.leases();
    let leases: Vec<Lease> = leases.map(|lease| lease.at_the_end(cause)).collect();
    let counts: JobCounts = leases.iter().copied().collect();
    let jobs = state.table.jobs_per_round() as usize;
    let rounds = log.rounds.iter().zip(leases.chunks(jobs));
    let rounds: Vec<_> = rounds.map(|(round, leases)| whole(state, round, leases)).collect();
    let deaths = log.deaths.iter().map(|death| death_row(state, death));
    let deaths: Vec<_> = deaths.collect();
    let died = log.master.died_at_ms.is_some();
    report.body = Body {
        log: Some(log.lines.iter().cloned().collect()),
        log_skipped: Some(log.lines.skipped).filter(|skipped| *skipped > 0),
        noticing: noticing(state, &log, &rounds),
        rounds: Some(rounds),
        master: Some(MasterPart {
            epoch: state.table.leadership().epoch.into(),
            finished: died.then(|| counts.after_death()),
            lost: died.then(|| counts.lost()),
            ..log.master.clone()
        }),
        scheduling_ms: scheduling_ms(state, &log),
        jobs: Some(JobTally {
            done: counts.done(),
            lost: counts.lost(),
            late: state.table.stale(),
            retried: log.retried,
            queued: counts.queued,
        }),
        deaths: Some(deaths).filter(|deaths| !deaths.is_empty()),
        weak: state.config.weak.then_some(log.weak),
        holder: None,
    };
    report.text = log.lines.iter().map(|line| &*line.line).collect::<Vec<_>>().join("\n");
    report.recording = Some(RecordingCost::of(&state.rings, None));
}

/// The name that the post gives a job's thread, by its round and its place there: "Thread-2-9".
fn thread_name(table: &JobTable, job: u32) -> String {
    let (round, place) = table.place_of(job);
    format!("Thread-{round}-{place}")
}

/// A round with its jobs, which have these leases.
fn whole(state: &SharedState, round: &Round, leases: &[Lease]) -> Round {
    let jobs = leases.iter().map(|lease| job(state, *lease));
    let workers: Vec<JobRow> = jobs.collect();
    let ends = workers.iter().filter_map(|job| job.end_ms);
    let last_done_ms = ends.max_by(f64::total_cmp).filter(|_| round.known_ms.is_some());
    Round { last_done_ms, workers, ..*round }
}

fn job(state: &SharedState, lease: Lease) -> JobRow {
    let (began, ended) = state.times[lease.job as usize].of(lease.attempt);
    let (outcome, fate) = match lease.state {
        JobState::Done if lease.epoch <= FIRST_EPOCH => (JobOutcome::Done, Some("under-old")),
        JobState::Done => (JobOutcome::Done, Some("under-new")),
        JobState::DoneAsOrphan => (JobOutcome::Done, Some("as-orphan")),
        JobState::LostWithOwner => (JobOutcome::Lost, Some("lost-with-owner")),
        JobState::LostWithWorker => (JobOutcome::Lost, Some("lost-with-worker")),
        JobState::Queued | JobState::Leased => (JobOutcome::Stopped, None),
    };
    JobRow {
        name: thread_name(&state.table, lease.job),
        start_ms: began.map(ticks_ms),
        end_ms: ended.filter(|_| lease.state.is_done()).map(ticks_ms),
        outcome,
        worker: (lease.attempt > 0).then(|| worker_name(lease.worker.into())),
        attempts: lease.attempt.into(),
        fate,
    }
}

fn death_row(state: &SharedState, death: &Death) -> DeathRow {
    let table = &state.table;
    let lease = death.job.and_then(|job| table.lease(job));
    DeathRow {
        worker: worker_name(death.worker.into()),
        job: death.job.map(|job| thread_name(table, job)),
        at_ms: death.at_ms,
        silent_ms: ms(death.silent_ms),
        retried_by: lease
            .filter(|lease| lease.state.is_done() && lease.worker != death.worker)
            .map(|lease| worker_name(lease.worker.into())),
    }
}

/// How long the master did not know that a round was over; `None` if none was.
fn noticing(state: &SharedState, log: &RunLog, rounds: &[Round]) -> Option<Noticing> {
    let delay_ms = |round: &Round| Some(ms((round.known_ms? - round.last_done_ms?).max(0.0)));
    let delays: Vec<f64> = rounds.iter().filter_map(delay_ms).collect();
    let mut sorted = delays.clone();
    sorted.sort_unstable_by(f64::total_cmp);
    // The nearest rank.
    let rank = |share: f64| {
        let place = (share * sorted.len() as f64).ceil() as usize;
        sorted.get(place.saturating_sub(1)).copied()
    };
    let polls = !state.config.notified;
    let asleep = log.parked_ms / log.led_ms;
    Some(Noticing {
        mode: if polls { "poll" } else { "told" },
        mean_ms: ms(delays.iter().sum::<f64>() / delays.len() as f64),
        p50_ms: rank(0.5)?,
        p99_ms: rank(0.99)?,
        expected_ms: polls.then(|| f64::from(state.config.poll_ms) / 2.0),
        delays_ms: delays,
        polls: log.polls,
        poll_us: log.poll_us,
        cpu_share: (log.led_ms > 0.0).then(|| rounded((1.0 - asleep).max(0.0), 5)),
    })
}

/// From the first assignment to the last start of the first round's jobs, if all have started.
fn scheduling_ms(state: &SharedState, log: &RunLog) -> Option<f64> {
    let jobs = &state.times[..state.table.jobs_per_round() as usize];
    let starts: Option<Vec<u64>> = jobs.iter().map(|times| times.of(1).0).collect();
    let last_ms = ticks_ms(starts?.into_iter().max()?);
    Some(ms((last_ms - log.first_store_ms?).max(0.0)))
}
