//! Folders as maps from paths to contents, and short names for contents.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Contents by their paths in a folder or an archive, with `/` between the parts.
pub type Files = BTreeMap<String, Vec<u8>>;

/// All files of a folder and of those below it.
pub fn read(folder: &Path) -> Result<Files> {
    let mut files = Files::new();
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            let inner = read(&path)?.into_iter();
            files.extend(inner.map(|(inner, contents)| (format!("{name}/{inner}"), contents)));
        } else {
            files.insert(name.into_owned(), fs::read(&path)?);
        }
    }
    Ok(files)
}

/// A file of JSON.
pub fn json(path: &Path) -> Result<serde_json::Value> {
    let text = fs::read(path).with_context(|| path.display().to_string())?;
    serde_json::from_slice(&text).with_context(|| path.display().to_string())
}

/// Writes a file and the folders above it, unless it is right already: what watches files need not hear of that.
pub fn write(path: &Path, contents: impl AsRef<[u8]>) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == contents.as_ref()) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, contents).with_context(|| path.display().to_string())
}

/// SHA-256 in hex.
pub fn sha256(contents: &[u8]) -> String {
    let digest = Sha256::digest(contents);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
