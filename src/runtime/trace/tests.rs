//! That a ring holds all that happened, or counts what is gone: for any number of events, and in every order of
//! the memory operations.

use super::*;

fn event(ticks: u64) -> Event {
    Event { state: State::Io, value: 0, ticks }
}

#[cfg(not(loom))]
proptest::proptest! {
    #[test]
    fn the_last_events_are_kept_in_order_and_the_others_counted(
        written in 0..40_000_u64,
        // With one place and 4095 events nobody could tell whether the first is still to come.
        room in 16..64_usize,
    ) {
        let rings = Rings::new(1, room);
        let mut writer = rings.writer(0);
        for ticks in 0..written {
            writer.push(event(ticks));
        }
        drop(writer);
        let mut reader = rings.reader(0);
        let read: Vec<u64> = std::iter::from_fn(|| reader.next_event())
            .map(|event| event.ticks)
            .collect();
        let first = written.saturating_sub(rings.capacity() as u64);
        proptest::prop_assert_eq!(read, (first..written).collect::<Vec<_>>());
        proptest::prop_assert_eq!(reader.lost(), first);
        let totals = rings.totals();
        proptest::prop_assert_eq!((totals.events, totals.overwritten), (written, first));
    }

    #[test]
    fn an_event_is_read_as_it_was_written(value in 0..=u8::MAX, ticks in 0..1_u64 << TICK_BITS, state in 0..State::ALL.len()) {
        let rings = Rings::new(1, 1);
        let written = Event { state: State::ALL[state], value, ticks };
        rings.writer(0).push(written);
        proptest::prop_assert_eq!(rings.reader(0).next_event(), Some(written));
    }
}

#[cfg(loom)]
#[test]
fn a_reader_sees_each_event_once_and_in_order_or_counts_it_as_lost() {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    const WRITTEN: u64 = 4;
    static WAS_READ: AtomicBool = AtomicBool::new(false);
    loom::model(|| {
        let rings = Arc::new(Rings::new(1, 2));
        let theirs = Arc::clone(&rings);
        let writer = loom::thread::spawn(move || {
            let mut writer = theirs.writer(0);
            for ticks in 1..=WRITTEN {
                writer.push(event(ticks));
            }
        });
        let mut reader = rings.reader(0);
        let (mut last, mut read) = (0, 0);
        let mut look = |reader: &mut Reader<'_>| {
            let next = reader.next_event();
            if let Some(event) = next {
                assert!(event.ticks > last, "{} after {last}", event.ticks);
                last = event.ticks;
                read += 1;
            }
            next.is_some()
        };
        // loom lets the writer come first in some orders only if the reader gives way once.
        loom::thread::yield_now();
        for _ in 0..2 {
            if look(&mut reader) {
                WAS_READ.store(true, Ordering::Relaxed);
            }
        }
        writer.join().expect("written");
        while look(&mut reader) {}
        assert_eq!((last, read + reader.lost()), (WRITTEN, WRITTEN));
    });
    assert!(WAS_READ.load(Ordering::Relaxed), "some events while more are written");
}
