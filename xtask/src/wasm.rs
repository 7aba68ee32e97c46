//! The wasm module: compiled so that threads can share it, bound to JavaScript by wasm-bindgen, given a memory that never grows, optimised.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::toolchain::Toolchain;
use crate::{files, fixed_memory, halves, node, paths, process, ui};

const TARGET: &str = "wasm32-unknown-unknown";

/// The most that the module's memory may declare: 1 GiB. The page asks for less; phones refuse more than this.
const MAX_MEMORY: u32 = 1 << 30;

/// Since Rust 1.96, none of these comes by itself with the atomics.
const LINK_ARGS: &str = "--shared-memory --import-memory --export=__wasm_init_tls --export=__tls_size \
    --export=__tls_align --export=__tls_base --export=__heap_base";

/// npm's wasm-opt (itself wasm, and so the same everywhere), with the features that the module uses and every browser with threads has.
const OPTIMISE: &str = "node_modules/binaryen/bin/wasm-opt -O3 --strip-debug --strip-producers --strip-target-features \
    --enable-threads --enable-bulk-memory --enable-mutable-globals --enable-sign-ext \
    --enable-nontrapping-float-to-int --enable-reference-types --enable-multivalue --output";

/// All that decides how a module is finished: another recipe makes other files of the same module.
const RECIPE: &str = concat!(
    include_str!("wasm.rs"),
    include_str!("fixed_memory.rs"),
    include_str!("halves.rs"),
    include_str!("../../package-lock.json")
);

/// Compiles the module and links it; gives its bytes.
pub fn compile(toolchain: &Toolchain) -> Result<Vec<u8>> {
    process::run(cargo(toolchain, "build").args(["--profile", "wasm"]))?;
    let linked = folder().join(TARGET).join("wasm/locklab.wasm");
    fs::read(&linked).with_context(|| linked.display().to_string())
}

/// Lints the code that only wasm sees.
pub fn clippy(toolchain: &Toolchain) -> Result<()> {
    process::run(cargo(toolchain, "clippy").args(["--", "-D", "warnings"]))
}

/// Finishes a linked module, unless that has been done before. Gives the folder that holds `locklab.js`, the [two modules](halves::FILES) that it binds
/// and its snippets; the folder's name is the digest of what went into it. `figures` in their order.
pub fn finish(linked: &[u8], reserved_pages: u64, figures: &[String]) -> Result<PathBuf> {
    let order = figures.join(" ");
    let inputs =
        [linked, &reserved_pages.to_le_bytes(), order.as_bytes(), RECIPE.as_bytes()].concat();
    let cache = paths::target().join("dist-cache");
    let finished = cache.join(&files::sha256(&inputs)[..20]);
    if !finished.is_dir() {
        ui::step("Finishing the module (wasm-bindgen, wasm-opt)", || {
            // Only the newest is of use.
            let _ = fs::remove_dir_all(&cache);
            let unfinished = cache.join("unfinished");
            fs::create_dir_all(&unfinished)?;
            bind_and_optimise(linked, reserved_pages, figures, &unfinished)?;
            Ok(fs::rename(&unfinished, &finished)?)
        })?;
    }
    Ok(finished)
}

fn bind_and_optimise(
    linked: &[u8],
    reserved_pages: u64,
    figures: &[String],
    folder: &Path,
) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("locklab", linked.to_vec())
        .typescript(false)
        .demangle(false)
        .remove_producers_section(true)
        .web(true)?
        .generate(folder)?;
    let bound = fs::read(folder.join("locklab_bg.wasm"))?;
    let (fixed, replaced) = fixed_memory::fix(linked, &bound, reserved_pages)?;
    ensure!(
        replaced > 0,
        "the module has no memory.grow to replace: is its allocator still std's?"
    );
    let (first, rest) = figures.split_at(figures.len().div_ceil(2));
    for (file, others) in halves::FILES.iter().zip([rest, first]) {
        let wasm = folder.join(file);
        fs::write(&wasm, halves::without(&fixed, others)?)?;
        process::run(node::command(OPTIMISE).arg(&wasm).arg(&wasm))?;
    }
    Ok(())
}

/// A call of cargo for threaded wasm.
fn cargo(toolchain: &Toolchain, subcommand: &str) -> Command {
    let words =
        format!("{subcommand} --lib --package locklab --no-default-features --target {TARGET}");
    let mut command = process::at_root(&toolchain.cargo, &words);
    process::without_outer_cargo(&mut command);
    command
        // Sorting and formatting in std need not be quick here, but be fetched.
        .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features=optimize_for_size"])
        .arg("--target-dir")
        .arg(folder())
        .env("RUSTC", &toolchain.rustc)
        // Lets a stable compiler take `-Z build-std`.
        .env("RUSTC_BOOTSTRAP", "1")
        // This form may hold spaces.
        .env("CARGO_ENCODED_RUSTFLAGS", flags(toolchain).join("\u{1f}"));
    // clippy is found beside its cargo, not beside another that comes first on PATH.
    let bin = toolchain.cargo.parent().map(Path::to_owned);
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(bin.into_iter().chain(std::env::split_paths(&rest)));
    command.envs(path.map(|path| ("PATH", path)));
    if let Some(linker) = &toolchain.linker {
        command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
    }
    command
}

fn flags(toolchain: &Toolchain) -> Vec<String> {
    let mut flags = vec![
        "-Ctarget-feature=+atomics,+bulk-memory,+mutable-globals".to_owned(),
        // Nothing that a reader sees is written by `Debug`, and its code is a tenth of the module.
        "-Zfmt-debug=none".to_owned(),
        // Nor is a panic's column.
        "-Zlocation-detail=file,line".to_owned(),
        // Of two equal functions the compiler would keep one, under one figure's name, and halves.rs goes by names.
        "-Zmerge-functions=disabled".to_owned(),
        format!("-Clink-arg=--max-memory={MAX_MEMORY}"),
    ];
    flags.extend(LINK_ARGS.split(' ').map(|arg| format!("-Clink-arg={arg}")));
    // Panic messages name their source: by a name that says nothing of this machine, and is the same on every other.
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = named.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let downloads = cargo_home.unwrap_or_default().join("registry/src");
    let library = toolchain.library.clone();
    for (from, to) in [(paths::root(), "lab"), (library, "rust"), (downloads, "crates")] {
        for path in from.canonicalize().into_iter().chain([from]) {
            flags.push(format!("--remap-path-prefix={}={to}", path.display()));
        }
    }
    flags
}

/// Where cargo builds for wasm: apart from native builds, which have other flags.
fn folder() -> PathBuf {
    paths::target().join("wasm")
}
