//! Takes `memory.grow` out of the finished module: its memory is made at its full size and never grows.
//!
//! Why: Safari 26.2 breaks a shared memory that grows, and phones refuse one that may grow large. Rust's allocator knows no other way to
//! get memory than `memory.grow`, and std allocates its thread handles with it even where a crate brings an allocator of its own. So each
//! `memory.grow` becomes a call of the module's `locklab_grow`, which hands out what lies behind the module's own data.

use anyhow::{Context as _, Result, ensure};
use walrus::ir::{Call, Instr, InstrLocId, VisitorMut, dfs_pre_order_mut};
use walrus::{FunctionId, Module};

/// The function that answers instead of `memory.grow`; it leaves the exports once it is in place.
const STAND_IN: &str = "locklab_grow";

struct Replace {
    with: FunctionId,
    replaced: usize,
}

impl VisitorMut for Replace {
    fn visit_instr_mut(&mut self, instr: &mut Instr, _: &mut InstrLocId) {
        if matches!(instr, Instr::MemoryGrow(_)) {
            *instr = Instr::Call(Call { func: self.with });
            self.replaced += 1;
        }
    }
}

/// The module without `memory.grow`, and how many there were.
///
/// `linked` is the module before wasm-bindgen, whose memory ends where `locklab_grow` begins to count; `reserved` is what it skips, in pages.
pub fn fix(linked: &[u8], bound: &[u8], reserved: u64) -> Result<(Vec<u8>, usize)> {
    let mut module = Module::from_buffer(bound)?;
    let taken = initial_pages(&module) - initial_pages(&Module::from_buffer(linked)?);
    ensure!(
        taken <= reserved,
        "wasm-bindgen took {taken} pages behind the module's data, but src/web reserves only {reserved}: raise RESERVED_PAGES there"
    );
    let missing = || format!("the module exports no function {STAND_IN}: is src/web compiled in?");
    let with = module.exports.get_func(STAND_IN).with_context(missing)?;
    let mut replace = Replace { with, replaced: 0 };
    for (id, function) in module.funcs.iter_local_mut() {
        if id != with {
            let entry = function.entry_block();
            dfs_pre_order_mut(&mut replace, function, entry);
        }
    }
    module.exports.remove(STAND_IN)?;
    Ok((module.emit_wasm(), replace.replaced))
}

/// The least number of pages that the module's memory must have.
fn initial_pages(module: &Module) -> u64 {
    let pages = module.memories.iter().map(|memory| memory.initial);
    pages.max().unwrap_or(0)
}
