//! How sure we are: the clock's step, prices from batches in rounds, confidence intervals, waits, what a
//! difference is worth, and what theory predicts.

mod benchmark;
pub mod bootstrap;
pub mod clock;
pub mod compare;
pub mod latency;
pub mod models;
pub mod price;
pub mod random;
pub mod rounds;

/// Rounds to this many decimals: more would claim what nobody measured.
pub fn rounded(value: f64, decimals: i32) -> f64 {
    let factor = 10_f64.powi(decimals);
    (value * factor).round() / factor
}

#[cfg(all(test, not(loom)))]
mod simulated;
