//! Takes `memory.grow` out of the finished module: the memory is made at its full size and never grows. Not here: building that module.
//!
//! Why: Safari 26.2 breaks a shared memory that grows, and phones refuse one that may grow large. Rust's allocator knows no other way to
//! get memory than `memory.grow`, and std allocates its thread handles with it even where a crate brings an allocator of its own. So each
//! `memory.grow` becomes a call of the module's `locklab_grow`, which hands out what lies behind the module's own data.

use walrus::ir::{Call, Instr, InstrLocId, VisitorMut, dfs_pre_order_mut};
use walrus::{FunctionId, Module};

/// The function that answers instead of `memory.grow`; it goes from the exports once it is in place.
const STAND_IN: &str = "locklab_grow";

/// Why a module can't be given a fixed memory.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The module is not one of ours.
    #[error("the module exports no function {STAND_IN}: is src/web.rs compiled in?")]
    NoStandIn,
    /// The module could not be read or written back.
    #[error("the module could not be read as WebAssembly: {0}")]
    Unreadable(String),
    /// wasm-bindgen put more behind the module's data than `locklab_grow` leaves free.
    #[error(
        "wasm-bindgen took {taken} pages behind the module's data, but src/web.rs reserves only {reserved}: raise RESERVED_PAGES there"
    )]
    TooFewReserved {
        /// Pages by which the memory's initial size grew.
        taken: u64,
        /// Pages that the module leaves free.
        reserved: u64,
    },
}

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

/// The least number of pages that the module's memory must have, as its import says.
///
/// # Errors
/// [`Error::Unreadable`].
pub fn initial_pages(wasm: &[u8]) -> Result<u64, Error> {
    let module = Module::from_buffer(wasm).map_err(|error| Error::Unreadable(error.to_string()))?;
    Ok(module
        .memories
        .iter()
        .map(|memory| memory.initial)
        .max()
        .unwrap_or(0))
}

/// The module without `memory.grow`, and how many there were.
///
/// `linked` is the module before wasm-bindgen, whose memory ends where `locklab_grow` begins to count; `reserved` is what it skips.
///
/// # Errors
/// Where the module is not what it should be: see [`Error`].
pub fn fix_memory(linked: &[u8], bound: &[u8], reserved: u64) -> Result<(Vec<u8>, usize), Error> {
    let taken = initial_pages(bound)? - initial_pages(linked)?;
    if taken > reserved {
        return Err(Error::TooFewReserved { taken, reserved });
    }
    let mut module =
        Module::from_buffer(bound).map_err(|error| Error::Unreadable(error.to_string()))?;
    let with = module
        .exports
        .get_func(STAND_IN)
        .map_err(|_| Error::NoStandIn)?;
    let mut replace = Replace { with, replaced: 0 };
    for (id, function) in module.funcs.iter_local_mut() {
        if id != with {
            let entry = function.entry_block();
            dfs_pre_order_mut(&mut replace, function, entry);
        }
    }
    module
        .exports
        .remove(STAND_IN)
        .map_err(|_| Error::NoStandIn)?;
    Ok((module.emit_wasm(), replace.replaced))
}
