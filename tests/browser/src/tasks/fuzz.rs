//! `cargo xtask fuzz`: 100,000 texts and messages of chance, other ones every time, against a figure in Chromium.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::engine::{Engine, Variant};
use crate::fuzz;
use crate::runner::Runner;
use crate::suite::Case;

const BATCHES: u64 = 50;
const BATCH: u64 = 2000;

/// Throws them, and says how many.
///
/// # Errors
/// What went wrong, and with which seed it can be had again.
pub fn fuzz(runner: &mut Runner) -> Result<(), String> {
    let case = Case::new("texts_and_messages_of_chance", |page| {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        let seed = now.map_or(1, |since| since.as_secs() % 1_000_000_000);
        fuzz::open(page);
        for batch in 0..BATCHES {
            fuzz::throw(page, seed + batch, BATCH);
        }
        println!("{} texts and messages, seeds {seed} to {}", BATCHES * BATCH, seed + BATCHES - 1);
    });
    let case = Case { limit: Duration::from_secs(60 * 60), variant: Variant::Usual, ..case };
    runner.run(Engine::Chromium, case)
}
