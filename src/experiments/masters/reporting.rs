//! From ledger, records and diary to the report. Not here: how any of it came about.

use std::sync::atomic::Ordering;

use super::diary::{Diary, Fall, Times};
use super::estate::Estate;
use super::{HEART, Owner};
use crate::experiment::report::{
    DeathRow, JobOutcome, JobRow, JobTally, LogLine, MasterPart, Noticing, Outcome, RecordingCost,
    Report, Round, WeakTally,
};
use crate::jobs::account::{Accounts, Fate};
use crate::jobs::lease::{Lease, Stage};
use crate::jobs::log::{text, thread_name};
use crate::jobs::watch::Death;
use crate::measure::rounded;
use crate::runtime::Harness;
use crate::runtime::board::TICK_NS;
use crate::runtime::lock;
use crate::worker;

/// Milliseconds are given to the step of the board's ticks.
fn ms(value: f64) -> f64 {
    rounded(value, 4)
}

pub(crate) fn ticks_ms(ticks: u64) -> f64 {
    ms(ticks as f64 * f64::from(TICK_NS) / 1e6)
}

/// Fills in what the estate tells. `is_dead` says who is known to be dead where no master is left to
/// know it.
#[inline(never)]
pub(crate) fn fill_in(
    harness: &Harness,
    estate: &Estate,
    report: &mut Report,
    is_dead: impl Fn(u8) -> Option<Death>,
) {
    let diary = lock(&estate.diary);
    let fates: Vec<(Lease, Fate)> = estate
        .ledger
        .leases()
        .map(|lease| (lease, Fate::at_the_end(lease, &is_dead)))
        .collect();
    let accounts: Accounts = fates.iter().map(|(_, fate)| *fate).collect();
    let jobs = estate.ledger.jobs_a_round() as usize;
    let rounds = diary.rounds.iter().zip(fates.chunks(jobs)).zip(0..);
    report.rounds = Some(
        rounds
            .map(|((times, fates), round)| round_of(estate, times, fates, round))
            .collect(),
    );
    report.log = Some(
        diary
            .log
            .lines()
            .map(|(at_ms, line)| LogLine {
                at_ms: ms(at_ms),
                line: line.to_string(),
            })
            .collect(),
    );
    report.log_skipped = (diary.log.skipped > 0).then_some(diary.log.skipped);
    report.text = text(diary.log.lines().map(|(_, line)| line));
    report.jobs = Some(JobTally {
        done: accounts.done(),
        lost: accounts.lost(),
        late: estate.ledger.late(),
        retried: diary.retried,
        queued: accounts.queued,
    });
    let deaths: Vec<_> = diary
        .falls
        .iter()
        .map(|fall| death_of(estate, fall))
        .collect();
    report.deaths = Some(deaths).filter(|deaths| !deaths.is_empty());
    report.weak = estate.plan.weak.then_some(WeakTally {
        gone: diary.weak.0,
        upgraded: diary.weak.1,
    });
    report.noticing = noticing(estate, &diary, report.rounds.as_deref().unwrap_or_default());
    report.scheduling_ms = scheduling(estate, &diary);
    report.master = Some(master(estate, &diary, &accounts));
    report.recording = estate
        .rings
        .as_ref()
        .map(|rings| RecordingCost::of(rings, None));
    if harness.is_stopping() {
        report.outcome = Outcome::Stopped;
    }
}

