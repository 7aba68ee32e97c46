//! What the two experiments about masters share: a master that is a thread, its workers, and what it
//! leaves behind. Which worker may do which job is decided in [`jobs`](crate::jobs).
//!
//! All that must outlive a master is its [`SharedState`]: the table of jobs, a mailbox a worker, and the
//! log. The [`MasterThread`] itself is made anew by each successor.

mod config;
mod event;
mod handles;
mod master_thread;
pub mod report;
mod run;
mod run_log;
mod shared_state;
mod summary;
mod worker;

pub(crate) use config::HEARTBEAT;
pub use config::{JOB, MasterConfig, OWNER, Owner, POLL_MS, TIMEOUT_MS};
pub(crate) use event::MasterEvent;
pub(crate) use master_thread::{MasterEnd, MasterThread};
pub(crate) use run::{finish, start};
pub(crate) use run_log::ms;
pub(crate) use shared_state::SharedState;
pub(crate) use summary::ticks_ms;
pub(crate) use worker::{check_alive, crash};
