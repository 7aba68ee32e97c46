//! JavaScript's atomic addition to a word of the shared memory. Not here: how it is called (`web`).

use super::{Kind, Side, js};

/// This kind.
pub const KIND: Kind = Kind {
    name: "js-atomics",
    label: "Atomics.add (JS)",
    exact: true,
    shared: true,
    side: Side::Js,
    server: false,
    meaning: "JavaScript's own atomic addition, in a loop of JavaScript.",
    source: "ECMAScript 2017, Atomics.add",
    make: Some(|| js::make(KIND.name)),
};
