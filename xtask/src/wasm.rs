//! Compiles the crate to a wasm module that threads can share, and keeps finished modules. How one is finished is in module.rs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use crate::error::{Error, Result};
use crate::tools::Toolchain;
use crate::{digest, module, place, program, say};

const TARGET: &str = "wasm32-unknown-unknown";

/// What the module declares as its memory's most: 1 GiB. How much it gets, the page says; phones refuse more than this.
const MAX_MEMORY: u32 = 1 << 30;

/// Since Rust 1.96, nothing of this comes by itself with the atomics.
const LINK_ARGS: [&str; 7] = [
    "--shared-memory",
    "--import-memory",
    "--export=__wasm_init_tls",
    "--export=__tls_size",
    "--export=__tls_align",
    "--export=__tls_base",
    "--export=__heap_base",
];

/// How many finished modules are kept: enough to go back and forth between two branches.
const KEPT: usize = 4;

/// Compiles the module and links it; gives its bytes.
///
/// # Errors
/// When the crate does not compile.
pub fn compile(toolchain: &Toolchain) -> Result<Vec<u8>> {
    program::show(
        cargo(toolchain, "build").args(["--profile", "wasm"]),
        "compiling to WebAssembly",
    )?;
    let linked = folder().join(TARGET).join("wasm/locklab.wasm");
    fs::read(&linked).map_err(Error::at(&linked))
}

/// Finishes a linked module, unless that has been done before. Gives the folder that holds `locklab.js`, `locklab_bg.wasm`
/// and its snippets; the folder's name is the digest of what went into it.
///
/// # Errors
/// When the module is not what it should be.
pub fn finish(linked: &[u8], reserved_pages: u64) -> Result<PathBuf> {
    let cache = place::target().join("dist-cache");
    let finished = cache.join(digest::of(&[
        linked,
        &reserved_pages.to_le_bytes(),
        module::RECIPE.as_bytes(),
    ]));
    if !finished.is_dir() {
        say::step("Finishing the module (wasm-bindgen, wasm-opt)", || {
            let unfinished = cache.join("unfinished");
            let _ = fs::remove_dir_all(&unfinished);
            fs::create_dir_all(&unfinished).map_err(Error::at(&unfinished))?;
            module::finish(linked, reserved_pages, &unfinished)?;
            fs::rename(&unfinished, &finished).map_err(Error::at(&finished))?;
            forget_oldest(&cache)
        })?;
    }
    Ok(finished)
}

/// Lints the code that only wasm sees.
///
/// # Errors
/// When there is something to complain about.
pub fn clippy(toolchain: &Toolchain) -> Result<()> {
    program::show(
        cargo(toolchain, "clippy").args(["--", "-D", "warnings"]),
        "clippy for wasm",
    )
}

/// A call of cargo for threaded wasm.
fn cargo(toolchain: &Toolchain, subcommand: &str) -> Command {
    let mut command = Command::new(&toolchain.cargo);
    program::forget_outer_cargo(&mut command);
    command
        .args([
            subcommand,
            "--lib",
            "--package",
            "locklab",
            "--no-default-features",
            "--target",
            TARGET,
        ])
        .args(["-Z", "build-std=std,panic_abort"])
        // Sorting and formatting in std need not be quick here, but be fetched.
        .args(["-Z", "build-std-features=optimize_for_size"])
        .arg("--target-dir")
        .arg(folder())
        .current_dir(place::root())
        .env("RUSTC", &toolchain.rustc)
        // Lets a stable compiler take `-Z build-std`.
        .env("RUSTC_BOOTSTRAP", "1")
        // This form may hold spaces.
        .env("CARGO_ENCODED_RUSTFLAGS", flags(toolchain).join("\u{1f}"));
    // clippy is found beside its cargo, not beside another that comes first on PATH.
    if let Some(bin) = toolchain.cargo.parent() {
        let rest = std::env::var_os("PATH").unwrap_or_default();
        let path = std::env::join_paths(
            std::iter::once(bin.to_owned()).chain(std::env::split_paths(&rest)),
        );
        command.envs(path.map(|path| ("PATH", path)));
    }
    if let Some(linker) = &toolchain.linker {
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    command
}

fn flags(toolchain: &Toolchain) -> Vec<String> {
    let mut flags = vec![
        "-C".to_owned(),
        "target-feature=+atomics,+bulk-memory,+mutable-globals".to_owned(),
        // Nothing that a reader sees is written by `Debug`, and its code is a tenth of the module.
        "-Zfmt-debug=none".to_owned(),
    ];
    let most = format!("--max-memory={MAX_MEMORY}");
    for arg in LINK_ARGS.into_iter().chain([most.as_str()]) {
        flags.extend(["-C".to_owned(), format!("link-arg={arg}")]);
    }
    // Panic messages name their source: by a name that says nothing of this machine, and is the same on every other.
    let mut rename = |from: &Path, to: &str| {
        for path in [Some(from.to_owned()), from.canonicalize().ok()]
            .into_iter()
            .flatten()
        {
            flags.push(format!("--remap-path-prefix={}={to}", path.display()));
        }
    };
    rename(&place::root(), "lab");
    rename(&toolchain.library, "rust");
    if let Some(downloads) = cargo_home() {
        rename(&downloads.join("registry/src"), "crates");
    }
    flags
}

fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
}

/// Where cargo builds for wasm: apart from native builds, which have other flags.
fn folder() -> PathBuf {
    place::target().join("wasm")
}

fn forget_oldest(cache: &Path) -> Result<()> {
    let entries = fs::read_dir(cache)
        .map_err(Error::at(cache))?
        .flatten()
        .map(|entry| entry.path());
    let made = |path: &PathBuf| {
        path.metadata()
            .and_then(|about| about.modified())
            .unwrap_or(SystemTime::UNIX_EPOCH)
    };
    let mut folders: Vec<_> = entries.filter(|path| path.is_dir()).collect();
    folders.sort_by_key(|path| std::cmp::Reverse(made(path)));
    for old in folders.iter().skip(KEPT) {
        fs::remove_dir_all(old).map_err(Error::at(old))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_modules_are_kept() {
        let cache = tempfile::tempdir().unwrap();
        for number in 0..KEPT + 2 {
            fs::create_dir(cache.path().join(number.to_string())).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        forget_oldest(cache.path()).unwrap();
        let mut names: Vec<_> = fs::read_dir(cache.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["2", "3", "4", "5"]);
    }

    #[test]
    fn the_module_names_no_folder_of_this_machine() {
        let toolchain = Toolchain {
            rustc: "r".into(),
            cargo: "c".into(),
            library: "/usr/src/library".into(),
            version: "1.96.0".into(),
            linker: None,
        };
        let flags = flags(&toolchain);
        assert!(
            flags.contains(&"--remap-path-prefix=/usr/src/library=rust".to_owned()),
            "{flags:?}"
        );
        assert!(
            flags.iter().any(|flag| flag.ends_with("=crates")),
            "{flags:?}"
        );
    }
}
