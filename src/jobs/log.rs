//! The lines that the post's program prints, as functions of what its master saw. Not here: when
//! they are printed, and what else a page says.

use std::fmt;

use super::poll::Poll;

/// A line of the post's program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// So many threads of a round have been started.
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
    /// Clears its table and goes on to the next round.
    NextRound,
    /// Ends itself, its jobs running.
    Exit,
}

/// What a master who is to die after its first poll, or not, does after a poll, and what it prints.
///
/// As in the post, one who finds all done says so and is not to die any more.
///
/// ```
/// use locklab::jobs::{log::{Action, after, text}, poll::Poll};
///
/// let (lines, next) = after(Poll { done: 3, open: 7 }, true);
/// assert_eq!(text(lines), "3, False\nforce exit: sys.exit(1)");
/// assert_eq!(next, Action::Exit);
/// ```
pub fn after(poll: Poll, dies: bool) -> (impl Iterator<Item = Line>, Action) {
    let (line, next) = match (poll.all_done(), dies) {
        (true, _) => (Some(Line::AllDone), Action::NextRound),
        (false, true) => (Some(Line::ForcedExit), Action::Exit),
        (false, false) => (None, Action::Wait),
    };
    ([Line::Polled(poll)].into_iter().chain(line), next)
}

/// The lines one below the other: the report's `text`.
pub fn text(lines: impl IntoIterator<Item = Line>) -> String {
    let lines: Vec<String> = lines.into_iter().map(|line| line.to_string()).collect();
    lines.join("\n")
}

/// The name of a round's thread, as in the post.
///
/// ```
/// assert_eq!(locklab::jobs::log::thread_name(2, 9), "Thread-2-9");
/// ```
pub fn thread_name(round: u32, place: u32) -> String {
    format!("Thread-{round}-{place}")
}
