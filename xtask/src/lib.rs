//! The project's tasks, as a library: the program is a thin front of it, and other programs of the workspace may use its server.
//!
//! A task is a file: [`build`], [`serve`], [`test`]. What they are made of, in the order in which a build needs it: the tools
//! ([`node`], [`tools`], [`browsers`]), what Rust says about itself ([`describe`]), the module ([`wasm`], [`module`], [`fixed_memory`]),
//! the page around it ([`bundle`]), and the licences that go with it ([`notices`]). [`package`] makes of it what authors download.

pub mod apt;
pub mod audit;
pub mod browsers;
pub mod build;
pub mod bundle;
pub mod count;
pub mod describe;
pub mod desk;
pub mod digest;
pub mod error;
pub mod fixed_memory;
pub mod licences;
pub mod module;
pub mod native;
pub mod node;
pub mod notices;
pub mod package;
pub mod place;
pub mod policy;
pub mod program;
pub mod say;
pub mod serve;
pub mod server;
pub mod test;
pub mod tidy;
pub mod tools;
pub mod twice;
pub mod wasm;
pub mod watch;
