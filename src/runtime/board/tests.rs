//! That the board is never seen half written, and that what stands on it publishes what was written before: for
//! any word, and in every order of the memory operations.

use super::*;

#[cfg(not(loom))]
proptest::proptest! {
    #[test]
    fn a_word_is_read_as_it_was_written_up_to_what_fits(
        state in 0..State::ALL.len(),
        count in 0..u32::MAX,
        ticks in 0..u64::MAX,
    ) {
        let word = SlotState { state: State::ALL[state], count, ticks };
        let read = SlotState::unpack(word.pack());
        proptest::prop_assert_eq!(read.state, word.state);
        proptest::prop_assert_eq!(read.count, count.min((1 << COUNT_BITS) - 1));
        proptest::prop_assert_eq!(read.ticks, ticks.min((1 << TICK_BITS) - 1));
    }
}

/// Some processors fetch lines in pairs, and some have lines of that size: what one worker writes at every
/// increment must not move what others read at each of theirs.
#[test]
fn no_slot_shares_its_lines_with_another_or_with_the_header() {
    let apart = size_of::<crate::sync::CachePadded<u8>>();
    assert_eq!((size_of::<Slot>(), align_of::<Slot>()), (apart, apart));
    assert_eq!((size_of::<Header>() % apart, align_of::<Header>()), (0, apart));
}

#[cfg(loom)]
mod interleavings {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    use super::*;

    #[test]
    fn a_state_publishes_what_its_worker_wrote_before() {
        static WAS_SEEN: AtomicBool = AtomicBool::new(false);
        loom::model(|| {
            let shared = Arc::new((Slot::default(), AtomicU32::new(0)));
            let theirs = Arc::clone(&shared);
            let reader =
                loom::thread::spawn(move || (theirs.0.read(), theirs.1.load(Ordering::Relaxed)));
            shared.1.store(7, Ordering::Relaxed);
            shared.0.write(SlotState { state: State::Done, count: 3, ticks: 9 });
            let (seen, before) = reader.join().expect("read");
            if seen.state == State::Done {
                assert_eq!((seen.count, seen.ticks), (3, 9), "never half of it");
                assert_eq!(before, 7);
                WAS_SEEN.store(true, Ordering::Relaxed);
            }
        });
        assert!(WAS_SEEN.load(Ordering::Relaxed), "in some order");
    }

    #[test]
    fn a_kill_is_seen_and_takes_no_beat_away() {
        loom::model(|| {
            let slot = Arc::new(Slot::default());
            let theirs = Arc::clone(&slot);
            let killer = loom::thread::spawn(move || theirs.kill());
            slot.beat();
            killer.join().expect("killed");
            assert!(slot.is_killed(), "at the latest when the killer is through");
            assert_eq!(slot.beats(), 1);
        });
    }
}
