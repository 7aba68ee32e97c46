//! Which worker does which job: leases, epochs and adoption, as words in shared memory and decisions
//! about them. No threads and no clock: the driver passes in the times and the evidence.
//!
//! ```text
//! a job       queued ──take──▶ leased ──finish──▶ done      (under a master, or as an orphan)
//!               │ ▲              │ │
//!               │ └───revoke─────┘ │
//!               └──────────────────┴──revoke────▶ lost      (with its worker, or with its owner)
//!
//! a master    alive ──resign──▶ dead ──adopt──▶ replaced    (its successor leads, one epoch on)
//!               └────────────adopt────────────────▲
//! ```
//!
//! Three rules carry it all:
//!
//! 1. All that must outlive a master is one word a job, its [`lease`], and one word for the
//!    [`leadership`], together the [`table`]. A [`master`] has nothing else that its successor would
//!    miss.
//! 2. Workers take and finish their jobs themselves, by one compare-and-swap on the job's word: without
//!    a master, what runs goes on and its end is written down. A result is accepted only with the
//!    latest lease, so that a job has at most one.
//! 3. A master commands under its epoch. Its successor writes a higher one into every open job's
//!    word, and from then on no command of the old one can match.
//!
//! Silence is no proof of death ([`failure_detector`]): a silent worker's job may be given to another,
//! but only a dead worker's job is ever lost. [`counts`] says what became of all jobs, [`poll`] what a
//! master sees when it polls.
//!
//! ```
//! use locklab::jobs::{master::{Master, Rules}, poll::Poll, table::JobTable};
//!
//! let rules = Rules { timeout_ms: 500.0, retry: true };
//! let table = JobTable::new(1, 2); // one round of two jobs
//! let mut master = Master::take_over(&table, table.leadership(), rules, 2, 0.0).unwrap();
//!
//! let first = table.take(master.offer(0).unwrap(), 0).unwrap();
//! let second = table.take(master.offer(1).unwrap(), 1).unwrap();
//! assert_eq!(master.poll(), Poll { done: 0, open: 2 });
//!
//! master.resign().unwrap(); // sys.exit(1), and the jobs go on
//! table.finish(first).unwrap();
//!
//! let successor = Master::take_over(&table, table.leadership(), rules, 2, 800.0).unwrap();
//! assert!(table.finish(second).unwrap());
//! assert_eq!(successor.poll(), Poll { done: 2, open: 0 });
//!
//! let counts = table.counts();
//! assert_eq!((counts.as_orphan, counts.under_successor), (1, 1));
//! ```

pub mod counts;
mod error;
pub mod failure_detector;
pub mod leadership;
pub mod lease;
pub mod master;
pub mod poll;
pub mod table;

pub use error::LeaseError;

#[cfg(test)]
mod tests;
