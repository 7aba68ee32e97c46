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

/// What a master does after a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Waits for the next poll.
    Wait,
    /// Goes on to the next round.
    NextRound,
    /// Ends itself, its jobs running.
    Exit,
}

/// What a master prints and does after a poll; `exits` if it is to end itself after its first one.
///
/// As in the post, a master that finds all done says so and does not exit any more.
///
/// ```
/// use locklab::jobs::{log::{Action, after_poll, text}, poll::Poll};
///
/// let (lines, action) = after_poll(Poll { done: 3, open: 7 }, true);
/// assert_eq!(text(lines), "3, False\nforce exit: sys.exit(1)");
/// assert_eq!(action, Action::Exit);
/// ```
pub fn after_poll(poll: Poll, exits: bool) -> (impl Iterator<Item = Line>, Action) {
    let (line, action) = match (poll.all_done(), exits) {
        (true, _) => (Some(Line::AllDone), Action::NextRound),
        (false, true) => (Some(Line::ForcedExit), Action::Exit),
        (false, false) => (None, Action::Wait),
    };
    ([Line::Polled(poll)].into_iter().chain(line), action)
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
