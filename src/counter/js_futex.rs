//! The mutex of `futex`, written in JavaScript over `Atomics`. Not here: how it is called (`web`).

use super::{Kind, Side, js};

/// This kind.
pub const KIND: Kind = Kind {
    name: "js-futex",
    label: "futex mutex (JS)",
    exact: true,
    shared: true,
    side: Side::Js,
    server: false,
    meaning: "A mutex of three states written in JavaScript, over Atomics.wait and Atomics.notify.",
    source: "Drepper, Futexes Are Tricky (2011), mutex 2, in JavaScript",
    make: Some(|| js::make(KIND.name)),
};
