//! Who does which job: leases, epochs, adoption, as words in shared memory and decisions about
//! them. Not here: threads, clocks and the page. Whoever drives this passes times in as numbers, and
//! says who beats and who is dead.
//!
//! ```text
//! a job       queued ──take──▶ leased ──finish──▶ done      (under a master, or as an orphan)
//!               ▲                │ │
//!               └──── requeue ───┘ └────lose────▶ lost      (with its worker, or with its owner)
//!
//! a master    alive ──die──▶ dead ──adopt──▶ adopted        (its successor is alive, one epoch on)
//!               └──────────adopt───────────────▲
//! ```
//!
//! Three rules carry it all:
//!
//! 1. All that must outlive a master is one [`word`] a job, its [`lease`], and one word for the
//!    master's office ([`term`]), together the [`table`]. A [`master`] has nothing else that its
//!    successor would miss.
//! 2. Workers take and finish their jobs themselves, by one compare-and-swap on the job's word: with
//!    no master about, what runs goes on and its end is written down. A lease that was taken away
//!    is gone: the late result is refused, so that a job has at most one.
//! 3. A master commands under its epoch. Its successor writes a higher one into every open job's
//!    word, and from then on no command of the old one can match.
//!
//! Silence is no proof of death ([`watch`]): a silent worker's job may be given to another, but only
//! a dead worker's job is ever lost. [`account`] says what became of all, [`poll`] what a master sees
//! when it looks and [`log`] what the post's program prints then. [`crate::lock::robust`] is for the one thing that
//! a lock adds to all this: its holder may die inside.
//!
//! ```
//! use locklab::jobs::{table::JobTable, master::{Master, Rules}, failure_detector::Evidence};
//!
//! let rules = Rules { timeout_ms: 500.0, retry: true };
//! let table = JobTable::new(1, 2); // one round of two jobs
//! let mut master = Master::take_over(&table, table.leadership(), rules, 2, 0.0).unwrap();
//!
//! let first = table.take(master.offer(0).unwrap(), 0).unwrap();
//! let second = table.take(master.offer(1).unwrap(), 1).unwrap();
//! assert_eq!(master.poll().to_string(), "0, False");
//!
//! master.exit().unwrap(); // sys.exit(1), and the jobs go on
//! table.finish(first).unwrap();
//!
//! let heir = Master::take_over(&table, table.leadership(), rules, 2, 800.0).unwrap();
//! assert!(table.finish(second).unwrap().last);
//! assert_eq!(heir.poll().to_string(), "2, True");
//!
//! let counts = table.counts();
//! assert_eq!((counts.as_orphan, counts.under_new), (1, 1));
//! ```

pub mod counts;
mod error;
pub mod failure_detector;
pub mod leadership;
pub mod lease;
pub mod log;
pub mod master;
pub mod poll;
pub mod table;
pub mod word;

pub use error::LeaseError;

#[cfg(test)]
mod tests;
