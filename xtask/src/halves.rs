//! Makes two modules of the finished one, each with half of the experiments: most readers run a few figures, and need not fetch the programs of all.
//!
//! Both lie in memory in the same way and have the same glue. What a half does not run is a trap in it, and wasm-opt leaves out what only that called.

use anyhow::{Result, ensure};
use walrus::ir::{InstrLocId, Unreachable};
use walrus::{FunctionKind, Module};

/// What the compiler's mangled names have in common of functions in which a run begins, and of closures that are called by a pointer only: what is
/// left of a run whose master ends, or a thread's work.
const ENTRIES: [&str; 2] = ["10experiment5begin", "9call_once6vtable"];

/// How a closure's own name begins. A pointer to it lies in the module's table, so that wasm-opt keeps it, and all that it calls.
const CLOSURE: &str = "_RNC";

/// What the two figures with masters are made of; they are in one half.
const SHARED: &str = "7masters";

/// The two modules' files: the first has the first half of the figures in their order. bundle.mjs divides them in the same way.
pub const FILES: [&str; 2] = ["locklab_bg.wasm", "locklab-rest_bg.wasm"];

/// The module without these figures' experiments. It must still have its functions' names.
pub fn without(module: &[u8], figures: &[String]) -> Result<Vec<u8>> {
    let mut module = Module::from_buffer(module)?;
    for figure in figures {
        let folder = figure.replace('-', "_");
        let mangled = format!("{}{folder}", folder.len());
        let shared = if folder.starts_with("master_") { SHARED } else { &mangled };
        let is_theirs = |name: &str| {
            (name.contains(&mangled) || name.contains(shared))
                && (ENTRIES.iter().any(|entry| name.contains(entry)) || name.starts_with(CLOSURE))
        };
        let mut found = 0;
        for function in module.funcs.iter_mut() {
            if let FunctionKind::Local(code) = &mut function.kind
                && function.name.as_deref().is_some_and(&is_theirs)
            {
                let entry = code.entry_block();
                let trap = (Unreachable {}.into(), InstrLocId::default());
                code.block_mut(entry).instrs = vec![trap];
                found += 1;
            }
        }
        ensure!(
            found > 0,
            "the module has no function in which a run of {figure} begins: is experiment::begin still one of its own?"
        );
    }
    Ok(module.emit_wasm())
}
