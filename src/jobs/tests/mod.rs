//! The rules of `jobs`: each promise by itself, then thousands of random schedules, then real threads,
//! then every interleaving (`--features loom`).

#[cfg(loom)]
mod interleavings;

#[cfg(not(loom))]
mod adoption;
#[cfg(not(loom))]
mod failure_detector;
#[cfg(not(loom))]
mod leases;
#[cfg(not(loom))]
mod polls;
#[cfg(not(loom))]
mod schedules;
#[cfg(not(loom))]
mod threads;

#[cfg(not(loom))]
mod by_hand {
    //! A master and its workers, moved by hand.

    use crate::jobs::failure_detector::{DeathCause, Evidence};
    use crate::jobs::lease::LeaseToken;
    use crate::jobs::master::{Change, Master, Rules};
    use crate::jobs::table::JobTable;

    pub(super) const RETRY: Rules = Rules { timeout_ms: 500.0, retry: true };
    pub(super) const NO_RETRY: Rules = Rules { retry: false, ..RETRY };
    /// No beats, no death.
    pub(super) const SILENT: Evidence = Evidence { beats: 0, death: None, if_silent: None };
    pub(super) const KILLED: Evidence = Evidence { death: Some(DeathCause::Killed), ..SILENT };

    /// The next master, of four workers.
    pub(super) fn master(table: &JobTable, rules: Rules, now_ms: f64) -> Master<'_> {
        Master::take_over(table, table.leadership(), rules, 4, now_ms).expect("nobody was quicker")
    }

    pub(super) fn begin(table: &JobTable, master: &mut Master<'_>, worker: u8) -> LeaseToken {
        let offer = master.offer(worker).expect("a queued job");
        table.take(offer, worker).expect("the job that was offered")
    }

    pub(super) fn begin_all(
        table: &JobTable,
        master: &mut Master<'_>,
        workers: u8,
    ) -> Vec<LeaseToken> {
        let workers = 0..workers;
        workers.map(|worker| begin(table, master, worker)).collect()
    }

    /// Checks until the timeout is over, with the same evidence each time; what the last check changed.
    pub(super) fn check_for_a_timeout(
        master: &mut Master<'_>,
        evidence: impl Fn(u8) -> Evidence,
    ) -> Vec<Change> {
        let mut check = |now_ms| master.check_workers(now_ms, &evidence).expect("it leads");
        check(0.0);
        check(250.0);
        check(500.0)
    }
}
