//! The rules of `jobs`, tried: each promise by itself, then thousands of random schedules, then real
//! threads, then every interleaving (`--cfg loom`).

#[cfg(not(loom))]
mod adoption;
#[cfg(not(loom))]
mod failure_detector;
#[cfg(loom)]
mod interleavings;
#[cfg(not(loom))]
mod leases;
#[cfg(not(loom))]
mod lines;
#[cfg(not(loom))]
mod schedules;
#[cfg(not(loom))]
mod threads;

#[cfg(not(loom))]
mod stage {
    //! A small theatre: a master and its workers, moved by hand.

    use crate::jobs::failure_detector::Evidence;
    use crate::jobs::lease::{LeaseToken, Offer};
    use crate::jobs::master::{Master, Rules};
    use crate::jobs::table::JobTable;

    pub(super) const RETRY: Rules = Rules {
        timeout_ms: 500.0,
        retry: true,
    };
    pub(super) const NO_RETRY: Rules = Rules {
        retry: false,
        ..RETRY
    };

    pub(super) fn master<'a>(table: &'a JobTable, rules: Rules, now_ms: f64) -> Master<'a> {
        Master::take_over(table, table.leadership(), rules, 4, now_ms)
            .expect("the leadership is free")
    }

    pub(super) fn offer(master: &mut Master<'_>, worker: u8) -> Offer {
        master.offer(worker).expect("a queued job")
    }

    pub(super) fn begin(table: &JobTable, master: &mut Master<'_>, worker: u8) -> LeaseToken {
        let offer = offer(master, worker);
        table.take(offer, worker).expect("the job that was offered")
    }

    /// Everybody stands still: no beats, no deaths.
    pub(super) fn still(_: u8) -> Evidence {
        Evidence::default()
    }
}
