//! Why a change of a job or of the master's office was refused. Not here: the changes.

/// A change that was not made. Nothing has changed then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeaseError {
    /// The command came from a master who is so no longer: dead, or replaced.
    #[error("epoch {mine} commands no more: the office is at epoch {now}")]
    Fenced {
        /// The epoch that the command was given under.
        mine: u16,
        /// The epoch that the office is at, or that the job has been adopted into.
        now: u16,
    },
    /// The result is of a lease that was taken away, or of a job that has ended otherwise.
    #[error("too late: the job is not this worker's any more")]
    Stale,
    /// There is nothing to take: the job is with somebody, or has ended.
    #[error("the job is not waiting to be taken")]
    NotQueued,
    /// There is nothing to take away: the lease has ended, or is another's by now.
    #[error("that lease has ended")]
    NotLeased,
    /// The job was handed out so often that its word can't count it once more.
    #[error("the job was handed out too often")]
    AttemptsExhausted,
    /// The office has seen so many masters that its word can't count another.
    #[error("there have been too many masters")]
    EpochsExhausted,
}
