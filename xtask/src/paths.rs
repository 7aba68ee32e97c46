//! Where things lie: the repository, and the folders that tasks write to.

use std::path::{Path, PathBuf};

/// The repository: the folder above this crate.
pub fn root() -> PathBuf {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.parent().unwrap_or(crate_folder).to_owned()
}

/// Where cargo builds, and with it whatever a task keeps between two runs.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| root().join("target"), |folder| root().join(folder))
}

/// The page as it is published.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Programs that tasks have installed for this project alone: cargo's `--root`.
pub fn tools() -> PathBuf {
    target().join("tools")
}
