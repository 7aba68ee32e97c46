//! Lock Lab: what does a lock really cost? The experiments, the same code natively and in the
//! browser's threads.
//!
//! The house, in reading order:
//!
//! - [`sync`]: atomics, and how a thread blocks at one.
//! - [`lock`]: the locks, a file each.
//! - [`counter`]: what the threads share, a number behind a lock or without one.
//! - [`busy`]: what happens between two increments, an IO wait or a CPU loop.
//! - [`runtime`]: threads that run something, and what others see of them: the board (who does what
//!   now), the trace (who did what when), live rows of results.
//! - [`jobs`]: who does which job: leases, epochs, adoption; a state machine without threads.
//! - [`measure`]: how sure we are: the clock's step, prices, intervals, and what a difference is
//!   worth.
//! - [`experiment`]: the contract of experiments: settings, report, live rows.
//! - [`experiments`]: the registry, and a folder an experiment: what is asked, and how it is answered.
//! - [`mod@describe`]: all that the page must know beforehand, as JSON.
//! - `native` and `web`: the two hosts, the operating system and the browser. Nobody else knows
//!   where the code runs.

// Browsers have what these stand for; only its form in Rust is not final. The page's build allows such.
#![cfg_attr(target_arch = "wasm32", feature(asm_experimental_arch, stdarch_wasm_atomic_wait))]

pub mod busy;
pub mod counter;
#[cfg(feature = "schema")]
pub mod describe;
pub mod experiment;
pub mod experiments;
pub mod jobs;
pub mod lock;
pub mod measure;
#[cfg(not(target_arch = "wasm32"))]
pub mod native;
pub mod runtime;
pub mod sync;
#[cfg(target_arch = "wasm32")]
pub mod web;

/// Pages of memory that the module's allocator leaves alone, right behind what the linker laid out:
/// wasm-bindgen puts what its threads share there, after linking. The build checks that it is enough.
pub const RESERVED_PAGES: usize = 4;

/// Text for documents and pages, which the module in the browser never tells.
const fn prose(text: &'static str) -> &'static str {
    if cfg!(target_arch = "wasm32") { "" } else { text }
}
