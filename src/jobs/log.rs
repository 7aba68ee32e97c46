//! The lines that the post's program prints, as functions of what its master saw.

use std::fmt;

use super::poll::Poll;

/// A line of the post's program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// The round's threads have been started: how many.
    Started(u32),
    /// The master has polled.
    Polled(Poll),
    /// The round is over.
    AllDone,
    /// The master ends itself.
    ForcedExit,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Line::Started(threads) => write!(f, "{threads} thread start"),
            Line::Polled(poll) => poll.fmt(f),
            Line::AllDone => f.write_str("all thread done"),
            Line::ForcedExit => f.write_str("force exit: sys.exit(1)"),
        }
    }
}

/// What a master prints after a poll.
///
/// ```
/// use locklab::jobs::{log::{after_poll, text}, poll::Poll};
///
/// assert_eq!(text(after_poll(Poll { done: 3, open: 0 })), "3, True\nall thread done");
/// ```
pub fn after_poll(poll: Poll) -> impl Iterator<Item = Line> {
    [Line::Polled(poll)].into_iter().chain(poll.all_done().then_some(Line::AllDone))
}

/// The lines one below the other: the report's `text`.
pub fn text(lines: impl IntoIterator<Item = Line>) -> String {
    let lines: Vec<String> = lines.into_iter().map(|line| line.to_string()).collect();
    lines.join("\n")
}

/// The name that the post gives a thread, by its round and its place there.
///
/// ```
/// assert_eq!(locklab::jobs::log::thread_name((2, 9)), "Thread-2-9");
/// ```
pub fn thread_name((round, place): (u32, u32)) -> String {
    format!("Thread-{round}-{place}")
}
