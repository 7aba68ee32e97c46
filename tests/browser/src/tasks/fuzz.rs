//! `cargo xtask fuzz`: 100,000 texts and messages of chance, other ones every time, against a figure in Chromium; and 1,000 lives of elements.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::engine::Engine;
use crate::runner::Runner;
use crate::{fuzz, lives};

const BATCHES: u64 = 50;
const BATCH: u64 = 2000;
const LIVES: u64 = 20;

/// Throws them, and says how many.
///
/// # Errors
/// What went wrong, and with which seed it can be had again.
pub fn fuzz(runner: &mut Runner) -> Result<(), String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = now.map_or(1, |since| since.as_secs() % 1_000_000_000);
    let limit = Duration::from_secs(60 * 60);
    runner.with_page(Engine::Chromium, "fuzz", limit, |page| {
        fuzz::open(page);
        (seed..seed + BATCHES).for_each(|seed| fuzz::throw(page, seed, BATCH));
    })?;
    runner.with_page(Engine::Chromium, "lives", limit, |page| {
        (seed..seed + BATCHES).for_each(|seed| {
            lives::open(page);
            lives::live(page, seed, LIVES);
        });
    })?;
    let last = seed + BATCHES - 1;
    println!(
        "{} texts and messages, {} lives, seeds {seed} to {last}",
        BATCHES * BATCH,
        BATCHES * LIVES
    );
    Ok(())
}
