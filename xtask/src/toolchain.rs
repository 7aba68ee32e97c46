//! Finds a Rust compiler that can build wasm threads, and installs one where it may.
//!
//! Wasm threads need std rebuilt with atomics, and for that the library source of exactly the compiler that is used.
//! rustup's component `rust-src` is that; where rustup can't download, Debian's `rustc-web` comes with its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{apt, process, ui};

/// The oldest compiler allowed, as Cargo.toml has it: `1.95`.
pub const OLDEST: &str = env!("CARGO_PKG_RUST_VERSION");

/// Debian's compiler with its source. Its lld is a package of its own, named by LLVM's version.
const DEBIAN: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm"];

/// A compiler with cargo, library source and linker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toolchain {
    /// Its compiler.
    pub rustc: PathBuf,
    /// Its cargo.
    pub cargo: PathBuf,
    /// The folder of its library source.
    pub library: PathBuf,
    /// Its version: `1.96.0`.
    pub version: String,
    /// The linker to name to it, where it would not find one by itself.
    pub linker: Option<PathBuf>,
}

/// Finds a compiler that can build wasm threads, or brings one onto the machine.
pub fn find_or_install() -> Result<Toolchain> {
    if let Some(found) = find() {
        return Ok(found);
    }
    let _ = add_component("rust-src");
    if let Some(found) = find() {
        return Ok(found);
    }
    // What could not be installed is missing afterwards, which is what we report.
    let _ = apt::install(&DEBIAN);
    if let Some(package) =
        version_info(Path::new("/usr/bin/rustc")).as_deref().and_then(lld_package)
    {
        let _ = apt::install(&[&package]);
    }
    find().context(
        "A Rust compiler with its library source, which threads in WebAssembly need, is missing. Run `rustup component add rust-src`, \
         or on Debian, as root, `apt-get install rustc-web cargo-web rust-web-src rust-web-llvm lld-22`, and try again.",
    )
}

/// Makes sure of clippy for the wasm half of the code: of this same toolchain.
pub fn ensure_clippy(toolchain: &Toolchain) -> Result<()> {
    let is_there = || toolchain.cargo.with_file_name("cargo-clippy").is_file();
    if !is_there() {
        if toolchain.cargo.starts_with("/usr/bin") {
            apt::install(&["rust-web-clippy"])?;
        } else {
            add_component("clippy")?;
        }
    }
    if !is_there() {
        bail!("clippy for {} is missing", toolchain.rustc.display());
    }
    Ok(())
}

/// Makes sure of a rustup component for native builds: the subcommand `fmt` comes with `rustfmt`.
pub fn ensure_component(subcommand: &str, component: &str) -> Result<()> {
    match process::query(&mut process::cargo(&format!("{subcommand} --version"))) {
        Some(_) => Ok(()),
        None => add_component(component),
    }
}

fn add_component(name: &str) -> Result<()> {
    let command = format!("rustup component add {name}");
    ui::step(&format!("Installing {name} ({command})"), || {
        process::run(Command::new("rustup").args(["component", "add", name]))
            .with_context(|| format!("{name} is missing. Run `{command}`, and try again."))
    })
}

/// The active compiler, else the system's.
fn find() -> Option<Toolchain> {
    let active = process::find("rustc");
    let mut compilers = active.into_iter().chain([PathBuf::from("/usr/bin/rustc")]);
    compilers.find_map(|rustc| inspect(&rustc))
}

/// A compiler as it describes itself; `None` where it lacks its library source, is too old, or finds no linker.
fn inspect(rustc: &Path) -> Option<Toolchain> {
    let sysroot = sysroot(rustc)?;
    let library = sysroot.join("lib/rustlib/src/rust/library");
    let bin = sysroot.join("bin");
    // rustup's proxies would look again for what is found here.
    let (rustc, cargo) = (bin.join("rustc"), bin.join("cargo"));
    if !library.join("std/src/lib.rs").is_file() || !cargo.is_file() {
        return None;
    }
    let info = version_info(&rustc)?;
    let version = field(&info, "release")?.to_owned();
    if numbers(&version) < numbers(OLDEST) {
        return None;
    }
    let has_linker = bin.join("rust-lld").is_file() || lld_in(&sysroot, &info).is_some();
    let linker = if has_linker {
        None
    } else {
        // Debian's compiler has a link to an lld that another package brings; any lld of its time will do, rustup's own too.
        let other = process::find(&lld_package(&info)?);
        Some(other.or_else(|| lld_in(&self::sysroot(Path::new("rustc"))?, &info))?)
    };
    Some(Toolchain { rustc, cargo, library, version, linker })
}

fn sysroot(rustc: &Path) -> Option<PathBuf> {
    process::query(Command::new(rustc).args(["--print", "sysroot"])).map(PathBuf::from)
}

fn lld_in(sysroot: &Path, info: &str) -> Option<PathBuf> {
    let host = sysroot.join("lib/rustlib").join(field(info, "host")?);
    Some(host.join("bin/rust-lld")).filter(|path| path.is_file())
}

fn version_info(rustc: &Path) -> Option<String> {
    process::query(Command::new(rustc).arg("-vV"))
}

/// `lld-22` for a compiler whose `-vV` says `LLVM version: 22.1.8`.
pub fn lld_package(info: &str) -> Option<String> {
    let llvm = field(info, "LLVM version")?;
    Some(format!("lld-{}", llvm.split('.').next()?))
}

/// A field of what `rustc -vV` prints.
pub fn field<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = info.lines();
    lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

/// `1.96.0-nightly` → 1, 96, 0.
pub fn numbers(version: &str) -> Vec<u32> {
    let parts = version.split(['.', '-']);
    parts.map_while(|part| part.parse().ok()).collect()
}
