//! What happens in a master's life, for its event ring. Not here: why it happens (`experiments::masters`).

use crate::runtime::layout::EventKind;

/// A moment in a master's life. Its event carries a number, at most 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum MasterEvent {
    /// A round's threads have been started: how many.
    Start,
    /// It looked, and not all were done: how many were.
    Poll,
    /// It looked, and all were done: how many.
    PollAll,
    /// A round is over.
    Round,
    /// It ends itself.
    Exit,
    /// A worker has been silent for too long: which.
    Suspect,
    /// A worker is dead: which.
    Dead,
    /// A job was taken away from a worker, for another to do: which worker.
    Requeue,
    /// A job is lost with its worker: which worker.
    Lost,
    /// So many weak handles lead nowhere.
    Weak,
    /// It takes over from a dead one: its epoch.
    Adopt,
    /// Nobody takes over; somebody writes down what became of all.
    Notary,
}

impl MasterEvent {
    /// All of them; an event's place in this list is its number in the ring.
    pub const ALL: [MasterEvent; 12] = [
        MasterEvent::Start,
        MasterEvent::Poll,
        MasterEvent::PollAll,
        MasterEvent::Round,
        MasterEvent::Exit,
        MasterEvent::Suspect,
        MasterEvent::Dead,
        MasterEvent::Requeue,
        MasterEvent::Lost,
        MasterEvent::Weak,
        MasterEvent::Adopt,
        MasterEvent::Notary,
    ];

    /// All kinds, for who reads the ring from outside.
    pub fn kinds() -> Vec<EventKind> {
        let kind = |event: MasterEvent| EventKind {
            name: event.name(),
            line: event.line(),
        };
        MasterEvent::ALL.map(kind).to_vec()
    }

    /// The name that the page knows it by.
    pub const fn name(self) -> &'static str {
        match self {
            MasterEvent::Start => "start",
            MasterEvent::Poll => "poll",
            MasterEvent::PollAll => "poll-all",
            MasterEvent::Round => "round",
            MasterEvent::Exit => "exit",
            MasterEvent::Suspect => "suspect",
            MasterEvent::Dead => "dead",
            MasterEvent::Requeue => "requeue",
            MasterEvent::Lost => "lost",
            MasterEvent::Weak => "weak",
            MasterEvent::Adopt => "adopt",
            MasterEvent::Notary => "notary",
        }
    }

    /// What the post's program prints then, `{n}` standing for the event's number. A test of the master's
    /// holds these against what it prints.
    pub const fn line(self) -> Option<&'static str> {
        match self {
            MasterEvent::Start => Some("{n} thread start"),
            MasterEvent::Poll => Some("{n}, False"),
            MasterEvent::PollAll => Some("{n}, True"),
            MasterEvent::Round => Some("all thread done"),
            MasterEvent::Exit => Some("force exit: sys.exit(1)"),
            _ => None,
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn an_events_place_is_its_number() {
        for (number, event) in MasterEvent::ALL.iter().enumerate() {
            assert_eq!(*event as usize, number);
        }
    }
}
