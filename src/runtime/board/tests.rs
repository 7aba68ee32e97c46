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

#[cfg(loom)]
mod interleavings {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_state_publishes_what_its_worker_wrote_before() {
        loom::model(|| {
            let shared = Arc::new((Slot::default(), AtomicU32::new(0)));
            let theirs = Arc::clone(&shared);
            let worker = loom::thread::spawn(move || {
                theirs.1.store(7, Ordering::Relaxed);
                theirs.0.write(SlotState {
                    state: State::Done,
                    count: 3,
                    ticks: 9,
                });
            });
            let seen = shared.0.read();
            if seen.state == State::Done {
                assert_eq!((seen.count, seen.ticks), (3, 9), "never half of it");
                assert_eq!(shared.1.load(Ordering::Relaxed), 7);
            }
            worker.join().expect("done");
        });
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
