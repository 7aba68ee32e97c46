//! `cargo xtask fuzz`: 100,000 texts and messages of chance, other ones every time, against a figure in Chromium; and 1,000 lives of elements.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::Order;
use crate::engine::Engine;
use crate::runner::Runner;
use crate::{fuzz, lives};

const BATCHES: u64 = 50;
const BATCH: u64 = 2000;
const LIVES: u64 = 20;

/// Throws the texts (`texts`) and lives the lives (`lives`, or the seed of the first), and says how many.
///
/// # Errors
/// What went wrong, and with which seed it can be had again.
pub fn fuzz(runner: &mut Runner, order: &Order<'_>) -> Result<(), String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let given = order.what.parse().ok();
    let seed = given.unwrap_or(now.map_or(1, |since| since.as_secs() % 1_000_000_000));
    let limit = Duration::from_secs(60 * 60);
    let seeds = seed..seed + BATCHES;
    if "texts".contains(order.what) {
        runner.with_page(Engine::Chromium, "fuzz", limit, |page| {
            fuzz::open(page);
            seeds.clone().for_each(|seed| fuzz::throw(page, seed, BATCH));
        })?;
        println!("{} texts and messages, seeds {seeds:?}", BATCHES * BATCH);
    }
    let lives = given.is_some() || "lives".contains(order.what);
    for &engine in order.engines.iter().filter(|_| lives) {
        runner.with_page(engine, "lives", limit, |page| {
            seeds.clone().for_each(|seed| {
                lives::open(page);
                lives::live(page, seed, LIVES);
            });
        })?;
        println!("{} lives in {}, seeds {seeds:?}", BATCHES * LIVES, engine.name());
    }
    Ok(())
}
