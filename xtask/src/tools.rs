//! Finds a Rust compiler that can build wasm threads, and installs one where it may. Builds nothing.
//!
//! Wasm threads need std rebuilt with atomics, and for that the library source of exactly the compiler that is used.
//! rustup's component `rust-src` is that; where rustup can't download, Debian's `rustc-web` comes with its own.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::apt::Apt;
use crate::describe::native_cargo;
use crate::error::{Error, Result};
use crate::{place, program, say};

/// The component is 5 MB; a machine without a way to the network should not wait long to be told so.
const RUSTUP_LIMIT: Duration = Duration::from_secs(120);

/// Debian's compiler with its source. Its lld is a package of its own, whose name holds LLVM's version: see [`install_lld`].
const DEBIAN: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// What a person can do where nothing else helped.
const REMEDY: &str = "Run `rustup component add rust-src`, or on Debian, as root, \
    `apt-get install rustc-web cargo-web rust-web-src rust-web-llvm lld-22`, and try again.";

/// A compiler with cargo, library source and linker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// Its compiler.
    pub rustc: PathBuf,
    /// Its cargo.
    pub cargo: PathBuf,
    /// The folder that its library source lies in.
    pub library: PathBuf,
    /// Its version: `1.96.0`.
    pub version: String,
    /// The linker to name to it, where it would not find one by itself.
    pub linker: Option<PathBuf>,
}

/// Finds a compiler that can build wasm threads, or brings one onto the machine.
///
/// # Errors
/// [`Error::Missing`], with what to do.
pub fn find_or_install() -> Result<Toolchain> {
    if let Some(found) = find()? {
        return Ok(found);
    }
    if let Some(rustup) = program::find("rustup") {
        let mut add = Command::new(rustup);
        let what = "Adding the library source (rustup component add rust-src)";
        let _ = say::step(what, || {
            program::run(
                add.args(["component", "add", "rust-src"]),
                "rustup",
                RUSTUP_LIMIT,
            )
        });
        if let Some(found) = find()? {
            return Ok(found);
        }
    }
    if let Some(apt) = Apt::if_allowed() {
        // Its failure is told by what is still missing afterwards.
        let _ = apt.install(&DEBIAN);
        install_lld(&apt);
        if let Some(found) = find()? {
            return Ok(found);
        }
    }
    Err(Error::Missing {
        what: "A Rust compiler with its library source, which threads in WebAssembly need,"
            .to_owned(),
        remedy: REMEDY.to_owned(),
    })
}

/// Finds a compiler that can build wasm threads: the active one, else the system's.
///
/// # Errors
/// When Cargo.toml, which says how old it may be, can't be read.
pub fn find() -> Result<Option<Toolchain>> {
    let oldest = oldest_allowed()?;
    let compilers = program::find("rustc")
        .into_iter()
        .chain([PathBuf::from("/usr/bin/rustc")]);
    Ok(compilers
        .filter_map(|rustc| look_at(&rustc, &oldest))
        .next())
}

/// What is needed to lint the wasm half of the code: clippy, of this same toolchain.
///
/// # Errors
/// [`Error::Missing`], with what to do.
pub fn find_or_install_clippy(toolchain: &Toolchain) -> Result<()> {
    let there = || toolchain.cargo.with_file_name("cargo-clippy").is_file();
    if there() {
        return Ok(());
    }
    let ours = toolchain.cargo.starts_with("/usr/bin");
    if ours && let Some(apt) = Apt::if_allowed() {
        apt.install(&["rust-web-clippy"])?;
    } else if !ours && let Some(rustup) = program::find("rustup") {
        let mut add = Command::new(rustup);
        program::run(
            add.args(["component", "add", "clippy"]),
            "rustup component add clippy",
            RUSTUP_LIMIT,
        )?;
    }
    if there() {
        return Ok(());
    }
    let remedy = if ours {
        "As root: apt-get install rust-web-clippy"
    } else {
        "rustup component add clippy"
    };
    Err(Error::Missing {
        what: format!("clippy for {}", toolchain.rustc.display()),
        remedy: remedy.to_owned(),
    })
}

/// Makes sure of one of rustup's components for native builds: the subcommand `fmt` comes with `rustfmt`.
///
/// # Errors
/// [`Error::Missing`], with what to do.
pub fn ensure_component(subcommand: &str, component: &str) -> Result<()> {
    let there =
        || program::ask(Command::new(native_cargo()).args([subcommand, "--version"])).is_some();
    if there() {
        return Ok(());
    }
    if let Some(rustup) = program::find("rustup") {
        let _ = program::run(
            Command::new(rustup).args(["component", "add", component]),
            "rustup component add",
            RUSTUP_LIMIT,
        );
    }
    if there() {
        return Ok(());
    }
    Err(Error::Missing {
        what: component.to_owned(),
        remedy: format!("Run `rustup component add {component}`, and try again."),
    })
}

