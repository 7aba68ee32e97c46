//! The [`MasterEvent`]s in a master's event ring.

use crate::runtime::layout::EventKind;

/// A moment in a master's life. Its event carries a number, at most 255.
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
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::jobs::log::Line;
    use crate::jobs::poll::Poll;

    #[test]
    fn an_event_s_place_is_its_number_and_its_line_what_a_master_prints() {
        let printed = |event| match event {
            MasterEvent::Start => Some(Line::Started(7)),
            MasterEvent::Poll => Some(Line::Polled(Poll { done: 7, open: 3 })),
            MasterEvent::PollAll => Some(Line::Polled(Poll { done: 7, open: 0 })),
            MasterEvent::Round => Some(Line::AllDone),
            MasterEvent::Exit => Some(Line::ForcedExit),
            _ => None,
        };
        for (number, (event, name, line)) in KINDS.into_iter().enumerate() {
            assert_eq!(event as usize, number, "{name}");
            let line = line.map(|line| line.replace("{n}", "7"));
            let printed = printed(event).map(|line| line.to_string());
            assert_eq!(line, printed, "{name}");
        }
    }
}
