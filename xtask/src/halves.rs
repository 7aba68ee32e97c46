//! Makes two modules of the finished one, each with half of the experiments: most readers run a few figures, and need not fetch the programs of all.
//!
//! Both lie in memory in the same way and have the same glue. What a half does not run is a trap in it, and wasm-opt leaves out what only that called.

use anyhow::{Result, ensure};
use walrus::ir::{InstrLocId, Unreachable};
use walrus::{FunctionKind, Module};

/// What the compiler's mangled names have in common of functions in which a run begins, of those that write what it found, and of closures that are
/// called by a pointer only: what is left of a run whose master ends, or a thread's work.
const ENTRIES: [&str; 3] = ["10experiment5begin", "9Serialize9serialize", "9call_once6vtable"];

/// How a closure's own name begins. A pointer to it lies in the module's table, so that wasm-opt keeps it, and all that it calls.
const CLOSURE: &str = "_RNC";

/// What std would print of a panic, if a browser had where to: the lab's own hook is in its place, and a panic ends in a trap all the same.
const UNHEARD: &str = "9panicking12default_hook";

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
        ensure!(
            trap(&mut module, is_theirs) > 0,
            "the module has no function in which a run of {figure} begins: is experiment::begin still one of its own?"
        );
    }
    trap(&mut module, |name| name.contains(UNHEARD));
    Ok(module.emit_wasm())
}

/// Makes functions of such names traps, and says how many there were.
fn trap(module: &mut Module, is_needless: impl Fn(&str) -> bool) -> usize {
    let mut found = 0;
    for function in module.funcs.iter_mut() {
        if let FunctionKind::Local(code) = &mut function.kind
            && function.name.as_deref().is_some_and(&is_needless)
        {
            let entry = code.entry_block();
            code.block_mut(entry).instrs = vec![(Unreachable {}.into(), InstrLocId::default())];
            found += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use walrus::FunctionBuilder;

    use super::*;

    #[test]
    fn a_half_has_traps_where_the_others_runs_begin_and_where_std_would_print_a_panic() {
        let mut module = Module::default();
        let name = |figure: &str, entry: &str| format!("_RINvNtCs1_7locklab{entry}Nt{figure}3RunE");
        let of_each =
            ["9lock_cost", "10price_list"].map(|figure| ENTRIES.map(|entry| name(figure, entry)));
        let names: Vec<_> = of_each.into_iter().flatten().chain([UNHEARD.to_owned()]).collect();
        for name in &names {
            let mut function = FunctionBuilder::new(&mut module.types, &[], &[]);
            function.name(name.clone()).func_body().i32_const(7).drop();
            let function = function.finish(Vec::new(), &mut module.funcs);
            module.exports.add(name, function);
        }
        let half = without(&module.emit_wasm(), &["price-list".to_owned()]).unwrap();
        let half = Module::from_buffer(&half).unwrap();
        let is_trap = |name: &String| {
            let function = half.exports.get_func(name).unwrap();
            let code = half.funcs.get(function).kind.unwrap_local();
            code.block(code.entry_block()).instrs.len() == 1
        };
        let traps: Vec<_> = names.iter().map(is_trap).collect();
        assert_eq!(traps, [false, false, false, true, true, true, true]);
    }
}