/// A compiler by its own words; nothing where it lacks its library source, is too old, or finds no linker.
fn look_at(rustc: &Path, oldest: &str) -> Option<Toolchain> {
    let sysroot = PathBuf::from(program::ask(
        Command::new(rustc).args(["--print", "sysroot"]),
    )?);
    let library = sysroot.join("lib/rustlib/src/rust/library");
    if !library.join("std/src/lib.rs").is_file() {
        return None;
    }
    let bin = sysroot.join("bin");
    // rustup's proxies would look again for what is found here.
    let (rustc, cargo) = (bin.join("rustc"), bin.join("cargo"));
    if !cargo.is_file() {
        return None;
    }
    let about = program::ask(Command::new(&rustc).arg("-vV"))?;
    let version = about_field(&about, "release")?.to_owned();
    if is_older(&version, oldest) {
        return None;
    }
    let own_linker = sysroot
        .join("lib/rustlib")
        .join(about_field(&about, "host")?)
        .join("bin/rust-lld");
    let linker = if own_linker.is_file() || bin.join("rust-lld").is_file() {
        None
    } else {
        Some(other_linker(&about)?)
    };
    Some(Toolchain {
        rustc,
        cargo,
        library,
        version,
        linker,
    })
}

/// Debian's compiler has a link to an lld that another package brings; any lld of its time will do, rustup's own too.
fn other_linker(about: &str) -> Option<PathBuf> {
    let rustups = || {
        let sysroot = program::ask(Command::new("rustc").args(["--print", "sysroot"]))?;
        let host = about_field(about, "host")?;
        Some(
            Path::new(&sysroot)
                .join("lib/rustlib")
                .join(host)
                .join("bin/rust-lld"),
        )
        .filter(|path| path.is_file())
    };
    program::find(lld_package(about)?).or_else(rustups)
}

/// Brings Debian's lld of the LLVM version that its compiler has: `lld-22`.
fn install_lld(apt: &Apt) {
    let Some(about) = program::ask(Command::new("/usr/bin/rustc").arg("-vV")) else {
        return;
    };
    if let Some(package) = lld_package(&about)
        && program::find(&package).is_none()
    {
        // Its failure is told by what is still missing afterwards.
        let _ = apt.install(&[&package]);
    }
}

/// `lld-22` for a compiler whose `-vV` says `LLVM version: 22.1.8`.
fn lld_package(about: &str) -> Option<String> {
    let llvm = about_field(about, "LLVM version")?;
    Some(format!("lld-{}", llvm.split('.').next()?))
}

/// A field of what `rustc -vV` prints.
fn about_field<'a>(about: &'a str, name: &str) -> Option<&'a str> {
    about
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// The `rust-version` of Cargo.toml.
fn oldest_allowed() -> Result<String> {
    let path = place::root().join("Cargo.toml");
    let text = std::fs::read_to_string(&path).map_err(Error::at(&path))?;
    let value = text
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "));
    Ok(value.unwrap_or_default().trim_matches('"').to_owned())
}

fn is_older(version: &str, oldest: &str) -> bool {
    // "1.96.0-nightly" counts as 1.96.0.
    let numbers = |text: &str| -> Vec<u32> {
        text.split(['.', '-'])
            .map_while(|part| part.parse().ok())
            .collect()
    };
    numbers(version) < numbers(oldest)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: &str = "rustc 1.96.0 (built from a source tarball)\nhost: x86_64-unknown-linux-gnu\nrelease: 1.96.0\nLLVM version: 22.1.8";

    #[test]
    fn a_compiler_says_which_linker_it_needs() {
        assert_eq!(about_field(ABOUT, "release"), Some("1.96.0"));
        assert_eq!(lld_package(ABOUT).as_deref(), Some("lld-22"));
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(is_older("1.63.0", "1.95"));
        assert!(!is_older("1.100.0", "1.95"));
        assert!(!is_older("1.95.0-nightly", "1.95"));
    }

    #[test]
    fn the_oldest_compiler_allowed_stands_in_the_manifest() {
        assert!(
            oldest_allowed().unwrap().starts_with("1."),
            "Cargo.toml has no rust-version line"
        );
    }
}
