//! The project's tasks, as a library: `main.rs` is a thin front of it, and the browser suite uses its server and its packages.
//!
//! A task is a file: [`build`], [`serve`], [`test`], [`package`], [`release`] and [`browser_tasks`]. A build goes through [`toolchain`] and
//! [`node`] (the tools), [`describe`] (what Rust says about itself), [`wasm`] (the module), [`licences`] and [`bundle`] (the page around it).
//!
//! An error is a sentence for the person at the terminal: what was missing or wrong, and what to do about it.

pub mod apt;
pub mod browser_tasks;
pub mod browsers;
pub mod build;
pub mod bundle;
pub mod describe;
pub mod files;
pub mod fixed_memory;
pub mod halves;
pub mod licences;
pub mod node;
pub mod package;
pub mod paths;
pub mod process;
pub mod release;
pub mod serve;
pub mod server;
pub mod sizes;
pub mod test;
pub mod tidy;
pub mod toolchain;
pub mod ui;
pub mod wasm;
pub mod watch;
