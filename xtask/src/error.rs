//! What can go wrong in a task, worded for the person at the terminal.

use std::io;
use std::path::{Path, PathBuf};

/// Why a task could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program or a package is not on this machine, and could not be put there.
    #[error("{what} is missing. {remedy}")]
    Missing {
        /// What is missing.
        what: String,
        /// A sentence: what the person can do.
        remedy: String,
    },
    /// A program was started and ended badly; what it had to say has been shown.
    #[error("{what} failed ({how})")]
    Failed {
        /// What was being done.
        what: String,
        /// How the program ended.
        how: String,
    },
    /// A file or folder could not be read or written.
    #[error("{path}: {error}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        error: io::Error,
    },
    /// The wasm module could not be finished.
    #[error("the wasm module: {0}")]
    Module(String),
    /// The server could not start.
    #[error("no server on 127.0.0.1: {0}")]
    Server(String),
    /// Something in the repository is not as it must be.
    #[error("{0}")]
    Wrong(String),
}

/// What a task comes to.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// For `map_err`: names the file that an error of the system is about.
    pub fn at(path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Error {
        let path = path.as_ref().to_owned();
        move |error| Error::File { path, error }
    }
}
