//! The rules of `jobs`, tried: each promise by itself, then thousands of random schedules, then real
//! threads, then every interleaving (`--cfg loom`).

#[cfg(not(loom))]
mod adoption;
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
mod watching;

#[cfg(not(loom))]
mod stage {
    //! A small theatre: a master and its workers, moved by hand.

    use crate::jobs::lease::{Offer, Ticket};
    use crate::jobs::ledger::Ledger;
    use crate::jobs::master::{Master, Rules};
    use crate::jobs::watch::Sign;

    pub(super) const RETRY: Rules = Rules {
        timeout_ms: 500.0,
        retry: true,
    };
    pub(super) const NO_RETRY: Rules = Rules {
        retry: false,
        ..RETRY
    };

    pub(super) fn master<'a>(ledger: &'a Ledger, rules: Rules, now_ms: f64) -> Master<'a> {
        Master::take_over(ledger, ledger.term(), rules, 4, now_ms).expect("the office is free")
    }

    pub(super) fn offer(master: &mut Master<'_>, worker: u8) -> Offer {
        master.offer(worker).expect("a queued job")
    }

    pub(super) fn begin(ledger: &Ledger, master: &mut Master<'_>, worker: u8) -> Ticket {
        let offer = offer(master, worker);
        ledger
            .take(offer, worker)
            .expect("the job that was offered")
    }

    /// Everybody stands still: no beats, no deaths.
    pub(super) fn still(_: u8) -> Sign {
        Sign::default()
    }
}
