//! The [`MasterEvent`]s: in a master's event ring, and as the post's program prints them.

use crate::runtime::layout::EventKind;

/// A moment in a master's life. Its event carries a number, in the ring at most 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum MasterEvent {
    /// A round's threads have been started: how many.
    Start,
    /// It polled, and not all were done: how many were.
    Poll,
    /// It polled, and all were done: how many.
    PollAll,
    /// A round is over.
    Round,
    /// It ends itself.
    Exit,
    /// A worker is suspected: which.
    Suspect,
    /// A worker is dead: which.
    Dead,
    /// A job was revoked from a worker, for another to do: which worker.
    Requeue,
    /// A job is lost with its worker: which worker.
    Lost,
    /// How many weak handles lead nowhere.
    Weak,
    /// It takes over from a dead one: its epoch.
    Adopt,
    /// Nobody takes over; an observer counts what became of the jobs.
    Observe,
}

/// A place in this list is an event's number: its name on the page, and what the post's program prints then,
/// `{n}` standing for the event's number.
const KINDS: [(MasterEvent, &str, Option<&str>); 12] = [
    (MasterEvent::Start, "start", Some("{n} thread start")),
    (MasterEvent::Poll, "poll", Some("{n}, False")),
    (MasterEvent::PollAll, "poll-all", Some("{n}, True")),
    (MasterEvent::Round, "round", Some("all thread done")),
    (MasterEvent::Exit, "exit", Some("force exit: sys.exit(1)")),
    (MasterEvent::Suspect, "suspect", None),
    (MasterEvent::Dead, "dead", None),
    (MasterEvent::Requeue, "requeue", None),
    (MasterEvent::Lost, "lost", None),
    (MasterEvent::Weak, "weak", None),
    (MasterEvent::Adopt, "adopt", None),
    (MasterEvent::Observe, "notary", None),
];

impl MasterEvent {
    /// All kinds, for readers of the ring outside of Rust.
    pub(crate) fn kinds() -> Vec<EventKind> {
        let kinds = KINDS.iter();
        kinds.map(|(_, name, line)| EventKind { name, line: *line }).collect()
    }

    /// What the post's program prints then, if anything; `n` is the event's number.
    pub(crate) fn line(self, n: u32) -> Option<String> {
        let (_, _, line) = KINDS[self as usize];
        line.map(|line| line.replace("{n}", &n.to_string()))
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn an_event_s_place_is_its_number_and_its_line_what_a_master_prints() {
        for (number, (event, name, _)) in KINDS.into_iter().enumerate() {
            assert_eq!(event as usize, number, "{name}");
        }
        for (event, n, line) in [
            (MasterEvent::Start, 7, "7 thread start"),
            (MasterEvent::Poll, 0, "0, False"),
            (MasterEvent::Poll, 3, "3, False"),
            (MasterEvent::PollAll, 10, "10, True"),
            (MasterEvent::Round, 2, "all thread done"),
            (MasterEvent::Exit, 0, "force exit: sys.exit(1)"),
        ] {
            assert_eq!(event.line(n).as_deref(), Some(line));
        }
        assert_eq!(MasterEvent::Suspect.line(1), None);
    }
}
