//! Finishes a linked wasm module: wasm-bindgen's glue, a memory that never grows, wasm-opt. Compiles nothing.

use std::fs;
use std::path::Path;
use std::time::Duration;

use wasm_bindgen_cli_support::Bindgen;

use crate::error::{Error, Result};
use crate::fixed_memory;
use crate::{node, program};

/// All that decides how a module is finished: another recipe makes other files of the same module.
pub const RECIPE: &str = concat!(
    include_str!("module.rs"),
    include_str!("fixed_memory.rs"),
    include_str!("../../package-lock.json")
);

/// npm's wasm-opt: itself wasm, and so the same everywhere.
const OPTIMISER: &str = "node_modules/binaryen/bin/wasm-opt";

/// What the module uses, and every browser with threads has.
const FEATURES: [&str; 7] = [
    "threads",
    "bulk-memory",
    "mutable-globals",
    "sign-ext",
    "nontrapping-float-to-int",
    "reference-types",
    "multivalue",
];

const LIMIT: Duration = Duration::from_secs(300);

/// Writes `locklab.js`, `locklab_bg.wasm` and their snippets into an empty folder.
///
/// # Errors
/// When the module is not what it should be, or wasm-opt fails.
pub fn finish(linked: &[u8], reserved: u64, folder: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("locklab", linked.to_vec())
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    bindgen
        .web(true)
        .and_then(|bindgen| bindgen.generate(folder))
        .map_err(|error| Error::Module(format!("{error:#}")))?;
    let wasm = folder.join("locklab_bg.wasm");
    let bound = fs::read(&wasm).map_err(Error::at(&wasm))?;
    let (fixed, replaced) = fixed_memory::fix_memory(linked, &bound, reserved)
        .map_err(|error| Error::Module(error.to_string()))?;
    if replaced == 0 {
        return Err(Error::Module(
            "it has no memory.grow to replace: is its allocator still std's?".to_owned(),
        ));
    }
    fs::write(&wasm, fixed).map_err(Error::at(&wasm))?;
    let mut optimise = node::command(OPTIMISER);
    optimise.arg(&wasm).arg("--output").arg(&wasm).args([
        "-O3",
        "--strip-debug",
        "--strip-producers",
        "--strip-target-features",
    ]);
    optimise.args(FEATURES.map(|feature| format!("--enable-{feature}")));
    program::run(&mut optimise, "wasm-opt", LIMIT).map(drop)
}
