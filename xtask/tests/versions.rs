//! Things that must have the same version, though two files say it; and what a release says of its own.

use std::fs;

/// The version of a package in the lock file.
fn locked(lock: &str, name: &str) -> String {
    let entry = format!("name = \"{name}\"\nversion = \"");
    let rest = lock.split_once(&entry).unwrap_or_else(|| panic!("Cargo.lock has no {name}")).1;
    rest.split('"').next().unwrap().to_owned()
}

#[test]
fn the_glue_is_written_by_the_version_that_the_crate_uses() {
    let lock = fs::read_to_string(xtask::paths::root().join("Cargo.lock")).unwrap();
    assert_eq!(
        locked(&lock, "wasm-bindgen"),
        locked(&lock, "wasm-bindgen-cli-support"),
        "bring wasm-bindgen-cli-support in xtask/Cargo.toml to the version of the crate wasm-bindgen"
    );
}

#[test]
fn a_release_says_what_the_changelog_has_of_its_version() {
    let root = xtask::paths::root();
    let changes = "# Changelog\n\n## [Unreleased]\n\nSoon.\n\n## [1.2.0] - 2026-11-26\n\nNew.\n\n## [1.1.0] - 2026-11-01\n\nOld.\n";
    let notes = |version: &str, tag| xtask::release::notes(changes, version, tag).ok();
    assert_eq!(notes("1.2.0", Some("v1.2.0")).as_deref(), Some("New."));
    assert_eq!(notes("1.1.0", None).as_deref(), Some("Old."));
    assert_eq!(notes("1.3.0", None).as_deref(), Some("Soon."), "before there is a tag");
    assert_eq!(notes("1.3.0", Some("v1.3.0")), None, "a tag needs a section of its own");
    assert_eq!(notes("1.2.0", Some("v1.1.0")), None, "a tag of another version");
    // The page's tools have the version that everything has.
    let tools = fs::read_to_string(root.join("package.json")).unwrap();
    let tools: serde_json::Value = serde_json::from_str(&tools).unwrap();
    assert_eq!(tools["version"], xtask::package::VERSION);
    let changes = fs::read_to_string(root.join("CHANGELOG.md")).unwrap();
    xtask::release::notes(&changes, xtask::package::VERSION, None).unwrap();
}
