//! Short names for contents: what has the same digest is the same, and need not be made again.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::error::{Error, Result};

/// Ten bytes of SHA-256 in hex: short enough for a file's name, and no two of our files will ever share one.
pub fn of(parts: &[&[u8]]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // The length keeps ("ab", "c") apart from ("a", "bc").
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    hash.finalize()
        .iter()
        .take(10)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The digest of one file.
///
/// # Errors
/// When it can't be read.
pub fn of_file(path: &Path) -> Result<String> {
    let bytes = fs::read(path).map_err(Error::at(path))?;
    Ok(of(&[&bytes]))
}

/// The digest of files and of all files in folders, their names included.
///
/// # Errors
/// When one of them can't be read.
pub fn of_all(paths: &[PathBuf]) -> Result<String> {
    let mut files = Vec::new();
    for path in paths {
        collect(path, &mut files)?;
    }
    files.sort();
    let mut parts = Vec::new();
    for file in &files {
        parts.push(file.to_string_lossy().into_owned().into_bytes());
        parts.push(fs::read(file).map_err(Error::at(file))?);
    }
    Ok(of(&parts.iter().map(Vec::as_slice).collect::<Vec<_>>()))
}

/// Adds a file, or all files of a folder, to the list.
///
/// # Errors
/// When a folder can't be read.
pub fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(path).map_err(Error::at(path))? {
        collect(&entry.map_err(Error::at(path))?.path(), files)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_bytes_in_other_parts_are_something_else() {
        assert_eq!(of(&[b"ab", b"c"]), of(&[b"ab", b"c"]));
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
    }

    #[test]
    fn a_folder_is_known_by_its_files_and_their_names() {
        let folder = tempfile::tempdir().unwrap();
        let digest = || of_all(&[folder.path().to_owned()]).unwrap();
        fs::write(folder.path().join("one"), "text").unwrap();
        let before = digest();
        fs::rename(folder.path().join("one"), folder.path().join("two")).unwrap();
        assert_ne!(digest(), before);
    }
}
