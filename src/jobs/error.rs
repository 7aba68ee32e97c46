//! Why a change of a job or of the leadership was refused.

/// A change that was not made. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeaseError {
    /// The command came from a master that is dead or has been replaced.
    #[error("stale epoch {stale}: the leader is at epoch {current}")]
    Fenced {
        /// The epoch under which the command was given.
        stale: u16,
        /// The epoch of the leadership.
        current: u16,
    },
    /// The result belongs to a lease that was revoked, or to a job that has ended.
    #[error("stale lease: the job is no longer this worker's")]
    Stale,
    /// The job is leased already, or has ended.
    #[error("the job is not queued")]
    NotQueued,
    /// The job is no longer as the master had read it.
    #[error("the job has changed since it was read")]
    Changed,
    /// The table has no such job.
    #[error("no such job")]
    UnknownJob,
    /// The job was leased so often that its word can't count another attempt.
    #[error("the job's attempts are exhausted")]
    AttemptsExhausted,
    /// The leadership word can't count another master.
    #[error("the epochs are exhausted")]
    EpochsExhausted,
}