fn round_of(estate: &Estate, times: &Times, fates: &[(Lease, Fate)], round: u32) -> Round {
    let workers: Vec<JobRow> = fates
        .iter()
        .map(|(lease, fate)| job(estate, *lease, *fate, round))
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

fn job(estate: &Estate, lease: Lease, fate: Fate, round: u32) -> JobRow {
    let (begun, ended) = estate.records[lease.job as usize].of(lease.attempt);
    let had = lease.attempt > 0;
    let outcome = match fate {
        Fate::UnderOld | Fate::AsOrphan | Fate::UnderNew => JobOutcome::Done,
        Fate::LostWithOwner | Fate::LostWithWorker => JobOutcome::Lost,
        Fate::Queued | Fate::Running => JobOutcome::Stopped,
    };
    JobRow {
        name: thread_name(round, lease.job % estate.ledger.jobs_a_round()),
        start_ms: begun.filter(|_| had).map(ticks_ms),
        end_ms: ended
            .filter(|_| had && outcome == JobOutcome::Done)
            .map(ticks_ms),
        outcome,
        worker: had.then(|| worker::name(lease.worker.into())),
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

fn death_of(estate: &Estate, fall: &Fall) -> DeathRow {
    let jobs = estate.ledger.jobs_a_round();
    let lease = fall.job.and_then(|job| estate.ledger.lease(job));
    DeathRow {
        worker: worker::name(fall.worker.into()),
        job: fall
            .job
            .map(|job| thread_name(estate.ledger.round_of(job), job % jobs)),
        at_ms: ms(fall.at_ms),
        silent_ms: ms(fall.silent_ms),
        retried_by: lease
            .filter(|lease| lease.stage.is_done() && lease.worker != fall.worker)
            .map(|lease| worker::name(lease.worker.into())),
    }
}

/// How long the master went without knowing, round by round; `None` where no round came to its end.
fn noticing(estate: &Estate, diary: &Diary, rounds: &[Round]) -> Option<Noticing> {
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
        mode: if estate.plan.told { "told" } else { "poll" },
        mean_ms: ms(delays.iter().sum::<f64>() / delays.len() as f64),
        p50_ms: rank(0.5)?,
        p99_ms: rank(0.99)?,
        expected_ms: (!estate.plan.told).then(|| f64::from(estate.plan.poll_ms) / 2.0),
        delays_ms: delays,
        polls: diary.polls,
        poll_us: diary.poll_us,
        cpu_share: (diary.office_ms > 0.0)
            .then(|| rounded((1.0 - diary.parked_ms / diary.office_ms).max(0.0), 5)),
    })
}

/// From the first store to the last start of the first round's jobs, where all have started.
fn scheduling(estate: &Estate, diary: &Diary) -> Option<f64> {
    let starts = estate.ledger.round(0).map(|lease| {
        let (begun, _) = estate.records[lease.job as usize].of(1);
        begun.map(ticks_ms)
    });
    let starts: Option<Vec<f64>> = starts.collect();
    let last = starts?.into_iter().max_by(f64::total_cmp)?;
    Some(ms((last - diary.first_store_ms?).max(0.0)))
}

fn master(estate: &Estate, diary: &Diary, accounts: &Accounts) -> MasterPart {
    let died = diary.died_ms.is_some();
    let seen = diary.seen.filter(|_| died);
    MasterPart {
        owner: match estate.plan.owner {
            Owner::Page => "page",
            Owner::Master => "master",
        },
        epoch: estate.ledger.term().epoch.into(),
        died_at_ms: diary.died_ms.map(ms),
        death_seen_ms: seen.map(|seen| ms(seen.death_seen_ms)),
        answered: seen.map(|seen| seen.answered),
        adopted_at_ms: diary.adopted_ms.map(ms),
        first_poll_ms: diary
            .first_poll_ms
            .and_then(|poll| Some(ms((poll - diary.adopted_ms?).max(0.0)))),
        survivors: diary.survivors,
        finished: died.then(|| accounts.after_death()),
        lost: died.then(|| accounts.lost()),
    }
}

impl Estate {
    /// Counts whose hearts beat within a few heartbeats from now on; `None` where a stop came first.
    pub(crate) fn count_survivors(&self, harness: &Harness) -> Option<u32> {
        let runtime = harness.runtime();
        let beats = |index| runtime.board().slot(index).beats();
        let before: Vec<u32> = (0..self.workers()).map(beats).collect();
        let begin = web_time::Instant::now();
        while begin.elapsed() < HEART * 4 {
            super::estate::rest(runtime.board(), HEART);
            if harness.is_stopping() {
                return None;
            }
        }
        let alive = (0..).zip(&before).filter(|(index, was)| {
            beats(*index) != **was && !self.desks[*index].left.load(Ordering::Acquire)
        });
        // At most 128.
        Some(alive.count() as u32)
    }

    /// Whether no job runs any more, but for those whose workers `is_dead` knows to be dead.
    pub(crate) fn is_quiet(&self, is_dead: impl Fn(u8) -> Option<Death>) -> bool {
        let mut leases = self.ledger.leases();
        leases.all(|lease| lease.stage != Stage::Leased || is_dead(lease.worker).is_some())
    }
}
