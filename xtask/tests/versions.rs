//! Things that must have the same version, though two files say it.

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
